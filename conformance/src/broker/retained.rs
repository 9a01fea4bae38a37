//! Retained messages: the last one of each topic (section 3.3.1.3).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::property::PropertiesBuf;
use mqtt_assay_codec::topic::TopicFilter;

use super::message::Message;
use super::pool::{Held, Pool};
use super::session::ClientId;

/// The retained messages, by topic.
#[derive(Debug, Default)]
pub(super) struct Retained {
    messages: BTreeMap<String, (Arc<Message>, Held)>,
    bytes: Pool,
    /// No message expires before.
    next_expiry: Option<Duration>,
    /// Topics that no wildcard finds any more: a fault alone comes here.
    hidden: BTreeSet<String>,
    /// When messages end beside, by a fault.
    ends: BTreeMap<String, Duration>,
}

impl Retained {
    pub(super) fn set(&mut self, message: Arc<Message>) {
        if let Some(at) = message.expires() {
            let earliest = self.next_expiry.map_or(at, |earlier| earlier.min(at));
            self.next_expiry = Some(earliest);
        }
        let held = self.bytes.hold(message.len());
        self.messages.insert(message.topic.clone(), (message, held));
    }

    pub(super) fn remove(&mut self, topic: &str) {
        self.messages.remove(topic);
    }

    /// Removes all below a topic: a fault alone comes here (v3-3.3.1-10).
    pub(super) fn remove_below(&mut self, topic: &str) {
        let parent = format!("{topic}/");
        self.messages.retain(|topic, _| !topic.starts_with(&parent));
    }

    pub(super) fn get(&self, topic: &str) -> Option<&Message> {
        self.messages.get(topic).map(|(message, _)| &**message)
    }

    pub(super) fn contains(&self, topic: &str) -> bool {
        self.messages.contains_key(topic)
    }

    /// When the message of a topic ends.
    pub(super) fn expires(&self, topic: &str) -> Option<Duration> {
        self.messages.get(topic)?.0.expires()
    }

    /// Lets the message of a topic end at a time that is not its own: a fault alone comes here (v5-3.3.1-5).
    pub(super) fn end(&mut self, topic: &str, at: Duration) {
        self.ends.insert(topic.to_owned(), at);
        let earliest = self.next_expiry.map_or(at, |earlier| earlier.min(at));
        self.next_expiry = Some(earliest);
    }

    /// Forgets the properties of the message of a topic: a fault alone comes here (v5-3.1.3-10).
    pub(super) fn lose_properties(&mut self, topic: &str) {
        if let Some((message, _)) = self.messages.get_mut(topic) {
            let mut bare = Message::clone(message);
            bare.properties = PropertiesBuf::new();
            *message = Arc::new(bare);
        }
    }

    /// Whether a message can be kept within limits.
    pub(super) fn has_room(&self, message: &Message, count_max: usize, bytes_max: usize) -> bool {
        let old = self.messages.get(&message.topic);
        let more = message
            .len()
            .saturating_sub(old.map_or(0, |(old, _)| old.len()));
        (old.is_some() || self.messages.len() < count_max) && self.bytes.has_room(more, bytes_max)
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Hides a topic from wildcards: a fault alone comes here (v3-3.3.1-6).
    pub(super) fn hide(&mut self, topic: &str) {
        self.hidden.insert(topic.to_owned());
    }

    /// Forgets what a client published: a fault alone comes here (v3-3.1.2-7).
    pub(super) fn forget(&mut self, client_id: &ClientId) {
        self.messages
            .retain(|_, (message, _)| message.publisher != *client_id);
    }

    /// Those that a filter matches, by topic.
    pub(super) fn matching(&self, filter: &TopicFilter<'_>) -> Vec<Arc<Message>> {
        let pattern = filter.pattern();
        let Some(wildcard) = pattern.find(['+', '#']) else {
            let found = self.messages.get(pattern);
            return found.map(|(it, _)| it.clone()).into_iter().collect();
        };
        // `a/#` matches `a` too (section 4.7.1.2).
        let start = pattern.get(..wildcard).unwrap_or_default();
        let start = start.strip_suffix('/').unwrap_or(start);
        let from = (Bound::Included(start), Bound::Unbounded);
        self.messages
            .range::<str, _>(from)
            .take_while(|(topic, _)| topic.starts_with(start))
            .map(|(_, (message, _))| message)
            .filter(|message| !self.hidden.contains(&message.topic))
            .filter(|message| message.topic_name().is_some_and(|it| filter.matches(&it)))
            .cloned()
            .collect()
    }

    /// Forgets what has expired.
    pub(super) fn expire(&mut self, now: Duration) {
        if self.next_expiry.is_none_or(|at| at > now) {
            return;
        }
        let ends = &self.ends;
        let is_ended = |topic: &str| ends.get(topic).is_some_and(|at| *at <= now);
        self.messages
            .retain(|topic, (message, _)| !message.is_expired(now) && !is_ended(topic));
        let rest = self.messages.values();
        self.next_expiry = rest.filter_map(|(message, _)| message.expires()).min();
    }
}
