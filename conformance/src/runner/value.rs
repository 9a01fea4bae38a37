//! Values of a test: variables, templates, and the bytes of what is sent.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::notation::{Draft, Field, Repeated, Value};
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{Frame, Packet, PacketType, ProtocolVersion};

use crate::scenario::template;
use crate::scenario::{Content, FieldValue, Literal, Mutation, Operand, Outgoing};

/// Why the harness cannot do what a scenario says: a mistake in the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScenarioMistake(pub(crate) String);

/// The variables of a running test.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    variables: BTreeMap<String, Literal>,
}

/// A packet ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Rendered {
    pub(crate) bytes: Vec<u8>,
    /// What it says, if it was written as a packet.
    pub(crate) draft: Option<Draft>,
    /// Whether it breaks the specification within itself.
    pub(crate) is_malformed: bool,
}

impl Scope {
    /// The namespace, how the broker was set up, and the variables of the case.
    pub(crate) fn new(
        namespace: &str,
        operator: &BTreeMap<String, String>,
        case: &[(String, Literal)],
    ) -> Self {
        let mut scope = Self {
            variables: BTreeMap::new(),
        };
        for (name, value) in operator {
            scope.set(name, text(value));
        }
        scope.set("ns", text(namespace));
        for (name, literal) in case {
            let literal = scope.fill(literal);
            scope.set(name, literal);
        }
        scope
    }

    pub(crate) fn set(&mut self, name: &str, literal: Literal) {
        self.variables.insert(name.to_owned(), literal);
    }

    pub(crate) fn literal(&self, operand: &Operand) -> Result<Literal, ScenarioMistake> {
        match operand {
            Operand::Literal(literal) => Ok(self.fill(literal)),
            Operand::Variable(name) => {
                self.variables.get(name).cloned().ok_or_else(|| {
                    ScenarioMistake(format!("the variable ${name} has no value yet"))
                })
            }
        }
    }

    pub(crate) fn value(&self, operand: &Operand) -> Result<Value, ScenarioMistake> {
        match self.literal(operand)? {
            Literal::Value(value) => Ok(value),
            Literal::Long(parts) => Ok(Value::Bytes(self.joined(&parts))),
            Literal::Duration(duration) => {
                // `session-expiry=60s`: durations are seconds on the wire.
                let seconds = u32::try_from(duration.as_secs()).unwrap_or(u32::MAX);
                Ok(Value::Number(seconds))
            }
        }
    }

    pub(crate) fn number(&self, operand: &Operand) -> Result<u32, ScenarioMistake> {
        match self.value(operand)? {
            Value::Number(number) => Ok(number),
            other => Err(ScenarioMistake(format!(
                "a number is needed, not {other:?}"
            ))),
        }
    }

    pub(crate) fn duration(&self, operand: &Operand) -> Result<Duration, ScenarioMistake> {
        match self.literal(operand)? {
            Literal::Duration(duration) => Ok(duration),
            Literal::Value(Value::Number(seconds)) => Ok(Duration::from_secs(u64::from(seconds))),
            other => Err(ScenarioMistake(format!(
                "a duration is needed, not {other:?}"
            ))),
        }
    }

    pub(crate) fn bytes(&self, template: &[u8]) -> Vec<u8> {
        template::substitute(template, |name| self.variables.get(name).map(text_of))
    }

    fn fill(&self, literal: &Literal) -> Literal {
        match literal {
            Literal::Value(Value::Bytes(bytes)) => {
                Literal::Value(Value::Bytes(self.bytes(bytes).into()))
            }
            Literal::Long(parts) => Literal::Value(Value::Bytes(self.joined(parts))),
            Literal::Value(Value::Pair(name, value)) => {
                Literal::Value(Value::Pair(self.bytes(name), self.bytes(value)))
            }
            Literal::Value(Value::Flag(_) | Value::Number(_)) | Literal::Duration(_) => {
                literal.clone()
            }
        }
    }

    /// The bytes of a string that is too long to stand in a scenario as it is.
    fn joined(&self, parts: &[Repeated]) -> Bytes {
        let mut joined = Vec::with_capacity(parts.iter().map(Repeated::len).sum());
        for Repeated { part, count } in parts {
            let part = self.bytes(part);
            for _ in 0..*count {
                joined.extend_from_slice(&part);
            }
        }
        joined.into()
    }

    /// The fields of a packet, with every variable filled in.
    pub(crate) fn fields(&self, fields: &[FieldValue]) -> Result<Vec<Field>, ScenarioMistake> {
        fields
            .iter()
            .map(|field| {
                Ok(Field {
                    name: field.name,
                    value: self.value(&field.value)?,
                })
            })
            .collect()
    }

