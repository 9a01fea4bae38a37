//! Byte streams to a broker: where sockets are.

mod tcp;

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

pub use tcp::TcpEndpoint;

/// A byte stream in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A stream of any kind.
pub type BoxStream = Box<dyn Stream>;

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
