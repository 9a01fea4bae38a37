//! Waiting for what a line expects: until it holds, cannot hold any more, or its time is over.

use std::sync::Arc;

use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::{PacketType, ProtocolVersion};
use tokio::time::{self, Instant};

use super::client::Connection;
use super::expect::{Eye, Held, Look, Unlike};
use super::inbox::{Inbox, InboxState};
use super::probe::Probe;
use super::quiet::is_quiet;
use super::script::{Performance, Stop, check_violation, mistake, place};
use super::unanswered::{answer_of, answers_in};
use super::wording::seconds;
use crate::scenario::{Event, Grade, Operand, Step, Within};

/// The alternatives of a line.
pub(super) type Alternatives<'a> = [(Grade, &'a [Event])];

/// When an event may come.
pub(super) struct Window {
    opens: Option<Instant>,
    /// What the opening is counted from: the last thing that the test did.
    acted: Instant,
    start: Instant,
    pub(super) closes: Instant,
}

impl Performance {
    /// Waits until one of the alternatives holds; gives the packets that it consumed.
    pub(crate) async fn expect(
        &mut self,
        name: &str,
        alternatives: &Alternatives<'_>,
        within: Option<&Within>,
        step: &Step,
    ) -> Result<Vec<Draft>, Stop> {
        let window = self.window(within, step)?;
        let Some(inbox) = self.inbox(name) else {
            return Err(self.unmet(
                step,
                alternatives,
                Unlike {
                    message: format!("{name} has no connection"),
                    ..Unlike::default()
                },
            ));
        };
        if alternatives
            .iter()
            .any(|(_, events)| events.first().is_some_and(is_quiet))
        {
            return self.expect_quiet(name, &inbox, alternatives, step).await;
        }
        let mut probe = Probe::of(self, name, alternatives, within.is_some());
        let awaited = if within.is_none() {
            answers_in(alternatives)
        } else {
            Vec::new()
        };
        let mut closes = window.closes;
        if !awaited.is_empty() {
            closes = window.start + self.stage.patience(&awaited);
        }
        let is_hasty = closes < window.closes;
        let nearest = loop {
            let changed = inbox.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let nearest = match self.look(name, &inbox, alternatives, step)? {
                Ok((chosen, held)) => {
                    self.check_window(&window, &inbox, &held, alternatives, step)?;
                    return self
                        .conclude(name, &inbox, alternatives, (chosen, held), step)
                        .await;
                }
                Err(look) => look,
            };
            check_violation(&inbox, step)?;
            match nearest {
                Look::Unlike(unlike) => return Err(self.unlike(name, step, alternatives, *unlike)),
                Look::Pending(nearest) => {
                    let until = probe.due().unwrap_or(closes).min(closes);
                    let is_over = time::timeout_at(until, changed).await.is_err();
                    if is_over && !probe.send(self, name).await {
                        break nearest;
                    }
                    closes = closes.min(probe.closes(self, &inbox).unwrap_or(closes));
                }
                Look::Held(_) => {}
            }
        };
        // What came in the last instant still counts.
        let found = match self.look(name, &inbox, alternatives, step)? {
            Ok(found) => Some(found),
            Err(_) => {
                self.look_behind_fence(name, &inbox, alternatives, step)
                    .await?
            }
        };
        if let Some(found) = found {
            return self.conclude(name, &inbox, alternatives, found, step).await;
        }
        if nearest.is_none() {
            self.stage.not_answered(&awaited, window.start);
        }
        if is_hasty {
            let note = "so many tests got no such answer that this one did not wait for it as long";
            self.notes.push(format!("line {}: {note}", step.line));
        }
        let waited = closes - window.start;
        let unlike = self
            .disappointment(name, alternatives, nearest, waited)
            .await;
        Err(self.unlike(name, step, alternatives, unlike))
    }

    /// Consumes what made an alternative hold. Where it says that nothing more comes, a quiet time decides between it and
    /// the alternatives that go on.
    async fn conclude(
        &mut self,
        name: &str,
        inbox: &Arc<Inbox>,
        alternatives: &Alternatives<'_>,
        (chosen, held): (usize, Held),
        step: &Step,
    ) -> Result<Vec<Draft>, Stop> {
        let quiet_of = |index: usize| {
            let (_, events) = alternatives.get(index)?;
            events.last().filter(|event| is_quiet(event))
        };
        let Some(quiet) = quiet_of(chosen) else {
            return Ok(self.take(inbox, held, alternatives, chosen, step));
        };
        self.wait_quietly(name, quiet, step).await?;
        let mut best = (chosen, held);
        for (index, alternative) in alternatives.iter().enumerate() {
            if let Ok((_, held)) = self.look(name, inbox, &[*alternative], step)?
                && held.consumed.len() > best.1.consumed.len()
            {
                best = (index, held);
            }
        }
        let (chosen, held) = best;
        let came = self.take(inbox, held, alternatives, chosen, step);
        if let Some(quiet) = quiet_of(chosen) {
            self.check_quiet(inbox, quiet, alternatives, step)?;
        }
        Ok(came)
    }

