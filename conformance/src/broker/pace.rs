//! Clients that take their messages more slowly than these come: what can wait waits in the session.

use std::time::Duration;

use super::connection::ConnectionId;
use super::core::{Broker, Output};

impl Broker {
    /// The next thing to do; to be asked until there is none, after every other call.
    ///
    /// Messages that wait for a client come in portions: what has been taken makes room for more.
    pub fn next_output(&mut self) -> Option<Output> {
        if self.outputs.is_empty() {
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
