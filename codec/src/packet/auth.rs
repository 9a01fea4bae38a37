//! AUTH (5.0, section 3.15).

use super::PacketType;
use super::outcome::Outcome;
use super::writer::Body;
use crate::error::{EncodeError, Refusal};
use crate::property::{PropertyId, PropertyPlace};
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
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        Ok(Self {
            outcome: Outcome::decode(reader, PacketType::Auth, PropertyPlace::Auth)?,
        })
    }
}

impl Body for Auth<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        let properties = self.outcome.properties();
        version.has_reason_codes()
            && properties.has(PropertyId::AuthenticationMethod)
            && self.outcome.has_properties()
            && self
                .outcome
                .is_surely_valid(PacketType::Auth, PropertyPlace::Auth, version)
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        self.outcome.encode(version, sink)
    }
}
