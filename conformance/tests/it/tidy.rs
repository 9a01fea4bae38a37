//! What a reviewer should not have to look for: sizes, names, layers, and citations.

use std::fs;
use std::path::{Path, PathBuf};

use mqtt_assay::catalogue::Catalogue;
use mqtt_assay::scenario;
use mqtt_assay_codec::StatementId;

/// The folder that holds the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// Every file below a folder that has one of these extensions, by its path from the root, with its text.
fn files(folder: &str, extensions: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}")) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_symlink() || name == "target" || name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if extensions
                .iter()
                .any(|it| name.ends_with(&format!(".{it}")))
            {
                let text = fs::read_to_string(&path).unwrap();
                let path = path
                    .strip_prefix(root())
                    .unwrap()
                    .to_string_lossy()
                    .replace('\\', "/");
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "nothing in {folder}");
    found.sort();
    found
}

#[track_caller]
fn check(what: &str, offenders: &[String]) {
    assert!(
        offenders.is_empty(),
        "{what}:\n  {}",
        offenders.join("\n  ")
    );
}

#[test]
fn no_source_file_is_longer_than_600_lines() {
    let long: Vec<String> = files(".", &["rs"])
        .iter()
        .filter(|(_, text)| text.lines().count() > 600)
        .map(|(path, text)| format!("{path}: {} lines", text.lines().count()))
        .collect();
    check("split these where the names are good", &long);
}

#[test]
fn file_names_say_a_subject() {
    let vague = ["utils", "util", "helpers", "helper", "misc", "common"];
    let offenders: Vec<String> = files(".", &["rs", "mqtt"])
        .into_iter()
        .map(|(path, _)| path)
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            let stem = name.split('.').next().unwrap_or_default();
            vague.contains(&stem) || stem.ends_with(|c: char| c.is_ascii_digit())
        })
        .collect();
    check("these names say no subject", &offenders);
}

#[test]
fn every_cited_statement_is_in_the_catalogue() {
    let mut offenders = Vec::new();
    for (path, text) in files(".", &["rs", "mqtt", "toml", "md"]) {
        // Tests cite what does not exist, to see it refused.
        if path.contains("/tests/") {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            for id in cited(line) {
                if Catalogue::embedded().get(id).is_none() && !id.to_string().starts_with("v5-9.") {
                    offenders.push(format!("{path}:{number}: {id}"));
                }
            }
        }
    }
    check("no such statement", &offenders);
}

/// The keys in a line: as words, and as calls of the constructors.
fn cited(line: &str) -> Vec<StatementId> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    let words = line
        .split(|c| !is_part(c))
        .map(|word| word.trim_end_matches(['.', '-']));
    let mut found: Vec<StatementId> = words.filter_map(|word| word.parse().ok()).collect();
    for (name, numbers) in [("v3", 4), ("v5", 4), ("u3", 1), ("u5", 1)] {
        let call = format!("{name}(");
        for (at, _) in line.match_indices(&call) {
            if line
                .get(..at)
                .is_some_and(|before| before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            {
                continue;
            }
            let arguments = line.get(at + call.len()..).unwrap_or_default();
            let arguments = arguments.split(')').next().unwrap_or_default();
            let values: Vec<u8> = arguments
                .split(',')
                .filter_map(|v| v.trim().parse().ok())
                .collect();
            match (name, values.as_slice()) {
                ("v3", &[a, b, c, n]) => found.push(StatementId::v3(a, b, c, n)),
                ("v5", &[a, b, c, n]) => found.push(StatementId::v5(a, b, c, n)),
                ("u3", &[n]) => found.push(StatementId::u3(n)),
                ("u5", &[n]) => found.push(StatementId::u5(n)),
                _ => assert_ne!(values.len(), numbers),
            }
        }
    }
    found
}

#[test]
fn citations_are_found_in_every_form() {
    let found = |line| {
        cited(line)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("c <- PINGRESP  @ v3-3.12.4-1 v5-3.12.4-1"),
        ["v3-3.12.4-1", "v5-3.12.4-1"]
    );
    assert_eq!(found("(u5-21), `u3-07`."), ["u5-21", "u3-07"]);
    assert_eq!(
        found("malformed(by(u3(1), v5(1, 5, 5, 1)))"),
        ["v5-1.5.5-1", "u3-01"]
    );
}

