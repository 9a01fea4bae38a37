//! RETAIN: what is kept of a topic, and who is sent it (sections 3.3.1.3, 3.8.3.1, 3.8.4).

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::Qos;
use mqtt_assay_codec::packet::{self, RetainHandling};
use mqtt_assay_codec::topic::TopicFilter;

use super::core::Broker;
use super::fault::Fault;
use super::message::{Delivery, Message};
use super::options::Denied;
use super::session::ClientId;
use super::variant::Variant;

impl Broker {
    /// Keeps, replaces or removes the retained message of a topic (section 3.3.1.3).
    pub(super) fn retain(&mut self, message: &Arc<Message>) {
        if !message.retain {
            if self.has(Fault::UnretainedRemovesRetained) {
                self.retained.remove(&message.topic);
            }
            if self.has(Fault::EverythingRetained) {
                self.retained.set(message.clone());
            }
            return;
        }
        if message.payload.is_empty() && !self.has(Fault::EmptyPayloadRetained) {
            let removes_nothing = self.has(Fault::EmptyPayloadRemovesNothing)
                || match message.qos {
                    Qos::AtMostOnce => self.has(Fault::EmptyQosZeroRemovesNothing),
                    Qos::AtLeastOnce => false,
                    Qos::ExactlyOnce => self.has(Fault::EmptyQosTwoRemovesNothing),
                };
            if !removes_nothing {
                self.retained.remove(&message.topic);
                if self.has(Fault::RemovalTakesLowerLevels) {
                    self.retained.remove_below(&message.topic);
                }
            }
            return;
        }
        let has_lifetime = message.expires().is_some();
        if self.has(Fault::RetainIgnored)
            || (has_lifetime && self.has(Fault::RetainedWithLifetimeLost))
        {
            return;
        }
        if message.qos == Qos::AtMostOnce && self.may(Variant::RetainedQosZeroDropped) {
            self.retained.remove(&message.topic);
            return;
        }
        if self.has(Fault::FirstRetainedStays) && self.retained.contains(&message.topic) {
            return;
        }
        if self.has(Fault::RetainedQosZeroNotReplacing) && message.qos == Qos::AtMostOnce {
            return;
        }
        if !self.can_retain(message) {
            // QoS 0 need not be retained (section 3.3.1.3), but what it should replace must not stay. Nobody can be told
            // of a Will any more.
            self.retained.remove(&message.topic);
            return;
        }
        let mut message = message.clone();
        if self.has(Fault::ReplacedExpiryStays)
            && let Some(old) = self.retained.get(&message.topic)
        {
            message = Arc::new(message.expiring_with(old));
        }
        if self.has(Fault::RetainedPayloadCut) {
            message = Arc::new(message.cut(usize::from(u16::MAX)));
        }
        let earlier = self.retained.expires(&message.topic);
        self.retained.set(message.clone());
        if let Some(at) = earlier
            && self.has(Fault::EarlierLifetimeEndsRetained)
        {
            self.retained.end(&message.topic, at);
        }
    }

    /// Whether there is room to retain a message.
    pub(super) fn can_retain(&self, message: &Message) -> bool {
        let options = &self.options;
        let (count, bytes) = (options.retained_messages_max, options.retained_bytes_max);
        self.retained.has_room(message, count, bytes)
    }

    /// Whether retained messages go out because of a SUBSCRIBE (section 3.8.3.1).
    pub(super) fn sends_retained(&self, asked: &packet::Subscription<'_>, is_new: bool) -> bool {
        if asked.filter.shared().is_some() {
            return self.has(Fault::RetainedSentToSharedSubscription);
        }
        match asked.options.retain_handling {
            RetainHandling::SendAtSubscribe => is_new || !self.has(Fault::RetainedNotSentAgain),
            RetainHandling::SendIfNew => {
                (is_new && !self.has(Fault::RetainHandlingOneSendsNothing))
                    || self.has(Fault::RetainHandlingOneTakenForZero)
            }
            RetainHandling::DoNotSend => self.has(Fault::RetainHandlingTwoTakenForZero),
        }
    }

    /// Adds the retained messages that a subscription brings to what goes out behind its SUBACK.
    pub(super) fn collect_retained(
        &mut self,
        asked: &packet::Subscription<'_>,
        granted: Qos,
        subscription_id: Option<u32>,
        client_id: &ClientId,
        deliveries: &mut Vec<Delivery>,
        now: Duration,
    ) {
        let never_expires = self.has(Fault::RetainedNeverExpires);
        if !never_expires {
            self.retained.expire(now);
        }
        if self.has(Fault::RetainedNotSentForWildcard) && asked.filter.has_wildcard() {
            return;
        }
        let mut messages = self.retained.matching(&asked.filter);
        self.skip_retained(&asked.filter, &mut messages);
        for message in messages {
            if message
                .topic_name()
                .is_none_or(|topic| self.is_denied(&topic, Denied::Subscribe))
            {
                continue;
            }
            // No Local speaks of whoever published it, at any time (rule A-23).
            let is_local = asked.options.no_local && message.publisher == *client_id;
            if is_local && !self.has(Fault::NoLocalIgnoredForRetained) {
                continue;
            }
            let qos = if self.has(Fault::RetainedSentAtStoredQos) {
                message.qos
            } else {
                message.qos.min(granted)
            };
            let message = if never_expires {
                Arc::new(message.received_at(now))
            } else {
                message
            };
            let with_id = !self.has(Fault::SubscriptionIdMissingOnRetained);
            deliveries.push(Delivery {
                qos,
                // Rule u5-20: whatever Retain As Published says.
                retain: !self.has(Fault::RetainedSentWithoutFlag),
                subscription_ids: subscription_id.filter(|_| with_id).into_iter().collect(),
                message,
            });
        }
    }

    /// Leaves out retained messages that a filter matches, by a fault.
    fn skip_retained(&self, filter: &TopicFilter<'_>, messages: &mut Vec<Arc<Message>>) {
        if filter.pattern().contains("+/") && self.has(Fault::RetainedOfOneBranchSent) {
            messages.truncate(1);
        }
        if filter.has_wildcard() && self.has(Fault::RetainedDollarLevelSkipped) {
            messages.retain(|message| !message.topic.contains("/$"));
        }
        if filter.has_wildcard() && self.has(Fault::RetainedEmptyFirstLevelSkipped) {
            messages.retain(|message| !message.topic.starts_with('/'));
        }
    }

    /// Sends the retained messages of every subscription: a fault alone comes here (rule u3-12).
    pub(super) fn send_retained_again(&mut self, client_id: &ClientId, now: Duration) {
        let Some(session) = self.sessions.get(client_id) else {
            return;
        };
        let mut deliveries = Vec::new();
        for key in &session.filters {
            let Some(filter) = key.filter() else { continue };
            let messages = self.retained.matching(&filter).into_iter();
            deliveries.extend(messages.map(|message| Delivery {
                qos: Qos::AtMostOnce,
                retain: true,
                subscription_ids: Vec::new(),
                message,
            }));
        }
        for delivery in deliveries {
            self.deliver(client_id, delivery, now);
        }
    }
}
