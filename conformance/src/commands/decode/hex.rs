//! Bytes written in hex by people: with blanks, or without.

use std::fmt;

/// A text is no hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HexError {
    /// Where, in characters from 1.
    pub(super) column: usize,
    /// What was found; `None` is the end.
    found: Option<char>,
}

/// Reads pairs of hex digits; blanks may stand between the pairs.
pub(super) fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut half: Option<u32> = None;
    let mut column = 1;
    for character in text.chars() {
        match (character.to_digit(16), half) {
            (Some(digit), None) => half = Some(digit),
            (Some(digit), Some(high)) => {
                bytes.push(u8::try_from(high * 16 + digit).unwrap_or_default());
                half = None;
            }
            (None, None) if character.is_ascii_whitespace() => {}
            (None, _) => {
                return Err(HexError {
                    column,
                    found: Some(character),
                });
            }
        }
        column += 1;
    }
    match half {
        None => Ok(bytes),
        Some(_) => Err(HexError {
            column,
            found: None,
        }),
    }
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.found {
            Some(found) => write!(
                f,
                "{found:?} in column {}; allowed are hex digits in pairs, and blanks between them",
                self.column
            ),
            None => write!(
                f,
                "half a byte at the end, column {}; allowed are hex digits in pairs",
                self.column
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<&[u8], &str>) {
        let actual = parse(text).map_err(|error| error.to_string());
        assert_eq!(
            actual.as_deref().map_err(String::as_str),
            expected,
            "{text}"
        );
    }

    #[test]
    fn blanks_may_stand_between_bytes() {
        check("", Ok(&[]));
        check("c000", Ok(&[0xc0, 0]));
        check(" C0 00 ", Ok(&[0xc0, 0]));
    }

    #[test]
    fn what_is_no_hex_is_named_by_its_column() {
        let pairs = "allowed are hex digits in pairs, and blanks between them";
        check("c0 0x", Err(&format!("'x' in column 5; {pairs}")));
        check("c 0", Err(&format!("' ' in column 2; {pairs}")));
        check(
            "c00",
            Err("half a byte at the end, column 4; allowed are hex digits in pairs"),
        );
        check("\u{e9}", Err(&format!("'\u{e9}' in column 1; {pairs}")));
    }
}
