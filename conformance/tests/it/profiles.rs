//! The profiles of real brokers fit the suite that there is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use mqtt_assay::glob;
use mqtt_assay::profile::Profile;

/// The ids of all tests, as `list` prints them.
fn all_tests() -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_mqtt-assay"))
        .arg("list")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let ids = text
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    ids.filter(|id| id.contains('@'))
        .map(str::to_owned)
        .collect()
}

/// Every profile: its file, and what is in it. Reading one refuses statements and capabilities that do not exist.
fn profiles() -> Vec<(String, Profile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/profiles");
    let mut profiles = Vec::new();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "toml") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let profile = Profile::parse(&fs::read_to_string(&path).unwrap());
            profiles.push((
                name.clone(),
                profile.unwrap_or_else(|e| panic!("{name}: {e}")),
            ));
        }
    }
    profiles.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(!profiles.is_empty(), "there is no profile");
    profiles
}

#[test]
fn every_known_deviation_is_of_a_test_and_a_statement_of_its_version() {
    let tests = all_tests();
    let mut offenders = Vec::new();
    for (file, profile) in profiles() {
        for known in &profile.known {
            let matched: Vec<&String> = tests
                .iter()
                .filter(|id| glob::matches(&known.test, id))
                .collect();
            if matched.is_empty() {
                offenders.push(format!("{file}: {known} matches no test"));
            }
            let Some(statement) = known.statement else {
                continue;
            };
            let version = format!("@{}", statement.version());
            if !matched.is_empty() && !matched.iter().any(|id| id.contains(&version)) {
                offenders.push(format!(
                    "{file}: {known} matches tests of the other version"
                ));
            }
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
}

#[test]
fn no_deviation_is_listed_twice() {
    for (file, profile) in profiles() {
        let mut seen = BTreeSet::new();
        for known in &profile.known {
            let is_new = seen.insert((known.test.clone(), known.statement));
            assert!(is_new, "{file}: {known} is there twice");
        }
    }
}
