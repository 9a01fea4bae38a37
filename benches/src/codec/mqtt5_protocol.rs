//! mqtt5-protocol: both versions in one type of packet.

use std::hint::black_box;

use bytes::{Buf, Bytes};
use mqtt_assay_codec::ProtocolVersion;
use mqtt5_protocol::packet::{FixedHeader, MqttPacket, Packet};
use mqtt5_protocol::packet::{pingreq::PingReqPacket, pingresp::PingRespPacket};

use super::{Codec, Refusal, Waiting, floor};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Mqtt5Protocol;

impl Codec for Mqtt5Protocol {
    const NAME: &'static str = "mqtt5-protocol";
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
        let mut count = 0;
        let version = buffer.version;
        let bytes = buffer.bytes_mut();
        while let Some((_, len)) = floor::frame(bytes) {
            black_box(decode(bytes.split_to(len).freeze(), version)?);
            count += 1;
        }
        Ok(count)
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet>, Refusal> {
        let frames = floor::Copy::packets(stream)?;
        let decode = |frame| decode(Bytes::from_static(frame), stream.version);
        frames.into_iter().map(decode).collect()
    }

    fn encode(_: ProtocolVersion, packets: &[Packet], out: &mut Vec<u8>) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            encode(packet, out).map_err(Refusal::of)?;
        }
        Ok(out.len())
    }
}

fn decode(mut frame: Bytes, version: ProtocolVersion) -> Result<Packet, Refusal> {
    let header = FixedHeader::decode(&mut frame).map_err(Refusal::of)?;
    let packet_type = header.packet_type;
    let level = version.level();
    let packet = Packet::decode_from_body_with_version(packet_type, &header, &mut frame, level);
    let packet = packet.map_err(Refusal::of)?;
    if frame.has_remaining() {
        return Err(Refusal::of("bytes are left"));
    }
    Ok(packet)
}

fn encode(packet: &Packet, out: &mut Vec<u8>) -> Result<(), impl std::fmt::Debug + use<>> {
    match packet {
        Packet::Connect(packet) => packet.encode(out),
        Packet::ConnAck(packet) => packet.encode(out),
        Packet::Publish(packet) => packet.encode(out),
        Packet::PubAck(packet) => packet.encode(out),
        Packet::PubRec(packet) => packet.encode(out),
        Packet::PubRel(packet) => packet.encode(out),
        Packet::PubComp(packet) => packet.encode(out),
        Packet::Subscribe(packet) => packet.encode(out),
        Packet::SubAck(packet) => packet.encode(out),
        Packet::Unsubscribe(packet) => packet.encode(out),
        Packet::UnsubAck(packet) => packet.encode(out),
        Packet::PingReq => PingReqPacket::default().encode(out),
        Packet::PingResp => PingRespPacket::default().encode(out),
        Packet::Disconnect(packet) => packet.encode(out),
        Packet::Auth(packet) => packet.encode(out),
    }
}
