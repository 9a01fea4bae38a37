//! A packet against what a line expects of it, field by field.

use mqtt_assay_codec::notation::{self, Draft, FieldKind, Span, Value};

use mqtt_assay_codec::PacketType;

use super::inbox::Seen;
use super::trace;
use super::value::{ScenarioMistake, Scope};
use crate::scenario::{Condition, FieldPattern, Literal, Operand, Pattern};

/// The outcome of a comparison.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison {
    /// The fields that differ; none means that the packet matches.
    pub(crate) differences: Vec<Difference>,
    /// The variables that the pattern binds.
    pub(crate) captures: Vec<(String, Literal)>,
    /// What is worth telling although the packet matches.
    pub(crate) notes: Vec<String>,
}

/// A field that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) name: &'static str,
    /// Where the expectation stands in the line.
    pub(crate) span: Span,
    pub(crate) expected: String,
    pub(crate) actual: String,
}

/// Compares a packet with a pattern of the same packet type.
pub(crate) fn compare(
    pattern: &Pattern,
    seen: &Seen,
    scope: &Scope,
) -> Result<Comparison, ScenarioMistake> {
    let mut comparison = Comparison::default();
    let mut done: Vec<&str> = Vec::new();
    for field in &pattern.fields {
        if done.contains(&field.name) {
            continue;
        }
        let same: Vec<&FieldPattern> = pattern
            .fields
            .iter()
            .filter(|other| other.name == field.name)
            .collect();
        done.push(field.name);
        let actual = actual_values(seen, field.name);
        let is_list = is_repeated(seen, field.name)
            && same
                .iter()
                .all(|field| matches!(field.condition, Condition::Equals(_)));
        if is_list {
            compare_list(&same, actual, scope, &mut comparison)?;
        } else if same.len() > 1 {
            compare_each(&same, pattern.packet_type, &actual, scope, &mut comparison)?;
        } else {
            compare_one(field, pattern.packet_type, &actual, scope, &mut comparison)?;
        }
    }
    Ok(comparison)
}

/// A field that may stand several times is compared as a whole list.
fn compare_list(
    patterns: &[&FieldPattern],
    mut actual: Vec<Value>,
    scope: &Scope,
    comparison: &mut Comparison,
) -> Result<(), ScenarioMistake> {
    let mut expected = Vec::new();
    for pattern in patterns {
        if let Condition::Equals(operand) = &pattern.condition {
            expected.push(scope.value(operand)?);
        }
    }
    let Some(first) = patterns.first() else {
        return Ok(());
    };
    let (shown_expected, shown_actual) = (
        show_all(first.name, &expected),
        show_all(first.name, &actual),
    );
    if first.name == "user-property" {
        // A broker may add some of its own, as long as those of the publisher are what they were (5.0, section 3.3.2.3.7).
        let own = actual.extract_if(.., |value| !expected.contains(value));
        comparison.notes.extend(own.filter_map(|value| match value {
            // Its value may differ from message to message.
            Value::Pair(name, _) => {
                let name = show("user-property", &Value::Bytes(name.into()));
                Some(format!("the broker added a user property {name}"))
            }
            Value::Flag(_) | Value::Number(_) | Value::Bytes(_) => None,
        }));
    }
    if first.name == "subscription-id" {
        // Their order means nothing (5.0, section 3.3.4).
        expected.sort_by_key(|value| show(first.name, value));
        actual.sort_by_key(|value| show(first.name, value));
    }
    if expected != actual {
        let last = patterns
            .last()
            .map_or(first.span.end, |pattern| pattern.span.end);
        comparison.differences.push(Difference {
            name: first.name,
            span: first.span.start..last,
            expected: shown_expected,
            actual: shown_actual,
        });
    }
    Ok(())
}

/// A field that may stand several times, with a condition for each place.
fn compare_each(
    patterns: &[&FieldPattern],
    packet_type: PacketType,
    actual: &[Value],
    scope: &Scope,
    comparison: &mut Comparison,
) -> Result<(), ScenarioMistake> {
    let (Some(first), Some(last)) = (patterns.first(), patterns.last()) else {
        return Ok(());
    };
    if patterns.len() != actual.len() {
        let conditions = patterns
            .iter()
            .map(|pattern| show_condition(pattern, scope));
        comparison.differences.push(Difference {
            name: first.name,
            span: first.span.start..last.span.end,
            expected: in_runs(conditions),
            actual: show_all(first.name, actual),
        });
        return Ok(());
    }
    for (pattern, value) in patterns.iter().zip(actual) {
        let value = std::slice::from_ref(value);
        compare_one(pattern, packet_type, value, scope, comparison)?;
    }
    Ok(())
}

