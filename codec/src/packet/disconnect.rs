//! DISCONNECT (section 3.14).

use super::PacketType;
use super::outcome::Outcome;
use crate::error::{DecodeError, EncodeError};
use crate::property::PropertyPlace;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// The last packet of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Disconnect<'a> {
    /// Reason and properties (5.0).
    pub outcome: Outcome<'a>,
}

impl<'a> Disconnect<'a> {
    pub(super) fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        Ok(Self {
            outcome: Outcome::decode(reader, PacketType::Disconnect, PropertyPlace::Disconnect)?,
        })
    }

    pub(super) fn encode(
        &self,
        version: ProtocolVersion,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        self.outcome
            .encode(PropertyPlace::Disconnect, version, sink)
    }
}
