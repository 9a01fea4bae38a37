//! Application messages while they are in the broker.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::Qos;
use mqtt_assay_codec::property::{Properties, PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::TopicName;

use super::session::ClientId;

/// A message that the broker has taken over.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) topic: String,
    pub(super) payload: Bytes,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// As the publisher set it; it does not go on (v3-3.3.1-3, v5-3.3.1-3).
    pub(super) dup: bool,
    /// Those that go on to subscribers, in the publisher's order (5.0).
    pub(super) properties: PropertiesBuf,
    /// When it was taken over.
    pub(super) received: Duration,
    pub(super) publisher: ClientId,
}

/// A message on its way to one client.
#[derive(Clone, Debug)]
pub(super) struct Delivery {
    pub(super) message: Arc<Message>,
    pub(super) qos: Qos,
    pub(super) retain: bool,
    /// Those of the subscriptions by which it goes there, in ascending order.
    pub(super) subscription_ids: Vec<u32>,
}

impl Message {
    /// The topic; `None` never happens, since only valid topics become messages.
    pub(super) fn topic_name(&self) -> Option<TopicName<'_>> {
        TopicName::new(&self.topic).ok()
    }

    /// The same message, as if it had come at another time.
    pub(super) fn received_at(&self, now: Duration) -> Self {
        Self {
            received: now,
            ..self.clone()
        }
    }

    /// The same message, with so much of its payload at the most: a fault alone comes here (v5-3.3.1-9).
    pub(super) fn cut(&self, len_max: usize) -> Self {
        Self {
            payload: self.payload.slice(..self.payload.len().min(len_max)),
            ..self.clone()
        }
    }

    /// The same message, with the lifetime of another one if it has none: a fault alone comes here (v5-3.3.1-5).
    pub(super) fn expiring_with(&self, other: &Self) -> Self {
        let mut message = self.clone();
        if let (None, Some(interval)) = (self.expiry_interval(), other.expiry_interval()) {
            let lifetime = Property::MessageExpiryInterval(interval);
            push(&mut message.properties, lifetime);
            message.received = other.received;
        }
        message
    }

    /// Whether the payload is text if it is said to be.
    pub(super) fn is_as_it_says(&self) -> bool {
        let properties = self.properties.as_properties();
        properties.integer(PropertyId::PayloadFormatIndicator) != Some(1)
            || std::str::from_utf8(&self.payload).is_ok()
    }

    /// Replaces what is no UTF-8, if the payload is said to be text: a fault alone comes here (rule u5-13).
    pub(super) fn make_text(&mut self) {
        let properties = self.properties.as_properties();
        if properties.integer(PropertyId::PayloadFormatIndicator) == Some(1) {
            let text = String::from_utf8_lossy(&self.payload).into_owned();
            self.payload = Bytes::from(text);
        }
    }

    /// Its user properties alone.
    pub(super) fn user_properties(&self) -> PropertiesBuf {
        let mut some = PropertiesBuf::new();
        for property in self.properties.as_properties().iter() {
            if property.id() == PropertyId::UserProperty {
                push(&mut some, property);
            }
        }
        some
    }

    /// Whether its lifetime is over (section 3.3.2.3.3).
    pub(super) fn is_expired(&self, now: Duration) -> bool {
        self.expires().is_some_and(|at| now >= at)
    }

    /// When its lifetime is over.
    pub(super) fn expires(&self) -> Option<Duration> {
        let interval = Duration::from_secs(u64::from(self.expiry_interval()?));
        Some(self.received.saturating_add(interval))
    }

    /// About how many bytes it takes to keep.
    pub(super) fn len(&self) -> usize {
        OVERHEAD
            .saturating_add(self.topic.len())
            .saturating_add(self.payload.len())
            .saturating_add(self.properties.as_properties().as_bytes().len())
    }

    /// What is left of its lifetime, in whole seconds (v5-3.3.2-6).
    pub(super) fn remaining(&self, interval: u32, now: Duration) -> u32 {
        let waited = now.saturating_sub(self.received).as_secs();
        u32::try_from(u64::from(interval).saturating_sub(waited)).unwrap_or(u32::MAX)
    }

    fn expiry_interval(&self) -> Option<u32> {
        self.properties
            .as_properties()
            .integer(PropertyId::MessageExpiryInterval)
    }
}

/// The properties of a PUBLISH or of a Will that go on to subscribers, in their order.
pub(super) fn forwarded(properties: Properties<'_>) -> PropertiesBuf {
    let mut forwarded = PropertiesBuf::new();
    for property in properties.iter() {
        if goes_on(property) {
            push(&mut forwarded, property);
        }
    }
    forwarded
}

/// Adds a property whose value is known to fit.
pub(super) fn push(properties: &mut PropertiesBuf, property: Property<'_>) {
    let result = properties.push(property);
    debug_assert!(
        result.is_ok(),
        "values come from decoded packets or are short"
    );
}

fn goes_on(property: Property<'_>) -> bool {
    matches!(
        property.id(),
        PropertyId::PayloadFormatIndicator
            | PropertyId::MessageExpiryInterval
            | PropertyId::ContentType
            | PropertyId::ResponseTopic
            | PropertyId::CorrelationData
            | PropertyId::UserProperty
    )
}

/// About what a message takes besides its text, in bytes.
const OVERHEAD: usize = 128;
