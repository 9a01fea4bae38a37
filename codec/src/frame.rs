//! Frames: what stands between two packet boundaries on the wire, however wrong.

use bytes::{Buf, Bytes, BytesMut};

use crate::error::{Context, DecodeError, DecodeErrorKind, Refusal as _};
use crate::packet::{PacketType, Sender};
use crate::version::ProtocolVersion;
use crate::wire::{self, VariableByteInteger};

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
    #[inline]
    pub fn split(bytes: &'a [u8], version: ProtocolVersion) -> Result<Split<'a>, DecodeError> {
        let Some(header) = Header::read(bytes) else {
            return match Header::error(bytes, version) {
                Some(error) => Err(error),
                None => Ok(Split::NeedMore(
                    HEADER_LEN_MIN.saturating_sub(bytes.len()).max(1),
                )),
            };
        };
        match bytes.get(..header.frame_len()) {
            Some(bytes) => Ok(Split::Frame(Self {
                bytes,
                header_len: header.len,
            })),
            None => Ok(Split::NeedMore(header.frame_len() - bytes.len())),
        }
    }

    /// The frame that bytes are, if they are one and no more.
    #[inline]
    pub(crate) fn if_whole(bytes: &'a [u8]) -> Option<Self> {
        let header = Header::read(bytes)?;
        (header.frame_len() == bytes.len()).then_some(Self {
            bytes,
            header_len: header.len,
        })
    }

    /// A frame of bytes that need not be as many as its remaining length says.
    pub(crate) fn without_end(bytes: &'a [u8]) -> Option<Self> {
        let header_len = Header::read(bytes)?.len;
        Some(Self { bytes, header_len })
    }

    /// The packet type of the high nibble; `None` for 0 (and 15 in 3.1.1 is AUTH here: the decoder refuses it).
    #[must_use]
    #[inline]
    pub fn packet_type(&self) -> Option<PacketType> {
        PacketType::from_number(self.first() >> 4)
    }

    /// The low nibble of the first byte.
    #[must_use]
    #[inline]
    pub fn flags(&self) -> u8 {
        self.first() & 0b0000_1111
    }

    /// The first byte: type and flags.
    #[inline]
    pub(crate) fn first(&self) -> u8 {
        self.bytes.first().copied().unwrap_or_default()
    }

    /// All that the remaining length counts.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &'a [u8] {
        self.bytes
            .get(usize::from(self.header_len)..)
            .unwrap_or_default()
    }

    /// The length of the fixed header in bytes, 2 to 5.
    #[must_use]
    #[inline]
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

/// A fixed header (section 2.1).
#[derive(Clone, Copy)]
struct Header {
    /// Its own length in bytes.
    len: u8,
    /// The remaining length, as it claims.
    remaining_len: u32,
}

impl Header {
    /// Reads a fixed header; `None` where the bytes end within it, or it is wrong.
    #[inline]
    fn read(bytes: &[u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first()?;
        match wire::variable_byte_integer(rest) {
            VariableByteInteger::Number(remaining_len, len) => Some(Self {
                len: u8::try_from(1 + len).ok()?,
                remaining_len,
            }),
            VariableByteInteger::Cut
            | VariableByteInteger::TooLong
            | VariableByteInteger::NotMinimal => None,
        }
    }

    /// What is wrong with a header that cannot be read; `None` where bytes are missing, and nothing else.
    #[cold]
    fn error(bytes: &[u8], version: ProtocolVersion) -> Option<DecodeError> {
        let (&first, rest) = bytes.split_first()?;
        let kind = match wire::variable_byte_integer(rest) {
            VariableByteInteger::Number(..) | VariableByteInteger::Cut => return None,
            VariableByteInteger::TooLong => DecodeErrorKind::RemainingLengthTooLong,
            VariableByteInteger::NotMinimal => DecodeErrorKind::RemainingLengthNotMinimal,
        };
        Some(error(kind, first, version))
    }

    /// The length of the whole frame in bytes.
    #[inline]
    const fn frame_len(self) -> usize {
        self.len as usize + self.remaining_len as usize
    }
}

/// An error in the remaining length, which starts at byte 1.
#[cold]
fn error(kind: DecodeErrorKind, first: u8, version: ProtocolVersion) -> DecodeError {
    let context = Context {
        version,
        packet: PacketType::from_number(first >> 4),
        sender: Sender::Either,
    };
    DecodeError::new(kind, 1, context)
}

/// The shortest fixed header, in bytes.
const HEADER_LEN_MIN: usize = 2;

/// Below this, a buffer that doubled is no loss, and makes room for the next frames too.
const LARGE_FRAME_LEN: usize = 1 << 20;

/// A frame of so many bytes shares no memory with what follows it, unless that is more.
const SHARED_LEN_MAX: usize = 64 << 10;

/// Cuts a stream of bytes, arriving in any pieces, into frames.
///
/// It reserves no more than has arrived, whatever a length field claims.
#[derive(Debug)]
pub struct Framer {
    buffer: BytesMut,
    /// How much of the buffer was lent, and is no longer needed.
    lent_len: usize,
    version: ProtocolVersion,
    frame_len_max: usize,
    /// The length of the next frame once its header was read, so that it is read once; else 0.
    next_len: usize,
    error: Option<DecodeError>,
}

impl Framer {
    /// A framer for a connection. `frame_len_max` bounds a whole frame in bytes (Maximum Packet Size, section 3.1.2.11.4).
    #[must_use]
    pub fn new(version: ProtocolVersion, frame_len_max: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            lent_len: 0,
            version,
            frame_len_max,
            next_len: 0,
            error: None,
        }
    }

    /// Sets the version once the CONNECT is known, and with it the rules that errors cite.
    pub const fn set_version(&mut self, version: ProtocolVersion) {
        self.version = version;
    }

