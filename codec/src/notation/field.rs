//! The fields of each packet type: their names and kinds.

use std::sync::LazyLock;

use bytes::Bytes;

use super::Value;
use super::property_field::{PropertySet, legal_properties, property_specs};
use crate::packet::PacketType;
use crate::property::PropertyPlace;

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

impl FieldSpec {
    /// Whether the field can take a value: its kind, and its size on the wire.
    ///
    /// # Errors
    ///
    /// A phrase that says what was found and what is allowed.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let name = self.name;
        match (self.kind, value) {
            (FieldKind::Number { bits }, Value::Number(number)) => {
                let max = number_max(bits);
                if *number > max {
                    return Err(format!("{name} {number}; allowed are 0 to {max}"));
                }
            }
            // A payload has no length of its own, and takes what is left of the packet.
            (FieldKind::Bytes, Value::Bytes(_)) if name == "payload" => {}
            (FieldKind::Bytes, Value::Bytes(bytes)) => check_len(name, bytes)?,
            (FieldKind::Pair, Value::Pair(key, value)) => {
                check_len(name, key)?;
                check_len(name, value)?;
            }
            (FieldKind::Flag, Value::Flag(_)) => {}
            (
                FieldKind::Flag | FieldKind::Number { .. } | FieldKind::Bytes | FieldKind::Pair,
                _,
            ) => {
                return Err(format!("{name} without {}", self.kind.name()));
            }
        }
        Ok(())
    }
}

impl FieldKind {
    /// What its value is called in messages.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Flag => "`yes` or `no`",
            Self::Number { .. } => "a number",
            Self::Bytes => "a string",
            Self::Pair => "a pair of strings",
        }
    }
}

/// Every field that a valid packet of this type can have, in the order in which it is printed.
#[must_use]
pub fn fields(packet_type: PacketType) -> &'static [FieldSpec] {
    legal_of(&table(packet_type).specs, table(packet_type).legal)
}

/// The field of this name or alias; also one that is not legal in the packet, for there to be something to refuse.
///
/// So every packet type with properties has all properties, and fields that override what would be computed:
/// `property-length`, `connect-flags`, `connack-flags`, and `options` of a subscription.
#[must_use]
pub fn field(packet_type: PacketType, name: &str) -> Option<&'static FieldSpec> {
    all_fields(packet_type)
        .iter()
        .find(|spec| spec.name == name || spec.alias == Some(name))
}

/// What it means that a field is not there: `qos` is then 0, `topic` empty. `None` where nothing stands for it.
#[must_use]
pub fn absent_value(packet_type: PacketType, name: &str) -> Option<Value> {
    let spec = field(packet_type, name)?;
    let has_outcome = !matches!(packet_type, PacketType::Suback | PacketType::Unsuback);
    match (spec.name, spec.kind) {
        ("will-topic" | "will-payload" | "user-name" | "password" | "filter", _) => None,
        ("qos" | "retain-handling" | "keep-alive" | "will-qos", _) => Some(Value::Number(0)),
        ("reason", _) => has_outcome.then_some(Value::Number(0)),
        ("protocol-name", _) => Some(Value::Bytes(Bytes::from_static(b"MQTT"))),
        ("client-id" | "topic" | "payload", _) => Some(Value::Bytes(Bytes::new())),
        (_, FieldKind::Flag) => Some(Value::Flag(false)),
        (_, FieldKind::Number { .. } | FieldKind::Bytes | FieldKind::Pair) => None,
    }
}

/// The legal fields first, then the others.
pub(super) fn all_fields(packet_type: PacketType) -> &'static [FieldSpec] {
    &table(packet_type).specs
}

/// The fields of one packet type.
struct Table {
    specs: Vec<FieldSpec>,
    /// How many of them, from the first, are legal.
    legal: usize,
}

fn table(packet_type: PacketType) -> &'static Table {
    static TABLES: LazyLock<[Table; 16]> = LazyLock::new(|| {
        std::array::from_fn(|number| {
            u8::try_from(number)
                .ok()
                .and_then(PacketType::from_number)
                .map_or_else(Table::empty, Table::of)
        })
    });
    static EMPTY: Table = Table::empty();
    TABLES
        .get(usize::from(packet_type.number()))
        .unwrap_or(&EMPTY)
}

