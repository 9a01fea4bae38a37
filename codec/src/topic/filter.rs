//! Topic filters and shared filters (sections 4.7.1, 4.8.2).

use std::fmt;

use super::{TOPIC_LEN_MAX, TopicError, TopicName, check_text};
use crate::scan;
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
        if text.is_empty() || text.len() > TOPIC_LEN_MAX || scan::has_nul(text.as_bytes()) {
            check_text(text)?;
        }
        let start = if version.has_shared_subscriptions() {
            pattern_start(text)?
        } else {
            0
        };
        let filter = Self { text, start };
        check_wildcards(filter.pattern().as_bytes(), start)?;
        Ok(filter)
    }

    /// Whether a topic matches; for a shared subscription, whether it matches the filter behind the share name.
    #[must_use]
    pub fn matches(&self, topic: &TopicName<'_>) -> bool {
        let pattern = self.pattern();
        if topic.is_dollar() && pattern.starts_with(['+', '#']) {
            return false; // v3-4.7.2-1 v5-4.7.2-1
        }
        pattern_matches(pattern.as_bytes(), topic.as_bytes())
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
        let name_end = self.start.checked_sub(1)?;
        Some(SharedFilter {
            share_name: self.text.get(SHARE_PREFIX.len()..name_end)?,
            filter: self.pattern(),
        })
    }

    /// Whether it has `+` or `#`.
    #[must_use]
    pub fn has_wildcard(&self) -> bool {
        self.pattern().contains(['+', '#'])
    }
}

impl fmt::Display for TopicFilter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// Whether a valid pattern matches a valid topic, but for what section 4.7.2 says about `$`.
#[inline]
fn pattern_matches(mut pattern: &[u8], mut topic: &[u8]) -> bool {
    loop {
        // A topic has no wildcard, so a pattern has none where the two are equal.
        while let (Some((wanted, pattern_rest)), Some((found, topic_rest))) = (
            pattern.split_first_chunk::<BLOCK_LEN>(),
            topic.split_first_chunk::<BLOCK_LEN>(),
        ) && wanted == found
        {
            (pattern, topic) = (pattern_rest, topic_rest);
        }
        while let (Some((wanted, pattern_rest)), Some((found, topic_rest))) =
            (pattern.split_first(), topic.split_first())
            && wanted == found
        {
            (pattern, topic) = (pattern_rest, topic_rest);
        }
        match pattern {
            [] => return topic.is_empty(),
            [b'#', ..] => return true,
            [b'+', rest @ ..] => {
                let level_len = topic.iter().position(|&byte| byte == b'/');
                pattern = rest;
                topic = topic
                    .get(level_len.unwrap_or(topic.len())..)
                    .unwrap_or_default();
            }
            // `a/#` matches `a` too (section 4.7.1.2).
            _ => return topic.is_empty() && pattern == b"/#",
        }
    }
}

/// So many bytes are compared at once.
const BLOCK_LEN: usize = 8;

/// Where the filter proper starts: behind `$share/NAME/`, or 0 where nothing is shared (v5-4.8.2-1, v5-4.8.2-2).
fn pattern_start(text: &str) -> Result<usize, TopicError> {
    let Some(rest) = text.strip_prefix(SHARE_PREFIX) else {
        return Ok(0);
    };
    let name = rest.split('/').next().unwrap_or_default();
    if name.is_empty() {
        let offset = if rest.is_empty() {
            0
        } else {
            SHARE_PREFIX.len()
        };
        return Err(TopicError::SharedSubscription(offset));
    }
    if let Some(offset) = name.find(['+', '#']) {
        return Err(TopicError::SharedSubscription(SHARE_PREFIX.len() + offset));
    }
    let start = SHARE_PREFIX.len() + name.len() + 1;
    if start >= text.len() {
        return Err(TopicError::SharedSubscription(0));
    }
    Ok(start)
}

/// Finds the first wildcard of a pattern that does not stand where it may; `start` is where the pattern stands in the
/// whole text.
fn check_wildcards(pattern: &[u8], start: usize) -> Result<(), TopicError> {
    let mut before = b'/';
    for (index, &byte) in pattern.iter().enumerate() {
        if matches!(byte, b'+' | b'#') {
            let ends_level = match pattern.get(index + 1) {
                None => true,
                Some(&after) => byte == b'+' && after == b'/',
            };
            if before != b'/' || !ends_level {
                let offset = start + index;
                return Err(match byte {
                    b'#' => TopicError::MultiLevelWildcard(offset), // v3-4.7.1-2 v5-4.7.1-1
                    _ => TopicError::SingleLevelWildcard(offset),   // v3-4.7.1-3 v5-4.7.1-2
                });
            }
        }
        before = byte;
    }
    Ok(())
}

/// What a shared subscription starts with (5.0, section 4.8.2).
const SHARE_PREFIX: &str = "$share/";
