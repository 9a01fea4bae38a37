//! Who may do what: passwords, the access list, and one small method of enhanced authentication (section 4.12).
//!
//! The method is `assay-challenge`: the broker sends AUTH with the data `challenge`, and lets in who answers
//! `response`.

use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::frame::Frame;
use mqtt_assay_codec::packet::{Auth, Connect, Outcome, Sender};
use mqtt_assay_codec::property::{PropertiesBuf, Property, PropertyId};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{Packet, PacketType, ProtocolVersion, ReasonCode};

use super::close::WillFate;
use super::connect::Rejection;
use super::connection::{ConnectionId, Stage};
use super::core::Broker;
use super::fault::Fault;
use super::message;
use super::options::{AccessRule, Denied};

impl Broker {
    /// Checks user name and password.
    pub(super) fn check_credentials(&self, connect: &Connect<'_>) -> Result<(), Rejection> {
        let Some(user_name) = connect.user_name else {
            if self.options.allows_anonymous {
                return Ok(());
            }
            return Err((ReasonCode::NOT_AUTHORIZED, "a user name is required"));
        };
        if self.options.users.is_empty() || self.has(Fault::PasswordNotChecked) {
            return Ok(());
        }
        let expected = self.options.users.get(user_name);
        if expected.is_some_and(|password| connect.password == Some(password.as_slice())) {
            return Ok(());
        }
        Err((
            ReasonCode::BAD_USER_NAME_OR_PASSWORD,
            "the user name or the password",
        ))
    }

    /// Refuses an authentication method that is not known (v5-4.12.0-1).
    pub(super) fn check_method(&self, connect: &Connect<'_>) -> Result<(), Rejection> {
        let method = connect.properties.text(PropertyId::AuthenticationMethod);
        let is_known = method.is_none_or(|m| m == METHOD && self.options.has_auth_method);
        if is_known || self.has(Fault::UnknownAuthMethodAccepted) {
            return Ok(());
        }
        Err((
            ReasonCode::BAD_AUTHENTICATION_METHOD,
            "the authentication method",
        ))
    }

    /// Whether a challenge has to be answered before the CONNECT is.
    pub(super) fn must_challenge(&self, connect: &Connect<'_>) -> bool {
        let method = connect.properties.text(PropertyId::AuthenticationMethod);
        let is_new = connect.version == ProtocolVersion::V5_0;
        method == Some(METHOD) || (is_new && self.has(Fault::AuthUnasked))
    }

