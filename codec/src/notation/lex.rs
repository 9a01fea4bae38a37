//! The tokens of the notation, which the scenario language shares.

use super::{NotationError, Span};

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
    Word(String),
    /// `7`, `0x82`, `0b1111`, `268_435_455`.
    Number(u64),
    /// `"text"` with its escapes resolved, or `0x"c328"`; with its repeat if `*N` follows.
    Bytes(Vec<u8>),
    /// `->`, `<-`, `..`, or one of `= : | , $ ? @ [ ] * +`.
    Symbol(&'static str),
}

/// Cuts a line into tokens. `#` outside a string starts a comment that ends the line.
///
/// # Errors
///
/// When a string is not closed, an escape is unknown, or a character belongs to no token; the error says where.
pub fn lex(line: &str) -> Result<Vec<Token>, NotationError> {
    let _ = line;
    todo!()
}
