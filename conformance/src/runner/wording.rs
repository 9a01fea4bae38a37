//! What to say of a line that did not hold.

use std::time::Duration;

use mqtt_assay_codec::PacketType;
use tokio::time::{self, Instant};

use super::expect::Unlike;
use super::inbox::Seen;
use super::matching;
use super::script::{Performance, Stop, Unmet, place};
use super::unanswered::PONG;
use super::waiting::Alternatives;
use crate::scenario::{Cut, Event, Step};

impl Performance {
    /// What to say when the time is over.
    pub(super) async fn disappointment(
        &mut self,
        name: &str,
        alternatives: &Alternatives<'_>,
        nearest: Option<Box<Unlike>>,
        waited: Duration,
    ) -> Unlike {
        let waited = seconds(waited);
        let wants_close = alternatives.iter().any(|(_, events)| {
            events
                .iter()
                .any(|event| matches!(event, Event::Closed | Event::Refused(_)))
        });
        if let Some(nearest) = nearest {
            let message = format!(
                "what is expected did not come within {waited}; {}",
                nearest.message
            );
            return Unlike {
                message,
                ..*nearest
            };
        }
        let state = if wants_close {
            self.state_of(name).await
        } else {
            "the connection is open"
        };
        let message = format!("nothing of the kind came within {waited}; {state}");
        Unlike {
            message,
            actual: Some(NOTHING.to_owned()),
            ..Unlike::default()
        }
    }

    /// Whether a connection that should be closed is alive or hangs.
    pub(super) async fn state_of(&mut self, name: &str) -> &'static str {
        let stage = self.stage.clone();
        let Some(inbox) = self.inbox(name) else {
            return "there is no connection";
        };
        let ping = super::probe::pingreq();
        self.client(name).send(&[ping], Cut::Whole, &stage).await;
        let patience = stage.patience(&[PONG]).min(stage.settings.grace());
        let closes = Instant::now() + patience;
        loop {
            let changed = inbox.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            {
                let state = inbox.lock();
                if state
                    .seen
                    .iter()
                    .any(|seen| seen.packet_type() == PacketType::Pingresp)
                {
                    return "the connection is open and answers PINGREQ";
                }
                if state.closed.is_some() {
                    return "the connection was closed only after another packet";
                }
            }
            if time::timeout_at(closes, changed).await.is_err() {
                return "the connection hangs: it is open and does not answer PINGREQ";
            }
        }
    }

    pub(super) fn unmet(
        &self,
        step: &Step,
        alternatives: &Alternatives<'_>,
        unlike: Unlike,
    ) -> Stop {
        let shown: Vec<String> = alternatives
            .iter()
            .map(|(_, events)| self.show(events))
            .collect();
        Stop::Unmet(Box::new(Unmet {
            place: place(step),
            statements: step.judged(self.stage.version).collect(),
            message: unlike.message,
            expected: Some(shown.join("  |  ")),
            actual: unlike.actual,
            differences: unlike.differences,
            trace_index: unlike.trace_index,
        }))
    }

    /// A line that did not hold for what came instead. Where that is an answer that is wrong at any time, the rule on it
    /// says more than the line.
    pub(super) fn unlike(
        &self,
        name: &str,
        step: &Step,
        alternatives: &Alternatives<'_>,
        unlike: Unlike,
    ) -> Stop {
        let suspicion = self.inbox(name).and_then(|inbox| {
            let state = inbox.lock();
            let index = unlike.trace_index?;
            let mut seen = state.seen.iter().filter(|it| it.trace_index == index);
            let is_answer = |it: &Seen| it.packet_type() != PacketType::Publish;
            let mut suspicions = state.suspicions.iter();
            let suspicion = suspicions.find(|it| it.trace_index == index)?;
            seen.any(is_answer).then(|| suspicion.clone())
        });
        match suspicion {
            Some(suspicion) => Stop::Broke(Box::new(suspicion), place(step)),
            None => self.unmet(step, alternatives, unlike),
        }
    }

    pub(super) fn show(&self, events: &[Event]) -> String {
        let shown: Vec<String> = events.iter().map(|event| self.show_event(event)).collect();
        shown.join(" then ")
    }

    pub(super) fn show_event(&self, event: &Event) -> String {
        match event {
            Event::Packet(pattern) => matching::show_pattern(pattern, &self.scope),
            Event::That(pattern) => {
                format!("that {}", matching::show_pattern(pattern, &self.scope))
            }
            Event::Closed => "closed".to_owned(),
            Event::Refused(codes) => {
                let codes: Vec<String> = codes
                    .iter()
                    .filter_map(|code| self.scope.number(code).ok())
                    .map(|code| format!("{code:#04x}"))
                    .collect();
                if self.stage.version.has_reason_codes() {
                    format!("CONNACK or DISCONNECT {} then closed", codes.join(" or "))
                } else {
                    "closed, with nothing acknowledged".to_owned()
                }
            }
            Event::Nothing {
                matching: Some(pattern),
                ..
            } => {
                format!(
                    "nothing matching {}",
                    matching::show_pattern(pattern, &self.scope)
                )
            }
            Event::Nothing { matching: None, .. } | Event::Silence(_) => "nothing".to_owned(),
        }
    }
}

pub(super) fn seconds(duration: Duration) -> String {
    let text = format!("{:.2}", duration.as_secs_f64());
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What came where nothing did.
pub(super) const NOTHING: &str = "nothing";
