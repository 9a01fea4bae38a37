//! rumqttc: the codec inside the client, one for each version.

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use rumqttc::mqttbytes::{Error as ErrorV3, v4};
use rumqttc::v5::mqttbytes::{Error as ErrorV5, v5};

use super::two_versions::TwoVersions;
use super::{Refusal, Waiting};

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rumqttc;

impl TwoVersions for Rumqttc {
    const NAME: &'static str = "rumqttc";
    type Buffer = Waiting;
    type V3 = v4::Packet;
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

    fn next_v3(buffer: &mut Waiting) -> Result<Option<v4::Packet>, Refusal> {
        match v4::Packet::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => Ok(Some(packet)),
            Err(ErrorV3::InsufficientBytes(_)) => Ok(None),
            Err(error) => Err(Refusal::of(error)),
        }
    }

    fn next_v5(buffer: &mut Waiting) -> Result<Option<v5::Packet>, Refusal> {
        match v5::Packet::read(buffer.bytes_mut(), None) {
            Ok(packet) => Ok(Some(packet)),
            Err(ErrorV5::InsufficientBytes(_)) => Ok(None),
            Err(error) => Err(Refusal::of(error)),
        }
    }

    fn clear(out: &mut BytesMut) {
        out.clear();
    }

    fn len(out: &BytesMut) -> usize {
        out.len()
    }

    fn encode_v3(packet: &v4::Packet, out: &mut BytesMut) -> Result<(), Refusal> {
        packet.write(out, usize::MAX).map(drop).map_err(Refusal::of)
    }

    fn encode_v5(packet: &v5::Packet, out: &mut BytesMut) -> Result<(), Refusal> {
        packet.write(out, None).map(drop).map_err(Refusal::of)
    }
}