    /// Looks at an inbox once: the first alternative that holds, or why none does.
    pub(super) fn look(
        &self,
        name: &str,
        inbox: &Inbox,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<Result<(usize, Held), Look>, Stop> {
        let eye = self.eye(name, step);
        let state = inbox.lock();
        let mut pending = None;
        let mut unlike = None;
        let has_goodbye = has_goodbye(alternatives, &state);
        for (index, (_, events)) in alternatives.iter().enumerate() {
            if has_goodbye && matches!(events.first(), Some(Event::Closed)) {
                continue;
            }
            match mistake(eye.sequence(events, &state), step)? {
                Look::Held(held) => return Ok(Ok((index, held))),
                Look::Pending(nearest) => pending = pending.or(Some(nearest)),
                Look::Unlike(more) => unlike = unlike.or(Some(more)),
            }
        }
        Ok(Err(match (pending, unlike) {
            (Some(nearest), unlike) => Look::Pending(unlike.or(nearest)),
            (None, Some(unlike)) => Look::Unlike(unlike),
            (None, None) => Look::Pending(None),
        }))
    }

    pub(super) fn eye<'a>(&'a self, name: &str, step: &Step) -> Eye<'a> {
        let connection = self
            .clients
            .get(name)
            .and_then(|client| client.connection.as_ref());
        let version = connection.map_or(self.stage.version, |connection| connection.version);
        Eye {
            scope: &self.scope,
            version,
            last_sent: connection.and_then(|connection| connection.last_sent.as_ref()),
            forbids_connack: version == ProtocolVersion::V3_1_1
                && step.statements.contains(&CLOSE_WITHOUT_CONNACK)
                && !connection.is_some_and(Connection::is_of_unknown_protocol),
            in_any_order: false,
        }
    }

    /// Consumes what made an alternative hold.
    pub(super) fn take(
        &mut self,
        inbox: &Inbox,
        held: Held,
        alternatives: &Alternatives<'_>,
        chosen: usize,
        step: &Step,
    ) -> Vec<Draft> {
        let mut state = inbox.lock();
        let came: Vec<Draft> = held
            .consumed
            .iter()
            .filter_map(|index| state.seen.get(*index).map(|seen| seen.draft.clone()))
            .collect();
        let mut places = held.consumed;
        places.sort_unstable();
        places.dedup();
        for (count, place) in places.iter().enumerate() {
            let seen = state.seen.remove(place - count);
            state.taken.insert(seen.packet_type(), seen);
        }
        drop(state);
        let events = alternatives
            .get(chosen)
            .map_or(&[][..], |(_, events)| events);
        // What is only closed may have been closed at both ends.
        let is_answer = |event: &&Event| !matches!(event, Event::Closed);
        for answer in events.iter().filter(is_answer).filter_map(answer_of) {
            self.stage.answered(answer);
        }
        for (name, literal) in held.captures {
            self.scope.set(&name, literal);
        }
        self.notes.extend(
            held.notes
                .into_iter()
                .map(|note| format!("line {}: {note}", step.line)),
        );
        if let Some((grade @ (Grade::Weak | Grade::Info | Grade::Last), events)) =
            alternatives.get(chosen)
        {
            let shown = self.show(events);
            let statements = step.judged(self.stage.version).collect();
            self.grades.push((*grade, place(step), statements, shown));
        }
        came
    }

    fn check_window(
        &self,
        window: &Window,
        inbox: &Inbox,
        held: &Held,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<(), Stop> {
        let Some(opens) = window.opens else {
            return Ok(());
        };
        let state = inbox.lock();
        let at = held
            .consumed
            .iter()
            .filter_map(|index| state.seen.get(*index).map(|seen| seen.at))
            .chain(state.closed)
            .min();
        match at {
            Some(at) if at < opens => {
                let after = seconds(at.saturating_duration_since(window.acted));
                let message = format!(
                    "it came after {after}, not before {} is allowed",
                    seconds(opens - window.acted)
                );
                Err(self.unmet(
                    step,
                    alternatives,
                    Unlike {
                        message,
                        ..Unlike::default()
                    },
                ))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn window(&self, within: Option<&Within>, step: &Step) -> Result<Window, Stop> {
        let start = Instant::now();
        let settings = &self.stage.settings;
        let Some(within) = within else {
            return Ok(Window {
                opens: None,
                acted: start,
                start,
                closes: start + settings.patience(),
            });
        };
        // What the broker does it does for what the test did last; the runner may come here late on a busy machine.
        let acted = self.stage.trace.last_action().max(self.waited);
        let acted = acted.unwrap_or(start);
        let duration = |operand: &Operand| mistake(self.scope.duration(operand), step);
        let opens = match &within.at_least {
            Some(at_least) => Some(acted + duration(at_least)?),
            None => None,
        };
        let closes = start + settings.scaled(duration(&within.at_most)?);
        Ok(Window {
            opens,
            acted,
            start,
            closes,
        })
    }

    pub(super) fn inbox(&self, name: &str) -> Option<Arc<Inbox>> {
        let connection = self.clients.get(name)?.connection.as_ref()?;
        Some(Arc::clone(&connection.inbox))
    }
}

/// [MQTT-3.1.4-1]: a CONNECT that is no valid one is answered by closing, without CONNACK.
const CLOSE_WITHOUT_CONNACK: mqtt_assay_codec::StatementId =
    mqtt_assay_codec::StatementId::v3(3, 1, 4, 1);

/// Whether a packet came of a type with which an alternative takes leave: beside that one, `closed` means a close
/// without a word.
fn has_goodbye(alternatives: &Alternatives<'_>, inbox: &InboxState) -> bool {
    let goodbyes = |packet_type| {
        matches!(packet_type, PacketType::Connack | PacketType::Disconnect)
            && alternatives.iter().any(|(_, events)| {
                matches!(events.first(), Some(Event::Packet(pattern)) if pattern.packet_type == packet_type)
            })
    };
    inbox.seen.iter().any(|seen| goodbyes(seen.packet_type()))
}
