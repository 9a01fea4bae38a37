//! What a client sends: the right side of `->`.

use mqtt_assay_codec::notation::nearest;

use super::super::error::ScenarioError;
use super::super::{Action, Content, Cut, Mutation, Operand, Outgoing};
use super::cursor::Cursor;
use super::expect::{at_boundary, packet_type};
use super::times::fields;
use super::value::{field_value, named_field, number, string};

/// Reads packets and bytes, and how they are cut.
pub(super) fn send(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let mut packets = vec![outgoing(cursor)?];
    while cursor.eat_word("then") {
        packets.push(outgoing(cursor)?);
    }
    let cut = if cursor.eat_word("in") {
        cut(cursor)?
    } else {
        Cut::Whole
    };
    Ok(Action::Send {
        client,
        packets,
        cut,
    })
}

fn outgoing(cursor: &mut Cursor<'_>) -> Result<Outgoing, ScenarioError> {
    if cursor.eat_word("hex") {
        return Ok(Outgoing {
            content: Content::Hex(hex(cursor)?),
            mutations: Vec::new(),
        });
    }
    let packet_type = packet_type(cursor)?;
    let fields = fields(cursor, |cursor| {
        let spec = named_field(cursor, packet_type)?;
        field_value(cursor, spec)
    })?;
    let mut mutations = Vec::new();
    if cursor.eat_word("with") {
        mutations.push(mutation(cursor)?);
        while !at_boundary(cursor) {
            mutations.push(mutation(cursor)?);
        }
    }
    Ok(Outgoing {
        content: Content::Packet(packet_type, fields),
        mutations,
    })
}

fn hex(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, ScenarioError> {
    let mut bytes = Vec::new();
    while !at_boundary(cursor) {
        if cursor.at_string() {
            bytes.extend(cursor.string("a \"string\"")?);
            continue;
        }
        let digits = cursor.source();
        let pairs = pairs(digits);
        if pairs.is_empty() {
            return Err(cursor
                .expected("bytes of two hex digits, or a \"string\"")
                .label("not bytes"));
        }
        bytes.extend(pairs);
        cursor.advance();
    }
    if cursor.at_word("with") {
        return Err(cursor.expected("bytes; `hex` has no mutations, write the bytes as they are"));
    }
    if bytes.is_empty() {
        return Err(cursor.expected("bytes, as in `hex 82 09 \"a/b\"`"));
    }
    Ok(bytes)
}

/// The bytes of a run of hex digits; empty if it is no such run.
fn pairs(digits: &str) -> Vec<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => u8::try_from(value(high)? * 16 + value(low)?).ok(),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = digits.as_bytes().chunks(2).map(pair).collect();
    bytes.unwrap_or_default()
}

fn mutation(cursor: &mut Cursor<'_>) -> Result<Mutation, ScenarioError> {
    let name = cursor.source();
    let error = cursor
        .expected("a mutation: flags=, remaining-length=, truncate=, append= or byte@N=")
        .did_you_mean(nearest(name, MUTATIONS));
    if !MUTATIONS.contains(&name) {
        return Err(error);
    }
    cursor.advance();
    if name == "byte" {
        if !cursor.eat("@") {
            return Err(cursor.expected("`@` and an offset, as in `byte@0=0x31`"));
        }
        let at = cursor.number("the offset of a byte", 28)?;
        equals(cursor)?;
        return Ok(Mutation::Byte {
            at: usize::try_from(at).unwrap_or(usize::MAX),
            value: number(cursor, "a byte", 8)?,
        });
    }
    equals(cursor)?;
    Ok(match name {
        "flags" => Mutation::Flags(number(cursor, "four bits", 4)?),
        "truncate" => Mutation::Truncate(number(cursor, "a number of bytes", 28)?),
        "append" => Mutation::Append(string(cursor, "bytes, as in `append=0x\"00\"`")?),
        _ => Mutation::RemainingLength(remaining_length(cursor)?),
    })
}

fn remaining_length(cursor: &mut Cursor<'_>) -> Result<Operand, ScenarioError> {
    if cursor.at_string() {
        return string(cursor, "bytes");
    }
    number(
        cursor,
        "a remaining length, a number or the bytes of the field",
        28,
    )
}

fn equals(cursor: &mut Cursor<'_>) -> Result<(), ScenarioError> {
    if cursor.eat("=") {
        return Ok(());
    }
    Err(cursor.expected("`=` and a value"))
}

fn cut(cursor: &mut Cursor<'_>) -> Result<Cut, ScenarioError> {
    if cursor.eat_word("a") && cursor.eat_word("text") && cursor.eat_word("frame") {
        return Ok(Cut::Text);
    }
    let cut = if cursor.eat_word("fragments") {
        Cut::Fragments
    } else if cursor.eat_word("pieces") {
        Cut::Pieces
    } else {
        return Err(cursor.expected("`in pieces of`, `in fragments of` or `in a text frame`"));
    };
    if !cursor.eat_word("of") {
        return Err(cursor.expected("`of` and a number of bytes"));
    }
    if cursor.source() == "0" {
        return Err(cursor.fail("a piece of 0 bytes sends nothing; the least is 1"));
    }
    if cursor.at("$") {
        return Err(cursor
            .expected("a number of bytes")
            .help("no variable stands here: guard a line for each size"));
    }
    let bytes = cursor.number("a number of bytes", 28)?;
    Ok(cut(usize::try_from(bytes).unwrap_or(usize::MAX)))
}

const MUTATIONS: [&str; 5] = ["flags", "remaining-length", "truncate", "append", "byte"];
