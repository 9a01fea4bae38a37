//! A run of many tests against one broker.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use mqtt_assay_codec::ProtocolVersion;
use tokio::sync::Mutex;

use super::capability::{self, Unfit};
use super::embedded;
use super::endpoint::Endpoint;
use super::process::{self, BrokerProcess};
use super::{Capabilities, Settings, test};
use crate::broker::BrokerOptions;
use crate::broker::memory::MemoryBroker;
use crate::glob;
use crate::scenario::{Scenario, TestPlan};
use crate::transport::Route;
use crate::verdict::{TestResult, Verdict};

/// What is tested.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "the runner's whole choice")]
pub enum Subject {
    /// The reference broker: a new one in memory for each test, in virtual time.
    Embedded(Box<BrokerOptions>),
    /// A broker that runs, with the way to it for each version.
    Running(BTreeMap<ProtocolVersion, Route>),
    /// A broker that the runner has started, and may restart.
    Started(BrokerProcess),
    /// Several copies of such a broker, each for one test at a time.
    Copies(Vec<BrokerProcess>),
}

/// A test to run: a scenario and one of its plans.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Selected {
    /// The scenario.
    pub scenario: Arc<Scenario>,
    /// The version and case.
    pub plan: TestPlan,
}

/// What a run found.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Run {
    /// The results, in the order of the tests.
    pub results: Vec<TestResult>,
    /// What the broker can do, by version.
    pub capabilities: BTreeMap<ProtocolVersion, Capabilities>,
    /// How the broker went down where no test alone takes it down; phrases for the user.
    pub crashes: Vec<String>,
    /// Whether the run was stopped before its last test.
    pub is_interrupted: bool,
}

/// Why nothing could be tested: a phrase for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CannotTest {
    /// What went wrong.
    pub message: String,
    /// Whether nothing listens there at all.
    pub is_unreachable: bool,
}

impl CannotTest {
    pub(super) const fn unreachable(message: String) -> Self {
        Self {
            message,
            is_unreachable: true,
        }
    }
}

/// Runs tests.
pub struct Suite<'a> {
    pub(super) settings: Arc<Settings>,
    overrides: BTreeMap<String, bool>,
    pub(super) start_timeout: Duration,
    on_result: &'a (dyn Fn(&TestResult) + Sync),
    stop: &'a AtomicBool,
}

impl std::fmt::Debug for Suite<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<'a> Suite<'a> {
    /// A suite that calls `on_result` after each test, and stops soon after `stop` was set.
    ///
    /// `overrides` are capabilities that a profile knows better than a probe.
    #[must_use]
    pub fn new(
        settings: Settings,
        overrides: BTreeMap<String, bool>,
        start_timeout: Duration,
        on_result: &'a (dyn Fn(&TestResult) + Sync),
        stop: &'a AtomicBool,
    ) -> Self {
        Self {
            settings: Arc::new(settings),
            overrides,
            start_timeout,
            on_result,
            stop,
        }
    }

    /// Runs the tests against a broker. The results come in the order of the tests.
    ///
    /// # Errors
    ///
    /// When the broker cannot be reached, or accepts no client in any version that the tests need.
    pub fn run(&self, tests: &[Selected], subject: Subject) -> Result<Run, CannotTest> {
        match subject {
            Subject::Embedded(options) => self.run_embedded(tests, &options),
            Subject::Running(routes) => {
                runtime(false)?.block_on(self.run_shared(tests, Endpoint::running(routes)))
            }
            Subject::Started(process) => runtime(false)?.block_on(self.run_started(tests, process)),
            Subject::Copies(processes) => {
                runtime(false)?.block_on(self.run_copies(tests, processes))
            }
        }
    }

