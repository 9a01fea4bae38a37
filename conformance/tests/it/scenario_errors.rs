use std::fmt::Write as _;

use mqtt_assay::catalogue::Catalogue;
use mqtt_assay::scenario::{self, ScenarioError};

/// All that is wrong with a text, as people see it.
fn errors(text: &str) -> String {
    let found = match scenario::parse("a/b.mqtt", text) {
        Ok(scenarios) => scenarios.iter().flat_map(check).collect(),
        Err(found) => found,
    };
    let mut out = String::new();
    for error in &found {
        writeln!(out, "{}\n", error.render(text, false)).unwrap();
    }
    out
}

fn check(scenario: &scenario::Scenario) -> Vec<ScenarioError> {
    scenario::check(scenario, &|id| Catalogue::embedded().get(id).is_some())
}

/// The mistakes of one line in an otherwise right scenario.
fn errors_of_lines(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        let text = format!(
            "scenario a/b\n  \"Sentence.\"\n  c connects\n  {line}\n  c pings  @ v3-3.12.4-1 v5-3.12.4-1\n"
        );
        let found = errors(&text);
        assert_ne!(found, "", "{line}");
        out.push_str(&found);
    }
    out
}

#[test]
fn names_that_are_misspelt() {
    insta::assert_snapshot!(errors_of_lines(&[
        "c subscribs \"{ns}t\" qos=1",
        "c dances",
        "unordred",
        "c -> PUBLIHS topic=\"{ns}t\"",
        "c <- puback id=1",
        "c <- nothnig",
        "c -> PUBLISH topc=\"{ns}t\"",
        "c <- PINGRESP id=1",
        "c connects clean-strat",
        "c -> PINGREQ with remaining-lenght=1",
        "c -> CONNECT client-id=\"{n}c\"",
    ]));
}

#[test]
fn values_of_the_wrong_kind() {
    insta::assert_snapshot!(errors_of_lines(&[
        "c -> PUBLISH id=\"7\" topic=\"{ns}t\"",
        "c -> PUBLISH id=70000 topic=\"{ns}t\"",
        "c -> PUBLISH topic={ns}t",
        "c -> PUBLISH topic",
        "c -> PUBLISH dup=1 topic=\"{ns}t\"",
        "c <- PUBLISH dup=absent",
        "c connects keep-alive=60s",
        "c connects session=60",
        "c connects reason=0x84",
        "[5.0] c -> PUBLISH topic=\"{ns}t\" user-property=\"k\"",
        "c <- closed within 2",
        "c <- silence",
        "c -> hex 8g",
        "c -> PINGREQ in pieces of 0",
        "c -> PINGREQ in frames of 1",
        "c opens offering mqtt",
        "c opens subprotocol=\"a b\"",
        "c subscribes \"{ns}t\" id=7",
        "c receives",
        "c -> SUBSCRIBE id=1 0 times filter=\"{ns}t\"",
        "c -> SUBSCRIBE id=1 70000 times filter=\"{ns}t\"",
        "c -> SUBSCRIBE id=1 7 filter=\"{ns}t\"",
        "c -> SUBSCRIBE id=1 7 times",
        "c -> PUBLISH topic=\"{ns}\"+\"x\"*65536",
        "c -> PUBLISH topic=\"{ns}t\" payload=\"x\"*268435461",
    ]));
}

#[test]
fn statements_that_cannot_be_cited() {
    insta::assert_snapshot!(errors_of_lines(&[
        "c pings @ v5-3.12.4.1",
        "c pings @ ping",
        "c pings @ v5-3.12.4-1 v5-3.12.4-1",
        "c pings @ v5-3.12.4-9",
        "c pings @ v5-3.1.2-99",
        "[5.0] c pings @ v3-3.12.4-1",
        "c pings @",
        "c -> PINGREQ @ v5-3.12.4-1",
    ]));
}

#[test]
fn lines_that_do_not_hang_together() {
    insta::assert_snapshot!(errors_of_lines(&[
        "c -> PUBLISH topic=\"{ns}t",
        "c -> PUBLISH topic=\"{ns}t\" \u{a7} dup",
        "c -> PUBLISH topic=\"{ns}t\" session-expiry=1 message-expiry=1",
        "d pings",
        "c -> PUBREL id=$m",
        "[one] c pings",
        "[6.0] c pings",
        "versions 5.0",
        "repeat 3",
        "end",
        "unordered\nc pings\nend",
        "broker restarts",
        "c -> PINGREQ in a text frame",
        "c opens offering \"mqtt\"",
        "repeat 3\nc publishes \"{ns}t\" \"{i}\"\nend\nc publishes \"{ns}t\" \"{i}\"",
    ]));
}

#[test]
fn scenarios_that_cannot_be_right() {
    let texts = [
        "c connects\n",
        "scenario PING\n  \"Sentence.\"\n",
        "scenario a/b\n  c connects\n  c pings @ v3-3.12.4-1 v5-3.12.4-1\n",
        "scenario a/b\n  \"Sentence.\"\n",
        "scenario a/b\n  \"Sentence.\"\n  c connects\n  c pings\n",
        "scenario a/b\n  \"Sentence.\"\n  c connects\n  c pings  @ v5-3.12.4-1\n",
        "scenario a/b\n  \"Sentence.\"\n  versions 5.1\n  requires qos3\n  c connects\n",
        "scenario a/b\n  \"Sentence.\"\n  c connects\n  unordered\n  c <- PINGRESP\n",
        concat!(
            "scenario a/b\n  \"Sentence.\"\n  case one n=1\n  case one n=2\n  case two m=\"x\"\n",
            "  case three [5.0] n=2s\n  case four\n  c connects\n",
            "  [one three four] c -> PINGREQ with truncate=$n\n  c pings  @ v3-3.12.4-1 v5-3.12.4-1\n",
            "  [fuor] c pings\n",
        ),
        concat!(
            "scenario a/b\n  \"Sentence.\"\n  c connects\n  c pings  @ v3-3.12.4-1 v5-3.12.4-1\n",
            "scenario a/b\n  \"Sentence.\"\n  c connects\n  c pings  @ v3-3.12.4-1 v5-3.12.4-1\n",
        ),
    ];
    insta::assert_snapshot!(texts.map(errors).concat());
}

#[test]
fn a_file_is_told_all_its_mistakes() {
    let text = "scenario a/b\n  \"Sentence\n  c conects\n  c <- PUBAK\n\nscenario a/c\n  \"S.\"\n  c flies\n";
    let lines: Vec<u32> = scenario::parse("a/b.mqtt", text)
        .unwrap_err()
        .iter()
        .map(ScenarioError::line)
        .collect();
    assert_eq!(lines, [2, 3, 4, 8]);
}

#[test]
fn scenarios_of_a_folder_have_its_name_and_differ() {
    let text = "scenario a/b\n  \"Sentence.\"\n  c connects\n";
    let files = ["a/x.mqtt", "a/y.mqtt", "ping/z.mqtt"].map(|name| scenario::SourceFile {
        name: name.to_owned(),
        text: text.to_owned(),
    });
    let found = scenario::parse_all(&files).unwrap_err();
    insta::assert_snapshot!(scenario::render_all(&found, &files, false));
}
