//! Bytes in hex as people paste them: plain, with prefixes, as an array, as a byte string, or as a dump.

use std::fmt;
use std::mem;

/// A text is no hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HexError {
    /// In which line, from 0.
    pub(super) line: usize,
    /// Where in it, in characters from 1.
    pub(super) column: usize,
    /// What was found; `None` is the end of the line.
    found: Option<char>,
}

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut reader = HexReader::default();
    text.lines().try_for_each(|line| reader.read(line))?;
    Ok(reader.take())
}

/// Reads lines, some of which belong together: the rows of a dump, and what stands between brackets.
#[derive(Debug, Default)]
pub(super) struct HexReader {
    bytes: Vec<u8>,
    /// How many lines were read.
    lines: usize,
    /// How many brackets are open.
    depth: usize,
    is_dump: bool,
}

impl HexReader {
    /// Reads one line more.
    pub(super) fn read(&mut self, line: &str) -> Result<(), HexError> {
        let row = dump_row(line, self.bytes.len());
        let is_end = self.is_dump && is_end_row(line, self.bytes.len());
        self.is_dump = row.is_some() || self.is_dump && !is_end;
        let (text, columns_before) = match row {
            Some(row) => (row.text, line.chars().count() - row.behind.chars().count()),
            None if is_end => ("", 0),
            None => (line, 0),
        };
        let mut scanner = Scanner {
            rest: text,
            bytes: &mut self.bytes,
            depth: &mut self.depth,
        };
        if scanner.scan().is_none() {
            let columns = text.chars().count() - scanner.rest.chars().count();
            return Err(HexError {
                line: self.lines,
                column: columns_before + columns + 1,
                found: scanner.rest.chars().next(),
            });
        }
        self.lines += 1;
        Ok(())
    }

    /// The bytes so far; what follows is another text.
    pub(super) fn take(&mut self) -> Vec<u8> {
        mem::take(self).bytes
    }

    /// Whether more lines may belong to those that were read.
    pub(super) const fn may_go_on(&self) -> bool {
        self.is_dump || self.depth > 0
    }

    /// Whether a line belongs to those that were read.
    pub(super) fn goes_on_with(&self, line: &str) -> bool {
        let len = self.bytes.len();
        self.depth > 0
            || self.is_dump && (is_end_row(line, len) || len > 0 && dump_row(line, len).is_some())
    }
}

/// A row of a dump.
struct Row<'a> {
    /// Its hex.
    text: &'a str,
    /// That, and all behind it.
    behind: &'a str,
}

/// The hex in a row of `xxd` or `hexdump -C` that says how many bytes stand before it: the rows of other dumps cannot be
/// told from bytes.
fn dump_row(line: &str, len: usize) -> Option<Row<'_>> {
    let (offset, behind) = split_offset(line)?;
    if offset != len {
        return None;
    }
    // xxd: an offset with a colon; behind the bytes, two blanks and the bytes as text.
    if let Some(behind) = behind.strip_prefix(": ") {
        let behind = behind.trim_start();
        let text = behind.split("  ").next().unwrap_or_default();
        return Some(Row { text, behind });
    }
    // hexdump -C: the bytes as text stand between bars.
    let (text, _) = behind.strip_suffix('|')?.split_once('|')?;
    text.starts_with("  ").then_some(Row { text, behind })
}

/// Whether a row is the last one of `hexdump -C`: how many bytes there were.
fn is_end_row(line: &str, len: usize) -> bool {
    split_offset(line) == Some((len, ""))
}

fn split_offset(line: &str) -> Option<(usize, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("0x").unwrap_or(line);
    let digits = line.find(|character: char| !character.is_ascii_hexdigit());
    let (digits, behind) = line.split_at(digits.unwrap_or(line.len()));
    let offset = usize::from_str_radix(digits, 16).ok()?;
    (digits.len() >= OFFSET_LEN_MIN).then_some((offset, behind))
}

/// No dump has shorter offsets.
const OFFSET_LEN_MIN: usize = 4;

