//! What no codec can do without: the floors under the measurements. They check nothing but what they say.

use std::hint::black_box;
use std::str;

use mqtt_assay_codec::ProtocolVersion;

use super::{Codec, Refusal, Waiting};
use crate::input::Stream;

/// Finds the frames, and copies each.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Copy;

impl Codec for Copy {
    const NAME: &'static str = "floor: copy";
    type Buffer = (Waiting, Vec<u8>);
    type Packet = &'static [u8];
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Self::Buffer {
        (Waiting::new(version), Vec::new())
    }

    fn push((buffer, _): &mut Self::Buffer, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn decode((buffer, copy): &mut Self::Buffer) -> Result<usize, Refusal> {
        buffer.decode_each(|bytes| {
            let Some((_, len)) = frame(bytes) else {
                return Ok(None);
            };
            copy.clear();
            copy.extend_from_slice(bytes.get(..len).unwrap_or_default());
            black_box(&copy);
            Ok(Some(len))
        })
    }

    fn packets(stream: &Stream) -> Result<Vec<&'static [u8]>, Refusal> {
        let mut packets = Vec::new();
        let mut rest = stream.bytes;
        while let Some((packet, next)) = frame(rest).and_then(|(_, len)| rest.split_at_checked(len))
        {
            packets.push(packet);
            rest = next;
        }
        Ok(packets)
    }

    fn encode(
        _: ProtocolVersion,
        packets: &[&'static [u8]],
        out: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        out.clear();
        for packet in packets {
            out.extend_from_slice(packet);
        }
        Ok(out.len())
    }
}

/// Finds the frames, and checks that the topic of each PUBLISH is UTF-8.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Utf8;

impl Codec for Utf8 {
    const NAME: &'static str = "floor: framing and UTF-8";
    type Buffer = Waiting;
    type Packet = &'static [u8];
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Waiting {
        Waiting::new(version)
    }

    fn push(buffer: &mut Waiting, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn decode(buffer: &mut Waiting) -> Result<usize, Refusal> {
        buffer.decode_each(|bytes| {
            let Some((header_len, len)) = frame(bytes) else {
                return Ok(None);
            };
            if let (Some(first), Some(body)) = (bytes.first(), bytes.get(header_len..len))
                && first >> 4 == PUBLISH
                && let Some((topic_len, rest)) = body.split_first_chunk()
                && let Some(topic) = rest.get(..usize::from(u16::from_be_bytes(*topic_len)))
            {
                black_box(str::from_utf8(topic).map_err(Refusal::of)?);
            }
            Ok(Some(len))
        })
    }

    fn packets(stream: &Stream) -> Result<Vec<&'static [u8]>, Refusal> {
        Copy::packets(stream)
    }

    fn encode(
        version: ProtocolVersion,
        packets: &[&'static [u8]],
        out: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        Copy::encode(version, packets, out)
    }
}

/// The length of the fixed header and of the whole frame, if all of it is there.
pub(super) fn frame(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut remaining_len = 0;
    for index in 0..4 {
        let byte = *bytes.get(1 + index)?;
        remaining_len |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let header_len = 2 + index;
            let len = header_len + remaining_len;
            return (bytes.len() >= len).then_some((header_len, len));
        }
    }
    None
}

/// The packet type of PUBLISH.
const PUBLISH: u8 = 3;
