//! A packet with a mistake: how it is made, and what the strict decoder says of it.

use std::collections::BTreeMap;

use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{self, Notation, Value};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet, ProtocolVersion};

use crate::runner::Scope;
use crate::scenario::{Content, FieldValue, Literal, Mutation, Operand, Outgoing};

/// The variables of a case.
pub(super) type Variables = [(String, Literal)];

/// A packet by its notation.
pub(super) fn packet(text: &str) -> Option<Outgoing> {
    let Ok(Notation::Packet(draft)) = notation::parse(text) else {
        return None;
    };
    let field = |field: notation::Field| FieldValue {
        name: field.name,
        value: literal(field.value),
    };
    Some(Outgoing {
        content: Content::Packet(
            draft.packet_type,
            draft.fields.into_iter().map(field).collect(),
        ),
        mutations: Vec::new(),
    })
}

/// The packet with one more field at its end.
pub(super) fn with_field(packet: &Outgoing, name: &str, value: Operand) -> Option<Outgoing> {
    let mut packet = packet.clone();
    let Content::Packet(packet_type, fields) = &mut packet.content else {
        return None;
    };
    let name = notation::field(*packet_type, name)?.name;
    fields.push(FieldValue { name, value });
    Some(packet)
}

/// The packet with another value of a field that it has, or with one more field.
pub(super) fn with_value(packet: &Outgoing, name: &str, value: Operand) -> Option<Outgoing> {
    let mut changed = packet.clone();
    if let Content::Packet(_, fields) = &mut changed.content
        && let Some(field) = fields.iter_mut().find(|field| field.name == name)
    {
        field.value = value;
        return Some(changed);
    }
    with_field(packet, name, value)
}

/// The packet with its bytes changed.
pub(super) fn mutated(packet: &Outgoing, mutation: Mutation) -> Outgoing {
    let mut packet = packet.clone();
    packet.mutations.push(mutation);
    packet
}

/// Bytes that are no packet, or that no fields can say; the namespace in them is that of the test.
pub(super) fn raw(bytes: &[u8]) -> Outgoing {
    let mut template = Vec::new();
    let mut rest = bytes;
    while let Some((first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(NAMESPACE.as_bytes()) {
            template.extend_from_slice(b"{ns}");
            rest = behind;
        } else {
            template.push(*first);
            rest = behind;
        }
    }
    Outgoing {
        content: Content::Hex(template),
        mutations: Vec::new(),
    }
}

/// What is sent, in a namespace that stands for any: all are of one length.
pub(super) fn bytes(
    packet: &Outgoing,
    version: ProtocolVersion,
    variables: &Variables,
) -> Option<Vec<u8>> {
    let mut scope = Scope::new(NAMESPACE, &BTreeMap::new(), variables);
    scope.set(CAPTURED_ID, Literal::Value(Value::Number(1)));
    let rendered = scope.render(packet, version, |_| {}).ok()?;
    Some(rendered.bytes)
}

/// What is wrong with bytes that are one whole packet; `None` if they are valid, or not whole.
pub(super) fn error_in(bytes: &[u8], version: ProtocolVersion) -> Option<DecodeError> {
    match Frame::split(bytes, version) {
        Ok(Split::Frame(frame)) if frame.len() == bytes.len() => {
            Packet::decode(&frame, version, Sender::Client).err()
        }
        Ok(_) => None,
        Err(error) => Some(error),
    }
}

/// The bytes that the remaining length counts, and the first byte.
pub(super) fn parts(bytes: &[u8], version: ProtocolVersion) -> Option<(u8, &[u8])> {
    match Frame::split(bytes, version) {
        Ok(Split::Frame(frame)) => Some((*bytes.first()?, frame.body())),
        Ok(_) | Err(_) => None,
    }
}

pub(super) const fn literal(value: Value) -> Operand {
    Operand::Literal(Literal::Value(value))
}

pub(super) const fn number(number: u32) -> Operand {
    literal(Value::Number(number))
}

pub(super) fn string(bytes: impl AsRef<[u8]>) -> Operand {
    literal(Value::Bytes(bytes.as_ref().to_vec().into()))
}

/// The name by which a scenario knows the identifier of a message that it received.
pub(super) const CAPTURED_ID: &str = "m";

/// Twelve letters and digits, as the runner makes them, and as no packet has them by chance.
const NAMESPACE: &str = "nsnsnsnsnsns";
