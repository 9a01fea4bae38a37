//! Values, fields and the conditions on fields.

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::{FieldKind, FieldSpec, TokenKind, Value, field, fields, nearest};

use super::super::error::ScenarioError;
use super::super::{Condition, FieldPattern, FieldValue, Literal, Operand};
use super::cursor::Cursor;

/// Reads `$name`, or a duration.
pub(super) fn duration(cursor: &mut Cursor<'_>) -> Result<Operand, ScenarioError> {
    if cursor.at("$") {
        return variable(cursor);
    }
    let Some(duration) = cursor.duration() else {
        return Err(cursor.expected("a duration such as 500ms, 2s or 1m"));
    };
    cursor.advance();
    Ok(Operand::Literal(Literal::Duration(duration)))
}

/// Reads `$name`, or a number of at most `bits` bits.
pub(super) fn number(
    cursor: &mut Cursor<'_>,
    what: &str,
    bits: u8,
) -> Result<Operand, ScenarioError> {
    if cursor.at("$") {
        return variable(cursor);
    }
    let number = cursor.number(what, bits)?;
    Ok(Operand::Literal(Literal::Value(Value::Number(number))))
}

/// Reads `$name`, or strings joined by `+`.
pub(super) fn string(cursor: &mut Cursor<'_>, what: &str) -> Result<Operand, ScenarioError> {
    if cursor.at("$") {
        return variable(cursor);
    }
    let parts = cursor.parts(what)?;
    Ok(Operand::Literal(Literal::of_parts(parts)))
}

/// Reads `$name`.
pub(super) fn variable(cursor: &mut Cursor<'_>) -> Result<Operand, ScenarioError> {
    cursor.advance();
    let name = cursor.name("the name of a variable")?;
    Ok(Operand::Variable(name))
}

/// Reads the value of a case's variable: any kind of literal.
pub(super) fn literal(cursor: &mut Cursor<'_>) -> Result<Literal, ScenarioError> {
    if cursor.at_string() {
        return string_or_pair(cursor);
    }
    if let Some(duration) = cursor.duration() {
        cursor.advance();
        return Ok(Literal::Duration(duration));
    }
    if let Some(flag) = yes_or_no(cursor) {
        return Ok(Literal::Value(Value::Flag(flag)));
    }
    let what = "a value: a number, a \"string\", a duration such as 2s, yes or no";
    if cursor.at("$") {
        return Err(cursor
            .expected(what)
            .label("a case cannot refer to another variable"));
    }
    Ok(Literal::Value(Value::Number(cursor.number(what, 32)?)))
}

/// The field with the name that is next, which is not stepped over; only one that a valid packet can have.
pub(super) fn legal_field(
    cursor: &Cursor<'_>,
    packet_type: PacketType,
) -> Result<&'static FieldSpec, ScenarioError> {
    let spec = named_field(cursor, packet_type)?;
    if is_legal(packet_type, spec) {
        return Ok(spec);
    }
    let name = packet_type.name();
    Err(unknown_field(cursor, cursor.source(), &[packet_type])
        .help(format!("only `-> {name}` sends what {name} cannot have")))
}

/// The field of this name that a valid packet can have.
pub(super) fn find_legal(packet_type: PacketType, name: &str) -> Option<&'static FieldSpec> {
    field(packet_type, name).filter(|spec| is_legal(packet_type, spec))
}

fn is_legal(packet_type: PacketType, spec: &FieldSpec) -> bool {
    fields(packet_type).iter().any(|it| it.name == spec.name)
}

/// The field with the name that is next, which is not stepped over; any that can be written, allowed or not.
pub(super) fn named_field(
    cursor: &Cursor<'_>,
    packet_type: PacketType,
) -> Result<&'static FieldSpec, ScenarioError> {
    let Some(TokenKind::Word(name)) = cursor.kind() else {
        return Err(cursor.expected(&format!("a field of {}", packet_type.name())));
    };
    if let Some(spec) = field(packet_type, name) {
        return Ok(spec);
    }
    Err(unknown_field(cursor, name, &[packet_type]))
}

/// The mistake that a name is no field of these packets.
pub(super) fn unknown_field(
    cursor: &Cursor<'_>,
    name: &str,
    packet_types: &[PacketType],
) -> ScenarioError {
    let all: Vec<&str> = packet_types
        .iter()
        .flat_map(|packet_type| fields(*packet_type))
        .map(|spec| spec.name)
        .collect();
    let packets: Vec<&str> = packet_types.iter().map(|it| it.name()).collect();
    let error = cursor.fail(format!("`{name}` is no field of {}", packets.join(" or ")));
    match nearest(name, all.iter().copied()) {
        Some(near) => error.did_you_mean(Some(near)),
        None if all.is_empty() => error.help(format!("{} has no fields", packets.join(" or "))),
        None => error.help(format!("its fields are {}", all.join(" "))),
    }
}

/// Reads a field to send: `name=value`, or a flag's name alone.
pub(super) fn field_value(
    cursor: &mut Cursor<'_>,
    spec: &'static FieldSpec,
) -> Result<FieldValue, ScenarioError> {
    let written = start_field(cursor, spec)?;
    let value = if written {
        operand(cursor, spec)?
    } else {
        Operand::Literal(Literal::Value(Value::Flag(true)))
    };
    Ok(FieldValue {
        name: spec.name,
        value,
    })
}

