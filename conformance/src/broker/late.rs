//! What a broker that takes its time puts off: what its variants say.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::PacketType;

use super::connection::ConnectionId;
use super::core::{Broker, Output};
use super::message::Delivery;
use super::session::ClientId;
use super::variant::Variant;
use super::will::Will;

/// What is due, in order, and when.
type Queue<T> = VecDeque<(Duration, T)>;

/// What is put off, each with the time when it is due; the first is due first.
#[derive(Debug, Default)]
pub(super) struct Late {
    /// With a number, so that those of one time keep their order.
    deliveries: BTreeMap<(Duration, u64), (ClientId, Delivery)>,
    delivered: u64,
    acknowledgements: Queue<(ConnectionId, Bytes)>,
    resumptions: Queue<(ClientId, ConnectionId)>,
    wills: Queue<(ClientId, Will)>,
}

impl Late {
    /// When there is something to do.
    pub(super) fn first(&self) -> Option<Duration> {
        let delivery = self.deliveries.first_key_value();
        [
            delivery.map(|((due, _), _)| *due),
            self.acknowledgements.front().map(|(due, _)| *due),
            self.resumptions.front().map(|(due, _)| *due),
            self.wills.front().map(|(due, _)| *due),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Forgets what was on its way to a session that has ended.
    pub(super) fn forget(&mut self, client_id: &ClientId) {
        self.deliveries.retain(|_, (id, _)| id != client_id);
    }
}

impl Broker {
    /// Gives a copy of a message to one client, now or a bit later.
    pub(super) fn deliver(&mut self, client_id: &ClientId, delivery: Delivery, now: Duration) {
        let lateness = match () {
            () if self.may(Variant::DeliversLate) => LATENESS,
            () if self.may(Variant::TopicsOvertake) => pace_of(&delivery),
            () => return self.deliver_now(client_id, delivery, now),
        };
        let late = &mut self.late;
        late.delivered = late.delivered.saturating_add(1);
        let due = (now.saturating_add(lateness), late.delivered);
        late.deliveries.insert(due, (client_id.clone(), delivery));
    }

    /// Sends again what a new connection finds unfinished, and what waited, now or a bit later (v5-4.4.0-1).
    pub(super) fn resume(&mut self, client_id: &ClientId, now: Duration) {
        let session = self.sessions.get(client_id);
        if self.may(Variant::ResumesLate)
            && let Some(connection) = session.and_then(|session| session.connection)
        {
            let due = now.saturating_add(LATENESS);
            let resumptions = &mut self.late.resumptions;
            resumptions.push_back((due, (client_id.clone(), connection)));
        } else {
            self.resume_now(client_id, now);
        }
    }

    /// Resumes now what was put off: the client has something to say of it.
    pub(super) fn resume_early(&mut self, id: ConnectionId, now: Duration) {
        let resumptions = &mut self.late.resumptions;
        let index = resumptions.iter().position(|(_, (_, it))| *it == id);
        if let Some((_, (client_id, _))) = index.and_then(|index| resumptions.remove(index)) {
            self.resume_now(&client_id, now);
        }
    }

    /// Publishes a Will, as its client would have done, now or a bit later.
    pub(super) fn publish_will(&mut self, client_id: &ClientId, will: Will, now: Duration) {
        if self.may(Variant::WillsLate) {
            let due = now.saturating_add(LATENESS_OF_WILLS);
            self.late.wills.push_back((due, (client_id.clone(), will)));
        } else {
            self.publish_will_now(client_id, will, now);
        }
    }

    /// Sends a whole packet, now or a bit later.
    pub(super) fn put_out(&mut self, id: ConnectionId, packet_type: PacketType, bytes: Bytes) {
        if self.may(Variant::AcknowledgesLate) && is_acknowledgement(packet_type) {
            let due = self.now.saturating_add(LATENESS);
            let acknowledgements = &mut self.late.acknowledgements;
            acknowledgements.push_back((due, (id, bytes)));
        } else {
            self.put_out_now(id, bytes);
        }
    }

    /// Does what was put off until now.
    pub(super) fn catch_up(&mut self, now: Duration) {
        while let Some((client_id, will)) = pop_due(&mut self.late.wills, now) {
            self.publish_will_now(&client_id, will, now);
        }
        while let Some(first) = self.late.deliveries.first_entry()
            && first.key().0 <= now
        {
            let (client_id, delivery) = first.remove();
            self.deliver_now(&client_id, delivery, now);
        }
        while let Some((client_id, connection)) = pop_due(&mut self.late.resumptions, now) {
            let session = self.sessions.get(&client_id);
            // Another connection of the client resumes by itself.
            if session.is_some_and(|session| session.connection == Some(connection)) {
                self.resume_now(&client_id, now);
            }
        }
        while let Some((connection, bytes)) = pop_due(&mut self.late.acknowledgements, now) {
            self.put_out_now(connection, bytes);
        }
    }

    fn put_out_now(&mut self, connection: ConnectionId, bytes: Bytes) {
        if let Some(state) = self.connections.get_mut(&connection) {
            state.output_len = state.output_len.saturating_add(bytes.len());
            self.outputs.push_back(Output::Send { connection, bytes });
        }
    }
}

/// Whether the packet answers one of a client, which may have to wait for its answer.
const fn is_acknowledgement(packet_type: PacketType) -> bool {
    matches!(
        packet_type,
        PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubcomp
            | PacketType::Suback
            | PacketType::Unsuback
    )
}

fn pop_due<T>(queue: &mut Queue<T>, now: Duration) -> Option<T> {
    let is_due = queue.front().is_some_and(|(due, _)| *due <= now);
    let first = is_due.then(|| queue.pop_front()).flatten();
    first.map(|(_, it)| it)
}

/// How late a message is beside others: the order of those with one topic, QoS and publisher alone is promised
/// (v5-4.6.0-6).
fn pace_of(delivery: &Delivery) -> Duration {
    let message = &delivery.message;
    let last = |text: &str| u32::from(text.bytes().last().unwrap_or_default());
    let lane = last(&message.topic) + last(&message.publisher) + u32::from(delivery.qos.bits());
    LATENESS * (lane % 3)
}

/// Less than tests wait for silence.
const LATENESS: Duration = Duration::from_millis(50);
/// More than that: a Will that comes late comes after an answer to a ping, too.
const LATENESS_OF_WILLS: Duration = Duration::from_millis(400);
