//! One line of a script.

use mqtt_assay_codec::notation::{TokenKind, nearest};
use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::super::error::ScenarioError;
use super::super::{Action, Guard, Operand};
use super::client;
use super::cursor::Cursor;
use super::expect::{alternatives, within};
use super::send::send;
use super::value::{duration, number};

/// A line that was read.
pub(super) enum Line {
    /// A whole step.
    Step(Action),
    /// `unordered`, whose lines follow.
    Unordered,
    /// `repeat N`, whose lines follow.
    Repeat(Operand),
    /// `eventually within D`, whose lines follow.
    Eventually(Operand),
    /// `end` of any of them.
    End,
}

/// Reads `[...]` at the start of a line, any number of times.
pub(super) fn guard(cursor: &mut Cursor<'_>) -> Result<Guard, ScenarioError> {
    let mut guard = Guard::default();
    while cursor.eat("[") {
        while !cursor.eat("]") {
            let word = cursor.source();
            if let Some(version) = version(word) {
                guard.versions.push(version);
                cursor.advance();
            } else if word.contains('.') {
                return Err(unknown_version(cursor));
            } else {
                guard.cases.push(cursor.word("a version or a case")?);
            }
        }
    }
    Ok(guard)
}

/// The version of this name.
pub(super) fn version(name: &str) -> Option<ProtocolVersion> {
    ProtocolVersion::ALL
        .into_iter()
        .find(|version| version.name() == name)
}

/// The mistake that the next token is no version.
pub(super) fn unknown_version(cursor: &Cursor<'_>) -> ScenarioError {
    cursor.expected("a version: 3.1.1 or 5.0")
}

/// Reads what a line does, up to its statements.
pub(super) fn action(cursor: &mut Cursor<'_>) -> Result<Line, ScenarioError> {
    let Some(TokenKind::Word(first)) = cursor.kind() else {
        return Err(cursor.expected("a client or a keyword"));
    };
    let first = first.clone();
    let action = match first.as_str() {
        "unordered" => {
            cursor.advance();
            return Ok(Line::Unordered);
        }
        "repeat" => {
            cursor.advance();
            return Ok(Line::Repeat(number(cursor, "how many times", 32)?));
        }
        "eventually" => {
            cursor.advance();
            if !cursor.eat_word("within") {
                return Err(cursor.expected("`within` and a duration"));
            }
            return Ok(Line::Eventually(duration(cursor)?));
        }
        "end" => {
            cursor.advance();
            return Ok(Line::End);
        }
        "wait" => {
            cursor.advance();
            Action::Wait {
                duration: duration(cursor)?,
            }
        }
        "broker" => {
            cursor.advance();
            let is_killed = if cursor.eat_word("restarts") {
                false
            } else if cursor.eat_word("is") && cursor.eat_word("killed") {
                true
            } else {
                return Err(cursor.expected("`restarts` or `is killed`"));
            };
            Action::RestartBroker { is_killed }
        }
        _ => client_action(cursor, &first)?,
    };
    Ok(Line::Step(action))
}

/// Reads `@ v3-... v5-...`, if it is next.
pub(super) fn statements(cursor: &mut Cursor<'_>) -> Result<Vec<StatementId>, ScenarioError> {
    let mut statements = Vec::new();
    if !cursor.at_statements() {
        return Ok(statements);
    }
    cursor.advance();
    if cursor.is_end() {
        return Err(cursor.expected("a statement such as v5-3.1.0-1"));
    }
    while !cursor.is_end() {
        let word = cursor.source();
        let Ok(statement) = word.parse::<StatementId>() else {
            let error = cursor.fail(format!("`{word}` is no key of a statement"));
            return Err(match repaired(word) {
                Some(key) => error.did_you_mean(Some(&key)),
                None => error.help("a key looks like v3-3.1.0-1, v5-3.1.0-1, u3-07 or u5-07"),
            });
        };
        if statements.contains(&statement) {
            return Err(cursor.fail(format!("`{word}` is cited twice on this line")));
        }
        statements.push(statement);
        cursor.advance();
    }
    Ok(statements)
}

