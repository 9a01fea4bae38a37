use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use mqtt_assay::broker::{BrokerOptions, Fault};
use mqtt_assay::runner::{Selected, Settings, Subject, Suite, select};
use mqtt_assay::scenario;
use mqtt_assay::verdict::{TestResult, Verdict};
use mqtt_assay_codec::{ProtocolVersion, StatementId};

fn all_tests() -> Vec<Selected> {
    let scenarios = scenario::parse_all(&scenario::embedded()).unwrap();
    let scenarios: Vec<_> = scenarios.into_iter().map(Arc::new).collect();
    select(&scenarios, &[], &ProtocolVersion::ALL).unwrap()
}

fn run(tests: &[Selected], options: BrokerOptions) -> Vec<TestResult> {
    let stop = AtomicBool::new(false);
    let on_result = |_: &TestResult| {};
    let settings = Settings::default();
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

/// Whether a failed judgement cites one of a fault's statements.
fn is_caught(results: &[TestResult], statements: &[StatementId]) -> bool {
    results.iter().any(|result| {
        matches!(result.verdict, Verdict::Fail | Verdict::Warn)
            && result
                .violated
                .iter()
                .any(|violated| statements.contains(violated))
    })
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
    let tests = all_tests();
    let mut missed = Vec::new();
    let mut mistaken = Vec::new();
    for fault in Fault::ALL {
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
        let mut results = run(&likely, BrokerOptions::with_fault(*fault));
        if !is_caught(&results, statements) {
            results = run(&tests, BrokerOptions::with_fault(*fault));
        }
        if !is_caught(&results, statements) {
            missed.push(format!("{} ({})", fault.name(), join(statements)));
        }
        let errors = results
            .iter()
            .filter(|result| result.verdict == Verdict::Error);
        mistaken.extend(errors.map(|result| format!("{}: {}", fault.name(), result.message)));
    }
    assert!(
        missed.is_empty(),
        "no scenario notices:\n{}",
        missed.join("\n")
    );
    assert!(
        mistaken.is_empty(),
        "the harness was at fault:\n{}",
        mistaken.join("\n")
    );
}

fn join(statements: &[StatementId]) -> String {
    let keys: Vec<String> = statements.iter().map(ToString::to_string).collect();
    keys.join(" ")
}
