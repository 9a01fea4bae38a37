//! What one connection received, in order, with what is wrong in it at first sight.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use mqtt_assay_codec::error::DecodeErrorKind;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Value};
use mqtt_assay_codec::packet::{Delivery, Sender};
use mqtt_assay_codec::{
    DecodeError, Frame, Framer, Packet, PacketType, ProtocolVersion, StatementId,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::interest::{Interests, Wanted};
use super::ledger::{Ledger, payload_of};
use super::trace::Trace;
use super::{forbidden, oversize};
use crate::transport::{BoxStream, TextReceived};

/// What a connection received.
#[derive(Debug)]
pub(crate) struct Inbox {
    state: Mutex<InboxState>,
    changed: Notify,
}

/// The content of an inbox.
#[derive(Debug, Default)]
pub(crate) struct InboxState {
    /// Everything that no line of the scenario has consumed, oldest first.
    pub(crate) seen: Vec<Seen>,
    /// Of each packet type the packet that a line consumed last.
    pub(crate) taken: BTreeMap<PacketType, Seen>,
    /// When the connection ended.
    pub(crate) closed: Option<Instant>,
    /// The first thing that no broker may send, whatever the scenario expects.
    pub(crate) violation: Option<Violation>,
    /// What no broker may send and a line may judge better, oldest first: it decides if no line does.
    pub(crate) suspicions: Vec<Violation>,
    /// Whether a CONNACK with reason 0 has come.
    pub(crate) is_accepted: bool,
    /// The CONNACK.
    pub(crate) connack: Option<Draft>,
    /// What was asked for on this connection, and what came.
    pub(crate) ledger: Ledger,
    /// Whether DISCONNECT has come: nothing may follow.
    is_disconnected: bool,
    /// The messages that came and whose handshake the client has not finished, for telling a retry from a message.
    unfinished: BTreeMap<u32, Bytes>,
    aliases: BTreeMap<u32, Vec<u8>>,
    bytes: usize,
    /// The packet identifiers of QoS 2 messages of other tests, whose handshakes are finished here.
    foreign: BTreeSet<u32>,
    /// Acknowledgements of messages of other tests, to be sent.
    answers: Vec<u8>,
}

/// A packet that came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) at: Instant,
    pub(crate) draft: Draft,
    /// The topic of a PUBLISH, a topic alias resolved.
    pub(crate) topic: Option<Vec<u8>>,
    /// Whether it repeats a message of this connection, with DUP and the same packet identifier.
    pub(crate) is_retry: bool,
    /// Its place in the trace.
    pub(crate) trace_index: usize,
}

/// Something that is wrong wherever the scenario stands.
#[derive(Clone, Debug)]
pub(crate) struct Violation {
    pub(crate) statement: StatementId,
    pub(crate) message: String,
    pub(crate) actual: String,
    pub(crate) trace_index: usize,
}

/// The writing end of a connection: the scenario sends, and so does the reader where it looks after other tests' messages.
pub(crate) type Writer = tokio::sync::Mutex<WriteHalf<BoxStream>>;

/// What the reader of a connection must know.
pub(crate) struct ReaderContext {
    pub(crate) version: ProtocolVersion,
    pub(crate) client: String,
    pub(crate) trace: Arc<Trace>,
    pub(crate) interests: Arc<Interests>,
    /// What the CONNECT of this connection said.
    pub(crate) announced: Arc<Mutex<Announced>>,
    /// The longest frame taken from the broker, in bytes.
    pub(crate) frame_len_max: usize,
}