fn compare_one(
    field: &FieldPattern,
    packet_type: PacketType,
    actual: &[Value],
    scope: &Scope,
    comparison: &mut Comparison,
) -> Result<(), ScenarioMistake> {
    let value = actual.first();
    let implied = notation::absent_value(packet_type, field.name);
    let holds = match &field.condition {
        Condition::Equals(operand) => {
            let expected = scope.value(operand)?;
            value.or(implied.as_ref()).map_or_else(
                || expected == Value::Flag(false),
                |value| *value == expected,
            )
        }
        Condition::Range(low, high) => match value.or(implied.as_ref()) {
            Some(Value::Number(number)) => {
                let low = low.as_ref().map_or(Ok(0), |low| scope.number(low))?;
                let high = high
                    .as_ref()
                    .map_or(Ok(u32::MAX), |high| scope.number(high))?;
                (low..=high).contains(number)
            }
            _ => false,
        },
        Condition::Capture(name) => match value.or(implied.as_ref()).cloned() {
            Some(value) => {
                comparison
                    .captures
                    .push((name.clone(), Literal::Value(value)));
                true
            }
            None => false,
        },
        Condition::Absent => value.is_none_or(|value| *value == Value::Flag(false)),
        Condition::Present => value.is_some(),
    };
    if !holds {
        comparison.differences.push(Difference {
            name: field.name,
            span: field.span.clone(),
            expected: show_condition(field, scope),
            actual: value
                .or(implied.as_ref())
                .map_or_else(|| "absent".to_owned(), |value| show(field.name, value)),
        });
    }
    Ok(())
}

/// The values of a field; a PUBLISH whose topic is an alias has the topic that the alias stands for.
fn actual_values(seen: &Seen, name: &str) -> Vec<Value> {
    if name == "topic"
        && let Some(topic) = &seen.topic
    {
        return vec![Value::Bytes(topic.clone().into())];
    }
    seen.draft.all(name).cloned().collect()
}

fn is_repeated(seen: &Seen, name: &str) -> bool {
    notation::field(seen.draft.packet_type, name).is_some_and(|field| field.is_repeated)
}

/// A value of a field as the notation prints it.
fn show(name: &str, value: &Value) -> String {
    match value {
        Value::Number(code) if name == "reason" => format!("{code:#04x}"),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bytes(bytes) => {
            let start = notation::start_of(bytes, VALUE_SHOWN);
            shorten(notation::print_string(start), bytes.len() - start.len())
        }
        Value::Pair(name, value) => {
            format!(
                "{}:{}",
                notation::print_string(name),
                notation::print_string(value)
            )
        }
    }
}

fn show_all(name: &str, values: &[Value]) -> String {
    if values.is_empty() {
        return "absent".to_owned();
    }
    shorten(in_runs(values.iter().map(|value| show(name, value))), 0)
}

/// Words in a row; where one comes very often, as the codes of a thousand filters do, it is counted.
fn in_runs(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    let runs = words.chunk_by(|a, b| a == b).map(|run| match run {
        [word, ..] if run.len() >= RUN_LEN_MIN => format!("{} times {word}", run.len()),
        run => run.join(" "),
    });
    runs.collect::<Vec<_>>().join(" ")
}

/// Cuts a text, of which something may be cut already.
fn shorten(text: String, left_out: usize) -> String {
    if left_out == 0 && text.chars().count() <= VALUE_SHOWN {
        return text;
    }
    let kept: String = text.chars().take(VALUE_SHOWN).collect();
    format!("{kept}…")
}

fn show_condition(field: &FieldPattern, scope: &Scope) -> String {
    let operand = |operand: &Operand| {
        scope
            .value(operand)
            .map_or_else(|mistake| mistake.0, |value| show(field.name, &value))
    };
    match &field.condition {
        Condition::Equals(value) => operand(value),
        Condition::Range(low, high) => format!(
            "{}..{}",
            low.as_ref().map_or_else(String::new, operand),
            high.as_ref().map_or_else(String::new, operand)
        ),
        Condition::Capture(_) | Condition::Present => "present".to_owned(),
        Condition::Absent => "absent".to_owned(),
    }
}

/// A pattern with its variables filled in, as the notation prints packets.
pub(crate) fn show_pattern(pattern: &Pattern, scope: &Scope) -> String {
    let mut fields = Vec::new();
    let mut others = Vec::new();
    for field in &pattern.fields {
        match &field.condition {
            Condition::Equals(operand) => match scope.value(operand) {
                Ok(Value::Flag(false)) => others.push(format!("{}=no", field.name)),
                Ok(value) => fields.push(notation::Field {
                    name: field.name,
                    value,
                }),
                Err(mistake) => others.push(format!("{}={}", field.name, mistake.0)),
            },
            Condition::Capture(_) => {}
            Condition::Range(..) | Condition::Absent | Condition::Present => {
                others.push(format!("{}={}", field.name, show_condition(field, scope)));
            }
        }
    }
    let mut text = trace::print(&Draft {
        packet_type: pattern.packet_type,
        fields,
    });
    if !others.is_empty() {
        text.push(' ');
        text.push_str(&in_runs(others.into_iter()));
    }
    text
}

/// Whether a field's kind is a flag, for words about it.
pub(crate) fn is_flag(pattern: &Pattern, name: &str) -> bool {
    notation::field(pattern.packet_type, name).is_some_and(|field| field.kind == FieldKind::Flag)
}

/// From how many equal values of a list on they are counted.
const RUN_LEN_MIN: usize = 8;
/// How long a value in a message may be, in characters.
const VALUE_SHOWN: usize = 80;
