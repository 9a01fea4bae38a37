use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, Fault};
use mqtt_assay::catalogue::Catalogue;
use mqtt_assay::matrix;
use mqtt_assay::runner::{Selected, Settings, Subject, Suite, select};
use mqtt_assay::scenario;
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
    let stop = AtomicBool::new(false);
    let on_result = |_: &TestResult| {};
    let suite = Suite::new(
        settings,
        BTreeMap::new(),
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
    /// The scenarios of the matrix that failed.
    matrix: BTreeSet<String>,
    /// What was wrong with the harness.
    mistakes: Vec<String>,
}

static OUTCOMES: LazyLock<Vec<Outcome>> = LazyLock::new(|| {
    let tests = all_tests();
    let outcome = |fault: &Fault| outcome(*fault, &tests);
    Fault::ALL.iter().map(outcome).collect()
});

fn outcome(fault: Fault, tests: &[Selected]) -> Outcome {
    let statements = fault.statements();
    let judges = |test: &&Selected| {
        test.plan
            .statements
            .iter()
            .any(|statement| statements.contains(statement))
    };
    // The tests that cite a statement of the fault almost always suffice; a rule that holds at any time may be
    // broken anywhere.
    let likely: Vec<Selected> = tests.iter().filter(judges).cloned().collect();
    let mut results = run(&likely, BrokerOptions::with_fault(fault));
    if cited(&results, Verdict::Fail, statements).is_empty() {
        results = run(tests, BrokerOptions::with_fault(fault));
    }
    let by_failure = cited(&results, Verdict::Fail, statements);
    let by_warning = cited(&results, Verdict::Warn, statements);
    let errors = results
        .iter()
        .filter(|result| result.verdict == Verdict::Error);
    let failed = results
        .iter()
        .filter(|result| matches!(result.verdict, Verdict::Fail | Verdict::Warn))
        .map(|result| result.scenario.clone());
    Outcome {
        fault,
        caught: &by_failure | &by_warning,
        failed: by_failure,
        matrix: failed.filter(|name| name.starts_with("matrix/")).collect(),
        mistakes: errors.map(|result| result.message.clone()).collect(),
    }
}

/// Which of these statements judgements of this verdict cite.
fn cited(
    results: &[TestResult],
    verdict: Verdict,
    statements: &[StatementId],
) -> BTreeSet<StatementId> {
    results
        .iter()
        .filter(|result| result.verdict == verdict)
        .flat_map(|result| result.violated.iter().copied())
        .filter(|violated| statements.contains(violated))
        .collect()
}

/// Whether a broker that breaks the statement must fail, rather than be warned.
fn binds(statement: StatementId) -> bool {
    let statement = Catalogue::embedded().get(statement).unwrap();
    statement.level.is_binding() && !statement.strict
}

#[test]
fn every_test_passes_on_the_reference_broker() {
    let results = run(&all_tests(), BrokerOptions::default());
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