/// Reads the hex of a line; what it cannot read is the rest.
struct Scanner<'t, 'b> {
    rest: &'t str,
    bytes: &'b mut Vec<u8>,
    depth: &'b mut usize,
}

impl Scanner<'_, '_> {
    /// Reads to the end; `None` where that is not possible.
    fn scan(&mut self) -> Option<()> {
        while let Some(character) = self.rest.chars().next() {
            match character {
                '{' | '[' | '(' => *self.depth += 1,
                '}' | ']' | ')' => *self.depth = self.depth.saturating_sub(1),
                _ if is_between(character) => {}
                _ => {
                    self.token()?;
                    continue;
                }
            }
            self.skip(character.len_utf8());
        }
        Some(())
    }

    /// Digits, with a prefix or without, or a byte string.
    fn token(&mut self) -> Option<()> {
        for quote in ["b'", "b\""] {
            if self.strip(quote) {
                return self.string(quote.chars().next_back()?);
            }
        }
        if self.strip("\\x") {
            self.pair()?;
        } else if self.strip("0x") || self.strip("0X") {
            // The digit of a small number stands alone.
            if self.digit_at(1).is_none() {
                let digit = self.digit_at(0)?;
                self.bytes.push(digit);
                self.skip(1);
            }
            self.pairs()?;
        } else {
            self.pair()?;
            self.pairs()?;
        }
        match self.rest.chars().next() {
            None | Some('\\' | '{' | '}' | '[' | ']' | '(' | ')') => Some(()),
            Some(next) => is_between(next).then_some(()),
        }
    }

    /// Pairs of digits, as many as there are.
    fn pairs(&mut self) -> Option<()> {
        while self.digit_at(0).is_some() {
            self.pair()?;
        }
        Some(())
    }

    /// Two digits. Where the second one is missing, the rest starts there.
    fn pair(&mut self) -> Option<()> {
        let high = self.digit_at(0)?;
        self.skip(1);
        let low = self.digit_at(0)?;
        self.skip(1);
        self.bytes.push(high << 4 | low);
        Some(())
    }

    /// The rest of a byte string of Python or Rust, up to its quote.
    fn string(&mut self, quote: char) -> Option<()> {
        loop {
            let character = self.rest.chars().next()?;
            if character == quote {
                self.skip(1);
                return Some(());
            }
            if self.strip("\\x") {
                self.pair()?;
                continue;
            }
            let (byte, len) = match character {
                '\\' => (unescaped(self.rest.chars().nth(1)?)?, 2),
                ' '..='~' => (u8::try_from(character).ok()?, 1),
                _ => return None,
            };
            self.bytes.push(byte);
            self.skip(len);
        }
    }

    fn strip(&mut self, prefix: &str) -> bool {
        let rest = self.rest.strip_prefix(prefix);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip(&mut self, len: usize) {
        self.rest = self.rest.get(len..).unwrap_or_default();
    }

    fn digit_at(&self, index: usize) -> Option<u8> {
        let byte = self.rest.as_bytes().get(index)?;
        u8::try_from(char::from(*byte).to_digit(16)?).ok()
    }
}

/// What may stand between bytes and means nothing.
const fn is_between(character: char) -> bool {
    matches!(character, ',' | ':' | ';' | '-' | '"' | '\'') || character.is_ascii_whitespace()
}

/// The byte of an escape that is not in hex.
const fn unescaped(character: char) -> Option<u8> {
    Some(match character {
        '0' => 0,
        't' => b'\t',
        'n' => b'\n',
        'r' => b'\r',
        '\\' => b'\\',
        '\'' => b'\'',
        '"' => b'"',
        _ => return None,
    })
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.found {
            Some(found) => write!(f, "{found:?} in ")?,
            None => write!(f, "half a byte at the end, ")?,
        }
        if self.line > 0 {
            write!(f, "line {}, ", self.line + 1)?;
        }
        write!(f, "column {}; {ALLOWED}", self.column)
    }
}

const ALLOWED: &str = "allowed are hex digits in pairs, 0x or \\x before them, and blanks, commas, colons and brackets between them";

#[cfg(test)]
mod tests;
