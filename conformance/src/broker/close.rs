//! Ends of connections, and what follows from them: Wills and the ends of sessions.

use std::time::Duration;

use mqtt_assay_codec::packet::{Disconnect, Outcome, Sender};
use mqtt_assay_codec::property::PropertyId;
use mqtt_assay_codec::{PacketType, ProtocolVersion, ReasonCode};

use super::connection::{ConnectionId, Stage};
use super::core::{Broker, Output};
use super::fault::Fault;
use super::session::{ClientId, SessionExpiry};
use super::timer::Timer;
use super::variant::{Variant, Variants};
use super::will::{PendingWill, Will};

/// What becomes of the Will of a connection that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WillFate {
    /// It is published, at once or later.
    Published,
    /// It is removed: DISCONNECT came (v3-3.14.4-3, v5-3.14.4-3).
    Removed,
}

impl Broker {
    /// Ends a connection because of what the client did (section 4.13).
    pub(super) fn fail(&mut self, id: ConnectionId, reason: ReasonCode, text: &str, now: Duration) {
        if reason == ReasonCode::PROTOCOL_ERROR && self.has(Fault::ProtocolErrorsIgnored) {
            return;
        }
        if reason == ReasonCode::MALFORMED_PACKET && self.has(Fault::MalformedPacketsIgnored) {
            return;
        }
        if self.has(Fault::ErrorSaidInConnack) {
            self.connack_error(id, reason, "");
        } else if !self.has(Fault::ClosesWithoutDisconnect) && !self.may(Variant::BareClose) {
            // What is wrong with a second CONNECT has codes that only CONNACK may carry.
            let is_allowed = reason.is_allowed_in(
                PacketType::Disconnect,
                ProtocolVersion::V5_0,
                Sender::Server,
            );
            let reason = if is_allowed {
                reason
            } else {
                ReasonCode::PROTOCOL_ERROR
            };
            self.send_disconnect(id, reason, text);
        }
        if self.has(Fault::ConnectionLeftOpenAfterError) {
            return;
        }
        if self.has(Fault::SessionEndsWithError)
            && let Some(connection) = self.connections.get_mut(&id)
        {
            connection.session_expiry = SessionExpiry::AtClose;
        }
        let fate = if self.has(Fault::WillLostAtProtocolError) {
            WillFate::Removed
        } else {
            WillFate::Published
        };
        self.close(id, fate, now);
    }