/// What a CONNECT said that binds the broker on this connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Announced {
    pub(crate) client_id: Vec<u8>,
    pub(crate) topic_alias_maximum: u32,
    /// The largest packet that the client takes, in bytes; none if it did not say.
    pub(crate) maximum_packet_size: Option<u32>,
    /// Whether the CONNECT asked for a protocol that is neither 3.1.1 nor 5.0, or ended before it said which.
    pub(crate) is_unknown_protocol: bool,
    /// How many CONNECT packets went out on this connection.
    pub(crate) connect_count: usize,
    /// Whether the client sent packet identifier 0, which nobody may.
    pub(crate) has_sent_id_zero: bool,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(InboxState::default()),
            changed: Notify::new(),
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, InboxState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something new came; take the future before looking, so that nothing is missed.
    pub(crate) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// Reads a connection to its end.
    pub(crate) async fn read(
        &self,
        mut stream: ReadHalf<BoxStream>,
        writer: Arc<Writer>,
        context: ReaderContext,
    ) {
        let mut framer = Framer::new(context.version, context.frame_len_max);
        let mut buffer = vec![0; READ_LEN];
        loop {
            let (count, how) = match stream.read(&mut buffer).await {
                Ok(0) => (0, "closed by the broker"),
                Ok(count) => (count, ""),
                Err(error) => (0, self.failed(&error, &context)),
            };
            if count == 0 {
                context.trace.event(&context.client, "<-", how);
                self.close();
                return;
            }
            framer.push(buffer.get(..count).unwrap_or_default());
            if !self.take_frames(&mut framer, &context) {
                // Unreadable from here on, or too much: nothing more is taken in, so that memory stays bounded.
                return;
            }
            let answers = std::mem::take(&mut self.lock().answers);
            if !answers.is_empty() && send(&writer, &answers).await.is_err() {
                // The end of the connection shows at the next read.
            }
        }
    }

    /// Says why a connection cannot be read on.
    fn failed(&self, error: &io::Error, context: &ReaderContext) -> &'static str {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        let Some(TextReceived { text }) = inner else {
            return "reset by the broker";
        };
        let shown = text
            .get(..text.len().min(UNREADABLE_SHOWN))
            .unwrap_or_default();
        let trace_index = context.trace.raw(&context.client, "<-", shown);
        self.lock().accuse(Violation {
            statement: if context.version.has_properties() {
                StatementId::v5(6, 0, 0, 1)
            } else {
                StatementId::v3(6, 0, 0, 1)
            },
            message: "the broker sent a text frame; MQTT over WebSocket has binary frames only"
                .to_owned(),
            actual: mqtt_assay_codec::notation::hex(shown),
            trace_index,
        });
        "not read on"
    }

    fn close(&self) {
        self.lock().closed = Some(Instant::now());
        self.changed.notify_waiters();
    }

    /// Takes every whole frame; false when the stream cannot be read on.
    fn take_frames(&self, framer: &mut Framer, context: &ReaderContext) -> bool {
        let goes_on = loop {
            match framer.next_frame() {
                Ok(Some(frame)) => {
                    if !self.lock().take(&frame, context) {
                        break false;
                    }
                }
                Ok(None) => break true,
                Err(error) => {
                    let bytes = framer.pending();
                    let shown = bytes
                        .get(..bytes.len().min(UNREADABLE_SHOWN))
                        .unwrap_or_default();
                    let trace_index = context.trace.raw(&context.client, "<-", shown);
                    self.lock().accuse(Violation {
                        statement: error.statement(),
                        message: format!("the broker sent what is no packet: {error}"),
                        actual: mqtt_assay_codec::notation::hex(shown),
                        trace_index,
                    });
                    break false;
                }
            }
        };
        self.changed.notify_waiters();
        goes_on
    }
}

async fn send(writer: &Writer, bytes: &[u8]) -> io::Result<()> {
    let mut writer = writer.lock().await;
    writer.write_all(bytes).await?;
    writer.flush().await
}

impl InboxState {
    /// Whether anything came, right or wrong.
    pub(crate) const fn has_received(&self) -> bool {
        self.bytes > 0 || self.violation.is_some()
    }

