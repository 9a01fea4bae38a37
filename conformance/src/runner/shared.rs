//! Tests side by side on a broker that they share.
//!
//! A broker that goes down is started again by the runner, if it has started it, or waited for, so that no test is
//! blamed for another. When it stays down, what is left of the run is an error, and no failure.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::ProtocolVersion;
use tokio::time::{self, Instant};

use super::capability::{self, Unfit};
use super::endpoint::Endpoint;
use super::pace::{self, Pace, Running};
use super::suite::{self, CannotTest, Run, Selected, Suite};
use super::wording::seconds;
use super::{Capabilities, test};
use crate::verdict::{TestResult, Verdict};

impl Suite<'_> {
    /// Runs the tests side by side against a broker that they share.
    pub(super) async fn run_shared(
        &self,
        tests: &[Selected],
        endpoint: Endpoint,
    ) -> Result<Run, CannotTest> {
        let mut shared = Shared {
            capabilities: self.probe_all(tests, &endpoint).await?,
            suite: self,
            tests,
            endpoint,
            results: vec![None; tests.len()],
            queues: pace::queues(tests),
            running: Running::default(),
            rounds: 0,
            crashes: Vec::new(),
            is_deaf: false,
            lost: None,
        };
        shared.run().await;
        Ok(suite::finish(
            shared.results,
            shared.capabilities,
            shared.crashes,
        ))
    }
}

/// A run under way.
struct Shared<'a> {
    suite: &'a Suite<'a>,
    tests: &'a [Selected],
    endpoint: Endpoint,
    capabilities: BTreeMap<ProtocolVersion, Capabilities>,
    results: Vec<Option<TestResult>>,
    /// The places of the tests that are still to run.
    queues: BTreeMap<Pace, VecDeque<usize>>,
    running: Running,
    /// How often the broker went down.
    rounds: usize,
    /// How the broker went down where no test alone takes it down.
    crashes: Vec<String>,
    /// Whether the broker does not answer a SUBSCRIBE, however long it is waited for.
    is_deaf: bool,
    /// Why the broker cannot be started any more.
    lost: Option<String>,
}

