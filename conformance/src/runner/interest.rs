//! What the clients of a test have subscribed to, so that a message that nobody asked for is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::packet::{Publish, Suback};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::inbox::{Announced, bytes_of, number_of};
use super::ledger::{Answer, Finding};

/// The filters of each client identifier: sessions outlive connections, and so do they.
#[derive(Debug)]
pub(crate) struct Interests {
    namespace: Vec<u8>,
    by_client_id: Mutex<BTreeMap<Vec<u8>, Interest>>,
}

#[derive(Clone, Debug, Default)]
struct Interest {
    filters: Vec<Wish>,
    subscription_ids: BTreeSet<u32>,
    /// What its connections sent that has an answer.
    asked: BTreeSet<Answer>,
    /// Whether something was sent that cannot be read as a filter: then anything may come.
    is_unknown: bool,
}

/// A filter, and the QoS that was asked for, or granted if that is less.
#[derive(Clone, Debug)]
struct Wish {
    filter: String,
    qos: u32,
    /// The identifier of its SUBSCRIBE, until that is answered.
    packet_id: Option<u32>,
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
        interest
            .subscription_ids
            .extend(draft.all("subscription-id").filter_map(number_of));
        let packet_id = draft.all("id").find_map(number_of);
        // The options of a filter stand behind it.
        for field in &draft.fields {
            match (field.name, bytes_of(&field.value).map(std::str::from_utf8)) {
                ("filter", Some(Ok(text)))
                    if TopicFilter::new(text, ProtocolVersion::V3_1_1).is_ok() =>
                {
                    interest.filters.push(Wish {
                        filter: text.to_owned(),
                        qos: 0,
                        packet_id,
                    });
                }
                ("filter", _) => interest.is_unknown = true,
                ("qos", _) => {
                    if let (Some(wish), Some(qos)) =
                        (interest.filters.last_mut(), number_of(&field.value))
                    {
                        wish.qos = qos;
                    }
                }
                _ => {}
            }
        }
    }

    /// Notes what a SUBACK granted.
    pub(crate) fn grant(&self, client_id: &[u8], suback: &Suback<'_>) {
        let mut interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Some(interest) = interests.get_mut(client_id) else {
            return;
        };
        let packet_id = Some(u32::from(suback.packet_id.get()));
        let waits = |wish: &&mut Wish| wish.packet_id == packet_id;
        let waiting: Vec<&mut Wish> = interest.filters.iter_mut().filter(waits).collect();
        let is_complete = waiting.len() == suback.reasons.len();
        for (wish, reason) in waiting.into_iter().zip(suback.reasons) {
            wish.packet_id = None;
            if is_complete {
                wish.qos = wish.qos.min(u32::from(*reason));
            }
        }
    }

    /// Notes a packet of a client that has an answer.
    pub(crate) fn note_asked(&self, client_id: &[u8], answer: Answer) {
        let mut interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        interests
            .entry(client_id.to_vec())
            .or_default()
            .asked
            .insert(answer);
    }

    /// What a client has sent that has an answer.
    pub(crate) fn asked(&self, client_id: &[u8]) -> BTreeSet<Answer> {
        let interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        interests
            .get(client_id)
            .map(|interest| interest.asked.clone())
            .unwrap_or_default()
    }

    /// Whether a message comes at a QoS, or with a subscription identifier, that the client never asked for.
    pub(crate) fn judge_wishes(
        &self,
        announced: &Announced,
        publish: &Publish<'_>,
        topic: &[u8],
        version: ProtocolVersion,
    ) -> Option<Finding> {
        let interests = self
            .by_client_id
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let interest = interests.get(&announced.client_id)?;
        if interest.is_unknown {
            return None;
        }
        let topic = TopicName::new(std::str::from_utf8(topic).ok()?).ok()?;
        let matching = interest.filters.iter().filter(|wish| wish.matches(&topic));
        let highest = matching.map(|wish| wish.qos).max()?;
        if u32::from(publish.delivery.qos().bits()) > highest {
            let statement = match version {
                ProtocolVersion::V3_1_1 => StatementId::v3(3, 8, 4, 6),
                ProtocolVersion::V5_0 => StatementId::v5(3, 8, 4, 8),
            };
            let message = "the QoS is higher than what was asked for or granted in any subscription of this client";
            return Some((statement, message.to_owned()));
        }
        let is_unknown = |id: &u32| !interest.subscription_ids.contains(id);
        let unknown = publish.properties.subscription_ids().find(is_unknown)?;
        let message = format!("no subscription of this client has identifier {unknown}");
        Some((StatementId::v5(3, 3, 4, 3), message))
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
            let is_ours = |wish: &Wish| self.is_ours(wish.filter.as_bytes());
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
        let is_matched = interest.filters.iter().any(|wish| wish.matches(&name));
        match (is_matched, is_ours) {
            (true, true) => Wanted::Yes,
            (true, false) => Wanted::OfAnotherTest,
            (false, _) => Wanted::No,
        }
    }
}

impl Wish {
    /// `$share/..` is a shared subscription, or an ordinary filter: in 3.1.1 both readings are in use.
    fn matches(&self, topic: &TopicName<'_>) -> bool {
        ProtocolVersion::ALL.iter().any(|version| {
            TopicFilter::new(&self.filter, *version).is_ok_and(|filter| filter.matches(topic))
        })
    }
}
