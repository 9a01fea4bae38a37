//! One client's stream: a task that reads it, a task that writes it, and how much waits between.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::task::AbortHandle;
use tokio::time;

use super::connection::ConnectionId;
use super::driver::{Command, Commands};
use super::trace::Watch;

/// Anything that bytes go through in both directions.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The driver's end of one client's stream.
pub(super) struct Line {
    /// `None` once the broker has closed: what was sent before is still written, for a while.
    outbox: Option<Outbox>,
    waiting: Arc<Waiting>,
    writer: AbortHandle,
    /// Whether the beginning of each packet goes out byte by byte.
    pub(super) is_bytewise: bool,
    pub(super) watch: Watch,
}

/// The way to the writer; that nobody holds it any more tells the writer to come to an end.
struct Outbox {
    packets: mpsc::UnboundedSender<Packet>,
    _open: oneshot::Sender<()>,
}

/// How many bytes were given to a writer and not yet written.
#[derive(Debug)]
struct Waiting {
    len: AtomicUsize,
    /// The same, of all clients.
    total: Arc<AtomicUsize>,
    /// Whether the broker was told to hold messages back.
    is_held: AtomicBool,
}

/// Bytes for a client; they count as waiting for as long as this lives.
struct Packet {
    bytes: Bytes,
    /// How many of them go out one by one.
    bytewise_len: usize,
    waiting: Arc<Waiting>,
}

/// What becomes of a client for which there is something to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// It takes what it is sent.
    Keeps,
    /// It lags behind from now on: whatever can wait should.
    Lags,
    /// More waits for it than may.
    Exceeds,
}

impl Line {
    /// Starts to read and to write a stream. `total` counts what waits for all clients.
    pub(super) fn start(
        id: ConnectionId,
        stream: Box<dyn Stream>,
        commands: &Commands,
        permits: &Arc<Semaphore>,
        total: &Arc<AtomicUsize>,
    ) -> Self {
        let (read_half, write_half) = tokio::io::split(stream);
        let (packets, inbox) = mpsc::unbounded_channel();
        let (open, closing) = oneshot::channel();
        let (writing, written) = oneshot::channel();
        let waiting = Arc::new(Waiting {
            len: AtomicUsize::new(0),
            total: Arc::clone(total),
            is_held: AtomicBool::new(false),
        });
        let writer = Writer {
            id,
            waiting: Arc::clone(&waiting),
            commands: commands.clone(),
        };
        let writer = tokio::spawn(writer.run(write_half, inbox, closing, writing));
        let reader = Reader {
            id,
            commands: commands.clone(),
            permits: Arc::clone(permits),
        };
        drop(tokio::spawn(reader.run(read_half, written)));
        Self {
            outbox: Some(Outbox {
                packets,
                _open: open,
            }),
            waiting,
            writer: writer.abort_handle(),
            is_bytewise: false,
            watch: Watch::new(),
        }
    }

    /// Gives bytes to the writer, unless more than `max` waits already.
    pub(super) fn send(&self, bytes: Bytes, max: usize) -> Pace {
        let Some(outbox) = &self.outbox else {
            return Pace::Keeps;
        };
        if self.waiting() > max {
            return Pace::Exceeds;
        }
        let len = self.waiting.add(bytes.len());
        let packet = Packet {
            bytewise_len: if self.is_bytewise { BYTEWISE_LEN } else { 0 },
            bytes,
            waiting: Arc::clone(&self.waiting),
        };
        if outbox.packets.send(packet).is_err() {
            return Pace::Exceeds;
        }
        if len > HOLD_LEN && !self.waiting.is_held.swap(true, Ordering::SeqCst) {
            // The writer may have come to the end just before it could know that somebody waits for that.
            if self.waiting.is_to_be_released() {
                return Pace::Keeps;
            }
            return Pace::Lags;
        }
        Pace::Keeps
    }

    /// Takes nothing more; what was sent before is still written.
    pub(super) fn close(&mut self) {
        self.outbox = None;
    }

    /// Drops what was sent and not written.
    pub(super) fn cut(&mut self) {
        self.outbox = None;
        self.writer.abort();
        // The writer drops its packets later, and what they are counted for must not wait until then.
        let len = self.waiting.len.swap(0, Ordering::SeqCst);
        self.waiting.total.fetch_sub(len, Ordering::SeqCst);
    }

    /// How many bytes wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len.load(Ordering::SeqCst)
    }
}

impl Waiting {
    /// Counts bytes; how many there are with them.
    fn add(&self, len: usize) -> usize {
        self.total.fetch_add(len, Ordering::SeqCst);
        self.len
            .fetch_add(len, Ordering::SeqCst)
            .saturating_add(len)
    }

    /// Whether messages were held back and so little waits that they may come; says so once.
    fn is_to_be_released(&self) -> bool {
        self.len.load(Ordering::SeqCst) <= RELEASE_LEN && self.is_held.swap(false, Ordering::SeqCst)
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        let len = self.bytes.len();
        let still_counts =
            self.waiting
                .len
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |waiting| {
                    waiting.checked_sub(len)
                });
        if still_counts.is_ok() {
            self.waiting.total.fetch_sub(len, Ordering::SeqCst);
        }
    }
}

