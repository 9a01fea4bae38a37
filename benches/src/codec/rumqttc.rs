//! rumqttc: the codec inside the client, one for each version.

use std::hint::black_box;

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use rumqttc::mqttbytes::{Error as ErrorV3, v4};
use rumqttc::v5::mqttbytes::{Error as ErrorV5, v5};

use super::{Codec, Refusal, Waiting};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rumqttc;

/// A packet of either version.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "one for each version")]
#[expect(missing_docs, reason = "the names are the versions")]
pub enum Packet {
    V3(v4::Packet),
    V5(v5::Packet),
}

impl Codec for Rumqttc {
    const NAME: &'static str = "rumqttc";
    type Buffer = Waiting;
    type Packet = Packet;
    type Output = BytesMut;

    fn buffer(version: ProtocolVersion) -> Waiting {
        Waiting::new(version)
    }

    fn push(buffer: &mut Waiting, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn decode(buffer: &mut Waiting) -> Result<usize, Refusal> {
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
        buffer.push(stream.bytes);
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
        for packet in packets {
            match packet {
                Packet::V3(packet) => packet.write(out, usize::MAX).map_err(Refusal::of)?,
                Packet::V5(packet) => packet.write(out, None).map_err(Refusal::of)?,
            };
        }
        Ok(out.len())
    }
}

fn each_v3(buffer: &mut Waiting, mut use_packet: impl FnMut(v4::Packet)) -> Result<usize, Refusal> {
    let mut count = 0;
    loop {
        match v4::Packet::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => use_packet(packet),
            Err(ErrorV3::InsufficientBytes(_)) => return Ok(count),
            Err(error) => return Err(Refusal::of(error)),
        }
        count += 1;
    }
}

fn each_v5(buffer: &mut Waiting, mut use_packet: impl FnMut(v5::Packet)) -> Result<usize, Refusal> {
    let mut count = 0;
    loop {
        match v5::Packet::read(buffer.bytes_mut(), None) {
            Ok(packet) => use_packet(packet),
            Err(ErrorV5::InsufficientBytes(_)) => return Ok(count),
            Err(error) => return Err(Refusal::of(error)),
        }
        count += 1;
    }
}
