//! The tokens of the notation, which the scenario language shares.

use super::print::print_char;
use super::{NotationError, Span};
use crate::wire::VARIABLE_BYTE_INTEGER_MAX;

/// A token and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands in the line, in bytes.
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the notation")]
pub enum TokenKind {
    /// A run of letters, digits and `-`, `.`, `/`, `_`, `{`, `}` that is no number: `PUBLISH`, `client-id`, `60s`, `3.1.1`.
    ///
    /// `->` and `..` end it. Digits that make no number of 64 bits are a word too: they may be hex bytes.
    Word(String),
    /// `7`, `0x82`, `0b1111`, `268_435_455`.
    Number(u64),
    /// `"text"` with its escapes resolved, or `0x"c328"`; with its repeat if `*N` follows.
    Bytes(Repeated),
    /// `->`, `<-`, `..`, or one of `= : | , $ ? @ [ ] * +`.
    Symbol(&'static str),
}

/// A string that stands once or several times: a short line may ask for the longest packet, and costs no memory until
/// somebody wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Repeated {
    /// What is repeated.
    pub part: Vec<u8>,
    /// How often it stands.
    pub count: usize,
}

impl Repeated {
    /// How many bytes it has in all.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.part.len().saturating_mul(self.count)
    }

    /// Whether it has none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.part.repeat(self.count)
    }
}

/// The most bytes that the strings of one line may hold: the longest packet, its fixed header included.
pub(super) const LINE_BYTES_MAX: usize = VARIABLE_BYTE_INTEGER_MAX as usize + 5;

