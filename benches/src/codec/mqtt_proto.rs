//! mqtt-proto: one codec for each version; packets own what they hold.

use std::hint::black_box;

use mqtt_assay_codec::ProtocolVersion;
use mqtt_proto::{v3, v5};

use super::{Codec, Refusal, Waiting, floor, two_versions};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MqttProto;

/// A packet of either version.
type Packet = two_versions::Packet<v3::Packet, v5::Packet>;

impl Codec for MqttProto {
    const NAME: &'static str = "mqtt-proto";
    type Buffer = Waiting;
    type Packet = Packet;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Waiting {
        Waiting::new(version)
    }

    fn push(buffer: &mut Waiting, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn decode(buffer: &mut Waiting) -> Result<usize, Refusal> {
        let version = buffer.version;
        buffer.decode_each(|bytes| {
            // It does not tell how long a packet was; that is found as a user of it would.
            let Some((_, len)) = floor::frame(bytes) else {
                return Ok(None);
            };
            match version {
                ProtocolVersion::V3_1_1 => {
                    black_box(decode_v3(bytes)?);
                }
                ProtocolVersion::V5_0 => {
                    black_box(decode_v5(bytes)?);
                }
            }
            Ok(Some(len))
        })
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet>, Refusal> {
        let frames = floor::Copy::packets(stream)?;
        let decode = |frame| {
            Ok(match stream.version {
                ProtocolVersion::V3_1_1 => Packet::V3(decode_v3(frame)?),
                ProtocolVersion::V5_0 => Packet::V5(decode_v5(frame)?),
            })
        };
        frames.into_iter().map(decode).collect()
    }

    fn encode(_: ProtocolVersion, packets: &[Packet], out: &mut Vec<u8>) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            let bytes = match packet {
                Packet::V3(packet) => packet.encode().map_err(Refusal::of)?,
                Packet::V5(packet) => packet.encode().map_err(Refusal::of)?,
            };
            out.extend_from_slice(bytes.as_ref());
        }
        Ok(out.len())
    }
}

fn decode_v3(bytes: &[u8]) -> Result<v3::Packet, Refusal> {
    let packet = v3::Packet::decode(bytes).map_err(Refusal::of)?;
    packet.ok_or_else(|| Refusal::of("a whole frame is said to be cut"))
}

fn decode_v5(bytes: &[u8]) -> Result<v5::Packet, Refusal> {
    let packet = v5::Packet::decode(bytes).map_err(Refusal::of)?;
    packet.ok_or_else(|| Refusal::of("a whole frame is said to be cut"))
}