/// Whether a line of this kind can hold or not, and so can be a judgement.
pub(super) const fn can_judge(line: &Line) -> bool {
    match line {
        Line::Step(
            Action::Open {
                subprotocol: Some(_),
                ..
            }
            | Action::Expect { .. }
            | Action::Connect { .. }
            | Action::Subscribe { .. }
            | Action::Unsubscribe { .. }
            | Action::Publish { .. }
            | Action::Receive { .. }
            | Action::Ping { .. }
            | Action::Disconnect { .. },
        ) => true,
        Line::Step(
            Action::Speak { .. }
            | Action::Open {
                subprotocol: None, ..
            }
            | Action::Send { .. }
            | Action::HalfClose { .. }
            | Action::Drop { .. }
            | Action::Unordered { .. }
            | Action::Repeat { .. }
            | Action::Eventually { .. }
            | Action::Wait { .. }
            | Action::RestartBroker { .. },
        )
        | Line::Unordered
        | Line::Repeat(_)
        | Line::Eventually(_)
        | Line::End => false,
    }
}

fn client_action(cursor: &mut Cursor<'_>, client: &str) -> Result<Action, ScenarioError> {
    let start = cursor.span();
    let is_client = client.starts_with(|c: char| c.is_ascii_lowercase())
        && client
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !is_client {
        return Err(cursor
            .expected("a client or a keyword")
            .label("a client is a word of a-z and 0-9"));
    }
    cursor.advance();
    let client = client.to_owned();
    if cursor.eat("->") {
        return send(cursor, client);
    }
    if cursor.eat("<-") {
        return Ok(Action::Expect {
            client,
            alternatives: alternatives(cursor)?,
            within: within(cursor)?,
        });
    }
    let verb = cursor.source();
    let read = match verb {
        "speaks" => speak,
        "opens" => client::open,
        "connects" => client::connect,
        "subscribes" => client::subscribe,
        "unsubscribes" => client::unsubscribe,
        "publishes" => client::publish,
        "receives" => client::receive,
        "pings" => |_: &mut Cursor<'_>, client| Ok(Action::Ping { client }),
        "disconnects" => client::disconnect,
        "half-closes" => |_: &mut Cursor<'_>, client| Ok(Action::HalfClose { client }),
        "drops" => |_: &mut Cursor<'_>, client| Ok(Action::Drop { client }),
        _ => {
            let keyword = nearest(&client, KEYWORDS.iter().copied());
            if let (Some(keyword), None) = (keyword, nearest(verb, VERBS.iter().copied())) {
                return Err(ScenarioError::new(format!("`{client}` does nothing here"))
                    .span(start)
                    .did_you_mean(Some(keyword)));
            }
            return Err(cursor
                .expected(&format!(
                    "an action of `{client}`: ->, <-, {}",
                    VERBS.join(", ")
                ))
                .did_you_mean(nearest(verb, VERBS.iter().copied())));
        }
    };
    cursor.advance();
    read(cursor, client)
}

/// `c speaks 3.1.1`.
fn speak(cursor: &mut Cursor<'_>, client: String) -> Result<Action, ScenarioError> {
    let Some(version) = version(cursor.source()) else {
        return Err(unknown_version(cursor));
    };
    cursor.advance();
    Ok(Action::Speak { client, version })
}

/// A key whose dots and dashes were exchanged, or whose version was written in full.
fn repaired(word: &str) -> Option<String> {
    let parts: Vec<&str> = word
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect();
    let key = match parts.as_slice() {
        [family, a, b, c, number] => format!("{family}-{a}.{b}.{c}-{number}"),
        [family, number] => format!("{family}-{number}"),
        _ => return None,
    };
    let key = key
        .to_ascii_lowercase()
        .replace("mqtt5", "v5")
        .replace("mqtt3", "v3");
    key.parse::<StatementId>().ok().map(|id| id.to_string())
}

const VERBS: [&str; 11] = [
    "speaks",
    "opens",
    "connects",
    "subscribes",
    "unsubscribes",
    "publishes",
    "receives",
    "pings",
    "disconnects",
    "half-closes",
    "drops",
];

const KEYWORDS: [&str; 11] = [
    "scenario",
    "versions",
    "requires",
    "exclusive",
    "case",
    "unordered",
    "repeat",
    "eventually",
    "end",
    "wait",
    "broker",
];
