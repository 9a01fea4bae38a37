//! Packets that own their bytes.

use std::fmt;

use bytes::Bytes;

use super::{Packet, PacketType, Sender};
use crate::error::{Context, DecodeError, DecodeErrorKind, Field, Refusal as _};
use crate::frame::{Frame, Split};
use crate::version::ProtocolVersion;

/// A valid packet in one reference-counted frame: it can be kept, sent to another thread, and cloned without a copy.
///
/// It holds the bytes and nothing else. [`OwnedPacket::packet`] reads them again, which allocates nothing and takes as
/// long as it took to check them: who asks for several fields asks for the packet once.
///
/// ```
/// use mqtt_assay_codec::packet::{OwnedPacket, Packet, Sender};
/// use mqtt_assay_codec::{Framer, ProtocolVersion};
///
/// let mut framer = Framer::new(ProtocolVersion::V5_0, 1_000);
/// framer.push(b"\x30\x06\x00\x01t\x00hi");
/// let frame = framer.next_frame()?.expect("the frame is whole");
/// let owned = OwnedPacket::decode(frame, ProtocolVersion::V5_0, Sender::Client)?;
/// let Packet::Publish(publish) = owned.packet() else {
///     panic!("it is a PUBLISH");
/// };
/// assert_eq!(publish.payload, b"hi");
/// # Ok::<(), mqtt_assay_codec::DecodeError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OwnedPacket {
    frame: Bytes,
    version: ProtocolVersion,
    sender: Sender,
}

impl OwnedPacket {
    /// Checks a whole frame, as [`Framer::next_frame`](crate::Framer::next_frame) gives it, by the rules of a version.
    ///
    /// # Errors
    ///
    /// As [`Packet::decode`]; and when the bytes are less or more than one frame.
    #[inline]
    pub fn decode(
        frame: Bytes,
        version: ProtocolVersion,
        sender: Sender,
    ) -> Result<Self, DecodeError> {
        decode_whole(&frame, version, sender)?;
        Ok(Self {
            frame,
            version,
            sender,
        })
    }

    /// The packet itself, which borrows from the frame.
    #[must_use]
    #[inline]
    #[expect(
        clippy::missing_panics_doc,
        reason = "it cannot panic: see the reason below"
    )]
    pub fn packet(&self) -> Packet<'_> {
        #[expect(
            clippy::expect_used,
            reason = "the same bytes were decoded by the same rules when this value was made"
        )]
        decode_whole(&self.frame, self.version, self.sender).expect("the frame was valid before")
    }

    /// The version by whose rules it is valid; a CONNECT goes by its own level.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// The side by whose rules it is valid.
    #[must_use]
    pub const fn sender(&self) -> Sender {
        self.sender
    }

    /// The whole frame, fixed header included: what [`Packet::encode`] would write.
    #[must_use]
    pub const fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// The whole frame, fixed header included, given away.
    #[must_use]
    pub fn into_frame(self) -> Bytes {
        self.frame
    }
}

impl fmt::Debug for OwnedPacket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.packet().fmt(f)
    }
}

#[inline]
fn decode_whole(
    bytes: &[u8],
    version: ProtocolVersion,
    sender: Sender,
) -> Result<Packet<'_>, DecodeError> {
    if let Some(frame) = Frame::if_whole(bytes) {
        return Packet::decode(&frame, version, sender);
    }
    Err(not_whole(bytes, version, sender))
}

/// Why bytes are not one frame.
#[cold]
fn not_whole(bytes: &[u8], version: ProtocolVersion, sender: Sender) -> DecodeError {
    let (kind, offset) = match Frame::split(bytes, version) {
        Err(error) => return error,
        Ok(Split::Frame(frame)) => {
            let len = bytes.len() - frame.len();
            (DecodeErrorKind::TrailingBytes { len }, frame.len())
        }
        Ok(Split::NeedMore(_)) => (DecodeErrorKind::Truncated(Field::Body), bytes.len()),
    };
    let context = Context {
        version,
        packet: bytes
            .first()
            .and_then(|first| PacketType::from_number(first >> 4)),
        sender,
    };
    DecodeError::new(kind, offset, context)
}
