//! PUBACK, PUBREC, PUBREL and PUBCOMP: one layout (sections 3.4 to 3.7).

use super::outcome::Outcome;
use super::writer::Body;
use super::{PacketId, PacketType};
use crate::error::{EncodeError, Refusal};
use crate::property::PropertyPlace;
use crate::version::ProtocolVersion;
use crate::wire::{Reader, Sink};

/// The content of a PUBACK, PUBREC, PUBREL or PUBCOMP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct Ack<'a> {
    /// The identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// Reason and properties (5.0).
    pub outcome: Outcome<'a>,
}

impl<'a> Ack<'a> {
    #[inline]
    pub(super) fn decode<E: Refusal>(
        reader: &mut Reader<'a, E>,
        packet: PacketType,
        place: PropertyPlace,
    ) -> Result<Self, E> {
        Ok(Self {
            packet_id: reader.packet_id()?,
            outcome: Outcome::decode(reader, packet, place)?,
        })
    }
}

/// An acknowledgement of one of the four types.
pub(super) struct Typed<'p, 'a>(
    pub(super) PacketType,
    pub(super) PropertyPlace,
    pub(super) &'p Ack<'a>,
);

impl Body for Typed<'_, '_> {
    #[inline]
    fn is_surely_valid(&self, version: ProtocolVersion) -> bool {
        let Self(packet, place, ack) = *self;
        ack.outcome.is_surely_valid(packet, place, version)
    }

    #[inline]
    fn encode(&self, version: ProtocolVersion, sink: &mut impl Sink) -> Result<(), EncodeError> {
        let Self(.., ack) = *self;
        sink.two_byte(ack.packet_id.get());
        ack.outcome.encode(version, sink)
    }
}
