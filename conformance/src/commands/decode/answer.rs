//! What a byte string is: a packet, an error, or not yet anything.

use std::fmt;

use mqtt_assay_codec::error::ErrorClass;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{DecodeError, Frame, Packet, PacketType, ProtocolVersion};
use serde::Serialize;

use super::hex::HexError;

/// By whose rules to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// The one version that the reader speaks; `None` reads a CONNECT by the version that it asks for.
    pub(super) only: Option<ProtocolVersion>,
    /// Who sent the bytes.
    pub(super) from: Sender,
}

impl Rules {
    /// The version of all packets but CONNECT.
    pub(super) fn version(self) -> ProtocolVersion {
        self.only.unwrap_or(ProtocolVersion::V5_0)
    }

    fn decode<'a>(self, frame: &Frame<'a>) -> Result<Packet<'a>, DecodeError> {
        if let Some(version) = self.only
            && frame.packet_type() == Some(PacketType::Connect)
        {
            Connect::check_version(frame, version)?;
        }
        Packet::decode(frame, self.version(), self.from)
    }
}

/// What the first packet of a byte string is.
#[derive(Debug)]
pub(super) enum Answer {
    /// A valid packet.
    Valid {
        /// In the notation.
        packet: String,
        /// Its length in bytes.
        len: usize,
    },
    /// Bytes that no packet may have.
    Wrong {
        /// What is wrong.
        error: DecodeError,
        /// The length of the frame, if that much could be read.
        len: Option<usize>,
    },
    /// Fewer bytes than the packet has.
    Incomplete {
        /// How many more there must be at least.
        more: usize,
    },
}

impl Answer {
    /// Reads the first packet.
    pub(super) fn of(bytes: &[u8], rules: Rules) -> Self {
        let version = rules.version();
        let frame = match Frame::split(bytes, version) {
            Ok(Split::Frame(frame)) => frame,
            Ok(Split::NeedMore(more)) => return Self::Incomplete { more },
            Err(error) => return Self::Wrong { error, len: None },
        };
        let len = frame.len();
        match rules.decode(&frame) {
            Ok(packet) => Self::Valid {
                packet: Draft::of(&packet, version).to_string(),
                len,
            },
            Err(error) => Self::Wrong {
                error,
                len: Some(len),
            },
        }
    }

    /// The word for it.
    pub(super) fn verdict(&self) -> &'static str {
        match self {
            Self::Valid { .. } => "valid",
            Self::Incomplete { .. } => "incomplete",
            Self::Wrong { error, .. } => match error.class() {
                ErrorClass::Malformed => "malformed",
                ErrorClass::ProtocolError => "protocol-error",
            },
        }
    }
}

/// The answer in one line.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = self.verdict();
        match self {
            Self::Valid { packet, .. } => write!(f, "{verdict} {packet}"),
            Self::Incomplete { more } => write!(f, "{verdict} at least {more} more needed"),
            Self::Wrong { error, .. } => write!(f, "{verdict} {} {error}", error.statement()),
        }
    }
}

/// The answer for programs. Every field is always there; `null` where it does not apply.
#[derive(Debug, Serialize)]
pub(super) struct JsonAnswer<'a> {
    verdict: &'static str,
    packet: Option<&'a str>,
    statement: Option<String>,
    offset: Option<usize>,
    reason: Option<u8>,
    consumed: Option<usize>,
    /// What is wrong, for people: with a packet, or with a line that is no hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

impl<'a> JsonAnswer<'a> {
    /// The answer to a line that is no hex.
    pub(super) fn of_no_hex(error: &HexError) -> Self {
        Self {
            message: Some(error.to_string()),
            ..Self::nothing("error")
        }
    }

    const fn nothing(verdict: &'static str) -> Self {
        Self {
            verdict,
            packet: None,
            statement: None,
            offset: None,
            reason: None,
            consumed: None,
            message: None,
        }
    }

    pub(super) fn of(answer: &'a Answer) -> Self {
        let nothing = Self::nothing(answer.verdict());
        match answer {
            Answer::Valid { packet, len } => Self {
                packet: Some(packet),
                consumed: Some(*len),
                ..nothing
            },
            Answer::Wrong { error, len } => Self {
                statement: Some(error.statement().to_string()),
                offset: Some(error.offset()),
                reason: if error.version().has_reason_codes() {
                    Some(error.reason_code().code())
                } else {
                    error.return_code()
                },
                consumed: *len,
                message: Some(error.to_string()),
                ..nothing
            },
            Answer::Incomplete { .. } => Self {
                consumed: Some(0),
                ..nothing
            },
        }
    }
}
