//! rmqtt-codec: one codec for each version, in the form of tokio-util.

use std::hint::black_box;

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder, Encoder};

use super::{Codec, Refusal, Waiting};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rmqtt;

/// A packet of either version.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "one for each version")]
#[expect(missing_docs, reason = "the names are the versions")]
pub enum Packet {
    V3(v3::Packet),
    V5(v5::Packet),
}

/// The codec of a connection, with its bytes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connection {
    v3: v3::Codec,
    v5: v5::Codec,
    waiting: Waiting,
}

/// Unlimited, as the codec says it.
const UNLIMITED: u32 = 0;

impl Codec for Rmqtt {
    const NAME: &'static str = "rmqtt-codec";
    type Buffer = Connection;
    type Packet = Packet;
    type Output = BytesMut;

    fn buffer(version: ProtocolVersion) -> Connection {
        Connection {
            v3: v3::Codec::new(UNLIMITED),
            v5: v5::Codec::new(UNLIMITED, UNLIMITED),
            waiting: Waiting::new(version),
        }
    }

    fn push(buffer: &mut Connection, bytes: &[u8]) {
        buffer.waiting.push(bytes);
    }

    fn decode(buffer: &mut Connection) -> Result<usize, Refusal> {
        match buffer.waiting.version {
            ProtocolVersion::V3_1_1 => each_v3(buffer, |packet| {
                black_box(&packet);
            }),
            ProtocolVersion::V5_0 => each_v5(buffer, |packet| {
                black_box(&packet);
            }),
        }
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet>, Refusal> {
        let mut packets = Vec::new();
        let mut buffer = Self::buffer(stream.version);
        Self::push(&mut buffer, stream.bytes);
        match stream.version {
            ProtocolVersion::V3_1_1 => {
                each_v3(&mut buffer, |packet| packets.push(Packet::V3(packet)))?
            }
            ProtocolVersion::V5_0 => {
                each_v5(&mut buffer, |packet| packets.push(Packet::V5(packet)))?
            }
        };
        Ok(packets)
    }

    fn encode(
        _: ProtocolVersion,
        packets: &[Packet],
        out: &mut BytesMut,
    ) -> Result<usize, Refusal> {
        out.clear();
        let mut codec_v3 = v3::Codec::new(UNLIMITED);
        let mut codec_v5 = v5::Codec::new(UNLIMITED, UNLIMITED);
        for packet in packets {
            // The encoder takes packets by value; what it does not own it shares by count.
            match packet {
                Packet::V3(packet) => codec_v3.encode(packet.clone(), out).map_err(Refusal::of)?,
                Packet::V5(packet) => codec_v5.encode(packet.clone(), out).map_err(Refusal::of)?,
            };
        }
        Ok(out.len())
    }
}

fn each_v3(
    buffer: &mut Connection,
    mut use_packet: impl FnMut(v3::Packet),
) -> Result<usize, Refusal> {
    let mut count = 0;
    let bytes = buffer.waiting.bytes_mut();
    while let Some((packet, _)) = buffer.v3.decode(bytes).map_err(Refusal::of)? {
        use_packet(packet);
        count += 1;
    }
    Ok(count)
}

fn each_v5(
    buffer: &mut Connection,
    mut use_packet: impl FnMut(v5::Packet),
) -> Result<usize, Refusal> {
    let mut count = 0;
    let bytes = buffer.waiting.bytes_mut();
    while let Some((packet, _)) = buffer.v5.decode(bytes).map_err(Refusal::of)? {
        use_packet(packet);
        count += 1;
    }
    Ok(count)
}
