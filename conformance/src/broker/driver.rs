//! The loop that the shells share: it gives a broker its bytes and its time, and does what the broker wants.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::{self, Instant};

use super::connection::ConnectionId;
use super::core::{Broker, Keep, Output};
use super::line::{Line, Pace, Stream};
use super::options::BrokerOptions;
use super::trace::{Direction, Trace, TraceEvent};
use super::usage::Usage;
use super::variant::Variant;

/// What a driver is told.
pub(super) enum Command {
    /// A client connected.
    Open(Box<dyn Stream>),
    /// Bytes arrived. The permit bounds how many such commands wait.
    Received(ConnectionId, Bytes, OwnedSemaphorePermit),
    /// The peer closed, or the connection failed.
    Closed(ConnectionId),
    /// A client that lagged behind has taken most of what waited for it.
    Drained(ConnectionId),
    /// Nothing is read or written any more.
    Ended(ConnectionId),
    /// The broker stops and starts; then the sender is dropped.
    Restart(Keep, oneshot::Sender<()>),
    /// Somebody asks what the broker keeps.
    Measure(oneshot::Sender<Usage>),
    /// The broker stops for good.
    Stop,
}

/// The way to tell a driver something.
pub(super) type Commands = mpsc::UnboundedSender<Command>;

/// A broker and its connections.
pub(super) struct Driver {
    broker: Broker,
    started: Instant,
    lines: BTreeMap<ConnectionId, Line>,
    lines_max: usize,
    /// How many bytes may wait for one client, and for all.
    output_bytes_max: usize,
    output_bytes_total_max: usize,
    /// Whether every byte goes out by itself.
    is_bytewise: bool,
    /// How many bytes wait for all clients.
    waiting: Arc<AtomicUsize>,
    commands: Commands,
    inbox: mpsc::UnboundedReceiver<Command>,
    permits: Arc<Semaphore>,
    trace: Option<Trace>,
}

impl Driver {
    pub(super) fn new(options: BrokerOptions, trace: Option<Trace>) -> (Self, Commands) {
        let (commands, inbox) = mpsc::unbounded_channel();
        let driver = Self {
            lines_max: options.connections_max.saturating_add(CLOSING_MAX),
            output_bytes_max: options.output_bytes_max,
            output_bytes_total_max: options.output_bytes_total_max,
            is_bytewise: options.variants.contains(&Variant::ByteByByte),
            broker: Broker::new(options),
            started: Instant::now(),
            lines: BTreeMap::new(),
            waiting: Arc::new(AtomicUsize::new(0)),
            commands: commands.clone(),
            inbox,
            permits: Arc::new(Semaphore::new(RECEIVED_MAX)),
            trace,
        };
        (driver, commands)
    }

    /// Runs until it is told to stop.
    pub(super) async fn run(mut self) {
        loop {
            let deadline = self.broker.next_deadline();
            let deadline = deadline.and_then(|at| self.started.checked_add(at));
            tokio::select! {
                // What arrived is seen to first; that takes note of the time as well.
                biased;
                command = self.inbox.recv() => match command {
                    None | Some(Command::Stop) => break,
                    Some(command) => self.handle(command),
                },
                () = until(deadline) => self.broker.tick(self.now()),
            }
            self.flush();
            if self.broker.is_down() {
                // As a process ends: nothing is said to anybody.
                return;
            }
        }
        self.broker.restart(Keep::Nothing, self.now());
        self.flush();
        time::timeout(STOP_TIME, self.wait_for_lines()).await.ok();
    }

    /// Waits until every client has what was sent to it.
    async fn wait_for_lines(&mut self) {
        while !self.lines.is_empty()
            && let Some(command) = self.inbox.recv().await
        {
            if let Command::Ended(id) = command {
                self.lines.remove(&id);
            }
        }
    }

