//! What a client asked for on a connection, and what it got: so that what nobody asked for is noticed.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use mqtt_assay_codec::notation::{Draft, Value};
use mqtt_assay_codec::packet::{Ack, Connect, Delivery, Outcome, PacketId, Publish};
use mqtt_assay_codec::property::{Properties, PropertyId};
use mqtt_assay_codec::{Packet, PacketType, ProtocolVersion, Qos, StatementId};

use super::client::packet_of;
use super::inbox::{InboxState, ReaderContext, Violation};
use super::value::Rendered;

/// A rule that is broken, and how.
pub(crate) type Finding = (StatementId, String);

/// The account of one connection.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// Whether something was sent that is not valid: what the broker makes of it nobody can know.
    is_unknown: bool,
    asked: BTreeMap<Answer, u32>,
    answered: BTreeMap<Answer, u32>,
    /// What other connections with the same client identifier asked for.
    earlier: BTreeSet<Answer>,
    /// The messages of the broker whose handshakes the client has not finished.
    in_flight: BTreeMap<u16, InFlight>,
    /// Every packet identifier of a message of the broker.
    seen: BTreeSet<u16>,
    receive_maximum: Option<u32>,
    is_clean: bool,
    refuses_problem_information: bool,
}

/// A packet that answers another one.
pub(crate) type Answer = (PacketType, u16);

#[derive(Debug)]
struct InFlight {
    qos: Qos,
    payload: Bytes,
}

impl InboxState {
    /// Nothing comes that was not asked for: no answer, no QoS, no subscription identifier.
    pub(super) fn check_ledger(
        &mut self,
        packet: &Packet<'_>,
        draft: &Draft,
        topic: Option<&[u8]>,
        context: &ReaderContext,
        trace_index: usize,
    ) {
        if let Packet::Suback(suback) = packet {
            let client_id = context.announced().client_id;
            context.interests.grant(&client_id, suback);
        }
        let finding = self
            .ledger
            .judge(packet, draft, context.version)
            .or_else(|| {
                let Packet::Publish(publish) = packet else {
                    return None;
                };
                let interests = &context.interests;
                interests.judge_wishes(&context.announced(), publish, topic?, context.version)
            });
        if let Some((statement, message)) = finding {
            self.suspect(Violation {
                statement,
                message,
                actual: context.trace.packet_at(trace_index),
                trace_index,
            });
        }
    }
}

impl Ledger {
    /// Notes what other connections of the client asked for.
    pub(crate) fn note_earlier(&mut self, mut earlier: BTreeSet<Answer>) {
        // What a session keeps is answered later; a ping is not.
        earlier.remove(&(PacketType::Pingresp, 0));
        self.earlier = earlier;
    }

    /// Notes that the broker may do as it likes from here on.
    pub(crate) const fn expect_anything(&mut self) {
        self.is_unknown = true;
    }

    /// Notes what the client sends; what answers it, if anything does.
    pub(crate) fn note(&mut self, packet: &Rendered, version: ProtocolVersion) -> Option<Answer> {
        match packet_of(&packet.bytes, version) {
            Some(valid) if !packet.is_malformed => self.note_packet(&valid),
            _ => {
                self.expect_anything();
                None
            }
        }
    }

    fn note_packet(&mut self, packet: &Packet<'_>) -> Option<Answer> {
        match packet {
            Packet::Connect(connect) => self.note_connect(connect),
            Packet::Puback(ack) => self.finish(ack, Qos::AtLeastOnce),
            Packet::Pubrec(ack) if ack.outcome.reason().is_error() => {
                self.finish(ack, Qos::ExactlyOnce);
            }
            Packet::Pubcomp(ack) => self.finish(ack, Qos::ExactlyOnce),
            _ => {}
        }
        let answer = answer_to(packet)?;
        *self.asked.entry(answer).or_default() += 1;
        Some(answer)
    }

    fn note_connect(&mut self, connect: &Connect<'_>) {
        let integer = |id| connect.properties.integer(id);
        self.is_clean = connect.clean_start;
        self.receive_maximum = integer(PropertyId::ReceiveMaximum);
        self.refuses_problem_information =
            integer(PropertyId::RequestProblemInformation) == Some(0);
    }

    /// A handshake is over; one of another kind than the message's leaves the broker free.
    fn finish(&mut self, ack: &Ack<'_>, qos: Qos) {
        let message = self.in_flight.remove(&ack.packet_id.get());
        self.is_unknown |= message.is_some_and(|message| message.qos != qos);
    }