    /// Adds bytes that arrived.
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) {
        if self.error.is_some() {
            // Nothing behind an error can be read, so nothing of it is kept.
            return;
        }
        self.drop_lent();
        if self.buffer.capacity() - self.buffer.len() < bytes.len() {
            self.make_room(bytes.len());
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Grows no further than to the end of the frame, where doubling would: a frame takes its own length, and while the
    /// buffer grows that of the part that arrived. A frame of which less than half is here does not count, for its
    /// length is only a claim.
    #[cold]
    fn make_room(&mut self, len: usize) {
        let needed = self.buffer.len() + len;
        let Some(header) = Header::read(&self.buffer) else {
            return;
        };
        let frame_len = header.frame_len();
        if frame_len >= LARGE_FRAME_LEN && needed <= frame_len && frame_len < 2 * needed {
            let mut buffer = BytesMut::with_capacity(frame_len);
            buffer.extend_from_slice(&self.buffer);
            self.buffer = buffer;
        }
    }

    /// The next whole frame, fixed header included, to keep; `None` when more bytes are needed.
    ///
    /// # Errors
    ///
    /// As [`Frame::split`]; and when the frame is longer than the framer allows, as soon as its length is known
    /// (0x95). The stream cannot be read on after an error: the same error is given again.
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, DecodeError> {
        let Some(header) = self.next_header() else {
            return match self.lend_no_frame() {
                Ok(_) => Ok(None),
                Err(error) => Err(error.clone()),
            };
        };
        self.drop_lent();
        let len = header.frame_len();
        let frame = self.buffer.split_to(len).freeze();
        if len >= SHARED_LEN_MAX && self.buffer.len() < len {
            // The rest would hold the memory of the frame until more arrives, and on a silent connection nothing does.
            self.buffer = BytesMut::from(&*self.buffer);
        }
        Ok(Some(frame))
    }

    /// The next whole frame, lent until the framer is used again; `None` when more bytes are needed. For a packet that
    /// is used at once it takes less than [`Framer::next_frame`].
    ///
    /// ```
    /// use mqtt_assay_codec::packet::Sender;
    /// use mqtt_assay_codec::{Framer, Packet, ProtocolVersion};
    ///
    /// let mut framer = Framer::new(ProtocolVersion::V5_0, 1_000);
    /// framer.push(b"\xc0\0\xd0\0");
    /// let mut packets = 0;
    /// while let Some(frame) = framer.lend_frame().map_err(Clone::clone)? {
    ///     Packet::decode(&frame, ProtocolVersion::V5_0, Sender::Either)?;
    ///     packets += 1;
    /// }
    /// assert_eq!(packets, 2);
    /// # Ok::<(), mqtt_assay_codec::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Framer::next_frame`].
    #[inline]
    pub fn lend_frame(&mut self) -> Result<Option<Frame<'_>>, &DecodeError> {
        let start = self.lent_len;
        let Some(header) = self.next_header() else {
            return self.lend_no_frame();
        };
        self.lent_len += header.frame_len();
        let bytes = self.buffer.get(start..self.lent_len).unwrap_or_default();
        debug_assert!(!bytes.is_empty(), "the frame is whole");
        Ok(Some(Frame {
            bytes,
            header_len: header.len,
        }))
    }

    /// The answer where no frame is to be lent: an error that stays, or none.
    #[inline]
    fn lend_no_frame(&mut self) -> Result<Option<Frame<'_>>, &DecodeError> {
        if self.buffer.capacity() >= LARGE_FRAME_LEN {
            self.drop_lent_large();
        }
        if self.next_len > self.frame_len_max {
            self.fail_too_long();
        }
        self.error.as_ref().map_or(Ok(None), Err)
    }

    /// The header of the next frame, if the whole frame is there and nothing was wrong.
    #[inline]
    fn next_header(&mut self) -> Option<Header> {
        let waiting = self.buffer.get(self.lent_len..).unwrap_or_default();
        if waiting.len() < self.next_len {
            return None;
        }
        let Some(header) = Header::read(waiting) else {
            self.error = self
                .error
                .take()
                .or_else(|| Header::error(waiting, self.version));
            return None;
        };
        let len = header.frame_len();
        self.next_len = len;
        if waiting.len() < len || len > self.frame_len_max {
            return None;
        }
        self.next_len = 0;
        Some(header)
    }

    #[cold]
    fn fail_too_long(&mut self) {
        let first = self.pending().first().copied().unwrap_or_default();
        let (len, max) = (self.next_len, self.frame_len_max);
        let kind = DecodeErrorKind::FrameTooLong { len, max };
        let too_long = error(kind, first, self.version);
        self.error.get_or_insert(too_long);
    }

    /// Lets go of the frames that were lent.
    #[inline]
    fn drop_lent(&mut self) {
        if self.lent_len == 0 {
            return;
        }
        if self.buffer.capacity() >= LARGE_FRAME_LEN {
            self.drop_lent_large();
        } else if self.lent_len == self.buffer.len() {
            // The buffer starts anew at its beginning.
            self.buffer.clear();
            self.lent_len = 0;
        } else {
            self.buffer.advance(self.lent_len);
            self.lent_len = 0;
        }
    }

    /// As [`Self::drop_lent`], and gives back what a large frame took.
    #[cold]
    fn drop_lent_large(&mut self) {
        if self.pending().len() < self.lent_len {
            self.buffer = BytesMut::from(self.pending());
        } else {
            self.buffer.advance(self.lent_len);
        }
        self.lent_len = 0;
    }

    /// The bytes that are not yet a whole frame.
    #[must_use]
    pub fn pending(&self) -> &[u8] {
        self.buffer.get(self.lent_len..).unwrap_or_default()
    }
}
