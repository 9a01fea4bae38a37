//! What the broker sends, held against what it has to.

use mqtt_assay::broker::ConnectionId;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::{Ack, Connack, Disconnect, Publish, Sender, Suback, Unsuback};
use mqtt_assay_codec::property::{Properties, PropertyId};
use mqtt_assay_codec::{Frame, Packet, ProtocolVersion, Qos, ReasonCode};

use super::super::{Check, Violation, ensure};
use super::connection::{Answer, Connection, Fate};
use super::message::Seen;
use super::{Model, Stage, limit, route};

impl Model {
    /// The broker closed a connection.
    pub(in super::super) fn closed(&mut self, id: ConnectionId) -> Check {
        let Some(connection) = self.connections.get(&id) else {
            // The client was first.
            return Ok(());
        };
        match connection.stage {
            Stage::Refused(_) => {}
            Stage::Closing(is_told) => {
                let is_owed = connection.version == ProtocolVersion::V5_0
                    && connection.packet_len_max >= DISCONNECT_LEN;
                ensure(is_told || !is_owed, || format!("{id} was not told why"))?;
            }
            Stage::Connected(_)
                if connection.packet_len_max < CONNACK_LEN && connection.awaits_connack() =>
            {
                // There is nothing that it could be told.
                self.end(id, false);
            }
            Stage::Awaiting | Stage::Connected(_) => {
                return Err(Violation::new(format!("{id} was closed without cause")));
            }
        }
        self.connections.remove(&id);
        Ok(())
    }

    /// The broker sent a packet.
    pub(in super::super) fn sent(&mut self, id: ConnectionId, bytes: &[u8]) -> Check {
        let Some(connection) = self.connections.get_mut(&id) else {
            return Err(Violation::new(format!("{id} is gone")));
        };
        ensure(bytes.len() <= connection.packet_len_max, || {
            format!("{} bytes are too many for {id}", bytes.len())
        })?;
        if let Stage::Refused(is_told) = &mut connection.stage {
            let is_first = !std::mem::replace(is_told, true);
            ensure(is_first, || {
                "a second answer to a refused client".to_owned()
            })?;
            return check_refusal(bytes);
        }
        let packet = decode(bytes, connection.version)?;
        if let Stage::Closing(is_told) = &mut connection.stage {
            let is_first = !std::mem::replace(is_told, true);
            ensure(is_first, || "a packet behind DISCONNECT".to_owned())?;
            let Packet::Disconnect(disconnect) = packet else {
                return Err(Violation::new(format!("{packet:?} to one who is closed")));
            };
            return check_disconnect(&disconnect);
        }
        ensure(connection.stage != Stage::Awaiting, || {
            format!("{packet:?} before CONNECT")
        })?;
        let is_connack = matches!(packet, Packet::Connack(_));
        ensure(is_connack || !connection.awaits_connack(), || {
            format!("{packet:?} before CONNACK")
        })?;
        if let Packet::Publish(publish) = packet {
            return self.published(id, &publish);
        }
        if let Packet::Connack(connack) = packet {
            return self.connacked(id, &connack);
        }
        connection.answered(&packet)
    }

    fn connacked(&mut self, id: ConnectionId, connack: &Connack<'_>) -> Check {
        let Some(connection) = self.connections.get_mut(&id) else {
            return Ok(());
        };
        let Some(Answer::Connack { session_present }) = connection.answers.pop_front() else {
            return Err(Violation::new("CONNACK that no CONNECT asked for"));
        };
        ensure(connack.reason == ReasonCode::SUCCESS, || {
            format!("{connack:?} to a CONNECT that is right")
        })?;
        ensure(connack.session_present == session_present, || {
            format!("session present is {}", connack.session_present)
        })?;
        if connection.version == ProtocolVersion::V3_1_1 {
            return Ok(());
        }
        let told = announced(connack.properties);
        let options = &self.options;
        let available = |is_available: bool| (!is_available).then_some(0);
        let max_qos = options.maximum_qos;
        let expected = [
            (options.receive_maximum < u16::MAX).then_some(options.receive_maximum.into()),
            (max_qos < Qos::ExactlyOnce).then_some(max_qos.bits().into()),
            available(options.retain_available),
            Some(options.maximum_packet_size),
            (options.topic_alias_maximum > 0).then_some(options.topic_alias_maximum.into()),
            available(options.wildcard_available),
            available(options.subscription_id_available),
            available(options.shared_available),
            options.server_keep_alive.map(u32::from),
            connection.is_expiry_changed.then_some(connection.expiry),
        ];
        ensure(told == expected, || {
            format!("{connack:?}, not {expected:?}")
        })?;
        let response = connack.properties.text(PropertyId::ResponseInformation);
        ensure(
            response.is_none() || connection.wants_response_information,
            || "response information that nobody asked for".to_owned(),
        )?;
        let method = connack.properties.authentication_method();
        ensure(method.is_none(), || "an authentication method".to_owned())?;
        let assigned = connack.properties.assigned_client_identifier();
        ensure(assigned.is_some() == connection.needs_client_id, || {
            format!("{connack:?}: assigned client identifier")
        })?;
        if let Some(client) = assigned {
            connection.stage = Stage::Connected(client.to_owned());
            let session = self.sessions.remove(&format!("?{id}"));
            let before = session.and_then(|it| self.sessions.insert(client.to_owned(), it));
            ensure(before.is_none(), || format!("{client:?} is in use"))?;
        }
        Ok(())
    }

