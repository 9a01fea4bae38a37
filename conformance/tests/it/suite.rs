use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, Consequences, Fault};
use mqtt_assay::catalogue::{Catalogue, Observable};
use mqtt_assay::matrix;
use mqtt_assay::runner::{Selected, Settings, Subject, Suite, select};
use mqtt_assay::scenario::{self, Action, Event, Step};
use mqtt_assay::verdict::{TestResult, Verdict};
use mqtt_assay_codec::{ProtocolVersion, StatementId};

pub(crate) fn all_tests() -> Vec<Selected> {
    let files = [scenario::embedded(), matrix::files()].concat();
    let scenarios = scenario::parse_all(&files).unwrap();
    let scenarios: Vec<_> = scenarios.into_iter().map(Arc::new).collect();
    select(&scenarios, &[], &ProtocolVersion::ALL).unwrap()
}

pub(crate) fn run(tests: &[Selected], options: BrokerOptions) -> Vec<TestResult> {
    run_with(tests, options, Settings::default())
}

pub(crate) fn run_with(
    tests: &[Selected],
    options: BrokerOptions,
    settings: Settings,
) -> Vec<TestResult> {
    run_within(BTreeMap::new(), tests, options, settings)
}

/// Runs what goes to the limits of the protocol.
fn run_to_the_limits(tests: &[Selected], options: BrokerOptions) -> Vec<TestResult> {
    run_to_the_limits_with(tests, options, Settings::default())
}

pub(crate) fn run_to_the_limits_with(
    tests: &[Selected],
    options: BrokerOptions,
    settings: Settings,
) -> Vec<TestResult> {
    let full_limits = BTreeMap::from([("full_limits".to_owned(), true)]);
    run_within(full_limits, tests, options, settings)
}

fn needs_full_limits(test: &Selected) -> bool {
    let mut requires = test.scenario.requires.iter();
    requires.any(|name| name == "full_limits")
}

fn run_within(
    capabilities: BTreeMap<String, bool>,
    tests: &[Selected],
    options: BrokerOptions,
    settings: Settings,
) -> Vec<TestResult> {
    let stop = AtomicBool::new(false);
    let on_result = |_: &TestResult| {};
    let suite = Suite::new(
        settings,
        capabilities,
        Duration::from_secs(1),
        &on_result,
        &stop,
    );
    suite
        .run(tests, Subject::Embedded(Box::new(options)))
        .unwrap()
        .results
}

/// What the suite said of a broker with a fault.
struct Outcome {
    fault: Fault,
    /// The statements of the fault that failed judgements cite.
    failed: BTreeSet<StatementId>,
    /// The same, with those that the suite only warns of.
    caught: BTreeSet<StatementId>,
    /// The failed judgements that cite none of the fault's statements: what they cite, and where.
    beside: BTreeMap<BTreeSet<StatementId>, String>,
    /// What the tests that notice the fault require the broker to be set up for.
    set_ups: BTreeSet<BTreeSet<String>>,
    /// The scenarios of the matrix that failed.
    matrix: BTreeSet<String>,
    /// What was wrong with the harness.
    mistakes: Vec<String>,
}

/// The faults that show only when all packet identifiers have been used.
const AT_THE_LIMITS: &[Fault] = &[Fault::PacketIdZeroInTurn, Fault::PacketIdsInTurn];

static OUTCOMES: LazyLock<Vec<Outcome>> = LazyLock::new(|| {
    let tests = all_tests();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut outcomes = Vec::new();
        while let Some(fault) = Fault::ALL.get(next.fetch_add(1, Ordering::Relaxed)) {
            outcomes.push(outcome(*fault, &tests));
        }
        outcomes
    };
    let mut outcomes: Vec<Outcome> = thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(work)).collect();
        let done = workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap());
        done.collect()
    });
    outcomes.sort_by_key(|outcome| outcome.fault);
    outcomes
});

