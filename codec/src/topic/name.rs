//! Topic names (section 4.7).

use std::fmt;

use super::{TOPIC_LEN_MAX, TopicError, check_text};
use crate::scan;

/// A valid topic name: 1 to 65,535 bytes, without wildcards and without U+0000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicName<'a>(&'a str);

impl<'a> TopicName<'a> {
    /// Checks a topic name.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, or has a wildcard or U+0000.
    #[inline]
    pub fn new(text: &'a str) -> Result<Self, TopicError> {
        if is_name(text.as_bytes()) {
            return Ok(Self(text));
        }
        Err(error(text))
    }

    /// The text.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    /// Whether it starts with `$`: filters that start with a wildcard do not match it (section 4.7.2).
    #[must_use]
    pub fn is_dollar(&self) -> bool {
        self.0.starts_with('$')
    }
}

/// Whether nothing is wrong with a name, in one pass.
#[inline]
fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.len() <= TOPIC_LEN_MAX && !scan::has_any(text, [0, b'+', b'#'])
}

/// What is wrong with a name.
#[cold]
fn error(text: &str) -> TopicError {
    if let Err(error) = check_text(text) {
        return error;
    }
    // v3-4.7.1-1 v5-4.7.0-1
    TopicError::WildcardInName(text.find(['+', '#']).unwrap_or_default())
}

impl fmt::Display for TopicName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
