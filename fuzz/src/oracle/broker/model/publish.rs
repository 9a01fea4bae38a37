//! PUBLISH of a client (sections 3.3, 4.3).

use std::rc::Rc;

use mqtt_assay::broker::{ConnectionId, Denied};
use mqtt_assay_codec::packet::{Delivery, Publish};

use super::super::matching::is_denied;
use super::Model;
use super::connection::{Answer, Fate};
use super::message::Message;

impl Model {
    pub(super) fn publish(&mut self, id: ConnectionId, client: &str, publish: &Publish<'_>) {
        let options = &self.options;
        let is_offered = publish.delivery.qos() <= options.maximum_qos
            && (options.retain_available || !publish.retain);
        let Some(topic) = self.topic_of(id, publish).filter(|_| is_offered) else {
            return self.fail(id);
        };
        let message = Rc::new(Message::new(
            &topic,
            publish.payload,
            (publish.delivery.qos(), publish.retain),
            publish.properties,
            (client, self.now),
        ));
        let is_denied = is_denied(&topic, Denied::Publish, &self.options);
        match publish.delivery {
            Delivery::AtMostOnce if is_denied => {}
            Delivery::AtMostOnce => drop(self.publish_message(message)),
            Delivery::AtLeastOnce { packet_id, .. } => {
                let packet_id = packet_id.get();
                let is_in_use = self.has_begun(client, packet_id) && self.is_v5(id);
                let fate = match () {
                    () if is_denied => Fate::Denied,
                    () if is_in_use => Fate::IdInUse,
                    () => self.publish_message(message),
                };
                let answer = Answer::Puback {
                    id: packet_id,
                    fate,
                };
                self.answer(id, answer);
            }
            Delivery::ExactlyOnce { packet_id, .. } => {
                self.exactly_once(id, client, packet_id.get(), message, is_denied);
            }
        }
    }

    /// The message counts once, until PUBREL (v3-4.3.3-2, v5-4.3.3-10).
    fn exactly_once(
        &mut self,
        id: ConnectionId,
        client: &str,
        packet_id: u16,
        message: Rc<Message>,
        is_denied: bool,
    ) {
        let is_repeat = self.has_begun(client, packet_id);
        let is_v5 = self.is_v5(id);
        let is_refused = is_denied && !is_repeat;
        // In 3.1.1 nobody is told: what is denied is begun as well (v3-3.3.5-2).
        if !is_refused || !is_v5 {
            if let Some(session) = self.sessions.get_mut(client) {
                session.incoming.insert(packet_id);
            }
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.unfinished.insert(packet_id);
                let receive_maximum = usize::from(self.options.receive_maximum.max(1));
                if is_v5 && connection.unfinished.len() > receive_maximum {
                    // It was not taken, so that it may come again.
                    if !is_repeat && let Some(session) = self.sessions.get_mut(client) {
                        session.incoming.remove(&packet_id);
                    }
                    return self.fail(id);
                }
            }
        }
        let fate = match () {
            () if is_refused => Fate::Denied,
            () if is_repeat => Fate::Wanted,
            () => self.publish_message(message),
        };
        let answer = Answer::Pubrec {
            id: packet_id,
            fate,
        };
        self.answer(id, answer);
    }

    /// Whether the client has set an alias.
    pub(in super::super) fn has_set_alias(&self, id: ConnectionId, alias: u16) -> bool {
        let connection = self.connections.get(&id);
        connection.is_some_and(|it| it.aliases_out.contains_key(&alias))
    }

    /// The QoS 2 messages that the client has begun.
    pub(in super::super) fn begun(&self, id: ConnectionId) -> Vec<u16> {
        let session = self.client_of(id).and_then(|it| self.sessions.get(it));
        session.map_or_else(Vec::new, |it| it.incoming.iter().copied().collect())
    }

    fn has_begun(&self, client: &str, packet_id: u16) -> bool {
        let session = self.sessions.get(client);
        session.is_some_and(|session| session.incoming.contains(&packet_id))
    }

    /// The topic, which may come by an alias (section 3.3.2.3.4).
    fn topic_of(&mut self, id: ConnectionId, publish: &Publish<'_>) -> Option<String> {
        let aliases = &mut self.connections.get_mut(&id)?.aliases_out;
        let Some(alias) = publish.properties.topic_alias() else {
            return publish.topic.map(|topic| topic.as_str().to_owned());
        };
        if alias > self.options.topic_alias_maximum {
            return None;
        }
        if let Some(topic) = publish.topic {
            aliases.insert(alias, topic.as_str().to_owned());
        }
        aliases.get(&alias).cloned()
    }
}
