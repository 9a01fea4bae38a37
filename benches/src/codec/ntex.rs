//! ntex-mqtt: one codec for each version, on buffers of its own.

use mqtt_assay_codec::ProtocolVersion;
use ntex_bytes::{BytePageSize, BytePages, BytesMut};
use ntex_codec::{Decoder, Encoder};
use ntex_mqtt::v3::codec as v3;
use ntex_mqtt::v5::codec as v5;

use super::Refusal;
use super::two_versions::TwoVersions;

/// The codec.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Ntex;

/// What waits to be decoded, and by whom.
#[derive(Debug)]
#[non_exhaustive]
pub struct Connection {
    v3: v3::Codec,
    v5: v5::Codec,
    version: ProtocolVersion,
    bytes: BytesMut,
}

/// What was encoded, and by whom.
#[derive(Debug)]
#[non_exhaustive]
pub struct Output {
    v3: v3::Codec,
    v5: v5::Codec,
    pages: BytePages,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            v3: v3::Codec::new(),
            v5: v5::Codec::new(),
            pages: pages(),
        }
    }
}

/// No bytes.
fn pages() -> BytePages {
    BytePages::new(BytePageSize::Size64)
}

impl TwoVersions for Ntex {
    const NAME: &'static str = "ntex-mqtt";
    type Buffer = Connection;
    type V3 = v3::Encoded;
    type V5 = v5::Encoded;
    type Output = Output;

    fn buffer(version: ProtocolVersion) -> Connection {
        Connection {
            v3: v3::Codec::new(),
            v5: v5::Codec::new(),
            version,
            bytes: BytesMut::new(),
        }
    }

    fn version(buffer: &Connection) -> ProtocolVersion {
        buffer.version
    }

    fn push(buffer: &mut Connection, bytes: &[u8]) {
        buffer.bytes.extend_from_slice(bytes);
    }

    fn next_v3(buffer: &mut Connection) -> Result<Option<v3::Encoded>, Refusal> {
        let decoded = buffer.v3.decode(&mut buffer.bytes).map_err(Refusal::of)?;
        Ok(decoded.map(|decoded| match decoded {
            v3::Decoded::Packet(packet, _) => v3::Encoded::Packet(packet),
            v3::Decoded::Publish(publish, payload, _) => {
                v3::Encoded::Publish(publish, Some(payload))
            }
            v3::Decoded::PayloadChunk(chunk, _) => v3::Encoded::PayloadChunk(chunk),
        }))
    }

    fn next_v5(buffer: &mut Connection) -> Result<Option<v5::Encoded>, Refusal> {
        let decoded = buffer.v5.decode(&mut buffer.bytes).map_err(Refusal::of)?;
        Ok(decoded.map(|decoded| match decoded {
            v5::Decoded::Packet(packet, _) => v5::Encoded::Packet(packet),
            v5::Decoded::Publish(publish, payload, _) => {
                v5::Encoded::Publish(publish, Some(payload))
            }
            v5::Decoded::PayloadChunk(chunk, _) => v5::Encoded::PayloadChunk(chunk),
        }))
    }

    fn clear(out: &mut Output) {
        out.pages = pages();
    }

    fn len(out: &Output) -> usize {
        out.pages.len()
    }

    // The encoders take packets by value; what a packet does not own it shares by count.
    fn encode_v3(packet: &v3::Encoded, out: &mut Output) -> Result<(), Refusal> {
        let encoded = out.v3.encodev(packet.clone(), &mut out.pages);
        encoded.map_err(Refusal::of)
    }

    fn encode_v5(packet: &v5::Encoded, out: &mut Output) -> Result<(), Refusal> {
        let encoded = out.v5.encodev(packet.clone(), &mut out.pages);
        encoded.map_err(Refusal::of)
    }
}
