//! A second look at what has not come in time: is it missing, or is everything late?
//!
//! On a busy machine a broker is late with everything, and that breaks no rule. So a timeout is believed only once a fresh
//! client has been served meanwhile, and several times as long as that took has passed again.

use std::sync::{Arc, Mutex};

use tokio::time::{self, Instant};

use super::Settings;
use super::client::Stage;
use super::expect::{Held, Look};
use super::inbox::Inbox;
use super::leftovers::Leftovers;
use super::script::{Performance, Stop, check_violation};
use super::test::proof_of_life;
use super::trace::Trace;
use super::waiting::Alternatives;
use crate::scenario::Step;

impl Performance {
    /// Waits on as long as the broker is slow with others, too; what made an alternative hold meanwhile.
    pub(super) async fn look_behind_fence(
        &mut self,
        name: &str,
        inbox: &Inbox,
        alternatives: &Alternatives<'_>,
        step: &Step,
    ) -> Result<Option<(usize, Held)>, Stop> {
        // Who serves as a fence needs none.
        if self.is_fence {
            return Ok(None);
        }
        let start = Instant::now();
        let found = {
            let served = self.is_fresh_client_served();
            tokio::pin!(served);
            let mut closes = None;
            loop {
                let changed = inbox.changed();
                tokio::pin!(changed);
                changed.as_mut().enable();
                match self.look(name, inbox, alternatives, step)? {
                    Ok(found) => break Some(found),
                    // A client that has waited so long may be closed for its silence.
                    Err(Look::Unlike(_)) if inbox.lock().closed.is_some() => break None,
                    Err(Look::Unlike(unlike)) => {
                        return Err(self.unmet(step, alternatives, *unlike));
                    }
                    Err(Look::Pending(_) | Look::Held(_)) => {}
                }
                check_violation(inbox, step)?;
                match closes {
                    None => tokio::select! {
                        is_served = &mut served => {
                            if !is_served {
                                break None;
                            }
                            closes = Some(Instant::now() + start.elapsed() * PATIENCE);
                        }
                        () = changed => {}
                    },
                    Some(closes) => {
                        if time::timeout_at(closes, changed).await.is_err() {
                            break None;
                        }
                    }
                }
            }
        };
        if found.is_some() {
            let note = "it came late, and so did what a fresh client waited for";
            self.notes.push(format!("line {}: {note}", step.line));
        }
        Ok(found)
    }

    /// Whether a fresh client gets its CONNACK, however late.
    async fn is_fresh_client_served(&self) -> bool {
        let settings = &self.stage.settings;
        let stage = Stage {
            settings: Arc::new(Settings {
                timeout: settings.timeout * PATIENCE,
                ..Settings::clone(settings)
            }),
            // A trace of its own: it is no part of what the report shows.
            trace: Arc::new(Trace::new()),
            leftovers: Arc::new(Mutex::new(Leftovers::default())),
            ..self.stage.clone()
        };
        let mut fresh = Self {
            is_fence: true,
            ..Self::new(self.scope.clone(), stage, None)
        };
        Box::pin(fresh.perform(&[proof_of_life()])).await.is_ok()
    }
}

/// How many times longer a fresh client may wait than a line does, and a line once more than the fresh client did.
const PATIENCE: u32 = 5;