    /// Takes a frame in; false when there are too many.
    fn take(&mut self, bytes: &Bytes, context: &ReaderContext) -> bool {
        self.bytes += bytes.len();
        let bytes_max = BYTES_MAX.max(context.frame_len_max * 2);
        if self.seen.len() >= SEEN_MAX || self.bytes > bytes_max {
            context.trace.event(
                &context.client,
                "<-",
                "more than the runner takes from one connection",
            );
            return false;
        }
        let trace_index = context.trace.raw(&context.client, "<-", bytes);
        let version = context.version;
        let decoded = decode(bytes, version).or_else(|error| {
            // Who is asked for an unknown protocol has to guess the form of the answer (rule A-13).
            match decode(bytes, other(version)) {
                Ok(Some(packet @ Packet::Connack(_)))
                    if context.announced().is_unknown_protocol =>
                {
                    Ok(Some(packet))
                }
                Ok(_) | Err(_) => Err(error),
            }
        });
        let packet = match decoded {
            Ok(Some(packet)) => packet,
            Ok(None) => return true,
            Err(_) if context.is_of_another_test(bytes) => {
                context.trace.remove(trace_index);
                return true;
            }
            Err(error) => {
                self.is_accepted |= forbidden::accepts(bytes, version);
                let forbidden = forbidden::read(bytes, version, &error);
                if let Some(draft) = &forbidden.draft {
                    context.trace.name(trace_index, draft);
                }
                // An answer repeats the identifier; what is wrong is that there is one, and of that the script judges.
                if error.kind() == DecodeErrorKind::PacketIdZero
                    && context.announced().has_sent_id_zero
                    && let Some(draft) = forbidden.draft
                {
                    self.seen.push(Seen {
                        at: Instant::now(),
                        draft,
                        topic: None,
                        is_retry: false,
                        trace_index,
                    });
                    return true;
                }
                self.accuse(Violation {
                    statement: of_sender(error.statement()),
                    message: forbidden.message,
                    actual: context.trace.packet_at(trace_index),
                    trace_index,
                });
                return true;
            }
        };
        let draft = Draft::of_frame(&packet, version, bytes);
        context.trace.name(trace_index, &draft);
        self.check_order(&packet, context, trace_index);
        self.check_len(bytes.len(), &draft, context, trace_index);
        if matches!(packet, Packet::Connack(_)) {
            self.connack.get_or_insert_with(|| draft.clone());
        }
        if let Packet::Pubrel(ack) = &packet
            && self.foreign.remove(&u32::from(ack.packet_id.get()))
        {
            context.trace.remove(trace_index);
            self.answer(PacketType::Pubcomp, ack.packet_id.get());
            return true;
        }
        let topic = match &packet {
            Packet::Publish(_) => self.topic_of(&draft, context, trace_index),
            _ => None,
        };
        if let Some(topic) = &topic {
            match context.interests.judge(&context.announced(), topic) {
                Wanted::Yes => {}
                Wanted::OfAnotherTest => {
                    context.trace.remove(trace_index);
                    self.finish_foreign(&packet);
                    return true;
                }
                Wanted::No => self.suspect(Violation {
                    statement: not_asked_for(version, topic),
                    message:
                        "the broker sent a message that no subscription of this client matches"
                            .to_owned(),
                    actual: draft.to_string(),
                    trace_index,
                }),
            }
        }
        self.check_ledger(&packet, &draft, topic.as_deref(), context, trace_index);
        let is_retry = self.note_message(&packet, &draft);
        self.seen.push(Seen {
            at: Instant::now(),
            draft,
            topic,
            is_retry,
            trace_index,
        });
        true
    }

    /// Acknowledges a message of another test: without that it would stand in the way of this one's.
    fn finish_foreign(&mut self, packet: &Packet<'_>) {
        let Packet::Publish(publish) = packet else {
            return;
        };
        match publish.delivery {
            Delivery::AtMostOnce => {}
            Delivery::AtLeastOnce { packet_id, .. } => {
                self.answer(PacketType::Puback, packet_id.get())
            }
            Delivery::ExactlyOnce { packet_id, .. } => {
                self.foreign.insert(u32::from(packet_id.get()));
                self.answer(PacketType::Pubrec, packet_id.get());
            }
        }
    }

    fn answer(&mut self, packet_type: PacketType, packet_id: u16) {
        self.answers
            .extend_from_slice(&[packet_type.number() << 4, 2]);
        self.answers.extend_from_slice(&packet_id.to_be_bytes());
    }

