//! PUBACK, PUBREC, PUBREL and PUBCOMP: one layout (sections 3.4 to 3.7).

use super::outcome::Outcome;
use super::{PacketId, PacketType};
use crate::error::{DecodeError, EncodeError};
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
    pub(super) fn decode(
        reader: &mut Reader<'a>,
        packet: PacketType,
        place: PropertyPlace,
    ) -> Result<Self, DecodeError> {
        Ok(Self {
            packet_id: reader.packet_id()?,
            outcome: Outcome::decode(reader, packet, place)?,
        })
    }

    #[inline]
    pub(super) fn encode(
        &self,
        place: PropertyPlace,
        version: ProtocolVersion,
        sink: &mut impl Sink,
    ) -> Result<(), EncodeError> {
        sink.two_byte(self.packet_id.get());
        self.outcome.encode(place, version, sink)
    }
}
