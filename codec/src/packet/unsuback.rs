//! UNSUBACK (section 3.11).

use super::writer::Body;
use super::{PacketId, PacketType, outcome};
use crate::error::{EncodeError, Refusal};
use crate::property::{Properties, PropertyPlace};
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// The answer to UNSUBSCRIBE: in 5.0 with one reason code for each filter, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Unsuback<'a> {
    /// The identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The reason codes as bytes, each of them legal in an UNSUBACK; empty in 3.1.1, and only there.
    pub reasons: &'a [u8],
}

impl<'a> Unsuback<'a> {
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        let version = reader.context().version;
        let has_reasons = version.has_reason_codes();
        Ok(Self {
            packet_id: reader.packet_id()?,
            properties: if version.has_properties() {
                Properties::decode(reader, PropertyPlace::Unsuback)?
            } else {
                Properties::EMPTY
            },
            reasons: if has_reasons {
                outcome::decode_reasons(reader, PacketType::Unsuback)?
            } else {
                &[]
            },
        })
    }
}

impl Body for Unsuback<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        !version.has_reason_codes()
            || (outcome::are_allowed(self.reasons, PacketType::Unsuback, version)
                && self.properties.are_allowed_in(PropertyPlace::Unsuback))
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.two_byte(self.packet_id.get());
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        if version.has_reason_codes() {
            sink.put(self.reasons);
        }
        Ok(())
    }
}
