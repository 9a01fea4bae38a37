//! Whole exchanges: `connects`, `subscribes`, `publishes` and the like.

use std::iter;

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::{FieldSpec, TokenKind};

use super::super::error::ScenarioError;
use super::super::{Action, FieldPattern, FieldValue, Operand, Pattern, Subprotocol};
use super::cursor::Cursor;
use super::expect::{at_boundary, within};
use super::value::{
    condition, duration, field_pattern, field_value, find_legal, legal_field, operand,
    unknown_field,
};

/// `c opens`, and over WebSocket `offering "NAME"... subprotocol="NAME"`, or `=absent`.
pub(super) fn open(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let mut offered = Vec::new();
    if cursor.eat_word("offering") {
        offered.push(subprotocol(cursor)?);
        while cursor.at_string() {
            offered.push(subprotocol(cursor)?);
        }
    }
    let mut selected = None;
    if cursor.eat_word("subprotocol") {
        if !cursor.eat("=") {
            return Err(cursor.expected("`=` and the name of a subprotocol"));
        }
        selected = Some(if cursor.eat_word("absent") {
            Subprotocol::Absent
        } else {
            Subprotocol::Named(subprotocol(cursor)?)
        });
    }
    Ok(Action::Open {
        client,
        offered,
        subprotocol: selected,
    })
}

/// The name of a subprotocol, as a header can carry it.
fn subprotocol(cursor: &mut Cursor<'_>) -> Result<String, ScenarioError> {
    let error = cursor
        .expected("the name of a subprotocol, as in \"mqtt\"")
        .label("letters, digits, `-`, `.` and `_` only");
    let name = String::from_utf8(cursor.string("the name of a subprotocol, as in \"mqtt\"")?);
    match name {
        Ok(name) if is_token(&name) => Ok(name),
        Ok(_) | Err(_) => Err(error),
    }
}

fn is_token(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    !name.is_empty() && name.chars().all(is_part)
}

/// `c connects ...`: fields of CONNECT; what only CONNACK has is an expectation on it.
pub(super) fn connect(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let mut fields = Vec::new();
    let mut session = None;
    let mut connack = Vec::new();
    while !at_boundary(cursor) {
        let Some(TokenKind::Word(name)) = cursor.kind() else {
            return Err(cursor.expected("a field of CONNECT"));
        };
        let name = name.clone();
        if name == "session" {
            session = Some(session_value(cursor)?);
        } else if name == "reason" {
            return Err(cursor
                .fail("`connects` expects a CONNACK with reason 0x00")
                .help("write `-> CONNECT` and `<- CONNACK reason=...` for another reason"));
        } else if let Some(spec) = find_legal(PacketType::Connect, &name) {
            fields.push(field_value(cursor, spec)?);
        } else if let Some(spec) = find_legal(PacketType::Connack, &name) {
            connack.push(field_pattern(cursor, spec)?);
        } else {
            let packets = [PacketType::Connect, PacketType::Connack];
            return Err(unknown_field(cursor, &name, &packets));
        }
    }
    Ok(Action::Connect {
        client,
        fields,
        session,
        connack,
    })
}

/// `c subscribes "FILTER" qos=1 ...`.
pub(super) fn subscribe(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let fields = values(cursor, "subscribes", PacketType::Subscribe, filters())?;
    Ok(Action::Subscribe { client, fields })
}

/// `c unsubscribes "FILTER" ...`.
pub(super) fn unsubscribe(
    cursor: &mut Cursor<'_>,
    client: String,
) -> Result<Action, ScenarioError> {
    let fields = values(cursor, "unsubscribes", PacketType::Unsubscribe, filters())?;
    Ok(Action::Unsubscribe { client, fields })
}

/// `c publishes "TOPIC" "PAYLOAD" ...`.
pub(super) fn publish(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let unnamed = TOPIC_AND_PAYLOAD.into_iter();
    let fields = values(cursor, "publishes", PacketType::Publish, unnamed)?;
    Ok(Action::Publish { client, fields })
}

/// `c disconnects ...`: fields of DISCONNECT.
pub(super) fn disconnect(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let mut fields = Vec::new();
    while !at_boundary(cursor) {
        let spec = legal_field(cursor, PacketType::Disconnect)?;
        fields.push(field_value(cursor, spec)?);
    }
    Ok(Action::Disconnect { client, fields })
}

/// `c receives "TOPIC" "PAYLOAD" ...`.
pub(super) fn receive(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let mut unnamed = TOPIC_AND_PAYLOAD.into_iter();
    let mut fields = Vec::new();
    while !at_boundary(cursor) {
        if is_unnamed(cursor) {
            let start = cursor.span().start;
            let spec = unlegal_field(cursor, PacketType::Publish, unnamed.next())?;
            let condition = condition(cursor, spec)?;
            fields.push(FieldPattern {
                name: spec.name,
                condition,
                span: start..cursor.end_of_last(),
            });
        } else {
            let spec = legal_field(cursor, PacketType::Publish)?;
            fields.push(field_pattern(cursor, spec)?);
        }
    }
    if fields.is_empty() {
        return Err(cursor.expected("the topic, as in `receives \"{ns}t\" \"payload\"`"));
    }
    Ok(Action::Receive {
        client,
        pattern: Pattern {
            packet_type: PacketType::Publish,
            fields,
        },
        within: within(cursor)?,
    })
}

/// Reads the fields of a packet; values without a name belong to `unnamed`, in order.
fn values(
    cursor: &mut Cursor<'_>,
    verb: &str,
    packet_type: PacketType,
    mut unnamed: impl Iterator<Item = &'static str>,
) -> Result<Vec<FieldValue>, ScenarioError> {
    let mut fields = Vec::new();
    while !at_boundary(cursor) {
        if is_unnamed(cursor) {
            let spec = unlegal_field(cursor, packet_type, unnamed.next())?;
            let value = operand(cursor, spec)?;
            fields.push(FieldValue {
                name: spec.name,
                value,
            });
        } else if cursor.at_word("id") {
            return Err(cursor
                .fail(format!("`{verb}` chooses the packet id itself"))
                .help(format!(
                    "write `-> {} id=...` to choose it",
                    packet_type.name()
                )));
        } else {
            let spec = legal_field(cursor, packet_type)?;
            fields.push(field_value(cursor, spec)?);
        }
    }
    if fields.is_empty() {
        let name = unnamed.next().unwrap_or_default();
        return Err(cursor.expected(&format!("the {name}, as in `{verb} \"{{ns}}t\"`")));
    }
    Ok(fields)
}

fn filters() -> impl Iterator<Item = &'static str> {
    iter::repeat("filter")
}

fn is_unnamed(cursor: &Cursor<'_>) -> bool {
    cursor.at_string() || cursor.at("$")
}

fn unlegal_field(
    cursor: &Cursor<'_>,
    packet_type: PacketType,
    name: Option<&'static str>,
) -> Result<&'static FieldSpec, ScenarioError> {
    name.and_then(|name| find_legal(packet_type, name))
        .ok_or_else(|| cursor.expected(&format!("a field of {}", packet_type.name())))
}

fn session_value(cursor: &mut Cursor<'_>) -> Result<Operand, ScenarioError> {
    cursor.advance();
    if !cursor.eat("=") {
        return Err(cursor.expected("`=` and how long the session lives, as in `session=60s`"));
    }
    duration(cursor)
}

const TOPIC_AND_PAYLOAD: [&str; 2] = ["topic", "payload"];