/// Runs the tests that cite a statement of the fault, and all that were written by hand: what a fault breaks beside
/// shows in any of these.
fn outcome(fault: Fault, tests: &[Selected]) -> Outcome {
    let statements = fault.statements();
    let is_picked = |test: &&Selected| {
        let mut cited = test.plan.statements.iter();
        !test.scenario.name.starts_with("matrix/") || cited.any(|it| statements.contains(it))
    };
    let picked: Vec<Selected> = tests.iter().filter(is_picked).cloned().collect();
    let options = BrokerOptions::with_fault(fault);
    let results = if AT_THE_LIMITS.contains(&fault) {
        run_to_the_limits(&picked, options)
    } else {
        run(&picked, options)
    };
    let own = related(statements);
    let mut outcome = Outcome {
        fault,
        failed: BTreeSet::new(),
        caught: BTreeSet::new(),
        beside: BTreeMap::new(),
        set_ups: BTreeSet::new(),
        matrix: BTreeSet::new(),
        mistakes: Vec::new(),
    };
    for (test, result) in picked.iter().zip(&results) {
        let is_failure = result.verdict == Verdict::Fail;
        if result.verdict == Verdict::Error {
            outcome.mistakes.push(result.message.clone());
        }
        if !is_failure && result.verdict != Verdict::Warn {
            continue;
        }
        if result.scenario.starts_with("matrix/") {
            outcome.matrix.insert(result.scenario.clone());
        }
        let violated: BTreeSet<StatementId> = result.violated.iter().copied().collect();
        let cited = statements.iter().filter(|it| violated.contains(it));
        let cited: BTreeSet<StatementId> = cited.copied().collect();
        if !cited.is_empty() {
            outcome.set_ups.insert(set_up_of(test));
        }
        outcome.caught.extend(&cited);
        if is_failure {
            outcome.failed.extend(&cited);
            if !violated.is_empty() && violated.is_disjoint(&own) {
                outcome
                    .beside
                    .entry(violated)
                    .or_insert_with(|| result.id.clone());
            }
        }
    }
    outcome
}

/// The statements, those of the other version that say the same, and the general rules that each refusal obeys.
fn related(statements: &[StatementId]) -> BTreeSet<StatementId> {
    let mut related = in_both(statements);
    let is_refusal =
        |it: &StatementId| Catalogue::embedded().get(*it).unwrap().observable == Observable::Input;
    if statements.iter().any(is_refusal) {
        related.extend(
            REFUSES
                .iter()
                .map(|key| key.parse::<StatementId>().unwrap()),
        );
    }
    related
}

/// The statements, and those of the other version that say the same.
fn in_both(statements: &[StatementId]) -> BTreeSet<StatementId> {
    let counterparts = statements
        .iter()
        .flat_map(|it| &Catalogue::embedded().get(*it).unwrap().counterparts);
    statements.iter().chain(counterparts).copied().collect()
}

/// What a test requires that `serve` does not give by itself.
fn set_up_of(test: &Selected) -> BTreeSet<String> {
    let requires = test.scenario.requires.iter();
    let is_set_up = |it: &&String| SET_UPS.iter().any(|(_, capability)| it == capability);
    requires.filter(is_set_up).cloned().collect()
}

/// Whether a broker that breaks the statement must fail, rather than be warned.
fn binds(statement: StatementId) -> bool {
    let statement = Catalogue::embedded().get(statement).unwrap();
    statement.level.is_binding() && !statement.strict
}

#[test]
fn every_test_passes_on_the_reference_broker() {
    let (mut extreme, common): (Vec<Selected>, Vec<Selected>) =
        all_tests().into_iter().partition(needs_full_limits);
    let mut results = run(&common, BrokerOptions::default());
    // A quarter of a gigabyte is for a run by hand.
    extreme.retain(|test| test.plan.payload_len <= Settings::default().payload_max);
    results.extend(run_to_the_limits(&extreme, BrokerOptions::default()));
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| !matches!(result.verdict, Verdict::Pass | Verdict::Info))
        .map(|result| format!("{:?} {}: {}", result.verdict, result.id, result.message))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(results.len() > 1000, "{} tests were run", results.len());
}

#[test]
fn every_fault_is_caught_by_a_judgement_on_its_statements() {
    let missed: Vec<String> = OUTCOMES
        .iter()
        .filter(|outcome| {
            let name = outcome.fault.name();
            let mut statements = outcome.fault.statements().iter();
            let may_be_warned = statements.all(|statement| !binds(*statement))
                || WARNED_ONLY.iter().any(|(fault, _)| *fault == name);
            let seen = if may_be_warned {
                &outcome.caught
            } else {
                &outcome.failed
            };
            seen.is_empty()
        })
        .map(|outcome| format!("{} ({})", outcome.fault, join(outcome.fault.statements())))
        .collect();
    assert!(
        missed.is_empty(),
        "no scenario notices:\n{}",
        missed.join("\n")
    );
    let mistaken: Vec<String> = OUTCOMES
        .iter()
        .flat_map(|outcome| {
            outcome
                .mistakes
                .iter()
                .map(|it| format!("{}: {it}", outcome.fault))
        })
        .collect();
    assert!(
        mistaken.is_empty(),
        "the harness was at fault:\n{}",
        mistaken.join("\n")
    );
}