/// Cuts a line into tokens. `#` outside a string starts a comment that ends the line.
///
/// # Errors
///
/// When a string is not closed, an escape is unknown, or a character belongs to no token; the error says where.
/// When the strings of the line have more than 268,435,460 bytes in total, their repeats included.
pub fn lex(line: &str) -> Result<Vec<Token>, NotationError> {
    let mut lexer = Lexer {
        line,
        at: 0,
        bytes_left: LINE_BYTES_MAX,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.next_token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

struct Lexer<'a> {
    line: &'a str,
    /// The offset of the next character.
    at: usize,
    bytes_left: usize,
}

impl<'a> Lexer<'a> {
    fn next_token(&mut self) -> Result<Option<Token>, NotationError> {
        self.take_while(char::is_whitespace);
        let start = self.at;
        let Some(first) = self.peek().filter(|c| *c != '#') else {
            return Ok(None);
        };
        let kind = if let Some(symbol) = self.symbol() {
            TokenKind::Symbol(symbol)
        } else if first == '"' || self.rest().starts_with("0x\"") {
            self.bytes()?
        } else if is_word_char(first) {
            let word = self.word();
            parse_number(word).map_or_else(|| TokenKind::Word(word.to_owned()), TokenKind::Number)
        } else {
            let message = format!(
                "character `{}`, which is part of no token",
                print_char(first)
            );
            let mut error = NotationError::new(message, start..start + first.len_utf8());
            if first == '<' {
                error.hint = Some("did you mean `<-`?".to_owned());
            }
            return Err(error);
        };
        let span = start..self.at;
        Ok(Some(Token { kind, span }))
    }

    fn symbol(&mut self) -> Option<&'static str> {
        let rest = self.rest();
        let symbol = SYMBOLS
            .into_iter()
            .find(|symbol| rest.starts_with(symbol))?;
        self.at += symbol.len();
        Some(symbol)
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest();
        let mut end = 0;
        for c in rest.chars() {
            let tail = rest.get(end..).unwrap_or_default();
            if !is_word_char(c) || tail.starts_with("->") || tail.starts_with("..") {
                break;
            }
            end += c.len_utf8();
        }
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// A string or binary data, with its repeat.
    fn bytes(&mut self) -> Result<TokenKind, NotationError> {
        let start = self.at;
        let is_hex = self.eat("0x");
        self.eat("\"");
        let part = if is_hex {
            self.hex_digits(start)?
        } else {
            self.text(start)?
        };
        let is_repeated = self.rest().starts_with('*')
            && self
                .rest()
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_ascii_digit());
        let mut count = 1;
        if is_repeated {
            self.eat("*");
            let digits = self.word();
            count = parse_number(digits)
                .and_then(|count| usize::try_from(count).ok())
                .ok_or_else(|| {
                    let span = self.at - digits.len()..self.at;
                    NotationError::new("no number of repeats behind `*`".to_owned(), span)
                })?;
        }
        let repeated = Repeated { part, count };
        match self.bytes_left.checked_sub(repeated.len()) {
            Some(left) => self.bytes_left = left,
            None => return Err(too_many_bytes(start..self.at)),
        }
        Ok(TokenKind::Bytes(repeated))
    }

    /// The digits of `0x".."`, up to the closing quote.
    fn hex_digits(&mut self, start: usize) -> Result<Vec<u8>, NotationError> {
        let digits_at = self.at;
        let digits = self.take_while(|c| c != '"');
        if !self.eat("\"") {
            return Err(not_closed(start..self.at));
        }
        hex_pairs(digits).ok_or_else(|| {
            NotationError::new(
                "no hex bytes; allowed are two digits each, as in 0x\"c328\"".to_owned(),
                digits_at..digits_at + digits.len(),
            )
        })
    }

    /// A string with its escapes resolved, up to the closing quote.
    fn text(&mut self, start: usize) -> Result<Vec<u8>, NotationError> {
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != '"' && c != '\\'));
            match self.take() {
                None => return Err(not_closed(start..self.at)),
                Some('"') => return Ok(text.into_bytes()),
                Some(_) => text.push(self.escape()?),
            }
        }
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, NotationError> {
        let start = self.at - 1;
        let c = match self.take() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('0') => '\0',
            Some('\\') => '\\',
            Some('"') => '"',
            Some('u') => return self.unicode_escape(start),
            Some(_) | None => {
                let message = r#"unknown escape; allowed are \n \r \t \0 \\ \" \u{..}"#;
                return Err(NotationError::new(message.to_owned(), start..self.at));
            }
        };
        Ok(c)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, NotationError> {
        let digits = if self.eat("{") {
            self.take_while(|c| c.is_ascii_hexdigit())
        } else {
            ""
        };
        let c = u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32);
        match c {
            Some(c) if self.eat("}") => Ok(c),
            Some(_) | None => Err(NotationError::new(
                r"no character; allowed is \u{..} with a code point in hex, no surrogate"
                    .to_owned(),
                start..self.at,
            )),
        }
    }

    fn rest(&self) -> &'a str {
        self.line.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        if is_there {
            self.at += text.len();
        }
        is_there
    }

    fn take_while(&mut self, mut is_part: impl FnMut(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }
}

/// The bytes of a run of hex digits, two for each byte; `None` for anything else.
pub(super) fn hex_pairs(digits: &str) -> Option<Vec<u8>> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let value = |digit: u8| char::from(digit).to_digit(16);
    pairs
        .iter()
        .map(|[high, low]| u8::try_from(value(*high)? << 4 | value(*low)?).ok())
        .collect()
}

pub(super) fn too_many_bytes(span: Span) -> NotationError {
    NotationError::new(
        format!("more than {LINE_BYTES_MAX} bytes in a line; no packet is longer"),
        span,
    )
}

fn not_closed(span: Span) -> NotationError {
    NotationError::new("string without a closing quote".to_owned(), span)
}

/// `7`, `0x82`, `0b1111`, `268_435_455`, if it fits.
fn parse_number(word: &str) -> Option<u64> {
    let (digits, radix) = match word.get(..2) {
        Some("0x") => (word.get(2..)?, 16),
        Some("0b") => (word.get(2..)?, 2),
        Some(_) | None => (word, 10),
    };
    if !digits.starts_with(|c: char| c.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(&digits.replace('_', ""), radix).ok()
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.' | '/' | '_' | '{' | '}')
}

/// Longest first: `->` is tried before a word that starts with `-`.
const SYMBOLS: [&str; 14] = [
    "->", "<-", "..", "=", ":", "|", ",", "$", "?", "@", "[", "]", "*", "+",
];
