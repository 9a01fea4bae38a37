//! What follows from the packets of clients.

use mqtt_assay::broker::ConnectionId;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{Ack, Connect, Disconnect, Sender};
use mqtt_assay_codec::{Frame, Packet, PacketType, ProtocolVersion, Qos, ReasonCode};

use super::connection::Answer;
use super::{Model, Session, Stage};

impl Model {
    /// Bytes came that are no frame.
    pub(in super::super) fn unreadable(&mut self, id: ConnectionId) {
        self.fail(id);
    }

    /// A frame came.
    pub(in super::super) fn frame(&mut self, id: ConnectionId, bytes: &[u8]) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let Ok(Split::Frame(frame)) = Frame::split(bytes, connection.version) else {
            return self.fail(id);
        };
        match connection.stage.clone() {
            Stage::Awaiting => self.first_frame(id, &frame),
            Stage::Connected(client) => {
                connection.deadline = connection.patience.map(|it| self.now.saturating_add(it));
                match Packet::decode(&frame, connection.version, Sender::Client) {
                    Ok(packet) => self.packet(id, &client, &packet),
                    Err(_) => self.fail(id),
                }
            }
            Stage::Refused(_) | Stage::Closing(_) => {}
        }
    }

    /// Nothing but CONNECT may come first (v3-3.1.0-1, v5-3.1.0-1).
    fn first_frame(&mut self, id: ConnectionId, frame: &Frame<'_>) {
        let version = Connect::version_of(frame).ok();
        if frame.packet_type() == Some(PacketType::Connect)
            && let (Some(version), Some(connection)) = (version, self.connections.get_mut(&id))
        {
            connection.version = version;
            if let Ok(Packet::Connect(connect)) = Packet::decode(frame, version, Sender::Client) {
                return self.connect(id, &connect);
            }
        }
        self.fail(id);
    }

    fn packet(&mut self, id: ConnectionId, client: &str, packet: &Packet<'_>) {
        match packet {
            Packet::Publish(publish) => self.publish(id, client, publish),
            Packet::Puback(ack) => self.puback(id, client, ack),
            Packet::Pubrec(ack) => self.pubrec(id, client, ack),
            Packet::Pubrel(ack) => self.pubrel(id, client, ack),
            Packet::Pubcomp(ack) => self.pubcomp(id, client, ack),
            Packet::Subscribe(subscribe) => self.subscribe(id, client, subscribe),
            Packet::Unsubscribe(unsubscribe) => self.unsubscribe(id, client, unsubscribe),
            Packet::Pingreq => self.answer(id, Answer::Pingresp),
            Packet::Disconnect(disconnect) => self.disconnect(id, disconnect),
            // Nobody here has an authentication method (v5-4.12.0-7).
            Packet::Auth(_)
            | Packet::Connect(_)
            | Packet::Connack(_)
            | Packet::Suback(_)
            | Packet::Unsuback(_)
            | Packet::Pingresp => self.fail(id),
        }
    }

    pub(super) fn answer(&mut self, id: ConnectionId, answer: Answer) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.answers.push_back(answer);
        }
    }

    /// PUBACK ends a QoS 1 message; for another it is the wrong packet.
    fn puback(&mut self, id: ConnectionId, client: &str, ack: &Ack<'_>) {
        let packet_id = ack.packet_id.get();
        let is_released = self.is_released(client, packet_id);
        match self.in_flight(client, packet_id) {
            Some((session, index, Qos::AtLeastOnce)) => drop(session.in_flight.remove(index)),
            Some(_) => self.fail(id),
            None if is_released => self.fail(id),
            None => {}
        }
    }

    /// PUBREC is answered with PUBREL, unless it ends the message (v5-4.3.3-4).
    fn pubrec(&mut self, id: ConnectionId, client: &str, ack: &Ack<'_>) {
        let packet_id = ack.packet_id.get();
        let is_error = ack.outcome.reason().is_error();
        let is_known = match self.in_flight(client, packet_id) {
            Some((session, index, Qos::ExactlyOnce)) => {
                session.in_flight.remove(index);
                if !is_error {
                    session.released.push(packet_id);
                }
                true
            }
            Some(_) => return self.fail(id),
            None => self.is_released(client, packet_id),
        };
        if !is_error {
            let id_and_whether = Answer::Pubrel {
                id: packet_id,
                is_known,
            };
            self.answer(id, id_and_whether);
        }
    }

    /// PUBREL ends a QoS 2 message of the client, and is answered in any case (v5-4.3.3-11).
    fn pubrel(&mut self, id: ConnectionId, client: &str, ack: &Ack<'_>) {
        let packet_id = ack.packet_id.get();
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.unfinished.remove(&packet_id);
        }
        let session = self.sessions.get_mut(client);
        let is_known = session.is_some_and(|session| session.incoming.remove(&packet_id));
        let answer = Answer::Pubcomp {
            id: packet_id,
            is_known,
        };
        self.answer(id, answer);
    }

    fn pubcomp(&mut self, id: ConnectionId, client: &str, ack: &Ack<'_>) {
        let packet_id = ack.packet_id.get();
        if self.in_flight(client, packet_id).is_some() {
            return self.fail(id);
        }
        if let Some(session) = self.sessions.get_mut(client) {
            session.released.retain(|released| *released != packet_id);
        }
    }

    /// DISCONNECT 0x00 removes the Will (v5-3.14.4-3). One that raises the expiry interval from 0 is not valid (u5-10).
    fn disconnect(&mut self, id: ConnectionId, disconnect: &Disconnect<'_>) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let outcome = disconnect.outcome;
        if let Some(expiry) = outcome.properties().session_expiry_interval() {
            if connection.expiry == 0 && expiry > 0 {
                return self.fail(id);
            }
            connection.expiry = expiry;
        }
        self.end(id, outcome.reason() != ReasonCode::SUCCESS);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.stage = Stage::Refused(true);
        }
    }

    fn in_flight(&mut self, client: &str, packet_id: u16) -> Option<(&mut Session, usize, Qos)> {
        let session = self.sessions.get_mut(client)?;
        let index = session.in_flight.iter().position(|it| it.id == packet_id)?;
        let qos = session.in_flight.get(index)?.qos();
        Some((session, index, qos))
    }

    fn is_released(&self, client: &str, packet_id: u16) -> bool {
        let session = self.sessions.get(client);
        session.is_some_and(|session| session.released.contains(&packet_id))
    }

    /// Whether the client's connection speaks 5.0.
    pub(super) fn is_v5(&self, id: ConnectionId) -> bool {
        let connection = self.connections.get(&id);
        connection.is_some_and(|it| it.version == ProtocolVersion::V5_0)
    }
}
