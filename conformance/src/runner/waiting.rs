//! Waiting for what a line expects: until it holds, cannot hold any more, or its time is over.

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::notation::Draft;
use mqtt_assay_codec::{PacketType, ProtocolVersion};
use tokio::time::{self, Instant};

use super::client::Connection;
use super::expect::{Eye, Held, Look, Unlike};
use super::inbox::Inbox;
use super::matching;
use super::script::{Performance, Stop, Unmet, check_violation, mistake, place};
use crate::scenario::{Action, Event, Grade, Operand, Pattern, Step, Within};

/// The alternatives of a line.
type Alternatives<'a> = [(Grade, &'a [Event])];

/// When an event may come.
struct Window {
    opens: Option<Instant>,
    start: Instant,
    closes: Instant,
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
        let nearest = loop {
            let changed = inbox.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let nearest = match self.look(name, &inbox, alternatives, step)? {
                Ok((chosen, held)) => {
                    self.check_window(&window, &inbox, &held, alternatives, step)?;
                    let came = self.take(&inbox, held, alternatives, chosen, step);
                    if let Some(quiet) = alternatives
                        .get(chosen)
                        .and_then(|(_, events)| events.iter().find(|event| is_quiet(event)))
                    {
                        self.stay_quiet(name, &inbox, quiet, alternatives, step)
                            .await?;
                    }
                    return Ok(came);
                }
                Err(look) => look,
            };
            check_violation(&inbox, step)?;
            match nearest {
                Look::Unlike(unlike) => return Err(self.unmet(step, alternatives, *unlike)),
                Look::Pending(nearest) => {
                    if time::timeout_at(window.closes, changed).await.is_err() {
                        break nearest;
                    }
                }
                Look::Held(_) => {}
            }
        };
        // What came in the last instant still counts.
        if let Ok((chosen, held)) = self.look(name, &inbox, alternatives, step)? {
            return Ok(self.take(&inbox, held, alternatives, chosen, step));
        }
        let waited = window.closes - window.start;
        let unlike = self
            .disappointment(name, alternatives, nearest, waited)
            .await;
        Err(self.unmet(step, alternatives, unlike))
    }

    /// Waits until each of several lines holds, in any order.
    pub(crate) async fn unordered(&mut self, steps: &[Step], block: &Step) -> Result<(), Stop> {
        let version = self.stage.version;
        let case = self.case.clone();
        let mut pending: Vec<Step> = steps
            .iter()
            .filter(|step| step.applies(version, case.as_deref()))
            .cloned()
            .collect();
        let start = Instant::now();
        let mut closes = start + self.stage.settings.patience();
        for step in &pending {
            if let Action::Expect { within, .. } | Action::Receive { within, .. } = &step.action {
                closes = closes.max(self.window(within.as_ref(), step)?.closes);
            }
        }
        loop {
            let progress = self.take_unordered(&mut pending).await?;
            if pending.is_empty() {
                return Ok(());
            }
            self.check_violations(block)?;
            if progress {
                continue;
            }
            // The clients are few and the wait is short: a look at every change of any of them.
            let inboxes: Vec<Arc<Inbox>> = pending
                .iter()
                .filter_map(|step| self.inbox(client_of(step)?))
                .collect();
            let is_over = Instant::now() >= closes;
            if is_over || inboxes.is_empty() {
                let Some(step) = pending.first() else {
                    return Ok(());
                };
                return Err(self.missing(step, closes - start)?);
            }
            wait_for_any(&inboxes, closes).await;
        }
    }

    /// Takes what the pending lines of an unordered block expect; true if any did hold.
    async fn take_unordered(&mut self, pending: &mut Vec<Step>) -> Result<bool, Stop> {
        let mut progress = false;
        let mut index = 0;
        while let Some(step) = pending.get(index).cloned() {
            let Some(alternatives) = alternatives_of(&step) else {
                return Err(Stop::Mistake(
                    "only expectations may stand between unordered and end".to_owned(),
                    place(&step),
                ));
            };
            let borrowed: Vec<_> = alternatives
                .iter()
                .map(|(grade, events)| (*grade, events.as_slice()))
                .collect();
            let name = client_of(&step).unwrap_or_default().to_owned();
            let Some(inbox) = self.inbox(&name) else {
                index += 1;
                continue;
            };
            match self.look_anywhere(&name, &inbox, &borrowed, &step)? {
                Some((chosen, held)) => {
                    let came = self.take(&inbox, held, &borrowed, chosen, &step);
                    pending.remove(index);
                    progress = true;
                    if matches!(step.action, Action::Receive { .. }) {
                        self.finish_handshakes(&name, &came, &step).await?;
                    }
                }
                None => index += 1,
            }
        }
        Ok(progress)
    }

    /// The failure of a line of an unordered block.
    fn missing(&self, step: &Step, waited: Duration) -> Result<Stop, Stop> {
        let alternatives = alternatives_of(step).unwrap_or_default();
        let borrowed: Vec<_> = alternatives
            .iter()
            .map(|(grade, events)| (*grade, events.as_slice()))
            .collect();
        let name = client_of(step).unwrap_or_default();
        let nearest = match self.inbox(name) {
            Some(inbox) => match self.look(name, &inbox, &borrowed, step)? {
                Ok(_) | Err(Look::Held(_) | Look::Pending(None)) => Unlike::default(),
                Err(Look::Unlike(unlike) | Look::Pending(Some(unlike))) => *unlike,
            },
            None => Unlike {
                message: format!("{name} has no connection"),
                ..Unlike::default()
            },
        };
        let message = if nearest.message.is_empty() {
            format!("nothing of the kind came within {}", seconds(waited))
        } else {
            format!(
                "it did not come within {}; {}",
                seconds(waited),
                nearest.message
            )
        };
        Ok(self.unmet(step, &borrowed, Unlike { message, ..nearest }))
    }

    /// Looks at an inbox once: the first alternative that holds, or why none does.
    fn look(
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
        for (index, (_, events)) in alternatives.iter().enumerate() {
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

    /// As [`Self::look`], but a packet that is unlike does not stand in the way of those behind it.
    fn look_anywhere(
        &self,
        name: &str,
        inbox: &Inbox,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<Option<(usize, Held)>, Stop> {
        let eye = Eye {
            in_any_order: true,
            ..self.eye(name, step)
        };
        let state = inbox.lock();
        for (index, (_, events)) in alternatives.iter().enumerate() {
            if let Look::Held(held) = mistake(eye.sequence(events, &state), step)? {
                return Ok(Some((index, held)));
            }
        }
        Ok(None)
    }

    fn eye<'a>(&'a self, name: &str, step: &Step) -> Eye<'a> {
        let connection = self
            .clients
            .get(name)
            .and_then(|client| client.connection.as_ref());
        Eye {
            scope: &self.scope,
            version: self.stage.version,
            last_sent: connection.and_then(|connection| connection.last_sent.as_ref()),
            forbids_connack: self.stage.version == ProtocolVersion::V3_1_1
                && step.statements.contains(&CLOSE_WITHOUT_CONNACK),
            in_any_order: false,
        }
    }

    /// Consumes what made an alternative hold.
    fn take(
        &mut self,
        inbox: &Inbox,
        held: Held,
        alternatives: &Alternatives<'_>,
        chosen: usize,
        step: &Step,
    ) -> Vec<Draft> {
        let mut state = inbox.lock();
        let came = held
            .consumed
            .iter()
            .filter_map(|index| state.seen.get(*index).map(|seen| seen.draft.clone()))
            .collect();
        let mut places = held.consumed;
        places.sort_unstable_by(|a, b| b.cmp(a));
        places.dedup();
        for index in places {
            state.seen.remove(index);
        }
        drop(state);
        for (name, literal) in held.captures {
            self.scope.set(&name, literal);
        }
        self.notes.extend(
            held.notes
                .into_iter()
                .map(|note| format!("line {}: {note}", step.line)),
        );
        if let Some((grade @ (Grade::Weak | Grade::Info), events)) = alternatives.get(chosen) {
            let shown = self.show(events);
            let statements = step.judged(self.stage.version).collect();
            self.grades.push((*grade, place(step), statements, shown));
        }
        came
    }

    /// Handles a line one of whose alternatives is `nothing` or `silence`.
    async fn expect_quiet(
        &mut self,
        name: &str,
        inbox: &Arc<Inbox>,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<Vec<Draft>, Stop> {
        let quiet = alternatives
            .iter()
            .position(|(_, events)| events.first().is_some_and(is_quiet))
            .unwrap_or_default();
        let Some(event) = alternatives
            .get(quiet)
            .and_then(|(_, events)| events.first())
        else {
            return Ok(Vec::new());
        };
        self.wait_quietly(name, event, step).await?;
        let others: Vec<_> = alternatives
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != quiet)
            .map(|(_, alternative)| *alternative)
            .collect();
        if !others.is_empty()
            && let Ok((chosen, held)) = self.look(name, inbox, &others, step)?
        {
            return Ok(self.take(inbox, held, &others, chosen, step));
        }
        self.check_quiet(inbox, event, alternatives, step)?;
        Ok(self.take(inbox, Held::default(), alternatives, quiet, step))
    }

    async fn stay_quiet(
        &mut self,
        name: &str,
        inbox: &Arc<Inbox>,
        event: &Event,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<(), Stop> {
        self.wait_quietly(name, event, step).await?;
        self.check_quiet(inbox, event, alternatives, step)
    }

    /// Lets the time pass in which nothing may come, behind a ping round trip of every client for `nothing`.
    async fn wait_quietly(&mut self, name: &str, event: &Event, step: &Step) -> Result<(), Stop> {
        let duration = match event {
            Event::Silence(duration)
            | Event::Nothing {
                duration: Some(duration),
                ..
            } => mistake(self.scope.duration(duration), step)?,
            _ => self.stage.settings.quiet_time(),
        };
        if matches!(event, Event::Nothing { .. }) {
            // The others first: what they sent is then with the broker when the last ping is answered.
            let mut names: Vec<String> = self.clients.keys().cloned().collect();
            names.sort_by_key(|other| other == name);
            for other in names {
                self.barrier(&other, step).await?;
            }
        }
        time::sleep(duration).await;
        Ok(())
    }

    /// A ping round trip, where the connection allows it; its PINGRESP is consumed.
    async fn barrier(&mut self, name: &str, step: &Step) -> Result<(), Stop> {
        let is_open = |connection: &Connection| {
            let state = connection.inbox.lock();
            connection.is_in_step && state.is_accepted && state.closed.is_none()
        };
        if !self.client(name).connection.as_ref().is_some_and(is_open) {
            return Ok(());
        }
        let last_sent = self
            .client(name)
            .connection
            .as_ref()
            .and_then(|c| c.last_sent.clone());
        let ping = Draft {
            packet_type: PacketType::Pingreq,
            fields: Vec::new(),
        };
        self.send_draft(name, ping, step).await?;
        let pattern = Pattern {
            packet_type: PacketType::Pingresp,
            fields: Vec::new(),
        };
        let closes = Instant::now() + self.stage.settings.patience();
        let Some(inbox) = self.inbox(name) else {
            return Ok(());
        };
        let events = [Event::Packet(pattern)];
        loop {
            let changed = inbox.changed();
            tokio::pin!(changed);
            changed.as_mut().enable();
            match self.look(name, &inbox, &[(Grade::Pass, &events)], step)? {
                Ok((_, held)) => {
                    drop(self.take(&inbox, held, &[(Grade::Pass, &events)], 0, step));
                    break;
                }
                Err(Look::Unlike(_)) => break,
                Err(Look::Pending(_) | Look::Held(_)) => {
                    if time::timeout_at(closes, changed).await.is_err() {
                        break;
                    }
                }
            }
        }
        if let Some(connection) = &mut self.client(name).connection {
            connection.last_sent = last_sent;
        }
        Ok(())
    }

    fn check_quiet(
        &self,
        inbox: &Inbox,
        event: &Event,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<(), Stop> {
        check_violation(inbox, step)?;
        let state = inbox.lock();
        let wanted = match event {
            Event::Nothing { matching, .. } => matching.as_ref(),
            _ => None,
        };
        let is_v5 = self.stage.version.has_reason_codes();
        for seen in state.seen.iter().filter(|seen| is_v5 || !seen.is_retry) {
            let is_unwanted = match wanted {
                None => true,
                Some(pattern) => {
                    seen.packet_type() == pattern.packet_type
                        && mistake(matching::compare(pattern, seen, &self.scope), step)?
                            .differences
                            .is_empty()
                }
            };
            if is_unwanted {
                let unlike = Unlike {
                    message: format!("{} came where nothing may come", seen.packet_type().name()),
                    actual: Some(super::trace::print(&seen.draft)),
                    differences: Vec::new(),
                    trace_index: Some(seen.trace_index),
                };
                return Err(self.unmet(step, alternatives, unlike));
            }
        }
        if state.closed.is_some() {
            let unlike = Unlike {
                message: "the connection was closed; it must stay open".to_owned(),
                actual: Some("closed".to_owned()),
                ..Unlike::default()
            };
            return Err(self.unmet(step, alternatives, unlike));
        }
        Ok(())
    }

    /// What to say when the time is over.
    async fn disappointment(
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
            actual: Some("nothing".to_owned()),
            ..Unlike::default()
        }
    }

    /// Whether a connection that should be closed is alive or hangs.
    async fn state_of(&mut self, name: &str) -> &'static str {
        let stage = self.stage.clone();
        let Some(inbox) = self.inbox(name) else {
            return "there is no connection";
        };
        let ping = super::value::Rendered {
            bytes: vec![0xc0, 0x00],
            draft: Some(Draft {
                packet_type: PacketType::Pingreq,
                fields: Vec::new(),
            }),
            is_malformed: false,
        };
        self.client(name).send(&[ping], None, &stage).await;
        let closes = Instant::now() + stage.settings.grace();
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
                let after = seconds(at.saturating_duration_since(window.start));
                let message = format!(
                    "it came after {after}, not before {} is allowed",
                    seconds(opens - window.start)
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

    fn window(&self, within: Option<&Within>, step: &Step) -> Result<Window, Stop> {
        let start = Instant::now();
        let settings = &self.stage.settings;
        let Some(within) = within else {
            return Ok(Window {
                opens: None,
                start,
                closes: start + settings.patience(),
            });
        };
        let duration = |operand: &Operand| mistake(self.scope.duration(operand), step);
        let opens = match &within.at_least {
            Some(at_least) => Some(start + duration(at_least)?),
            None => None,
        };
        let closes = start + settings.scaled(duration(&within.at_most)?);
        Ok(Window {
            opens,
            start,
            closes,
        })
    }

    fn inbox(&self, name: &str) -> Option<Arc<Inbox>> {
        let connection = self.clients.get(name)?.connection.as_ref()?;
        Some(Arc::clone(&connection.inbox))
    }

    fn unmet(&self, step: &Step, alternatives: &Alternatives<'_>, unlike: Unlike) -> Stop {
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

    fn show(&self, events: &[Event]) -> String {
        let shown: Vec<String> = events.iter().map(|event| self.show_event(event)).collect();
        shown.join(" then ")
    }

    fn show_event(&self, event: &Event) -> String {
        match event {
            Event::Packet(pattern) => matching::show_pattern(pattern, &self.scope),
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

async fn wait_for_any(inboxes: &[Arc<Inbox>], closes: Instant) {
    let mut set = tokio::task::JoinSet::new();
    for inbox in inboxes {
        let inbox = Arc::clone(inbox);
        set.spawn(async move { inbox.changed().await });
    }
    // A change between the look and this wait is noticed at the next turn: the turns are short.
    let turn = closes.min(Instant::now() + TURN);
    let _changed = time::timeout_at(turn, set.join_next()).await;
}

const fn is_quiet(event: &Event) -> bool {
    matches!(event, Event::Nothing { .. } | Event::Silence(_))
}

fn client_of(step: &Step) -> Option<&str> {
    match &step.action {
        Action::Expect { client, .. } | Action::Receive { client, .. } => Some(client),
        _ => None,
    }
}

fn alternatives_of(step: &Step) -> Option<Vec<(Grade, Vec<Event>)>> {
    match &step.action {
        Action::Expect { alternatives, .. } => Some(
            alternatives
                .iter()
                .map(|alternative| (alternative.grade, alternative.events.clone()))
                .collect(),
        ),
        Action::Receive { pattern, .. } => {
            Some(vec![(Grade::Pass, vec![Event::Packet(pattern.clone())])])
        }
        _ => None,
    }
}

fn seconds(duration: Duration) -> String {
    let text = format!("{:.2}", duration.as_secs_f64());
    format!("{} s", text.trim_end_matches('0').trim_end_matches('.'))
}

/// [MQTT-3.1.4-1]: a CONNECT that is no valid one is answered by closing, without CONNACK.
const CLOSE_WITHOUT_CONNACK: mqtt_assay_codec::StatementId =
    mqtt_assay_codec::StatementId::v3(3, 1, 4, 1);
/// How often an unordered block looks again.
const TURN: Duration = Duration::from_millis(10);
