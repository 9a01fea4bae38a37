//! Everything that happens because time passes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mqtt_assay_codec::ReasonCode;

use super::close::WillFate;
use super::connection::{Connection, ConnectionId, Stage};
use super::core::Broker;
use super::fault::Fault;
use super::session::ClientId;
use super::variant::Variant;
use super::will::PendingWill;

/// When to look at whom again, so that nobody else need be looked at.
///
/// A time that is put off needs no note: whoever is looked at too early is looked at once more.
#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeSet<(Duration, Timer)>,
    at: BTreeMap<Timer, Duration>,
}

/// Who waits for a time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// A connection: for CONNECT, or for anything.
    Connection(ConnectionId),
    /// A session without a connection: for its end, or for that of the delay of its Will.
    Session(ClientId),
}

impl Timers {
    /// Sees to it that somebody is looked at by a time.
    pub(super) fn arm(&mut self, timer: Timer, at: Duration) {
        match self.at.get(&timer) {
            Some(earlier) if *earlier <= at => return,
            Some(_) => self.cancel(&timer),
            None => {}
        }
        self.at.insert(timer.clone(), at);
        self.due.insert((at, timer));
    }

    /// Forgets somebody.
    pub(super) fn cancel(&mut self, timer: &Timer) {
        if let Some((timer, at)) = self.at.remove_entry(timer) {
            self.due.remove(&(at, timer));
        }
    }

    /// The next one whose time has come.
    fn pop(&mut self, now: Duration) -> Option<Timer> {
        let (at, _) = self.due.first()?;
        if *at > now {
            return None;
        }
        let (_, timer) = self.due.pop_first()?;
        self.at.remove(&timer);
        Some(timer)
    }

    pub(super) fn len(&self) -> usize {
        self.due.len()
    }

    fn first(&self) -> Option<Duration> {
        self.due.first().map(|(at, _)| *at)
    }
}

impl Broker {
    /// Does all that is due.
    pub fn tick(&mut self, now: Duration) {
        self.now = now;
        self.catch_up(now);
        let (mut connections, mut sessions) = (BTreeSet::new(), BTreeSet::new());
        while let Some(timer) = self.timers.pop(now) {
            match timer {
                Timer::Connection(id) => {
                    connections.insert(id);
                }
                Timer::Session(client_id) => {
                    sessions.insert(client_id);
                }
            }
        }
        for id in &connections {
            self.close_if_silent(*id, now);
        }
        for client_id in &sessions {
            self.publish_due_will(client_id, now);
        }
        for client_id in &sessions {
            self.end_due_session(client_id, now);
        }
        for id in connections {
            self.watch_connection(id);
        }
        for client_id in &sessions {
            self.watch_session(client_id);
        }
    }

    /// When [`Broker::tick`] has something to do next, if nothing else happens; it may turn out to be nothing.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        [self.timers.first(), self.late.first()]
            .into_iter()
            .flatten()
            .min()
    }

    /// Sees to it that a connection is closed in time.
    pub(super) fn watch_connection(&mut self, id: ConnectionId) {
        let connection = self.connections.get(&id);
        if let Some(at) = connection.and_then(Connection::deadline) {
            self.timers.arm(Timer::Connection(id), at);
        }
    }

    /// Sees to it that a session ends in time, and its Will is published.
    pub(super) fn watch_session(&mut self, client_id: &ClientId) {
        let Some(session) = self.sessions.get(client_id) else {
            return;
        };
        let will = session.pending_will.as_ref().map(|pending| pending.due);
        if let Some(at) = [session.expires, will].into_iter().flatten().min() {
            self.timers.arm(Timer::Session(client_id.clone()), at);
        }
    }

    /// One and a half times the keep alive (v3-3.1.2-24, v5-3.1.2-22).
    pub(super) fn patience(&self, keep_alive: u16) -> Option<Duration> {
        if keep_alive == 0 {
            return self
                .has(Fault::KeepAliveZeroTakenForShort)
                .then_some(SHORT_PATIENCE);
        }
        if self.has(Fault::KeepAliveOverflows) {
            let patience = keep_alive.wrapping_add(keep_alive / 2);
            return Some(Duration::from_secs(u64::from(patience)));
        }
        let keep_alive = if self.has(Fault::KeepAliveOfOneByte) {
            keep_alive & 0xff
        } else {
            keep_alive
        };
        let keep_alive = Duration::from_secs(u64::from(keep_alive));
        match () {
            () if self.has(Fault::KeepAliveNotEnforced) => None,
            () if self.has(Fault::KeepAliveTooShort) => Some(keep_alive / 2),
            () if self.has(Fault::KeepAliveTooLong) => Some(keep_alive * 10),
            () if self.has(Fault::KeepAliveTwiceAsLong) => Some(keep_alive * 2),
            () if self.may(Variant::KeepAliveShort) => Some(keep_alive),
            () if self.may(Variant::KeepAliveLate) => Some(keep_alive * 3 / 2 + KEEP_ALIVE_SWEEP),
            () => Some(keep_alive + keep_alive / 2),
        }
    }

    fn close_if_silent(&mut self, id: ConnectionId, now: Duration) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        if connection.deadline().is_none_or(|at| at > now) {
            return;
        }
        match connection.stage {
            Stage::Connected { .. } if connection.said_goodbye => {
                self.close(id, WillFate::Removed, now);
            }
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

    fn publish_due_will(&mut self, client_id: &ClientId, now: Duration) {
        let session = self.sessions.get_mut(client_id);
        let pending = session.and_then(|s| s.pending_will.take_if(|pending| pending.due <= now));
        if let Some(pending) = pending {
            if self.faults.has(Fault::DelayedWillSentAgain)
                && let Some(session) = self.sessions.get_mut(client_id)
            {
                let due = Duration::MAX;
                session.pending_will = Some(PendingWill {
                    due,
                    ..pending.clone()
                });
            }
            self.publish_will(client_id, pending.will, now);
        }
    }

    fn end_due_session(&mut self, client_id: &ClientId, now: Duration) {
        if self.has(Fault::UnfinishedSessionNeverExpires)
            && let Some(session) = self.sessions.get_mut(client_id)
            && session.outgoing.has_unfinished()
        {
            session.expires = None;
        }
        let session = self.sessions.get(client_id);
        if session.is_some_and(|session| session.expires.is_some_and(|at| at <= now)) {
            self.end_session(client_id, now);
        }
    }
}

/// What a coarse clock adds to the keep alive: within the five seconds that are no error.
const KEEP_ALIVE_SWEEP: Duration = Duration::from_secs(4);
/// Shorter than a test waits to see that nothing happens.
const SHORT_PATIENCE: Duration = Duration::from_secs(2);
