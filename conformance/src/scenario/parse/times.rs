//! Fields that stand many times in one packet: `1000 times filter="{ns}/{i}" qos=0`.

use mqtt_assay_codec::notation::{TokenKind, Value};

use super::super::error::ScenarioError;
use super::super::{Condition, FieldPattern, FieldValue, Literal, Operand, template};
use super::cursor::Cursor;
use super::expect::at_boundary;

/// Something that may stand many times.
pub(super) trait InTurn: Clone {
    /// The same in a turn, counted from 1, which is what `$i` and `{i}` stand for.
    fn in_turn(&self, turn: u32) -> Self;
}

/// Reads the fields of a packet; those behind `N times` stand so often.
pub(super) fn fields<T: InTurn>(
    cursor: &mut Cursor<'_>,
    field: impl Fn(&mut Cursor<'_>) -> Result<T, ScenarioError>,
) -> Result<Vec<T>, ScenarioError> {
    let mut fields = Vec::new();
    while !at_boundary(cursor) {
        if !matches!(cursor.kind(), Some(TokenKind::Number(_))) {
            fields.push(field(cursor)?);
            continue;
        }
        let count = times(cursor)?;
        let mut repeated = Vec::new();
        while !at_boundary(cursor) {
            repeated.push(field(cursor)?);
        }
        if repeated.is_empty() {
            return Err(cursor.expected("the fields that stand so often"));
        }
        for turn in 1..=count {
            fields.extend(repeated.iter().map(|it| it.in_turn(turn)));
        }
    }
    Ok(fields)
}

fn times(cursor: &mut Cursor<'_>) -> Result<u32, ScenarioError> {
    let error = cursor.expected("a field, or a number with `times`");
    let too_many = cursor.fail(format!(
        "`{}` times; allowed are 1 to {TIMES_MAX}",
        cursor.source()
    ));
    let count = cursor.number("a number of times", 32)?;
    if !cursor.eat_word("times") {
        return Err(error);
    }
    if (1..=TIMES_MAX).contains(&count) {
        return Ok(count);
    }
    Err(too_many)
}

impl InTurn for FieldValue {
    fn in_turn(&self, turn: u32) -> Self {
        Self {
            name: self.name,
            value: self.value.in_turn(turn),
        }
    }
}

impl InTurn for FieldPattern {
    fn in_turn(&self, turn: u32) -> Self {
        let condition = match &self.condition {
            Condition::Equals(operand) => Condition::Equals(operand.in_turn(turn)),
            Condition::Range(low, high) => {
                let bound = |it: &Option<Operand>| it.as_ref().map(|it| it.in_turn(turn));
                Condition::Range(bound(low), bound(high))
            }
            other @ (Condition::Capture(_) | Condition::Absent | Condition::Present) => {
                other.clone()
            }
        };
        Self {
            name: self.name,
            condition,
            span: self.span.clone(),
        }
    }
}

impl InTurn for Operand {
    fn in_turn(&self, turn: u32) -> Self {
        let text = |bytes: &[u8]| {
            template::substitute(bytes, |name| {
                (name == "i").then(|| turn.to_string().into_bytes())
            })
        };
        match self {
            Self::Variable(name) if name == "i" => {
                Self::Literal(Literal::Value(Value::Number(turn)))
            }
            Self::Literal(Literal::Value(Value::Bytes(bytes))) => {
                Self::Literal(Literal::Value(Value::Bytes(text(bytes).into())))
            }
            Self::Literal(Literal::Value(Value::Pair(name, value))) => {
                let pair = Value::Pair(text(name), text(value));
                Self::Literal(Literal::Value(pair))
            }
            Self::Variable(_) | Self::Literal(_) => self.clone(),
        }
    }
}

/// As many filters as there are packet identifiers are more than any client has.
const TIMES_MAX: u32 = 65_535;
