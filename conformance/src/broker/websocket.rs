//! WebSocket on the broker's side: binary messages in, bytes out (section 6).
//!
//! The broker's core knows nothing of it, so the faults of this layer are asked for here.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::{Frame, ProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf};
use tokio::time;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{ErrorResponse, Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderValue, StatusCode};
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{self, CloseFrame};

use super::driver::{Command, Commands};
use super::fault::{Fault, Faults};
use super::line::Stream;

/// Serves one client, from its handshake to its end.
pub(super) async fn serve(stream: impl Stream, faults: Faults, commands: Commands) {
    let accepted = time::timeout(HANDSHAKE_TIME, accept(stream, faults)).await;
    let Ok(Some(socket)) = accepted else {
        return;
    };
    let (inside, outside) = tokio::io::duplex(STREAM_LEN);
    if commands.send(Command::Open(Box::new(outside))).is_err() {
        return;
    }
    let (mut sink, mut messages) = socket.split();
    let (reader, writer) = tokio::io::split(inside);
    let code = {
        let mut incoming = pin!(take_in(&mut messages, writer, faults));
        let mut outgoing = pin!(put_out(reader, &mut sink, faults));
        tokio::select! {
            code = &mut incoming => {
                // The broker may have something left for the client.
                time::timeout(LINGER, outgoing).await.ok();
                code
            }
            () = &mut outgoing => CloseCode::Normal,
        }
    };
    let reason = "".into();
    let end = async {
        // A client that has closed already takes no answer.
        sink.send(Message::Close(Some(CloseFrame { code, reason })))
            .await
            .ok();
        while let Some(Ok(_)) = messages.next().await {}
    };
    time::timeout(LINGER, end).await.ok();
}

/// The handshake; `None` where the client does not want what is here.
async fn accept<S: Stream>(stream: S, faults: Faults) -> Option<WebSocketStream<S>> {
    #[expect(
        clippy::result_large_err,
        reason = "the handshake's callback has this form"
    )]
    let select = |request: &Request, mut response: Response| {
        let offered = request.headers().get_all(PROTOCOL_HEADER).iter();
        let mut offered = offered
            .filter_map(|names| names.to_str().ok())
            .flat_map(|names| names.split(','))
            .map(str::trim);
        if faults.has(Fault::SubprotocolEchoed) {
            if let Some(Ok(first)) = offered.next().map(HeaderValue::from_str) {
                response.headers_mut().insert(PROTOCOL_HEADER, first);
            }
            return Ok(response);
        }
        if !offered.any(|name| name == SUBPROTOCOL) {
            let why = format!("offer the subprotocol {SUBPROTOCOL}\n");
            let mut refusal = ErrorResponse::new(Some(why));
            *refusal.status_mut() = StatusCode::BAD_REQUEST;
            return Err(refusal);
        }
        if !faults.has(Fault::SubprotocolLeftOut) {
            // v3-6.0.0-4, v5-6.0.0-4
            let selected = HeaderValue::from_static(SUBPROTOCOL);
            response.headers_mut().insert(PROTOCOL_HEADER, selected);
        }
        Ok(response)
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_LEN)
        .write_buffer_size(0)
        .max_message_size(Some(MESSAGE_LEN_MAX))
        .max_frame_size(Some(MESSAGE_LEN_MAX));
    tokio_tungstenite::accept_hdr_async_with_config(stream, select, Some(config))
        .await
        .ok()
}

/// Gives the broker the bytes of a client's messages; says why no more are taken.
async fn take_in<S: Stream>(
    messages: &mut SplitStream<WebSocketStream<S>>,
    mut broker: WriteHalf<DuplexStream>,
    faults: Faults,
) -> CloseCode {
    let code = loop {
        let bytes = match messages.next().await {
            // v3-6.0.0-2, v5-6.0.0-2: where a message ends means nothing.
            Some(Ok(Message::Binary(bytes))) if faults.has(Fault::MessageTakenForPacket) => {
                first_packet(&bytes)
            }
            Some(Ok(Message::Binary(bytes))) => bytes,
            Some(Ok(Message::Text(text))) if faults.has(Fault::TextFramesAccepted) => text.into(),
            // v3-6.0.0-1, v5-6.0.0-1
            Some(Ok(Message::Text(_))) => break CloseCode::Unsupported,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            Some(Ok(Message::Close(_)) | Err(_)) | None => break CloseCode::Normal,
        };
        if broker.write_all(&bytes).await.is_err() {
            break CloseCode::Normal;
        }
    };
    // The broker sees the end of the connection.
    broker.shutdown().await.ok();
    code
}

/// Sends the client what the broker has for it, until the broker closes or the client takes nothing any more.
async fn put_out<S: Stream>(
    mut broker: ReadHalf<DuplexStream>,
    sink: &mut SplitSink<WebSocketStream<S>, Message>,
    faults: Faults,
) {
    let mut buffer = vec![0; READ_LEN];
    while let Ok(len @ 1..) = broker.read(&mut buffer).await {
        let bytes = Bytes::copy_from_slice(buffer.get(..len).unwrap_or_default());
        let message = if faults.has(Fault::TextFramesSent) {
            Message::Frame(frame::Frame::message(bytes, OpCode::Data(Data::Text), true))
        } else {
            Message::Binary(bytes)
        };
        if !matches!(
            time::timeout(STALL_TIME, sink.send(message)).await,
            Ok(Ok(()))
        ) {
            return;
        }
    }
}

/// The packet that a message starts with, and nothing else of it.
fn first_packet(bytes: &Bytes) -> Bytes {
    match Frame::split(bytes, ProtocolVersion::V5_0) {
        Ok(Split::Frame(packet)) => bytes.slice(..packet.len()),
        Ok(Split::NeedMore(_)) | Err(_) => Bytes::new(),
    }
}

const PROTOCOL_HEADER: &str = "Sec-WebSocket-Protocol";
const SUBPROTOCOL: &str = "mqtt";
/// What is read at once.
const READ_LEN: usize = 16 << 10;
/// What waits between a client and the broker, in each direction.
const STREAM_LEN: usize = 64 << 10;
/// Four packets of the largest size: a message may hold several.
const MESSAGE_LEN_MAX: usize = 16 << 20;
/// As long as the broker waits for a CONNECT.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long a client may take nothing of what is sent to it.
const STALL_TIME: Duration = Duration::from_secs(60);
/// How long a client has to close its side once we closed ours.
const LINGER: Duration = Duration::from_secs(1);