struct Reader {
    id: ConnectionId,
    commands: Commands,
    permits: Arc<Semaphore>,
}

impl Reader {
    /// Gives the driver what a client sends, until either side closes.
    async fn run(self, mut stream: ReadHalf<Box<dyn Stream>>, mut written: oneshot::Receiver<()>) {
        let mut buffer = BytesMut::with_capacity(READ_LEN_MIN);
        let is_ours = loop {
            let len = tokio::select! {
                _ = &mut written => break true,
                result = stream.read_buf(&mut buffer) => result.unwrap_or(0),
            };
            let Some(permit) = self.permit(len).await else {
                break false;
            };
            let bytes = buffer.split().freeze();
            let received = Command::Received(self.id, bytes, permit);
            if self.commands.send(received).is_err() {
                break false;
            }
            // Many clients are silent for long; those that say much are read in large pieces.
            let is_full = buffer.capacity() == 0;
            buffer.reserve(if is_full { READ_LEN_MAX } else { READ_LEN_MIN });
        };
        // Sending fails only where the driver is gone, and then nobody needs to know.
        self.commands.send(Command::Closed(self.id)).ok();
        if is_ours {
            // Unread bytes would turn the close into a reset, and that may destroy our last packet on its way.
            let drain = async {
                let mut buffer = [0; 1024];
                while stream.read(&mut buffer).await.is_ok_and(|len| len > 0) {}
            };
            time::timeout(LINGER, drain).await.ok();
        } else {
            written.await.ok();
        }
        self.commands.send(Command::Ended(self.id)).ok();
    }

    /// The right to put something before the driver; `None` if there is nothing, or no driver.
    async fn permit(&self, len: usize) -> Option<OwnedSemaphorePermit> {
        if len == 0 {
            return None;
        }
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }
}

struct Writer {
    id: ConnectionId,
    waiting: Arc<Waiting>,
    commands: Commands,
}

impl Writer {
    /// Sends a client what the broker has for it, then closes our side.
    async fn run(
        self,
        mut stream: WriteHalf<Box<dyn Stream>>,
        mut inbox: mpsc::UnboundedReceiver<Packet>,
        closing: oneshot::Receiver<()>,
        _writing: oneshot::Sender<()>,
    ) {
        let all = async {
            self.write(&mut stream, &mut inbox).await;
            stream.shutdown().await.ok();
        };
        let mut all = std::pin::pin!(all);
        tokio::select! {
            () = &mut all => {}
            _ = closing => {
                // A client that takes nothing must not keep what waits for it for ever.
                time::timeout(FLUSH_TIME, all).await.ok();
            }
        }
    }

    async fn write(
        &self,
        stream: &mut WriteHalf<Box<dyn Stream>>,
        inbox: &mut mpsc::UnboundedReceiver<Packet>,
    ) {
        let mut buffer = Vec::new();
        let mut batch = Vec::new();
        while let Some(first) = inbox.recv().await {
            let result = if first.bytewise_len > 0 {
                write_bytewise(stream, &first).await
            } else if first.bytes.len() >= WRITE_LEN {
                stream.write_all(&first.bytes).await
            } else {
                // Many small packets in one call.
                buffer.clear();
                buffer.extend_from_slice(&first.bytes);
                while buffer.len() < WRITE_LEN
                    && let Ok(next) = inbox.try_recv()
                {
                    buffer.extend_from_slice(&next.bytes);
                    batch.push(next);
                }
                stream.write_all(&buffer).await
            };
            drop(first);
            batch.clear();
            buffer.shrink_to(WRITE_LEN);
            if result.is_err() {
                return;
            }
            if self.waiting.is_to_be_released() {
                self.commands.send(Command::Drained(self.id)).ok();
            }
        }
    }
}

/// Writes the beginning of a packet byte by byte, and then the rest.
async fn write_bytewise(
    stream: &mut WriteHalf<Box<dyn Stream>>,
    packet: &Packet,
) -> std::io::Result<()> {
    let len = packet.bytewise_len.min(packet.bytes.len());
    let (one_by_one, rest) = packet.bytes.split_at(len);
    for byte in one_by_one {
        stream.write_all(&[*byte]).await?;
        stream.flush().await?;
        tokio::task::yield_now().await;
    }
    stream.write_all(rest).await
}

/// How much of a packet goes out byte by byte, if any does: its header, and more.
const BYTEWISE_LEN: usize = 64;
/// What is read at once from a client that says little.
const READ_LEN_MIN: usize = 2 << 10;
/// What is read at once from a client that says much.
const READ_LEN_MAX: usize = 16 << 10;
/// What is written at once where packets are small.
const WRITE_LEN: usize = 16 << 10;
/// In bytes. While more waits for a client, it lags behind; about what a socket holds.
const HOLD_LEN: usize = 256 << 10;
/// In bytes. Once so little waits, a client that lagged behind has caught up.
const RELEASE_LEN: usize = 64 << 10;
/// How long a client has to take what is left for it when its connection ends.
const FLUSH_TIME: Duration = Duration::from_secs(5);
/// How long a peer has to close its side once we closed ours.
const LINGER: Duration = Duration::from_secs(1);
