//! The broker behind in-memory streams.

use std::fmt;

use tokio::io::DuplexStream;
use tokio::sync::oneshot;

use super::core::Keep;
use super::driver::{self, Command, Commands, Driver};
use super::fault::Faults;
use super::options::BrokerOptions;
use super::trace::Trace;
use super::usage::Usage;
use super::websocket;

/// A broker that clients reach over in-memory streams; it stops when it is dropped.
///
/// It waits through `tokio::time` alone, so a paused clock makes its time virtual.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use mqtt_assay::broker::{BrokerOptions, MemoryBroker};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// let broker = MemoryBroker::new(BrokerOptions::default());
/// let mut client = broker.connect();
/// client.write_all(b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01a").await?;
/// let mut connack = [0; 4];
/// client.read_exact(&mut connack).await?;
/// assert_eq!(connack, [0x20, 0x02, 0x00, 0x00]);
/// # Ok(())
/// # }
/// ```
pub struct MemoryBroker {
    commands: Commands,
    faults: Faults,
}

impl MemoryBroker {
    /// Starts a broker on the current runtime.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn new(options: BrokerOptions) -> Self {
        Self::start(options, None)
    }

    /// Starts a broker that tells `trace` of every packet.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn traced(options: BrokerOptions, trace: Trace) -> Self {
        Self::start(options, Some(trace))
    }

    fn start(options: BrokerOptions, trace: Option<Trace>) -> Self {
        let faults = Faults::new(options.fault);
        let (driver, commands) = Driver::new(options, trace);
        drop(tokio::spawn(driver.run()));
        Self { commands, faults }
    }

    /// A new connection: the client's end of a stream.
    #[must_use]
    pub fn connect(&self) -> DuplexStream {
        let (client, broker) = tokio::io::duplex(STREAM_LEN);
        self.commands.send(Command::Open(Box::new(broker))).ok();
        client
    }

    /// A new connection on which WebSocket is spoken: the client's end of a stream.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn connect_websocket(&self) -> DuplexStream {
        let (client, broker) = tokio::io::duplex(STREAM_LEN);
        let serving = websocket::serve(broker, self.faults, self.commands.clone());
        drop(tokio::spawn(serving));
        client
    }

    /// Stops and starts the broker: every connection is closed.
    pub fn restart(&self, keep: Keep) {
        let (done, _) = oneshot::channel();
        self.commands.send(Command::Restart(keep, done)).ok();
    }

    /// Counts what the broker keeps.
    pub async fn usage(&self) -> Usage {
        driver::usage(&self.commands).await
    }
}

impl Drop for MemoryBroker {
    fn drop(&mut self) {
        self.commands.send(Command::Stop).ok();
    }
}

impl fmt::Debug for MemoryBroker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryBroker").finish_non_exhaustive()
    }
}

/// What a stream holds before a writer has to wait, about as much as a socket.
const STREAM_LEN: usize = 64 << 10;
