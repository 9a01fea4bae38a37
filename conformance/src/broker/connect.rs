//! CONNECT and its answer (sections 3.1, 3.2).

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::property::{Property, PropertyId};
use mqtt_assay_codec::{Packet, ProtocolVersion, Qos, ReasonCode};

use super::close::WillFate;
use super::connection::{ConnectionId, Stage};
use super::core::Broker;
use super::fault::Fault;
use super::inflight::Outgoing;
use super::options::Denied;
use super::session::{ClientId, Session, SessionExpiry};
use super::variant::Variant;
use super::will::Will;

/// Why a CONNECT is rejected.
pub(super) type Rejection = (ReasonCode, &'static str);

impl Broker {
    /// Takes the first frame of a connection, which must be CONNECT.
    pub(super) fn first_frame(&mut self, id: ConnectionId, frame: &Frame<'_>, now: Duration) {
        if !Self::is_connect(frame) {
            if self.has(Fault::FirstPacketNeedNotBeConnect) {
                return self.wait_on(id);
            }
            return self.close(id, WillFate::Published, now);
        }
        match Connect::version_of(frame) {
            Ok(version) if self.options.versions.contains(&version) => {
                if let Some(connection) = self.connections.get_mut(&id) {
                    connection.version = version;
                    connection.framer.set_version(version);
                }
                self.connect_frame(id, frame, version, now);
            }
            Ok(version) => {
                self.set_version(id, version);
                self.reject(id, UNSUPPORTED_VERSION, now);
            }
            Err(error) => self.unknown_protocol(id, frame, &error, now),
        }
    }

    fn connect_frame(
        &mut self,
        id: ConnectionId,
        frame: &Frame<'_>,
        version: ProtocolVersion,
        now: Duration,
    ) {
        match Packet::decode(frame, version, Sender::Client) {
            Ok(Packet::Connect(connect)) => {
                self.note_limits(id, &connect);
                match self.check_connect(&connect) {
                    Ok(()) if self.must_challenge(&connect) => {
                        let connect = Bytes::copy_from_slice(frame.as_bytes());
                        self.challenge(id, connect);
                    }
                    Ok(()) => self.accept(id, &connect, now),
                    Err(rejection) => {
                        if self.has(Fault::RefusedClientTakesPlace) {
                            self.take_over(&connect.client_id.into(), !connect.clean_start, now);
                        }
                        self.reject(id, rejection, now);
                    }
                }
            }
            Ok(_) => self.close(id, WillFate::Published, now),
            Err(error) if self.overlooks(frame.packet_type(), &error) => self.wait_on(id),
            Err(error) => self.reject_malformed(id, &error, now),
        }
    }

    /// Takes up a CONNECT again whose authentication is over.
    pub(super) fn accept_frame(&mut self, id: ConnectionId, connect: &Bytes, now: Duration) {
        let version = self.version(id);
        if let Ok(Split::Frame(frame)) = Frame::split(connect, version)
            && let Ok(Packet::Connect(connect)) = Packet::decode(&frame, version, Sender::Client)
        {
            self.accept(id, &connect, now);
        }
    }

    /// All that may speak against a well-formed CONNECT (section 3.1.4).
    fn check_connect(&self, connect: &Connect<'_>) -> Result<(), Rejection> {
        if !connect.clean_start
            && !self.sessions.contains_key(connect.client_id)
            && self.has(Fault::NewSessionRefusedWithoutCleanStart)
        {
            return Err(CLIENT_ID_REFUSED);
        }
        if connect.client_id.is_empty() {
            let is_old = connect.version == ProtocolVersion::V3_1_1;
            // v3-3.1.3-8: without an identifier there is nothing to find the session by.
            if (is_old && !connect.clean_start) || !self.options.assigns_client_ids {
                return Err(CLIENT_ID_REFUSED);
            }
        }
        let len_max = if self.has(Fault::ClientIdOf23BytesRefused) {
            22
        } else {
            self.options.client_id_len_max
        };
        if connect.client_id.len() > len_max || self.refuses_text(connect.client_id) {
            return Err(CLIENT_ID_REFUSED);
        }
        let mut characters = connect.client_id.chars();
        if self.may(Variant::ClientIdsOfLettersAndDigits)
            && !characters.all(|it| it.is_ascii_alphanumeric())
        {
            return Err(CLIENT_ID_REFUSED);
        }
        self.check_credentials(connect)?;
        if !self.sessions.contains_key(connect.client_id)
            && self.sessions.len() >= self.options.sessions_max
        {
            return Err((ReasonCode::QUOTA_EXCEEDED, "too many sessions"));
        }
        self.check_method(connect)?;
        self.check_will(connect)
    }

    fn check_will(&self, connect: &Connect<'_>) -> Result<(), Rejection> {
        let Some(will) = &connect.will else {
            return Ok(());
        };
        if will.qos > self.options.maximum_qos && !self.has(Fault::WillAboveMaximumQosAccepted) {
            return Err((ReasonCode::QOS_NOT_SUPPORTED, "the QoS of the will"));
        }
        if will.retain && !self.options.retain_available && !self.has(Fault::RetainedWillAccepted) {
            return Err((ReasonCode::RETAIN_NOT_SUPPORTED, "a will to be retained"));
        }
        let len = Will::len(will);
        if !self.wills.has_room(len, self.options.will_bytes_total_max) {
            return Err((ReasonCode::QUOTA_EXCEEDED, "too many wills"));
        }
        if self.is_denied(&will.topic, Denied::Publish) {
            return Err((ReasonCode::NOT_AUTHORIZED, "the topic of the will"));
        }
        if will.payload.is_empty() && self.has(Fault::EmptyWillRefused) {
            return Err((ReasonCode::UNSPECIFIED_ERROR, "an empty will"));
        }
        Ok(())
    }

    /// Answers a CONNECT with success, and gives the client its session.
    fn accept(&mut self, id: ConnectionId, connect: &Connect<'_>, now: Duration) {
        let (client_id, is_assigned) = self.client_id(connect);
        let before = self.outputs.len();
        let is_takeover = self.take_over(&client_id, !connect.clean_start, now);
        let mut put_off = if self.may(Variant::TakesOverBehindConnack) {
            self.outputs.split_off(before)
        } else {
            VecDeque::new()
        };
        let (is_present, had_session) = self.prepare_session(&client_id, id, connect, now);
        self.wrong_resumed(&client_id, is_takeover);
        let expiry = self.session_expiry(connect);
        let mut keep_alive = self.keep_alive(connect);
        if self.has(Fault::FirstKeepAliveStays)
            && let Some(session) = self.sessions.get_mut(&client_id)
        {
            keep_alive = *session.past.first_keep_alive.get_or_insert(keep_alive);
        }
        self.set_up(id, &client_id, connect, expiry, keep_alive, now);
        self.watch_session(&client_id);
        self.note_presence(&client_id, true);
        if self.has(Fault::QueuedMessagesBeforeConnack) {
            self.resume(&client_id, now);
        }
        let is_present = match () {
            () if self.has(Fault::SessionPresentNeverSet) => false,
            () if self.has(Fault::SessionPresentAlwaysSet) => true,
            () if self.has(Fault::SessionPresentOnCleanStart) => is_present || had_session,
            () => is_present,
        };
        let is_untold = self.has(Fault::AssignedClientIdNotTold)
            || (connect.will.is_some() && self.has(Fault::AssignedClientIdNotToldBesideWill));
        let assigned = (is_assigned && !is_untold).then(|| client_id.to_string());
        let response = self.response_information(connect);
        let mut properties = self.capabilities();
        let is_explicit = self.may(Variant::DefaultsAnnounced);
        if is_explicit || expiry.interval() != requested_expiry(connect) {
            properties.push(Property::SessionExpiryInterval(expiry.interval()));
        }
        if let Some(assigned) = &assigned {
            properties.push(Property::AssignedClientIdentifier(assigned));
        }
        if let Some(seconds) = self.options.server_keep_alive {
            properties.push(Property::ServerKeepAlive(seconds));
        } else if is_explicit {
            properties.push(Property::ServerKeepAlive(connect.keep_alive));
        }
        if let Some(response) = &response {
            properties.push(Property::ResponseInformation(response));
        }
        let method = self.method_in_connack(connect);
        if let Some(method) = &method {
            properties.push(Property::AuthenticationMethod(method));
        }
        let is_sent = self.has(Fault::ConnackMissing)
            || self.connack(id, is_present, ReasonCode::SUCCESS, &properties);
        self.outputs.append(&mut put_off);
        if !is_sent {
            // The CONNACK is larger than the client takes: nothing can be said.
            return self.close(id, WillFate::Removed, now);
        }
        if self.has(Fault::ConnackTwice) {
            self.connack(id, is_present, ReasonCode::SUCCESS, &properties);
        }
        if self.has(Fault::PacketsBehindConnectLost)
            && let Some(connection) = self.connections.get_mut(&id)
        {
            while let Ok(Some(_)) = connection.framer.next_frame() {}
        }
        if is_present && self.has(Fault::RetainedSentOnResume) {
            self.send_retained_again(&client_id, now);
        }
        self.resume(&client_id, now);
    }

    /// The identifier of a client, and whether the broker made it up (v5-3.1.3-7).
    fn client_id(&mut self, connect: &Connect<'_>) -> (ClientId, bool) {
        if !connect.client_id.is_empty() {
            if self.has(Fault::ClientIdCaseFolded) {
                return (connect.client_id.to_lowercase().into(), false);
            }
            if self.has(Fault::ClientIdCut) {
                let kept: String = connect.client_id.chars().take(23).collect();
                return (kept.into(), false);
            }
            if self.has(Fault::ClientIdTrimmed) {
                return (connect.client_id.trim_ascii().into(), false);
            }
            if self.has(Fault::ClientIdEndsAtSlash) {
                let kept = connect.client_id.split('/').next();
                return (kept.unwrap_or_default().into(), false);
            }
            if self.has(Fault::ByteOrderMarkStrippedFromClientId) {
                return (connect.client_id.replace('\u{feff}', "").into(), false);
            }
            return (connect.client_id.into(), false);
        }
        if self.has(Fault::AssignedClientIdNotUnique) {
            return ("assay".into(), true);
        }
        loop {
            self.assigned = self.assigned.saturating_add(1);
            let client_id: ClientId = format!("assay{}", self.assigned).into();
            if !self.sessions.contains_key(&client_id) {
                return (client_id, true);
            }
        }
    }

    /// Ends the connection that has the client identifier by now (v3-3.1.4-2, v5-3.1.4-3); whether there was one.
    fn take_over(&mut self, client_id: &ClientId, resumes: bool, now: Duration) -> bool {
        let old = self.sessions.get(client_id).and_then(|s| s.connection);
        let Some(old) = old else { return false };
        if self.has(Fault::OldConnectionKept) {
            return true;
        }
        self.send_disconnect(old, ReasonCode::SESSION_TAKEN_OVER, "another connection");
        let is_lost = self.has(Fault::WillLostAtTakeover)
            || (resumes && self.has(Fault::WillLostAtResumingTakeover))
            || self.loses_delayed_will(old);
        let fate = if is_lost {
            WillFate::Removed
        } else {
            WillFate::Published
        };
        let connection = self.connections.get(&old);
        let is_sent_again = resumes && self.has(Fault::WillSentAgainBySuccessor);
        let will = connection
            .filter(|_| is_sent_again)
            .map(|it| it.will.clone());
        self.close(old, fate, now);
        if let Some(will) = will
            && let Some(session) = self.sessions.get_mut(client_id)
        {
            session.past.will = will;
        }
        true
    }

    /// Whether a Will that has a delay is lost where the session ends with the connection, by a fault.
    fn loses_delayed_will(&self, id: ConnectionId) -> bool {
        self.has(Fault::DelayedWillLostAtTakeover)
            && self.connections.get(&id).is_some_and(|connection| {
                let will = connection.will.as_ref();
                connection.session_expiry == SessionExpiry::AtClose
                    && will.is_some_and(|will| !will.delay.is_zero())
            })
    }

    /// Finds or makes the session (v5-3.1.2-4 to -6); whether it is resumed, and whether there was one.
    fn prepare_session(
        &mut self,
        client_id: &ClientId,
        id: ConnectionId,
        connect: &Connect<'_>,
        now: Duration,
    ) -> (bool, bool) {
        let had_session = self.sessions.contains_key(client_id);
        let expiry = self.session_expiry(connect);
        let is_kept = self.has(Fault::CleanStartKeepsSession)
            || (requested_expiry(connect) > 0 && self.has(Fault::LastingCleanStartKeepsSession));
        let discards = (connect.clean_start && !is_kept)
            || (!connect.clean_start && self.has(Fault::SessionNotKept));
        if discards {
            self.end_session(client_id, now);
        }
        let is_present = self.sessions.contains_key(client_id);
        let (faults, variants) = (self.faults, self.variants);
        let session = self
            .sessions
            .entry(client_id.clone())
            .or_insert_with(|| Session::new(Outgoing::new(faults, variants, self.queued.part())));
        session.connection = Some(id);
        session.expires = match () {
            () if faults.has(Fault::SessionEndsWhileConnected) => {
                Some(now.saturating_add(Duration::from_secs(1)))
            }
            () => self.doomed.remove(client_id),
        };
        if faults.has(Fault::ResumedSessionEndsWhileConnected)
            && had_session
            && let SessionExpiry::After(seconds) = expiry
        {
            session.expires = Some(now.saturating_add(Duration::from_secs(u64::from(seconds))));
        }
        session.past.is_resumed = is_present;
        // Coming back in time, the client takes its Will back (v5-3.1.3-9).
        if !faults.has(Fault::WillSentAlthoughClientIsBack) {
            session.past.took_will_back |= session.pending_will.is_some();
            session.pending_will = None;
        }
        (is_present && !connect.clean_start, had_session)
    }

    fn set_up(
        &mut self,
        id: ConnectionId,
        client_id: &ClientId,
        connect: &Connect<'_>,
        session_expiry: SessionExpiry,
        keep_alive: u16,
        now: Duration,
    ) {
        let patience = self.patience(keep_alive);
        let has_fault = |fault| self.faults.has(fault);
        let properties = connect.properties;
        let integer = |id| properties.integer(id);
        let offered = integer(PropertyId::TopicAliasMaximum).unwrap_or(0);
        let alias_maximum = match () {
            () if has_fault(Fault::AliasWithoutPermission) => offered.max(1),
            () if has_fault(Fault::AliasAboveMaximum) && offered > 0 => offered.saturating_add(1),
            () if self.options.sends_topic_aliases => offered,
            () => 0,
        };
        let will = self.will_of(client_id, connect);
        let aliases_out = self.aliases_out(client_id, to_u16(alias_maximum));
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        connection.stage = Stage::Connected {
            client_id: client_id.clone(),
            is_reauthenticating: false,
        };
        connection.heard = now;
        connection.patience = patience;
        connection.aliases_out = aliases_out;
        connection.session_expiry = session_expiry;
        connection.wants_no_session = requested_expiry(connect) == 0;
        connection.will = will;
        connection.auth_method = properties
            .text(PropertyId::AuthenticationMethod)
            .map(str::to_owned);
        self.watch_connection(id);
    }

    /// Takes note of what the client has room for, which binds every answer to its CONNECT already.
    fn note_limits(&mut self, id: ConnectionId, connect: &Connect<'_>) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let integer = |id| connect.properties.integer(id);
        connection.receive_maximum = integer(PropertyId::ReceiveMaximum).map_or(u16::MAX, to_u16);
        connection.packet_len_max = integer(PropertyId::MaximumPacketSize)
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(usize::MAX);
        connection.wants_problem_information =
            integer(PropertyId::RequestProblemInformation) != Some(0);
    }

    /// How long the session outlives the connection.
    fn session_expiry(&self, connect: &Connect<'_>) -> SessionExpiry {
        let requested = requested_expiry(connect);
        let options = &self.options;
        let granted = match connect.version {
            ProtocolVersion::V5_0 => requested
                .max(options.session_expiry_min)
                .min(options.session_expiry_max.unwrap_or(u32::MAX)),
            ProtocolVersion::V3_1_1 => requested,
        };
        SessionExpiry::from_interval(granted)
    }

    fn keep_alive(&self, connect: &Connect<'_>) -> u16 {
        match (connect.version, self.options.server_keep_alive) {
            (ProtocolVersion::V5_0, Some(seconds)) if !self.has(Fault::ServerKeepAliveNotUsed) => {
                seconds
            }
            (ProtocolVersion::V5_0 | ProtocolVersion::V3_1_1, _) => connect.keep_alive,
        }
    }

    fn response_information(&self, connect: &Connect<'_>) -> Option<String> {
        let requested = connect
            .properties
            .integer(PropertyId::RequestResponseInformation);
        (requested == Some(1) || self.has(Fault::ResponseInformationUnasked))
            .then(|| self.options.response_information.clone())
            .flatten()
    }

    /// What the broker does not offer, and its limits (section 3.2.2.3).
    fn capabilities(&self) -> Vec<Property<'static>> {
        let options = &self.options;
        let is_explicit = self.may(Variant::DefaultsAnnounced);
        let flag = u8::from;
        let mut properties = Vec::new();
        if is_explicit || options.receive_maximum < u16::MAX {
            properties.push(Property::ReceiveMaximum(options.receive_maximum.max(1)));
        }
        if options.maximum_qos < Qos::ExactlyOnce && !self.has(Fault::MaximumQosNotTold) {
            properties.push(Property::MaximumQos(options.maximum_qos.bits()));
        }
        if is_explicit || !options.retain_available {
            properties.push(Property::RetainAvailable(flag(options.retain_available)));
        }
        properties.push(Property::MaximumPacketSize(
            options.maximum_packet_size.max(1),
        ));
        if is_explicit || options.topic_alias_maximum > 0 {
            properties.push(Property::TopicAliasMaximum(options.topic_alias_maximum));
        }
        if is_explicit || !options.wildcard_available {
            properties.push(Property::WildcardSubscriptionAvailable(flag(
                options.wildcard_available,
            )));
        }
        if is_explicit || !options.subscription_id_available {
            properties.push(Property::SubscriptionIdentifierAvailable(flag(
                options.subscription_id_available,
            )));
        }
        if is_explicit || !options.shared_available {
            properties.push(Property::SharedSubscriptionAvailable(flag(
                options.shared_available,
            )));
        }
        properties
    }
}

/// The session expiry interval that a CONNECT asks for; in 3.1.1 it follows from Clean Session.
fn requested_expiry(connect: &Connect<'_>) -> u32 {
    match connect.version {
        ProtocolVersion::V5_0 => connect
            .properties
            .integer(PropertyId::SessionExpiryInterval)
            .unwrap_or(0),
        ProtocolVersion::V3_1_1 if connect.clean_start => 0,
        ProtocolVersion::V3_1_1 => u32::MAX,
    }
}

fn to_u16(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

pub(super) const UNSUPPORTED_VERSION: Rejection = (
    ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
    "a protocol level that is not spoken here",
);
pub(super) const CLIENT_ID_REFUSED: Rejection = (
    ReasonCode::CLIENT_IDENTIFIER_NOT_VALID,
    "the client identifier",
);
