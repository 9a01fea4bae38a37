//! The codecs that are measured: ours, the floors, and with the feature `peers` those from crates.io.

pub mod floor;
#[cfg(feature = "peers")]
pub mod mqtt5_protocol;
#[cfg(feature = "peers")]
pub mod mqtt_proto;
#[cfg(feature = "peers")]
pub mod mqtt_protocol_core;
#[cfg(feature = "peers")]
pub mod mqttbytes;
#[cfg(feature = "peers")]
pub mod mqttrs;
#[cfg(feature = "peers")]
pub mod ntex;
pub mod ours;
#[cfg(feature = "peers")]
pub mod rmqtt;
#[cfg(feature = "peers")]
pub mod rumqttc;
#[cfg(feature = "peers")]
pub mod symqtt;
#[cfg(feature = "peers")]
pub mod two_versions;

use std::fmt;

use bytes::{Buf, BytesMut};
use mqtt_assay_codec::ProtocolVersion;

use crate::input::Stream;

/// A codec to measure.
pub trait Codec {
    /// Its package's name, as in the tables.
    const NAME: &'static str;

    /// The bytes that wait to be decoded, with what else the codec keeps of a connection.
    type Buffer;

    /// A packet to be encoded.
    type Packet;

    /// The empty buffer of a connection.
    fn buffer(version: ProtocolVersion) -> Self::Buffer;

    /// Adds bytes that arrived.
    fn push(buffer: &mut Self::Buffer, bytes: &[u8]);

    /// Decodes every whole packet in the buffer, gives each to `black_box`, drops it, and answers how many there were.
    ///
    /// # Errors
    ///
    /// When the codec refuses the bytes.
    fn decode(buffer: &mut Self::Buffer) -> Result<usize, Refusal>;

    /// The packets of a stream, to be encoded again.
    ///
    /// # Errors
    ///
    /// When the codec refuses the bytes.
    fn packets(stream: &Stream) -> Result<Vec<Self::Packet>, Refusal>;

    /// Where packets are encoded to; it is emptied and used again.
    type Output: Default;

    /// Encodes packets one after the other, and answers how many bytes they took.
    ///
    /// # Errors
    ///
    /// When the codec refuses a packet.
    fn encode(
        version: ProtocolVersion,
        packets: &[Self::Packet],
        out: &mut Self::Output,
    ) -> Result<usize, Refusal>;
}

/// Why a codec cannot be measured with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    /// A refusal of the codec itself.
    #[must_use]
    pub fn of(reason: impl fmt::Debug) -> Self {
        Self(format!("{reason:?}"))
    }

    /// A refusal, because the codec does not speak the version.
    #[must_use]
    pub fn of_version() -> Self {
        Self("it does not speak this version".to_owned())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// Whether a codec decodes all packets of a stream: whoever measures anything else measures an error.
///
/// # Errors
///
/// When the codec refuses the stream, or sees another number of packets.
pub fn check_decode<C: Codec>(stream: &Stream, piece_len: usize) -> Result<(), Refusal> {
    let mut buffer = C::buffer(stream.version);
    let mut count = 0;
    for piece in stream.bytes.chunks(piece_len) {
        C::push(&mut buffer, piece);
        count += C::decode(&mut buffer)?;
    }
    check_equal(stream.packet_count, count, "packets")
}

/// Whether a codec encodes the packets of a stream to as many bytes.
///
/// # Errors
///
/// When the codec refuses a packet, or writes another number of bytes.
pub fn check_encode<C: Codec>(stream: &Stream) -> Result<Vec<C::Packet>, Refusal> {
    let packets = C::packets(stream)?;
    check_equal(stream.packet_count, packets.len(), "packets")?;
    let len = C::encode(stream.version, &packets, &mut C::Output::default())?;
    // Some write a property or a reason that could be left out; a tenth more is still the same work.
    if len < stream.bytes.len() || len > stream.bytes.len() / 10 * 11 {
        check_equal(stream.bytes.len(), len, "bytes")?;
    }
    Ok(packets)
}

fn check_equal(expected: usize, found: usize, what: &str) -> Result<(), Refusal> {
    if found == expected {
        return Ok(());
    }
    Err(Refusal(format!("{found} {what}; expected are {expected}")))
}

/// The buffer of a codec that decodes slices.
#[derive(Debug)]
pub struct Waiting {
    /// The version of the connection.
    pub version: ProtocolVersion,
    bytes: BytesMut,
}

impl Waiting {
    /// Nothing waits.
    #[must_use]
    pub fn new(version: ProtocolVersion) -> Self {
        Self {
            version,
            bytes: BytesMut::new(),
        }
    }

    /// Adds bytes that arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The bytes themselves, for a codec that takes its packets out of them.
    pub const fn bytes_mut(&mut self) -> &mut BytesMut {
        &mut self.bytes
    }

    /// Calls `next` with what waits until it finds no whole packet, and counts the packets.
    ///
    /// It answers the length of the packet that it decoded.
    ///
    /// # Errors
    ///
    /// When `next` does.
    #[inline]
    pub fn decode_each(
        &mut self,
        mut next: impl FnMut(&[u8]) -> Result<Option<usize>, Refusal>,
    ) -> Result<usize, Refusal> {
        let mut count = 0;
        let mut rest: &[u8] = &self.bytes;
        while let Some(len) = next(rest)? {
            rest = rest.get(len..).unwrap_or_default();
            count += 1;
        }
        let decoded = self.bytes.len() - rest.len();
        self.bytes.advance(decoded);
        Ok(count)
    }
}

/// Says why a codec has no row with an input.
#[expect(clippy::print_stderr, reason = "a benchmark has no other place for it")]
pub fn report(name: &str, stream: &Stream, refusal: &Refusal) {
    eprintln!(
        "{name} is left out of {} {}: {refusal}",
        stream.version, stream.name
    );
}

/// Calls a generic function for each peer.
#[cfg(feature = "peers")]
#[macro_export]
macro_rules! for_each_peer {
    ($measure:ident, $($argument:expr),+) => {
        $measure::<$crate::codec::mqttrs::Mqttrs>($($argument),+);
        $measure::<$crate::codec::rumqttc::Rumqttc>($($argument),+);
        $measure::<$crate::codec::mqttbytes::Mqttbytes>($($argument),+);
        $measure::<$crate::codec::rmqtt::Rmqtt>($($argument),+);
        $measure::<$crate::codec::symqtt::Symqtt>($($argument),+);
        $measure::<$crate::codec::mqtt_proto::MqttProto>($($argument),+);
        $measure::<$crate::codec::mqtt5_protocol::Mqtt5Protocol>($($argument),+);
        $measure::<$crate::codec::mqtt_protocol_core::MqttProtocolCore>($($argument),+);
        $measure::<$crate::codec::ntex::Ntex>($($argument),+);
    };
}
#[cfg(feature = "peers")]
pub use for_each_peer;