    fn published(&mut self, id: ConnectionId, publish: &Publish<'_>) -> Check {
        let client = self.client_of(id).unwrap_or_default().to_owned();
        let (Some(connection), Some(session)) = (
            self.connections.get_mut(&id),
            self.sessions.get_mut(&client),
        ) else {
            return Err(Violation::new(format!("PUBLISH to {id}")));
        };
        let seen = Seen {
            topic: connection.resolve(publish)?,
            publish,
            version: connection.version,
            now: self.now,
        };
        let packet_id = publish.delivery.packet_id().map(u16::from);
        if let Some(packet_id) = packet_id.filter(|_| publish.delivery.dup()) {
            session.sent_again(packet_id, &seen, connection)?;
        } else {
            let mut claimed = session.claim(&seen, connection)?;
            if claimed.is_none() {
                claimed = route::take(&mut self.tickets, &client, &seen);
            }
            let Some(owed) = claimed else {
                return Err(Violation::new(format!(
                    "not owed: {publish:?}\nowed: {:?}",
                    session.owed
                )));
            };
            ensure(!owed.message.is_expired(self.now), || {
                format!("expired: {publish:?}")
            })?;
            if let Some(packet_id) = packet_id {
                session.started(packet_id, owed, connection)?;
            }
        }
        let limit = limit(connection, &self.options);
        ensure(packet_id.is_none() || session.window() <= limit, || {
            format!("{} unfinished messages at once", session.window())
        })
    }
}

impl Connection {
    pub(super) fn awaits_connack(&self) -> bool {
        matches!(self.answers.front(), Some(Answer::Connack { .. }))
    }

    /// The topic of a PUBLISH of the broker, which may come by an alias (v5-3.1.2-26).
    fn resolve(&mut self, publish: &Publish<'_>) -> Check<String> {
        let Some(alias) = publish.properties.topic_alias() else {
            let topic = publish.topic.map(|topic| topic.as_str().to_owned());
            return topic.ok_or_else(|| Violation::new("no topic"));
        };
        ensure(alias <= self.alias_max, || format!("alias {alias}"))?;
        if let Some(topic) = publish.topic {
            self.aliases_in.insert(alias, topic.as_str().to_owned());
        }
        let topic = self.aliases_in.get(&alias).cloned();
        topic.ok_or_else(|| Violation::new(format!("alias {alias} stands for nothing")))
    }

    /// Holds a packet against the answer that is due.
    fn answered(&mut self, packet: &Packet<'_>) -> Check {
        let wrong = || Violation::new(format!("{packet:?} that nothing asked for"));
        let due = self.answers.pop_front().ok_or_else(wrong)?;
        let is_v5 = self.version == ProtocolVersion::V5_0;
        let is_right = match (&due, packet) {
            (Answer::Puback { id, fate }, Packet::Puback(ack))
            | (Answer::Pubrec { id, fate }, Packet::Pubrec(ack)) => {
                self.explains_only_if_wanted(ack.outcome.properties())?;
                ack.packet_id.get() == *id && fate.allows(ack.outcome.reason(), is_v5)
            }
            (Answer::Pubrel { id, is_known }, Packet::Pubrel(ack))
            | (Answer::Pubcomp { id, is_known }, Packet::Pubcomp(ack)) => {
                self.explains_only_if_wanted(ack.outcome.properties())?;
                ack.packet_id.get() == *id && says_whether_known(ack, *is_known, is_v5)
            }
            (Answer::Suback { id, granted }, Packet::Suback(suback)) => {
                self.explains_only_if_wanted(suback.properties)?;
                suback.packet_id.get() == *id && says_what_is_granted(suback, granted)
            }
            (Answer::Unsuback { id, existed }, Packet::Unsuback(unsuback)) => {
                self.explains_only_if_wanted(unsuback.properties)?;
                unsuback.packet_id.get() == *id && (!is_v5 || says_what_existed(unsuback, existed))
            }
            (Answer::Pingresp, Packet::Pingresp) => true,
            (_, _) => false,
        };
        ensure(is_right, || format!("{packet:?} instead of {due:?}"))
    }

