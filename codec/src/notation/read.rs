//! From tokens to the parts of a packet's notation.

use super::field::all_fields;
use super::lex::{LINE_BYTES_MAX, hex_pairs, too_many_bytes};
use super::print::print_char;
use super::{FieldKind, FieldSpec, NotationError, Span, Token, TokenKind, Value, field};
use crate::packet::PacketType;

/// The packet type that a token names.
///
/// # Errors
///
/// When it names none, with the nearest name as a hint.
pub(super) fn read_packet_type(token: &Token) -> Result<PacketType, NotationError> {
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
pub(super) fn read_field(
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
pub(super) fn read_value(
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
        (FieldKind::Bytes, Some(TokenKind::Bytes(text))) => Value::Bytes(text.to_bytes().into()),
        (FieldKind::Pair, Some(TokenKind::Bytes(name))) => {
            if !rest.eat(":") {
                return Err(missing(rest.peek()));
            }
            let Some(TokenKind::Bytes(value)) = rest.peek().map(|token| &token.kind) else {
                return Err(missing(rest.peek()));
            };
            rest.at += 1;
            Value::Pair(name.to_bytes(), value.to_bytes())
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
pub(super) fn read_hex(line: &str, tokens: &[Token]) -> Result<(Vec<u8>, usize), NotationError> {
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
            TokenKind::Bytes(text) => text.to_bytes(),
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

/// Tokens of a line, read one after the other.
pub(super) struct Tokens<'a> {
    pub(super) tokens: &'a [Token],
    /// The index of the next token.
    pub(super) at: usize,
    /// The length of the line.
    pub(super) end: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn take(&mut self) -> Option<&'a Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn eat(&mut self, symbol: &'static str) -> bool {
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

/// A token in a message.
pub(super) fn describe(kind: &TokenKind) -> String {
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
