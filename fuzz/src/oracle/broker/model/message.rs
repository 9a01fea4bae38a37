//! Application messages: what a client owes another to see.

use std::rc::Rc;
use std::time::Duration;

use mqtt_assay_codec::packet::{Delivery, PacketId, Publish};
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::TopicName;
use mqtt_assay_codec::{Packet, ProtocolVersion, Qos};

/// A message that the broker has taken over.
#[derive(Debug)]
pub(in super::super) struct Message {
    pub(super) topic: String,
    pub(super) payload: Vec<u8>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// Those that go on to subscribers, but for the expiry interval.
    pub(super) properties: PropertiesBuf,
    pub(super) expiry: Option<u32>,
    pub(super) received: Duration,
    /// The client identifier.
    pub(super) publisher: String,
}

/// A message that one client has to get.
#[derive(Clone, Debug)]
pub(in super::super) struct Owed {
    pub(super) message: Rc<Message>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// The subscription identifiers, in ascending order.
    pub(super) ids: Vec<u32>,
    pub(super) origin: Origin,
    /// The broker may leave it out: its subscription is gone (v5-3.10.4-3).
    pub(super) is_optional: bool,
}

/// By what a message comes to a client: order holds among live ones alone (section 4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Live,
    Retained,
    Shared,
}

/// A PUBLISH as a client sees it.
pub(super) struct Seen<'a> {
    pub(super) topic: String,
    pub(super) publish: &'a Publish<'a>,
    pub(super) version: ProtocolVersion,
    pub(super) now: Duration,
}

impl Message {
    pub(super) fn new(
        topic: &str,
        payload: &[u8],
        (qos, retain): (Qos, bool),
        properties: Properties<'_>,
        (publisher, received): (&str, Duration),
    ) -> Self {
        let mut forwarded = PropertiesBuf::new();
        for property in properties.iter().filter(|it| goes_on(*it)) {
            forwarded.push(property).unwrap();
        }
        Self {
            topic: topic.to_owned(),
            payload: payload.to_vec(),
            qos,
            retain,
            properties: forwarded,
            expiry: properties.message_expiry_interval(),
            received,
            publisher: publisher.to_owned(),
        }
    }

    /// The same with this lifetime.
    pub(super) fn expiring(self, expiry: Option<u32>) -> Self {
        Self { expiry, ..self }
    }

    pub(super) fn is_expired(&self, now: Duration) -> bool {
        self.expiry.is_some_and(|seconds| {
            now.saturating_sub(self.received) >= Duration::from_secs(seconds.into())
        })
    }

    /// What is left of its lifetime (v5-3.3.2-6).
    fn remaining(&self, now: Duration) -> Option<u32> {
        let waited = now.saturating_sub(self.received).as_secs();
        let waited = u32::try_from(waited).unwrap_or(u32::MAX);
        self.expiry.map(|seconds| seconds.saturating_sub(waited))
    }
}

impl Owed {
    /// Whether this is what came.
    pub(super) fn is(&self, seen: &Seen<'_>) -> bool {
        let publish = seen.publish;
        if seen.version == ProtocolVersion::V3_1_1 || !self.looks_like(seen) {
            return self.looks_like(seen);
        }
        let mut ids: Vec<u32> = publish.properties.subscription_ids().collect();
        ids.sort_unstable();
        ids == self.ids
            && publish.properties.message_expiry_interval() == self.message.remaining(seen.now)
            && comparable(publish.properties) == comparable(self.message.properties.as_properties())
    }

    /// Whether this is what came, but for properties.
    pub(super) fn looks_like(&self, seen: &Seen<'_>) -> bool {
        self.message.topic == seen.topic
            && self.message.payload == seen.publish.payload
            && self.qos == seen.publish.delivery.qos()
            && self.retain == seen.publish.retain
    }

    /// Whether nobody can tell one from the other.
    pub(super) fn looks_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.message, &other.message)
            && self.qos == other.qos
            && self.retain == other.retain
            && self.ids == other.ids
    }

    /// Whether a PUBLISH with all that it must have is not too large (v5-3.1.2-24).
    pub(super) fn fits(&self, version: ProtocolVersion, len_max: usize) -> bool {
        if len_max >= LEN_ENOUGH {
            return true;
        }
        let mut properties = PropertiesBuf::new();
        for property in self.message.properties.as_properties().iter() {
            properties.push(property).unwrap();
        }
        if let Some(seconds) = self.message.expiry {
            let property = Property::MessageExpiryInterval(seconds);
            properties.push(property).unwrap();
        }
        for id in &self.ids {
            let property = Property::SubscriptionIdentifier(*id);
            properties.push(property).unwrap();
        }
        let (packet_id, dup) = (PacketId::MIN, false);
        let publish = Publish {
            delivery: match self.qos {
                Qos::AtMostOnce => Delivery::AtMostOnce,
                Qos::AtLeastOnce => Delivery::AtLeastOnce { packet_id, dup },
                Qos::ExactlyOnce => Delivery::ExactlyOnce { packet_id, dup },
            },
            retain: self.retain,
            topic: TopicName::new(&self.message.topic).ok(),
            properties: properties.as_properties(),
            payload: &self.message.payload,
        };
        let mut bytes = Vec::new();
        Packet::Publish(publish)
            .encode(version, &mut bytes)
            .unwrap();
        bytes.len() <= len_max
    }

    /// Whether one must not overtake the other (v5-4.6.0-6).
    pub(super) fn is_ordered_with(&self, other: &Self) -> bool {
        self.origin == Origin::Live
            && other.origin == Origin::Live
            && self.qos == other.qos
            && self.message.topic == other.message.topic
            && self.message.publisher == other.message.publisher
    }
}

/// The properties that go on, in an order that does not matter, but for user properties (v5-3.3.2-18).
fn comparable(properties: Properties<'_>) -> Vec<String> {
    let forwarded = properties.iter().filter(|it| goes_on(*it));
    let mut list: Vec<Property<'_>> = forwarded.collect();
    list.sort_by_key(|property| property.id().code());
    list.iter()
        .map(|property| format!("{property:?}"))
        .collect()
}

/// Section 3.3.2.3; the expiry interval is looked at apart from these.
fn goes_on(property: Property<'_>) -> bool {
    matches!(
        property.id(),
        PropertyId::PayloadFormatIndicator
            | PropertyId::ContentType
            | PropertyId::ResponseTopic
            | PropertyId::CorrelationData
            | PropertyId::UserProperty
    )
}

/// No message of an input is as large.
const LEN_ENOUGH: usize = 1 << 20;
