//! From text to packets.

use std::fmt;

use super::property_field::property_of;
use super::read::{Tokens, describe, read_field, read_hex, read_packet_type, read_value};
use super::write::OPTIONS;
use super::{
    Draft, Field, FieldKind, FieldSpec, Notation, Span, TokenKind, Value, WriteError, lex, nearest,
};
use crate::frame::{Frame, Split};
use crate::packet::{Packet, PacketType, Sender};
use crate::version::ProtocolVersion;

/// Why a text is not the notation of a packet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct NotationError {
    /// What was found and what was allowed: a phrase.
    pub message: String,
    /// Where, in bytes from the start of the line.
    pub span: Span,
    /// What may have been meant: a question, such as "did you mean `topic`?".
    pub hint: Option<String>,
}

impl NotationError {
    pub(super) const fn new(message: String, span: Span) -> Self {
        Self {
            message,
            span,
            hint: None,
        }
    }

    /// The error, with the nearest of the words that were allowed as its hint.
    pub(super) fn or_nearest<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let hint = nearest(word, candidates).map(|near| format!("did you mean `{near}`?"));
        Self { hint, ..self }
    }
}

impl fmt::Display for NotationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotationError {}

/// Reads one packet, valid or not, or `hex` and bytes.
///
/// # Errors
///
/// When the packet type or a field is unknown (with the nearest name as a hint), or a value has the wrong kind.
pub fn parse(text: &str) -> Result<Notation, NotationError> {
    parse_with_spans(text).map(|(notation, _)| notation)
}

/// Reads a packet and puts it into the bytes of a valid one.
///
/// # Errors
///
/// As [`parse`]; and when the packet is not valid in this version.
pub fn parse_packet(text: &str, version: ProtocolVersion) -> Result<Vec<u8>, NotationError> {
    let (notation, spans) = parse_with_spans(text)?;
    let whole = 0..text.len();
    let bytes = match &notation {
        Notation::Hex(bytes) => bytes.clone(),
        Notation::Packet(draft) => draft.to_bytes(version).map_err(|error| {
            let WriteError { field, message } = error;
            let mut given = draft.fields.iter().zip(spans);
            let span = given.find(|(given, _)| given.name == field);
            NotationError::new(
                message,
                span.map_or_else(|| whole.clone(), |(_, span)| span),
            )
        })?,
    };
    let invalid = |message: String| NotationError::new(message, whole.clone());
    match Frame::split(&bytes, version).map_err(|error| invalid(error.to_string()))? {
        Split::Frame(frame) if frame.len() == bytes.len() => {
            Packet::decode(&frame, version, Sender::Either)
                .map_err(|error| invalid(error.to_string()))?;
        }
        Split::Frame(frame) => {
            let surplus = bytes.len() - frame.len();
            let message = format!("{} behind the packet; allowed are none", count(surplus));
            return Err(invalid(message));
        }
        Split::NeedMore(missing) => {
            let message = format!("packet cut short by at least {}", count(missing));
            return Err(invalid(message));
        }
    }
    Ok(bytes)
}

/// What is parsed, with the span of each field.
fn parse_with_spans(text: &str) -> Result<(Notation, Vec<Span>), NotationError> {
    let tokens = lex(text)?;
    let Some((head, rest)) = tokens.split_first() else {
        let message = "nothing; allowed is a packet type or `hex`".to_owned();
        return Err(NotationError::new(message, 0..text.len()));
    };
    if head.kind == TokenKind::Word("hex".to_owned()) {
        let (bytes, taken) = read_hex(text, rest)?;
        return match rest.get(taken) {
            None => Ok((Notation::Hex(bytes), Vec::new())),
            Some(token) => {
                let found = describe(&token.kind);
                let message = format!("{found} behind `hex`; allowed are hex digits and strings");
                Err(NotationError::new(message, token.span.clone()))
            }
        };
    }
    let packet_type = read_packet_type(head)?;
    let mut fields: Vec<Field> = Vec::new();
    let mut spans = Vec::new();
    let mut rest = Tokens {
        tokens: rest,
        at: 0,
        end: text.len(),
    };
    while let Some(token) = rest.take() {
        let spec = read_field(packet_type, token)?;
        check_order(packet_type, spec, &fields, &token.span)?;
        let value = if rest.eat("=") {
            let behind = rest.tokens.get(rest.at..).unwrap_or_default();
            let (value, taken) = read_value(spec, behind, rest.end)?;
            rest.at += taken;
            value
        } else if spec.kind == FieldKind::Flag {
            Value::Flag(true)
        } else {
            let message = format!("{} without {}", spec.name, spec.kind.name());
            return Err(NotationError::new(message, token.span.clone()));
        };
        let end = rest
            .at
            .checked_sub(1)
            .and_then(|last| rest.tokens.get(last));
        spans.push(token.span.start..end.map_or(token.span.end, |last| last.span.end));
        fields.push(Field {
            name: spec.name,
            value,
        });
    }
    Ok((
        Notation::Packet(Draft {
            packet_type,
            fields,
        }),
        spans,
    ))
}

/// Whether a field may follow those before it: what has one place in the bytes is said once.
///
/// Properties may be said twice, for that can be written, wrong as it may be.
fn check_order(
    packet_type: PacketType,
    spec: &FieldSpec,
    before: &[Field],
    span: &Span,
) -> Result<(), NotationError> {
    let error = |message| Err(NotationError::new(message, span.clone()));
    let name = spec.name;
    let group: &[Field] = if packet_type == PacketType::Subscribe && OPTIONS.contains(&name) {
        match before.iter().rposition(|field| field.name == "filter") {
            Some(filter) => before.get(filter..).unwrap_or_default(),
            None => return error(format!("{name} before a filter; allowed behind one")),
        }
    } else if spec.is_repeated || property_of(packet_type, name).is_some() {
        &[]
    } else {
        before
    };
    if group.iter().any(|field| field.name == name) {
        return error(format!("{name} twice; allowed is once"));
    }
    Ok(())
}

fn count(bytes: usize) -> String {
    format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" })
}