    /// What is wrong with a packet of the broker, as far as it depends on those before it.
    pub(crate) fn judge(
        &mut self,
        packet: &Packet<'_>,
        draft: &Draft,
        version: ProtocolVersion,
    ) -> Option<Finding> {
        if self.is_unknown {
            return None;
        }
        let by_content = match packet {
            Packet::Publish(publish) => self.judge_publish(publish, payload_of(draft), version),
            Packet::Puback(ack)
            | Packet::Pubrec(ack)
            | Packet::Pubrel(ack)
            | Packet::Pubcomp(ack) => self.judge_properties(outcome_of(&ack.outcome)),
            Packet::Suback(ack) => self.judge_properties(ack.properties),
            Packet::Unsuback(ack) => self.judge_properties(ack.properties),
            Packet::Auth(auth) => self.judge_properties(outcome_of(&auth.outcome)),
            _ => None,
        };
        by_content.or_else(|| self.judge_answer(packet, version))
    }

    /// What a client that wants no problem information may not get (section 3.1.2.11.7).
    fn judge_properties(&self, properties: Properties<'_>) -> Option<Finding> {
        let explains = properties.text(PropertyId::ReasonString).is_some()
            || properties.user_properties().next().is_some();
        (self.refuses_problem_information && explains).then(|| {
            let message =
                "the broker explains itself to a client that wants no problem information";
            (StatementId::v5(3, 1, 2, 29), message.to_owned())
        })
    }

    fn judge_publish(
        &mut self,
        publish: &Publish<'_>,
        payload: Bytes,
        version: ProtocolVersion,
    ) -> Option<Finding> {
        let id = publish.delivery.packet_id()?.get();
        let message = InFlight {
            qos: publish.delivery.qos(),
            payload: payload.clone(),
        };
        let is_dup = publish.delivery.dup();
        if let Some(old) = self.in_flight.insert(id, message) {
            let is_repeat = is_dup && old.payload == payload;
            return match version {
                ProtocolVersion::V3_1_1 if is_repeat => None,
                ProtocolVersion::V5_0 if is_repeat => Some((
                    StatementId::v5(4, 4, 0, 1),
                    format!("the broker sent message {id} again on the same connection"),
                )),
                _ => Some((
                    by_version(version, (2, 3, 1, 4), (2, 2, 1, 4)),
                    format!("packet identifier {id} belongs to a message that is not finished"),
                )),
            };
        }
        // A clean session has nothing to send again.
        if self.seen.insert(id) && is_dup && self.is_clean {
            let statement = by_version(version, (3, 3, 1, 3), (3, 3, 1, 3));
            return Some((
                statement,
                format!("message {id} has DUP, and it never came before"),
            ));
        }
        let maximum = self.receive_maximum.filter(|maximum| *maximum > 0)?;
        (self.in_flight.len() > maximum as usize).then(|| {
            let message =
                format!("more messages are under way than the Receive Maximum of {maximum}");
            (StatementId::v5(3, 3, 4, 9), message)
        })
    }

    /// An answer to nothing, or one too many.
    fn judge_answer(&mut self, packet: &Packet<'_>, version: ProtocolVersion) -> Option<Finding> {
        let answer = as_answer(packet)?;
        let (packet_type, id) = answer;
        let name = packet_type.name();
        let answered = self.answered.entry(answer).or_default();
        *answered += 1;
        let asked = self.asked.get(&answer).copied().unwrap_or_default();
        let answered = *answered;
        if answered <= asked || self.earlier.contains(&answer) {
            return None;
        }
        if asked == 0
            && let Some(right) = self.other_kind(answer)
        {
            let message = format!(
                "the broker sent {name} for identifier {id}; {} answers what has it",
                right.name()
            );
            return Some((by_version(version, (3, 3, 4, 1), (3, 3, 4, 1)), message));
        }
        let message = match (asked, id) {
            (0, 0) => format!("the broker sent {name}, and nothing was sent that it could answer"),
            (0, _) => format!(
                "the broker sent {name} for identifier {id}, which nothing has that it could answer"
            ),
            _ => format!("the broker sent {name} {answered} times for what was sent {asked} times"),
        };
        // In 3.1.1 a timer may repeat PUBREL, and some brokers repeat PUBREC too.
        let may_repeat = matches!(packet_type, PacketType::Pubrec | PacketType::Pubrel);
        if asked > 0 && may_repeat && version == ProtocolVersion::V3_1_1 {
            return None;
        }
        Some((rule(packet_type, asked > 0, version), message))
    }

