//! Topic names, topic filters, and the match between them (section 4.7).

mod filter;
mod name;
mod tree;

pub use filter::{SharedFilter, TopicFilter};
pub use name::TopicName;
pub use tree::FilterTree;

use std::fmt;

/// The longest topic name or filter, in bytes (section 4.7.3).
pub const TOPIC_LEN_MAX: usize = 65_535;

/// Why a text is no topic name or no topic filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TopicError {
    /// It has no character (section 4.7.3).
    Empty,
    /// It has more than 65,535 bytes.
    TooLong,
    /// It has U+0000 at this byte offset.
    Nul(usize),
    /// A topic name has a wildcard at this byte offset.
    WildcardInName(usize),
    /// `#` at this byte offset is not alone in the last level.
    MultiLevelWildcard(usize),
    /// `+` at this byte offset is not alone in its level.
    SingleLevelWildcard(usize),
    /// The share name is empty or has a wildcard at this byte offset, or no filter follows it, and then the text is wrong
    /// from its start (5.0, section 4.8.2).
    SharedSubscription(usize),
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("empty text; a topic has at least one character"),
            Self::TooLong => write!(
                f,
                "more than {TOPIC_LEN_MAX} bytes; a topic has at most {TOPIC_LEN_MAX}"
            ),
            Self::Nul(offset) => write!(f, "U+0000; no topic has it (byte {offset})"),
            Self::WildcardInName(offset) => write!(
                f,
                "wildcard in a topic name; allowed in topic filters only (byte {offset})"
            ),
            Self::MultiLevelWildcard(offset) => write!(
                f,
                "`#` beside other characters; allowed alone in the last level (byte {offset})"
            ),
            Self::SingleLevelWildcard(offset) => write!(
                f,
                "`+` beside other characters; allowed alone in its level (byte {offset})"
            ),
            Self::SharedSubscription(offset) => write!(
                f,
                "`$share` without a share name and a filter; \
                 allowed is `$share/NAME/FILTER`, the name without wildcards (byte {offset})"
            ),
        }
    }
}

impl std::error::Error for TopicError {}

/// What holds for names and filters alike (section 4.7.3).
fn check_text(text: &str) -> Result<(), TopicError> {
    if text.is_empty() {
        return Err(TopicError::Empty); // v3-4.7.3-1 v5-4.7.3-1
    }
    if text.len() > TOPIC_LEN_MAX {
        return Err(TopicError::TooLong); // v3-4.7.3-3 v5-4.7.3-3
    }
    match text.find('\0') {
        Some(offset) => Err(TopicError::Nul(offset)), // v3-4.7.3-2 v5-4.7.3-2
        None => Ok(()),
    }
}
