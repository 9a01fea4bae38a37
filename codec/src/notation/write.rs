//! From drafts to bytes, without any check but that of the data types.

use std::fmt;

/// Why a draft cannot stand on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct WriteError {
    /// The field that does not fit.
    pub field: &'static str,
    /// What was found and what is allowed: a phrase.
    pub message: String,
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for WriteError {}

/// Bytes as `hex` prints them: two digits each, separated by blanks.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let _ = bytes;
    todo!()
}
