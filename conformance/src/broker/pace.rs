//! Clients that take their messages more slowly than these come: what can wait waits in the session.

use std::time::Duration;

use mqtt_assay_codec::ReasonCode;

use super::close::WillFate;
use super::connection::{ConnectionId, Stage};
use super::core::{Broker, Output};
use super::session::{ClientId, Session, SessionExpiry};

impl Broker {
    /// The next thing to do; to be asked until there is none, after every other call.
    ///
    /// Messages that wait for a client come in portions: what has been taken makes room for more.
    pub fn next_output(&mut self) -> Option<Output> {
        if self.outputs.is_empty() {
            self.end_overfull();
            self.resume_paused();
        }
        let output = self.outputs.pop_front()?;
        if let Output::Send { connection, bytes } = &output
            && let Some(connection) = self.connections.get_mut(connection)
        {
            connection.output_len = connection.output_len.saturating_sub(bytes.len());
        }
        Some(output)
    }

    /// Takes note that a client lags behind: messages with QoS 1 or 2 wait until [`Broker::release`].
    pub fn hold(&mut self, id: ConnectionId) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.is_held = true;
        }
    }

    /// Takes note that a client has caught up.
    pub fn release(&mut self, id: ConnectionId, now: Duration) {
        self.tick(now);
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.is_held = false;
        }
    }

    /// Ends the sessions for which more waits than may (section 4.1), and where all is too much, the fullest.
    fn end_overfull(&mut self) {
        while let Some(client_id) = self.overfull.pop_first() {
            self.expel(&client_id);
        }
        while self.queued.len() > self.options.queued_bytes_total_max {
            let bytes = |(_, session): &(&ClientId, &Session)| session.outgoing.bytes();
            let Some((fullest, _)) = self.sessions.iter().max_by_key(bytes) else {
                return;
            };
            let fullest = fullest.clone();
            self.expel(&fullest);
        }
    }

    /// Ends a session, and its connection.
    fn expel(&mut self, client_id: &ClientId) {
        let session = self.sessions.get(client_id);
        if let Some(id) = session.and_then(|session| session.connection) {
            let text = "more waits for the client than may";
            self.send_disconnect(id, ReasonCode::QUOTA_EXCEEDED, text);
            if let Some(connection) = self.connections.get_mut(&id) {
                connection.session_expiry = SessionExpiry::AtClose;
            }
            self.close(id, WillFate::Published, self.now);
        }
        self.end_session(client_id, self.now);
    }

    /// Counts what has arrived of a packet. Where all is too much, the connection that has most of it is closed.
    pub(super) fn count_input(&mut self, id: ConnectionId, now: Duration) {
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let len = connection.unfinished_len();
        connection.input = None;
        if len == 0 {
            return;
        }
        connection.input = Some(self.input.hold(len));
        if self.input.len() <= self.options.input_bytes_total_max {
            return;
        }
        let fullest = self
            .connections
            .iter()
            .max_by_key(|(_, it)| it.unfinished_len());
        let Some((fullest, connection)) = fullest.map(|(id, connection)| (*id, connection)) else {
            return;
        };
        match connection.stage {
            Stage::Connected { .. } => {
                let text = "too many packets are on their way here";
                self.fail(fullest, ReasonCode::QUOTA_EXCEEDED, text, now);
            }
            Stage::AwaitingConnect | Stage::Authenticating { .. } | Stage::Refused => {
                self.close(fullest, WillFate::Removed, now);
            }
        }
    }

    fn resume_paused(&mut self) {
        let is_free = |id: &ConnectionId| {
            let connection = self.connections.get(id);
            connection.is_some_and(|connection| !connection.is_held)
        };
        let free: Vec<ConnectionId> = self.paused.iter().copied().filter(is_free).collect();
        for id in free {
            self.paused.remove(&id);
            self.pump_connection(id, self.now);
        }
    }
}

/// How many bytes of messages for one client are put out before they have to be taken: what is written at once.
pub(super) const OUTPUT_LEN: usize = 64 << 10;
