//! What a client waits for: the right side of `<-`.

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::nearest;

use super::super::error::ScenarioError;
use super::super::{Alternative, Event, Grade, Pattern, Within};
use super::cursor::Cursor;
use super::times::fields;
use super::value::{duration, field_pattern, legal_field, number};

/// Reads alternatives up to `within`, the statements, or the end of the line.
pub(super) fn alternatives(cursor: &mut Cursor<'_>) -> Result<Vec<Alternative>, ScenarioError> {
    let mut alternatives = vec![alternative(cursor)?];
    while cursor.eat("|") {
        alternatives.push(alternative(cursor)?);
    }
    Ok(alternatives)
}

/// Reads `within D` or `within A..B`, if it is next.
pub(super) fn within(cursor: &mut Cursor<'_>) -> Result<Option<Within>, ScenarioError> {
    if !cursor.eat_word("within") {
        return Ok(None);
    }
    let first = duration(cursor)?;
    if !cursor.eat("..") {
        return Ok(Some(Within {
            at_least: None,
            at_most: first,
        }));
    }
    Ok(Some(Within {
        at_least: Some(first),
        at_most: duration(cursor)?,
    }))
}

/// Reads the name of a packet type.
pub(super) fn packet_type(cursor: &mut Cursor<'_>) -> Result<PacketType, ScenarioError> {
    let name = cursor.source();
    for packet_type in PacketType::ALL {
        if packet_type.name() == name {
            cursor.advance();
            return Ok(packet_type);
        }
    }
    let names = PacketType::ALL.iter().map(|it| it.name());
    let near = nearest(&name.to_ascii_uppercase(), names);
    Err(cursor.expected("a packet type").did_you_mean(near))
}

/// Whether the line has nothing more to say about the packet or event that was read.
pub(super) fn at_boundary(cursor: &Cursor<'_>) -> bool {
    let words = ["then", "with", "in", "within", "for"];
    cursor.is_end()
        || cursor.at("|")
        || cursor.at_statements()
        || (words.iter().any(|word| cursor.at_word(word)) && !cursor.then_at("="))
}

/// Reads the fields of an expected packet.
pub(super) fn pattern(
    cursor: &mut Cursor<'_>,
    packet_type: PacketType,
) -> Result<Pattern, ScenarioError> {
    let fields = fields(cursor, |cursor| {
        let spec = legal_field(cursor, packet_type)?;
        field_pattern(cursor, spec)
    })?;
    Ok(Pattern {
        packet_type,
        fields,
    })
}

fn alternative(cursor: &mut Cursor<'_>) -> Result<Alternative, ScenarioError> {
    let grade = if cursor.eat_word("weak") {
        Grade::Weak
    } else if cursor.eat_word("info") {
        Grade::Info
    } else if cursor.eat_word("last") {
        Grade::Last
    } else {
        Grade::Pass
    };
    let mut events = vec![event(cursor)?];
    while cursor.eat_word("then") {
        events.push(event(cursor)?);
    }
    Ok(Alternative { grade, events })
}

fn event(cursor: &mut Cursor<'_>) -> Result<Event, ScenarioError> {
    match cursor.source() {
        "closed" => {
            cursor.advance();
            Ok(Event::Closed)
        }
        "that" => {
            cursor.advance();
            let packet_type = packet_type(cursor)?;
            Ok(Event::That(pattern(cursor, packet_type)?))
        }
        "refused" => {
            cursor.advance();
            let mut codes = Vec::new();
            while !at_boundary(cursor) {
                codes.push(number(cursor, "a reason code such as 0x82", 8)?);
            }
            Ok(Event::Refused(codes))
        }
        "nothing" => {
            cursor.advance();
            nothing(cursor)
        }
        "silence" => {
            cursor.advance();
            if !cursor.eat_word("for") {
                return Err(cursor.expected("`for` and a duration, as in `silence for 2s`"));
            }
            Ok(Event::Silence(duration(cursor)?))
        }
        word if is_event_misspelt(word) => {
            let near = nearest(word, EVENTS.iter().copied());
            Err(cursor
                .expected("a packet type, that, closed, refused, nothing or silence")
                .did_you_mean(near))
        }
        _ => {
            let packet_type = packet_type(cursor)?;
            Ok(Event::Packet(pattern(cursor, packet_type)?))
        }
    }
}

fn nothing(cursor: &mut Cursor<'_>) -> Result<Event, ScenarioError> {
    let matching = if cursor.eat_word("matching") {
        let packet_type = packet_type(cursor)?;
        Some(pattern(cursor, packet_type)?)
    } else {
        None
    };
    let duration = if cursor.eat_word("for") {
        Some(duration(cursor)?)
    } else {
        None
    };
    Ok(Event::Nothing { matching, duration })
}

/// Whether a word that is no packet type is nearer to an event than to one.
fn is_event_misspelt(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && nearest(
            &word.to_ascii_uppercase(),
            PacketType::ALL.iter().map(|it| it.name()),
        )
        .is_none()
}

const EVENTS: [&str; 8] = [
    "that", "closed", "refused", "nothing", "silence", "weak", "info", "last",
];
