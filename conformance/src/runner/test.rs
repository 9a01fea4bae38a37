//! One test from its start to its verdict.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use mqtt_assay_codec::StatementId;
use tokio::time::{self, Instant};

use super::Settings;
use super::client::{Client, Stage};
use super::endpoint::Endpoint;
use super::inbox::{FRAME_LEN_MAX, Violation};
use super::interest::Interests;
use super::leftovers::Leftovers;
use super::matching::Difference;
use super::script::{Performance, Place, Stop, Unmet, place};
use super::trace::Trace;
use super::value::Scope;
use super::wording::seconds;
use crate::catalogue::{Catalogue, Level};
use crate::scenario::{Action, Grade, Guard, Scenario, Step, TestPlan};
use crate::verdict::{SourceLine, TestResult, Verdict};

/// Runs one test against a broker; `number` makes its namespace.
pub(crate) async fn run(
    scenario: &Scenario,
    plan: &TestPlan,
    endpoint: Endpoint,
    settings: Arc<Settings>,
    number: usize,
) -> TestResult {
    let namespace = settings.namespace(number);
    let stage = Stage {
        version: plan.version,
        endpoint,
        interests: Arc::new(Interests::new(&namespace)),
        leftovers: Arc::new(Mutex::new(Leftovers::default())),
        frame_len_max: frame_len_max(scenario),
        trace: Arc::new(Trace::new()),
        settings: Arc::clone(&settings),
    };
    let case = scenario
        .cases
        .iter()
        .find(|case| Some(&case.name) == plan.case.as_ref());
    let variables = case
        .map(|case| case.variables.as_slice())
        .unwrap_or_default();
    let scope = Scope::new(&namespace, &settings.variables, variables);
    let mut performance = Performance::new(scope, stage, plan.case.clone());
    let mut ended = performance.perform(&scenario.steps).await;
    let last = last_place(scenario);
    if ended.is_ok() {
        ended = performance.check_violations(&last);
    }
    let ended = performance.settle(ended, &last);
    let mut result = judge(scenario, plan, &performance, ended);
    let needs_proof_of_life = performance.has_sent_malformed
        || matches!(result.verdict, Verdict::Fail | Verdict::Inconclusive);
    let broke_everything = needs_proof_of_life && !is_alive(&performance).await;
    for client in performance.clients.values_mut() {
        client.connection = None;
    }
    if broke_everything {
        note_crash(&mut result, None);
    } else {
        let stage = &performance.stage;
        let leftovers = {
            let mut leftovers = stage
                .leftovers
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *leftovers)
        };
        leftovers
            .remove(&stage.endpoint, stage.version, &settings, &namespace)
            .await;
    }
    result
}

/// The longest frame that a test takes from the broker: that of the protocol where the test is about it.
fn frame_len_max(scenario: &Scenario) -> usize {
    if scenario.requires.iter().any(|name| name == "full_limits") {
        PACKET_LEN_MAX
    } else {
        FRAME_LEN_MAX
    }
}

impl Performance {
    /// What a test comes to when no line has judged what is wrong at any time. What was wrong before the packet that a
    /// line judges is named instead: the rest may come of it.
    fn settle(&self, ended: Result<(), Stop>, step: &Step) -> Result<(), Stop> {
        let (place, before) = match &ended {
            Ok(()) => (place(step), usize::MAX),
            Err(Stop::Unmet(unmet)) if unmet.statements.is_empty() => {
                (unmet.place.clone(), usize::MAX)
            }
            Err(Stop::Unmet(unmet)) => (unmet.place.clone(), unmet.trace_index.unwrap_or(0)),
            Err(_) => return ended,
        };
        let earlier = self.suspicions().filter(|it| it.trace_index < before);
        match earlier.min_by_key(|it| it.trace_index) {
            Some(violation) => Err(Stop::Broke(Box::new(violation), place)),
            None => ended,
        }
    }

    /// What looked wrong on any connection, that of each connection in order.
    fn suspicions(&self) -> impl Iterator<Item = Violation> {
        let inboxes = self.clients.values().flat_map(Client::inboxes);
        inboxes.flat_map(|inbox| inbox.lock().suspicions.clone())
    }
}

