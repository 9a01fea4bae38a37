//! PUBACK, PUBREC, PUBREL and PUBCOMP from a client (section 4.3).

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::packet::{Ack, PacketId};
use mqtt_assay_codec::{PacketType, ReasonCode};

use super::connection::ConnectionId;
use super::core::Broker;
use super::fault::Fault;
use super::inflight::Acknowledged;
use super::message::Message;
use super::session::Session;
use super::variant::Variant;

impl Broker {
    /// Takes PUBACK: a QoS 1 message is finished, whatever the reason (v5-4.4.0-2).
    pub(super) fn puback(&mut self, id: ConnectionId, ack: &Ack<'_>, now: Duration) {
        if !ack.outcome.has_reason()
            && self.version(id).has_reason_codes()
            && self.has(Fault::ShortPubackRefused)
        {
            let text = "PUBACK without a reason code";
            return self.fail(id, ReasonCode::MALFORMED_PACKET, text, now);
        }
        let ignores_errors = self.has(Fault::PubackErrorKeepsMessage);
        if ignores_errors && ack.outcome.reason().is_error() {
            return;
        }
        let Some(session) = self.session_of(id) else {
            return;
        };
        let message = session.outgoing.message(ack.packet_id);
        let acknowledged = session.outgoing.puback(ack.packet_id);
        if ack.outcome.reason().is_error() {
            self.give_to_others(message, now);
        }
        self.go_on(id, acknowledged, now);
    }

    /// Takes PUBREC: PUBREL follows, or the message is finished by an error (v5-4.3.3-4).
    pub(super) fn pubrec(&mut self, id: ConnectionId, ack: &Ack<'_>, now: Duration) {
        let packet_id = ack.packet_id;
        let Some(session) = self.session_of(id) else {
            return;
        };
        if ack.outcome.reason().is_error() {
            let message = session.outgoing.message(packet_id);
            let acknowledged = session.outgoing.pubrec_error(packet_id);
            self.give_to_others(message, now);
            if self.has(Fault::PubrelAfterPubrecError) {
                self.send_pubrel(id, packet_id, ReasonCode::SUCCESS);
            }
            return self.go_on(id, acknowledged, now);
        }
        match session.outgoing.pubrec(packet_id) {
            Acknowledged::Expected if self.has(Fault::PubrelMissing) => {}
            Acknowledged::Expected => {
                self.send_pubrel(id, packet_id, ReasonCode::SUCCESS);
                self.pump_connection(id, now);
            }
            Acknowledged::Unknown if self.has(Fault::UnknownPubrecIgnored) => {}
            Acknowledged::Unknown if self.closes_at_unknown_id(id) => {
                self.go_on(id, Acknowledged::Unknown, now);
            }
            Acknowledged::Unknown => {
                let reason = self.reason_for_unknown_id();
                self.send_pubrel(id, packet_id, reason);
            }
            acknowledged @ (Acknowledged::OutOfTurn | Acknowledged::TooSoon) => {
                self.go_on(id, acknowledged, now);
            }
        }
    }

    /// Gives a message that its receiver refused to others: by a fault alone (v5-4.8.2-6).
    fn give_to_others(&mut self, message: Option<Arc<Message>>, now: Duration) {
        if let Some(message) = message
            && self.has(Fault::RefusedMessageGivenToOthers)
        {
            self.distribute(message, now);
        }
    }

    /// Takes PUBREL: the identifier is free from here on (v5-4.3.3-12).
    pub(super) fn pubrel(&mut self, id: ConnectionId, ack: &Ack<'_>, now: Duration) {
        let packet_id = ack.packet_id;
        let keeps_id = self.has(Fault::IdNotFreedByPubrel);
        let Some(session) = self.session_of(id) else {
            return;
        };
        let is_known = if keeps_id {
            session.incoming.contains(&packet_id)
        } else {
            session.incoming.remove(&packet_id)
        };
        if session.past.stuck.contains(&packet_id) {
            session.incoming.insert(packet_id);
        }
        let held = session.held.remove(&packet_id);
        let connection = self.connections.get_mut(&id);
        let is_of_this = connection.is_some_and(|it| it.unfinished.remove(&packet_id));
        let is_known = is_known && (is_of_this || !self.has(Fault::PubrelUnknownOnResume));
        let complete = |broker: &mut Self| broker.answer_pubrel(id, packet_id, is_known);
        if let Some(message) = held {
            let routed = self.accept_message(message);
            self.acknowledge_and_hand_out(routed, now, complete);
        } else {
            complete(self);
        }
    }

    /// Answers PUBREL.
    fn answer_pubrel(&mut self, id: ConnectionId, packet_id: PacketId, is_known: bool) {
        if self.has(Fault::PubcompMissing) || (!is_known && self.has(Fault::UnknownPubrelIgnored)) {
            return;
        }
        let (reason, text) = if is_known {
            (ReasonCode::SUCCESS, "")
        } else {
            (
                self.reason_for_unknown_id(),
                "no message has this identifier",
            )
        };
        self.send_ack(id, PacketType::Pubcomp, packet_id, reason, text);
    }

    /// Takes PUBCOMP: a QoS 2 message is finished.
    pub(super) fn pubcomp(&mut self, id: ConnectionId, ack: &Ack<'_>, now: Duration) {
        let ignores_errors = self.has(Fault::PubcompErrorIgnored);
        let Some(session) = self.session_of(id) else {
            return;
        };
        if ack.outcome.reason().is_error() && ignores_errors {
            return;
        }
        let acknowledged = session.outgoing.pubcomp(ack.packet_id);
        self.go_on(id, acknowledged, now);
    }

    pub(super) fn send_pubrel(
        &mut self,
        id: ConnectionId,
        packet_id: PacketId,
        reason: ReasonCode,
    ) {
        let text = if reason.is_error() {
            "no message has this identifier"
        } else {
            ""
        };
        self.send_ack(id, PacketType::Pubrel, packet_id, reason, text);
    }

    /// The session of a connection.
    pub(super) fn session_of(&mut self, id: ConnectionId) -> Option<&mut Session> {
        let client_id = self.connections.get(&id)?.client_id()?;
        self.sessions.get_mut(client_id)
    }

    /// Sends what an acknowledgement made room for. One for an unknown identifier is let pass (rule u3-14).
    fn go_on(&mut self, id: ConnectionId, acknowledged: Acknowledged, now: Duration) {
        match acknowledged {
            Acknowledged::Expected => self.pump_connection(id, now),
            Acknowledged::Unknown if self.closes_at_unknown_id(id) => {
                let text = "an acknowledgement for a packet identifier that is not in use";
                self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
            }
            Acknowledged::Unknown => {}
            Acknowledged::OutOfTurn if self.may(Variant::WrongAcknowledgementsIgnored) => {}
            Acknowledged::OutOfTurn => {
                let text = "an acknowledgement of the wrong type";
                self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
            }
            Acknowledged::TooSoon => {
                let text = "an acknowledgement while an earlier message has none";
                self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
            }
        }
    }

    fn closes_at_unknown_id(&self, id: ConnectionId) -> bool {
        !self.version(id).has_reason_codes() && self.may(Variant::UnknownIdsClose)
    }

    fn reason_for_unknown_id(&self) -> ReasonCode {
        if self.may(Variant::UnknownIdsTakenForKnown) {
            ReasonCode::SUCCESS
        } else {
            ReasonCode::PACKET_IDENTIFIER_NOT_FOUND
        }
    }

    pub(super) fn pump_connection(&mut self, id: ConnectionId, now: Duration) {
        if let Some(client_id) = self.client_of(id) {
            self.pump(&client_id, now);
        }
    }
}
