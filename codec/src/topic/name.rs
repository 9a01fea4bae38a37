//! Topic names (section 4.7).

use std::fmt;
use std::str;

use super::{TOPIC_LEN_MAX, TopicError, check_text};
use crate::scan;

/// A valid topic name: 1 to 65,535 bytes of UTF-8, without wildcards and without U+0000.
///
/// It is kept as bytes. A topic that was decoded is matched, compared and sent on without ever being needed as text, and
/// without `unsafe` code the way from checked bytes to a text is to check them again: see [`TopicName::as_str`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicName<'a>(&'a [u8]);

impl<'a> TopicName<'a> {
    /// Checks a topic name.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, or has a wildcard or U+0000.
    #[inline]
    pub fn new(text: &'a str) -> Result<Self, TopicError> {
        let bytes = text.as_bytes();
        if !bytes.is_empty() && bytes.len() <= TOPIC_LEN_MAX && !scan::has_nul_or_wildcard(bytes) {
            return Ok(Self(bytes));
        }
        Err(error(text))
    }

    /// A name that has nothing unusual about it: ASCII, and right. `None` says nothing. The bytes are those of a field,
    /// so they are not too many.
    #[inline]
    pub(crate) fn if_plain(bytes: &'a [u8]) -> Option<Self> {
        debug_assert!(bytes.len() <= TOPIC_LEN_MAX, "a field has no more bytes");
        (!bytes.is_empty() && scan::is_plain_name(bytes)).then_some(Self(bytes))
    }

    /// The bytes, which are UTF-8.
    #[must_use]
    #[inline]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.0
    }

    /// The text. It takes a check of the bytes: who needs it often keeps it.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        let text = str::from_utf8(self.0);
        debug_assert!(
            text.is_ok(),
            "the bytes were checked when the name was made"
        );
        text.unwrap_or_default()
    }

    /// Whether it starts with `$`: filters that start with a wildcard do not match it (section 4.7.2).
    #[must_use]
    pub const fn is_dollar(&self) -> bool {
        matches!(self.0, [b'$', ..])
    }
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

impl fmt::Debug for TopicName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TopicName").field(&self.as_str()).finish()
    }
}

impl fmt::Display for TopicName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
