//! Topic names (section 4.7).

use std::fmt;

use super::{TopicError, check_text};

/// A valid topic name: 1 to 65,535 bytes, without wildcards and without U+0000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicName<'a>(&'a str);

impl<'a> TopicName<'a> {
    /// Checks a topic name.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, or has a wildcard or U+0000.
    pub fn new(text: &'a str) -> Result<Self, TopicError> {
        check_text(text)?;
        match text.find(['+', '#']) {
            Some(offset) => Err(TopicError::WildcardInName(offset)), // v3-4.7.1-1 v5-4.7.0-1
            None => Ok(Self(text)),
        }
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

impl fmt::Display for TopicName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