/// A test that was not run.
pub(crate) fn not_run(
    scenario: &Scenario,
    plan: &TestPlan,
    verdict: Verdict,
    message: String,
) -> TestResult {
    TestResult {
        id: plan.id.clone(),
        scenario: scenario.name.clone(),
        summary: scenario.summary.clone(),
        version: plan.version,
        case: plan.case.clone(),
        verdict,
        known: None,
        crash: false,
        statements: plan.statements.clone(),
        violated: Vec::new(),
        message,
        notes: Vec::new(),
        file: scenario.file.clone(),
        line: scenario.line,
        source: None,
        duration: Duration::ZERO,
        expected: None,
        actual: None,
        trace: Vec::new(),
    }
}

fn judge(
    scenario: &Scenario,
    plan: &TestPlan,
    performance: &Performance,
    ended: Result<(), Stop>,
) -> TestResult {
    let trace = &performance.stage.trace;
    let mut result = not_run(scenario, plan, Verdict::Pass, String::new());
    result.duration = trace.elapsed();
    result.notes.clone_from(&performance.notes);
    let mut judged = None;
    let Settings { soft, lax, .. } = &*performance.stage.settings;
    match ended {
        Ok(()) => note_grades(&mut result, performance, scenario),
        Err(Stop::Unmet(unmet)) => {
            judged = unmet.trace_index;
            let mut unmet = *unmet;
            let behind = trace.elapsed().saturating_sub(performance.asked_to_wait);
            if behind > BEHIND_MAX && unmet.differences.iter().any(is_lifetime) {
                // What is left of a lifetime is less the later it is read.
                unmet.statements.clear();
                let behind = seconds(behind);
                unmet.message = format!("the test was {behind} behind its time; {}", unmet.message);
            }
            if let Some((asked, took)) = performance.late
                && has_closed(performance)
            {
                // A client that is late for its own keep alive is rightly disconnected.
                unmet.statements.clear();
                let (asked, took) = (seconds(asked), seconds(took));
                unmet.message = format!("a wait of {asked} took {took}; {}", unmet.message);
            }
            if performance.has_sent_malformed {
                note_unmet(&mut result, unmet, &(soft | lax));
            } else {
                note_unmet(&mut result, unmet, soft);
            }
        }
        Err(Stop::Broke(violation, place)) => {
            judged = Some(violation.trace_index);
            note_violation(&mut result, *violation, place, soft);
            note_suspicions(&mut result, performance, soft);
        }
        Err(Stop::Mistake(message, place)) => {
            result.verdict = Verdict::Error;
            result.message = format!("the scenario cannot be performed: {message}");
            result.note_place(place, Vec::new());
        }
    }
    result.trace = trace.entries(judged);
    result
}

/// Whether the broker closed any of the connections.
fn has_closed(performance: &Performance) -> bool {
    let mut inboxes = performance.clients.values().flat_map(Client::inboxes);
    inboxes.any(|inbox| inbox.lock().closed.is_some())
}

fn note_grades(result: &mut TestResult, performance: &Performance, scenario: &Scenario) {
    if let Some(end) = performance.end() {
        let mut judged = BTreeSet::new();
        let counts = |line| line < end;
        collect_judged(&scenario.steps, performance, &counts, &mut judged);
        result.statements.retain(|it| judged.contains(it));
    }
    let recorded = recorded(performance, scenario);
    result.statements.retain(|it| !recorded.contains(it));
    let worst = performance
        .grades
        .iter()
        .max_by_key(|(grade, ..)| match grade {
            Grade::Pass => 0,
            Grade::Info | Grade::Last => 1,
            Grade::Weak => 2,
        });
    let Some((grade, place, statements, shown)) = worst else {
        return;
    };
    result.note_place(place.clone(), Vec::new());
    if *grade == Grade::Weak {
        result.verdict = Verdict::Warn;
        result.message = format!("allowed, but not as recommended: {shown}");
        result.violated.clone_from(statements);
    } else {
        result.verdict = Verdict::Info;
        let infos = performance.grades.iter();
        let seen: Vec<&str> = infos.map(|(.., shown)| shown.as_str()).collect();
        result.message = format!("left open by the specification; seen: {}", seen.join("; "));
    }
}

