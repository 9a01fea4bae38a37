//! mqtt-protocol-core: packets that hold their encoded parts, out of a builder that takes the bytes as they arrive.

use std::hint::black_box;

use bytes::{Buf, BytesMut};
use mqtt_assay_codec::{PacketType, ProtocolVersion};
use mqtt_protocol_core::mqtt::common::Cursor;
use mqtt_protocol_core::mqtt::connection::{
    PacketBuildResult, PacketBuilder, PacketData, RawPacket,
};
use mqtt_protocol_core::mqtt::packet::{GenericPacketTrait, Packet, v3_1_1, v5_0};
use mqtt_protocol_core::mqtt::result_code::MqttError;

use super::{Codec, Refusal};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MqttProtocolCore;

/// The builder of a connection, with bytes that it has not seen yet.
#[non_exhaustive]
#[expect(missing_debug_implementations, reason = "the builder has none")]
pub struct Connection {
    version: ProtocolVersion,
    builder: PacketBuilder,
    bytes: BytesMut,
}

impl Codec for MqttProtocolCore {
    const NAME: &'static str = "mqtt-protocol-core";
    type Buffer = Connection;
    type Packet = Packet;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Connection {
        Connection {
            version,
            builder: PacketBuilder::new(),
            bytes: BytesMut::new(),
        }
    }

    fn push(buffer: &mut Connection, bytes: &[u8]) {
        buffer.bytes.extend_from_slice(bytes);
    }

    fn decode(buffer: &mut Connection) -> Result<usize, Refusal> {
        each(buffer, |packet| {
            black_box(&packet);
        })
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet>, Refusal> {
        let mut packets = Vec::new();
        let mut buffer = Self::buffer(stream.version);
        Self::push(&mut buffer, stream.bytes);
        each(&mut buffer, |packet| packets.push(packet))?;
        Ok(packets)
    }

    fn encode(_: ProtocolVersion, packets: &[Packet], out: &mut Vec<u8>) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            out.extend_from_slice(&packet.to_continuous_buffer());
        }
        Ok(out.len())
    }
}

fn each(buffer: &mut Connection, mut use_packet: impl FnMut(Packet)) -> Result<usize, Refusal> {
    let mut count = 0;
    let mut cursor = Cursor::new(&buffer.bytes[..]);
    loop {
        match buffer.builder.feed(&mut cursor) {
            PacketBuildResult::Complete(raw) => use_packet(parse(&raw, buffer.version)?),
            PacketBuildResult::Incomplete => break,
            PacketBuildResult::Error(error) => return Err(Refusal::of(error)),
        }
        count += 1;
    }
    let decoded = usize::try_from(cursor.position()).unwrap_or(usize::MAX);
    buffer.bytes.advance(decoded);
    Ok(count)
}

fn parse(raw: &RawPacket, version: ProtocolVersion) -> Result<Packet, Refusal> {
    let packet_type = PacketType::from_number(raw.packet_type());
    let packet_type = packet_type.ok_or_else(|| Refusal::of("a reserved type"))?;
    let packet = match version {
        ProtocolVersion::V3_1_1 => parse_v3(packet_type, raw),
        ProtocolVersion::V5_0 => parse_v5(packet_type, raw),
    };
    packet.map_err(Refusal::of)
}

fn parse_v3(packet_type: PacketType, raw: &RawPacket) -> Result<Packet, MqttError> {
    let data = raw.data_as_slice();
    Ok(match packet_type {
        PacketType::Connect => v3_1_1::Connect::parse(data)?.0.into(),
        PacketType::Connack => v3_1_1::Connack::parse(data)?.0.into(),
        PacketType::Publish => match &raw.data {
            PacketData::Publish(data) => {
                v3_1_1::Publish::parse(raw.flags(), data.clone())?.0.into()
            }
            PacketData::Normal(_) => return Err(MqttError::MalformedPacket),
        },
        PacketType::Puback => v3_1_1::Puback::parse(data)?.0.into(),
        PacketType::Pubrec => v3_1_1::Pubrec::parse(data)?.0.into(),
        PacketType::Pubrel => v3_1_1::Pubrel::parse(data)?.0.into(),
        PacketType::Pubcomp => v3_1_1::Pubcomp::parse(data)?.0.into(),
        PacketType::Subscribe => v3_1_1::Subscribe::parse(data)?.0.into(),
        PacketType::Suback => v3_1_1::Suback::parse(data)?.0.into(),
        PacketType::Unsubscribe => v3_1_1::Unsubscribe::parse(data)?.0.into(),
        PacketType::Unsuback => v3_1_1::Unsuback::parse(data)?.0.into(),
        PacketType::Pingreq => v3_1_1::Pingreq::parse(data)?.0.into(),
        PacketType::Pingresp => v3_1_1::Pingresp::parse(data)?.0.into(),
        PacketType::Disconnect => v3_1_1::Disconnect::parse(data)?.0.into(),
        PacketType::Auth => return Err(MqttError::MalformedPacket),
    })
}

fn parse_v5(packet_type: PacketType, raw: &RawPacket) -> Result<Packet, MqttError> {
    let data = raw.data_as_slice();
    Ok(match packet_type {
        PacketType::Connect => v5_0::Connect::parse(data)?.0.into(),
        PacketType::Connack => v5_0::Connack::parse(data)?.0.into(),
        PacketType::Publish => match &raw.data {
            PacketData::Publish(data) => v5_0::Publish::parse(raw.flags(), data.clone())?.0.into(),
            PacketData::Normal(_) => return Err(MqttError::MalformedPacket),
        },
        PacketType::Puback => v5_0::Puback::parse(data)?.0.into(),
        PacketType::Pubrec => v5_0::Pubrec::parse(data)?.0.into(),
        PacketType::Pubrel => v5_0::Pubrel::parse(data)?.0.into(),
        PacketType::Pubcomp => v5_0::Pubcomp::parse(data)?.0.into(),
        PacketType::Subscribe => v5_0::Subscribe::parse(data)?.0.into(),
        PacketType::Suback => v5_0::Suback::parse(data)?.0.into(),
        PacketType::Unsubscribe => v5_0::Unsubscribe::parse(data)?.0.into(),
        PacketType::Unsuback => v5_0::Unsuback::parse(data)?.0.into(),
        PacketType::Pingreq => v5_0::Pingreq::parse(data)?.0.into(),
        PacketType::Pingresp => v5_0::Pingresp::parse(data)?.0.into(),
        PacketType::Disconnect => v5_0::Disconnect::parse(data)?.0.into(),
        PacketType::Auth => v5_0::Auth::parse(data)?.0.into(),
    })
}