    fn handle(&mut self, command: Command) {
        let now = self.now();
        match command {
            Command::Open(stream) => self.open(stream, now),
            Command::Received(id, bytes, permit) => {
                self.trace_in(id, &bytes);
                self.broker.receive(id, &bytes, now);
                drop(permit);
            }
            Command::Closed(id) => self.broker.peer_closed(id, now),
            Command::Drained(id) => self.broker.release(id, now),
            Command::Ended(id) => drop(self.lines.remove(&id)),
            Command::Restart(keep, _done) => {
                self.broker.restart(keep, now);
                self.flush();
            }
            Command::Measure(answer) => {
                let usage = Usage {
                    output_bytes: self.waiting.load(Ordering::SeqCst),
                    ..self.broker.usage()
                };
                // Whoever asked may have gone.
                answer.send(usage).ok();
            }
            Command::Stop => {}
        }
    }

    fn open(&mut self, stream: Box<dyn Stream>, now: Duration) {
        if self.lines.len() >= self.lines_max {
            return;
        }
        let id = self.broker.open(now);
        let mut line = Line::start(id, stream, &self.commands, &self.permits, &self.waiting);
        line.is_bytewise = self.is_bytewise;
        self.lines.insert(id, line);
    }

    /// Does what the broker wants.
    fn flush(&mut self) {
        while let Some(output) = self.broker.next_output() {
            match output {
                Output::Send { connection, bytes } => {
                    self.trace_out(connection, &bytes);
                    self.send(connection, bytes);
                }
                Output::Close { connection } => {
                    self.trace_close(connection);
                    if let Some(line) = self.lines.get_mut(&connection) {
                        line.close();
                    }
                }
            }
        }
    }

    /// Sends bytes. A client that does not read is cut off, and where too much waits the one for which most does.
    fn send(&mut self, id: ConnectionId, bytes: Bytes) {
        let Some(line) = self.lines.get(&id) else {
            return;
        };
        match line.send(bytes, self.output_bytes_max) {
            Pace::Keeps => {}
            Pace::Lags => self.broker.hold(id),
            Pace::Exceeds => self.cut(id),
        }
        if self.waiting.load(Ordering::SeqCst) > self.output_bytes_total_max {
            let slowest = self.lines.iter().max_by_key(|(_, line)| line.waiting());
            if let Some((slowest, _)) = slowest {
                self.cut(*slowest);
            }
        }
    }

    fn cut(&mut self, id: ConnectionId) {
        if let Some(line) = self.lines.get_mut(&id) {
            line.cut();
            self.broker.peer_closed(id, self.now());
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn trace_in(&mut self, id: ConnectionId, bytes: &[u8]) {
        let (Some(trace), Some(line)) = (&self.trace, self.lines.get_mut(&id)) else {
            return;
        };
        for (packet, bytes) in line.watch.packets_in(bytes) {
            trace(&TraceEvent {
                time: self.started.elapsed(),
                connection: id,
                direction: Direction::In,
                packet,
                bytes,
            });
        }
    }

    fn trace_out(&self, id: ConnectionId, bytes: &Bytes) {
        let (Some(trace), Some(line)) = (&self.trace, self.lines.get(&id)) else {
            return;
        };
        trace(&TraceEvent {
            time: self.now(),
            connection: id,
            direction: Direction::Out,
            packet: line.watch.packet_out(bytes),
            bytes: bytes.clone(),
        });
    }

    fn trace_close(&self, id: ConnectionId) {
        if let Some(trace) = &self.trace {
            trace(&TraceEvent {
                time: self.now(),
                connection: id,
                direction: Direction::Out,
                packet: "closed".to_owned(),
                bytes: Bytes::new(),
            });
        }
    }
}

/// Counts what a driver's broker keeps: nothing, if it has stopped.
pub(super) async fn usage(commands: &Commands) -> Usage {
    let (answer, answered) = oneshot::channel();
    commands.send(Command::Measure(answer)).ok();
    answered.await.unwrap_or_default()
}

/// Waits for a time, or for ever.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// How many pieces of what clients send wait for the broker, over all connections.
const RECEIVED_MAX: usize = 64;
/// How many connections may be coming to their end besides those that are open.
const CLOSING_MAX: usize = 1_000;
/// How long clients have to take the last packet when the broker stops.
const STOP_TIME: Duration = Duration::from_millis(500);
