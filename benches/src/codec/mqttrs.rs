//! mqttrs: 3.1.1 only; packets borrow, and it does not tell how long a packet was.

use std::hint::black_box;

use mqtt_assay_codec::ProtocolVersion;
use mqttrs::Packet;

use super::{Codec, Refusal, Waiting, floor};
use crate::input::Stream;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Mqttrs;

impl Codec for Mqttrs {
    const NAME: &'static str = "mqttrs";
    type Buffer = Waiting;
    type Packet = Packet<'static>;
    type Output = Vec<u8>;

    fn buffer(version: ProtocolVersion) -> Waiting {
        Waiting::new(version)
    }

    fn push(buffer: &mut Waiting, bytes: &[u8]) {
        buffer.push(bytes);
    }

    fn decode(buffer: &mut Waiting) -> Result<usize, Refusal> {
        if buffer.version != ProtocolVersion::V3_1_1 {
            return Err(Refusal::of_version());
        }
        buffer.decode_each(|bytes| {
            let Some((_, len)) = floor::frame(bytes) else {
                return Ok(None);
            };
            match &mqttrs::decode_slice(bytes) {
                Ok(Some(packet)) => black_box(packet),
                Ok(None) => return Ok(None),
                Err(error) => return Err(Refusal::of(error)),
            };
            Ok(Some(len))
        })
    }

    fn packets(stream: &Stream) -> Result<Vec<Packet<'static>>, Refusal> {
        if stream.version != ProtocolVersion::V3_1_1 {
            return Err(Refusal::of_version());
        }
        let frames = floor::Copy::packets(stream)?;
        let decode = |frame| {
            mqttrs::decode_slice(frame)
                .map_err(Refusal::of)?
                .ok_or_else(|| Refusal::of("a whole frame is said to be cut"))
        };
        frames.into_iter().map(decode).collect()
    }

    fn encode(
        _: ProtocolVersion,
        packets: &[Packet<'static>],
        out: &mut Vec<u8>,
    ) -> Result<usize, Refusal> {
        // It writes into a slice that must be large enough, and whose length it does not tell beforehand.
        out.resize(OUTPUT_LEN, 0);
        let mut len = 0;
        for packet in packets {
            let rest = out.get_mut(len..).unwrap_or_default();
            len += mqttrs::encode_slice(packet, rest).map_err(Refusal::of)?;
        }
        Ok(len)
    }
}

/// Enough for any of the streams, in bytes.
const OUTPUT_LEN: usize = 20 << 20;
