//! The catalogue of statements is whole, and hangs together.

use mqtt_assay::catalogue::{Catalogue, Observable};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::ProtocolVersion::{V3_1_1, V5_0};

#[track_caller]
fn check_counts(version: ProtocolVersion, numbered: usize, rules: usize) {
    let of_version = || Catalogue::embedded().of_version(version);
    let actual = (
        of_version().filter(|s| s.id.is_numbered()).count(),
        of_version().filter(|s| !s.id.is_numbered()).count(),
    );
    assert_eq!(actual, (numbered, rules), "{version}");
}

#[test]
fn every_numbered_statement_and_every_rule_is_listed() {
    check_counts(V3_1_1, 141, 16);
    check_counts(V5_0, 251, 34);
}

#[test]
fn counterparts_are_statements_of_the_other_version_and_mutual() {
    let catalogue = Catalogue::embedded();
    for statement in catalogue.iter() {
        for &other in &statement.counterparts {
            let key = statement.id;
            let counterpart = catalogue.get(other);
            assert!(counterpart.is_some(), "{key}: there is no {other}");
            assert_ne!(key.version(), other.version(), "{key}: {other}");
            let is_mutual = counterpart.is_some_and(|c| c.counterparts.contains(&key));
            assert!(is_mutual, "{other} does not name {key}");
        }
    }
}

#[test]
fn conditions_are_words_of_the_known_set() {
    for statement in Catalogue::embedded().iter() {
        for condition in &statement.requires {
            let is_known = CONDITIONS.contains(&condition.as_str());
            assert!(is_known, "{}: condition {condition}", statement.id);
        }
    }
}

#[test]
fn what_cannot_be_observed_says_why() {
    for statement in Catalogue::embedded().iter() {
        if statement.observable == Observable::No {
            let says_why = ["Not observable: ", "Meta-requirement: "]
                .iter()
                .any(|start| statement.check.starts_with(start));
            assert!(says_why, "{}: {}", statement.id, statement.check);
        }
    }
}

#[test]
fn a_duplicate_key_and_a_wrong_key_are_refused() {
    let entry = |id: &str| {
        format!(
            "[[statement]]\nid = \"{id}\"\nsection = \"1\"\ntitle = \"t\"\narea = \"a\"\nwho = \"both\"\n\
             level = \"must\"\nobservable = \"wire\"\nsummary = \"s\"\ncheck = \"c\"\n"
        )
    };
    let twice = entry("v5-1.5.4-1").repeat(2);
    let error = Catalogue::parse(&[&twice]).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "two statements have the key v5-1.5.4-1");
    let error = Catalogue::parse(&[&entry("MQTT-1.5.4-1")])
        .map(|_| ())
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("'MQTT-1.5.4-1' is not a statement"),
        "{error}"
    );
}

const CONDITIONS: [&str; 23] = [
    "acl",
    "alias_in",
    "auth",
    "auth_method",
    "client_sut",
    "dollar",
    "empty_cid",
    "id_policy",
    "max_packet",
    "max_qos_lt_2",
    "no_alias_in",
    "no_local",
    "no_retain",
    "persist",
    "pubrec_error",
    "qos1",
    "qos2",
    "retain",
    "shared",
    "slow",
    "subid",
    "wildcard",
    "ws",
];
