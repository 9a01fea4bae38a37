//! Retained messages: the last one of each topic (section 3.3.1.3).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::topic::TopicFilter;

use super::message::Message;
use super::session::ClientId;

/// The retained messages, by topic.
#[derive(Debug, Default)]
pub(super) struct Retained {
    messages: BTreeMap<String, Arc<Message>>,
}

impl Retained {
    pub(super) fn set(&mut self, message: Arc<Message>) {
        self.messages.insert(message.topic.clone(), message);
    }

    pub(super) fn remove(&mut self, topic: &str) {
        self.messages.remove(topic);
    }

    pub(super) fn contains(&self, topic: &str) -> bool {
        self.messages.contains_key(topic)
    }

    pub(super) fn len(&self) -> usize {
        self.messages.len()
    }

    /// Forgets what a client published: a fault alone comes here (v3-3.1.2-7).
    pub(super) fn forget(&mut self, client_id: &ClientId) {
        self.messages
            .retain(|_, message| message.publisher != *client_id);
    }

    /// Those that a filter matches, by topic.
    pub(super) fn matching(&self, filter: &TopicFilter<'_>) -> Vec<Arc<Message>> {
        let matches = |message: &&Arc<Message>| {
            message
                .topic_name()
                .is_some_and(|topic| filter.matches(&topic))
        };
        self.messages.values().filter(matches).cloned().collect()
    }

    /// Forgets what has expired.
    pub(super) fn expire(&mut self, now: Duration) {
        self.messages.retain(|_, message| !message.is_expired(now));
    }
}