/// The statements that bind, and of which the test has recorded a freedom only: that says nothing of them.
fn recorded(performance: &Performance, scenario: &Scenario) -> BTreeSet<StatementId> {
    let infos = performance
        .grades
        .iter()
        .filter(|(grade, ..)| matches!(grade, Grade::Info | Grade::Last));
    let mut lines = BTreeSet::new();
    let mut recorded = BTreeSet::new();
    for (_, place, statements, _) in infos {
        lines.insert(place.line);
        recorded.extend(statements.iter().copied());
    }
    let may = |id: &StatementId| {
        let statement = Catalogue::embedded().get(*id);
        statement.is_some_and(|it| it.level == Level::May)
    };
    recorded.retain(|id| !may(id));
    let mut judged = BTreeSet::new();
    let end = performance.end().unwrap_or(u32::MAX);
    let counts = |line| line < end && !lines.contains(&line);
    collect_judged(&scenario.steps, performance, &counts, &mut judged);
    &recorded - &judged
}

/// The statements on the lines that took part and count.
fn collect_judged(
    steps: &[Step],
    performance: &Performance,
    counts: &impl Fn(u32) -> bool,
    judged: &mut BTreeSet<StatementId>,
) {
    let version = performance.stage.version;
    for step in steps {
        if step.applies(version, performance.case.as_deref()) {
            if counts(step.line) {
                judged.extend(step.judged(version));
            }
            collect_judged(step.action.steps(), performance, counts, judged);
        }
    }
}

fn note_unmet(result: &mut TestResult, unmet: Unmet, soft: &BTreeSet<StatementId>) {
    let Unmet {
        place,
        statements,
        message,
        expected,
        actual,
        differences,
        ..
    } = unmet;
    result.expected = expected;
    result.actual = actual;
    let is_limited = !differences.is_empty() && differences.iter().all(is_limit);
    if statements.is_empty() && is_limited {
        result.verdict = Verdict::Skip;
        result.message = format!("a limit of the broker: {message}");
    } else if statements.is_empty() {
        result.verdict = Verdict::Inconclusive;
        result.message = format!("a premise did not hold: {message}");
    } else {
        result.message = message;
        result.accuse(statements, soft);
    }
    result.note_place(place, differences);
}

fn note_violation(
    result: &mut TestResult,
    violation: Violation,
    place: Place,
    soft: &BTreeSet<StatementId>,
) {
    result.message = violation.message;
    result.actual = Some(violation.actual);
    result.expected = Some("a packet that the specification allows".to_owned());
    result.accuse(vec![violation.statement], soft);
    if !result.statements.contains(&violation.statement) {
        result.statements.push(violation.statement);
    }
    result.note_place(place, Vec::new());
}

/// Adds what else looked wrong, each rule once.
fn note_suspicions(
    result: &mut TestResult,
    performance: &Performance,
    soft: &BTreeSet<StatementId>,
) {
    for Violation {
        statement, message, ..
    } in performance.suspicions()
    {
        if result.violated.contains(&statement) || soft.contains(&statement) {
            continue;
        }
        if result.verdict != Verdict::Fail {
            result.verdict = Verdict::Fail;
            result.violated.clear();
        }
        result.violated.push(statement);
        result.notes.push(format!("{statement}: {message}"));
        if !result.statements.contains(&statement) {
            result.statements.push(statement);
        }
    }
}

impl TestResult {
    /// Fails for these statements, or warns where all of them are soft.
    fn accuse(&mut self, statements: Vec<StatementId>, soft: &BTreeSet<StatementId>) {
        let hard: Vec<StatementId> = statements
            .iter()
            .filter(|statement| !soft.contains(statement))
            .copied()
            .collect();
        if hard.is_empty() {
            self.verdict = Verdict::Warn;
            self.violated = statements;
        } else {
            self.verdict = Verdict::Fail;
            self.violated = hard;
        }
    }

    fn note_place(&mut self, place: Place, differences: Vec<Difference>) {
        self.line = place.line;
        let marks = differences
            .into_iter()
            .filter(|difference| !difference.span.is_empty())
            .map(|difference| (difference.span, format!("is {}", difference.actual)))
            .collect();
        self.source = Some(SourceLine {
            text: place.text,
            marks,
        });
    }
}

