//! Whether what a connection received is what a line expects.
//!
//! MQTT promises little order between different things, so each expectation looks at its own lane: the PUBLISH packets
//! of one topic, or the packets of one type with one packet identifier. What it passes over stays for later lines.

use mqtt_assay_codec::{PacketType, ProtocolVersion};

use super::client::Sent;
use super::inbox::{InboxState, Seen};
use super::matching::{self, Difference};
use super::value::{ScenarioMistake, Scope};
use crate::scenario::{Condition, Event, Literal, Operand, Pattern};

/// What a look at an inbox found.
#[derive(Clone, Debug)]
pub(crate) enum Look {
    /// The expectation holds.
    Held(Held),
    /// Nothing that decides has come; what came instead, if anything.
    Pending(Option<Box<Unlike>>),
    /// It cannot hold any more.
    Unlike(Box<Unlike>),
}

/// How an expectation held.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    /// The places in the inbox of what is consumed.
    pub(crate) consumed: Vec<usize>,
    pub(crate) captures: Vec<(String, Literal)>,
    pub(crate) notes: Vec<String>,
}

/// What came instead of what was expected.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unlike {
    pub(crate) message: String,
    pub(crate) actual: Option<String>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) trace_index: Option<usize>,
}

/// What a look needs besides the inbox.
pub(crate) struct Eye<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) version: ProtocolVersion,
    pub(crate) last_sent: Option<&'a Sent>,
    /// Whether a CONNACK before the close breaks the line (3.1.1, [MQTT-3.1.4-1]).
    pub(crate) forbids_connack: bool,
    /// Whether a packet that is unlike does not stand in the way of those behind it.
    pub(crate) in_any_order: bool,
}