    /// Sends the challenge, and keeps the CONNECT until it is answered.
    pub(super) fn challenge(&mut self, id: ConnectionId, connect: Bytes) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.stage = Stage::Authenticating { connect };
        }
        let reason = if self.has(Fault::ChallengeWithReasonSuccess) {
            ReasonCode::SUCCESS
        } else {
            ReasonCode::CONTINUE_AUTHENTICATION
        };
        self.send_auth(id, reason, Some(CHALLENGE));
    }

    /// Takes a frame between CONNECT and CONNACK: only AUTH and DISCONNECT may come (section 4.12).
    pub(super) fn frame_while_authenticating(
        &mut self,
        id: ConnectionId,
        frame: &Frame<'_>,
        connect: &Bytes,
        now: Duration,
    ) {
        match Packet::decode(frame, ProtocolVersion::V5_0, Sender::Client) {
            Ok(Packet::Auth(auth)) => match self.check_answer(&auth) {
                Ok(()) => self.accept_frame(id, connect, now),
                Err(_) if self.has(Fault::WrongAuthDataAccepted) => {
                    self.accept_frame(id, connect, now);
                }
                Err(rejection) => self.reject(id, rejection, now),
            },
            Ok(Packet::Disconnect(_)) => self.close(id, WillFate::Removed, now),
            Ok(_) if self.has(Fault::PacketsBeforeConnackOverlooked) => {}
            Ok(_) => {
                let text = "only AUTH may follow a challenge";
                self.reject(id, (ReasonCode::PROTOCOL_ERROR, text), now);
            }
            Err(error) => {
                self.connack_error(id, error.reason_code(), &error.to_string());
                self.close(id, WillFate::Removed, now);
            }
        }
    }

    /// Takes AUTH on a connection that is up: re-authentication (section 4.12.1).
    pub(super) fn auth(&mut self, id: ConnectionId, auth: &Auth<'_>, now: Duration) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let Some(method) = connection.auth_method.clone() else {
            if self.has(Fault::AuthWithoutMethodIgnored) {
                return;
            }
            let text = "AUTH on a connection without an authentication method";
            return self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
        };
        let properties = auth.outcome.properties();
        let is_same = properties.text(PropertyId::AuthenticationMethod) == Some(method.as_str());
        if !is_same && !self.faults.has(Fault::AuthMethodMayChange) {
            let text = "another authentication method than in CONNECT";
            return self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
        }
        let Stage::Connected {
            is_reauthenticating,
            ..
        } = &mut connection.stage
        else {
            return;
        };
        if auth.outcome.reason() == ReasonCode::RE_AUTHENTICATE {
            *is_reauthenticating = true;
            self.send_auth(id, ReasonCode::CONTINUE_AUTHENTICATION, Some(CHALLENGE));
            return;
        }
        if !*is_reauthenticating {
            let text = "AUTH that no challenge asked for";
            return self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
        }
        *is_reauthenticating = false;
        match self.check_answer(auth) {
            Ok(()) => self.send_auth(id, ReasonCode::SUCCESS, None),
            Err(_) if self.has(Fault::FailedReauthenticationIgnored) => {
                self.send_auth(id, ReasonCode::SUCCESS, None);
            }
            Err((reason, text)) => self.fail(id, reason, text, now),
        }
    }

    /// The method that CONNACK repeats (v5-4.12.0-5), or must not have (v5-4.12.0-6).
    pub(super) fn method_in_connack(&self, connect: &Connect<'_>) -> Option<String> {
        let method = connect.properties.text(PropertyId::AuthenticationMethod);
        if method.is_some() && self.has(Fault::AuthMethodNotRepeated) {
            return None;
        }
        if method.is_none() && self.has(Fault::AuthMethodUnasked) {
            return Some(METHOD.to_owned());
        }
        method.map(str::to_owned)
    }

    /// Whether the access list denies a topic.
    pub(super) fn is_denied(&self, topic: &TopicName<'_>, action: Denied) -> bool {
        self.access_list().iter().any(|rule| {
            (rule.denied == action || rule.denied == Denied::Everything)
                && TopicFilter::new(&rule.filter, ProtocolVersion::V3_1_1)
                    .is_ok_and(|filter| filter.matches(topic))
        })
    }

    /// Whether the access list denies all that a filter matches: a rule for the same filter, or for its one topic.
    pub(super) fn is_filter_denied(&self, filter: &TopicFilter<'_>) -> bool {
        if let Ok(topic) = TopicName::new(filter.pattern()) {
            return self.is_denied(&topic, Denied::Subscribe);
        }
        self.access_list()
            .iter()
            .any(|rule| rule.denied != Denied::Publish && rule.filter == filter.pattern())
    }

    fn access_list(&self) -> &[AccessRule] {
        if self.has(Fault::AccessListIgnored) {
            return &[];
        }
        &self.options.denied
    }

    /// Whether the client knows the answer.
    fn check_answer(&self, auth: &Auth<'_>) -> Result<(), Rejection> {
        let properties = auth.outcome.properties();
        if properties.text(PropertyId::AuthenticationMethod) != Some(METHOD) {
            return Err((
                ReasonCode::PROTOCOL_ERROR,
                "another authentication method than in CONNECT",
            ));
        }
        let continues = auth.outcome.reason() == ReasonCode::CONTINUE_AUTHENTICATION;
        if !continues && !self.has(Fault::ReasonOfAnswerOverlooked) {
            return Err((ReasonCode::PROTOCOL_ERROR, "an AUTH that continues is due"));
        }
        if properties.binary(PropertyId::AuthenticationData) != Some(RESPONSE) {
            return Err((ReasonCode::NOT_AUTHORIZED, "the response to the challenge"));
        }
        Ok(())
    }

    fn send_auth(&mut self, id: ConnectionId, reason: ReasonCode, data: Option<&[u8]>) {
        let mut properties = PropertiesBuf::new();
        message::push(&mut properties, Property::AuthenticationMethod(METHOD));
        if let Some(data) = data {
            message::push(&mut properties, Property::AuthenticationData(data));
        }
        let text = if reason == ReasonCode::CONTINUE_AUTHENTICATION {
            "a response is awaited"
        } else {
            ""
        };
        let explained = self.explain(id, PacketType::Auth, AUTH_LEN, text);
        for property in explained.as_properties().iter() {
            message::push(&mut properties, property);
        }
        let outcome = Outcome::with_properties(reason, properties.as_properties());
        self.send(id, &Packet::Auth(Auth { outcome }));
    }
}

const METHOD: &str = "assay-challenge";
const CHALLENGE: &[u8] = b"challenge";
const RESPONSE: &[u8] = b"response";
/// The longest AUTH that the broker sends, without a reason string.
const AUTH_LEN: usize = 2 + 1 + 1 + 3 + METHOD.len() + 3 + CHALLENGE.len();
