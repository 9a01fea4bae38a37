//! One restart of the broker for all tests that want one.
//!
//! Each of them comes to it in its own time. When all that are under way have come, or have ended, one of them
//! restarts the broker, and all go on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// One who may come to a gathering: as long as it has neither come nor gone, the broker is not restarted.
#[derive(Debug)]
pub(crate) struct Guest(Arc<Gathering>);

/// Where tests wait for each other.
#[derive(Debug, Default)]
struct Gathering {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    guests: usize,
    waiting: usize,
    is_restarting: bool,
    /// How many restarts there were.
    round: usize,
    /// What the last restart came to.
    outcome: Result<(), String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            guests: 0,
            waiting: 0,
            is_restarting: false,
            round: 0,
            outcome: Ok(()),
        }
    }
}

impl Gathering {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guest {
    /// The first of a new gathering.
    pub(crate) fn first() -> Self {
        let gathering = Arc::new(Gathering::default());
        gathering.state().guests = 1;
        Self(gathering)
    }

    /// One more.
    pub(crate) fn another(&self) -> Self {
        self.0.state().guests += 1;
        Self(Arc::clone(&self.0))
    }

    /// Waits until all have come, and until one of them has restarted the broker.
    pub(crate) async fn restart<F>(&self, restart: impl FnOnce() -> F) -> Result<(), String>
    where
        F: Future<Output = Result<(), String>>,
    {
        let round = {
            let mut state = self.0.state();
            state.waiting += 1;
            state.round
        };
        loop {
            let changed = self.0.changed.notified();
            {
                let mut state = self.0.state();
                if state.round != round {
                    return state.outcome.clone();
                }
                if state.waiting == state.guests && !state.is_restarting {
                    state.is_restarting = true;
                    break;
                }
            }
            changed.await;
        }
        let outcome = restart().await;
        let mut state = self.0.state();
        state.waiting = 0;
        state.is_restarting = false;
        state.round += 1;
        state.outcome.clone_from(&outcome);
        self.0.changed.notify_waiters();
        outcome
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.0.state().guests -= 1;
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Restarts the broker as a guest, and counts.
    async fn come(guest: Guest, restarts: Arc<AtomicUsize>) -> Result<(), String> {
        let restart = || async {
            restarts.fetch_add(1, Ordering::Relaxed);
            Err("it does not start".to_owned())
        };
        guest.restart(restart).await
    }

    #[tokio::test]
    async fn all_that_come_have_one_restart_and_its_outcome() {
        let restarts = Arc::new(AtomicUsize::new(0));
        let host = Guest::first();
        let guests = [host.another(), host.another()];
        let tasks = guests.map(|guest| tokio::spawn(come(guest, Arc::clone(&restarts))));
        let absent = host.another();
        drop(host);
        tokio::task::yield_now().await;
        assert_eq!(restarts.load(Ordering::Relaxed), 0, "one is still to come");
        drop(absent);
        for task in tasks {
            assert_eq!(task.await.unwrap(), Err("it does not start".to_owned()));
        }
        assert_eq!(restarts.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn who_comes_again_waits_for_those_that_are_there() {
        let restarts = Arc::new(AtomicUsize::new(0));
        let host = Guest::first();
        let (once, twice) = (host.another(), host.another());
        drop(host);
        let restart = || async {
            restarts.fetch_add(1, Ordering::Relaxed);
            Ok(())
        };
        let again = async {
            twice.restart(restart).await.unwrap();
            twice.restart(restart).await.unwrap();
        };
        let leaves = async {
            once.restart(restart).await.unwrap();
            assert_eq!(restarts.load(Ordering::Relaxed), 1);
            drop(once);
        };
        tokio::join!(again, leaves);
        assert_eq!(restarts.load(Ordering::Relaxed), 2);
    }
}