#[test]
fn every_statement_that_is_judged_is_broken_by_a_fault() {
    let judged: BTreeSet<StatementId> = all_tests()
        .into_iter()
        .flat_map(|test| test.plan.statements)
        .collect();
    let broken: BTreeSet<StatementId> = OUTCOMES
        .iter()
        .flat_map(|outcome| outcome.caught.iter().copied())
        .collect();
    let exempt: BTreeSet<StatementId> = UNBREAKABLE
        .iter()
        .map(|(key, _)| key.parse().unwrap())
        .collect();
    let unproved: Vec<StatementId> = (&judged - &broken).difference(&exempt).copied().collect();
    assert!(
        unproved.is_empty(),
        "no fault makes a judgement fail on: {}",
        join(&unproved)
    );
    let needless: Vec<StatementId> = exempt
        .iter()
        .filter(|it| broken.contains(it) || !judged.contains(it))
        .copied()
        .collect();
    assert!(
        needless.is_empty(),
        "no exception is needed for: {}",
        join(&needless)
    );
}

#[test]
fn no_fault_breaks_what_it_has_nothing_to_do_with() {
    let mut undeclared = Vec::new();
    let mut needless = Vec::new();
    let refusals = refusals();
    for outcome in OUTCOMES.iter() {
        let name = outcome.fault.name();
        let consequences = outcome.fault.consequences();
        let also = match &consequences {
            Consequences::Everything => continue,
            Consequences::Refusals => in_both(&refusals),
            Consequences::Statements(statements) => in_both(statements),
        };
        for (violated, test) in &outcome.beside {
            if violated.is_disjoint(&also) {
                let violated: Vec<_> = violated.iter().copied().collect();
                undeclared.push(format!("{name}: {} by {test}", join(&violated)));
            }
        }
        if let Consequences::Statements(statements) = &consequences {
            let shows = |it: &StatementId| {
                let alike = in_both(&[*it]);
                outcome
                    .beside
                    .keys()
                    .any(|beside| !beside.is_disjoint(&alike))
            };
            let idle = statements.iter().filter(|it| !shows(it));
            needless.extend(idle.map(|it| format!("{name}: {it}")));
        } else if outcome.beside.is_empty() {
            needless.push(name.to_owned());
        }
    }
    assert!(
        undeclared.is_empty() && needless.is_empty(),
        "broken as well, and no consequence by the fault's row:\n{}\na consequence by its row, and not broken:\n{}",
        undeclared.join("\n"),
        needless.join("\n")
    );
}

#[test]
fn few_faults_break_everything() {
    let all = Fault::ALL.iter();
    let breaks_all = |it: &&Fault| it.consequences() == Consequences::Everything;
    let broad: Vec<&str> = all.filter(breaks_all).map(|it| it.name()).collect();
    assert!(broad.len() * 40 < Fault::ALL.len(), "{broad:?}");
}

#[test]
fn every_fault_shows_with_the_options_that_it_names() {
    let mut wrong = Vec::new();
    for outcome in OUTCOMES.iter() {
        let fewest = outcome.set_ups.iter().min_by_key(|set_up| set_up.len());
        let needed = fewest.into_iter().flatten();
        let option = |it: &String| {
            let (option, _) = SET_UPS.iter().find(|(_, name)| it == name).unwrap();
            *option
        };
        let options: Vec<&str> = needed.map(option).collect();
        let named = outcome.fault.shows_with().unwrap_or_default();
        if named != options.join(" ") {
            wrong.push(format!(
                "{}: {:?}, and its row says {named:?}",
                outcome.fault,
                options.join(" ")
            ));
        }
    }
    assert!(wrong.is_empty(), "it takes:\n{}", wrong.join("\n"));
}

