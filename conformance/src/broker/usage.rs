//! What a broker keeps, counted.

use super::core::Broker;

/// What a broker keeps at a moment. When the clients and their sessions are gone, all of it is 0 but for retained messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// The connections, from the first byte on.
    pub connections: usize,
    /// The sessions, with and without a connection.
    pub sessions: usize,
    /// The subscriptions of all sessions.
    pub subscriptions: usize,
    /// The messages to clients that are not finished, sent or not.
    pub queued_messages: usize,
    /// The QoS 2 messages from clients for which PUBREL has not come.
    pub incoming_messages: usize,
    /// The Wills of connections, and those that wait for their delay.
    pub wills: usize,
    /// The retained messages.
    pub retained_messages: usize,
    /// The connections and sessions that wait for a time.
    pub timers: usize,
    /// The bytes of the messages to clients that are not finished; of one to several, for each of them.
    pub queued_bytes: usize,
    /// The bytes of the retained messages.
    pub retained_bytes: usize,
    /// The bytes of the Wills.
    pub will_bytes: usize,
    /// The bytes of packets that have not arrived as a whole.
    pub input_bytes: usize,
    /// The bytes that wait for clients to read them.
    pub output_bytes: usize,
}

impl Broker {
    /// Counts what the broker keeps. It takes time in proportion.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let mut usage = Usage {
            connections: self.connections.len(),
            sessions: self.sessions.len(),
            retained_messages: self.retained.len(),
            timers: self.timers.len(),
            queued_bytes: self.queued.len(),
            retained_bytes: self.retained.bytes(),
            will_bytes: self.wills.len(),
            input_bytes: self.input.len(),
            ..Usage::default()
        };
        for connection in self.connections.values() {
            usage.wills += usize::from(connection.will.is_some());
            usage.output_bytes += connection.output_len;
        }
        for session in self.sessions.values() {
            usage.subscriptions += session.filters.len();
            usage.queued_messages += session.outgoing.len();
            usage.incoming_messages += session.incoming.len();
            usage.wills += usize::from(session.pending_will.is_some());
        }
        usage
    }
}