    /// The bytes of a packet of a scenario.
    pub(crate) fn render(
        &self,
        outgoing: &Outgoing,
        version: ProtocolVersion,
        adjust: impl FnOnce(&mut Draft),
    ) -> Result<Rendered, ScenarioMistake> {
        let (mut bytes, draft) = match &outgoing.content {
            Content::Hex(template) => (self.bytes(template), None),
            Content::Packet(packet_type, fields) => {
                let mut draft = Draft {
                    packet_type: *packet_type,
                    fields: self.fields(fields)?,
                };
                adjust(&mut draft);
                (write(&draft, version)?, Some(draft))
            }
        };
        self.mutate(&mut bytes, &outgoing.mutations)?;
        let is_malformed = !is_valid(&bytes, version);
        Ok(Rendered {
            bytes,
            draft,
            is_malformed,
        })
    }

    fn mutate(&self, bytes: &mut Vec<u8>, mutations: &[Mutation]) -> Result<(), ScenarioMistake> {
        if mutations.is_empty() {
            return Ok(());
        }
        let header_len = 1
            + bytes
                .iter()
                .skip(1)
                .take_while(|byte| **byte >= 0x80)
                .count()
            + 1;
        let mut first = bytes.first().copied().unwrap_or_default();
        let mut body = bytes.get(header_len..).unwrap_or_default().to_vec();
        let mut length = None;
        let mut patches = Vec::new();
        for mutation in mutations {
            match mutation {
                Mutation::Flags(flags) => {
                    let flags = self.number(flags)?;
                    let flags = u8::try_from(flags & 0x0f).unwrap_or_default();
                    first = (first & 0xf0) | flags;
                }
                Mutation::RemainingLength(operand) => length = Some(self.length_field(operand)?),
                Mutation::Truncate(count) => {
                    let count = self.number(count)? as usize;
                    body.truncate(body.len().saturating_sub(count));
                }
                Mutation::Append(tail) => match self.value(tail)? {
                    Value::Bytes(tail) => body.extend_from_slice(&tail),
                    other => {
                        return Err(ScenarioMistake(format!(
                            "append= takes bytes, not {other:?}"
                        )));
                    }
                },
                Mutation::Byte { at, value } => patches.push((*at, self.number(value)?)),
            }
        }
        bytes.clear();
        bytes.push(first);
        match length {
            Some(field) => bytes.extend_from_slice(&field),
            None => variable_byte_integer(body.len(), bytes),
        }
        bytes.extend_from_slice(&body);
        for (at, value) in patches {
            let byte = bytes.get_mut(at).ok_or_else(|| {
                ScenarioMistake(format!("byte@{at} lies behind the end of the packet"))
            })?;
            *byte = u8::try_from(value)
                .map_err(|_| ScenarioMistake(format!("byte@{at}={value} is no byte")))?;
        }
        Ok(())
    }

    fn length_field(&self, operand: &Operand) -> Result<Vec<u8>, ScenarioMistake> {
        match self.value(operand)? {
            Value::Bytes(bytes) => Ok(bytes.into()),
            Value::Number(number) => {
                let mut field = Vec::new();
                variable_byte_integer(number as usize, &mut field);
                Ok(field)
            }
            other => Err(ScenarioMistake(format!(
                "remaining-length= takes a number, not {other:?}"
            ))),
        }
    }
}

/// The bytes of a draft.
pub(crate) fn write(draft: &Draft, version: ProtocolVersion) -> Result<Vec<u8>, ScenarioMistake> {
    draft
        .to_bytes(version)
        .map_err(|error| ScenarioMistake(error.to_string()))
}

fn text(text: &str) -> Literal {
    Literal::Value(Value::Bytes(Bytes::copy_from_slice(text.as_bytes())))
}

/// The text that a variable stands for within a string.
fn text_of(literal: &Literal) -> Vec<u8> {
    match literal {
        Literal::Value(Value::Bytes(bytes)) => bytes.to_vec(),
        Literal::Long(parts) => parts.iter().flat_map(Repeated::to_bytes).collect(),
        Literal::Value(Value::Number(number)) => number.to_string().into_bytes(),
        Literal::Value(Value::Flag(flag)) => if *flag { "yes" } else { "no" }.into(),
        Literal::Value(Value::Pair(name, value)) => [name.as_slice(), value].concat(),
        Literal::Duration(duration) => duration.as_secs().to_string().into_bytes(),
    }
}

/// Whether bytes are whole packets that a client may send.
pub(crate) fn is_valid(bytes: &[u8], version: ProtocolVersion) -> bool {
    let mut rest = bytes;
    while !rest.is_empty() {
        let Ok(Split::Frame(frame)) = Frame::split(rest, version) else {
            return false;
        };
        if Packet::decode(&frame, version, Sender::Client).is_err() {
            return false;
        }
        rest = rest.get(frame.len()..).unwrap_or_default();
    }
    true
}

/// The type of a packet by its first byte.
pub(crate) fn packet_type_of(bytes: &[u8]) -> Option<PacketType> {
    bytes
        .first()
        .and_then(|byte| PacketType::from_number(byte >> 4))
}

/// Appends a variable byte integer (section 1.5.5); the value is one that fits.
fn variable_byte_integer(mut value: usize, out: &mut Vec<u8>) {
    loop {
        let digit = u8::try_from(value % 128).unwrap_or_default();
        value /= 128;
        if value == 0 {
            out.push(digit);
            return;
        }
        out.push(digit | 0x80);
    }
}