/// Reads a field to expect: `name=condition`, or a flag's name alone.
pub(super) fn field_pattern(
    cursor: &mut Cursor<'_>,
    spec: &'static FieldSpec,
) -> Result<FieldPattern, ScenarioError> {
    let start = cursor.span().start;
    let condition = if start_field(cursor, spec)? {
        condition(cursor, spec)?
    } else {
        Condition::Equals(Operand::Literal(Literal::Value(Value::Flag(true))))
    };
    Ok(FieldPattern {
        name: spec.name,
        condition,
        span: start..cursor.end_of_last(),
    })
}

/// Reads a condition on a field whose name was left out.
pub(super) fn condition(
    cursor: &mut Cursor<'_>,
    spec: &FieldSpec,
) -> Result<Condition, ScenarioError> {
    if cursor.eat("?") {
        return Ok(Condition::Capture(cursor.name("the name of a capture")?));
    }
    if cursor.eat_word("_") {
        return Ok(Condition::Present);
    }
    let is_absent = cursor.at_word("absent");
    if is_absent || cursor.at_word("present") {
        if spec.kind == FieldKind::Flag {
            let name = spec.name;
            let instead = if is_absent { "=no" } else { "" };
            return Err(cursor
                .fail(format!("`{name}` is a flag: it is always there"))
                .help(format!("write `{name}{instead}`")));
        }
        cursor.advance();
        return Ok(if is_absent {
            Condition::Absent
        } else {
            Condition::Present
        });
    }
    if !matches!(spec.kind, FieldKind::Number { .. }) {
        return Ok(Condition::Equals(operand(cursor, spec)?));
    }
    if cursor.eat("..") {
        return Ok(Condition::Range(None, Some(operand(cursor, spec)?)));
    }
    let from = operand(cursor, spec)?;
    if !cursor.at("..") {
        return Ok(Condition::Equals(from));
    }
    let end = cursor.span().end;
    cursor.advance();
    let is_open = cursor.is_end() || cursor.span().start > end;
    let to = if is_open {
        None
    } else {
        Some(operand(cursor, spec)?)
    };
    Ok(Condition::Range(Some(from), to))
}

/// Reads a value that the field can have.
pub(super) fn operand(cursor: &mut Cursor<'_>, spec: &FieldSpec) -> Result<Operand, ScenarioError> {
    if cursor.at("$") {
        return variable(cursor);
    }
    let name = spec.name;
    let value = match spec.kind {
        FieldKind::Flag => match yes_or_no(cursor) {
            Some(flag) => Value::Flag(flag),
            None => {
                return Err(cursor
                    .expected(&format!("`yes` or `no` for the flag `{name}`"))
                    .help(format!("a flag stands alone: `{name}`")));
            }
        },
        FieldKind::Number { bits } => {
            if let Some(duration) = cursor.duration() {
                let seconds = duration.as_secs();
                return Err(cursor
                    .expected(&format!("a number for `{name}`"))
                    .help(format!("write a number of seconds: `{name}={seconds}`")));
            }
            if !matches!(cursor.kind(), Some(TokenKind::Number(_))) {
                return Err(cursor.expected(&format!("a number for `{name}`")));
            }
            Value::Number(cursor.number(&format!("`{name}`"), bits)?)
        }
        FieldKind::Bytes => {
            let what = format!("a \"string\" for `{name}`");
            if name == "payload" {
                return string(cursor, &what);
            }
            Value::Bytes(cursor.string(&what)?.into())
        }
        FieldKind::Pair => match string_or_pair(cursor)? {
            Literal::Value(pair @ Value::Pair(..)) => pair,
            Literal::Value(_) | Literal::Long(_) | Literal::Duration(_) => {
                return Err(cursor.expected(&format!(
                    "`:` and a second string, since `{name}` is a pair \"name\":\"value\""
                )));
            }
        },
    };
    Ok(Operand::Literal(Literal::Value(value)))
}

/// Steps over the name of a field and its `=`; false for a flag that stands alone.
fn start_field(cursor: &mut Cursor<'_>, spec: &FieldSpec) -> Result<bool, ScenarioError> {
    let span = cursor.span();
    cursor.advance();
    if cursor.eat("=") {
        return Ok(true);
    }
    if spec.kind == FieldKind::Flag {
        return Ok(false);
    }
    let name = spec.name;
    Err(
        ScenarioError::new(format!("`{name}` has no value; expected `{name}=...`"))
            .span(span)
            .label("not a flag"),
    )
}

fn string_or_pair(cursor: &mut Cursor<'_>) -> Result<Literal, ScenarioError> {
    let first = Literal::of_parts(cursor.parts("a \"string\"")?);
    if let Literal::Value(Value::Bytes(name)) = &first
        && cursor.eat(":")
    {
        let second = cursor.string("a second \"string\" after `:`")?;
        return Ok(Literal::Value(Value::Pair(name.to_vec(), second)));
    }
    Ok(first)
}

fn yes_or_no(cursor: &mut Cursor<'_>) -> Option<bool> {
    if cursor.eat_word("yes") {
        return Some(true);
    }
    cursor.eat_word("no").then_some(false)
}
