//! From text to packets.

use std::fmt;

use super::{Notation, Span};
use crate::version::ProtocolVersion;

/// Why a text is not the notation of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct NotationError {
    /// What was found and what was allowed: a phrase.
    pub message: String,
    /// Where, in bytes from the start of the line.
    pub span: Span,
    /// What may have been meant.
    pub hint: Option<String>,
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotationError {}

/// Reads one packet, valid or not, or `hex` and bytes.
///
/// # Errors
///
/// When the packet type or a field is unknown (with the nearest name as a hint), or a value has the wrong kind.
pub fn parse(text: &str) -> Result<Notation, NotationError> {
    let _ = text;
    todo!()
}

/// Reads a packet and puts it into the bytes of a valid one.
///
/// # Errors
///
/// As [`parse`]; and when the packet is not valid in this version.
pub fn parse_packet(text: &str, version: ProtocolVersion) -> Result<Vec<u8>, NotationError> {
    let _ = (text, version);
    todo!()
}
