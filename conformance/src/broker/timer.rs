//! Everything that happens because time passes.

use std::time::Duration;

use mqtt_assay_codec::ReasonCode;

use super::close::WillFate;
use super::connection::{ConnectionId, Stage};
use super::core::Broker;
use super::fault::Fault;
use super::session::ClientId;

impl Broker {
    /// Does all that is due.
    pub fn tick(&mut self, now: Duration) {
        self.close_silent(now);
        self.publish_due_wills(now);
        self.end_due_sessions(now);
    }

    /// When [`Broker::tick`] has something to do next, if nothing else happens.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        let connections = self.connections.values().filter_map(|c| c.deadline());
        let sessions = self.sessions.values().filter_map(|session| session.expires);
        let wills = self.sessions.values().filter_map(|session| {
            let pending = session.pending_will.as_ref()?;
            Some(pending.due)
        });
        connections.chain(sessions).chain(wills).min()
    }

    /// One and a half times the keep alive (v3-3.1.2-24, v5-3.1.2-22).
    pub(super) fn patience(&self, keep_alive: u16) -> Option<Duration> {
        if keep_alive == 0 {
            return self
                .has(Fault::KeepAliveZeroTakenForShort)
                .then_some(SHORT_PATIENCE);
        }
        let keep_alive = Duration::from_secs(u64::from(keep_alive));
        match () {
            () if self.has(Fault::KeepAliveNotEnforced) => None,
            () if self.has(Fault::KeepAliveTooShort) => Some(keep_alive / 2),
            () if self.has(Fault::KeepAliveTooLong) => Some(keep_alive * 10),
            () => Some(keep_alive + keep_alive / 2),
        }
    }

    fn close_silent(&mut self, now: Duration) {
        let is_due = |deadline: Option<Duration>| deadline.is_some_and(|at| at <= now);
        let due: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, connection)| is_due(connection.deadline()))
            .map(|(id, _)| *id)
            .collect();
        for id in due {
            let Some(connection) = self.connections.get_mut(&id) else {
                continue;
            };
            match connection.stage {
                Stage::Connected { .. } => {
                    let text = "one and a half times the keep alive passed in silence";
                    self.send_disconnect(id, ReasonCode::KEEP_ALIVE_TIMEOUT, text);
                    let fate = if self.has(Fault::WillLostAtKeepAlive) {
                        WillFate::Removed
                    } else {
                        WillFate::Published
                    };
                    self.close(id, fate, now);
                }
                Stage::AwaitingConnect | Stage::Authenticating { .. } | Stage::Refused => {
                    if self.faults.has(Fault::WaitsForConnectForEver) {
                        connection.connect_deadline = Duration::MAX;
                    } else {
                        self.close(id, WillFate::Removed, now);
                    }
                }
            }
        }
    }

    fn publish_due_wills(&mut self, now: Duration) {
        let mut due = Vec::new();
        for (client_id, session) in &mut self.sessions {
            if let Some(pending) = session.pending_will.take_if(|pending| pending.due <= now) {
                due.push((client_id.clone(), pending.will));
            }
        }
        for (client_id, will) in due {
            self.publish_will(&client_id, will, now);
        }
    }

    fn end_due_sessions(&mut self, now: Duration) {
        let due: Vec<ClientId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.expires.is_some_and(|at| at <= now))
            .map(|(client_id, _)| client_id.clone())
            .collect();
        for client_id in due {
            self.end_session(&client_id, now);
        }
    }
}

/// Shorter than a test waits to see that nothing happens.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);
