//! ntex-mqtt: one codec for each version, on buffers of its own.

use std::hint::black_box;

use mqtt_assay_codec::ProtocolVersion;
use ntex_bytes::{BytePageSize, BytePages, BytesMut};
use ntex_codec::{Decoder, Encoder};
use ntex_mqtt::v3::codec as v3;
use ntex_mqtt::v5::codec as v5;

use super::{Codec, Refusal};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ntex;

/// A packet of either version.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "one for each version")]
#[expect(missing_docs, reason = "the names are the versions")]
pub enum Packet {
    V3(v3::Encoded),
    V5(v5::Encoded),
}

/// The codec of a connection, with its bytes.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connection {
    v3: v3::Codec,
    v5: v5::Codec,
    version: ProtocolVersion,
    bytes: BytesMut,
}

/// Pages of bytes.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "it is only given a default")]
pub struct Pages(pub BytePages);

impl Default for Pages {
    fn default() -> Self {
        Self(BytePages::new(BytePageSize::Size64))
    }
}

impl Codec for Ntex {
    const NAME: &'static str = "ntex-mqtt";
    type Buffer = Connection;
    type Packet = Packet;
    type Output = Pages;

    fn buffer(version: ProtocolVersion) -> Connection {
        Connection {
            v3: v3::Codec::new(),
            v5: v5::Codec::new(),
            version,
            bytes: BytesMut::new(),
        }
    }

    fn push(buffer: &mut Connection, bytes: &[u8]) {
        buffer.bytes.extend_from_slice(bytes);
    }

    fn decode(buffer: &mut Connection) -> Result<usize, Refusal> {
        match buffer.version {
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
        Pages(out): &mut Pages,
    ) -> Result<usize, Refusal> {
        *out = BytePages::new(BytePageSize::Size64);
        let codec_v3 = v3::Codec::new();
        let codec_v5 = v5::Codec::new();
        for packet in packets {
            // The encoder takes packets by value; what it does not own it shares by count.
            match packet {
                Packet::V3(packet) => codec_v3.encodev(packet.clone(), out).map_err(Refusal::of)?,
                Packet::V5(packet) => codec_v5.encodev(packet.clone(), out).map_err(Refusal::of)?,
            };
        }
        Ok(out.len())
    }
}

fn each_v3(
    buffer: &mut Connection,
    mut use_packet: impl FnMut(v3::Encoded),
) -> Result<usize, Refusal> {
    let mut count = 0;
    let bytes = &mut buffer.bytes;
    while let Some(decoded) = buffer.v3.decode(bytes).map_err(Refusal::of)? {
        use_packet(match decoded {
            v3::Decoded::Packet(packet, _) => v3::Encoded::Packet(packet),
            v3::Decoded::Publish(publish, payload, _) => {
                v3::Encoded::Publish(publish, Some(payload))
            }
            v3::Decoded::PayloadChunk(chunk, _) => v3::Encoded::PayloadChunk(chunk),
        });
        count += 1;
    }
    Ok(count)
}

fn each_v5(
    buffer: &mut Connection,
    mut use_packet: impl FnMut(v5::Encoded),
) -> Result<usize, Refusal> {
    let mut count = 0;
    let bytes = &mut buffer.bytes;
    while let Some(decoded) = buffer.v5.decode(bytes).map_err(Refusal::of)? {
        use_packet(match decoded {
            v5::Decoded::Packet(packet, _) => v5::Encoded::Packet(packet),
            v5::Decoded::Publish(publish, payload, _) => {
                v5::Encoded::Publish(publish, Some(payload))
            }
            v5::Decoded::PayloadChunk(chunk, _) => v5::Encoded::PayloadChunk(chunk),
        });
        count += 1;
    }
    Ok(count)
}
