//! Frames: what stands between two packet boundaries on the wire, however wrong.

use bytes::{Bytes, BytesMut};

use crate::error::DecodeError;
use crate::packet::PacketType;
use crate::version::ProtocolVersion;

/// One control packet as it was found: type, flags and body, with no opinion about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    header_len: u8,
}

/// The answer of [`Frame::split`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third outcome")]
pub enum Split<'a> {
    /// A whole frame, at the start of the bytes; the next one starts at `frame.len()`.
    Frame(Frame<'a>),
    /// The bytes end within a frame; at least so many more are needed.
    NeedMore(usize),
}

impl<'a> Frame<'a> {
    /// Takes the first frame off a byte string.
    ///
    /// # Errors
    ///
    /// When the remaining length has more than four bytes, or more bytes than it needs (section 2.1.4).
    pub fn split(bytes: &'a [u8], version: ProtocolVersion) -> Result<Split<'a>, DecodeError> {
        let _ = (bytes, version);
        todo!()
    }

    /// The packet type of the high nibble; `None` for 0 (and 15 in 3.1.1 is AUTH here: the decoder refuses it).
    #[must_use]
    pub fn packet_type(&self) -> Option<PacketType> {
        todo!()
    }

    /// The low nibble of the first byte.
    #[must_use]
    pub fn flags(&self) -> u8 {
        todo!()
    }

    /// All that the remaining length counts.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes
            .get(usize::from(self.header_len)..)
            .unwrap_or_default()
    }

    /// The length of the fixed header in bytes, 2 to 5.
    #[must_use]
    pub fn header_len(&self) -> usize {
        usize::from(self.header_len)
    }

    /// The whole frame, fixed header included.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The length of the whole frame in bytes.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Never true: a frame has at least two bytes.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Cuts a stream of bytes, arriving in any pieces, into frames.
///
/// It reserves no more than has arrived, whatever a length field claims.
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    version: ProtocolVersion,
    frame_len_max: usize,
}

impl Framer {
    /// A framer for a connection. `frame_len_max` bounds a whole frame in bytes (Maximum Packet Size, section 3.1.2.11.4).
    #[must_use]
    pub fn new(version: ProtocolVersion, frame_len_max: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            version,
            frame_len_max,
        }
    }

    /// Sets the version once the CONNECT is known, and with it the rules that errors cite.
    pub const fn set_version(&mut self, version: ProtocolVersion) {
        self.version = version;
    }

    /// Adds bytes that arrived.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, fixed header included; `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// As [`Frame::split`]; and when the frame is longer than the framer allows, as soon as its length is known
    /// (0x95). The stream cannot be read on after an error: the same error is given again.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, DecodeError> {
        let _ = self.frame_len_max;
        todo!()
    }

    /// The bytes that are not yet a whole frame.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        &self.buffer
    }
}