    /// Each test has a broker and a clock of its own, so tests share nothing and run on all cores.
    fn run_embedded(&self, tests: &[Selected], options: &BrokerOptions) -> Result<Run, CannotTest> {
        let mut capabilities = BTreeMap::new();
        for version in versions_of(tests) {
            let found = runtime(true)?.block_on(async {
                let endpoint = Endpoint::Memory {
                    broker: Arc::new(MemoryBroker::new(options.clone())),
                    is_websocket: false,
                };
                capability::probe(&endpoint, version, &self.settings).await
            });
            // A fault may refuse even a well-behaved client: then the tests say so.
            let mut found = found.unwrap_or_else(|_| Capabilities::of_reference_broker(version));
            embedded::add_capabilities(&mut found, options, version);
            capabilities.insert(version, self.overridden(found));
        }
        let next = AtomicUsize::new(0);
        // Each needs as much memory as all the others.
        let large = std::sync::Mutex::new(());
        let results = std::sync::Mutex::new(vec![None; tests.len()]);
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..workers.min(self.settings.jobs.max(1)) {
                scope.spawn(|| {
                    while let Some((index, test)) = self.take(&next, tests) {
                        let is_large = test.plan.payload_len > Settings::default().payload_max;
                        let _alone = is_large.then(|| large.lock());
                        let result = match self.unable(test, &capabilities) {
                            Some(result) => result,
                            None => self.run_in_memory(index, test, options),
                        };
                        (self.on_result)(&result);
                        self.stop_after(&result);
                        if let Ok(mut results) = results.lock()
                            && let Some(place) = results.get_mut(index)
                        {
                            *place = Some(result);
                        }
                    }
                });
            }
        });
        let results = results
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Ok(finish(results, capabilities, Vec::new()))
    }

    fn run_in_memory(&self, index: usize, test: &Selected, options: &BrokerOptions) -> TestResult {
        let Ok(runtime) = runtime(true) else {
            let message = "no runtime could be made".to_owned();
            return test::not_run(&test.scenario, &test.plan, Verdict::Error, message);
        };
        let (options, settings) =
            embedded::set_up(options, &self.settings, &test.scenario.requires);
        runtime.block_on(async {
            let endpoint = Endpoint::Memory {
                broker: Arc::new(MemoryBroker::new(options)),
                is_websocket: test.scenario.requires.iter().any(|name| name == "ws"),
            };
            test::run(
                &test.scenario,
                &test.plan,
                endpoint,
                Arc::new(settings),
                index,
            )
            .await
        })
    }

    fn take<'t>(&self, next: &AtomicUsize, tests: &'t [Selected]) -> Option<(usize, &'t Selected)> {
        if self.is_stopped() {
            return None;
        }
        let index = next.fetch_add(1, Ordering::Relaxed);
        Some((index, tests.get(index)?))
    }

    async fn run_started(
        &self,
        tests: &[Selected],
        mut process: BrokerProcess,
    ) -> Result<Run, CannotTest> {
        let port = process.port();
        let plain = Endpoint::on_port(port);
        // A process belongs to the runtime in which it is started.
        process
            .restart(false)
            .await
            .map_err(CannotTest::unreachable)?;
        let up = process::wait_until_up(&mut process, self.start_timeout, || async {
            self.probe_any(&plain, tests).await
        });
        if let Err(message) = up.await {
            process.stop().await;
            return Err(CannotTest::unreachable(message));
        }
        let process = Arc::new(Mutex::new(process));
        let endpoint = plain.with_process(Arc::clone(&process), self.start_timeout);
        let run = self.run_shared(tests, endpoint).await;
        process.lock().await.stop().await;
        run
    }

    pub(super) async fn probe_any(
        &self,
        endpoint: &Endpoint,
        tests: &[Selected],
    ) -> Result<(), String> {
        let mut why = "no version is selected".to_owned();
        for version in versions_of(tests) {
            match capability::greet(endpoint, version, &self.settings).await {
                Ok(()) => return Ok(()),
                Err(Unfit::Unreachable(message) | Unfit::Refused(message)) => why = message,
            }
        }
        Err(why)
    }

    pub(super) fn keep(
        &self,
        results: &mut [Option<TestResult>],
        index: usize,
        result: TestResult,
    ) {
        (self.on_result)(&result);
        self.stop_after(&result);
        if let Some(place) = results.get_mut(index) {
            *place = Some(result);
        }
    }

    pub(super) async fn probe_all(
        &self,
        tests: &[Selected],
        endpoint: &Endpoint,
    ) -> Result<BTreeMap<ProtocolVersion, Capabilities>, CannotTest> {
        let mut capabilities = BTreeMap::new();
        let mut unfit = None;
        for version in versions_of(tests) {
            match capability::probe(endpoint, version, &self.settings).await {
                Ok(mut found) => {
                    found.set("restart", endpoint.can_restart());
                    found.set("ws", endpoint.is_websocket(version));
                    capabilities.insert(version, self.overridden(found));
                }
                Err(why) => unfit = unfit.or(Some(why)),
            }
        }
        if capabilities.is_empty() {
            return Err(match unfit {
                Some(Unfit::Unreachable(message)) => CannotTest::unreachable(message),
                Some(Unfit::Refused(message)) => CannotTest {
                    message: format!("the broker accepts no well-behaved client: {message}"),
                    is_unreachable: false,
                },
                None => CannotTest {
                    message: "no test is selected".to_owned(),
                    is_unreachable: false,
                },
            });
        }
        Ok(capabilities)
    }

    fn overridden(&self, mut capabilities: Capabilities) -> Capabilities {
        for (name, value) in &self.overrides {
            capabilities.set(name, *value);
        }
        capabilities
    }

    /// Whether the run is to end.
    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The result of a test that this broker cannot take.
    pub(super) fn unable(
        &self,
        test: &Selected,
        capabilities: &BTreeMap<ProtocolVersion, Capabilities>,
    ) -> Option<TestResult> {
        let unspoken = |version: &&ProtocolVersion| !capabilities.contains_key(*version);
        let is_fatal = |pattern: &String| glob::matches(pattern, &test.plan.id);
        let reason = if self.settings.crashing.iter().any(is_fatal) {
            "it is known to take the broker down".to_owned()
        } else if let Some(version) = test.plan.spoken.iter().find(unspoken) {
            format!("the broker accepts no client of MQTT {version}")
        } else {
            let found = capabilities.get(&test.plan.version)?;
            let (len, max) = (test.plan.payload_len, self.settings.payload_max);
            match found.missing(&test.scenario.requires) {
                Some("full_limits") => "it takes long: only with `--limits full`".to_owned(),
                Some(name) => format!("the broker lacks `{name}`"),
                None if len > max => format!("its payload of {len} bytes is above `--payload-max`"),
                None => return None,
            }
        };
        Some(test::not_run(
            &test.scenario,
            &test.plan,
            Verdict::Skip,
            reason,
        ))
    }

    fn stop_after(&self, result: &TestResult) {
        if self.settings.fail_fast && matches!(result.verdict, Verdict::Fail | Verdict::Error) {
            self.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// All that a run found.
pub(super) fn finish(
    results: Vec<Option<TestResult>>,
    capabilities: BTreeMap<ProtocolVersion, Capabilities>,
    crashes: Vec<String>,
) -> Run {
    let is_interrupted = results.iter().any(Option::is_none);
    Run {
        results: results.into_iter().flatten().collect(),
        capabilities,
        crashes,
        is_interrupted,
    }
}

fn versions_of(tests: &[Selected]) -> std::collections::BTreeSet<ProtocolVersion> {
    tests
        .iter()
        .flat_map(|test| test.plan.spoken.iter().copied())
        .collect()
}

fn runtime(is_virtual: bool) -> Result<tokio::runtime::Runtime, CannotTest> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(is_virtual)
        .build()
        .map_err(|error| CannotTest {
            message: error.to_string(),
            is_unreachable: false,
        })
}