impl Eye<'_> {
    /// Looks for a sequence of events; `Nothing` and `Silence` are not looked for here.
    pub(crate) fn sequence(
        &self,
        events: &[Event],
        inbox: &InboxState,
    ) -> Result<Look, ScenarioMistake> {
        let mut held = Held::default();
        let mut scope = self.scope.clone();
        for event in events {
            let eye = Eye {
                scope: &scope,
                ..*self
            };
            let look = match event {
                Event::Packet(pattern) => eye.packet(pattern, inbox, &held.consumed)?,
                Event::That(pattern) => eye.that(pattern, inbox)?,
                Event::Closed => closed(inbox),
                Event::Refused(codes) => eye.refused(codes, inbox)?,
                Event::Nothing { .. } | Event::Silence(_) => continue,
            };
            match look {
                Look::Held(more) => {
                    for (name, literal) in &more.captures {
                        scope.set(name, literal.clone());
                    }
                    held.consumed.extend(more.consumed);
                    held.captures.extend(more.captures);
                    held.notes.extend(more.notes);
                }
                Look::Pending(_) | Look::Unlike(_) => return Ok(look),
            }
        }
        Ok(Look::Held(held))
    }

    /// Looks for a packet in its lane, and behind what the sequence has taken already: `then` is an order.
    fn packet(
        &self,
        pattern: &Pattern,
        inbox: &InboxState,
        taken: &[usize],
    ) -> Result<Look, ScenarioMistake> {
        let lane = self.lane(pattern)?;
        let mut nearest = None;
        for (index, seen) in inbox.seen.iter().enumerate() {
            if taken.iter().any(|earlier| index <= *earlier) {
                continue;
            }
            if seen.packet_type() != pattern.packet_type || !lane.has(seen) {
                if nearest.is_none() && is_telling(seen, pattern) {
                    nearest = Some(Box::new(self.unlike(pattern, seen)?));
                }
                continue;
            }
            let comparison = matching::compare(pattern, seen, self.scope)?;
            if comparison.differences.is_empty() {
                return Ok(Look::Held(Held {
                    consumed: vec![index],
                    captures: comparison.captures,
                    notes: comparison.notes,
                }));
            }
            let unlike = Box::new(self.unlike(pattern, seen)?);
            if seen.is_retry && self.version == ProtocolVersion::V3_1_1 {
                // A retry on a live connection is allowed in 3.1.1 (section 4.4 forbids it in 5.0 only).
                nearest = Some(unlike);
                continue;
            }
            if self.in_any_order {
                nearest = Some(unlike);
                continue;
            }
            return Ok(Look::Unlike(unlike));
        }
        if inbox.closed.is_some() {
            let mut unlike = nearest.map_or_else(Unlike::default, |nearest| *nearest);
            unlike.message = format!(
                "the connection was closed and no {} came before",
                pattern.packet_type.name()
            );
            return Ok(Look::Unlike(Box::new(unlike)));
        }
        Ok(Look::Pending(nearest))
    }

    /// Looks at the packet of this type that a line consumed last.
    fn that(&self, pattern: &Pattern, inbox: &InboxState) -> Result<Look, ScenarioMistake> {
        let Some(seen) = inbox.taken.get(&pattern.packet_type) else {
            let message = format!("no line took a {} before", pattern.packet_type.name());
            // A line before may have accepted the close instead.
            if inbox.closed.is_some() {
                return Ok(Look::Unlike(Box::new(Unlike {
                    message,
                    ..Unlike::default()
                })));
            }
            return Err(ScenarioMistake(message));
        };
        let comparison = matching::compare(pattern, seen, self.scope)?;
        if comparison.differences.is_empty() {
            return Ok(Look::Held(Held {
                consumed: Vec::new(),
                captures: comparison.captures,
                notes: comparison.notes,
            }));
        }
        Ok(Look::Unlike(Box::new(self.unlike(pattern, seen)?)))
    }

    fn lane(&self, pattern: &Pattern) -> Result<Lane, ScenarioMistake> {
        let literal = |name: &str| {
            let field = pattern.fields.iter().find(|field| field.name == name)?;
            match &field.condition {
                Condition::Equals(operand) => Some(self.scope.value(operand)),
                _ => None,
            }
        };
        Ok(match pattern.packet_type {
            PacketType::Publish => Lane::Topic(literal("topic").transpose()?),
            _ => Lane::Id(literal("id").transpose()?),
        })
    }

    fn unlike(&self, pattern: &Pattern, seen: &Seen) -> Result<Unlike, ScenarioMistake> {
        let actual = Some(super::trace::print(&seen.draft));
        let trace_index = Some(seen.trace_index);
        if seen.packet_type() != pattern.packet_type {
            let message = format!(
                "{} came instead of {}",
                seen.packet_type().name(),
                pattern.packet_type.name()
            );
            return Ok(Unlike {
                message,
                actual,
                differences: Vec::new(),
                trace_index,
            });
        }
        let differences = matching::compare(pattern, seen, self.scope)?.differences;
        let words: Vec<String> = differences
            .iter()
            .map(|difference| in_words(pattern, difference))
            .collect();
        let message = format!(
            "{} came with {}",
            pattern.packet_type.name(),
            words.join(", ")
        );
        Ok(Unlike {
            message,
            actual,
            differences,
            trace_index,
        })
    }

    /// Looks for a refusal: what 3.1.1 and 5.0 prescribe, and what rules let pass.
    fn refused(&self, codes: &[Operand], inbox: &InboxState) -> Result<Look, ScenarioMistake> {
        let mut held = Held::default();
        let since = self.last_sent.map_or(0, |sent| sent.trace_index);
        let answers = inbox.seen.iter().enumerate();
        for (index, seen) in answers.filter(|(_, seen)| seen.trace_index > since) {
            match seen.packet_type() {
                PacketType::Connack | PacketType::Disconnect => {
                    if let Some(unlike) = self.wrong_refusal(seen) {
                        return Ok(Look::Unlike(Box::new(unlike)));
                    }
                    held.consumed.push(index);
                    held.notes.extend(self.note_on_code(codes, seen)?);
                }
                _ if self.is_acknowledgement(seen) => {
                    return Ok(Look::Unlike(Box::new(Unlike {
                        message: format!(
                            "the broker answered with {} what it must refuse",
                            seen.packet_type().name()
                        ),
                        actual: Some(super::trace::print(&seen.draft)),
                        differences: Vec::new(),
                        trace_index: Some(seen.trace_index),
                    })));
                }
                _ => {}
            }
        }
        if inbox.closed.is_none() {
            let said = held
                .consumed
                .first()
                .and_then(|index| inbox.seen.get(*index));
            return Ok(Look::Pending(said.map(|seen| {
                Box::new(Unlike {
                    message: format!(
                        "the broker sent {} but did not close the connection",
                        seen.packet_type().name()
                    ),
                    actual: Some(super::trace::print(&seen.draft)),
                    differences: Vec::new(),
                    trace_index: Some(seen.trace_index),
                })
            })));
        }
        if held.consumed.is_empty() && self.version == ProtocolVersion::V5_0 {
            held.notes
                .push("closed without a packet that says why".to_owned());
        }
        Ok(Look::Held(held))
    }

    /// A CONNACK that accepts, or a code that is no error.
    fn wrong_refusal(&self, seen: &Seen) -> Option<Unlike> {
        let reason = seen.number("reason").unwrap_or(0);
        let name = seen.packet_type().name();
        let is_error = match self.version {
            ProtocolVersion::V3_1_1 => reason != 0,
            // A code of 3.1.1 gets this far only in the answer to an unknown protocol.
            ProtocolVersion::V5_0 if seen.packet_type() == PacketType::Connack => reason != 0,
            ProtocolVersion::V5_0 => reason >= 0x80,
        };
        let message = if !is_error {
            format!("the broker sent {name} with {reason:#04x}, which is no refusal")
        } else if self.forbids_connack && seen.packet_type() == PacketType::Connack {
            "the broker sent CONNACK; it must close without one".to_owned()
        } else {
            return None;
        };
        Some(Unlike {
            message,
            actual: Some(super::trace::print(&seen.draft)),
            differences: Vec::new(),
            trace_index: Some(seen.trace_index),
        })
    }

    fn note_on_code(
        &self,
        codes: &[Operand],
        seen: &Seen,
    ) -> Result<Option<String>, ScenarioMistake> {
        let reason = seen.number("reason").unwrap_or(0);
        let name = seen.packet_type().name();
        if self.version == ProtocolVersion::V3_1_1 {
            return Ok(Some(format!(
                "{name} with {reason:#04x} came before the close"
            )));
        }
        let mut expected = Vec::new();
        for code in codes {
            expected.push(self.scope.number(code)?);
        }
        if expected.is_empty() || expected.contains(&reason) {
            return Ok(None);
        }
        let listed: Vec<String> = expected.iter().map(|code| format!("{code:#04x}")).collect();
        Ok(Some(format!(
            "{name} has reason {reason:#04x}; {} is expected",
            listed.join(" or ")
        )))
    }

    /// Whether a packet acknowledges what was sent last.
    fn is_acknowledgement(&self, seen: &Seen) -> bool {
        let Some(sent) = self.last_sent else {
            return false;
        };
        match seen.packet_type() {
            PacketType::Puback
            | PacketType::Pubrec
            | PacketType::Pubcomp
            | PacketType::Suback
            | PacketType::Unsuback => {
                sent.packet_id.is_none() || sent.packet_id == seen.number("id")
            }
            PacketType::Pingresp => sent.packet_type == Some(PacketType::Pingreq),
            _ => false,
        }
    }
}

