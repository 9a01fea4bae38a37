//! The reports, on results made by hand: what people read is read here first.

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay::report::{Broker, Report, json, text};
use mqtt_assay::verdict::{SourceLine, TestResult, TraceEntry, Verdict};
use mqtt_assay_codec::ProtocolVersion;

fn result(id: &str, verdict: Verdict) -> TestResult {
    let (scenario, rest) = id.split_once('@').unwrap();
    let (version, case) = rest
        .split_once('+')
        .map_or((rest, None), |(v, c)| (v, Some(c)));
    TestResult {
        id: id.to_owned(),
        scenario: scenario.to_owned(),
        summary: "A SUBSCRIBE whose fixed-header flags are not 0010 is malformed.".to_owned(),
        version: version.parse().unwrap(),
        case: case.map(ToOwned::to_owned),
        verdict,
        known: None,
        crash: false,
        statements: vec!["v5-3.8.1-1".parse().unwrap()],
        violated: Vec::new(),
        message: String::new(),
        notes: Vec::new(),
        file: format!("fixtures/scenarios/{scenario}.mqtt"),
        line: 9,
        source: None,
        duration: Duration::from_millis(12),
        expected: None,
        actual: None,
        trace: Vec::new(),
    }
}

fn entry(
    t: f64,
    client: &str,
    dir: &'static str,
    packet: &str,
    hex: &str,
    judged: bool,
) -> TraceEntry {
    TraceEntry {
        t,
        client: client.to_owned(),
        dir,
        packet: packet.to_owned(),
        hex: hex.to_owned(),
        judged,
    }
}

