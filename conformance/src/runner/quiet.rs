//! Lines that expect nothing: a ping round trip, a quiet time, and a look.

use std::sync::Arc;

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::Draft;
use tokio::time::{self, Instant};

use super::client::Connection;
use super::expect::{Held, Look, Unlike};
use super::inbox::Inbox;
use super::matching;
use super::script::{Performance, Stop, Unmet, check_violation, mistake, place};
use super::unanswered::PONG;
use super::waiting::Alternatives;
use crate::scenario::{Event, Grade, Pattern, Step};

impl Performance {
    /// Handles a line one of whose alternatives is `nothing` or `silence`.
    pub(super) async fn expect_quiet(
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

    /// Lets the time pass in which nothing may come, behind a ping round trip of every client for `nothing`.
    pub(super) async fn wait_quietly(
        &mut self,
        name: &str,
        event: &Event,
        step: &Step,
    ) -> Result<(), Stop> {
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
    pub(super) async fn barrier(&mut self, name: &str, step: &Step) -> Result<(), Stop> {
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
        let closes = Instant::now() + self.stage.patience(&[PONG]);
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

    pub(super) fn check_quiet(
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
        // A client that keeps silent is one that might be thought lost: that the connection lives is the matter then.
        let is_silent = matches!(event, Event::Silence(_));
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
            // The rule on a packet that nothing asked for says more than a line that wanted silence.
            if is_unwanted
                && wanted.is_none()
                && seen.packet_type() != PacketType::Publish
                && let Some(suspicion) = state
                    .suspicions
                    .iter()
                    .find(|it| it.trace_index == seen.trace_index)
            {
                return Err(Stop::Broke(Box::new(suspicion.clone()), place(step)));
            }
            let is_end = wanted.is_none() && seen.packet_type() == PacketType::Disconnect;
            if is_unwanted && is_end && !is_silent {
                return Err(self.not_open(step, super::trace::print(&seen.draft)));
            }
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
        if state.closed.is_some() && !is_silent {
            return Err(self.not_open(step, "closed".to_owned()));
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

    /// A connection that ended shows nothing of what the broker would have sent: a premise of the line does not hold.
    fn not_open(&self, step: &Step, actual: String) -> Stop {
        Stop::Unmet(Box::new(Unmet {
            place: place(step),
            statements: Vec::new(),
            message: "the broker ended a connection on which nothing may come".to_owned(),
            expected: Some("nothing".to_owned()),
            actual: Some(actual),
            differences: Vec::new(),
            trace_index: None,
        }))
    }
}

pub(super) const fn is_quiet(event: &Event) -> bool {
    matches!(event, Event::Nothing { .. } | Event::Silence(_))
}
