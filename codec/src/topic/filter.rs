//! Topic filters and shared filters (sections 4.7.1, 4.8.2).

use super::{TopicError, TopicName};
use crate::version::ProtocolVersion;

/// A valid topic filter: 1 to 65,535 bytes, wildcards only where they may stand, and no U+0000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicFilter<'a> {
    text: &'a str,
    /// Where the filter proper starts: behind `$share/NAME/`, or 0.
    start: usize,
}

/// The two parts of `$share/NAME/FILTER` (5.0, section 4.8.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "closed by the specification")]
pub struct SharedFilter<'a> {
    /// The share name.
    pub share_name: &'a str,
    /// The filter behind it.
    pub filter: &'a str,
}

impl<'a> TopicFilter<'a> {
    /// Checks a topic filter by the rules of a version: `$share/` starts a shared subscription in 5.0 only.
    ///
    /// # Errors
    ///
    /// When it is empty, too long, has U+0000, or a wildcard or share name where none may stand.
    pub fn new(text: &'a str, version: ProtocolVersion) -> Result<Self, TopicError> {
        let _ = (text, version);
        todo!()
    }

    /// Whether a topic matches; for a shared subscription, whether it matches the filter behind the share name.
    #[must_use]
    pub fn matches(&self, topic: &TopicName<'_>) -> bool {
        let _ = (topic, self.start);
        todo!()
    }

    /// The whole text, as subscribed.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// The text that topics are matched with: behind the share name, if there is one.
    #[must_use]
    pub fn pattern(&self) -> &'a str {
        self.text.get(self.start..).unwrap_or_default()
    }

    /// The parts of a shared subscription's filter.
    #[must_use]
    pub fn shared(&self) -> Option<SharedFilter<'a>> {
        todo!()
    }

    /// Whether it has `+` or `#`.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        todo!()
    }
}