/// The statements that are judged by whether a broker refuses something.
fn refusals() -> Vec<StatementId> {
    let tests = all_tests();
    let steps = tests.iter().flat_map(|test| &test.scenario.steps);
    let refuses = |step: &&Step| {
        let Action::Expect { alternatives, .. } = &step.action else {
            return false;
        };
        let mut events = alternatives.iter().flat_map(|it| &it.events);
        events.any(|event| matches!(event, Event::Refused(_) | Event::Closed))
    };
    let cited = steps.filter(refuses).flat_map(|step| &step.statements);
    cited
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// The worst that is said of a broker with a fault, by the tests on its statements.
fn worst(fault: Fault, tests: &[Selected], is_strict: bool) -> Verdict {
    let statements = fault.statements();
    let likely: Vec<Selected> = tests
        .iter()
        .filter(|test| {
            test.plan
                .statements
                .iter()
                .any(|it| statements.contains(it))
        })
        .cloned()
        .collect();
    let settings = Settings::by_catalogue(is_strict);
    let results = run_with(&likely, BrokerOptions::with_fault(fault), settings);
    let verdicts = results.iter().map(|it| it.verdict);
    verdicts.filter(|it| *it <= Verdict::Fail).max().unwrap()
}

#[test]
fn what_a_broker_overlooks_may_be_a_warning_and_what_it_sends_is_none() {
    let tests = all_tests();
    for fault in [
        Fault::MissingPropertyLengthMended,
        Fault::ReasonOfAckOverlooked,
        Fault::WildcardInResponseTopicOverlooked,
        Fault::DupWithoutQosOverlooked,
    ] {
        assert_eq!(worst(fault, &tests, false), Verdict::Warn, "{fault}");
        assert_eq!(worst(fault, &tests, true), Verdict::Fail, "{fault}");
    }
    for fault in [
        Fault::PubackWithReservedReason,
        Fault::PubrecWithReservedReason,
        Fault::PubrelWithReservedReason,
        Fault::DupSetOnQosZero,
        Fault::PingrespLengthNotMinimal,
        Fault::LongTopicTruncated,
    ] {
        assert_eq!(worst(fault, &tests, false), Verdict::Fail, "{fault}");
    }
}

#[test]
fn every_scenario_of_the_matrix_can_fail() {
    let noticed: BTreeSet<&String> = OUTCOMES.iter().flat_map(|it| &it.matrix).collect();
    let blind: BTreeSet<String> = all_tests()
        .iter()
        .map(|test| test.scenario.name.clone())
        .filter(|name| name.starts_with("matrix/") && !noticed.contains(name))
        .collect();
    assert!(blind.is_empty(), "no fault makes these fail: {blind:#?}");
}

fn join(statements: &[StatementId]) -> String {
    let keys: Vec<String> = statements.iter().map(ToString::to_string).collect();
    keys.join(" ")
}

/// The faults that a binding statement forbids and of which the suite only warns, and why.
const WARNED_ONLY: &[(&str, &str)] = &[
    (
        "unknown-level-not-answered",
        "a bare close is a fair answer to a level that nobody knows (rule a-13)",
    ),
    (
        "receive-maximum-not-enforced",
        "the statement binds clients; what the server does is recommended",
    ),
    (
        "pubrel-order-reversed",
        "section 4.6 speaks of the order of acknowledgements to clients alone (rule a-04)",
    ),
    (
        "no-local-ignored-for-retained",
        "whether No Local speaks of retained messages is read in both ways",
    ),
    (
        "server-packet-overlooked",
        "to overlook a packet of the wrong direction is not recommended, and no more (rule u3-03)",
    ),
];

/// What is judged and can be broken by no fault, and why.
const UNBREAKABLE: &[(&str, &str)] = &[(
    "v3-3.14.4-2",
    "binds clients; what a broker does then is recorded",
)];

/// The tests of a package run beside one another as it is.
const WORKERS: usize = 2;

/// The general rules on what a broker refuses: whoever breaks one on a certain mistake breaks these.
const REFUSES: &[&str] = &[
    "v3-2.2.2-2",
    "v3-3.1.4-1",
    "v3-4.8.0-1",
    "v5-2.1.3-1",
    "v5-3.1.4-1",
    "v5-4.13.1-1",
];

/// The options of `serve` that set a broker up for what a scenario requires.
const SET_UPS: &[(&str, &str)] = &[
    ("--user NAME:PASSWORD", "auth"),
    ("--deny ACTION=FILTER", "acl"),
    ("--maximum-qos 1", "max_qos_lt_2"),
    ("--no-retain", "no_retain"),
    ("--no-wildcards", "no_wildcard"),
    ("--no-subscription-ids", "no_subid"),
    ("--no-shared-subscriptions", "no_shared"),
    ("--maximum-packet-size BYTES", "max_packet"),
    ("--maximum-packet-size BYTES", "max_packet_64k"),
    ("--server-keep-alive SECONDS", "server_keep_alive"),
    ("--websocket ADDRESS", "ws"),
    ("a restart", "restart"),
];