#[test]
fn scenarios_stand_in_the_folder_of_their_topic() {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
    };
    let mut offenders = Vec::new();
    for (path, _) in files("fixtures/scenarios", &["mqtt"]) {
        let parts: Vec<&str> = path.split('/').collect();
        let is_right = match parts.as_slice() {
            [_, _, topic, file] => {
                is_word(topic) && file.strip_suffix(".mqtt").is_some_and(is_word)
            }
            _ => false,
        };
        if !is_right {
            offenders.push(path);
        }
    }
    check(
        "the form is fixtures/scenarios/<topic>/<behaviour>.mqtt",
        &offenders,
    );
    let scenarios = scenario::parse_all(&scenario::embedded()).unwrap_or_else(|errors| {
        panic!(
            "{}",
            scenario::render_all(&errors, &scenario::embedded(), false)
        )
    });
    let misplaced: Vec<String> = scenarios
        .iter()
        .filter(|scenario| scenario.file.split('/').next() != scenario.name.split('/').next())
        .map(|scenario| format!("{} in {}", scenario.name, scenario.file))
        .collect();
    check("a scenario's first part is its folder", &misplaced);
}

#[test]
fn every_scenario_is_checked_and_laid_out() {
    let mut offenders = Vec::new();
    for (path, text) in files("fixtures/scenarios", &["mqtt"]) {
        match scenario::format(&text) {
            Ok(formatted) if formatted == text => {}
            Ok(_) => offenders.push(format!("{path}: run `mqtt-assay fmt` on it")),
            Err(errors) => offenders.extend(errors.iter().map(|error| format!("{path}: {error}"))),
        }
        for scenario in scenario::parse(&path, &text).unwrap_or_default() {
            let in_catalogue = |id| Catalogue::embedded().get(id).is_some();
            let errors = scenario::check(&scenario, &in_catalogue);
            offenders.extend(errors.iter().map(ToString::to_string));
        }
    }
    check("mistakes in scenarios", &offenders);
}

/// What each layer of `conformance` may not know.
const LAYERS: &[(&str, &[&str])] = &[
    (
        "scenario",
        &[
            "matrix",
            "runner",
            "broker",
            "transport",
            "report",
            "commands",
            "verdict",
            "profile",
        ],
    ),
    (
        "matrix",
        &[
            "broker",
            "transport",
            "report",
            "commands",
            "verdict",
            "profile",
        ],
    ),
    (
        "broker",
        &[
            "matrix",
            "runner",
            "scenario",
            "transport",
            "report",
            "commands",
            "verdict",
            "profile",
        ],
    ),
    (
        "transport",
        &["runner", "scenario", "broker", "report", "commands"],
    ),
    (
        "runner",
        &["matrix", "report", "commands", "profile", "args"],
    ),
    (
        "report",
        &["runner", "broker", "commands", "args", "scenario"],
    ),
];

/// Where the runner takes the reference broker as a subject; nothing else of it may know the broker.
const BROKER_AS_SUBJECT: [&str; 3] = [
    "runner/embedded.rs",
    "runner/endpoint.rs",
    "runner/suite.rs",
];

#[test]
fn layers_point_one_way() {
    let mut offenders = Vec::new();
    for (path, text) in files("conformance/src", &["rs"]) {
        let path = path.trim_start_matches("conformance/src/");
        for (layer, forbidden) in LAYERS {
            if !path.starts_with(&format!("{layer}/")) {
                continue;
            }
            let names_broker = text.contains("crate::broker");
            if *layer == "runner" && names_broker && !BROKER_AS_SUBJECT.contains(&path) {
                offenders.push(format!("{path} knows broker"));
            }
            for other in *forbidden {
                if text.contains(&format!("crate::{other}::"))
                    || text.contains(&format!("crate::{other};"))
                {
                    offenders.push(format!("{path} knows {other}"));
                }
            }
        }
    }
    check("the layers are in docs/ARCHITECTURE.md", &offenders);
}

#[test]
fn the_codec_depends_on_bytes_alone() {
    let text = fs::read_to_string(root().join("codec/Cargo.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    let required: Vec<&str> = dependencies
        .iter()
        .filter(|(_, value)| {
            value
                .get("optional")
                .is_none_or(|it| it.as_bool() != Some(true))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(required, ["bytes"]);
}
