//! SUBACK (section 3.9).

use super::writer::Body;
use super::{PacketId, PacketType, outcome};
use crate::error::{EncodeError, Refusal};
use crate::property::{Properties, PropertyPlace};
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// The answer to SUBSCRIBE: one reason code for each filter, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Suback<'a> {
    /// The identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// The properties (5.0).
    pub properties: Properties<'a>,
    /// The reason codes as bytes, each of them legal in a SUBACK, and at least one. In 3.1.1: 0 to 2, and 0x80.
    pub reasons: &'a [u8],
}

impl<'a> Suback<'a> {
    pub(super) fn decode<E: Refusal>(reader: &mut Reader<'a, E>) -> Result<Self, E> {
        let version = reader.context().version;
        Ok(Self {
            packet_id: reader.packet_id()?,
            properties: if version.has_properties() {
                Properties::decode(reader, PropertyPlace::Suback)?
            } else {
                Properties::EMPTY
            },
            reasons: outcome::decode_reasons(reader, PacketType::Suback)?,
        })
    }
}

impl Body for Suback<'_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        outcome::are_allowed(self.reasons, PacketType::Suback, version)
            && (!version.has_properties() || self.properties.are_allowed_in(PropertyPlace::Suback))
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        sink.two_byte(self.packet_id.get());
        if version.has_properties() {
            self.properties.encode(sink)?;
        }
        sink.put(self.reasons);
        Ok(())
    }
}
