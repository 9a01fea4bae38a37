//! A client of a scenario: its connection, what it sent, and what the broker must be told afterwards.

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Field, Value};
use mqtt_assay_codec::packet::{Connect, Sender};
use mqtt_assay_codec::{Frame, Packet, PacketType, ProtocolVersion};
use tokio::io::AsyncWriteExt;
use tokio::task::AbortHandle;
use tokio::time::{self, Instant};

use super::Settings;
use super::endpoint::Endpoint;
use super::inbox::{Announced, Inbox, ReaderContext, Writer, bytes_of, number_of};
use super::interest::Interests;
use super::leftovers::Leftovers;
use super::trace::Trace;
use super::unanswered::Answer;
use super::value::Rendered;
use crate::scenario::Cut;
use crate::transport::{FrameKind, Frames, Line};

/// What all clients of a test share.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) version: ProtocolVersion,
    pub(crate) endpoint: Endpoint,
    pub(crate) settings: Arc<Settings>,
    pub(crate) trace: Arc<Trace>,
    pub(crate) interests: Arc<Interests>,
    pub(crate) leftovers: Arc<Mutex<Leftovers>>,
    /// The longest frame taken from the broker, in bytes.
    pub(crate) frame_len_max: usize,
}

impl Stage {
    /// How long to wait for one of some answers.
    pub(super) fn patience(&self, answers: &[Answer]) -> Duration {
        let patience = self.settings.patience();
        match self.endpoint.unanswered() {
            Some(unanswered) => unanswered.patience(self.version, answers, patience),
            None => patience,
        }
    }

    /// An answer came.
    pub(super) fn answered(&self, answer: Answer) {
        if let Some(unanswered) = self.endpoint.unanswered() {
            unanswered.came(self.version, answer);
        }
    }

    /// None of some answers came since then, although the broker serves others.
    pub(super) fn not_answered(&self, answers: &[Answer], since: Instant) {
        if let Some(unanswered) = self.endpoint.unanswered() {
            unanswered.missed(self.version, answers, since);
        }
    }
}

/// A client of a scenario, by its name.
pub(crate) struct Client {
    pub(crate) name: String,
    /// The version of its next connection.
    pub(crate) version: ProtocolVersion,
    pub(crate) connection: Option<Connection>,
    /// What earlier connections received: their violations count to the end of the test.
    past: Vec<Arc<Inbox>>,
    next_packet_id: u32,
}

/// An open connection, or one that the broker has closed.
pub(crate) struct Connection {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) last_sent: Option<Sent>,
    /// Whether all that was sent was valid, so that a PINGREQ may follow.
    pub(crate) is_in_step: bool,
    pub(crate) version: ProtocolVersion,
    writer: Arc<Writer>,
    /// Its frames, over WebSocket.
    pub(crate) frames: Option<Frames>,
    reader: AbortHandle,
    announced: Arc<Mutex<Announced>>,
}

/// What was sent last: an acknowledgement of it is looked for behind it.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) packet_type: Option<PacketType>,
    pub(crate) packet_id: Option<u32>,
    pub(crate) trace_index: usize,
}

impl Client {
    pub(crate) fn new(name: &str, version: ProtocolVersion) -> Self {
        Self {
            name: name.to_owned(),
            version,
            connection: None,
            past: Vec::new(),
            next_packet_id: FIRST_PACKET_ID,
        }
    }

    /// A packet identifier for a compound line, out of the way of those that scenarios write.
    pub(crate) fn fresh_packet_id(&mut self) -> u32 {
        let id = self.next_packet_id;
        self.next_packet_id = if id >= 65_535 {
            FIRST_PACKET_ID
        } else {
            id + 1
        };
        id
    }

    /// Opens a connection; an earlier one is closed.
    ///
    /// Over WebSocket it offers these subprotocols, or MQTT's if there are none.
    pub(crate) async fn open(&mut self, offered: &[String], stage: &Stage) -> io::Result<()> {
        self.forget();
        let Line { stream, frames } = stage
            .endpoint
            .connect(self.version, stage.settings.patience(), offered)
            .await?;
        stage.trace.event(&self.name, "->", "opens a connection");
        let (reader, writer) = tokio::io::split(stream);
        let writer = Arc::new(Writer::new(writer));
        let inbox = Arc::new(Inbox::new());
        // A client identifier is known once CONNECT is sent; until then the connection is its own.
        let announced = Announced {
            client_id: self.own_key(),
            ..Announced::default()
        };
        let announced = Arc::new(Mutex::new(announced));
        let context = ReaderContext {
            version: self.version,
            client: self.name.clone(),
            trace: Arc::clone(&stage.trace),
            interests: Arc::clone(&stage.interests),
            announced: Arc::clone(&announced),
            frame_len_max: stage.frame_len_max,
        };
        let task = {
            let (inbox, writer) = (Arc::clone(&inbox), Arc::clone(&writer));
            tokio::spawn(async move { inbox.read(reader, writer, context).await })
        };
        self.connection = Some(Connection {
            inbox,
            last_sent: None,
            is_in_step: true,
            version: self.version,
            writer,
            frames,
            reader: task.abort_handle(),
            announced,
        });
        Ok(())
    }