fn legal_of(specs: &'static [FieldSpec], legal: usize) -> &'static [FieldSpec] {
    specs.get(..legal).unwrap_or(specs)
}

impl Table {
    const fn empty() -> Self {
        Self {
            specs: Vec::new(),
            legal: 0,
        }
    }

    fn of(packet_type: PacketType) -> Self {
        let mut specs = Vec::new();
        match packet_type {
            PacketType::Connect => {
                specs.extend(CONNECT);
                specs.extend(property_specs(PropertySet::Will, Some(PropertyPlace::Will)));
                specs.extend(CREDENTIALS);
                specs.extend(legal_properties(packet_type));
            }
            PacketType::Subscribe | PacketType::Unsubscribe => {
                specs.extend([ID]);
                specs.extend(legal_properties(packet_type));
                let count = if packet_type == PacketType::Subscribe {
                    SUBSCRIPTION.len()
                } else {
                    1
                };
                specs.extend(SUBSCRIPTION.into_iter().take(count));
            }
            PacketType::Suback | PacketType::Unsuback => {
                specs.extend([ID]);
                specs.extend(legal_properties(packet_type));
                let is_v5_only = packet_type == PacketType::Unsuback;
                specs.push(FieldSpec {
                    is_repeated: true,
                    is_v5_only,
                    ..REASON
                });
            }
            PacketType::Connack => specs.extend([flag("session-present"), REASON]),
            PacketType::Publish => specs.extend(PUBLISH),
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                specs.extend([ID]);
                specs.extend(OUTCOME);
            }
            PacketType::Disconnect | PacketType::Auth => specs.extend(OUTCOME),
            PacketType::Pingreq | PacketType::Pingresp => return Self::empty(),
        }
        for spec in legal_properties(packet_type) {
            if specs.iter().all(|other| other.name != spec.name) {
                specs.push(spec);
            }
        }
        let legal = specs.len();
        let others = raw_specs(packet_type)
            .into_iter()
            .chain(property_specs(PropertySet::Packet, None));
        for spec in others {
            if specs.iter().all(|other| other.name != spec.name) {
                specs.push(spec);
            }
        }
        Self { specs, legal }
    }
}

/// The fields that override what would be computed.
fn raw_specs(packet_type: PacketType) -> Vec<FieldSpec> {
    let mut specs = vec![v5_only(number("property-length", 28))];
    match packet_type {
        PacketType::Connect => {
            specs.push(number("connect-flags", 8));
            specs.push(v5_only(number("will-property-length", 28)));
            specs.extend(property_specs(PropertySet::Will, None));
        }
        PacketType::Connack => specs.push(number("connack-flags", 8)),
        PacketType::Subscribe => specs.push(repeated(number("options", 8))),
        PacketType::Publish
        | PacketType::Puback
        | PacketType::Pubrec
        | PacketType::Pubrel
        | PacketType::Pubcomp
        | PacketType::Suback
        | PacketType::Unsubscribe
        | PacketType::Unsuback
        | PacketType::Pingreq
        | PacketType::Pingresp
        | PacketType::Disconnect
        | PacketType::Auth => {}
    }
    specs
}

fn check_len(name: &str, bytes: &[u8]) -> Result<(), String> {
    match bytes.len() {
        0..=FIELD_LEN_MAX => Ok(()),
        len => Err(format!(
            "{name} of {len} bytes; allowed are at most {FIELD_LEN_MAX}"
        )),
    }
}

fn number_max(bits: u8) -> u32 {
    u32::MAX.checked_shr(32 - u32::from(bits)).unwrap_or(0)
}

const fn flag(name: &'static str) -> FieldSpec {
    spec(name, FieldKind::Flag)
}

const fn number(name: &'static str, bits: u8) -> FieldSpec {
    spec(name, FieldKind::Number { bits })
}

const fn bytes(name: &'static str) -> FieldSpec {
    spec(name, FieldKind::Bytes)
}

const fn repeated(spec: FieldSpec) -> FieldSpec {
    FieldSpec {
        is_repeated: true,
        ..spec
    }
}

const fn v5_only(spec: FieldSpec) -> FieldSpec {
    FieldSpec {
        is_v5_only: true,
        ..spec
    }
}

const fn spec(name: &'static str, kind: FieldKind) -> FieldSpec {
    FieldSpec {
        name,
        alias: None,
        kind,
        is_repeated: false,
        is_v5_only: false,
    }
}

const CONNECT: [FieldSpec; 9] = [
    bytes("protocol-name"),
    number("protocol-level", 8),
    bytes("client-id"),
    flag("clean-start"),
    number("keep-alive", 16),
    bytes("will-topic"),
    bytes("will-payload"),
    number("will-qos", 2),
    flag("will-retain"),
];

const CREDENTIALS: [FieldSpec; 2] = [bytes("user-name"), bytes("password")];

const PUBLISH: [FieldSpec; 6] = [
    number("qos", 2),
    flag("dup"),
    flag("retain"),
    ID,
    bytes("topic"),
    bytes("payload"),
];

/// A filter, which UNSUBSCRIBE has too, and its options.
const SUBSCRIPTION: [FieldSpec; 5] = [
    repeated(bytes("filter")),
    repeated(number("qos", 2)),
    v5_only(repeated(flag("no-local"))),
    v5_only(repeated(flag("retain-as-published"))),
    v5_only(repeated(number("retain-handling", 2))),
];

/// Absent, the reason alone, or with a property length (sections 3.4.2, 3.14.2, 3.15.2).
const OUTCOME: [FieldSpec; 2] = [v5_only(REASON), v5_only(flag("empty-properties"))];

const ID: FieldSpec = number("id", 16);

const REASON: FieldSpec = number("reason", 8);

/// The longest string or binary value (section 1.5).
const FIELD_LEN_MAX: usize = 65_535;
