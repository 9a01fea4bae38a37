//! CONNECT (sections 3.1, 3.2).

use std::rc::Rc;
use std::time::Duration;

use mqtt_assay::broker::{ConnectionId, Denied};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::packet::{self, Connect};

use super::super::matching::is_denied;
use super::connection::{Answer, Connection, Will};
use super::message::Message;
use super::{Model, Stage};

impl Model {
    pub(super) fn connect(&mut self, id: ConnectionId, connect: &Connect<'_>) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        note_limits(connection, connect);
        if self.is_refused(connect) {
            return self.fail(id);
        }
        let client = if connect.client_id.is_empty() {
            // The name that the broker makes up is not known yet.
            format!("?{id}")
        } else {
            connect.client_id.to_owned()
        };
        let old = self.sessions.get(&client).and_then(|it| it.connection);
        if let Some(old) = old {
            self.end(old, true);
        }
        if connect.clean_start {
            self.end_session(&client);
        }
        let session_present = self.sessions.contains_key(&client);
        let session = self.sessions.entry(client.clone()).or_default();
        session.connection = Some(id);
        session.ends = None;
        // Whoever is back in time takes its Will back (v5-3.1.3-9).
        session.will = None;
        let released = session.released.clone();
        self.set_up(id, client, connect);
        self.answer(id, Answer::Connack { session_present });
        for packet_id in released {
            let pubrel = Answer::Pubrel {
                id: packet_id,
                is_known: true,
            };
            self.answer(id, pubrel);
        }
    }

    fn is_refused(&self, connect: &Connect<'_>) -> bool {
        let options = &self.options;
        let is_will_refused = connect.will.as_ref().is_some_and(|will| {
            will.qos > options.maximum_qos
                || (will.retain && !options.retain_available)
                || is_denied(will.topic.as_str(), Denied::Publish, options)
        });
        is_will_refused || connect.properties.authentication_method().is_some()
    }

    fn set_up(&mut self, id: ConnectionId, client: String, connect: &Connect<'_>) {
        let options = &self.options;
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let is_v5 = connect.version == ProtocolVersion::V5_0;
        let requested = match connect.version {
            ProtocolVersion::V5_0 => connect.properties.session_expiry_interval().unwrap_or(0),
            ProtocolVersion::V3_1_1 if connect.clean_start => 0,
            ProtocolVersion::V3_1_1 => u32::MAX,
        };
        let max = options.session_expiry_max.filter(|_| is_v5);
        connection.expiry = requested.min(max.unwrap_or(u32::MAX));
        connection.is_expiry_changed = connection.expiry != requested;
        connection.needs_client_id = is_v5 && connect.client_id.is_empty();
        let keep_alive = options.server_keep_alive.filter(|_| is_v5);
        let keep_alive = Duration::from_secs(keep_alive.unwrap_or(connect.keep_alive).into());
        connection.patience = (!keep_alive.is_zero()).then(|| keep_alive + keep_alive / 2);
        connection.deadline = connection.patience.map(|it| self.now.saturating_add(it));
        connection.will = connect.will.as_ref().map(|will| to_will(will, &client));
        connection.stage = Stage::Connected(client);
    }
}

fn note_limits(connection: &mut Connection, connect: &Connect<'_>) {
    let properties = connect.properties;
    connection.receive_maximum = properties.receive_maximum().unwrap_or(u16::MAX).into();
    let len_max = properties.maximum_packet_size();
    connection.packet_len_max = len_max.map_or(usize::MAX, |it| it as usize);
    connection.wants_problem_information = properties.request_problem_information() != Some(0);
    connection.wants_response_information = properties.request_response_information() == Some(1);
    connection.alias_max = properties.topic_alias_maximum().unwrap_or(0);
}

fn to_will(will: &packet::Will<'_>, client: &str) -> Will {
    let message = Message::new(
        will.topic.as_str(),
        will.payload,
        (will.qos, will.retain),
        will.properties,
        (client, Duration::ZERO),
    );
    Will {
        message: Rc::new(message),
        delay: will.properties.delay_interval().unwrap_or(0),
    }
}