impl Shared<'_> {
    async fn run(&mut self) {
        while !self.suite.is_stopped() {
            let Some((index, pace)) = self.next() else {
                self.running.host = None;
                if self.running.is_empty() {
                    return;
                }
                self.collect().await;
                continue;
            };
            let unable = self.tests.get(index);
            let unable = unable.and_then(|test| self.suite.unable(test, &self.capabilities));
            if let Some(result) = unable {
                self.keep(index, result);
            } else if !self.is_beyond_reach(index) {
                self.start(index, pace);
            }
        }
    }

    /// Takes the first test that may start now: those that wait for timers do not keep the others back.
    fn next(&mut self) -> Option<(usize, Pace)> {
        let jobs = self.suite.settings.jobs.max(1);
        Pace::ALL.into_iter().find_map(|pace| {
            let has_room = self.running.has_room(pace, jobs);
            let queue = self.queues.get_mut(&pace).filter(|_| has_room)?;
            Some((queue.pop_front()?, pace))
        })
    }

    /// Puts a test before the others of its pace.
    fn put_back(&mut self, index: usize) {
        if let Some(test) = self.tests.get(index) {
            let queue = self.queues.entry(Pace::of(test)).or_default();
            queue.push_front(index);
        }
    }

    fn start(&mut self, index: usize, pace: Pace) {
        let Some(test) = self.tests.get(index).cloned() else {
            return;
        };
        let guest = self.running.invite(pace).map(Arc::new);
        let endpoint = self.endpoint.clone().with_guest(guest);
        let settings = Arc::clone(&self.suite.settings);
        // What a first try left behind is nothing to the second.
        let number = index + self.rounds * self.tests.len();
        self.running.paces.insert(index, pace);
        self.running.tests.spawn(async move {
            let result = test::run(&test.scenario, &test.plan, endpoint, settings, number).await;
            (index, result)
        });
    }

    /// Waits for a result, and looks whether the broker is still there.
    async fn collect(&mut self) {
        // The wait is cut into turns so that Ctrl-C is noticed.
        let next = time::timeout(TURN, self.running.tests.join_next()).await;
        let mut pace = None;
        let finished = match next {
            Ok(Some(Ok((index, result)))) => {
                pace = self.running.paces.remove(&index);
                Some((index, result))
            }
            Ok(Some(Err(_)) | None) | Err(_) => None,
        };
        let end = self.endpoint.ended().await;
        let is_down = end.is_some() || finished.as_ref().is_some_and(|(_, result)| result.crash);
        if is_down {
            return self.recover(finished, end).await;
        }
        if let Some((index, result)) = finished {
            // One that answered at once was not busy, and is not asked for more.
            let is_suspect = pace == Some(Pace::Alone)
                && result.duration >= self.suite.settings.patience()
                && matches!(result.verdict, Verdict::Fail | Verdict::Inconclusive);
            self.keep(index, result);
            if is_suspect {
                self.settle().await;
            }
        }
    }

    /// Has a broker that serves clients, if the last test has left it busy: the next one is not to blame for that.
    async fn settle(&mut self) {
        let closes = Instant::now() + self.suite.start_timeout;
        while !self.is_deaf && !self.serves_all().await {
            if self.endpoint.is_process() {
                self.rounds += 1;
                self.start_again().await;
                self.is_deaf = !self.serves_all().await;
                return;
            }
            self.is_deaf = Instant::now() >= closes || self.suite.is_stopped();
            time::sleep(TURN).await;
        }
    }

    /// Has a broker again that is down, and finds out which of the tests under way took it down.
    async fn recover(&mut self, finished: Option<(usize, TestResult)>, end: Option<String>) {
        self.rounds += 1;
        let under_way = std::mem::take(&mut self.running);
        // Those that wait are asked last: they need long, and most of them do nothing at the moment.
        let (quick, slow): (Vec<usize>, Vec<usize>) = under_way
            .paces
            .keys()
            .partition(|index| under_way.paces.get(index) == Some(&Pace::Quick));
        let first = finished.iter().map(|(index, _)| *index);
        let suspects: Vec<usize> = first.chain(quick).chain(slow).collect();
        under_way.stop().await;
        if let (Some((index, mut result)), [_]) = (finished, suspects.as_slice()) {
            test::note_crash(&mut result, end);
            self.keep(index, result);
            return self.start_again().await;
        }
        self.start_again().await;
        for (place, index) in suspects.iter().enumerate() {
            if self.suite.is_stopped() {
                return;
            }
            if self.try_alone(*index).await {
                // The others may run side by side again.
                let others = suspects.iter().skip(place + 1).rev();
                others.for_each(|index| self.put_back(*index));
                self.rounds += 1;
                return;
            }
        }
        let names: Vec<&str> = suspects
            .iter()
            .filter_map(|index| Some(self.tests.get(*index)?.plan.id.as_str()))
            .collect();
        let what = if self.lost.is_some() {
            "under way were"
        } else {
            "none of the tests under way takes it down alone:"
        };
        self.crashes.push(format!(
            "{}; {what} {}",
            end.unwrap_or_else(|| "the broker no longer answered".to_owned()),
            names.join(", ")
        ));
    }

    /// Runs a test with nobody else; whether it takes the broker down.
    async fn try_alone(&mut self, index: usize) -> bool {
        if self.is_beyond_reach(index) {
            return false;
        }
        self.start(index, Pace::Alone);
        let Some(Ok((_, mut result))) = self.running.tests.join_next().await else {
            return false;
        };
        self.running.paces.clear();
        let end = self.endpoint.ended().await;
        let is_down = end.is_some() || result.crash;
        if is_down {
            test::note_crash(&mut result, end);
            self.start_again().await;
        }
        self.keep(index, result);
        is_down
    }

    /// Starts the broker again, or waits for whoever else does.
    async fn start_again(&mut self) {
        if self.endpoint.is_process() {
            if let Err(why) = self.endpoint.restart(true).await {
                self.lost = Some(format!(
                    "the broker is down and could not be started again: {why}"
                ));
            }
            return;
        }
        let closes = Instant::now() + self.suite.start_timeout;
        loop {
            let Err(why) = self.greet_all().await else {
                return;
            };
            if Instant::now() >= closes || self.suite.is_stopped() {
                let patience = seconds(self.suite.start_timeout);
                self.lost = Some(format!(
                    "the broker is down and did not come back within {patience}: {why}"
                ));
                return;
            }
            time::sleep(TURN).await;
        }
    }

    /// Whether the broker accepts a client of each version that it accepted before.
    async fn greet_all(&self) -> Result<(), String> {
        for version in self.capabilities.keys() {
            let greeting = capability::greet(&self.endpoint, *version, &self.suite.settings);
            greeting.await.map_err(|unfit| match unfit {
                Unfit::Unreachable(why) | Unfit::Refused(why) => why,
            })?;
        }
        Ok(())
    }

    /// Whether the broker answers a SUBSCRIBE of each version.
    async fn serves_all(&self) -> bool {
        for version in self.capabilities.keys() {
            if !capability::serves(&self.endpoint, *version, &self.suite.settings).await {
                return false;
            }
        }
        true
    }

    /// Whether the broker is gone for good: then the test has its result.
    fn is_beyond_reach(&mut self, index: usize) -> bool {
        let (Some(why), Some(test)) = (&self.lost, self.tests.get(index)) else {
            return false;
        };
        let result = test::not_run(&test.scenario, &test.plan, Verdict::Error, why.clone());
        self.keep(index, result);
        true
    }

    fn keep(&mut self, index: usize, result: TestResult) {
        self.suite.keep(&mut self.results, index, result);
    }
}

/// How soon a stop is noticed, and the end of the broker's process.
pub(super) const TURN: Duration = Duration::from_millis(100);
