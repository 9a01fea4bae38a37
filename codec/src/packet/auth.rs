//! AUTH (5.0, section 3.15).

use super::PacketType;
use super::outcome::Outcome;
use crate::error::{DecodeError, EncodeError};
use crate::property::PropertyPlace;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// A step of enhanced authentication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Auth<'a> {
    /// Reason and properties.
    pub outcome: Outcome<'a>,
}

impl<'a> Auth<'a> {
    pub(super) fn decode(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        Ok(Self {
            outcome: Outcome::decode(reader, PacketType::Auth, PropertyPlace::Auth)?,
        })
    }

    pub(super) fn encode(
        &self,
        version: ProtocolVersion,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        if !version.has_reason_codes() {
            let what = "packet type 15 (AUTH)";
            return Err(EncodeError::NotInVersion { what, version });
        }
        self.outcome.encode(PropertyPlace::Auth, version, sink)
    }
}
