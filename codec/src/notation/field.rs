//! The fields of each packet type: their names and kinds.

use crate::packet::PacketType;

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the notation")]
pub enum FieldKind {
    /// Stands alone.
    Flag,
    /// A number of at most so many bits; a variable byte integer has 28.
    Number {
        /// The width in bits.
        bits: u8,
    },
    /// A quoted string or `0x".."`.
    Bytes,
    /// `"name":"value"`.
    Pair,
}

/// A field that the notation knows for a packet type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct FieldSpec {
    /// The name that is printed.
    pub name: &'static str,
    /// Another name that is read: the specification's in full.
    pub alias: Option<&'static str>,
    /// The kind of its value.
    pub kind: FieldKind,
    /// Whether it may stand more than once in a valid packet.
    pub is_repeated: bool,
    /// Whether it exists in 5.0 only.
    pub is_v5_only: bool,
}

/// Every field of a packet type, in the order in which it is printed.
#[must_use]
pub fn fields(packet_type: PacketType) -> &'static [FieldSpec] {
    let _ = packet_type;
    todo!()
}

/// The field of this name or alias.
#[must_use]
pub fn field(packet_type: PacketType, name: &str) -> Option<&'static FieldSpec> {
    fields(packet_type)
        .iter()
        .find(|spec| spec.name == name || spec.alias == Some(name))
}
