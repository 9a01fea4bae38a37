//! The broker, its clients and the time: what clients do goes to the broker and to the model, one step at a time.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay::broker::{Broker, BrokerOptions, ConnectionId, Keep, Output, Usage};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::print_bytes;
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{Frame, Framer, PacketType, ProtocolVersion};

use super::model::Model;
use super::{Check, Violation, ensure};

pub(super) struct World {
    broker: Broker,
    pub(super) model: Model,
    now: Duration,
    /// The client's ends of connections.
    lines: BTreeMap<ConnectionId, Line>,
    /// The latest connection of each of the clients with a name.
    pub(super) current: [Option<ConnectionId>; CLIENTS],
    /// How many messages were published, so that each differs.
    pub(super) published: u32,
    trace: Option<Vec<String>>,
}

/// Cuts what a client sends into frames, so that each is a step of its own.
struct Line {
    framer: Framer,
    has_begun: bool,
    /// What the broker was not given yet.
    unfed: Vec<u8>,
    /// How much of the frame that is incomplete it was given.
    fed: usize,
}

impl World {
    pub(super) fn new(options: BrokerOptions, has_trace: bool) -> Self {
        let trace = has_trace.then(|| vec![format!("{options:?}")]);
        Self {
            broker: Broker::new(options.clone()),
            model: Model::new(options),
            now: Duration::ZERO,
            lines: BTreeMap::new(),
            current: [None; CLIENTS],
            published: 0,
            trace,
        }
    }

    pub(super) fn into_trace(self) -> Vec<String> {
        self.trace.unwrap_or_default()
    }

    /// A new connection.
    pub(super) fn open(&mut self) -> Check<ConnectionId> {
        let id = self.broker.open(self.now);
        self.model.open(id);
        let len_max = usize::try_from(self.model.options.maximum_packet_size).unwrap_or(usize::MAX);
        let line = Line {
            framer: Framer::new(ProtocolVersion::V3_1_1, len_max),
            has_begun: false,
            unfed: Vec::new(),
            fed: 0,
        };
        self.lines.insert(id, line);
        self.settle()?;
        Ok(id)
    }

    /// Whether a connection is up.
    pub(super) fn is_connected(&self, id: ConnectionId) -> bool {
        self.model.client_of(id).is_some()
    }

    pub(super) fn version(&self, id: ConnectionId) -> ProtocolVersion {
        let connection = self.model.connections.get(&id);
        connection.map_or(ProtocolVersion::V3_1_1, |it| it.version)
    }

    /// A client sends bytes, whatever they are.
    pub(super) fn send(&mut self, id: ConnectionId, bytes: &[u8]) -> Check {
        let Some(line) = self.lines.get_mut(&id) else {
            return Ok(());
        };
        line.framer.push(bytes);
        line.unfed.extend_from_slice(bytes);
        while let Some(line) = self.lines.get_mut(&id) {
            match line.framer.next_frame() {
                Ok(Some(frame)) => {
                    let rest = frame.len().saturating_sub(line.fed).min(line.unfed.len());
                    let rest: Vec<u8> = line.unfed.drain(..rest).collect();
                    line.fed = 0;
                    line.begin(&frame);
                    self.log_in(id, &frame);
                    self.model.frame(id, &frame);
                    self.broker.receive(id, &rest, self.now);
                }
                Ok(None) => {
                    let unfed = std::mem::take(&mut line.unfed);
                    line.fed = line.fed.saturating_add(unfed.len());
                    if !unfed.is_empty() {
                        self.broker.receive(id, &unfed, self.now);
                        self.settle()?;
                    }
                    return Ok(());
                }
                Err(_) => {
                    let unfed = std::mem::take(&mut line.unfed);
                    self.log(|| format!("{id} -> {unfed:02x?}"));
                    self.model.unreadable(id);
                    self.broker.receive(id, &unfed, self.now);
                }
            }
            self.settle()?;
        }
        Ok(())
    }

