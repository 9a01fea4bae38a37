//! TCP, without the delays of Nagle's algorithm and of delayed acknowledgements.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// A host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TcpEndpoint {
    host: String,
    port: u16,
}

impl TcpEndpoint {
    /// A host name or address (an IPv6 address without brackets) and a port.
    pub(super) fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// The host, without brackets.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Connects, however long that takes.
    pub(super) async fn connect(&self) -> io::Result<impl super::Stream + use<>> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        stream.set_nodelay(true)?;
        let stream = PromptStream { stream };
        stream.acknowledge_at_once();
        Ok(stream)
    }
}

impl std::fmt::Display for TcpEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// A socket that acknowledges what it reads at once: a broker that keeps Nagle's algorithm on would otherwise wait 40 ms
/// for each second small packet.
struct PromptStream {
    stream: TcpStream,
}

impl PromptStream {
    /// The kernel forgets the setting after a while, so it is renewed with every read.
    fn acknowledge_at_once(&self) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if self.stream.set_quickack(true).is_err() {
            // The connection is gone, or the kernel does not know the option: slower, not wrong.
        }
    }
}

impl AsyncRead for PromptStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if result.is_ready() {
            self.acknowledge_at_once();
        }
        result
    }
}

impl AsyncWrite for PromptStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
