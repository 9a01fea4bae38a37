//! What the clients of a test have subscribed to, so that a message that nobody asked for is noticed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::topic::{TopicFilter, TopicName};

use super::inbox::{Announced, bytes_of};

/// The filters of each client identifier: sessions outlive connections, and so do they.
#[derive(Debug)]
pub(crate) struct Interests {
    namespace: Vec<u8>,
    by_client_id: Mutex<BTreeMap<Vec<u8>, Interest>>,
}

#[derive(Clone, Debug, Default)]
struct Interest {
    filters: Vec<String>,
    /// Whether something was sent that cannot be read as a filter: then anything may come.
    is_unknown: bool,
}

/// Whether a client may get a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Yes,
    /// A wide filter caught a message of another test; this one looks away.
    OfAnotherTest,
    No,
}

impl Interests {
    pub(crate) fn new(namespace: &str) -> Self {
        Self {
            namespace: namespace.as_bytes().to_vec(),
            by_client_id: Mutex::default(),
        }
    }

    /// Notes a SUBSCRIBE.
    pub(crate) fn subscribe(&self, client_id: &[u8], draft: &Draft) {
        let mut interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let interest = interests.entry(client_id.to_vec()).or_default();
        for filter in draft.all("filter").filter_map(bytes_of) {
            match std::str::from_utf8(filter) {
                Ok(text) if TopicFilter::new(text, ProtocolVersion::V3_1_1).is_ok() => {
                    interest.filters.push(text.to_owned());
                }
                _ => interest.is_unknown = true,
            }
        }
    }

    /// Notes that a client sent something that may be a subscription to anything.
    pub(crate) fn expect_anything(&self, client_id: &[u8]) {
        let mut interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        interests.entry(client_id.to_vec()).or_default().is_unknown = true;
    }

    /// Whether a PUBLISH that cannot be decoded came to this client only because it subscribed to what other
    /// tests publish: then it is theirs to complain.
    pub(crate) fn is_of_another_test(&self, announced: &Announced, publish: &[u8]) -> bool {
        let interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_wide = interests.get(&announced.client_id).is_some_and(|interest| {
            let is_ours = |filter: &String| self.is_ours(filter.as_bytes());
            interest.is_unknown || !interest.filters.iter().all(is_ours)
        });
        is_wide && !self.is_ours(publish)
    }

    /// Whether this names something of this test.
    fn is_ours(&self, bytes: &[u8]) -> bool {
        self.namespace.is_empty()
            || bytes
                .windows(self.namespace.len())
                .any(|window| window == self.namespace)
    }

    /// Whether the client of a connection may get a message on this topic.
    pub(crate) fn judge(&self, announced: &Announced, topic: &[u8]) -> Wanted {
        let interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let is_ours = self.is_ours(topic);
        let interest = interests
            .get(&announced.client_id)
            .cloned()
            .unwrap_or_default();
        if interest.is_unknown {
            return if is_ours {
                Wanted::Yes
            } else {
                Wanted::OfAnotherTest
            };
        }
        let Ok(name) = std::str::from_utf8(topic)
            .map_err(|_| ())
            .and_then(|text| TopicName::new(text).map_err(|_| ()))
        else {
            return Wanted::No;
        };
        // `$share/..` is a shared subscription, or an ordinary filter: in 3.1.1 both readings are in use.
        let is_matched = interest.filters.iter().any(|filter| {
            ProtocolVersion::ALL.iter().any(|version| {
                TopicFilter::new(filter, *version).is_ok_and(|filter| filter.matches(&name))
            })
        });
        match (is_matched, is_ours) {
            (true, true) => Wanted::Yes,
            (true, false) => Wanted::OfAnotherTest,
            (false, _) => Wanted::No,
        }
    }
}
