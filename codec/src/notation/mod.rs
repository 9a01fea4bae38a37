//! The one textual form of packets: printed in traces, parsed in scenarios.
//!
//! A packet is its type and its fields, a field that is true stands alone, and what is absent is 0, false or empty:
//! `PUBLISH qos=1 dup id=7 topic="a/b" payload="hi" user-property="k":"v"`. A frame that is no packet is bytes:
//! `hex 30 ff "text" 00*3`.
//!
//! | value | written as |
//! |---|---|
//! | number | `7`, `0x82`, `0b1111`, `268_435_455` |
//! | string | `"text"` with the escapes `\n \r \t \0 \\ \" \u{..}`; repeated, `"x"*65535` |
//! | bytes that are no UTF-8 | `0x"c328"` |
//! | pair | `"name":"value"` |
//! | boolean | the name alone, `name=yes`, `name=no` |
//!
//! In a SUBSCRIBE the options of a subscription follow its `filter`. Properties keep their order, and so do repeats.

mod dissect;
mod draft;
mod field;
mod lex;
mod nearest;
mod parse;
mod print;
mod property_field;
mod read;
mod write;

pub use dissect::{Dissection, Part};
pub use field::{FieldKind, FieldSpec, absent_value, field, fields};
pub use lex::{Repeated, Token, TokenKind, lex};
pub use nearest::nearest;
pub use parse::{NotationError, parse, parse_packet};
pub use print::{print_bytes, print_string, start_of};
pub use write::{WriteError, hex};

use std::ops::Range;

use bytes::Bytes;

use crate::packet::{Packet, PacketType};
use crate::version::ProtocolVersion;

/// A packet as a list of named fields: it can hold what no valid packet says.
///
/// Parsed from text or taken from a packet; written to bytes without any check, so that a tester can send what the
/// specification forbids.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Draft {
    /// The packet type.
    pub packet_type: PacketType,
    /// The fields, in order, repeats included.
    pub fields: Vec<Field>,
}

/// A named field of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Field {
    /// Its name, one of [`fields`] of the packet type.
    pub name: &'static str,
    /// Its value.
    pub value: Value,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the notation")]
pub enum Value {
    /// A boolean that stands alone when true, and is written `name=no` when it must be said that it is false.
    Flag(bool),
    /// A number.
    Number(u32),
    /// A string or binary data: any bytes. A copy of the value shares them.
    Bytes(Bytes),
    /// A user property.
    Pair(Vec<u8>, Vec<u8>),
}

/// A parsed line of notation: a packet, or raw bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the notation")]
pub enum Notation {
    /// A packet by its fields.
    Packet(Draft),
    /// Bytes, as `hex 82 09 "a/b"`.
    Hex(Vec<u8>),
}

/// A range of byte offsets in a text.
pub type Span = Range<usize>;

impl Draft {
    /// The fields of a valid packet, those alone that are on the wire and are not what their absence would mean.
    ///
    /// A reason that is on the wire is always among them, and so are the QoS of a subscription and both parts of a
    /// Will. `protocol-level` appears only where it is not that of `version`.
    #[must_use]
    pub fn of(packet: &Packet<'_>, version: ProtocolVersion) -> Self {
        Self {
            packet_type: packet.packet_type(),
            fields: draft::fields_of(packet, version, &Bytes::new()),
        }
    }

    /// As [`Draft::of`] for a packet that was decoded from this frame; what is long in it shares the frame's memory.
    #[must_use]
    pub fn of_frame(packet: &Packet<'_>, version: ProtocolVersion, frame: &Bytes) -> Self {
        Self {
            packet_type: packet.packet_type(),
            fields: draft::fields_of(packet, version, frame),
        }
    }

    /// Writes the packet, exactly as its fields say: no field is checked against the specification.
    ///
    /// A CONNECT with a `protocol-level` of 4 or 5 is written in the layout of that version, any other packet in that
    /// of `version`.
    ///
    /// # Errors
    ///
    /// When a value cannot stand on the wire at all: a number that its field has no room for, a string of more than
    /// 65,535 bytes, a remaining length above 268,435,455, a property in 3.1.1.
    pub fn to_bytes(&self, version: ProtocolVersion) -> Result<Vec<u8>, WriteError> {
        write::to_bytes(self, version)
    }

    /// The values of all fields of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        self.fields
            .iter()
            .filter(move |field| field.name == name)
            .map(|field| &field.value)
    }
}
