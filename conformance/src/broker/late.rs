//! What a broker that takes its time puts off: [`Variant::DeliversLate`] and [`Variant::AcknowledgesLate`].

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::PacketType;

use super::connection::ConnectionId;
use super::core::{Broker, Output};
use super::message::Delivery;
use super::session::ClientId;
use super::variant::Variant;

/// What is put off, each with the time when it is due; the first is due first.
#[derive(Debug, Default)]
pub(super) struct Late {
    deliveries: VecDeque<(Duration, ClientId, Delivery)>,
    acknowledgements: VecDeque<(Duration, ConnectionId, Bytes)>,
}

impl Late {
    /// When there is something to do.
    pub(super) fn first(&self) -> Option<Duration> {
        let delivery = self.deliveries.front().map(|(due, _, _)| *due);
        let acknowledgement = self.acknowledgements.front().map(|(due, _, _)| *due);
        delivery.into_iter().chain(acknowledgement).min()
    }

    /// Forgets what was on its way to a session that has ended.
    pub(super) fn forget(&mut self, client_id: &ClientId) {
        self.deliveries.retain(|(_, id, _)| id != client_id);
    }
}

impl Broker {
    /// Gives a copy of a message to one client, now or a bit later.
    pub(super) fn deliver(&mut self, client_id: &ClientId, delivery: Delivery, now: Duration) {
        if self.may(Variant::DeliversLate) {
            let due = now.saturating_add(LATENESS);
            let deliveries = &mut self.late.deliveries;
            deliveries.push_back((due, client_id.clone(), delivery));
        } else {
            self.deliver_now(client_id, delivery, now);
        }
    }

    /// Sends a whole packet, now or a bit later.
    pub(super) fn put_out(&mut self, id: ConnectionId, packet_type: PacketType, bytes: Bytes) {
        if self.may(Variant::AcknowledgesLate) && is_acknowledgement(packet_type) {
            let due = self.now.saturating_add(LATENESS);
            let acknowledgements = &mut self.late.acknowledgements;
            acknowledgements.push_back((due, id, bytes));
        } else {
            self.put_out_now(id, bytes);
        }
    }

    /// Does what was put off until now.
    pub(super) fn catch_up(&mut self, now: Duration) {
        let is_due = |due: Option<Duration>| due.is_some_and(|due| due <= now);
        while is_due(self.late.deliveries.front().map(|(due, _, _)| *due))
            && let Some((_, client_id, delivery)) = self.late.deliveries.pop_front()
        {
            self.deliver_now(&client_id, delivery, now);
        }
        while is_due(self.late.acknowledgements.front().map(|(due, _, _)| *due))
            && let Some((_, connection, bytes)) = self.late.acknowledgements.pop_front()
        {
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

/// Less than tests wait for silence.
const LATENESS: Duration = Duration::from_millis(50);
