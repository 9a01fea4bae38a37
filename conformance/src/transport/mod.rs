//! Byte streams to a broker: where sockets are.

mod route;
mod tcp;
mod tls;
mod websocket;

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

pub use route::Route;
pub use tls::{TlsClient, TlsOptions};
pub use websocket::{FrameKind, Frames, TextReceived, over_websocket};

/// A byte stream in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A stream of any kind.
pub type BoxStream = Box<dyn Stream>;

/// An open connection.
pub struct Line {
    /// Its bytes.
    pub stream: BoxStream,
    /// Its frames, over WebSocket.
    pub frames: Option<Frames>,
}

impl Line {
    /// A connection that has bytes and nothing else.
    pub fn of_bytes(stream: impl Stream + 'static) -> Self {
        Self {
            stream: Box::new(stream),
            frames: None,
        }
    }
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line")
            .field("frames", &self.frames)
            .finish_non_exhaustive()
    }
}

/// Whether something listens there that does not let us speak MQTT.
#[must_use]
pub fn is_refusal(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Refusal>())
}

/// Why what listens there cannot be talked to: a phrase for the user.
#[derive(Debug)]
struct Refusal(String);

impl Refusal {
    fn error(why: impl Into<String>) -> io::Error {
        io::Error::other(Self(why.into()))
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

/// What a failed connection attempt means to a reader of the report.
#[must_use]
pub fn describe(error: &io::Error) -> String {
    let kind = error.kind();
    if kind == io::ErrorKind::ConnectionRefused {
        "connection refused".to_owned()
    } else if kind == io::ErrorKind::TimedOut {
        "no answer in time".to_owned()
    } else {
        error.to_string()
    }
}
