//! Scenarios: scripted exchanges with a broker, as plain data.
//!
//! The text form is described in `docs/writing-scenarios.md`; generators build these types directly.

mod check;
mod error;
mod format;
mod load;
mod parse;
mod plan;
mod print;
pub mod template;

pub use check::check;
pub use error::ScenarioError;
pub use format::format;
pub use load::{SourceFile, embedded, load, parse_all, paths, render_all};
pub use parse::parse;
pub use plan::{TestPlan, tests};
pub use print::{print_case, print_outgoing, print_step};

use std::time::Duration;

use mqtt_assay_codec::notation::{Repeated, Span, Value};
use mqtt_assay_codec::{PacketType, ProtocolVersion, StatementId};

/// A scripted exchange, to be run once for each version and case.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Scenario {
    /// Its name, `topic/behaviour`.
    pub name: String,
    /// One sentence that says what is right.
    pub summary: String,
    /// The versions that it runs in.
    pub versions: Vec<ProtocolVersion>,
    /// The capabilities that the broker must have, by the catalogue's condition names.
    pub requires: Vec<String>,
    /// Whether it must run alone.
    pub is_exclusive: bool,
    /// The cases; none means one test without a case.
    pub cases: Vec<Case>,
    /// What happens, in order.
    pub steps: Vec<Step>,
    /// The file, relative to the scenario folder.
    pub file: String,
    /// The line of its name in the file, from 1.
    pub line: u32,
}

/// A variant of a scenario: a name and values for its variables.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Case {
    /// Its name, one word.
    pub name: String,
    /// The versions that it runs in; empty means those of the scenario.
    pub versions: Vec<ProtocolVersion>,
    /// The variables.
    pub variables: Vec<(String, Literal)>,
    /// Its line in the file.
    pub line: u32,
}

/// A value written in a scenario.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Literal {
    /// The value of a packet's field; strings are templates: `{name}` stands for a variable.
    Value(Value),
    /// A string of more bytes than any field has but a payload, in parts: they are joined when a test needs it, so that
    /// a scenario with the longest packet costs nothing until then.
    Long(Vec<Repeated>),
    /// A duration, such as `500ms`.
    Duration(Duration),
}

impl Literal {
    /// A string from its parts.
    #[must_use]
    pub fn of_parts(parts: Vec<Repeated>) -> Self {
        let len: usize = parts.iter().map(Repeated::len).sum();
        if len > STRING_LEN_MAX {
            return Self::Long(parts);
        }
        let bytes: Vec<u8> = parts.iter().flat_map(Repeated::to_bytes).collect();
        Self::Value(Value::Bytes(bytes.into()))
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Step {
    /// When it takes part.
    pub guard: Guard,
    /// What it does.
    pub action: Action,
    /// The statements that a broker breaks if the line does not hold; none make it a premise.
    pub statements: Vec<StatementId>,
    /// Its line in the file, from 1.
    pub line: u32,
    /// Its text, trimmed, without comment; spans of fields are offsets into it.
    pub text: String,
}

/// Restricts a line to versions and cases; empty lists restrict nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Guard {
    /// The versions of which one must be under test.
    pub versions: Vec<ProtocolVersion>,
    /// The cases of which one must be under test.
    pub cases: Vec<String>,
}

/// What the answer to a WebSocket handshake must select.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Subprotocol {
    /// This one.
    Named(String),
    /// None: the handshake fails, or selects nothing.
    Absent,
}

/// What a line does. Clients are named by words.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
#[expect(missing_docs, reason = "the fields are described with their variant")]
pub enum Action {
    /// `c speaks 3.1.1`: the version of the client's connections from here on, whatever is under test.
    Speak {
        client: String,
        version: ProtocolVersion,
    },
    /// `c opens ...`: a connection and no packet. Over WebSocket the subprotocols that are offered, none meaning MQTT's
    /// alone, and what must be selected.
    Open {
        client: String,
        offered: Vec<String>,
        subprotocol: Option<Subprotocol>,
    },
    /// `c -> ...`: one write, or as the line cuts it.
    Send {
        client: String,
        packets: Vec<Outgoing>,
        cut: Cut,
    },
    /// `c <- ...`.
    Expect {
        client: String,
        alternatives: Vec<Alternative>,
        within: Option<Within>,
    },
    /// `c connects ...`: fields of CONNECT, and expectations on the CONNACK.
    Connect {
        client: String,
        fields: Vec<FieldValue>,
        session: Option<Operand>,
        connack: Vec<FieldPattern>,
    },
    /// `c subscribes ...`: fields of SUBSCRIBE without `id`.
    Subscribe {
        client: String,
        fields: Vec<FieldValue>,
    },
    /// `c unsubscribes ...`: fields of UNSUBSCRIBE without `id`.
    Unsubscribe {
        client: String,
        fields: Vec<FieldValue>,
    },
    /// `c publishes ...`: fields of PUBLISH without `id`.
    Publish {
        client: String,
        fields: Vec<FieldValue>,
    },
    /// `c receives ...`: an expected PUBLISH, and its handshake.
    Receive {
        client: String,
        pattern: Pattern,
        within: Option<Within>,
    },
    /// `c pings`.
    Ping { client: String },
    /// `c disconnects ...`: fields of DISCONNECT.
    Disconnect {
        client: String,
        fields: Vec<FieldValue>,
    },
    /// `c half-closes`.
    HalfClose { client: String },
    /// `c drops`.
    Drop { client: String },
    /// `unordered ... end`.
    Unordered { steps: Vec<Step> },
    /// `repeat N ... end`, with `$i` from 1.
    Repeat { count: Operand, steps: Vec<Step> },
    /// `eventually within D … end`: performed again, until every line holds or the time is over.
    Eventually { limit: Operand, steps: Vec<Step> },
    /// `wait D`.
    Wait { duration: Operand },
    /// `broker restarts`, asked to stop, or `broker is killed`; both times it is started again.
    RestartBroker { is_killed: bool },
}

