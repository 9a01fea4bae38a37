//! Messages to clients: who gets them, and as what (sections 3.3.4, 4.5, 4.6).

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::packet::{self, PacketId, Publish};
use mqtt_assay_codec::property::{PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::{Packet, ProtocolVersion, Qos, ReasonCode};

use super::alias::TopicForm;
use super::connection::ConnectionId;
use super::core::Broker;
use super::fault::Fault;
use super::inflight::{Outgoing, Transmission};
use super::message::{self, Delivery, Message};
use super::options::Denied;
use super::pace::OUTPUT_LEN;
use super::session::ClientId;
use super::subscription::Match;
use super::variant::Variant;

/// A message that the broker has taken over, and the copies of it that are to be made.
#[derive(Debug)]
pub(super) struct Routed {
    message: Arc<Message>,
    matches: Vec<Match>,
}

impl Routed {
    /// Whether anybody subscribed to it.
    pub(super) const fn is_wanted(&self) -> bool {
        !self.matches.is_empty()
    }

    /// Leaves shared subscriptions out: a fault alone comes here (rule u5-22).
    pub(super) fn drop_shared(&mut self) {
        self.matches.retain(|copy| !copy.is_shared);
    }

    /// Leaves subscription identifiers out: a fault alone comes here (rule u5-29).
    pub(super) fn drop_subscription_ids(&mut self) {
        for copy in &mut self.matches {
            copy.subscription_ids.clear();
        }
    }
}

impl Broker {
    /// Retains a message, and gives it to all who subscribed to it.
    pub(super) fn route(&mut self, message: Message, now: Duration) {
        let routed = self.accept_message(message);
        self.hand_out(routed, now);
    }

    /// Retains a message, and finds all who subscribed to it.
    pub(super) fn accept_message(&mut self, mut message: Message) -> Routed {
        if self.has(Fault::UserPropertiesOfAnotherMessage) {
            let own = message.user_properties();
            let earlier = std::mem::replace(&mut self.earlier_user_properties, own);
            for property in earlier.as_properties().iter() {
                message::push(&mut message.properties, property);
            }
        }
        let message = Arc::new(message);
        if message.topic.starts_with('$') && self.may(Variant::DollarTopicsDropped) {
            return Routed {
                message,
                matches: Vec::new(),
            };
        }
        self.retain(&message);
        self.find_subscribers(message)
    }

    /// Gives a message to all who subscribed to it.
    pub(super) fn distribute(&mut self, message: Arc<Message>, now: Duration) {
        let routed = self.find_subscribers(message);
        self.hand_out(routed, now);
    }

    fn find_subscribers(&mut self, message: Arc<Message>) -> Routed {
        let matches = message.topic_name().map_or_else(Vec::new, |topic| {
            self.subscriptions.matches(&topic, &message.publisher)
        });
        Routed { message, matches }
    }

    /// Gives a message to those who were found.
    pub(super) fn hand_out(&mut self, routed: Routed, now: Duration) {
        let Routed { message, matches } = routed;
        let is_denied = |topic| self.is_denied(&topic, Denied::Subscribe);
        if message.topic_name().is_none_or(is_denied) {
            return;
        }
        let lowest = matches.iter().map(|copy| copy.qos).min();
        for mut copy in matches {
            if self.has(Fault::LowestQosForAllSubscribers) {
                copy.qos = lowest.unwrap_or(copy.qos);
            }
            self.deliver_copy(copy, &message, now);
        }
    }

    /// Acknowledges a message to its publisher, and gives it to all who subscribed to it: a publisher that is one of them
    /// has its acknowledgement first, as simple clients expect. Section 4.3.2 leaves the order open.
    pub(super) fn acknowledge_and_hand_out(
        &mut self,
        routed: Routed,
        now: Duration,
        acknowledge: impl FnOnce(&mut Self),
    ) {
        if self.may(Variant::DeliversBeforeAcknowledging) {
            self.hand_out(routed, now);
            acknowledge(self);
        } else {
            acknowledge(self);
            self.hand_out(routed, now);
        }
    }

    fn deliver_copy(&mut self, mut copy: Match, message: &Arc<Message>, now: Duration) {
        self.wrong_copy_for_absent(&mut copy);
        let is_empty_retained = message.retain && message.payload.is_empty();
        if is_empty_retained && self.has(Fault::RemovalNotDelivered) {
            return;
        }
        let qos = match () {
            () if self.has(Fault::QosOfSubscriptionIgnored) => message.qos,
            () if self.has(Fault::QosRaisedToGranted) => copy.qos,
            () => message.qos.min(copy.qos),
        };
        let keeps_retain = if self.has(Fault::RetainAsPublishedIgnored) {
            false
        } else {
            copy.retain_as_published || self.has(Fault::RetainFlagForwarded)
        };
        let subscription_ids = if self.has(Fault::SubscriptionIdMissing) {
            Vec::new()
        } else {
            copy.subscription_ids
        };
        let delivery = Delivery {
            message: message.clone(),
            qos,
            retain: message.retain && keeps_retain,
            subscription_ids,
        };
        self.deliver(&copy.client_id, delivery, now);
    }

    /// Wrongs a copy for a client that is away, where a fault says so.
    fn wrong_copy_for_absent(&self, copy: &mut Match) {
        let keeps_one = self.has(Fault::QueuedKeepsOneSubscriptionId);
        let is_lowered = self.has(Fault::OverlapAtLowestQosWhileAway);
        let is_away = |copy: &Match| {
            let session = self.sessions.get(&copy.client_id);
            session.is_some_and(|session| session.connection.is_none())
        };
        if keeps_one && is_away(copy) {
            copy.subscription_ids.truncate(1);
        }
        if is_lowered && is_away(copy) {
            copy.qos = copy.lowest_qos;
        }
    }

    /// Gives a copy of a message to one client, or keeps it for the client.
    pub(super) fn deliver_now(
        &mut self,
        client_id: &ClientId,
        mut delivery: Delivery,
        now: Duration,
    ) {
        let stores_qos_0 = self.options.stores_qos_0;
        let messages_max = self.options.queued_messages_max;
        let bytes_max = self.options.queued_bytes_max;
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        if delivery.qos == Qos::AtMostOnce {
            match session.connection {
                Some(_) if self.variants.has(Variant::QosZeroWaitsForQuota) => {}
                // QoS 0 needs no quota (section 4.9), and overtakes none that waits (v5-4.6.0-6).
                Some(id) if !session.outgoing.has_at_most_once() => {
                    let is_expired = delivery.message.is_expired(now);
                    if !is_expired {
                        session.outgoing.note_at_most_once(&delivery);
                        self.transmit(id, &Transmission::of_qos_0(delivery), now);
                    }
                    return;
                }
                None if self.faults.has(Fault::StoredQosZeroRaised) => {
                    delivery.qos = Qos::AtLeastOnce;
                }
                None if !stores_qos_0 => return,
                Some(_) | None => {}
            }
        }
        let message = &delivery.message;
        let is_skipped = self.faults.has(Fault::NothingQueuedForAbsentClient)
            || (message.payload.is_empty() && self.faults.has(Fault::EmptyMessageNotQueued))
            || (message.qos > delivery.qos && self.faults.has(Fault::MessageOfHigherQosNotQueued));
        if session.connection.is_none() && is_skipped {
            return;
        }
        if message.publisher == *client_id
            && message.qos == Qos::ExactlyOnce
            && self.faults.has(Fault::OwnQos2MessageNotSent)
        {
            return;
        }
        let outgoing = &mut session.outgoing;
        let len = delivery.message.len();
        let has_room = |outgoing: &Outgoing| {
            outgoing.len() < messages_max && outgoing.bytes().saturating_add(len) <= bytes_max
        };
        if !has_room(outgoing) {
            outgoing.drop_expired(now);
        }
        if has_room(outgoing) {
            outgoing.enqueue(delivery);
            return self.pump(client_id, now);
        }
        // QoS 0 promises nothing; a session that would lose anything else ends, so that its client can know.
        if delivery.qos > Qos::AtMostOnce {
            self.overfull.insert(client_id.clone());
        }
    }

    /// Sends again what a new connection finds unfinished, then what waited (v5-4.4.0-1).
    pub(super) fn resume_now(&mut self, client_id: &ClientId, now: Duration) {
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        let Some(id) = session.connection else {
            return;
        };
        session.outgoing.wrong_queue();
        session.outgoing.drop_released(now);
        let mut released = session.outgoing.released();
        if self.has(Fault::OnlyFirstPubrelResent) {
            released.truncate(1);
        }
        if self.may(Variant::PubrelRepeatedLast) {
            self.pump(client_id, now);
            self.send_pubrels(id, released);
        } else {
            self.send_pubrels(id, released);
            self.pump(client_id, now);
        }
    }

    /// Sends PUBREL for every message whose PUBREC came.
    pub(super) fn send_released_again(&mut self, id: ConnectionId) {
        if let Some(session) = self.session_of(id) {
            let released = session.outgoing.released();
            self.send_pubrels(id, released);
        }
    }

    fn send_pubrels(&mut self, id: ConnectionId, released: Vec<PacketId>) {
        for packet_id in released {
            self.send_pubrel(id, packet_id, ReasonCode::SUCCESS);
        }
    }

    /// Sends what waits, as far as the client has room (section 4.9).
    pub(super) fn pump(&mut self, client_id: &ClientId, now: Duration) {
        loop {
            let Some(session) = self.sessions.get_mut(client_id) else {
                return;
            };
            let Some(id) = session.connection else {
                return;
            };
            let Some(connection) = self.connections.get(&id) else {
                return;
            };
            if connection.is_held || connection.output_len >= OUTPUT_LEN {
                self.paused.insert(id);
                return;
            }
            let maximum = match () {
                () if self.faults.has(Fault::ReceiveMaximumIgnored) => u16::MAX,
                () if self.faults.has(Fault::ReceiveMaximumIgnoredForRetained)
                    && session.outgoing.is_retained_next() =>
                {
                    u16::MAX
                }
                () if self.faults.has(Fault::ReceiveMaximumIgnoredOnResume)
                    && session.outgoing.sends_again() =>
                {
                    u16::MAX
                }
                () if self.faults.has(Fault::ReceiveMaximumOffByOne) => {
                    connection.receive_maximum.saturating_add(1)
                }
                () => connection.receive_maximum,
            };
            let limit = usize::from(maximum.min(self.options.inflight_max).max(1));
            let Some(transmission) = session.outgoing.next(limit, now) else {
                return;
            };
            let is_sent = self.transmit(id, &transmission, now);
            let is_forgotten =
                transmission.delivery.retain && self.has(Fault::UnansweredRetainedForgotten);
            if (is_sent && !is_forgotten) || self.has(Fault::TooLargeMessageTakesSlot) {
                continue;
            }
            // Too large for the client: as if it had been delivered (v5-3.1.2-25).
            if let Some(packet_id) = transmission.packet_id
                && let Some(session) = self.sessions.get_mut(client_id)
            {
                session.outgoing.discard(packet_id);
            }
        }
    }

    /// Sends what was sent on this connection and not answered, as 3.1.1 does not forbid.
    pub(super) fn send_unanswered_again(&mut self, id: ConnectionId, now: Duration) {
        let Some(session) = self.session_of(id) else {
            return;
        };
        for transmission in session.outgoing.unanswered() {
            self.transmit(id, &transmission, now);
        }
    }

    /// Sends one PUBLISH; whether the client takes a packet of its size.
    fn transmit(&mut self, id: ConnectionId, transmission: &Transmission, now: Duration) -> bool {
        let delivery = &transmission.delivery;
        let message = &*delivery.message;
        let Some(connection) = self.connections.get_mut(&id) else {
            return true;
        };
        let version = connection.version;
        if version == ProtocolVersion::V3_1_1
            && !message.properties.as_properties().is_empty()
            && self.faults.has(Fault::NewMessagesNotForOldClients)
        {
            return true;
        }
        if version == ProtocolVersion::V3_1_1 {
            return self.transmit_as(id, transmission, TopicForm::Name, now);
        }
        let form = connection.aliases_out.form(&message.topic);
        if self.transmit_as(id, transmission, form, now) {
            return true;
        }
        // The client may have room for the packet without the alias, which takes three bytes.
        match form {
            TopicForm::Name => return false,
            TopicForm::Alias(_) => {}
            TopicForm::NameAndAlias(_) => {
                // It was not told of the alias after all.
                if let Some(connection) = self.connections.get_mut(&id)
                    && !self.faults.has(Fault::UnsentAliasUsed)
                {
                    connection.aliases_out.forget(&message.topic);
                }
            }
        }
        self.transmit_as(id, transmission, TopicForm::Name, now)
    }

    fn transmit_as(
        &mut self,
        id: ConnectionId,
        transmission: &Transmission,
        form: TopicForm,
        now: Duration,
    ) -> bool {
        let delivery = &transmission.delivery;
        let message = &*delivery.message;
        let is_new = self.version(id) == ProtocolVersion::V5_0;
        let properties = if is_new {
            self.publish_properties(delivery, form, now)
        } else {
            PropertiesBuf::new()
        };
        let topic = match form {
            TopicForm::Name | TopicForm::NameAndAlias(_) => message.topic_name(),
            TopicForm::Alias(_) => None,
        };
        let publish = |properties| {
            Packet::Publish(Publish {
                delivery: self.delivery(transmission),
                retain: delivery.retain,
                topic,
                properties,
                payload: &message.payload,
            })
        };
        let plain = publish(properties.as_properties());
        if !is_new || !self.may(Variant::OwnUserProperty) {
            return self.send(id, &plain);
        }
        let mut more = properties.clone();
        message::push(&mut more, Property::UserProperty(("broker", "of its own")));
        let marked = publish(more.as_properties());
        self.send(id, &marked) || self.send(id, &plain)
    }

    /// QoS, packet identifier and DUP of a PUBLISH.
    fn delivery(&self, transmission: &Transmission) -> packet::Delivery {
        let Some(packet_id) = transmission.packet_id else {
            return packet::Delivery::AtMostOnce;
        };
        let dup = match () {
            () if self.has(Fault::DupForwarded) => {
                transmission.dup || transmission.delivery.message.dup
            }
            () if self.has(Fault::DupNotSetOnResend) => false,
            () if self.has(Fault::DupNotSetOnResendOfRetained) && transmission.delivery.retain => {
                false
            }
            () if self.has(Fault::DupAlwaysSet) => true,
            () if self.has(Fault::DupSetOnRetained) && transmission.delivery.retain => true,
            () => transmission.dup,
        };
        match transmission.delivery.qos {
            Qos::AtMostOnce => packet::Delivery::AtMostOnce,
            Qos::AtLeastOnce => packet::Delivery::AtLeastOnce { packet_id, dup },
            Qos::ExactlyOnce => packet::Delivery::ExactlyOnce { packet_id, dup },
        }
    }

    /// The properties of a PUBLISH: the publisher's in their order, and the broker's own.
    fn publish_properties(
        &self,
        delivery: &Delivery,
        form: TopicForm,
        now: Duration,
    ) -> PropertiesBuf {
        let mut properties = PropertiesBuf::new();
        if let TopicForm::NameAndAlias(alias) | TopicForm::Alias(alias) = form {
            message::push(&mut properties, Property::TopicAlias(alias));
        }
        let message = &*delivery.message;
        let counted = if self.may(Variant::LifetimesRoundedDown) {
            now.saturating_add(Duration::from_secs(1))
        } else {
            now
        };
        let drops_content_type = !delivery.subscription_ids.is_empty()
            && self.has(Fault::ContentTypeLostBesideSubscriptionId);
        for property in self.forwarded_properties(message) {
            if drops_content_type && property.id() == PropertyId::ContentType {
                continue;
            }
            if let Property::MessageExpiryInterval(interval) = property
                && !self.has(Fault::MessageExpiryNotDecremented)
            {
                let mut remaining = message.remaining(interval, counted);
                if self.has(Fault::MessageExpiryDecrementedTwice) {
                    remaining = message.remaining(remaining, counted);
                }
                message::push(&mut properties, Property::MessageExpiryInterval(remaining));
            } else {
                message::push(&mut properties, property);
            }
        }
        for id in &delivery.subscription_ids {
            message::push(&mut properties, Property::SubscriptionIdentifier(*id));
        }
        properties
    }

    /// The properties that go on, less those that a fault drops or moves.
    fn forwarded_properties<'a>(&self, message: &'a Message) -> Vec<Property<'a>> {
        let mut properties: Vec<Property<'a>> = message
            .properties
            .as_properties()
            .iter()
            .filter(|property| !self.drops(*property))
            .collect();
        if self.has(Fault::RepeatedUserPropertyDropped) {
            properties.dedup();
        }
        if self.has(Fault::UserPropertiesSorted) {
            properties.sort_by_key(|property| format!("{property:?}"));
        }
        if self.has(Fault::UserPropertiesDoubled) {
            let is_user_property =
                |property: &Property<'_>| property.id() == PropertyId::UserProperty;
            let again: Vec<_> = properties
                .iter()
                .copied()
                .filter(is_user_property)
                .collect();
            properties.extend(again);
        }
        if self.has(Fault::RepeatedUserPropertiesMerged) {
            let mut names = std::collections::BTreeSet::new();
            properties.retain(|property| {
                if let Property::UserProperty((name, _)) = property {
                    names.insert(*name)
                } else {
                    true
                }
            });
        }
        properties
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "`message::forwarded` lists those that go on"
    )]
    fn drops(&self, property: Property<'_>) -> bool {
        let fault = match property.id() {
            PropertyId::PayloadFormatIndicator => Fault::PayloadFormatNotForwarded,
            PropertyId::MessageExpiryInterval => Fault::MessageExpiryNotForwarded,
            PropertyId::ContentType => Fault::ContentTypeNotForwarded,
            PropertyId::ResponseTopic => Fault::ResponseTopicNotForwarded,
            PropertyId::CorrelationData => Fault::CorrelationDataNotForwarded,
            PropertyId::UserProperty => Fault::UserPropertiesNotForwarded,
            // No other property goes on in the first place.
            _ => return false,
        };
        self.has(fault)
    }
}