fn redelivery() -> TestResult {
    let text =
        r#"sub <- PUBLISH qos=2 dup id=$m topic="{ns}t" payload="once"  @ v5-4.4.0-1 v5-3.3.1-1"#;
    let dup = text.find("dup").unwrap();
    let id = text.find("id=").unwrap();
    TestResult {
        summary: "A QoS 2 message arrives exactly once although both sides lose their connection."
            .to_owned(),
        violated: vec!["v5-4.4.0-1".parse().unwrap(), "v5-3.3.1-1".parse().unwrap()],
        line: 28,
        source: Some(SourceLine {
            text: text.to_owned(),
            marks: vec![
                (dup..dup + 3, "not set".to_owned()),
                (id..id + 5, "is 2, not 1".to_owned()),
            ],
        }),
        expected: Some(r#"PUBLISH qos=2 dup id=1 topic="k2hx9a0bq4mzt" payload="once""#.to_owned()),
        actual: Some(r#"PUBLISH qos=2 id=2 topic="k2hx9a0bq4mzt" payload="once""#.to_owned()),
        message: "the broker sent the message as a new one: a client that had already taken it would take it twice"
            .to_owned(),
        notes: vec!["the session was resumed 3 ms after the connection was lost".to_owned()],
        trace: vec![
            entry(0.0, "sub", "->", "opened", "", false),
            entry(0.001, "sub", "->", r#"CONNECT client-id="k2hx9a0bq4mzs" keep-alive=60 session-expiry=60"#, "10 1f", false),
            entry(0.002, "sub", "<-", "CONNACK session-present", "20 03 01 00 00", false),
            entry(0.0042, "sub", "<-", r#"PUBLISH qos=2 id=2 topic="k2hx9a0bq4mzt" payload="once""#,
                "34 16 00 0d 6b 32 68 78 39 61 30 62 71 34 6d 7a 74 00 02 00 6f 6e 63 65", true),
        ],
        ..result("qos2/redelivered-after-reconnect@5.0", Verdict::Fail)
    }
}

fn report(tests: Vec<TestResult>) -> Report {
    Report {
        broker: Broker {
            address: "localhost:1883".to_owned(),
            profile: Some("example 1.0".to_owned()),
            capabilities: BTreeMap::from([("qos2".to_owned(), true.into())]),
        },
        started: "2026-01-02T03:04:05Z".to_owned(),
        seed: 7,
        duration: Duration::from_millis(1_940),
        tests,
        crashes: Vec::new(),
        problems: Vec::new(),
        options: " --broker localhost:1883".to_owned(),
        settle: Duration::ZERO,
        is_interrupted: false,
    }
}

fn printed(report: &Report, options: &text::Options) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    text::write(report, options, &mut out).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

fn options() -> text::Options {
    text::Options {
        rerun: " --broker localhost:1883".to_owned(),
        ..text::Options::default()
    }
}

#[test]
fn a_failure_tells_the_whole_story() {
    insta::assert_snapshot!(printed(&report(vec![redelivery()]), &options()));
}

#[test]
fn failures_that_are_alike_are_told_once() {
    let fail = |id: &str, message: &str| TestResult {
        violated: vec!["v5-3.8.1-1".parse().unwrap()],
        message: message.to_owned(),
        trace: vec![entry(0.0, "c", "->", id, "", true)],
        ..result(id, Verdict::Fail)
    };
    let mut tests = vec![
        fail("subscribe/flags@5.0+none", "still open after 3 s"),
        fail("subscribe/flags@5.0+all", "still open after 12 s"),
        fail("subscribe/flags@5.0+one", "still open after 12 s"),
        fail("subscribe/other@5.0", r#"answered "a" in 1 s"#),
        fail("unsubscribe/flags@5.0", "still open after 3 s"),
        fail("subscribe/another@5.0", r#"answered "b c" in 1 s"#),
    ];
    let many = (0..60).map(|case| fail(&format!("limits/many@5.0+number-{case}"), "lost"));
    tests.extend(many);
    let printed = printed(&report(tests), &options());
    assert_eq!(printed.matches("run it again").count(), 3);
    insta::assert_snapshot!(printed);
}

#[test]
fn what_is_no_failure_is_told_in_short() {
    let refused = "bare close, without a DISCONNECT 0x81";
    let mut problems = report(vec![
        TestResult {
            violated: vec!["v5-1.5.5-1".parse().unwrap()],
            message: "the long form of a remaining length was accepted".to_owned(),
            ..result("frame/remaining-length-is-shortest@5.0", Verdict::Warn)
        },
        TestResult {
            message: "PUBACK carries 0x10, no matching subscribers".to_owned(),
            ..result("publish/no-subscriber@5.0", Verdict::Info)
        },
        TestResult {
            message: "no CONNACK within 2 s; the connection is open".to_owned(),
            source: Some(SourceLine {
                text: "c connects".to_owned(),
                marks: Vec::new(),
            }),
            ..result("ping/pingreq-is-answered@3.1.1", Verdict::Inconclusive)
        },
        TestResult {
            notes: vec![refused.to_owned()],
            ..result("subscribe/reserved-flags@5.0+zero", Verdict::Pass)
        },
        TestResult {
            notes: vec![refused.to_owned()],
            ..result("subscribe/reserved-flags@5.0+all", Verdict::Pass)
        },
        TestResult {
            message: "needs shared, which the broker lacks".to_owned(),
            ..result("shared/one-member@5.0", Verdict::Skip)
        },
        TestResult {
            violated: vec!["v5-3.8.1-1".parse().unwrap()],
            known: Some("the flags of SUBSCRIBE are not read; fixed in 2.1".to_owned()),
            ..result("subscribe/reserved-flags@5.0+one", Verdict::Fail)
        },
    ]);
    problems.problems.push(
        "the known deviation 'publish/*' (v5-3.3.1-1) was not seen: the broker no longer deviates"
            .to_owned(),
    );
    insta::assert_snapshot!(printed(&problems, &options()));
}

#[test]
fn text_from_the_broker_is_shown_and_not_obeyed() {
    let evil = "a\u{1b}[2J\u{202e}b\nFAIL forged/test@5.0\r";
    let mut forged = redelivery();
    forged.actual = Some(format!("PUBLISH topic=\"{evil}\""));
    forged.message = format!("the reason string is {evil}");
    forged.notes = vec![evil.to_owned()];
    forged.source = Some(SourceLine {
        text: "c <- PUBACK".to_owned(),
        marks: vec![(5..200, evil.to_owned())],
    });
    forged.trace = vec![entry(0.0, evil, "<-", evil, evil, true)];
    let skipped = TestResult {
        message: evil.to_owned(),
        ..result("a/b@5.0", Verdict::Skip)
    };
    let text = printed(&report(vec![forged, skipped]), &options());
    let is_harmless = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
    assert!(text.chars().all(is_harmless), "{text:?}");
    assert!(
        !text.lines().any(|line| line.starts_with("FAIL forged")),
        "{text}"
    );
    assert!(
        text.contains(r"a\u{1b}[2J\u{202e}b\nFAIL forged/test@5.0\u{d}"),
        "{text}"
    );
}

#[test]
fn traces_are_shown_as_asked() {
    let passed = TestResult {
        trace: vec![entry(0.5, "c", "->", "PINGREQ", "c0 00", false)],
        ..result("ping/answered@5.0", Verdict::Pass)
    };
    let report = report(vec![passed, redelivery()]);
    let with = |trace| printed(&report, &text::Options { trace, ..options() });
    let has = |text: &str| {
        (
            text.contains("PINGREQ"),
            text.contains("CONNACK session-present"),
        )
    };
    assert_eq!(has(&with(text::Trace::Never)), (false, false));
    assert_eq!(has(&with(text::Trace::Fail)), (false, true));
    assert_eq!(has(&with(text::Trace::All)), (true, true));
}

#[test]
fn a_long_packet_is_cut_and_says_so() {
    let mut long = redelivery();
    long.actual = Some("x".repeat(1_000));
    long.trace = vec![entry(0.0, "c", "<-", "PUBLISH", &"00 ".repeat(1_000), true)];
    let text = printed(&report(vec![long]), &options());
    assert!(text.contains("x ... (400 characters more)"), "{text}");
    assert!(text.contains("... (856 bytes more)"), "{text}");
}

#[test]
fn a_long_trace_is_cut_around_what_was_judged() {
    let with = |trace, len: u16| {
        let mut long = redelivery();
        let of = |number| {
            let packet = format!("PUBACK id={number}");
            entry(0.0, "c", "<-", &packet, "", number == 500)
        };
        long.trace = (0..len).map(of).collect();
        let options = text::Options { trace, ..options() };
        printed(&report(vec![long]), &options)
    };
    let count = |text: String| text.matches("PUBACK id=").count();
    assert_eq!(count(with(text::Trace::Fail, 100)), 100);
    let cut = with(text::Trace::Fail, 1_000);
    let shown: Vec<u16> = cut
        .lines()
        .filter_map(|line| line.split_once("PUBACK id=")?.1.parse().ok())
        .collect();
    let wanted: Vec<u16> = (0..20).chain(495..=500).chain(980..1_000).collect();
    assert_eq!(shown, wanted, "{cut}");
    assert!(cut.contains("... (475 more; "), "{cut}");
    assert!(cut.contains("... (479 more; "), "{cut}");
    assert_eq!(count(with(text::Trace::All, 1_000)), 1_000);
}

#[test]
fn the_json_report_has_the_documented_fields() {
    let mut out = Vec::new();
    json::write(&report(vec![redelivery()]), &mut out).unwrap();
    let mut value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    value["tool"]["version"] = "0".into();
    let statements = value["statements"].as_array().unwrap();
    assert_eq!(statements.len(), 141 + 16 + 251 + 34);
    let touched: Vec<_> = statements
        .iter()
        .filter(|s| s["verdict"] != "untested" || s["tests"] != serde_json::json!([]))
        .cloned()
        .collect();
    value["statements"] = touched.into();
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap());
}

#[track_caller]
fn check_statement(tests: &[(Verdict, bool)], expected: &str) {
    let key = "v5-3.8.1-1".parse().unwrap();
    let tests = tests.iter().map(|&(verdict, is_violated)| TestResult {
        violated: if is_violated { vec![key] } else { Vec::new() },
        ..result("a/b@5.0", verdict)
    });
    let report = report(tests.collect());
    let statements = report.statements();
    let statement = statements.iter().find(|s| s.id == key).unwrap();
    assert_eq!(format!("{:?}", statement.verdict), expected);
}

#[test]
fn a_statement_is_as_good_as_the_worst_that_a_test_found() {
    check_statement(&[(Verdict::Pass, false)], "Kept");
    check_statement(&[(Verdict::Pass, false), (Verdict::Fail, true)], "Violated");
    check_statement(&[(Verdict::Pass, false), (Verdict::Warn, true)], "Warned");
    check_statement(&[(Verdict::Fail, true), (Verdict::Warn, true)], "Violated");
    check_statement(&[(Verdict::Fail, false)], "Untested");
    check_statement(
        &[(Verdict::Inconclusive, false), (Verdict::Skip, false)],
        "Untested",
    );
    check_statement(&[], "Untested");
}

#[test]
fn statements_are_counted_by_version() {
    let report = report(vec![result("a/b@5.0", Verdict::Pass)]);
    assert_eq!(report.statement_counts(ProtocolVersion::V5_0).kept, 1);
    assert_eq!(report.statement_counts(ProtocolVersion::V3_1_1).kept, 0);
}
