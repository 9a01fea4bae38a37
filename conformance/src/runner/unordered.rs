//! Blocks whose lines may hold in any order.

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::notation::Draft;
use tokio::time::{self, Instant};

use super::expect::{Eye, Held, Look, Unlike};
use super::inbox::Inbox;
use super::script::{Performance, Stop, mistake, place};
use super::waiting::Alternatives;
use super::wording::seconds;
use crate::scenario::{Action, Event, Grade, Step};

/// What a line of an unordered block has taken.
struct Taken {
    step: Step,
    /// The place in the trace of what came.
    arrival: Option<usize>,
    came: Vec<Draft>,
}

impl Performance {
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
            let mut taken = Vec::new();
            // A message that came while the lines were looked through may be one for a line that had its look already:
            // the lines are tried until none holds, and only then is anything acknowledged.
            while self.take_unordered(&mut pending, &mut taken)? {}
            let has_taken = !taken.is_empty();
            self.acknowledge_in_order(taken).await?;
            if pending.is_empty() {
                return Ok(());
            }
            self.check_violations(block)?;
            if has_taken {
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
    fn take_unordered(
        &mut self,
        pending: &mut Vec<Step>,
        taken: &mut Vec<Taken>,
    ) -> Result<bool, Stop> {
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
                    let arrival = held
                        .consumed
                        .first()
                        .and_then(|place| Some(inbox.lock().seen.get(*place)?.trace_index));
                    let came = self.take(&inbox, held, &borrowed, chosen, &step);
                    pending.remove(index);
                    taken.push(Taken {
                        step,
                        arrival,
                        came,
                    });
                    progress = true;
                }
                None => index += 1,
            }
        }
        Ok(progress)
    }

    /// Acknowledges what `receives` took, in the order in which it came, as a client must (MQTT-4.6.0-2 and -3).
    async fn acknowledge_in_order(&mut self, mut taken: Vec<Taken>) -> Result<(), Stop> {
        taken.retain(|it| matches!(it.step.action, Action::Receive { .. }));
        taken.sort_by_key(|it| it.arrival);
        for Taken { step, came, .. } in taken {
            let name = client_of(&step).unwrap_or_default();
            self.finish_handshakes(name, &came, &step).await?;
        }
        Ok(())
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
        let unlike = Unlike { message, ..nearest };
        Ok(self.unlike(name, step, &borrowed, unlike))
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

/// How often an unordered block looks again.
const TURN: Duration = Duration::from_millis(10);
