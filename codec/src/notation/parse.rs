//! From text to packets.

use std::fmt;

use super::field::{all_fields, field, property_of};
use super::lex::{LINE_BYTES_MAX, hex_pairs, too_many_bytes};
use super::print::print_char;
use super::write::OPTIONS;
use super::{
    Draft, Field, FieldKind, FieldSpec, Notation, Span, Token, TokenKind, Value, WriteError, lex,
    nearest,
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
    fn or_nearest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
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
            return Err(invalid(format!("{surplus} bytes behind the packet")));
        }
        Split::NeedMore(missing) => {
            return Err(invalid(format!(
                "{missing} bytes missing at the end of the packet"
            )));
        }
    }
    Ok(bytes)
}

/// The packet type that a token names.
///
/// # Errors
///
/// When it names none, with the nearest name as a hint.
pub fn read_packet_type(token: &Token) -> Result<PacketType, NotationError> {
    let names = || PacketType::ALL.into_iter().map(PacketType::name);
    let TokenKind::Word(word) = &token.kind else {
        let message = format!("{}; allowed is a packet type", describe(&token.kind));
        return Err(NotationError::new(message, token.span.clone()));
    };
    let mut types = PacketType::ALL.into_iter();
    types
        .find(|packet_type| packet_type.name() == word)
        .ok_or_else(|| {
            let message = format!("unknown packet type `{}`", show(word));
            NotationError::new(message, token.span.clone()).or_nearest(word, names())
        })
}

/// The field of a packet type that a token names.
///
/// # Errors
///
/// When it names none, with the nearest name as a hint.
pub fn read_field(
    packet_type: PacketType,
    token: &Token,
) -> Result<&'static FieldSpec, NotationError> {
    let TokenKind::Word(word) = &token.kind else {
        let message = format!("{}; allowed is a field's name", describe(&token.kind));
        return Err(NotationError::new(message, token.span.clone()));
    };
    field(packet_type, word).ok_or_else(|| {
        let message = format!("unknown field `{}` in {}", show(word), packet_type.name());
        let names = all_fields(packet_type).iter();
        let names = names
            .flat_map(|spec| [Some(spec.name), spec.alias])
            .flatten();
        NotationError::new(message, token.span.clone()).or_nearest(word, names)
    })
}

/// The value behind `name=`, and how many tokens it took. `end` is the length of the line.
///
/// # Errors
///
/// When the tokens do not start with a value of the field's kind, or the number or string is too large for it.
pub fn read_value(
    spec: &FieldSpec,
    tokens: &[Token],
    end: usize,
) -> Result<(Value, usize), NotationError> {
    let mut rest = Tokens { tokens, at: 0, end };
    let span = rest.span();
    let missing = |found: Option<&Token>| {
        let (found, span) = match found {
            Some(token) => (describe(&token.kind), token.span.clone()),
            None => ("nothing".to_owned(), end..end),
        };
        let message = format!(
            "{found} behind {}=; allowed is {}",
            spec.name,
            spec.kind.name()
        );
        NotationError::new(message, span)
    };
    let token = rest.take();
    let value = match (spec.kind, token.map(|token| &token.kind)) {
        (FieldKind::Flag, Some(TokenKind::Word(word))) if word == "yes" => Value::Flag(true),
        (FieldKind::Flag, Some(TokenKind::Word(word))) if word == "no" => Value::Flag(false),
        (FieldKind::Number { .. }, Some(TokenKind::Number(number))) => {
            // What fits no number of the wire fails the check below as well as the largest that does not fit.
            let number = u32::try_from(*number).map_err(|_| {
                let message = format!("{} {number}; allowed are at most {}", spec.name, u32::MAX);
                NotationError::new(message, span.clone())
            })?;
            Value::Number(number)
        }
        (FieldKind::Bytes, Some(TokenKind::Bytes(bytes))) => Value::Bytes(bytes.clone()),
        (FieldKind::Pair, Some(TokenKind::Bytes(name))) => {
            if !rest.eat(":") {
                return Err(missing(rest.peek()));
            }
            let Some(TokenKind::Bytes(value)) = rest.peek().map(|token| &token.kind) else {
                return Err(missing(rest.peek()));
            };
            rest.at += 1;
            Value::Pair(name.clone(), value.clone())
        }
        (FieldKind::Flag | FieldKind::Number { .. } | FieldKind::Bytes | FieldKind::Pair, _) => {
            return Err(missing(token));
        }
    };
    spec.check(&value)
        .map_err(|message| NotationError::new(message, span))?;
    Ok((value, rest.at))
}

/// The bytes behind `hex`, and how many tokens they took: hex digits and strings, until something else comes.
///
/// # Errors
///
/// When digits are not two for each byte, or the bytes are more than any packet has.
pub fn read_hex(line: &str, tokens: &[Token]) -> Result<(Vec<u8>, usize), NotationError> {
    let mut rest = Tokens {
        tokens,
        at: 0,
        end: line.len(),
    };
    let mut bytes = Vec::new();
    while let Some(token) = rest.peek() {
        let mut span = token.span.clone();
        let mut count = 1;
        let unit = match &token.kind {
            TokenKind::Bytes(text) => text.clone(),
            TokenKind::Number(_) | TokenKind::Word(_) => {
                let digits = line.get(span.clone()).unwrap_or_default();
                match hex_pairs(digits) {
                    Some(unit) => unit,
                    None if is_hex(digits) => {
                        let message = "half a byte; allowed are two hex digits for each byte";
                        return Err(NotationError::new(message.to_owned(), span));
                    }
                    None => break,
                }
            }
            TokenKind::Symbol(_) => break,
        };
        rest.at += 1;
        if rest
            .peek()
            .is_some_and(|token| token.kind == TokenKind::Symbol("*"))
            && let Some(TokenKind::Number(number)) =
                tokens.get(rest.at + 1).map(|token| &token.kind)
        {
            rest.at += 1;
            span.end = rest.span().end;
            rest.at += 1;
            count = usize::try_from(*number).unwrap_or(usize::MAX);
        }
        let is_bounded = unit
            .len()
            .checked_mul(count)
            .is_some_and(|len| len <= LINE_BYTES_MAX - bytes.len());
        if !is_bounded {
            return Err(too_many_bytes(span));
        }
        bytes.append(&mut unit.repeat(count));
    }
    Ok((bytes, rest.at))
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

struct Tokens<'a> {
    tokens: &'a [Token],
    /// The index of the next token.
    at: usize,
    /// The length of the line.
    end: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Option<&'a Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    fn eat(&mut self, symbol: &'static str) -> bool {
        let is_there = self
            .peek()
            .is_some_and(|token| token.kind == TokenKind::Symbol(symbol));
        self.at += usize::from(is_there);
        is_there
    }

    /// Where the next token stands, or the line ends.
    fn span(&self) -> Span {
        self.peek()
            .map_or(self.end..self.end, |token| token.span.clone())
    }
}

fn describe(kind: &TokenKind) -> String {
    match kind {
        TokenKind::Word(word) => format!("word `{}`", show(word)),
        TokenKind::Number(number) => format!("number {number}"),
        TokenKind::Bytes(_) => "string".to_owned(),
        TokenKind::Symbol(symbol) => format!("`{symbol}`"),
    }
}

/// A word in a message.
fn show(word: &str) -> String {
    word.chars().map(print_char).collect()
}

fn is_hex(digits: &str) -> bool {
    digits.chars().all(|c| c.is_ascii_hexdigit())
}