    /// Sends bytes in one write, or as the line cuts it, and notes what they mean for later.
    pub(crate) async fn send(&mut self, packets: &[Rendered], cut: Cut, stage: &Stage) {
        let Some(connection) = &mut self.connection else {
            return;
        };
        for packet in packets {
            connection.note(&self.name, packet, stage);
        }
        let all = match packets {
            // The longest packet is not copied again.
            [packet] => Cow::Borrowed(packet.bytes.as_slice()),
            packets => {
                let parts: Vec<&[u8]> = packets.iter().map(|it| it.bytes.as_slice()).collect();
                Cow::Owned(parts.concat())
            }
        };
        let patience = stage.settings.patience();
        if connection.write(&all, cut, patience).await.is_err() {
            // The end of the connection is an event of its own, which the reader sees.
            stage
                .trace
                .event(&self.name, "->", "could not be sent whole");
        }
    }

    /// Closes the client's half of the connection; what the broker sends is still read.
    pub(crate) async fn half_close(&mut self, stage: &Stage) {
        if let Some(connection) = &mut self.connection {
            let event = "closes its half of the connection";
            stage.trace.event(&self.name, "->", event);
            let _end = connection.writer.lock().await.shutdown().await;
            connection.is_in_step = false;
        }
    }

    /// Closes TCP without DISCONNECT, after the broker has noticed or a short time has passed.
    pub(crate) async fn drop_connection(&mut self, stage: &Stage) {
        if let Some(connection) = &mut self.connection {
            stage.trace.event(&self.name, "->", "closes the connection");
            let _end = connection.writer.lock().await.shutdown().await;
            connection.wait_for_close(stage.settings.grace()).await;
        }
        self.forget();
    }

    /// Every inbox of the client, the current one last.
    pub(crate) fn inboxes(&self) -> impl Iterator<Item = &Arc<Inbox>> {
        self.past
            .iter()
            .chain(self.connection.as_ref().map(|connection| &connection.inbox))
    }

    fn forget(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.past.push(Arc::clone(&connection.inbox));
        }
    }

    fn own_key(&self) -> Vec<u8> {
        [b"\0", self.name.as_bytes()].concat()
    }
}

impl Connection {
    pub(crate) fn is_closed(&self) -> bool {
        self.inbox.lock().closed.is_some()
    }

    /// Whether its CONNECT asked for no protocol that the broker can know.
    pub(crate) fn is_of_unknown_protocol(&self) -> bool {
        let announced = self.announced.lock();
        let announced = announced.unwrap_or_else(PoisonError::into_inner);
        announced.is_unknown_protocol
    }

    /// Waits until the broker has closed, but not for ever.
    pub(crate) async fn wait_for_close(&self, limit: Duration) {
        let closed = async {
            loop {
                let changed = self.inbox.changed();
                if self.is_closed() {
                    return;
                }
                changed.await;
            }
        };
        let _in_time = time::timeout(limit, closed).await;
    }

    /// Writes bytes; no part of them may wait for longer than `patience`.
    async fn write(&self, bytes: &[u8], cut: Cut, patience: Duration) -> io::Result<()> {
        let piece = match cut {
            // Over WebSocket a write is a frame. In TCP nobody sees where one ends.
            Cut::Whole if self.frames.is_none() => WRITE_LEN,
            Cut::Whole | Cut::Text => bytes.len(),
            Cut::Pieces(len) | Cut::Fragments(len) => len,
        };
        let mut writer = self.writer.lock().await;
        let pieces = bytes.chunks(piece.max(1));
        let last = pieces.len().saturating_sub(1);
        for (position, piece) in pieces.enumerate() {
            if let Some(frames) = &self.frames {
                frames.set_next(match cut {
                    Cut::Text => FrameKind::Text,
                    Cut::Fragments(_) if last == 0 => FrameKind::Binary,
                    Cut::Fragments(_) if position == 0 => FrameKind::First,
                    Cut::Fragments(_) if position < last => FrameKind::Middle,
                    Cut::Fragments(_) => FrameKind::Last,
                    Cut::Whole | Cut::Pieces(_) => FrameKind::Binary,
                });
            }
            let write = async {
                writer.write_all(piece).await?;
                writer.flush().await
            };
            time::timeout(patience, write).await??;
            // Gives the broker a chance to read each piece by itself.
            tokio::task::yield_now().await;
        }
        // The reader writes too, and never anything else than binary messages.
        if let Some(frames) = &self.frames {
            frames.set_next(FrameKind::Binary);
        }
        Ok(())
    }

