use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use mqtt_assay::catalogue::Catalogue;
use mqtt_assay::matrix::{self, Specimen};
use mqtt_assay::scenario::{self, Scenario, TestPlan};
use mqtt_assay_codec::frame::Split;
use mqtt_assay_codec::packet::Sender;
use mqtt_assay_codec::{DecodeError, Frame, Packet, ProtocolVersion, StatementId};

fn scenarios() -> Vec<Scenario> {
    let files = matrix::files();
    scenario::parse_all(&files)
        .unwrap_or_else(|errors| panic!("{}", scenario::render_all(&errors, &files, false)))
}

fn tests() -> BTreeMap<String, TestPlan> {
    let plans = scenarios().into_iter().flat_map(|it| scenario::tests(&it));
    plans.map(|plan| (plan.id.clone(), plan)).collect()
}

/// What the strict decoder says of bytes, which must be one whole packet.
fn refusal(specimen: &Specimen) -> Option<DecodeError> {
    match Frame::split(&specimen.bytes, specimen.version) {
        Ok(Split::Frame(frame)) => {
            assert_eq!(frame.len(), specimen.bytes.len(), "{}", specimen.test);
            Packet::decode(&frame, specimen.version, Sender::Client).err()
        }
        Ok(_) => panic!("{} is incomplete", specimen.test),
        Err(error) => Some(error),
    }
}

#[test]
fn the_scenarios_have_no_mistakes() {
    let in_catalogue = |id| Catalogue::embedded().get(id).is_some();
    let files = matrix::files();
    let errors: Vec<_> = scenarios()
        .iter()
        .flat_map(|it| scenario::check(it, &in_catalogue))
        .collect();
    let rendered = scenario::render_all(&errors, &files, false);
    assert!(errors.is_empty(), "{rendered}");
}

#[test]
fn there_are_many_tests_and_each_sends_one_packet() {
    let tests = tests();
    assert!(tests.len() >= 1500, "{}", tests.len());
    let sent: BTreeSet<String> = matrix::specimens().into_iter().map(|it| it.test).collect();
    let planned: BTreeSet<String> = tests.into_keys().collect();
    let difference: Vec<_> = sent.symmetric_difference(&planned).collect();
    assert!(difference.is_empty(), "{difference:#?}");
}

#[test]
fn each_packet_is_refused_by_the_statement_that_its_test_cites() {
    let tests = tests();
    // What the other client's ping stands for, and what is broken by coming at a wrong time.
    let beside = ["v3-4.8.0-1", "v5-4.13.1-1"].map(|key| key.parse::<StatementId>().unwrap());
    let untimely = ["v3-3.1.0-1", "v3-3.1.0-2", "v5-3.1.0-1", "v5-3.1.0-2"]
        .map(|key| key.parse::<StatementId>().unwrap());
    for specimen in matrix::specimens() {
        let cited = &tests[&specimen.test].statements;
        let judged: Vec<&StatementId> = cited.iter().filter(|it| !beside.contains(it)).collect();
        if judged.iter().any(|it| untimely.contains(it)) {
            continue;
        }
        let error = refusal(&specimen);
        assert_eq!(error, specimen.error, "{}", specimen.test);
        let statement = error
            .unwrap_or_else(|| panic!("{} is valid: {:02x?}", specimen.test, specimen.bytes))
            .statement();
        assert!(cited.contains(&statement), "{}: {statement}", specimen.test);
        assert!(
            judged.iter().all(|it| **it == statement),
            "{}: {cited:?}",
            specimen.test
        );
    }
}

#[test]
fn what_is_broken_was_valid() {
    let bases = matrix::bases();
    assert!(bases.len() > 40, "{}", bases.len());
    for (version, bytes) in bases {
        let Ok(Split::Frame(frame)) = Frame::split(&bytes, version) else {
            panic!("{bytes:02x?}");
        };
        let decoded = Packet::decode(&frame, version, Sender::Client);
        assert!(decoded.is_ok(), "{decoded:?} {bytes:02x?}");
    }
}

#[test]
fn every_mistake_that_a_client_can_make_is_made() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codec/src/error/kind.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let (kinds, _) = source.split_once("/// A field of a packet.").unwrap();
    let kinds: BTreeSet<&str> = kinds
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()))
        .map(|line| line.split(['(', ' ', ',']).next().unwrap())
        .collect();
    assert!(kinds.len() > 40, "{kinds:?}");
    let mut made: BTreeMap<ProtocolVersion, BTreeSet<String>> = BTreeMap::new();
    for specimen in matrix::specimens() {
        if let Some(error) = specimen.error {
            let kind = format!("{:?}", error.kind());
            let name = kind.split(['(', ' ']).next().unwrap().to_owned();
            made.entry(specimen.version).or_default().insert(name);
        }
    }
    for version in ProtocolVersion::ALL {
        let left_out: BTreeSet<&str> = LEFT_OUT
            .iter()
            .filter(|(_, versions, _)| versions.contains(&version))
            .map(|(kind, ..)| *kind)
            .collect();
        let made: BTreeSet<&str> = made[&version].iter().map(String::as_str).collect();
        let missing: Vec<_> = kinds
            .difference(&made)
            .filter(|it| !left_out.contains(**it))
            .collect();
        assert!(missing.is_empty(), "{version}: {missing:?}");
        let needless: Vec<_> = left_out.intersection(&made).collect();
        assert!(needless.is_empty(), "{version}: {needless:?}");
    }
}

#[test]
fn a_case_has_a_name_that_says_something() {
    let vague: Vec<String> = tests()
        .into_values()
        .filter_map(|plan| plan.case)
        .filter(|case| case.len() > 70 || case.len() < 2)
        .collect();
    assert!(vague.is_empty(), "{vague:?}");
}

const V3: &[ProtocolVersion] = &[ProtocolVersion::V3_1_1];
const V5: &[ProtocolVersion] = &[ProtocolVersion::V5_0];
const BOTH: &[ProtocolVersion] = &ProtocolVersion::ALL;

/// The kinds of error that have no test in a version, and why.
const LEFT_OUT: &[(&str, &[ProtocolVersion], &str)] = &[
    ("FrameTooLong", BOTH, "depends on what the receiver allows"),
    ("ReservedConnackFlags", BOTH, "of servers"),
    ("SessionPresentWithError", BOTH, "of servers"),
    ("NoReasons", BOTH, "of servers"),
    ("RemainingLengthNotMinimal", V3, "forbidden nowhere"),
    ("VariableByteIntegerTooLong", V3, "of properties"),
    ("VariableByteIntegerNotMinimal", V3, "of properties"),
    ("PropertyLengthTooLong", V3, "of properties"),
    ("UnknownProperty", V3, "of properties"),
    ("PropertyNotAllowed", V3, "of properties"),
    ("PropertyWrongSender", V3, "of properties"),
    ("PropertyRepeated", V3, "of properties"),
    ("PropertyValue", V3, "of properties"),
    ("AuthenticationDataWithoutMethod", V3, "of properties"),
    ("AuthenticationMethodMissing", V3, "of AUTH"),
    ("ReasonNotAllowed", V3, "of reason codes"),
    ("EmptyShareName", V3, "of shared subscriptions"),
    ("SharedSubscription", V3, "of shared subscriptions"),
    ("NoLocalOnSharedSubscription", V3, "of shared subscriptions"),
    ("RetainHandlingThree", V3, "a reserved bit there"),
    ("PasswordWithoutUserName", V5, "allowed there"),
    ("EmptyClientId", V5, "allowed there"),
];