    fn accuse(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
    }

    pub(super) fn suspect(&mut self, violation: Violation) {
        if self.suspicions.len() < SUSPICIONS_MAX {
            self.suspicions.push(violation);
        }
    }

    /// The first packet is CONNACK (or AUTH), there is one CONNACK only, no DISCONNECT comes before it, and nothing
    /// behind DISCONNECT.
    fn check_order(&mut self, packet: &Packet<'_>, context: &ReaderContext, trace_index: usize) {
        let version = context.version;
        let is_v5 = version.has_reason_codes();
        let is_late = self.is_disconnected;
        self.is_disconnected |= matches!(packet, Packet::Disconnect(_));
        let wrong = match packet {
            _ if is_late && is_v5 => Some((
                StatementId::v5(3, 14, 4, 1),
                "the broker sent a packet after its DISCONNECT",
            )),
            Packet::Connack(connack) => {
                self.is_accepted = connack.reason.code() == 0;
                let is_answer = context.announced().connect_count > 1;
                self.connack.is_some().then_some((
                    match (is_v5, is_answer) {
                        (true, _) => StatementId::v5(3, 2, 0, 2),
                        (false, true) => StatementId::v3(3, 1, 0, 2),
                        (false, false) => StatementId::v3(3, 2, 0, 1),
                    },
                    "the broker sent a second CONNACK",
                ))
            }
            Packet::Disconnect(_) if is_v5 && self.connack.is_none() => Some((
                StatementId::v5(3, 14, 0, 1),
                "the broker sent DISCONNECT before a CONNACK",
            )),
            Packet::Auth(_) => None,
            _ if self.connack.is_none() => Some((
                if is_v5 {
                    StatementId::v5(3, 2, 0, 1)
                } else {
                    StatementId::v3(3, 2, 0, 1)
                },
                "the broker sent another packet before CONNACK",
            )),
            _ => None,
        };
        if let Some((statement, message)) = wrong {
            let actual = context.trace.packet_at(trace_index);
            self.accuse(Violation {
                statement,
                message: message.to_owned(),
                actual,
                trace_index,
            });
        }
    }

    /// No packet is larger than the client said it takes.
    fn check_len(
        &mut self,
        len: usize,
        draft: &Draft,
        context: &ReaderContext,
        trace_index: usize,
    ) {
        let Some(max) = context.announced().maximum_packet_size else {
            return;
        };
        if max > 0 && len > max as usize {
            self.suspect(Violation {
                statement: oversize::statement(draft),
                message: format!(
                    "the broker sent a packet of {len} bytes; the client's Maximum Packet Size is {max}"
                ),
                actual: draft.to_string(),
                trace_index,
            });
        }
    }

    /// The topic of a PUBLISH, after its topic alias was looked up or noted.
    fn topic_of(
        &mut self,
        draft: &Draft,
        context: &ReaderContext,
        trace_index: usize,
    ) -> Option<Vec<u8>> {
        let topic = draft.all("topic").find_map(bytes_of).map(<[u8]>::to_vec);
        let alias = draft.all("topic-alias").find_map(number_of);
        let Some(alias) = alias else { return topic };
        if alias > context.announced().topic_alias_maximum {
            self.suspect(Violation {
                statement: StatementId::v5(3, 3, 2, 11),
                message: format!(
                    "the broker used topic alias {alias}; the client's Topic Alias Maximum is {}",
                    context.announced().topic_alias_maximum
                ),
                actual: draft.to_string(),
                trace_index,
            });
        }
        if let Some(topic) = topic {
            self.aliases.insert(alias, topic.clone());
            return Some(topic);
        }
        let known = self.aliases.get(&alias).cloned();
        if known.is_none() {
            self.accuse(Violation {
                statement: StatementId::u5(7),
                message: format!(
                    "the broker used topic alias {alias} without having set it on this connection"
                ),
                actual: draft.to_string(),
                trace_index,
            });
        }
        known
    }