    fn note(&mut self, client: &str, packet: &Rendered, stage: &Stage) {
        let packet_type = super::value::packet_type_of(&packet.bytes);
        let draft = packet
            .draft
            .clone()
            .or_else(|| decode(&packet.bytes, self.version));
        let packet_id = draft
            .as_ref()
            .and_then(|draft| draft.all("id").find_map(number_of));
        let is_mutated = packet.is_malformed && packet.draft.is_some();
        let trace_index = stage
            .trace
            .sent(client, draft.as_ref(), &packet.bytes, is_mutated);
        self.last_sent = Some(Sent {
            packet_type,
            packet_id,
            trace_index,
        });
        self.is_in_step &= !packet.is_malformed;
        let mut announced = self
            .announced
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        announced.has_sent_id_zero |= packet_id == Some(0);
        if packet_type == Some(PacketType::Connect) {
            announced.connect_count += 1;
            announced.is_unknown_protocol = !has_known_protocol(&packet.bytes, self.version);
        }
        let Some(draft) = draft else {
            stage.interests.expect_anything(&announced.client_id);
            self.inbox.lock().ledger.expect_anything();
            return;
        };
        if draft.packet_type == PacketType::Connect {
            announced.note(&draft);
            let earlier = stage.interests.asked(&announced.client_id);
            self.inbox.lock().ledger.note_earlier(earlier);
        }
        let answer = self.inbox.lock().ledger.note(packet, self.version);
        if let Some(answer) = answer {
            stage.interests.note_asked(&announced.client_id, answer);
        }
        match draft.packet_type {
            PacketType::Subscribe => stage.interests.subscribe(&announced.client_id, &draft),
            PacketType::Puback | PacketType::Pubcomp | PacketType::Pubrec => {
                if let Some(id) = packet_id {
                    self.inbox.lock().finish(id);
                }
            }
            _ => {}
        }
        let mut leftovers = stage
            .leftovers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        leftovers.note(&draft);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Announced {
    fn note(&mut self, connect: &Draft) {
        if let Some(client_id) = connect.all("client-id").find_map(bytes_of)
            && !client_id.is_empty()
        {
            self.client_id = client_id.to_vec();
        }
        self.topic_alias_maximum = connect
            .all("topic-alias-maximum")
            .find_map(number_of)
            .unwrap_or(0);
        self.maximum_packet_size = connect.all("maximum-packet-size").find_map(number_of);
    }
}

/// Raw bytes as a packet, if they are one.
fn decode(bytes: &[u8], version: ProtocolVersion) -> Option<Draft> {
    let packet = packet_of(bytes, version)?;
    Some(Draft::of(&packet, version))
}

/// Bytes as one valid packet of a client, if they are one.
pub(crate) fn packet_of(bytes: &[u8], version: ProtocolVersion) -> Option<Packet<'_>> {
    let Ok(Split::Frame(frame)) = Frame::split(bytes, version) else {
        return None;
    };
    if frame.len() != bytes.len() {
        return None;
    }
    Packet::decode(&frame, version, Sender::Client).ok()
}

/// Whether the bytes of a CONNECT go on to a protocol name and level that exist.
fn has_known_protocol(bytes: &[u8], version: ProtocolVersion) -> bool {
    match Frame::split(bytes, version) {
        Ok(Split::Frame(frame)) => Connect::version_of(&frame).is_ok(),
        Ok(_) | Err(_) => false,
    }
}

/// A field of a draft with a number.
pub(crate) fn number(name: &'static str, value: u32) -> Field {
    Field {
        name,
        value: Value::Number(value),
    }
}

/// So much is written at once, in bytes: a slow broker has read some of it in time.
const WRITE_LEN: usize = 64 * 1024;
/// Where compound lines begin to count their packet identifiers.
const FIRST_PACKET_ID: u32 = 50_001;
