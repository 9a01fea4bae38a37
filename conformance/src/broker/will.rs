//! Will Messages (section 3.1.2.5).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::Qos;
use mqtt_assay_codec::packet;
use mqtt_assay_codec::property::{PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::TopicName;

use super::core::Broker;
use super::fault::{Fault, Faults};
use super::message::{self, Message};
use super::pool::{Held, Pool};
use super::session::ClientId;
use super::variant::Variant;

/// A Will that may have to be published.
#[derive(Clone, Debug)]
pub(super) struct Will {
    pub(super) qos: Qos,
    pub(super) retain: bool,
    pub(super) topic: String,
    pub(super) payload: Bytes,
    pub(super) properties: PropertiesBuf,
    /// How long after the connection it is published, unless the session ends before.
    pub(super) delay: Duration,
    _held: Held,
}

/// A Will whose connection is gone and whose delay is not over.
#[derive(Clone, Debug)]
pub(super) struct PendingWill {
    pub(super) will: Will,
    pub(super) due: Duration,
}

impl Will {
    /// About how many bytes it takes to keep.
    pub(super) fn len(will: &packet::Will<'_>) -> usize {
        let properties = will.properties.as_bytes().len();
        let topic = will.topic.as_str().len();
        topic
            .saturating_add(will.payload.len())
            .saturating_add(properties)
    }

    fn new(will: &packet::Will<'_>, pool: &Pool) -> Self {
        let delay = will
            .properties
            .integer(PropertyId::WillDelayInterval)
            .unwrap_or_default();
        Self {
            qos: will.qos,
            retain: will.retain,
            topic: will.topic.as_str().to_owned(),
            payload: Bytes::copy_from_slice(will.payload),
            properties: message::forwarded(will.properties),
            delay: Duration::from_secs(u64::from(delay)),
            _held: pool.hold(Self::len(will)),
        }
    }

    /// What becomes of it while it waits: nothing, but by a fault.
    pub(super) fn wait(&mut self, faults: Faults) {
        if faults.has(Fault::DelayedWillAtQosZero) {
            self.qos = Qos::AtMostOnce;
        }
        if faults.has(Fault::DelayedWillNotRetained) {
            self.retain = false;
        }
        if faults.has(Fault::DelayedWillWithoutProperties) {
            self.properties = PropertiesBuf::new();
        }
        if faults.has(Fault::DelayedWillExpires) {
            message::push(&mut self.properties, Property::MessageExpiryInterval(1));
        }
    }

    /// Exchanges topic and payload, where both can be both: a fault alone comes here.
    pub(super) fn swap_fields(&mut self) {
        let payload = std::str::from_utf8(&self.payload).map(str::to_owned);
        if let Ok(topic) = payload
            && TopicName::new(&topic).is_ok()
        {
            self.payload = Bytes::from(std::mem::replace(&mut self.topic, topic));
        }
    }
}

impl Broker {
    /// The Will that a CONNECT gives to its connection.
    pub(super) fn will_of(
        &mut self,
        client_id: &ClientId,
        connect: &packet::Connect<'_>,
    ) -> Option<Will> {
        let will = connect.will.as_ref();
        let mut will = will.map(|will| Will::new(will, &self.wills));
        if self.has(Fault::WillFieldsSwapped)
            && let Some(will) = &mut will
        {
            will.swap_fields();
        }
        if self.has(Fault::EarlierWillKept) {
            let earlier = self.earlier_wills.get(client_id).cloned();
            will = will.or(earlier);
            if let Some(will) = &will {
                self.earlier_wills.insert(client_id.clone(), will.clone());
            }
        }
        will
    }

    /// Publishes a Will, as its client would have done.
    pub(super) fn publish_will_now(&mut self, client_id: &ClientId, will: Will, now: Duration) {
        if self.has(Fault::WillNeverPublished) {
            return;
        }
        let qos = if self.has(Fault::WillSentAtQosZero) {
            Qos::AtMostOnce
        } else {
            will.qos
        };
        let retain = if self.has(Fault::WillRetainIgnored) {
            false
        } else {
            will.retain || self.has(Fault::WillAlwaysRetained)
        };
        let payload = if self.has(Fault::WillPayloadLost) {
            Bytes::new()
        } else {
            will.payload
        };
        let properties = if self.has(Fault::WillPropertiesLost) {
            PropertiesBuf::new()
        } else {
            will.properties
        };
        let mut message = Message {
            topic: will.topic,
            payload,
            qos,
            retain,
            dup: false,
            properties,
            received: now,
            publisher: if self.may(Variant::WillIsNobodys) {
                "".into()
            } else {
                client_id.clone()
            },
        };
        if message.retain && self.has(Fault::RetainedWillSentWithoutFlag) {
            self.retain(&Arc::new(message.clone()));
            message.retain = false;
        }
        let topic = message.topic.clone();
        let mut routed = self.accept_message(message);
        if self.has(Fault::WillNotForSharedSubscriptions) {
            routed.drop_shared();
        }
        if self.has(Fault::WillWithoutSubscriptionId) {
            routed.drop_subscription_ids();
        }
        if self.has(Fault::RetainedWillLosesProperties) {
            self.retained.lose_properties(&topic);
        }
        self.hand_out(routed, now);
    }
}
