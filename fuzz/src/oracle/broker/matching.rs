//! Topics and filters, from section 4.7 level by level, and what the access list denies.

use mqtt_assay::broker::{BrokerOptions, Denied};
use mqtt_assay_codec::ProtocolVersion;

/// A topic filter; a share name is none of its levels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Filter {
    pub(super) share_name: Option<String>,
    pub(super) pattern: String,
}

impl Filter {
    /// Reads a valid filter. 3.1.1 knows no shared subscriptions.
    pub(super) fn new(text: &str, version: ProtocolVersion) -> Self {
        let shared = text
            .strip_prefix("$share/")
            .filter(|_| version == ProtocolVersion::V5_0)
            .and_then(|rest| rest.split_once('/'));
        match shared {
            Some((share_name, pattern)) => Self {
                share_name: Some(share_name.to_owned()),
                pattern: pattern.to_owned(),
            },
            None => Self {
                share_name: None,
                pattern: text.to_owned(),
            },
        }
    }

    pub(super) fn has_wildcard(&self) -> bool {
        self.pattern.contains(['+', '#'])
    }

    pub(super) fn matches(&self, topic: &str) -> bool {
        matches(&self.pattern, topic)
    }

    /// Whether the access list denies all that the filter is for.
    pub(super) fn is_denied(&self, options: &BrokerOptions) -> bool {
        if !self.has_wildcard() {
            return is_denied(&self.pattern, Denied::Subscribe, options);
        }
        let denies = |denied| denied != Denied::Publish;
        let rules = options.denied.iter();
        rules
            .filter(|rule| denies(rule.denied))
            .any(|rule| rule.filter == self.pattern)
    }
}

/// Whether the access list denies an action on a topic.
pub(super) fn is_denied(topic: &str, action: Denied, options: &BrokerOptions) -> bool {
    let denies = |denied| denied == action || denied == Denied::Everything;
    let rules = options.denied.iter();
    rules
        .filter(|rule| denies(rule.denied))
        .any(|rule| matches(&rule.filter, topic))
}

fn matches(filter: &str, topic: &str) -> bool {
    if topic.starts_with('$') && filter.starts_with(['+', '#']) {
        return false;
    }
    let mut levels = topic.split('/');
    for part in filter.split('/') {
        match (part, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (part, Some(level)) if part == level => {}
            (_, Some(_) | None) => return false,
        }
    }
    levels.next().is_none()
}
