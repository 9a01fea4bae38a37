//! The loop that both shells share: it gives a broker its bytes and its time, and does what the broker wants.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{self, Instant};

use super::connection::ConnectionId;
use super::core::{Broker, Keep, Output};
use super::options::BrokerOptions;
use super::trace::{Direction, Trace, TraceEvent, Watch};

/// Anything that bytes go through in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What a driver is told.
pub(super) enum Command {
    /// A client connected.
    Open(Box<dyn Stream>),
    /// Bytes arrived. The permit bounds how many such commands wait.
    Received(ConnectionId, Bytes, OwnedSemaphorePermit),
    /// The peer closed, or the connection failed.
    Closed(ConnectionId),
    /// The broker stops and starts.
    Restart(Keep),
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
    output_bytes_max: usize,
    commands: Commands,
    inbox: mpsc::UnboundedReceiver<Command>,
    permits: Arc<Semaphore>,
    trace: Option<Trace>,
}

/// The way out to one client.
struct Line {
    packets: mpsc::UnboundedSender<Bytes>,
    /// How many bytes were given to the writer and not yet written.
    waiting: Arc<AtomicUsize>,
    writer: AbortHandle,
    watch: Watch,
}

impl Driver {
    pub(super) fn new(options: BrokerOptions, trace: Option<Trace>) -> (Self, Commands) {
        let (commands, inbox) = mpsc::unbounded_channel();
        let driver = Self {
            output_bytes_max: options.output_bytes_max,
            broker: Broker::new(options),
            started: Instant::now(),
            lines: BTreeMap::new(),
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
    }

    fn handle(&mut self, command: Command) {
        let now = self.now();
        match command {
            Command::Open(stream) => {
                let id = self.broker.open(now);
                self.connect(id, stream);
            }
            Command::Received(id, bytes, permit) => {
                self.trace_in(id, &bytes);
                self.broker.receive(id, &bytes, now);
                drop(permit);
            }
            Command::Closed(id) => self.broker.peer_closed(id, now),
            Command::Restart(keep) => self.broker.restart(keep, now),
            Command::Stop => {}
        }
    }

    fn connect(&mut self, id: ConnectionId, stream: Box<dyn Stream>) {
        let (read_half, write_half) = tokio::io::split(stream);
        let (packets, outbox) = mpsc::unbounded_channel();
        let (closing, closed) = oneshot::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let writer = tokio::spawn(write(write_half, outbox, waiting.clone(), closing));
        let commands = self.commands.clone();
        tokio::spawn(read(id, read_half, commands, self.permits.clone(), closed));
        let line = Line {
            packets,
            waiting,
            writer: writer.abort_handle(),
            watch: Watch::new(),
        };
        self.lines.insert(id, line);
    }

    /// Does what the broker wants. A client that does not read is cut off.
    fn flush(&mut self) {
        while let Some(output) = self.broker.next_output() {
            match output {
                Output::Send { connection, bytes } => {
                    self.trace_out(connection, &bytes);
                    self.send(connection, bytes);
                }
                Output::Close { connection } => {
                    self.trace_close(connection);
                    // The writer ends once it has written all that was sent before.
                    self.lines.remove(&connection);
                }
            }
        }
    }

    fn send(&mut self, id: ConnectionId, bytes: Bytes) {
        let Some(line) = self.lines.get(&id) else {
            return;
        };
        let len = bytes.len();
        let waiting = line.waiting.fetch_add(len, Ordering::Relaxed);
        let is_slow = waiting.saturating_add(len) > self.output_bytes_max;
        if is_slow || line.packets.send(bytes).is_err() {
            line.writer.abort();
            self.lines.remove(&id);
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

/// Waits for a time, or for ever.
async fn until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Gives the driver what a client sends, until either side closes.
async fn read(
    id: ConnectionId,
    mut stream: ReadHalf<Box<dyn Stream>>,
    commands: Commands,
    permits: Arc<Semaphore>,
    mut closed: oneshot::Receiver<()>,
) {
    let mut buffer = vec![0; READ_LEN];
    let mut is_open = true;
    while is_open {
        let len = tokio::select! {
            _ = &mut closed => break,
            result = stream.read(&mut buffer) => result.unwrap_or(0),
        };
        is_open = len > 0;
        if is_open && let Ok(permit) = permits.clone().acquire_owned().await {
            let bytes = Bytes::copy_from_slice(buffer.get(..len).unwrap_or_default());
            is_open = commands.send(Command::Received(id, bytes, permit)).is_ok();
        }
    }
    // Sending fails only where the driver is gone, and then nobody needs to know.
    commands.send(Command::Closed(id)).ok();
    if is_open {
        // We closed. Unread bytes would turn the close into a reset, and that may destroy our last packet on its way.
        let drain = async { while stream.read(&mut buffer).await.is_ok_and(|len| len > 0) {} };
        time::timeout(LINGER, drain).await.ok();
    }
}

/// Sends a client what the broker has for it, then closes our side.
async fn write(
    mut stream: WriteHalf<Box<dyn Stream>>,
    mut packets: mpsc::UnboundedReceiver<Bytes>,
    waiting: Arc<AtomicUsize>,
    closing: oneshot::Sender<()>,
) {
    while let Some(bytes) = packets.recv().await {
        if stream.write_all(&bytes).await.is_err() {
            break;
        }
        waiting.fetch_sub(bytes.len(), Ordering::Relaxed);
    }
    stream.shutdown().await.ok();
    closing.send(()).ok();
}

/// What is read at once.
const READ_LEN: usize = 16 << 10;
/// How many pieces of at most [`READ_LEN`] bytes wait for the broker, over all connections.
const RECEIVED_MAX: usize = 64;
/// How long a peer has to close its side once we closed ours.
const LINGER: Duration = Duration::from_secs(1);
