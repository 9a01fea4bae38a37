//! What is wrong with a packet: where, by which statement, and what to answer.

use std::fmt;

use crate::reason::ReasonCode;
use crate::statement::StatementId;
use crate::version::ProtocolVersion;

/// Why bytes are not a packet that the specification allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    offset: usize,
    version: ProtocolVersion,
}

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// Placeholder until the decoder is written.
    ReservedPacketType,
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
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The version by whose rules the packet was read.
    #[must_use]
    pub const fn version(&self) -> ProtocolVersion {
        self.version
    }

    /// Malformed or protocol error.
    #[must_use]
    pub fn class(&self) -> ErrorClass {
        todo!()
    }

    /// The statement or rule that the packet breaks.
    #[must_use]
    pub fn statement(&self) -> StatementId {
        todo!()
    }

    /// What a 5.0 receiver answers on the wire (section 4.13); in a CONNECT of 3.1.1 too, as a 5.0 code.
    #[must_use]
    pub fn reason_code(&self) -> ReasonCode {
        todo!()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

impl std::error::Error for DecodeError {}

/// Why a packet cannot be put into bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl fmt::Display for EncodeError {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

impl std::error::Error for EncodeError {}
