//! Which tests run side by side, and in which order.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::task::JoinSet;

use super::restart::Guest;
use super::suite::Selected;
use crate::scenario::{Action, Literal, Operand, Step, TestPlan};
use crate::verdict::TestResult;

/// The order in which tests start: the longest first, so that nobody waits for a timer at the end; those that want to
/// be alone at the very end.
pub(super) fn longest_first(tests: &[Selected]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..tests.len()).collect();
    order.sort_by_key(|index| {
        let Some(test) = tests.get(*index) else {
            return (false, 0);
        };
        let longest_first = u64::MAX - waiting_time(&test.scenario.steps).as_secs();
        (Pace::of(test) == Pace::Alone, longest_first)
    });
    order
}

/// The order in which the tests of each pace start.
pub(super) fn queues(tests: &[Selected]) -> BTreeMap<Pace, VecDeque<usize>> {
    let mut queues: BTreeMap<Pace, VecDeque<usize>> = BTreeMap::new();
    for index in longest_first(tests) {
        if let Some(test) = tests.get(index) {
            let queue = queues.entry(Pace::of(test)).or_default();
            queue.push_back(index);
        }
    }
    queues
}

/// How a test spends its time, in the order in which they start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pace {
    /// With waiting: it needs no share of the broker's attention.
    Timed,
    /// With exchanges.
    Quick,
    /// With others that have the broker stopped and started again.
    Stop,
    /// With others that have it killed.
    Kill,
    /// With nobody else.
    Alone,
}

impl Pace {
    pub(super) const ALL: [Self; 5] = [
        Self::Timed,
        Self::Quick,
        Self::Stop,
        Self::Kill,
        Self::Alone,
    ];

    pub(super) fn of(test: &Selected) -> Self {
        if test.scenario.is_exclusive {
            return Self::Alone;
        }
        match first_restart(&test.scenario.steps, &test.plan) {
            Some(true) => Self::Kill,
            Some(false) => Self::Stop,
            None if waiting_time(&test.scenario.steps) >= TIMED => Self::Timed,
            None => Self::Quick,
        }
    }
}

/// The tests under way.
#[derive(Default)]
pub(super) struct Running {
    pub(super) tests: JoinSet<(usize, TestResult)>,
    /// How each of them spends its time, by its place.
    pub(super) paces: BTreeMap<usize, Pace>,
    /// Keeps the broker up while tests are started that are to be there when it is restarted.
    pub(super) host: Option<Guest>,
}

impl Running {
    /// Whether one more may start. Tests that wait for timers do not keep the others waiting.
    pub(super) fn has_room(&self, pace: Pace, jobs: usize) -> bool {
        match pace {
            _ if jobs == 1 => self.is_empty(),
            Pace::Quick => self.count(Pace::Quick) < jobs,
            Pace::Timed => self.count(Pace::Timed) < jobs * 2,
            Pace::Stop | Pace::Kill => {
                let is_open = self.host.is_some() && self.count(pace) == self.paces.len();
                self.is_empty() || is_open && self.count(pace) < jobs
            }
            Pace::Alone => self.is_empty(),
        }
    }

    /// A place for a test of this pace among those that are there when the broker is restarted, if it restarts it with
    /// others.
    pub(super) fn invite(&mut self, pace: Pace) -> Option<Guest> {
        matches!(pace, Pace::Stop | Pace::Kill)
            .then(|| self.host.get_or_insert_with(Guest::first).another())
    }

    fn count(&self, pace: Pace) -> usize {
        self.paces.values().filter(|it| **it == pace).count()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.paces.is_empty()
    }

    /// Ends all of them.
    pub(super) async fn stop(mut self) {
        self.tests.shutdown().await;
    }
}

/// How a test first restarts the broker, if it does: whether it kills it.
fn first_restart(steps: &[Step], plan: &TestPlan) -> Option<bool> {
    let applies = |step: &&Step| step.applies(plan.version, plan.case.as_deref());
    steps
        .iter()
        .filter(applies)
        .find_map(|step| match &step.action {
            Action::RestartBroker { is_killed } => Some(*is_killed),
            other => first_restart(other.steps(), plan),
        })
}

/// How long a scenario waits at least, as far as its lines say.
fn waiting_time(steps: &[Step]) -> Duration {
    let literal = |operand: &Operand| match operand {
        Operand::Literal(Literal::Duration(duration)) => *duration,
        Operand::Literal(Literal::Value(_) | Literal::Long(_)) | Operand::Variable(_) => {
            Duration::from_secs(1)
        }
    };
    steps
        .iter()
        .map(|step| match &step.action {
            Action::Wait { duration } => literal(duration),
            Action::Expect {
                within: Some(within),
                ..
            }
            | Action::Receive {
                within: Some(within),
                ..
            } => literal(&within.at_most),
            Action::Repeat { steps, .. }
            | Action::Unordered { steps }
            | Action::Eventually { steps, .. } => waiting_time(steps),
            _ => Duration::ZERO,
        })
        .sum()
}

/// From how much waiting on a test counts as one that waits.
const TIMED: Duration = Duration::from_millis(800);
