//! mqttbytes: one codec for each version.

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use mqttbytes::{Error, v4, v5};

use super::two_versions::TwoVersions;
use super::{Refusal, Waiting};

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Mqttbytes;

impl TwoVersions for Mqttbytes {
    const NAME: &'static str = "mqttbytes";
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
        match v4::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => Ok(Some(packet)),
            Err(Error::InsufficientBytes(_)) => Ok(None),
            Err(error) => Err(Refusal::of(error)),
        }
    }

    fn next_v5(buffer: &mut Waiting) -> Result<Option<v5::Packet>, Refusal> {
        match v5::read(buffer.bytes_mut(), usize::MAX) {
            Ok(packet) => Ok(Some(packet)),
            Err(Error::InsufficientBytes(_)) => Ok(None),
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
        write_v3(packet, out).map(drop).map_err(Refusal::of)
    }

    fn encode_v5(packet: &v5::Packet, out: &mut BytesMut) -> Result<(), Refusal> {
        write_v5(packet, out).map(drop).map_err(Refusal::of)
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