    /// Remembers a QoS 1 or 2 message; true if it repeats one of this connection.
    fn note_message(&mut self, packet: &Packet<'_>, draft: &Draft) -> bool {
        let Packet::Publish(publish) = packet else {
            return false;
        };
        let Some(id) = publish.delivery.packet_id() else {
            return false;
        };
        let id = u32::from(id.get());
        let payload = payload_of(draft);
        let earlier = self.unfinished.insert(id, payload.clone());
        publish.delivery.dup() && earlier == Some(payload)
    }

    /// The client has sent an acknowledgement: a later PUBLISH with this packet identifier is a new message.
    pub(crate) fn finish(&mut self, id: u32) {
        self.unfinished.remove(&id);
    }
}

/// The rule that binds who sends, where the codec cites the one for who receives.
fn of_sender(statement: StatementId) -> StatementId {
    if statement == StatementId::v3(2, 2, 2, 2) {
        StatementId::v3(2, 2, 2, 1)
    } else {
        statement
    }
}

impl ReaderContext {
    pub(super) fn announced(&self) -> Announced {
        self.announced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Whether a wide filter caught a PUBLISH of another test.
    fn is_of_another_test(&self, bytes: &[u8]) -> bool {
        let is_publish = bytes
            .first()
            .is_some_and(|first| first >> 4 == PacketType::Publish.number());
        is_publish && self.interests.is_of_another_test(&self.announced(), bytes)
    }
}

impl Seen {
    pub(crate) fn packet_type(&self) -> PacketType {
        self.draft.packet_type
    }

    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        self.draft.all(name).find_map(number_of)
    }
}

/// A frame from the broker as a packet; none if it is not whole.
fn decode(bytes: &[u8], version: ProtocolVersion) -> Result<Option<Packet<'_>>, DecodeError> {
    match Frame::split(bytes, version)? {
        Split::Frame(frame) => Packet::decode(&frame, version, Sender::Server).map(Some),
        Split::NeedMore(_) => Ok(None),
    }
}

const fn other(version: ProtocolVersion) -> ProtocolVersion {
    match version {
        ProtocolVersion::V3_1_1 => ProtocolVersion::V5_0,
        ProtocolVersion::V5_0 => ProtocolVersion::V3_1_1,
    }
}

/// The statement that an unwanted message breaks: the rule on `$` topics where only that rule was overlooked.
fn not_asked_for(version: ProtocolVersion, topic: &[u8]) -> StatementId {
    match (version, topic.starts_with(b"$")) {
        (ProtocolVersion::V3_1_1, true) => StatementId::v3(4, 7, 2, 1),
        (ProtocolVersion::V5_0, true) => StatementId::v5(4, 7, 2, 1),
        (ProtocolVersion::V3_1_1, false) => StatementId::v3(3, 3, 2, 3),
        (ProtocolVersion::V5_0, false) => StatementId::v5(3, 3, 2, 3),
    }
}

pub(crate) fn number_of(value: &Value) -> Option<u32> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Flag(_) | Value::Bytes(_) | Value::Pair(..) => None,
    }
}

pub(crate) fn bytes_of(value: &Value) -> Option<&[u8]> {
    match value {
        Value::Bytes(bytes) => Some(bytes),
        Value::Flag(_) | Value::Number(_) | Value::Pair(..) => None,
    }
}

/// The longest frame taken from a broker, in bytes: eight times the largest that a scenario of common limits sends.
pub(crate) const FRAME_LEN_MAX: usize = 16 * 1024 * 1024;
/// How many packets wait on one connection: more than 65,535 packets in flight.
const SEEN_MAX: usize = 100_000;
/// How many bytes one connection may bring in a test, or twice the longest frame.
const BYTES_MAX: usize = 256 * 1024 * 1024;
/// How many suspicions of one connection are kept: more than a reader wants to see.
const SUSPICIONS_MAX: usize = 16;
/// How much of unreadable bytes is shown.
const UNREADABLE_SHOWN: usize = 64;
/// How much is read at once.
const READ_LEN: usize = 16 * 1024;