    /// v5-3.1.2-29.
    fn explains_only_if_wanted(&self, properties: Properties<'_>) -> Check {
        ensure(
            self.wants_problem_information || properties.is_empty(),
            || format!("{properties:?} that nobody wants"),
        )
    }
}

impl Fate {
    fn allows(self, reason: ReasonCode, is_v5: bool) -> bool {
        match self {
            Self::Wanted => reason == ReasonCode::SUCCESS,
            Self::Unwanted => !reason.is_error(),
            Self::Denied | Self::IdInUse => reason.is_error() == is_v5,
        }
    }
}

fn says_whether_known(ack: &Ack<'_>, is_known: bool, is_v5: bool) -> bool {
    let reason = ack.outcome.reason();
    match reason {
        ReasonCode::SUCCESS => true,
        ReasonCode::PACKET_IDENTIFIER_NOT_FOUND => is_v5 && !is_known,
        _ => false,
    }
}

fn says_what_is_granted(suback: &Suback<'_>, granted: &[Option<Qos>]) -> bool {
    let mut pairs = suback.reasons.iter().zip(granted);
    suback.reasons.len() == granted.len()
        && pairs.all(|(reason, granted)| match granted {
            Some(qos) => *reason == qos.bits(),
            None => ReasonCode::new(*reason).is_error(),
        })
}

fn says_what_existed(unsuback: &Unsuback<'_>, existed: &[bool]) -> bool {
    let mut pairs = unsuback.reasons.iter().zip(existed);
    unsuback.reasons.len() == existed.len()
        && pairs.all(|(reason, existed)| {
            let expected = if *existed {
                ReasonCode::SUCCESS
            } else {
                ReasonCode::NO_SUBSCRIPTION_EXISTED
            };
            *reason == expected.code()
        })
}

/// What a CONNACK says that does not depend on the client, in the order of section 3.2.2.3.
fn announced(properties: Properties<'_>) -> [Option<u32>; 10] {
    [
        PropertyId::ReceiveMaximum,
        PropertyId::MaximumQos,
        PropertyId::RetainAvailable,
        PropertyId::MaximumPacketSize,
        PropertyId::TopicAliasMaximum,
        PropertyId::WildcardSubscriptionAvailable,
        PropertyId::SubscriptionIdentifierAvailable,
        PropertyId::SharedSubscriptionAvailable,
        PropertyId::ServerKeepAlive,
        PropertyId::SessionExpiryInterval,
    ]
    .map(|id| properties.integer(id))
}

/// A client that is refused is told so by CONNACK, in the version that it meant or in the other.
fn check_refusal(bytes: &[u8]) -> Check {
    let is_connack = |version| {
        matches!(
            decode(bytes, version),
            Ok(Packet::Connack(connack))
                if connack.reason != ReasonCode::SUCCESS && !connack.session_present
        )
    };
    ensure(ProtocolVersion::ALL.into_iter().any(is_connack), || {
        format!("{bytes:02x?} to a client that is refused")
    })
}

fn check_disconnect(disconnect: &Disconnect<'_>) -> Check {
    ensure(disconnect.outcome.reason().is_error(), || {
        format!("{disconnect:?}")
    })
}

fn decode(bytes: &[u8], version: ProtocolVersion) -> Check<Packet<'_>> {
    let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else {
        return Err(Violation::new(format!("no frame: {bytes:02x?}")));
    };
    ensure(frame.len() == bytes.len(), || {
        format!("not one packet: {bytes:02x?}")
    })?;
    let packet = Packet::decode(&frame, version, Sender::Server);
    packet.map_err(|error| Violation::new(format!("{error}: {bytes:02x?}")))
}

/// More than a CONNACK has here.
const CONNACK_LEN: usize = 100;
/// A fixed header of two bytes and a reason.
const DISCONNECT_LEN: usize = 3;
