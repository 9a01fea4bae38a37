//! The tokens of one line, read from left to right.

use std::time::Duration;

use mqtt_assay_codec::notation::{Repeated, Span, Token, TokenKind, lex};

use super::super::STRING_LEN_MAX;
use super::super::error::ScenarioError;
use super::super::template::is_name;

/// A position in the tokens of a line.
pub(super) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
}

impl<'a> Cursor<'a> {
    /// Cuts a line without its indentation into tokens; a comment at its end is no part of it.
    pub(super) fn new(line: &'a str) -> Result<Self, ScenarioError> {
        let tokens = lex(line)?;
        let end = tokens.last().map_or(0, |token| token.span.end);
        Ok(Self {
            text: line.get(..end).unwrap_or(line),
            tokens,
            next: 0,
        })
    }

    /// Steps over the next token.
    pub(super) fn advance(&mut self) {
        self.next += 1;
    }

    /// Steps over a symbol, if it is next.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let is_next = self.at(symbol);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Steps over a word, if it is next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let is_next = self.at_word(word);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Reads the name of a case.
    pub(super) fn word(&mut self, what: &str) -> Result<String, ScenarioError> {
        let word = self.source();
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !word.is_empty() && word.chars().all(is_word) {
            self.advance();
            return Ok(word.to_owned());
        }
        Err(self
            .expected(&format!("{what}: a word of a-z, 0-9 and `-`"))
            .label("not such a word"))
    }

    /// Reads the name of a variable or a capture.
    pub(super) fn name(&mut self, what: &str) -> Result<String, ScenarioError> {
        let name = self.source().to_owned();
        if is_name(name.as_bytes()) {
            self.advance();
            return Ok(name);
        }
        Err(self
            .expected(&format!("{what}: a letter of a-z, then a-z, 0-9 and `-`"))
            .label("not such a word"))
    }

    /// Reads a number of at most `bits` bits.
    pub(super) fn number(&mut self, what: &str, bits: u8) -> Result<u32, ScenarioError> {
        let Some(&TokenKind::Number(number)) = self.kind() else {
            return Err(self.expected(what).label("not a number"));
        };
        let max = u32::MAX >> (32 - bits.clamp(1, 32));
        match u32::try_from(number) {
            Ok(fitting) if fitting <= max => {
                self.advance();
                Ok(fitting)
            }
            _ => Err(self.fail(format!(
                "`{}` is too large for {what}; the largest is {max}",
                self.source()
            ))),
        }
    }

    /// Reads strings joined by `+`, which are no longer than a string of the protocol.
    pub(super) fn string(&mut self, what: &str) -> Result<Vec<u8>, ScenarioError> {
        let start = self.span().start;
        let parts = self.parts(what)?;
        let len: usize = parts.iter().map(Repeated::len).sum();
        if len > STRING_LEN_MAX {
            let message = format!("{len} bytes; a string has at most {STRING_LEN_MAX}");
            return Err(ScenarioError::new(message).span(start..self.end_of_last()));
        }
        Ok(parts.iter().flat_map(Repeated::to_bytes).collect())
    }

    /// Reads strings joined by `+`, however long they are in all.
    pub(super) fn parts(&mut self, what: &str) -> Result<Vec<Repeated>, ScenarioError> {
        let mut parts = Vec::new();
        loop {
            let Some(TokenKind::Bytes(part)) = self.kind() else {
                return Err(self.expected(what).label("not a string"));
            };
            parts.push(part.clone());
            self.advance();
            if !self.eat("+") {
                return Ok(parts);
            }
        }
    }

    /// The duration that is next, such as `500ms`, `2s` or `1m`.
    pub(super) fn duration(&self) -> Option<Duration> {
        let source = self.source();
        let digits = source.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = source.split_at_checked(digits)?;
        let number: u32 = number.parse().ok()?;
        Some(match unit {
            "ms" => Duration::from_millis(number.into()),
            "s" => Duration::from_secs(number.into()),
            "m" => Duration::from_secs(u64::from(number) * 60),
            _ => return None,
        })
    }

    /// Fails unless the line has ended.
    pub(super) fn finish(&self) -> Result<(), ScenarioError> {
        if self.is_end() {
            return Ok(());
        }
        Err(self.fail(format!("`{}` is one too many here", self.source())))
    }

    /// Whether a symbol is next.
    pub(super) fn at(&self, symbol: &str) -> bool {
        matches!(self.kind(), Some(TokenKind::Symbol(found)) if *found == symbol)
    }

    /// Whether a word is next.
    pub(super) fn at_word(&self, word: &str) -> bool {
        matches!(self.kind(), Some(TokenKind::Word(found)) if found == word)
    }

    /// Whether the token after the next one is this symbol.
    pub(super) fn then_at(&self, symbol: &str) -> bool {
        let token = self.tokens.get(self.next + 1);
        matches!(token.map(|token| &token.kind), Some(TokenKind::Symbol(found)) if *found == symbol)
    }

    /// Whether a string is next.
    pub(super) fn at_string(&self) -> bool {
        matches!(self.kind(), Some(TokenKind::Bytes(_)))
    }

    /// Whether the statements are next: `@` after a blank, since `byte@0` has none.
    pub(super) fn at_statements(&self) -> bool {
        self.at("@") && self.end_of_last() < self.span().start
    }

    /// Whether nothing is left.
    pub(super) fn is_end(&self) -> bool {
        self.next >= self.tokens.len()
    }

    /// The next token.
    pub(super) fn kind(&self) -> Option<&TokenKind> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    /// The next token as it is written; empty at the end of the line.
    pub(super) fn source(&self) -> &'a str {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// The line, without its comment.
    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    /// Where the next token stands.
    pub(super) fn span(&self) -> Span {
        match self.tokens.get(self.next) {
            Some(token) => token.span.clone(),
            None => self.text.len()..self.text.len(),
        }
    }

    /// Where the token that was read last ends.
    pub(super) fn end_of_last(&self) -> usize {
        let last = self.next.checked_sub(1).and_then(|i| self.tokens.get(i));
        last.map_or(0, |token| token.span.end)
    }

    /// A mistake at the next token.
    pub(super) fn fail(&self, message: impl Into<String>) -> ScenarioError {
        ScenarioError::new(message).span(self.span())
    }

    /// A mistake at the next token, which should have been something else.
    pub(super) fn expected(&self, what: &str) -> ScenarioError {
        if self.is_end() {
            self.fail(format!("the line ends here; expected {what}"))
        } else {
            self.fail(format!("found `{}`; expected {what}", self.source()))
        }
    }
}