    /// A client closes its end without a word.
    pub(super) fn cut(&mut self, id: ConnectionId) -> Check {
        self.log(|| format!("{id} cut"));
        self.lines.remove(&id);
        self.model.cut(id);
        self.broker.peer_closed(id, self.now);
        self.settle()
    }

    pub(super) fn restart(&mut self, keep: Keep) -> Check {
        self.log(|| format!("restart, keeping {keep:?}"));
        self.model.restart(keep);
        self.broker.restart(keep, self.now);
        self.settle()
    }

    /// Time passes, with a stop at each moment that matters to anybody.
    pub(super) fn wait(&mut self, time: Duration) -> Check {
        let end = self.now.saturating_add(time);
        if time > TICK {
            self.log(|| format!("{} s pass", time.as_secs_f64()));
        }
        while self.now < end {
            let timer = self.model.next_timer();
            let deadline = self.broker.next_deadline();
            let next = timer.into_iter().chain(deadline).min();
            let next = next.map_or(end, |next| next.min(end));
            ensure(
                timer != Some(next) || deadline.is_some_and(|it| it <= next),
                || format!("something is due at {next:?}, and the broker says {deadline:?}"),
            )?;
            self.now = self.now.max(next);
            self.model.advance(self.now);
            self.broker.tick(self.now);
            self.settle()?;
            let deadline = self.broker.next_deadline();
            ensure(deadline.is_none_or(|it| it > self.now), || {
                format!("the deadline {deadline:?} stays")
            })?;
        }
        Ok(())
    }

    /// Until something happens because time passes.
    pub(super) fn wait_for_deadline(&mut self) -> Check {
        match self.broker.next_deadline() {
            Some(deadline) if deadline > self.now => {
                self.wait(deadline.saturating_sub(self.now).min(LONG))
            }
            _ => Ok(()),
        }
    }

    /// Looks at all that the broker does now.
    fn settle(&mut self) -> Check {
        for _ in 0..OUTPUTS_MAX {
            match self.broker.next_output() {
                None => return self.model.settle(),
                Some(Output::Close { connection }) => {
                    self.log(|| format!("{connection} <- closed"));
                    self.lines.remove(&connection);
                    self.model.closed(connection)?;
                }
                Some(Output::Send { connection, bytes }) => {
                    let version = self.version(connection);
                    self.log(|| {
                        let packet = print_bytes(&bytes, version, Sender::Server);
                        format!("{connection} <- {packet}")
                    });
                    self.model.sent(connection, &bytes)?;
                }
            }
        }
        Err(Violation::new("the broker has no end of things to do"))
    }

    /// Once everybody has left, the broker keeps nothing.
    pub(super) fn look_for_remains(&self) -> Check {
        let usage = self.broker.usage();
        ensure(usage == Usage::default(), || {
            format!("what stays when all are gone: {usage:?}")
        })
    }

    fn log_in(&mut self, id: ConnectionId, frame: &[u8]) {
        let version = self.version(id);
        self.log(|| format!("{id} -> {}", print_bytes(frame, version, Sender::Client)));
    }

    fn log(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(line());
        }
    }
}

impl Line {
    /// From its CONNECT on, a connection is of that version.
    fn begin(&mut self, bytes: &[u8]) {
        if !std::mem::replace(&mut self.has_begun, true)
            && let Ok(Split::Frame(frame)) = Frame::split(bytes, ProtocolVersion::V3_1_1)
            && frame.packet_type() == Some(PacketType::Connect)
            && let Ok(version) = Connect::version_of(&frame)
        {
            self.framer.set_version(version);
        }
    }
}

/// What passes between two things that clients do.
pub(super) const TICK: Duration = Duration::from_millis(1);
/// How many clients have a name.
pub(super) const CLIENTS: usize = 4;
/// Longer than anything takes that is to end.
pub(super) const LONG: Duration = Duration::from_secs(1_000);
/// More than any step can cause here.
const OUTPUTS_MAX: usize = 100_000;
