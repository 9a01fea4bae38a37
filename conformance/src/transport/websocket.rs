//! WebSocket: its handshake, and the bytes in its frames (section 6).
//!
//! The handshake is our own, so that a broker that selects no subprotocol can be tested all the same.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use futures_util::{Sink, Stream as _};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::{Response, generate_key};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::handshake::machine::TryParse;
use tokio_tungstenite::tungstenite::http::StatusCode;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{Message, Role, WebSocketConfig};

use super::{BoxStream, Line, Refusal};

/// What the next write becomes: each write is a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the protocol")]
pub enum FrameKind {
    /// A binary message of its own.
    #[default]
    Binary,
    /// A text message of its own.
    Text,
    /// The first frame of a binary message in several.
    First,
    /// One in the middle.
    Middle,
    /// Its last.
    Last,
}

/// The frames of a connection over WebSocket.
#[derive(Clone, Debug)]
pub struct Frames {
    next: Arc<Mutex<FrameKind>>,
    subprotocol: Option<String>,
}

impl Frames {
    /// Says what the writes from here on become.
    pub fn set_next(&self, kind: FrameKind) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = kind;
    }

    /// The subprotocol that the server selected.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    fn next(&self) -> FrameKind {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server sent text, where binary frames only are allowed. A read fails with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextReceived {
    /// What it sent.
    pub text: Bytes,
}

impl fmt::Display for TextReceived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text frame, where binary frames only are allowed")
    }
}

impl std::error::Error for TextReceived {}

/// Makes a stream speak WebSocket.
///
/// # Errors
///
/// When the server does not agree to that. The error's text is for people.
pub async fn over_websocket(
    mut stream: BoxStream,
    host: &str,
    path: &str,
    offered: &[String],
) -> io::Result<Line> {
    let key = generate_key();
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\
         Sec-WebSocket-Protocol: {}\r\n\r\n",
        offered.join(", ")
    );
    stream.write_all(request.as_bytes()).await?;
    stream.flush().await?;
    let (response, rest) = read_response(&mut stream).await?;
    let header = |name: &str| response.headers().get(name)?.to_str().ok();
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(Refusal::error(format!(
            "it answers {} to a WebSocket handshake on the path {path}",
            response.status()
        )));
    }
    if header("Sec-WebSocket-Accept") != Some(derive_accept_key(key.as_bytes()).as_str()) {
        return Err(Refusal::error(
            "its answer to the WebSocket handshake does not fit the key",
        ));
    }
    let frames = Frames {
        next: Arc::default(),
        subprotocol: header("Sec-WebSocket-Protocol").map(str::to_owned),
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_LEN)
        .write_buffer_size(0)
        .max_message_size(Some(MESSAGE_LEN_MAX))
        .max_frame_size(Some(MESSAGE_LEN_MAX));
    let socket =
        WebSocketStream::from_partially_read(stream, rest, Role::Client, Some(config)).await;
    Ok(Line {
        stream: Box::new(ByteStream {
            socket,
            unread: Bytes::new(),
            frames: frames.clone(),
            is_ended: false,
        }),
        frames: Some(frames),
    })
}

/// Reads the head of an answer; what follows it comes with it.
async fn read_response(stream: &mut BoxStream) -> io::Result<(Response, Vec<u8>)> {
    let mut head = Vec::new();
    loop {
        let count = stream.read_buf(&mut head).await?;
        match Response::try_parse(&head) {
            Ok(Some((len, response))) => {
                let rest = head.get(len..).unwrap_or_default().to_vec();
                return Ok((response, rest));
            }
            Ok(None) if count > 0 && head.len() < HEAD_LEN_MAX => {}
            Ok(None) if count == 0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(None) | Err(_) => {
                return Err(Refusal::error(
                    "its answer to the WebSocket handshake is not HTTP: is it a port for WebSocket?",
                ));
            }
        }
    }
}

/// The bytes in the frames of a connection.
struct ByteStream {
    socket: WebSocketStream<BoxStream>,
    unread: Bytes,
    frames: Frames,
    is_ended: bool,
}

impl AsyncRead for ByteStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.unread.is_empty() && !self.is_ended {
            match ready!(Pin::new(&mut self.socket).poll_next(context)) {
                Some(Ok(Message::Binary(bytes))) => self.unread = bytes,
                Some(Ok(Message::Text(text))) => {
                    let text = TextReceived { text: text.into() };
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, text)));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Close(_))) | None => {
                    self.is_ended = true;
                    // The answer to it goes out if it can; the end is the end in any case.
                    let _sent = Pin::new(&mut self.socket).poll_flush(context);
                }
                Some(Err(error)) => return Poll::Ready(Err(as_io(error))),
            }
        }
        let len = self.unread.len().min(buffer.remaining());
        buffer.put_slice(self.unread.get(..len).unwrap_or_default());
        self.unread.advance(len);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for ByteStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let (code, is_final) = match self.frames.next() {
            FrameKind::Binary => (Data::Binary, true),
            FrameKind::Text => (Data::Text, true),
            FrameKind::First => (Data::Binary, false),
            FrameKind::Middle => (Data::Continue, false),
            FrameKind::Last => (Data::Continue, true),
        };
        ready!(Pin::new(&mut self.socket).poll_ready(context)).map_err(as_io)?;
        let payload = Bytes::copy_from_slice(bytes);
        let frame = Frame::message(payload, OpCode::Data(code), is_final);
        let sent = Pin::new(&mut self.socket).start_send(Message::Frame(frame));
        Poll::Ready(sent.map(|()| bytes.len()).map_err(as_io))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket)
            .poll_flush(context)
            .map_err(as_io)
    }

    /// Closes WebSocket, and what is below it.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Err(error) = ready!(Pin::new(&mut self.socket).poll_close(context)) {
            drop(error);
        }
        Pin::new(self.socket.get_mut()).poll_shutdown(context)
    }
}

fn as_io(error: Error) -> io::Error {
    if let Error::Io(error) = error {
        return error;
    }
    io::Error::other(error)
}

/// What is read at once; each connection has so much memory from its start.
const READ_LEN: usize = 16 << 10;
/// More than a message of any test.
const MESSAGE_LEN_MAX: usize = 64 << 20;
/// More than the head of any answer.
const HEAD_LEN_MAX: usize = 16 << 10;
