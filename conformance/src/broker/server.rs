//! The broker on TCP ports.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinHandle;
use tokio::time;

use super::core::Keep;
use super::driver::{self, Command, Commands, Driver};
use super::fault::Faults;
use super::options::BrokerOptions;
use super::tls::TlsIdentity;
use super::trace::Trace;
use super::usage::Usage;
use super::websocket;

/// A broker on a TCP port, and on others with WebSocket or TLS; it stops when it is dropped.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use mqtt_assay::broker::{BrokerOptions, Keep, Server};
///
/// // Port 0 is a free one.
/// let server = Server::bind("127.0.0.1:0", BrokerOptions::default()).await?;
/// let client = tokio::net::TcpStream::connect(server.local_addr()).await?;
///
/// // Every client is disconnected; sessions and retained messages are still there.
/// server.restart(Keep::State).await;
/// # drop(client);
/// # Ok(())
/// # }
/// ```
pub struct Server {
    local_addr: SocketAddr,
    commands: Commands,
    faults: Faults,
    connections: Arc<Semaphore>,
    accepting: Vec<JoinHandle<()>>,
    driving: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a broker on an address; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn bind(addr: impl ToSocketAddrs, options: BrokerOptions) -> io::Result<Self> {
        Self::start(addr, options, None).await
    }

    /// Starts a broker that tells `trace` of every packet.
    ///
    /// # Errors
    ///
    /// As [`Server::bind`].
    pub async fn bind_traced(
        addr: impl ToSocketAddrs,
        options: BrokerOptions,
        trace: Trace,
    ) -> io::Result<Self> {
        Self::start(addr, options, Some(trace)).await
    }

    async fn start(
        addr: impl ToSocketAddrs,
        options: BrokerOptions,
        trace: Option<Trace>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let faults = Faults::new(options.fault);
        let connections = Arc::new(Semaphore::new(options.connections_max));
        let (driver, commands) = Driver::new(options, trace);
        let driving = tokio::spawn(driver.run());
        let accepting = tokio::spawn(accept(listener, commands.clone()));
        Ok(Self {
            local_addr,
            commands,
            faults,
            connections,
            accepting: vec![accepting],
            driving: Some(driving),
        })
    }

    /// Takes clients on one more address, which it returns.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn listen(&mut self, addr: impl ToSocketAddrs) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let accepting = tokio::spawn(accept(listener, self.commands.clone()));
        self.accepting.push(accepting);
        Ok(local_addr)
    }

    /// Takes clients that speak WebSocket on one more address, which it returns.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn listen_websocket(&mut self, addr: impl ToSocketAddrs) -> io::Result<SocketAddr> {
        let (commands, faults) = (self.commands.clone(), self.faults);
        let serve = move |stream| websocket::serve(stream, faults, commands.clone());
        self.listen_before(addr, serve).await
    }

    /// Takes clients that speak TLS on one more address, which it returns.
    ///
    /// # Errors
    ///
    /// When the address cannot be listened on.
    pub async fn listen_tls(
        &mut self,
        addr: impl ToSocketAddrs,
        identity: TlsIdentity,
    ) -> io::Result<SocketAddr> {
        let commands = self.commands.clone();
        let serve = move |stream| {
            let (commands, accepting) = (commands.clone(), identity.acceptor.accept(stream));
            async move {
                if let Ok(Ok(stream)) = time::timeout(HANDSHAKE_TIME, accepting).await {
                    // Sending fails only where the broker has stopped.
                    commands.send(Command::Open(Box::new(stream))).ok();
                }
            }
        };
        self.listen_before(addr, serve).await
    }

    /// Listens for clients that have more to say before MQTT.
    async fn listen_before<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        addr: impl ToSocketAddrs,
        serve: impl Fn(TcpStream) -> F + Send + Sync + 'static,
    ) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind(addr).await?;
        let local_addr = listener.local_addr()?;
        let connections = Arc::clone(&self.connections);
        let accepting = tokio::spawn(async move {
            while let Ok(permit) = Arc::clone(&connections).acquire_owned().await {
                let serving = serve(next(&listener).await);
                tokio::spawn(async move {
                    serving.await;
                    drop(permit);
                });
            }
        });
        self.accepting.push(accepting);
        Ok(local_addr)
    }

    /// Stops and starts the broker on the same port: every connection is closed, and that is done when this returns.
    pub async fn restart(&self, keep: Keep) {
        let (done, is_done) = oneshot::channel();
        self.commands.send(Command::Restart(keep, done)).ok();
        // The end of the sender is the answer.
        is_done.await.ok();
    }

    /// Counts what the broker keeps.
    pub async fn usage(&self) -> Usage {
        driver::usage(&self.commands).await
    }

    /// The address that it listens on.
    #[must_use]
    pub const fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Waits until it goes down by itself, as one fault has it.
    pub async fn ended(&mut self) {
        if let Some(driving) = &mut self.driving {
            driving.await.ok();
            self.driving = None;
        }
    }

    /// Closes the ports and every connection, and waits until that is done: clients of 5.0 are told (0x8B).
    pub async fn stop(mut self) {
        self.accepting.iter().for_each(JoinHandle::abort);
        self.commands.send(Command::Stop).ok();
        if let Some(driving) = self.driving.take() {
            driving.await.ok();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.iter().for_each(JoinHandle::abort);
        self.commands.send(Command::Stop).ok();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("local_addr", &self.local_addr)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, commands: Commands) {
    loop {
        let stream = next(&listener).await;
        if commands.send(Command::Open(Box::new(stream))).is_err() {
            return;
        }
    }
}

/// The next connection.
async fn next(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Without it a small packet may wait for an acknowledgement of TCP; the connection works all the same.
                stream.set_nodelay(true).ok();
                return stream;
            }
            // Most likely too many open files: others may close some.
            Err(_) => time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

/// Between attempts to accept a connection, after one failed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// As long as the broker waits for a CONNECT.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
