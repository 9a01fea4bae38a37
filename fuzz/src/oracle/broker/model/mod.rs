//! What the specification makes of it: which sessions there are, and what each client has to get.
//!
//! The world tells the model all that clients do and that time passes, and shows it all that the broker sends. After
//! each step nothing may be missing ([`Model::settle`]): the broker does no I/O, so that it has no reason to wait.

mod connect;
mod connection;
mod input;
mod message;
mod output;
mod publish;
mod route;
mod session;
mod subscribe;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, ConnectionId, Keep};

use super::{Check, Violation};
use connection::{Connection, Stage, Will};
use message::Message;
use route::Ticket;
use session::Session;

#[derive(Debug)]
pub(super) struct Model {
    pub(super) options: BrokerOptions,
    now: Duration,
    pub(super) connections: BTreeMap<ConnectionId, Connection>,
    /// By client identifier.
    pub(super) sessions: BTreeMap<String, Session>,
    /// By topic.
    pub(super) retained: BTreeMap<String, Rc<Message>>,
    tickets: Vec<Ticket>,
}

impl Model {
    pub(super) fn new(options: BrokerOptions) -> Self {
        Self {
            options,
            now: Duration::ZERO,
            connections: BTreeMap::new(),
            sessions: BTreeMap::new(),
            retained: BTreeMap::new(),
            tickets: Vec::new(),
        }
    }

    pub(super) fn open(&mut self, id: ConnectionId) {
        let deadline = self.now.saturating_add(self.options.connect_timeout);
        self.connections.insert(id, Connection::new(deadline));
    }

    /// The client of a connection, once it is connected.
    pub(super) fn client_of(&self, id: ConnectionId) -> Option<&str> {
        match &self.connections.get(&id)?.stage {
            Stage::Connected(client) => Some(client),
            Stage::Awaiting | Stage::Refused(_) | Stage::Closing(_) => None,
        }
    }

    /// The client closed a connection, without DISCONNECT.
    pub(super) fn cut(&mut self, id: ConnectionId) {
        self.end(id, true);
        self.connections.remove(&id);
    }

    /// The broker has to end a connection because of what came.
    fn fail(&mut self, id: ConnectionId) {
        self.end(id, true);
    }

    /// The broker has to end a connection; whether its Will is published (v5-3.1.2-8, v5-3.1.2-10).
    fn end(&mut self, id: ConnectionId, with_will: bool) {
        if let Some((client, will)) = self.detach(id) {
            self.ended(&client, will.filter(|_| with_will));
        }
    }

    /// Takes a connection from its session.
    fn detach(&mut self, id: ConnectionId) -> Option<(String, Option<Will>)> {
        let connection = self.connections.get_mut(&id)?;
        let stage = std::mem::replace(&mut connection.stage, Stage::Closing(false));
        connection.answers.clear();
        connection.deadline = None;
        let client = match stage {
            Stage::Connected(client) => client,
            Stage::Awaiting => {
                // Who is not connected is told nothing (v5-3.14.0-1).
                connection.stage = Stage::Refused(false);
                return None;
            }
            Stage::Refused(_) | Stage::Closing(_) => {
                connection.stage = stage;
                return None;
            }
        };
        let will = connection.will.take();
        let expiry = Duration::from_secs(connection.expiry.into());
        let is_for_ever = connection.expiry == u32::MAX;
        let session = self.sessions.get_mut(&client)?;
        session.connection = None;
        session.ends = (!is_for_ever).then(|| self.now.saturating_add(expiry));
        for it in &mut session.in_flight {
            it.is_sent = false;
        }
        Some((client, will))
    }

    /// Ends a session that ends with its connection, and publishes the Will or puts it off (section 3.1.3.2.2).
    fn ended(&mut self, client: &str, will: Option<Will>) {
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        let is_over = session.ends == Some(self.now);
        let will = will.filter(|will| {
            let waits = !is_over && will.delay > 0;
            if waits {
                let due = Duration::from_secs(will.delay.into());
                session.will = Some((will.clone(), self.now.saturating_add(due)));
            }
            !waits
        });
        if is_over {
            self.end_session(client);
        }
        if let Some(will) = will {
            self.publish_will(client, &will);
        }
    }