/// The broker did not survive what this test sent; `end` is how its process ended, if that is known.
pub(crate) fn note_crash(result: &mut TestResult, end: Option<String>) {
    let was_noted = result.crash;
    result.crash = true;
    // Where a premise did not hold, no judgement was reached that the broker could have missed.
    let is_judged = !was_noted && result.verdict != Verdict::Inconclusive;
    if is_judged && result.violated.is_empty() {
        result.violated.clone_from(&result.statements);
    }
    result.verdict = Verdict::Fail;
    let message = match end {
        Some(end) => format!("the broker went down in this test: {end}"),
        None if was_noted => return,
        None => "the broker is gone: after this test a fresh client gets no answer".to_owned(),
    };
    let before = std::mem::replace(&mut result.message, message);
    if !before.is_empty() && !was_noted {
        result.notes.push(before);
    }
}

/// Whether a fresh client that connects gets anything at all: what it gets other tests judge.
async fn is_alive(performance: &Performance) -> bool {
    let stage = Stage {
        // A trace of its own: it is no part of what the report shows.
        trace: Arc::new(Trace::new()),
        leftovers: Arc::default(),
        ..performance.stage.clone()
    };
    let closes = Instant::now() + stage.settings.patience() * 2;
    loop {
        let mut fresh = Performance {
            is_fence: true,
            ..Performance::new(performance.scope.clone(), stage.clone(), None)
        };
        let is_accepted = fresh.perform(&[proof_of_life()]).await.is_ok();
        let mut inboxes = fresh.clients.values().flat_map(Client::inboxes);
        if is_accepted || inboxes.any(|inbox| inbox.lock().has_received()) {
            return true;
        }
        if Instant::now() >= closes || stage.endpoint.ended().await.is_some() {
            return false;
        }
        time::sleep(RETRY).await;
    }
}

/// A line that shows whether the broker still serves anybody.
pub(crate) fn proof_of_life() -> Step {
    Step {
        guard: Guard::default(),
        action: Action::Connect {
            client: "alive".to_owned(),
            fields: Vec::new(),
            session: None,
            connack: Vec::new(),
        },
        statements: Vec::new(),
        line: 0,
        text: "a fresh client connects".to_owned(),
    }
}

fn last_place(scenario: &Scenario) -> Step {
    scenario.steps.last().cloned().unwrap_or_else(|| Step {
        guard: Guard::default(),
        action: Action::RestartBroker { is_killed: false },
        statements: Vec::new(),
        line: scenario.line,
        text: String::new(),
    })
}

/// Whether a difference says that the broker has not so much: an announced limit, or Quota exceeded.
fn is_limit(difference: &Difference) -> bool {
    let mut codes = difference.actual.split(' ');
    ANNOUNCED_LIMITS.contains(&difference.name)
        || (difference.name == "reason" && codes.any(|code| code == QUOTA_EXCEEDED))
}

/// Whether a lifetime has run down too far, or not far enough. Whether there is one is no matter of time.
fn is_lifetime(difference: &Difference) -> bool {
    let is_there = |text: &String| text != "absent" && text != "present";
    difference.name == "message-expiry"
        && is_there(&difference.expected)
        && is_there(&difference.actual)
}

/// How far behind its time a test may be for a judgement of what is left of a lifetime.
const BEHIND_MAX: Duration = Duration::from_secs(2);

/// As differences print it.
const QUOTA_EXCEEDED: &str = "0x97";

/// What a CONNACK says of the broker's limits. A scenario that needs other ones is none for this broker.
const ANNOUNCED_LIMITS: &[&str] = &[
    "receive-maximum",
    "maximum-qos",
    "retain-available",
    "maximum-packet-size",
    "topic-alias-maximum",
    "wildcard-available",
    "subscription-id-available",
    "shared-available",
    "server-keep-alive",
    "session-expiry",
];

/// The longest packet of the protocol, with its fixed header (section 2.1.4).
const PACKET_LEN_MAX: usize = 268_435_460;
/// How long a broker that does not answer is left alone before the next try.
const RETRY: Duration = Duration::from_millis(100);

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
