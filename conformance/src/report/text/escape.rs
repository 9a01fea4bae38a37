//! Makes text from a broker harmless: it can neither move the cursor nor reorder the line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with control and direction characters as `\u{..}`.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            _ if is_dangerous(character) => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
            }
            _ => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

/// Controls (C0, DEL, C1), line and paragraph separators, direction marks, embeddings, overrides and isolates, and
/// invisible characters that could hide a difference.
fn is_dangerous(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(escape(text), expected);
    }

    #[test]
    fn controls_are_shown_and_not_obeyed() {
        check("a\u{1b}[2Jb\r\u{7}", "a\\u{1b}[2Jb\\u{d}\\u{7}");
        check("a\nb\tc", "a\\nb\\u{9}c");
        check("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}");
    }

    #[test]
    fn the_direction_of_text_cannot_be_changed() {
        check(
            "\u{202e}evil\u{2066}\u{200f}",
            "\\u{202e}evil\\u{2066}\\u{200f}",
        );
        check("\u{2028}\u{feff}\u{e0041}", "\\u{2028}\\u{feff}\\u{e0041}");
    }

    #[test]
    fn other_text_is_left_alone() {
        check(
            "sport/\u{e9}/\u{4e2d} \u{1f600}",
            "sport/\u{e9}/\u{4e2d} \u{1f600}",
        );
    }
}