    /// Discards a session; its Will waits no longer.
    fn end_session(&mut self, client: &str) {
        let session = self.sessions.remove(client);
        if let Some((will, _)) = session.and_then(|session| session.will) {
            self.publish_will(client, &will);
        }
    }

    fn publish_will(&mut self, client: &str, will: &Will) {
        let message = &will.message;
        let message = Message::new(
            &message.topic,
            &message.payload,
            (message.qos, message.retain),
            message.properties.as_properties(),
            (client, self.now),
        )
        .expiring(message.expiry);
        self.publish_message(Rc::new(message));
    }

    /// The broker stops and starts (section 4.1: what outlives it is up to the operator).
    pub(super) fn restart(&mut self, keep: Keep) {
        let ids: Vec<ConnectionId> = self.connections.keys().copied().collect();
        let detached: Vec<_> = ids.iter().filter_map(|id| self.detach(*id)).collect();
        for (client, will) in detached {
            self.ended(&client, will);
        }
        if keep == Keep::Nothing {
            self.sessions.clear();
            self.retained.clear();
            self.tickets.clear();
        }
    }

    /// When something happens because time passes.
    pub(super) fn next_timer(&self) -> Option<Duration> {
        let connections = self.connections.values().filter_map(|it| it.deadline);
        let ends = self.sessions.values().filter_map(|it| it.ends);
        let wills = self
            .sessions
            .values()
            .filter_map(|it| Some(it.will.as_ref()?.1));
        connections.chain(ends).chain(wills).min()
    }

    /// Time has passed, and no timer is left behind.
    pub(super) fn advance(&mut self, now: Duration) {
        self.now = now;
        let due = |at: Option<Duration>| at.is_some_and(|at| at <= now);
        let silent = self.connections.iter().filter(|(_, it)| due(it.deadline));
        let silent: Vec<ConnectionId> = silent.map(|(id, _)| *id).collect();
        for id in silent {
            self.end(id, true);
        }
        let mut wills = Vec::new();
        for (client, session) in &mut self.sessions {
            let will = session.will.take_if(|(_, at)| *at <= now);
            wills.extend(will.map(|(will, _)| (client.clone(), will)));
        }
        for (client, will) in wills {
            self.publish_will(&client, &will);
        }
        let over = self.sessions.iter().filter(|(_, it)| due(it.ends));
        let over: Vec<String> = over.map(|(client, _)| client.clone()).collect();
        for client in over {
            self.end_session(&client);
        }
    }

    /// Looks whether the broker left something out.
    pub(super) fn settle(&mut self) -> Check {
        for (id, connection) in &self.connections {
            match connection.stage {
                Stage::Awaiting | Stage::Connected(_) => {}
                Stage::Refused(_) | Stage::Closing(_) => {
                    return Err(Violation::new(format!("{id} was not closed")));
                }
            }
            let missing = connection
                .answers
                .iter()
                .find(|it| !connection.may_miss(it));
            if let Some(missing) = missing {
                return Err(Violation::new(format!("{id} was not sent {missing:?}")));
            }
        }
        self.settle_tickets()?;
        for connection in self.connections.values_mut() {
            connection.answers.clear();
        }
        for session in self.sessions.values_mut() {
            let connection = session.connection.and_then(|id| self.connections.get(&id));
            if let Some(connection) = connection {
                let limit = limit(connection, &self.options);
                session.settle(connection, limit, self.now)?;
            }
        }
        Ok(())
    }
}

/// How many messages the broker sends at once.
fn limit(connection: &Connection, options: &BrokerOptions) -> usize {
    let inflight_max = usize::from(options.inflight_max);
    connection.receive_maximum.min(inflight_max).max(1)
}
