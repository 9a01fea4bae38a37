//! PUBLISH from a client (sections 3.3, 4.3).

use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::packet::{Delivery, PacketId, Publish};
use mqtt_assay_codec::property::{PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::TopicName;
use mqtt_assay_codec::{PacketType, ProtocolVersion, ReasonCode};

use super::alias::AliasesIn;
use super::connection::ConnectionId;
use super::core::Broker;
use super::fault::Fault;
use super::message::{self, Message};
use super::options::Denied;
use super::session::ClientId;
use super::variant::Variant;

impl Broker {
    /// Takes a PUBLISH.
    pub(super) fn publish(&mut self, id: ConnectionId, publish: &Publish<'_>, now: Duration) {
        let topic = match self.topic_of(id, publish) {
            Ok(topic) => topic,
            Err((reason, text)) => return self.fail(id, reason, text, now),
        };
        if self.refuses_text(&topic) {
            let text = "a character in the topic that should not be there";
            return self.fail(id, ReasonCode::MALFORMED_PACKET, text, now);
        }
        if let Err((reason, text)) = self.check_offered(publish) {
            return self.fail(id, reason, text, now);
        }
        let Some(client_id) = self.client_of(id) else {
            return;
        };
        let topic = if self.has(Fault::LongTopicTruncated) {
            topic.chars().take(LONG_TOPIC).collect()
        } else {
            topic
        };
        let topic = if self.has(Fault::DiscouragedCharactersStripped) {
            topic.chars().filter(|c| !is_discouraged(*c)).collect()
        } else {
            topic
        };
        let received = if self.may(Variant::LifetimesRoundedUp) {
            now.saturating_add(ROUNDING)
        } else {
            now
        };
        let mut message = to_message(&topic, publish, client_id, received);
        if self.has(Fault::PayloadMadeText) {
            message.make_text();
        }
        if self.has(Fault::PayloadTrimmed) {
            message.payload = Bytes::copy_from_slice(message.payload.trim_ascii());
        }
        if let Some(alias) = alias_of(publish)
            && self.has(Fault::PublishersAliasForwarded)
        {
            message::push(&mut message.properties, Property::TopicAlias(alias));
        }
        if self.must_refuse_to_retain(id, &message, publish.delivery.packet_id()) {
            return self.refuse_to_retain(id, publish.delivery, now);
        }
        match publish.delivery {
            Delivery::AtMostOnce => {
                if let Some((reason, text)) = self.objection(&message) {
                    if self.closes_for(reason) {
                        self.fail(id, reason, text, now);
                    }
                } else {
                    self.route(message, now);
                }
            }
            Delivery::AtLeastOnce { packet_id, .. } => {
                self.publish_at_least_once(id, packet_id, message, now);
            }
            Delivery::ExactlyOnce { packet_id, .. } => {
                self.publish_exactly_once(id, packet_id, message, now);
            }
        }
    }

    /// The topic of a PUBLISH: its own, or that of its alias (section 3.3.2.3.4).
    fn topic_of(
        &mut self,
        id: ConnectionId,
        publish: &Publish<'_>,
    ) -> Result<String, (ReasonCode, &'static str)> {
        let maximum = if self.has(Fault::HighestAliasRefused) {
            self.options.topic_alias_maximum.saturating_sub(1)
        } else {
            self.options.topic_alias_maximum
        };
        let shares_aliases = self.has(Fault::AliasesOutliveConnection);
        let ignores_maximum = self.has(Fault::AliasMaximumNotEnforced);
        let ignores_remapping = self.has(Fault::AliasKeepsFirstTopic);
        let accepts_unknown = self.has(Fault::UnknownAliasIgnored);
        let aliases = if shares_aliases {
            &mut self.shared_aliases
        } else {
            let Some(connection) = self.connections.get_mut(&id) else {
                return Err((ReasonCode::UNSPECIFIED_ERROR, "the connection is gone"));
            };
            &mut connection.aliases_in
        };
        let alias = alias_of(publish);
        if alias.is_some_and(|alias| alias == 0 || (alias > maximum && !ignores_maximum)) {
            return Err((
                ReasonCode::TOPIC_ALIAS_INVALID,
                "a topic alias out of range",
            ));
        }
        match (&publish.topic, alias) {
            (Some(topic), None) => Ok(topic.as_str().to_owned()),
            (Some(topic), Some(alias)) => {
                if !ignores_remapping || aliases.topic(alias).is_none() {
                    aliases.set(alias, topic.as_str());
                }
                Ok(topic.as_str().to_owned())
            }
            (None, Some(alias)) => resolve(aliases, alias, accepts_unknown),
            (None, None) => Err((ReasonCode::PROTOCOL_ERROR, "no topic and no topic alias")),
        }
    }

    /// Whether the broker said that it takes such messages (rule u5-11).
    fn check_offered(&self, publish: &Publish<'_>) -> Result<(), (ReasonCode, &'static str)> {
        if publish.delivery.qos() > self.options.maximum_qos
            && !self.has(Fault::PublishAboveMaximumQosAccepted)
        {
            return Err((ReasonCode::QOS_NOT_SUPPORTED, "a QoS above the maximum"));
        }
        if publish.retain
            && !self.options.retain_available
            && !self.has(Fault::RetainAcceptedAlthoughUnavailable)
        {
            return Err((
                ReasonCode::RETAIN_NOT_SUPPORTED,
                "messages are not retained",
            ));
        }
        Ok(())
    }

    /// Whether a message that has to be retained finds no room, and its client can be told so.
    fn must_refuse_to_retain(
        &mut self,
        id: ConnectionId,
        message: &Message,
        packet_id: Option<PacketId>,
    ) -> bool {
        if !message.retain || message.payload.is_empty() || self.can_retain(message) {
            return false;
        }
        packet_id.is_some_and(|packet_id| {
            // What was taken over before is not refused any more.
            self.session_of(id)
                .is_none_or(|session| !session.incoming.contains(&packet_id))
        })
    }

    /// Refuses a message that cannot be retained: 3.1.1 has no way to say so, and closes (v3-4.8.0-2).
    fn refuse_to_retain(&mut self, id: ConnectionId, delivery: Delivery, now: Duration) {
        let (reason, text) = (ReasonCode::QUOTA_EXCEEDED, "too many retained messages");
        if !self.version(id).has_reason_codes() {
            return self.fail(id, reason, text, now);
        }
        match delivery {
            Delivery::AtMostOnce => {}
            Delivery::AtLeastOnce { packet_id, .. } => {
                self.send_ack(id, PacketType::Puback, packet_id, reason, text);
            }
            Delivery::ExactlyOnce { packet_id, .. } => {
                self.send_ack(id, PacketType::Pubrec, packet_id, reason, text);
            }
        }
    }

    fn publish_at_least_once(
        &mut self,
        id: ConnectionId,
        packet_id: PacketId,
        message: Message,
        now: Duration,
    ) {
        if let Some(objection) = self.objection(&message) {
            return self.deny_publish(id, PacketType::Puback, packet_id, objection, now);
        }
        let is_in_use = self
            .session_of(id)
            .is_some_and(|session| session.incoming.contains(&packet_id));
        if is_in_use && self.version(id).has_reason_codes() {
            let reason = ReasonCode::PACKET_IDENTIFIER_IN_USE;
            let text = "the identifier belongs to a QoS 2 message";
            return self.send_ack(id, PacketType::Puback, packet_id, reason, text);
        }
        if message.dup && self.has(Fault::DupTakenForDuplicate) {
            let reason = ReasonCode::SUCCESS;
            return self.send_ack(id, PacketType::Puback, packet_id, reason, "");
        }
        let routed = self.accept_message(message);
        let is_wanted = routed.is_wanted();
        self.acknowledge_and_hand_out(routed, now, |broker| {
            broker.send_puback(id, packet_id, is_wanted);
        });
    }

    /// Answers a QoS 1 message that was taken over.
    fn send_puback(&mut self, id: ConnectionId, packet_id: PacketId, is_wanted: bool) {
        if self.has(Fault::PubackMissing) {
            return;
        }
        if self.has(Fault::PubackSentAsPubrec) {
            let reason = ReasonCode::SUCCESS;
            return self.send_ack(id, PacketType::Pubrec, packet_id, reason, "");
        }
        let (reason, text) = self.acceptance(id, is_wanted);
        if self.has(Fault::PubackTwice) {
            self.send_ack(id, PacketType::Puback, packet_id, reason, text);
        }
        self.send_ack(id, PacketType::Puback, packet_id, reason, text);
    }

    /// Delivers at once, and remembers the identifier until PUBREL (section 4.3.3, method A).
    fn publish_exactly_once(
        &mut self,
        id: ConnectionId,
        packet_id: PacketId,
        message: Message,
        now: Duration,
    ) {
        let Some(session) = self.session_of(id) else {
            return;
        };
        let is_repeat = session.incoming.contains(&packet_id) || self.is_of_another(packet_id);
        if !is_repeat && let Some(objection) = self.objection(&message) {
            return self.deny_publish(id, PacketType::Pubrec, packet_id, objection, now);
        }
        if self.exceeds_receive_maximum(id, packet_id) {
            let text = "more unfinished messages than receive-maximum";
            return self.fail(id, ReasonCode::RECEIVE_MAXIMUM_EXCEEDED, text, now);
        }
        let is_held = self.may(Variant::DeliversOnPubrel);
        let mut message = Some(message);
        if let Some(session) = self.session_of(id) {
            session.incoming.insert(packet_id);
            if is_held && !is_repeat {
                session
                    .held
                    .extend(message.take().map(|it| (packet_id, it)));
            }
        }
        if is_repeat && self.has(Fault::RepeatedQos2NotAnswered) {
            return;
        }
        if is_repeat && !self.has(Fault::RepeatedQos2Delivered) {
            message = None;
        }
        if self.has(Fault::DupTakenForDuplicateAtQosTwo) {
            message = message.filter(|message| !message.dup);
        }
        if let Some(message) = message {
            let routed = self.accept_message(message);
            let is_wanted = routed.is_wanted();
            if !is_wanted
                && self.has(Fault::IdNotFreedWithoutSubscribers)
                && let Some(session) = self.session_of(id)
            {
                session.past.stuck.insert(packet_id);
            }
            self.acknowledge_and_hand_out(routed, now, |broker| {
                broker.send_pubrec(id, packet_id, is_wanted);
            });
        } else {
            // Whether anybody wants it is not known yet, or was said before.
            self.send_pubrec(id, packet_id, true);
        }
    }

    /// Whether any client has begun a message with an identifier, which concerns no other but by a fault.
    fn is_of_another(&self, packet_id: PacketId) -> bool {
        let mut sessions = self.sessions.values();
        self.has(Fault::IdsSharedByClients) && sessions.any(|it| it.incoming.contains(&packet_id))
    }

    /// Answers a QoS 2 message that was taken over.
    fn send_pubrec(&mut self, id: ConnectionId, packet_id: PacketId, is_wanted: bool) {
        if self.has(Fault::PubrecMissing) {
            return;
        }
        let (reason, text) = self.acceptance(id, is_wanted);
        self.send_ack(id, PacketType::Pubrec, packet_id, reason, text);
        if self.has(Fault::PubcompWithPubrec) {
            let success = ReasonCode::SUCCESS;
            self.send_ack(id, PacketType::Pubcomp, packet_id, success, "");
        }
    }

    /// Counts a QoS 2 message against the Receive Maximum of the broker (v5-3.3.4-7). QoS 1 is answered at once, so
    /// it never counts.
    fn exceeds_receive_maximum(&mut self, id: ConnectionId, packet_id: PacketId) -> bool {
        let maximum = usize::from(self.options.receive_maximum.max(1));
        let Some(connection) = self.connections.get_mut(&id) else {
            return false;
        };
        connection.unfinished.insert(packet_id);
        connection.version == ProtocolVersion::V5_0
            && connection.unfinished.len() > maximum
            && !self.has(Fault::ReceiveMaximumNotEnforced)
    }

    /// Why a message is not taken, if it is not.
    fn objection(&self, message: &Message) -> Option<(ReasonCode, &'static str)> {
        let is_denied = message
            .topic_name()
            .is_none_or(|topic| self.is_denied(&topic, Denied::Publish));
        if is_denied || (message.topic.starts_with('$') && self.may(Variant::DollarTopicsDenied)) {
            return Some((ReasonCode::NOT_AUTHORIZED, "publishing is denied"));
        }
        if self.may(Variant::PayloadFormatChecked) && !message.is_as_it_says() {
            let text = "the payload is no text";
            return Some((ReasonCode::PAYLOAD_FORMAT_INVALID, text));
        }
        None
    }

    /// Whether the broker has nothing to say but goodbye.
    fn closes_for(&self, reason: ReasonCode) -> bool {
        reason == ReasonCode::NOT_AUTHORIZED && self.may(Variant::DeniedPublishCloses)
    }

    /// Whether a string has a character that it should not have, and that the broker does not take.
    pub(super) fn refuses_text(&self, text: &str) -> bool {
        self.may(Variant::DiscouragedCharactersRefused) && text.chars().any(is_discouraged)
    }

    /// Refuses a message: 3.1.1 has no way to say so, and acknowledges (v3-3.3.5-2).
    fn deny_publish(
        &mut self,
        id: ConnectionId,
        packet_type: PacketType,
        packet_id: PacketId,
        (reason, text): (ReasonCode, &'static str),
        now: Duration,
    ) {
        if self.closes_for(reason) {
            return self.fail(id, reason, text, now);
        }
        if self.has(Fault::DeniedPublishNotAnswered) {
            return;
        }
        let is_told =
            self.version(id).has_reason_codes() && !self.may(Variant::DeniedPublishAcknowledged);
        let reason = if is_told { reason } else { ReasonCode::SUCCESS };
        // After PUBREC with an error the identifier is free again (v5-4.3.3-9).
        if reason.is_error()
            && packet_type == PacketType::Pubrec
            && self.has(Fault::RefusedIdStaysInUse)
            && let Some(session) = self.session_of(id)
        {
            session.incoming.insert(packet_id);
        }
        if reason == ReasonCode::SUCCESS
            && packet_type == PacketType::Pubrec
            && let Some(session) = self.session_of(id)
        {
            session.incoming.insert(packet_id);
        }
        self.send_ack(id, packet_type, packet_id, reason, text);
    }

    fn acceptance(&self, id: ConnectionId, is_wanted: bool) -> (ReasonCode, &'static str) {
        let has_reasons = self.version(id).has_reason_codes();
        if is_wanted || !has_reasons || !self.options.reports_no_subscribers {
            return (ReasonCode::SUCCESS, "");
        }
        (
            ReasonCode::NO_MATCHING_SUBSCRIBERS,
            "nobody subscribes to the topic",
        )
    }

    /// Routes a message whose CONNECT was rejected: a fault alone comes here.
    pub(super) fn route_refused(&mut self, publish: &Publish<'_>, now: Duration) {
        if let Some(topic) = publish.topic {
            let message = to_message(topic.as_str(), publish, "".into(), now);
            self.route(message, now);
        }
    }

    /// The client of a connection.
    pub(super) fn client_of(&self, id: ConnectionId) -> Option<ClientId> {
        self.connections.get(&id)?.client_id().cloned()
    }
}

fn alias_of(publish: &Publish<'_>) -> Option<u16> {
    let alias = publish.properties.integer(PropertyId::TopicAlias)?;
    u16::try_from(alias).ok()
}

fn resolve(
    aliases: &AliasesIn,
    alias: u16,
    accepts_unknown: bool,
) -> Result<String, (ReasonCode, &'static str)> {
    match aliases.topic(alias) {
        Some(topic) => Ok(topic.to_owned()),
        None if accepts_unknown => Ok("unknown".to_owned()),
        None => Err((
            ReasonCode::PROTOCOL_ERROR,
            "a topic alias that stands for nothing",
        )),
    }
}

fn to_message(
    topic: &str,
    publish: &Publish<'_>,
    publisher: ClientId,
    received: Duration,
) -> Message {
    debug_assert!(TopicName::new(topic).is_ok(), "topics come from decoding");
    let properties: PropertiesBuf = message::forwarded(publish.properties);
    Message {
        topic: topic.to_owned(),
        payload: Bytes::copy_from_slice(publish.payload),
        qos: publish.delivery.qos(),
        retain: publish.retain,
        dup: publish.delivery.dup(),
        properties,
        received,
        publisher,
    }
}

/// Whether a string should not have the character (rule u5-38).
fn is_discouraged(character: char) -> bool {
    let code = character as u32;
    character.is_control() || code & 0xfffe == 0xfffe || matches!(code, 0xfdd0..=0xfdef)
}

/// How far off a clock of whole seconds may be.
const ROUNDING: Duration = Duration::from_millis(900);
/// More characters than a test's topics have, but for one that tries the limit.
const LONG_TOPIC: usize = 32_767;