    /// What answers a PUBLISH of the client, if it is answered as if it had another QoS.
    fn other_kind(&self, (packet_type, id): Answer) -> Option<PacketType> {
        let right = match packet_type {
            PacketType::Puback => PacketType::Pubrec,
            PacketType::Pubrec => PacketType::Puback,
            _ => return None,
        };
        self.asked.contains_key(&(right, id)).then_some(right)
    }
}

/// The payload of a PUBLISH, shared and not copied; of any other packet nothing.
pub(super) fn payload_of(draft: &Draft) -> Bytes {
    let mut values = draft.all("payload");
    match values.next() {
        Some(Value::Bytes(payload)) => payload.clone(),
        Some(Value::Flag(_) | Value::Number(_) | Value::Pair(..)) | None => Bytes::new(),
    }
}

/// The rule that an answer breaks: that on its identifier, or that on answering at all.
fn rule(packet_type: PacketType, was_asked: bool, version: ProtocolVersion) -> StatementId {
    let (v3, v5) = match (packet_type, was_asked) {
        (PacketType::Pubcomp, false) => ((4, 3, 3, 2), (2, 2, 1, 5)),
        (PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel, false) => {
            ((2, 3, 1, 6), (2, 2, 1, 5))
        }
        (PacketType::Suback | PacketType::Unsuback, false) => ((2, 3, 1, 7), (2, 2, 1, 6)),
        (PacketType::Puback, true) => ((4, 3, 2, 2), (4, 3, 2, 4)),
        (PacketType::Pubrec, true) => ((4, 3, 3, 2), (4, 3, 3, 8)),
        (PacketType::Pubrel, true) => ((4, 3, 3, 1), (4, 3, 3, 4)),
        (PacketType::Pubcomp, true) => ((4, 3, 3, 2), (4, 3, 3, 11)),
        (PacketType::Suback, true) => ((3, 8, 4, 1), (3, 8, 4, 1)),
        (PacketType::Unsuback, true) => ((3, 10, 4, 4), (3, 10, 4, 4)),
        _ => ((3, 12, 4, 1), (3, 12, 4, 1)),
    };
    by_version(version, v3, v5)
}

type Number = (u8, u8, u8, u8);

const fn by_version(version: ProtocolVersion, v3: Number, v5: Number) -> StatementId {
    match version {
        ProtocolVersion::V3_1_1 => StatementId::v3(v3.0, v3.1, v3.2, v3.3),
        ProtocolVersion::V5_0 => StatementId::v5(v5.0, v5.1, v5.2, v5.3),
    }
}

/// What answers a packet of the client. A PUBREC is answered whatever its reason: who gets an error may be mistaken.
fn answer_to(packet: &Packet<'_>) -> Option<Answer> {
    let of = |packet_type, id: PacketId| Some((packet_type, id.get()));
    match packet {
        Packet::Publish(publish) => match publish.delivery {
            Delivery::AtMostOnce => None,
            Delivery::AtLeastOnce { packet_id, .. } => of(PacketType::Puback, packet_id),
            Delivery::ExactlyOnce { packet_id, .. } => of(PacketType::Pubrec, packet_id),
        },
        Packet::Pubrec(ack) => of(PacketType::Pubrel, ack.packet_id),
        Packet::Pubrel(ack) => of(PacketType::Pubcomp, ack.packet_id),
        Packet::Subscribe(subscribe) => of(PacketType::Suback, subscribe.packet_id),
        Packet::Unsubscribe(unsubscribe) => of(PacketType::Unsuback, unsubscribe.packet_id),
        Packet::Pingreq => Some((PacketType::Pingresp, 0)),
        _ => None,
    }
}

/// A packet of the broker as an answer.
fn as_answer(packet: &Packet<'_>) -> Option<Answer> {
    let id = match packet {
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            ack.packet_id.get()
        }
        Packet::Suback(suback) => suback.packet_id.get(),
        Packet::Unsuback(unsuback) => unsuback.packet_id.get(),
        Packet::Pingresp => 0,
        _ => return None,
    };
    Some((packet.packet_type(), id))
}

fn outcome_of<'a>(outcome: &Outcome<'a>) -> Properties<'a> {
    outcome.properties()
}

#[cfg(test)]
mod tests;
