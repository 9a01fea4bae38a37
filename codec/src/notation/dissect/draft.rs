//! From the parts of a packet to a draft that writes the same bytes.

use bytes::Bytes;

use super::super::property_field::property_of;
use super::super::{Draft, Field, Value, field};
use super::Part;
use super::walk::Walked;
use crate::packet::PacketType;
use crate::version::ProtocolVersion;

/// The draft that writes these bytes, if the notation has one.
///
/// What can be computed is left out; where that does not give the bytes back, it is said.
pub(super) fn of(walked: &Walked, bytes: &[u8], version: ProtocolVersion) -> Option<Draft> {
    let packet_type = walked.packet_type?;
    [Computed::LeftOut, Computed::FlagsSaid, Computed::Said]
        .into_iter()
        .find_map(|computed| {
            let mut fields = Vec::new();
            for part in &walked.parts {
                fields_of(part, packet_type, version, computed, &mut fields)?;
            }
            complete(packet_type, walked, &mut fields);
            let draft = Draft {
                packet_type,
                fields,
            };
            (draft.to_bytes(version).as_deref() == Ok(bytes)).then_some(draft)
        })
}

/// What becomes of fields that follow from others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Computed {
    LeftOut,
    FlagsSaid,
    /// Flags, and the lengths of properties.
    Said,
}

/// The fields that a part stands for; `None` if it is none of the notation's.
fn fields_of(
    part: &Part,
    packet_type: PacketType,
    version: ProtocolVersion,
    computed: Computed,
    fields: &mut Vec<Field>,
) -> Option<()> {
    let value = part.value.as_ref()?;
    let bits = match value {
        Value::Number(number) => number.to_le_bytes()[0],
        Value::Flag(_) | Value::Bytes(_) | Value::Pair(..) => 0,
    };
    let are_flags_said = computed != Computed::LeftOut;
    let mut flags = Flags { bits, fields };
    match part.name {
        "remaining-length" => {}
        "first-byte" if packet_type == PacketType::Publish => {
            flags.number("qos", 1, 0b11);
            flags.flag("dup", 3);
            flags.flag("retain", 0);
        }
        "first-byte" => {}
        "protocol-name" if *value == Value::Bytes(Bytes::from_static(b"MQTT")) => {}
        "protocol-level" if bits == version.level() => {}
        "connect-flags" if !are_flags_said => {
            flags.flag("clean-start", 1);
            flags.number("will-qos", 3, 0b11);
            flags.flag("will-retain", 5);
        }
        "connack-flags" if !are_flags_said => flags.flag("session-present", 0),
        "options" if !are_flags_said => {
            flags.fields.push(Field {
                name: "qos",
                value: Value::Number(u32::from(bits & 0b11)),
            });
            flags.flag("no-local", 2);
            flags.flag("retain-as-published", 3);
            flags.number("retain-handling", 4, 0b11);
        }
        "property-length" | "will-property-length" if computed != Computed::Said => {}
        "keep-alive" if *value == Value::Number(0) => {}
        "client-id" if *value == Value::Bytes(Bytes::new()) => {}
        name => {
            let name = field(packet_type, name)?.name;
            let value = value.clone();
            fields.push(Field { name, value });
        }
    }
    Some(())
}

/// Says that there are no properties where their length is there, and puts the fields in the order of the notation.
fn complete(packet_type: PacketType, walked: &Walked, fields: &mut Vec<Field>) {
    let is_property = |field: &Field| property_of(packet_type, field.name).is_some();
    let has_length = walked
        .parts
        .iter()
        .any(|part| part.name == "property-length");
    let has_outcome = matches!(
        packet_type,
        PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubrel
            | PacketType::Pubcomp
            | PacketType::Disconnect
            | PacketType::Auth
    );
    if has_outcome && has_length && !fields.iter().any(is_property) {
        fields.push(Field {
            name: "empty-properties",
            value: Value::Flag(true),
        });
    }
    if matches!(packet_type, PacketType::Publish | PacketType::Connect) {
        let rank = |field: &Field| {
            let known = ORDER.iter().position(|name| *name == field.name);
            known.unwrap_or(ORDER.len())
        };
        fields.sort_by_key(rank);
    }
}

/// The order of fields where the notation has another than the wire; properties come last, in wire order.
const ORDER: [&str; 16] = [
    "protocol-name",
    "protocol-level",
    "connect-flags",
    "client-id",
    "clean-start",
    "keep-alive",
    "will-topic",
    "will-payload",
    "will-qos",
    "will-retain",
    "qos",
    "dup",
    "retain",
    "id",
    "topic",
    "payload",
];

/// A byte of flags, and where they go.
struct Flags<'a> {
    bits: u8,
    fields: &'a mut Vec<Field>,
}

impl Flags<'_> {
    fn flag(&mut self, name: &'static str, shift: u32) {
        if self.bits >> shift & 1 == 1 {
            let value = Value::Flag(true);
            self.fields.push(Field { name, value });
        }
    }

    fn number(&mut self, name: &'static str, shift: u32, mask: u8) {
        let number = self.bits >> shift & mask;
        if number != 0 {
            let value = Value::Number(u32::from(number));
            self.fields.push(Field { name, value });
        }
    }
}