/// The packets among which order means something.
enum Lane {
    Topic(Option<mqtt_assay_codec::notation::Value>),
    Id(Option<mqtt_assay_codec::notation::Value>),
}

impl Lane {
    fn has(&self, seen: &Seen) -> bool {
        match self {
            Self::Topic(Some(topic)) => super::inbox::bytes_of(topic) == seen.topic.as_deref(),
            Self::Id(Some(id)) => super::inbox::number_of(id) == seen.number("id"),
            Self::Topic(None) | Self::Id(None) => true,
        }
    }
}

fn closed(inbox: &InboxState) -> Look {
    if inbox.closed.is_some() {
        Look::Held(Held::default())
    } else {
        Look::Pending(None)
    }
}

/// Whether a packet of another lane explains a disappointment.
fn is_telling(seen: &Seen, pattern: &Pattern) -> bool {
    seen.packet_type() == pattern.packet_type
        || !matches!(
            seen.packet_type(),
            PacketType::Publish | PacketType::Pingresp
        )
}

/// A difference in words: `qos 1 instead of 2`.
fn in_words(pattern: &Pattern, difference: &Difference) -> String {
    let Difference {
        name,
        expected,
        actual,
        ..
    } = difference;
    if matching::is_flag(pattern, name) {
        return if actual == "yes" {
            format!("{name} set")
        } else {
            format!("{name} not set")
        };
    }
    match (expected.as_str(), actual.as_str()) {
        ("absent", actual) => format!("{name} {actual}, which must be absent"),
        (_, "absent") => format!("no {name}"),
        ("present", actual) => format!("{name} {actual}"),
        (expected, actual) => format!("{name} {actual} instead of {expected}"),
    }
}
