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
    /// The share name is empty, has a wildcard, or no filter follows it (5.0, section 4.8.2).
    SharedSubscription(usize),
}

impl fmt::Display for TopicError {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        todo!()
    }
}

impl std::error::Error for TopicError {}
