//! mqttbytes: one codec for each version.

use std::hint::black_box;

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use mqttbytes::{Error, v4, v5};

use super::{Codec, Refusal, Waiting};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Mqttbytes;

/// A packet of either version.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "one for each version")]
#[expect(missing_docs, reason = "the names are the versions")]
pub enum Packet {
    V3(v4::Packet),
    V5(v5::Packet),
}

impl Codec for Mqttbytes {
    const NAME: &'static str = "mqttbytes";
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
                Packet::V3(packet) => write_v3(packet, out).map_err(Refusal::of)?,
                Packet::V5(packet) => write_v5(packet, out).map_err(Refusal::of)?,
            };
        }
        Ok(out.len())
    }
}

fn each_v3(buffer: &mut Waiting, mut use_packet: impl FnMut(v4::Packet)) -> Result<usize, Refusal> {
    let mut count = 0;
    loop {
        match v4::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => use_packet(packet),
            Err(Error::InsufficientBytes(_)) => return Ok(count),
            Err(error) => return Err(Refusal::of(error)),
        }
        count += 1;
    }
}

fn each_v5(buffer: &mut Waiting, mut use_packet: impl FnMut(v5::Packet)) -> Result<usize, Refusal> {
    let mut count = 0;
    loop {
        match v5::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => use_packet(packet),
            Err(Error::InsufficientBytes(_)) => return Ok(count),
            Err(error) => return Err(Refusal::of(error)),
        }
        count += 1;
    }
}

fn write_v3(packet: &v4::Packet, out: &mut BytesMut) -> Result<usize, Error> {
    match packet {
        v4::Packet::Connect(packet) => packet.write(out),
        v4::Packet::ConnAck(packet) => packet.write(out),
        v4::Packet::Publish(packet) => packet.write(out),
        v4::Packet::PubAck(packet) => packet.write(out),
        v4::Packet::PubRec(packet) => packet.write(out),
        v4::Packet::PubRel(packet) => packet.write(out),
        v4::Packet::PubComp(packet) => packet.write(out),
        v4::Packet::Subscribe(packet) => packet.write(out),
        v4::Packet::SubAck(packet) => packet.write(out),
        v4::Packet::Unsubscribe(packet) => packet.write(out),
        v4::Packet::UnsubAck(packet) => packet.write(out),
        v4::Packet::PingReq => v4::PingReq.write(out),
        v4::Packet::PingResp => v4::PingResp.write(out),
        v4::Packet::Disconnect => v4::Disconnect.write(out),
    }
}

fn write_v5(packet: &v5::Packet, out: &mut BytesMut) -> Result<usize, Error> {
    match packet {
        v5::Packet::Connect(packet) => packet.write(out),
        v5::Packet::ConnAck(packet) => packet.write(out),
        v5::Packet::Publish(packet) => packet.write(out),
        v5::Packet::PubAck(packet) => packet.write(out),
        v5::Packet::PubRec(packet) => packet.write(out),
        v5::Packet::PubRel(packet) => packet.write(out),
        v5::Packet::PubComp(packet) => packet.write(out),
        v5::Packet::Subscribe(packet) => packet.write(out),
        v5::Packet::SubAck(packet) => packet.write(out),
        v5::Packet::Unsubscribe(packet) => packet.write(out),
        v5::Packet::UnsubAck(packet) => packet.write(out),
        v5::Packet::PingReq => v5::PingReq.write(out),
        v5::Packet::PingResp => v5::PingResp.write(out),
        v5::Packet::Disconnect(packet) => packet.write(out),
    }
}