/// How what is sent is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Cut {
    /// One write; over WebSocket one binary message in one frame.
    Whole,
    /// `in pieces of N`: a write for each N bytes; over WebSocket each is a message.
    Pieces(usize),
    /// `in fragments of N`: one WebSocket message, in frames of N bytes.
    Fragments(usize),
    /// `in a text frame`: one WebSocket message of text.
    Text,
}

impl Cut {
    /// Whether only WebSocket can do it.
    #[must_use]
    pub const fn needs_websocket(self) -> bool {
        matches!(self, Self::Fragments(_) | Self::Text)
    }
}

/// A packet or raw bytes to send.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Outgoing {
    /// What is sent before mutation.
    pub content: Content,
    /// How rules are broken on purpose, in order.
    pub mutations: Vec<Mutation>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Content {
    /// A packet by its fields.
    Packet(PacketType, Vec<FieldValue>),
    /// Raw bytes: pieces joined, templates filled in.
    Hex(Vec<u8>),
}

/// A deliberate change of a packet's bytes.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Mutation {
    /// `flags=0b1111`: the low nibble of the first byte.
    Flags(Operand),
    /// `remaining-length=...`: a number, or the raw bytes of the field.
    RemainingLength(Operand),
    /// `truncate=N`: bytes taken off the end; the remaining length follows.
    Truncate(Operand),
    /// `append=...`: bytes added at the end; the remaining length follows.
    Append(Operand),
    /// `byte@N=V`: the byte at an offset from the packet's first byte.
    Byte {
        /// The offset.
        at: usize,
        /// The new value.
        value: Operand,
    },
}

/// A field of a packet to send.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct FieldValue {
    /// Its name in the notation.
    pub name: &'static str,
    /// Its value.
    pub value: Operand,
}

/// A value, or where it comes from.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Operand {
    /// As written.
    Literal(Literal),
    /// `$name`: a case variable, a capture, or the loop's `$i`.
    Variable(String),
}

/// One way in which an expectation can hold.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Alternative {
    /// How good it is.
    pub grade: Grade,
    /// The events, in order.
    pub events: Vec<Event>,
}

/// How good an outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Grade {
    /// Right.
    Pass,
    /// `info`: allowed and worth recording.
    Info,
    /// `last`: allowed and worth recording, and what is behind it does not apply any more.
    Last,
    /// `weak`: conformant, not the recommended outcome.
    Weak,
}

/// What a client waits for.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Event {
    /// A packet.
    Packet(Pattern),
    /// `that PACKET`: more of the packet of this type that a line took last.
    That(Pattern),
    /// The end of the connection.
    Closed,
    /// A refusal as the version defines it, with one of these codes in 5.0; none means any.
    Refused(Vec<Operand>),
    /// Nothing (of a kind), after a ping round trip and a quiet time.
    Nothing {
        /// The kind; `None` means any packet.
        matching: Option<Pattern>,
        /// How long; `None` means the runner's quiet time.
        duration: Option<Operand>,
    },
    /// Nothing for so long, without a ping.
    Silence(Operand),
}

/// A packet whose listed fields must match.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Pattern {
    /// The packet type.
    pub packet_type: PacketType,
    /// The fields that must match.
    pub fields: Vec<FieldPattern>,
}

/// What a field must be.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct FieldPattern {
    /// Its name in the notation.
    pub name: &'static str,
    /// The condition.
    pub condition: Condition,
    /// Where it stands in the step's text; empty if it was not parsed.
    pub span: Span,
}

/// The condition on one field.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the language")]
pub enum Condition {
    /// `f=v`.
    Equals(Operand),
    /// `f=a..b`: a number, bounds included.
    Range(Option<Operand>, Option<Operand>),
    /// `f=?x`: anything, remembered.
    Capture(String),
    /// `f=absent`.
    Absent,
    /// `f=present` or `f=_`.
    Present,
}

/// A time window, from the start of its line.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "plain data, built by generators")]
pub struct Within {
    /// Not before.
    pub at_least: Option<Operand>,
    /// Not after.
    pub at_most: Operand,
}

/// The longest string of the protocol, in bytes (section 1.5); only a payload has more.
pub(crate) const STRING_LEN_MAX: usize = 65_535;

/// What a broker may or may not be capable of, as `requires` names it.
pub const CAPABILITIES: &[&str] = &[
    "qos1",
    "qos2",
    "retain",
    "no_retain",
    "wildcard",
    "no_wildcard",
    "shared",
    "no_shared",
    "subid",
    "no_subid",
    "no_local",
    "persist",
    "persistence",
    "survives_kill",
    "alias_in",
    "no_alias_in",
    "max_qos_lt_2",
    "in_flight",
    "max_packet",
    "max_packet_64k",
    "receive_maximum",
    "server_keep_alive",
    "connect_timeout",
    "empty_cid",
    "long_cid",
    "id_policy",
    "any_user",
    "auth",
    "auth_method",
    "acl",
    "pubrec_error",
    "ws",
    "dollar",
    "slow",
    "patience",
    "full_limits",
    "client_sut",
    "restart",
];

/// The variables that describe how the operator set a broker up, and the capability that each goes with.
pub const OPERATOR_VARIABLES: &[(&str, &str)] = &[
    ("user", "auth"),
    ("password", "auth"),
    // Below it clients may subscribe, and not publish.
    ("denied-topic", "acl"),
    // To it clients may not subscribe.
    ("denied-filter", "acl"),
    ("auth-method", "auth_method"),
    ("auth-answer", "auth_method"),
    ("refused-client-id", "id_policy"),
];
