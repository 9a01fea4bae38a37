//! symqtt-codec: one codec for each version.

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use symqtt_codec::{v3, v5};

use super::two_versions::TwoVersions;
use super::{Refusal, Waiting};

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Symqtt;

impl TwoVersions for Symqtt {
    const NAME: &'static str = "symqtt-codec";
    type Buffer = Waiting;
    type V3 = v3::Packet;
    type V5 = v5::Packet;
    type Output = BytesMut;

    fn buffer(version: ProtocolVersion) -> Waiting {
        Waiting::new(version)
    }

    fn version(buffer: &Waiting) -> ProtocolVersion {
        buffer.version
    }

    fn push(buffer: &mut Waiting, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn next_v3(buffer: &mut Waiting) -> Result<Option<v3::Packet>, Refusal> {
        v3::Packet::decode(buffer.bytes_mut()).map_err(Refusal::of)
    }

    fn next_v5(buffer: &mut Waiting) -> Result<Option<v5::Packet>, Refusal> {
        v5::Packet::decode(buffer.bytes_mut()).map_err(Refusal::of)
    }

    fn clear(out: &mut BytesMut) {
        out.clear();
    }

    fn len(out: &BytesMut) -> usize {
        out.len()
    }

    fn encode_v3(packet: &v3::Packet, out: &mut BytesMut) -> Result<(), Refusal> {
        packet.encode(out).map(drop).map_err(Refusal::of)
    }

    fn encode_v5(packet: &v5::Packet, out: &mut BytesMut) -> Result<(), Refusal> {
        packet.encode(out).map(drop).map_err(Refusal::of)
    }
}
