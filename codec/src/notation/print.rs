//! From packets to text.

use std::fmt::{self, Write as _};

use super::{Draft, Field, Notation, Value, hex};
use crate::frame::{Frame, Split};
use crate::packet::{Packet, Sender};
use crate::version::ProtocolVersion;

/// Prints the notation; long values are not shortened.
impl fmt::Display for Draft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.packet_type.name())?;
        self.fields
            .iter()
            .try_for_each(|field| write!(f, " {field}"))
    }
}

/// `name=value`, or the name alone for a flag that is set.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Flag(true) => f.write_str(self.name),
            Value::Number(code) if CODES.contains(&self.name) => {
                write!(f, "{}=0x{code:02x}", self.name)
            }
            Value::Flag(_) | Value::Number(_) | Value::Bytes(_) | Value::Pair(..) => {
                write!(f, "{}={}", self.name, self.value)
            }
        }
    }
}

/// As behind `=`: `yes` or `no`, a number, a string, or a pair.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(is_set) => f.write_str(if *is_set { "yes" } else { "no" }),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bytes(bytes) => f.write_str(&print_string(bytes)),
            Self::Pair(name, value) => {
                write!(f, "{}:{}", print_string(name), print_string(value))
            }
        }
    }
}

/// Prints the packet, or `hex` and its bytes.
impl fmt::Display for Notation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet(draft) => draft.fmt(f),
            Self::Hex(bytes) => f.write_str(&print_hex(bytes)),
        }
    }
}

/// A string in quotes with its escapes, or `0x".."` where the bytes are no UTF-8.
///
/// What does not show, or might move a cursor, is escaped. A string of more than 32 equal parts, each of at most
/// eight bytes, is printed as one part and its count: `"x"*65535`.
#[must_use]
pub fn print_string(bytes: &[u8]) -> String {
    if let Some((part, count)) = repeated_part(bytes) {
        return format!("{}*{count}", print_once(part));
    }
    print_once(bytes)
}

/// The bytes of a string that are worth printing where it is only looked at: all of it if it is short or a repeat, else
/// about as many as `shown`.
#[must_use]
pub fn start_of(bytes: &[u8], shown: usize) -> &[u8] {
    let Some(start) = bytes
        .get(..shown)
        .filter(|_| repeated_part(bytes).is_none())
    else {
        return bytes;
    };
    match str::from_utf8(start) {
        // Cut within a character, what is text would look like none.
        Err(error) if error.error_len().is_none() => {
            bytes.get(..error.valid_up_to()).unwrap_or(start)
        }
        Ok(_) | Err(_) => start,
    }
}

/// Any frame: its packet in the notation where it is valid, else `hex ..`.
#[must_use]
pub fn print_bytes(bytes: &[u8], version: ProtocolVersion, sender: Sender) -> String {
    let frame = match Frame::split(bytes, version) {
        Ok(Split::Frame(frame)) if frame.len() == bytes.len() => frame,
        Ok(Split::Frame(_) | Split::NeedMore(_)) | Err(_) => return print_hex(bytes),
    };
    match Packet::decode(&frame, version, sender) {
        Ok(packet) => Draft::of(&packet, version).to_string(),
        Err(_) => print_hex(bytes),
    }
}

/// A character as strings show it, escaped where it does not show or might move a cursor.
pub(super) fn print_char(c: char) -> String {
    match c {
        '\n' => r"\n".to_owned(),
        '\r' => r"\r".to_owned(),
        '\t' => r"\t".to_owned(),
        '\0' => r"\0".to_owned(),
        '\\' => r"\\".to_owned(),
        '"' => "\\\"".to_owned(),
        '\'' => "'".to_owned(),
        // The standard library escapes more than ASCII controls: whatever has no glyph, bidirectional and zero-width
        // characters among it, and marks that would combine with what stands before them.
        c if c.escape_debug().len() == 1 => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    }
}

fn print_hex(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        "hex".to_owned()
    } else {
        format!("hex {}", hex(bytes))
    }
}

fn print_once(bytes: &[u8]) -> String {
    let mut out = String::new();
    match str::from_utf8(bytes) {
        Ok(text) => {
            out.push('"');
            out.extend(text.chars().map(print_char));
            out.push('"');
        }
        Err(_) => {
            out.push_str("0x\"");
            for byte in bytes {
                // Writing to a string cannot fail.
                let _ = write!(out, "{byte:02x}");
            }
            out.push('"');
        }
    }
    out
}

/// The shortest part that the bytes repeat, and how often, where that is worth saying.
fn repeated_part(bytes: &[u8]) -> Option<(&[u8], usize)> {
    (1..=REPEATED_LEN_MAX).find_map(|len| {
        let part = bytes.get(..len)?;
        let count = bytes.len() / len;
        let is_repeated = bytes.len() == count * len
            && count > REPEATS_MIN
            // Each part is the one before it.
            && bytes.get(len..) == bytes.get(..bytes.len() - len);
        // Half a character is no string, and would hide that the whole is one.
        let is_whole = || str::from_utf8(part).is_ok() || str::from_utf8(bytes).is_err();
        (is_repeated && is_whole()).then_some((part, count))
    })
}

/// The fields that are printed as codes.
const CODES: [&str; 3] = ["reason", "connect-flags", "connack-flags"];

/// Longer parts are not looked for.
const REPEATED_LEN_MAX: usize = 8;

/// A string is printed as a repeat when it has more parts than this.
const REPEATS_MIN: usize = 32;
