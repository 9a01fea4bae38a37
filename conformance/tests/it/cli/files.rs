use super::{Scratch, assay, check};

const SCENARIO: &str = "scenario ping/twice\n  \"Each of two PINGREQ is answered.\"\n\n  c connects\n  \
    c -> PINGREQ\n  c <- PINGRESP  @ v3-3.12.4-1 v5-3.12.4-1\n";

#[test]
fn a_scenario_file_is_checked_and_run() {
    let file = Scratch::new("ping.mqtt", SCENARIO);
    check(&["check", file.path()], 0, "1 file: 2 tests\n", "");
    let printed = assay(&["run", file.path()]);
    printed.exited(0);
    printed.stdout_has("as expected: 2 tests");
    let printed = assay(&["list", file.path()]);
    assert_eq!(printed.stdout, "ping/twice@3.1.1\nping/twice@5.0\n");
}

#[test]
fn a_mistake_in_a_scenario_stops_the_run() {
    let file = Scratch::new("wrong.mqtt", &SCENARIO.replace("PINGRESP", "PINGRSP"));
    for command in ["check", "run"] {
        let printed = assay(&[command, file.path()]);
        printed.exited(2);
        printed.stderr_has("PINGRSP");
        printed.stderr_has("wrong.mqtt:6");
    }
}

#[test]
fn fmt_lays_a_file_out_and_says_if_it_would() {
    let untidy = SCENARIO.replace("  c ->", "c   ->");
    let file = Scratch::new("untidy.mqtt", &untidy);
    assert_eq!(assay(&["fmt", "--check", file.path()]).code, Some(1));
    assert_eq!(file.text(), untidy);
    assert_eq!(assay(&["fmt", file.path()]).code, Some(0));
    assert_eq!(assay(&["fmt", "--check", file.path()]).code, Some(0));
    assert_ne!(file.text(), untidy);
}

#[test]
fn a_folder_stands_for_its_scenario_files() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/scenarios");
    let checked = assay(&["check", folder]);
    checked.exited(0);
    let files = checked
        .stdout
        .split(' ')
        .next()
        .and_then(|it| it.parse::<usize>().ok());
    assert!(files.is_some_and(|files| files > 50), "{}", checked.stdout);
    assert_eq!(assay(&["fmt", "--check", folder]).code, Some(0));
    let empty = concat!(env!("CARGO_MANIFEST_DIR"), "/src/scenario");
    let refused = assay(&["check", empty]);
    refused.exited(2);
    refused.stderr_has("no scenario file in this folder");
}