    /// DISCONNECT came.
    pub(super) fn disconnect(
        &mut self,
        id: ConnectionId,
        disconnect: &Disconnect<'_>,
        now: Duration,
    ) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let is_plain = disconnect.outcome == Outcome::SUCCESS;
        if is_plain && self.faults.has(Fault::GoodbyeLostWithConnection) {
            connection.said_goodbye = true;
            connection.patience = Some(MOMENT);
            return self.watch_connection(id);
        }
        let outcome = disconnect.outcome;
        let interval = outcome
            .properties()
            .integer(PropertyId::SessionExpiryInterval);
        if let Some(interval) = interval {
            // Rule u5-10: such a DISCONNECT is not valid, so the Will stays.
            if connection.wants_no_session
                && interval > 0
                && !self.faults.has(Fault::ExpiryRaisedAtDisconnect)
            {
                let text = "a session expiry interval in DISCONNECT after 0 in CONNECT";
                return self.fail(id, ReasonCode::PROTOCOL_ERROR, text, now);
            }
            if !self.faults.has(Fault::ExpiryOfDisconnectIgnored) {
                let interval_max = self.options.session_expiry_max.unwrap_or(u32::MAX);
                let granted = interval.min(interval_max);
                connection.session_expiry = SessionExpiry::from_interval(granted);
            }
        }
        let has_delay = connection
            .will
            .as_ref()
            .is_some_and(|will| !will.delay.is_zero());
        let is_retained = connection.will.as_ref().is_some_and(|will| will.retain);
        let is_sent_all_the_same = self.faults.has(Fault::WillSentAfterDisconnect)
            || (is_retained && self.faults.has(Fault::RetainedWillSentAfterDisconnect));
        if self.has(Fault::DelayOfWillEndsNextSession) {
            self.doom_next_session(id, now);
        }
        let fate = match outcome.reason() {
            ReasonCode::SUCCESS if !is_sent_all_the_same => WillFate::Removed,
            ReasonCode::DISCONNECT_WITH_WILL_MESSAGE
                if self.has(Fault::DisconnectWithWillForgetsWill)
                    || (has_delay && self.has(Fault::DisconnectWithWillForgetsDelayedWill)) =>
            {
                WillFate::Removed
            }
            _ => WillFate::Published,
        };
        if self.has(Fault::ConnectionLeftOpenAfterDisconnect) {
            return;
        }
        self.close(id, fate, now);
        if self.may(Variant::GoodbyeLeftOpen) {
            let close = Output::Close { connection: id };
            self.outputs.retain(|output| *output != close);
        }
    }

    /// Takes note of when the delay of a Will would be over: a fault alone comes here (v5-4.1.0-1).
    fn doom_next_session(&mut self, id: ConnectionId, now: Duration) {
        let connection = self.connections.get(&id);
        let will = connection.and_then(|it| it.will.as_ref());
        let delay = will.map(|will| will.delay).filter(|it| !it.is_zero());
        if let Some(delay) = delay
            && let Some(client_id) = self.client_of(id)
        {
            self.doomed.insert(client_id, now.saturating_add(delay));
        }
    }

    /// Ends a connection, and with it perhaps its session.
    pub(super) fn close(&mut self, id: ConnectionId, fate: WillFate, now: Duration) {
        if let Some((client_id, will)) = self.detach(id, now) {
            self.detached(
                &client_id,
                will.filter(|_| fate == WillFate::Published),
                now,
            );
        }
    }

    /// Ends a connection; whose it was, and the Will that it leaves.
    fn detach(&mut self, id: ConnectionId, now: Duration) -> Option<(ClientId, Option<Will>)> {
        let connection = self.connections.remove(&id)?;
        self.timers.cancel(&Timer::Connection(id));
        self.paused.remove(&id);
        self.outputs.push_back(Output::Close { connection: id });
        let Stage::Connected { client_id, .. } = connection.stage else {
            return None;
        };
        let session = self.sessions.get_mut(&client_id)?;
        if session.connection != Some(id) {
            return None;
        }
        session.connection = None;
        session.outgoing.lose_connection();
        if self.faults.has(Fault::OwnAliasesOutliveConnection) {
            session.past.aliases_out = Some(connection.aliases_out);
        }
        session.expires = match connection.session_expiry {
            SessionExpiry::AtClose => Some(now),
            SessionExpiry::After(seconds) => {
                let is_cut = self.faults.has(Fault::SessionExpiryOfTwoBytes);
                let seconds = if is_cut { seconds & 0xffff } else { seconds };
                let interval = Duration::from_secs(u64::from(seconds));
                let is_halved = self.faults.has(Fault::SessionEndsInHalfItsTime);
                let end = now.saturating_add(if is_halved { interval / 2 } else { interval });
                Some(swept(self.variants, end))
            }
            SessionExpiry::Never if self.faults.has(Fault::EndlessSessionEndsAtClose) => Some(now),
            SessionExpiry::Never => None,
        };
        if self.faults.has(Fault::SessionNeverExpires) && session.expires.is_some_and(|at| at > now)
        {
            session.expires = None;
        }
        Some((client_id, connection.will))
    }

    /// Ends the session of a connection that is gone, if it is over, and publishes the Will or puts it off.
    fn detached(&mut self, client_id: &ClientId, will: Option<Will>, now: Duration) {
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        let ends_now = session.expires == Some(now);
        let survives = self.faults.has(Fault::SessionSurvivesExpiryZero);
        if ends_now && survives {
            session.expires = None;
        }
        self.note_presence(client_id, false);
        let session = self.sessions.get_mut(client_id);
        let will_of_predecessor = session.and_then(|session| session.past.will.take());
        if ends_now && !survives {
            self.end_session(client_id, now);
        }
        if let Some(will) = will {
            self.will_of_closed(client_id, will, ends_now, now);
        }
        if let Some(will) = will_of_predecessor {
            self.publish_will(client_id, will, now);
        }
        self.watch_session(client_id);
    }

    /// Publishes the Will of a connection that is gone, or puts it off (v5-3.1.2-8).
    fn will_of_closed(&mut self, client_id: &ClientId, will: Will, ends_now: bool, now: Duration) {
        let delay = match () {
            () if self.has(Fault::WillDelayIgnored) => Duration::ZERO,
            () if self.has(Fault::WillDelayOfTwoBytes) => {
                Duration::from_secs(will.delay.as_secs() & 0xffff)
            }
            () => will.delay,
        };
        let is_lost = self.has(Fault::NextWillLost);
        let session = self.sessions.get_mut(client_id);
        match session {
            Some(session) if is_lost && session.past.took_will_back => {}
            Some(session) if !ends_now && !delay.is_zero() => {
                let mut will = will;
                will.wait(self.faults);
                let due = swept(self.variants, now.saturating_add(delay));
                session.pending_will = Some(PendingWill { will, due });
            }
            _ => {
                if self.has(Fault::WillSentTwice) {
                    self.publish_will(client_id, will.clone(), now);
                }
                self.publish_will(client_id, will, now);
            }
        }
    }

    /// Discards a session; a Will that still waits is published now (section 3.1.3.2.2).
    pub(super) fn end_session(&mut self, client_id: &ClientId, now: Duration) {
        let Some(session) = self.sessions.remove(client_id) else {
            return;
        };
        self.timers.cancel(&Timer::Session(client_id.clone()));
        self.late.forget(client_id);
        if !self.has(Fault::SubscriptionsOutliveSession) {
            for key in &session.filters {
                if let Some(filter) = key.filter() {
                    self.subscriptions.remove(&filter, client_id);
                }
            }
        }
        if self.has(Fault::UnfinishedMessageGivenToOthers) {
            for message in session.outgoing.unfinished_qos_2() {
                self.distribute(message, now);
            }
        }
        if self.has(Fault::RetainedEndsWithSession) {
            self.retained.forget(client_id);
        }
        if let Some(pending) = session.pending_will
            && !self.has(Fault::WillLostAtSessionEnd)
        {
            self.publish_will(client_id, pending.will, now);
        }
    }

    /// Ends every connection, as when the process stops; Wills go to those who are away, who are all.
    pub(super) fn shut_down(&mut self, now: Duration) {
        let ids: Vec<ConnectionId> = self.connections.keys().copied().collect();
        let mut detached = Vec::new();
        for id in ids {
            self.send_disconnect(id, ReasonCode::SERVER_SHUTTING_DOWN, "the server stops");
            detached.extend(self.detach(id, now));
        }
        for (client_id, will) in detached {
            self.detached(&client_id, will, now);
        }
    }

    /// Tells a 5.0 client why its connection ends, if it is connected (v5-3.14.0-1).
    pub(super) fn send_disconnect(&mut self, id: ConnectionId, reason: ReasonCode, text: &str) {
        let is_connected = self
            .connections
            .get(&id)
            .is_some_and(|connection| connection.client_id().is_some());
        if !is_connected {
            return;
        }
        match self.version(id) {
            ProtocolVersion::V5_0 => self.send_disconnect_packet(id, reason, text),
            ProtocolVersion::V3_1_1 => {
                if self.has(Fault::DisconnectSentInOldVersion) {
                    self.send_disconnect_packet(id, reason, text);
                }
            }
        }
    }
}

/// When something is seen to that is due at a time.
fn swept(variants: Variants, due: Duration) -> Duration {
    if variants.has(Variant::SessionsSwept) {
        due.saturating_add(SWEEP)
    } else {
        due
    }
}

/// How long a connection must last for its DISCONNECT to be heard, by a fault.
const MOMENT: Duration = Duration::from_millis(20);
/// How often a broker may look for sessions that have expired.
const SWEEP: Duration = Duration::from_secs(10);
