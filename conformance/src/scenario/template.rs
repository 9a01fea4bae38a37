//! Placeholders in strings: `{ns}`, `{i}`, the variables of the case, and captures.

use std::ops::Range;

use mqtt_assay_codec::notation::Span;

/// The placeholders in a string: each name, and where it stands with its braces.
///
/// A placeholder is `{word}`, its word made of `a-z`, `0-9` and `-` after a first letter. Other braces are text.
pub fn placeholders(bytes: &[u8]) -> impl Iterator<Item = (&str, Span)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let (name, span) = next_placeholder(bytes, from)?;
        from = span.end;
        Some((name, span))
    })
}

/// Fills in every placeholder for which `lookup` has a value; the others stay as they are.
#[must_use]
pub fn substitute(bytes: &[u8], mut lookup: impl FnMut(&str) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for (name, span) in placeholders(bytes) {
        if let Some(value) = lookup(name) {
            out.extend_from_slice(slice(bytes, from..span.start));
            out.extend_from_slice(&value);
            from = span.end;
        }
    }
    out.extend_from_slice(slice(bytes, from..bytes.len()));
    out
}

/// Whether a text can name a variable, a capture or a case: `[a-z][a-z0-9-]*`.
pub(crate) fn is_name(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_lowercase)
        && text
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
}

fn next_placeholder(bytes: &[u8], mut from: usize) -> Option<(&str, Span)> {
    loop {
        let rest = bytes.get(from..)?;
        let open = from + rest.iter().position(|byte| *byte == b'{')?;
        let inner = bytes.get(open + 1..)?;
        let len = inner
            .iter()
            .take_while(|byte| !matches!(byte, b'{' | b'}'))
            .count();
        let name = slice(inner, 0..len);
        if inner.get(len) == Some(&b'}') && is_name(name) {
            let name = str::from_utf8(name).ok()?;
            return Some((name, open..open + len + 2));
        }
        from = open + 1;
    }
}

fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}
