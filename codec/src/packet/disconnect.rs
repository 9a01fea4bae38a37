//! DISCONNECT (section 3.14).

use super::PacketType;
use super::outcome::Outcome;
use super::writer::Body;
use crate::error::{EncodeError, Refusal};
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
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        Ok(Self {
            outcome: Outcome::decode(reader, PacketType::Disconnect, PropertyPlace::Disconnect)?,
        })
    }
}

impl Body for Disconnect<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        let place = PropertyPlace::Disconnect;
        self.outcome
            .is_surely_valid(PacketType::Disconnect, place, version)
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        self.outcome.encode(version, sink)
    }
}
