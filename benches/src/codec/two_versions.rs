//! Peers that have a packet type, and mostly a module, for each version.

use std::hint::black_box;

use mqtt_assay_codec::ProtocolVersion;

use super::{Codec, Refusal};
use crate::input::Stream;

/// A codec whose versions know nothing of each other.
pub trait TwoVersions {
    /// Its package's name, as in the tables.
    const NAME: &'static str;

    /// See [`Codec::Buffer`].
    type Buffer;

    /// A packet of 3.1.1.
    type V3;

    /// A packet of 5.0.
    type V5;

    /// See [`Codec::Output`].
    type Output: Default;

    /// The empty buffer of a connection.
    fn buffer(version: ProtocolVersion) -> Self::Buffer;

    /// The version of that connection.
    fn version(buffer: &Self::Buffer) -> ProtocolVersion;

    /// Adds bytes that arrived.
    fn push(buffer: &mut Self::Buffer, bytes: &[u8]);

    /// Takes the next packet of 3.1.1 out of the buffer; `None` where more bytes are needed.
    ///
    /// # Errors
    ///
    /// When the codec refuses the bytes.
    fn next_v3(buffer: &mut Self::Buffer) -> Result<Option<Self::V3>, Refusal>;

    /// As [`TwoVersions::next_v3`], of 5.0.
    ///
    /// # Errors
    ///
    /// When the codec refuses the bytes.
    fn next_v5(buffer: &mut Self::Buffer) -> Result<Option<Self::V5>, Refusal>;

    /// Empties the output.
    fn clear(out: &mut Self::Output);

    /// How many bytes were encoded since it was emptied.
    fn len(out: &Self::Output) -> usize;

    /// Encodes a packet of 3.1.1.
    ///
    /// # Errors
    ///
    /// When the codec refuses the packet.
    fn encode_v3(packet: &Self::V3, out: &mut Self::Output) -> Result<(), Refusal>;

    /// As [`TwoVersions::encode_v3`], of 5.0.
    ///
    /// # Errors
    ///
    /// When the codec refuses the packet.
    fn encode_v5(packet: &Self::V5, out: &mut Self::Output) -> Result<(), Refusal>;
}

/// A packet of either version.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "one for each version")]
#[expect(missing_docs, reason = "the names are the versions")]
pub enum Packet<V3, V5> {
    V3(V3),
    V5(V5),
}

impl<C: TwoVersions> Codec for C {
    const NAME: &'static str = C::NAME;
    type Buffer = C::Buffer;
    type Packet = Packet<C::V3, C::V5>;
    type Output = C::Output;

    fn buffer(version: ProtocolVersion) -> C::Buffer {
        C::buffer(version)
    }

    fn push(buffer: &mut C::Buffer, bytes: &[u8]) {
        C::push(buffer, bytes);
    }

    fn decode(buffer: &mut C::Buffer) -> Result<usize, Refusal> {
        let mut count = 0;
        match C::version(buffer) {
            ProtocolVersion::V3_1_1 => {
                while let Some(packet) = C::next_v3(buffer)? {
                    black_box(&packet);
                    count += 1;
                }
            }
            ProtocolVersion::V5_0 => {
                while let Some(packet) = C::next_v5(buffer)? {
                    black_box(&packet);
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    fn packets(stream: &Stream) -> Result<Vec<Self::Packet>, Refusal> {
        let mut packets = Vec::new();
        let mut buffer = C::buffer(stream.version);
        C::push(&mut buffer, stream.bytes);
        match stream.version {
            ProtocolVersion::V3_1_1 => {
                while let Some(packet) = C::next_v3(&mut buffer)? {
                    packets.push(Packet::V3(packet));
                }
            }
            ProtocolVersion::V5_0 => {
                while let Some(packet) = C::next_v5(&mut buffer)? {
                    packets.push(Packet::V5(packet));
                }
            }
        }
        Ok(packets)
    }

    fn encode(
        _: ProtocolVersion,
        packets: &[Self::Packet],
        out: &mut C::Output,
    ) -> Result<usize, Refusal> {
        C::clear(out);
        for packet in packets {
            match packet {
                Packet::V3(packet) => C::encode_v3(packet, out)?,
                Packet::V5(packet) => C::encode_v5(packet, out)?,
            }
        }
        Ok(C::len(out))
    }
}
