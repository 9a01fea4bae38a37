//! rmqtt-codec: one codec for each version, in the form of tokio-util.

use bytes::BytesMut;
use mqtt_assay_codec::ProtocolVersion;
use rmqtt_codec::{v3, v5};
use tokio_util::codec::{Decoder, Encoder};

use super::two_versions::TwoVersions;
use super::{Refusal, Waiting};

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Rmqtt;

/// The codecs of a connection.
#[derive(Debug)]
struct Codecs {
    v3: v3::Codec,
    v5: v5::Codec,
}

impl Default for Codecs {
    fn default() -> Self {
        Self {
            v3: v3::Codec::new(UNLIMITED),
            v5: v5::Codec::new(UNLIMITED, UNLIMITED),
        }
    }
}

/// Unlimited, as the codec says it.
const UNLIMITED: u32 = 0;

/// What waits to be decoded, and by whom.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connection {
    codecs: Codecs,
    waiting: Waiting,
}

/// What was encoded, and by whom.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Output {
    codecs: Codecs,
    bytes: BytesMut,
}

impl TwoVersions for Rmqtt {
    const NAME: &'static str = "rmqtt-codec";
    type Buffer = Connection;
    type V3 = v3::Packet;
    type V5 = v5::Packet;
    type Output = Output;

    fn buffer(version: ProtocolVersion) -> Connection {
        Connection {
            codecs: Codecs::default(),
            waiting: Waiting::new(version),
        }
    }

    fn version(buffer: &Connection) -> ProtocolVersion {
        buffer.waiting.version
    }

    fn push(buffer: &mut Connection, bytes: &[u8]) {
        buffer.waiting.push(bytes);
    }

    fn next_v3(buffer: &mut Connection) -> Result<Option<v3::Packet>, Refusal> {
        let decoded = buffer.codecs.v3.decode(buffer.waiting.bytes_mut());
        Ok(decoded.map_err(Refusal::of)?.map(|(packet, _)| packet))
    }

    fn next_v5(buffer: &mut Connection) -> Result<Option<v5::Packet>, Refusal> {
        let decoded = buffer.codecs.v5.decode(buffer.waiting.bytes_mut());
        Ok(decoded.map_err(Refusal::of)?.map(|(packet, _)| packet))
    }

    fn clear(out: &mut Output) {
        out.bytes.clear();
    }

    fn len(out: &Output) -> usize {
        out.bytes.len()
    }

    // The encoders take packets by value; what a packet does not own it shares by count.
    fn encode_v3(packet: &v3::Packet, out: &mut Output) -> Result<(), Refusal> {
        let encoded = out.codecs.v3.encode(packet.clone(), &mut out.bytes);
        encoded.map_err(Refusal::of)
    }

    fn encode_v5(packet: &v5::Packet, out: &mut Output) -> Result<(), Refusal> {
        let encoded = out.codecs.v5.encode(packet.clone(), &mut out.bytes);
        encoded.map_err(Refusal::of)
    }
}
