//! What is wrong with a packet: where, by which statement, and what to answer.

mod kind;
mod message;
mod rule;

use std::fmt;

use crate::packet::{PacketType, Sender};
use crate::reason::ReasonCode;
use crate::statement::StatementId;
use crate::version::ProtocolVersion;

pub use kind::{DecodeErrorKind, Field};

/// Why bytes are not a packet that the specification allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
    context: Context,
}

/// Which packet, from whom, by whose rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    /// The version by whose rules it is read.
    pub(crate) version: ProtocolVersion,
    /// Its type, unless it is reserved.
    pub(crate) packet: Option<PacketType>,
    /// Who sent it, as far as is known.
    pub(crate) sender: Sender,
}

/// What a decoder answers where bytes are wrong.
///
/// The decoders are compiled twice: one says only that something is wrong, and is quick, since all it answers fits into
/// registers; the other says what, and is asked where the first one refuses.
pub(crate) trait Refusal: Sized {
    /// The refusal of what was found at an offset.
    fn new(kind: DecodeErrorKind, offset: usize, context: Context) -> Self;
}

/// The refusal that does not say why.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unexplained;

impl Refusal for Unexplained {
    #[inline]
    fn new(_: DecodeErrorKind, _: usize, _: Context) -> Self {
        Self
    }
}

impl Refusal for DecodeError {
    #[cold]
    fn new(kind: DecodeErrorKind, offset: usize, context: Context) -> Self {
        Self {
            kind,
            offset,
            context,
        }
    }
}

/// The two classes of error (5.0, sections 1.2 and 4.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the specification")]
pub enum ErrorClass {
    /// The bytes cannot be read by the format.
    Malformed,
    /// The bytes can be read, and the protocol does not allow what they say.
    ProtocolError,
}

impl DecodeError {
    /// What was found.
    #[must_use]
    pub const fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Where: an offset in bytes from the first byte of the packet (its type and flags).
    ///
    /// A field that is cut or empty is named by its start, which is its length if it has one; an ill-formed character by
    /// its own first byte.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The same error at another place.
    pub(crate) const fn moved_to(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// The version by whose rules the packet was read.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.context.version
    }

    /// The type of the packet; `None` where its number is reserved.
    #[must_use]
    pub const fn packet_type(&self) -> Option<PacketType> {
        self.context.packet
    }

    /// Malformed or protocol error.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        rule::of(self.kind, self.context).class
    }

    /// The statement or rule that the packet breaks.
    #[must_use]
    pub fn statement(&self) -> StatementId {
        rule::of(self.kind, self.context).statement
    }

    /// The code of the CONNACK that a 3.1.1 server sends before it closes (section 3.2.2.3); `None` where it just closes.
    #[must_use]
    pub const fn return_code(&self) -> Option<u8> {
        if matches!(self.kind, DecodeErrorKind::UnsupportedProtocolVersion(_)) {
            return Some(0x01); // v3-3.1.2-2
        }
        if matches!(self.kind, DecodeErrorKind::EmptyClientId) {
            return Some(0x02); // v3-3.1.3-8
        }
        None
    }

    /// What a 5.0 receiver answers on the wire (section 4.13); in a CONNECT of 3.1.1 too, as a 5.0 code.
    #[must_use]
    pub fn reason_code(&self) -> ReasonCode {
        rule::of(self.kind, self.context).reason
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        message::write(f, self.kind, self.context)?;
        write!(f, " (byte {})", self.offset)
    }
}

impl std::error::Error for DecodeError {}

/// Why a packet cannot be put into bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A string or binary field of more than 65,535 bytes (section 1.5).
    FieldTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// A remaining length of more than 268,435,455 (section 2.1.4).
    PacketTooLong {
        /// The remaining length that it would have.
        len: usize,
    },
    /// A variable byte integer of more than 268,435,455 (section 1.5.5).
    NumberTooLarge {
        /// The number.
        number: u32,
    },
    /// What no receiver may take: what [`Packet::decode`](crate::Packet::decode) says of the bytes that it would be.
    Refused(DecodeError),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FieldTooLong { len } => {
                write!(f, "field of {len} bytes; allowed are at most 65535")
            }
            Self::PacketTooLong { len } => {
                write!(f, "remaining length {len}; allowed is at most 268435455")
            }
            Self::NumberTooLarge { number } => {
                write!(
                    f,
                    "variable byte integer {number}; allowed is at most 268435455"
                )
            }
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for EncodeError {}
