//! mqtt-assay-codec, in its two forms: packets that borrow from the buffer, and packets of their own.

use std::hint::black_box;

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{OwnedPacket, Sender};
use mqtt_assay_codec::{Frame, Framer, Packet, ProtocolVersion};

use super::{Codec, Refusal};
use crate::input::Stream;

/// Packets that borrow from the bytes that arrived.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Borrowed;

impl Codec for Borrowed {
    const NAME: &'static str = "ours";
    type Buffer = (Framer, ProtocolVersion);
    type Packet = Packet<'static>;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Self::Buffer {
        (Framer::new(version, usize::MAX), version)
    }

    fn push((framer, _): &mut Self::Buffer, bytes: &[u8]) {
        framer.push(bytes);
    }

    fn decode((framer, version): &mut Self::Buffer) -> Result<usize, Refusal> {
        let mut count = 0;
        while let Some(frame) = framer.lend_frame().map_err(Refusal::of)? {
            match &Packet::decode(&frame, *version, Sender::Either) {
                Ok(packet) => black_box(packet),
                Err(error) => return Err(Refusal::of(error)),
            };
            count += 1;
        }
        Ok(count)
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet<'static>>, Refusal> {
        let version = stream.version;
        let mut packets = Vec::new();
        let mut rest = stream.bytes;
        while let Split::Frame(frame) = Frame::split(rest, version).map_err(Refusal::of)? {
            packets.push(Packet::decode(&frame, version, Sender::Either).map_err(Refusal::of)?);
            rest = rest.get(frame.len()..).unwrap_or_default();
        }
        Ok(packets)
    }

    fn encode(
        version: ProtocolVersion,
        packets: &[Packet<'static>],
        out: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            packet.encode(version, out).map_err(Refusal::of)?;
        }
        Ok(out.len())
    }
}

/// Packets that own their frame, out of a framer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Owned;

impl Codec for Owned {
    const NAME: &'static str = "ours, owned";
    type Buffer = (Framer, ProtocolVersion);
    type Packet = OwnedPacket;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Self::Buffer {
        (Framer::new(version, usize::MAX), version)
    }

    fn push((framer, _): &mut Self::Buffer, bytes: &[u8]) {
        framer.push(bytes);
    }

    fn decode((framer, version): &mut Self::Buffer) -> Result<usize, Refusal> {
        let mut count = 0;
        while let Some(frame) = framer.next_frame().map_err(Refusal::of)? {
            let packet =
                OwnedPacket::decode(frame, *version, Sender::Either).map_err(Refusal::of)?;
            black_box(&packet);
            count += 1;
        }
        Ok(count)
    }

    fn packets(stream: &Stream) -> Result<Vec<OwnedPacket>, Refusal> {
        let mut framer = Framer::new(stream.version, usize::MAX);
        framer.push(stream.bytes);
        let mut packets = Vec::new();
        while let Some(frame) = framer.next_frame().map_err(Refusal::of)? {
            let packet = OwnedPacket::decode(frame, stream.version, Sender::Either);
            packets.push(packet.map_err(Refusal::of)?);
        }
        Ok(packets)
    }

    fn encode(
        _: ProtocolVersion,
        packets: &[OwnedPacket],
        out: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            // It is valid, and these are its bytes: there is nothing to encode.
            out.extend_from_slice(packet.frame());
        }
        Ok(out.len())
    }
}

/// Packets that borrow from the bytes that arrived, encoded without their payloads: each of these is answered, to be
/// sent from where it is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Vectored;

impl Codec for Vectored {
    const NAME: &'static str = "ours, vectored";
    type Buffer = (Framer, ProtocolVersion);
    type Packet = Packet<'static>;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Self::Buffer {
        Borrowed::buffer(version)
    }

    fn push(buffer: &mut Self::Buffer, bytes: &[u8]) {
        Borrowed::push(buffer, bytes);
    }

    fn decode(buffer: &mut Self::Buffer) -> Result<usize, Refusal> {
        Borrowed::decode(buffer)
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet<'static>>, Refusal> {
        Borrowed::packets(stream)
    }

    fn encode(
        version: ProtocolVersion,
        packets: &[Packet<'static>],
        heads: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        heads.clear();
        let mut payloads_len = 0;
        for packet in packets {
            let payload = packet.encode_head(version, heads).map_err(Refusal::of)?;
            payloads_len += black_box(payload).len();
        }
        Ok(heads.len() + payloads_len)
    }
}
