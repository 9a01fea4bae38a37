//! The command line as its users meet it: output, messages, and exit codes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::{env, fs};

/// Scenario files that are given to commands.
mod files;

/// What a command printed, and how it ended.
struct Printed {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Printed {
    #[track_caller]
    fn exited(&self, code: i32) {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
    }

    #[track_caller]
    fn stdout_has(&self, words: &str) {
        assert!(self.stdout.contains(words), "{words:?}: {}", self.stdout);
    }

    #[track_caller]
    fn stderr_has(&self, words: &str) {
        assert!(self.stderr.contains(words), "{words:?}: {}", self.stderr);
    }
}

fn assay(arguments: &[&str]) -> Printed {
    assay_reading(arguments, "")
}

fn assay_reading(arguments: &[&str], input: &str) -> Printed {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mqtt-assay"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Printed {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[track_caller]
fn check(arguments: &[&str], code: i32, stdout: &str, stderr: &str) {
    let printed = assay(arguments);
    let actual = (
        printed.code,
        printed.stdout.as_str(),
        printed.stderr.as_str(),
    );
    assert_eq!(actual, (Some(code), stdout, stderr), "{arguments:?}");
}

/// A file of its own for each test, gone when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, text: &str) -> Self {
        let path = env::temp_dir().join(format!("mqtt-assay-{}-{name}", std::process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

/// `mqtt-assay serve` on a free port, stopped when it is dropped.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_mqtt-assay"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.as_mut().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let address = line
            .trim_end()
            .strip_prefix("listening on ")
            .unwrap()
            .to_owned();
        Self { child, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn decode_explains_a_valid_packet() {
    let printed = assay(&["decode", "32 0a 00 03 61 2f 62 00 07 00 68 69"]);
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_explains_a_malformed_packet() {
    let printed = assay(&["decode", "80090001000003612f6201"]);
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_explains_every_error() {
    let printed = assay(&["decode", "80 09 0000 00 0003 612f61 03"]);
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_explains_what_is_cut() {
    let printed = assay(&["decode", "--mqtt", "3.1.1", "10 10 00 04 4d 51"]);
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_answers_each_line_by_a_line_of_json() {
    let printed = assay_reading(
        &["decode", "--json", "-"],
        "c000\nd0\n80090001000003612f6201\nxx\n\nc000d000\n30050003612f62\n",
    );
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_answers_each_line_by_a_line_of_text() {
    let printed = assay_reading(&["decode", "-"], "c000\nd0\n80090001000003612f6201\nxx\n");
    printed.exited(0);
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn decode_takes_options_behind_the_bytes() {
    let before = assay(&["decode", "--mqtt", "3.1.1", "30 04", "0001 6161"]);
    let behind = assay(&["decode", "30 04", "0001 6161", "--mqtt", "3.1.1"]);
    assert_eq!(behind.stdout, before.stdout);
    assert_eq!((behind.code, before.code), (Some(0), Some(0)));
}

#[test]
fn decode_reads_a_connect_by_its_own_version_unless_told_one() {
    let [old, next] = ["04", "06"].map(|level| format!("100d00044d515454{level}02003c000161"));
    let answer = |options: &[&str]| assay(&[&["decode", "--json"], options].concat()).stdout;
    assert!(answer(&[&old]).starts_with(r#"{"verdict":"valid""#));
    let refused = r#""statement":"v5-3.1.2-2","offset":8,"reason":132"#;
    assert!(answer(&["--mqtt", "5.0", &old]).contains(refused));
    let refused = r#""statement":"v3-3.1.2-2","offset":8,"reason":1,"#;
    assert!(answer(&["--mqtt", "3.1.1", &next]).contains(refused));
}

#[test]
fn decode_knows_who_sent_a_packet() {
    let verdict = |side| assay(&["decode", "--json", "--from", side, "c000"]).stdout;
    assert!(verdict("client").starts_with(r#"{"verdict":"valid","packet":"PINGREQ""#));
    assert!(verdict("server").starts_with(r#"{"verdict":"protocol-error","packet":null"#));
}

#[test]
fn decode_names_the_column_of_what_is_no_hex() {
    let allowed = r"allowed are hex digits in pairs, 0x or \x before them, and blanks, commas, colons and brackets between them";
    let message = format!("error: 'g' in column 5; {allowed}\n  c0 0g\n      ^\n");
    check(&["decode", "c0 0g"], 2, "", &message);
    let message = format!("error: 'z' in line 2, column 2; {allowed}\n  0z\n   ^\n");
    check(&["decode", "c0\n0z"], 2, "", &message);
}

#[test]
fn decode_reads_what_people_paste() {
    let expected = assay(&["decode", "c000d000"]).stdout;
    for text in [
        "0xc0, 0x00, 0xd0, 0x00",
        r"\xc0\x00\xd0\x00",
        "00000000: c000 d000  ....",
    ] {
        let printed = assay(&["decode", text]);
        assert_eq!(
            (printed.code, printed.stdout),
            (Some(0), expected.clone()),
            "{text}"
        );
    }
    // One answer for each text, whether it takes a line or more.
    let text =
        "{0xc0,\n 0x00}\n00000000  c0 00  |..|\n00000002\nd000\n{zz\nd000\n00000000: c0  .\n";
    let expected = "valid PINGREQ\nvalid PINGREQ\nvalid PINGRESP\nerror: 'z' in column 2; allowed are hex digits in pairs, \
                    0x or \\x before them, and blanks, commas, colons and brackets between them\nvalid PINGRESP\nincomplete at least 1 more needed\n";
    assert_eq!(assay_reading(&["decode", "-"], text).stdout, expected);
}

#[test]
fn encode_writes_what_decode_reads() {
    let hex = "32 0a 00 03 61 2f 62 00 07 00 68 69\n";
    let packet = r#"PUBLISH qos=1 id=7 topic="a/b" payload="hi""#;
    check(&["encode", packet], 0, hex, "");
    let decoded = assay(&["decode", hex]).stdout;
    assert_eq!(decoded.lines().next(), Some(packet));
    check(
        &["encode", "--mqtt", "3.1.1", "hex c0 00"],
        0,
        "c0 00\n",
        "",
    );
}

#[test]
fn encode_writes_what_is_not_valid_and_warns() {
    let printed = assay(&["encode", "PUBLISH qos=3 id=1 topic=\"a\""]);
    assert_eq!(
        (printed.code, printed.stdout.as_str()),
        (Some(0), "36 06 00 01 61 00 01 00\n")
    );
    assert!(
        printed
            .stderr
            .starts_with("warning: not valid in MQTT 5.0: QoS 3"),
        "{}",
        printed.stderr
    );
    let message = "error: unknown field `qs` in PUBLISH\n  PUBLISH qs=1\n          ^^\nhint: did you mean `qos`?\n";
    check(&["encode", "PUBLISH qs=1"], 2, "", message);
}

#[test]
fn a_statement_is_explained() {
    let printed = assay(&["statement", "v5-3.12.4-1"]);
    printed.exited(0);
    let stdout = printed.stdout;
    assert!(
        stdout.starts_with("MQTT 5.0 [MQTT-3.12.4-1] MUST, section 3.12.4 "),
        "{stdout}"
    );
    assert!(stdout.contains("counterpart   v3-3.12.4-1: "), "{stdout}");
    assert!(stdout.contains("ping/pingreq-is-answered"), "{stdout}");
    let both = assay(&["statement", "[MQTT-3.12.4-1]"]).stdout;
    assert!(
        both.contains("(v3-3.12.4-1)") && both.contains("(v5-3.12.4-1)"),
        "{both}"
    );
}

#[test]
fn a_statement_that_does_not_exist_is_refused() {
    check(
        &["statement", "v5-3.12.4-9"],
        4,
        "",
        "error: there is no statement v5-3.12.4-9\nhint: this section has v5-3.12.4-1 to v5-3.12.4-1\n",
    );
    check(
        &["statement", "3.12.4"],
        2,
        "",
        "error: '3.12.4' is not a statement; its form is v3-3.1.0-1, v5-3.1.0-1, u3-07 or u5-07\n",
    );
}

#[test]
fn show_prints_a_scenario_and_what_it_judges() {
    let printed = assay(&["show", "ping/pingreq-is-answered@5.0"]);
    printed.exited(0);
    assert!(
        printed
            .stdout
            .contains("\nscenario ping/pingreq-is-answered\n"),
        "{}",
        printed.stdout
    );
    printed.stdout_has("v5-3.12.4-1 MUST\n");
    let printed = assay(&["show", "ping/pingreq-is-answerd"]);
    let message = "error: there is no scenario ping/pingreq-is-answerd\nhint: did you mean ping/pingreq-is-answered?\n";
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(4), message));
}

#[test]
fn every_list_is_json_too() {
    for arguments in [
        &["list", "--json"][..],
        &["coverage", "--json"],
        &["faults", "--json"],
        &["statement", "v5-3.1.0-1", "--json"],
        &["show", "ping/pingreq-is-answered", "--json"],
    ] {
        let printed = assay(arguments);
        assert_eq!(printed.code, Some(0), "{arguments:?}: {}", printed.stderr);
        let value: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
        assert!(value.is_array() || value.is_object(), "{arguments:?}");
    }
}

#[test]
fn coverage_counts_every_statement() {
    let printed = assay(&["coverage", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(
        value["statements"].as_array().unwrap().len(),
        141 + 16 + 251 + 34
    );
    let of = |version: &str| -> u64 {
        let classes = value["totals"][version].as_object().unwrap();
        classes
            .values()
            .map(|totals| totals["statements"].as_u64().unwrap())
            .sum()
    };
    assert_eq!((of("3.1.1"), of("5.0")), (141 + 16, 251 + 34));
}

#[test]
fn a_test_against_the_embedded_broker_passes() {
    let printed = assay(&["run", "ping/pingreq-is-answered"]);
    printed.exited(0);
    printed.stdout_has("as expected: 2 tests in ");
    let printed = assay(&["run", "v5-3.12.4-1", "--mqtt", "5.0", "--report", "json=-"]);
    printed.exited(0);
    let report: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(report["format"], 1);
    assert_eq!(report["summary"]["fail"], 0);
    assert!(report["summary"]["pass"].as_u64() >= Some(1));
}

#[test]
fn a_fault_fails_and_a_profile_may_know_it() {
    let arguments = [
        "run",
        "ping/pingreq-is-answered@5.0",
        "--fault",
        "pingreq-ignored",
    ];
    let printed = assay(&arguments);
    printed.exited(1);
    printed.stdout_has("MQTT 5.0 [MQTT-3.12.4-1] MUST");
    let rerun =
        "run it again: mqtt-assay run 'ping/pingreq-is-answered@5.0' --fault pingreq-ignored";
    printed.stdout_has(rerun);

    let profile = Scratch::new(
        "known.toml",
        "name = \"deaf\"\n[[known]]\ntest = \"ping/pingreq-is-answered@5.0\"\nstatement = \"v5-3.12.4-1\"\nreason = \"it is deaf\"\n",
    );
    let with = |arguments: &[&'static str]| -> Printed {
        let mut all = arguments.to_vec();
        let path = profile.path().to_owned();
        all.extend(["--profile", Box::leak(path.into_boxed_str())]);
        assay(&all)
    };
    let printed = with(&arguments);
    printed.exited(0);
    printed.stdout_has("it is deaf");
    let printed = with(&["run", "ping/pingreq-is-answered@5.0"]);
    printed.exited(1);
    printed.stdout_has("was not seen: the broker no");
}

#[test]
fn a_broker_of_several_nodes_is_given_time() {
    let printed = assay(&[
        "run",
        "retained/wildcards@5.0*",
        "--settle",
        "2s",
        "--report",
        "json=-",
    ]);
    printed.exited(0);
    let report: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    assert_eq!(report["options"], "--settle 2000ms");
    // A publisher and a subscriber take turns at least once.
    for test in report["tests"].as_array().unwrap() {
        let seconds = test["seconds"].as_f64().unwrap();
        assert!(seconds >= 2.0, "{} took {seconds} s", test["id"]);
    }
    let said = "whenever another client acted, 2000 ms were waited first";
    printed.stderr_has(said);
}

#[test]
fn a_served_broker_is_tested_over_tcp() {
    let served = Served::start(&[]);
    let printed = assay(&[
        "run",
        "ping/pingreq-is-answered",
        "--broker",
        &served.address,
    ]);
    printed.exited(0);
}

#[test]
fn a_password_is_used_and_not_printed() {
    let served = Served::start(&["--user", "alice:hunter2"]);
    let report = Scratch::new("report.json", "");
    let run = |credentials: &str| {
        let broker = format!("mqtt://{credentials}{}", served.address);
        let target = format!("json={}", report.path());
        assay(&[
            "run",
            "ping/*@5.0",
            "--trace",
            "all",
            "--broker",
            &broker,
            "--report",
            &target,
        ])
    };
    let printed = run("alice:hunter2@");
    printed.exited(0);
    let secret_in_hex = "68 75 6e 74 65 72 32";
    for text in [printed.stdout, printed.stderr, report.text()] {
        assert!(
            !text.contains("hunter2") && !text.contains(secret_in_hex),
            "{text}"
        );
    }
    let printed = run("");
    printed.exited(3);
}

#[test]
fn a_broker_that_is_not_there_cannot_be_tested() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("127.0.0.1:{port}");
    let message = format!(
        "error: nothing listens on {address}: connection refused\n\
         hint: start the broker, or leave out --broker to test the embedded one\n"
    );
    check(&["run", "--broker", &address], 3, "", &message);
}

#[test]
fn a_command_that_is_no_broker_cannot_be_tested() {
    let printed = assay(&[
        "run",
        "ping/*",
        "--start-timeout",
        "5s",
        "--",
        env!("CARGO_BIN_EXE_mqtt-assay"),
        "list",
    ]);
    printed.exited(3);
    assert!(
        printed
            .stderr
            .contains("hint: the command must stay in the foreground"),
        "{}",
        printed.stderr
    );
}

#[test]
fn what_selects_nothing_names_what_is_near() {
    let printed = assay(&["run", "ping/pingreq-is-answerd"]);
    let message = "error: 'ping/pingreq-is-answerd' selects no test\nhint: did you mean ping/pingreq-is-answered?\n";
    assert_eq!((printed.code, printed.stderr.as_str()), (Some(4), message));
}

#[test]
fn wrong_usage_is_named() {
    #[track_caller]
    fn check_usage(arguments: &[&str], message: &str) {
        let printed = assay(arguments);
        assert_eq!(printed.code, Some(2), "{arguments:?}");
        assert!(
            printed.stderr.contains(message),
            "{arguments:?}: {}",
            printed.stderr
        );
    }
    check_usage(
        &["run", "--brokre", "h"],
        "a similar argument exists: '--broker'",
    );
    check_usage(
        &["run", "--broker", "h:0"],
        "'0' is no port; allowed are 1 to 65535",
    );
    check_usage(&["run", "--timeout", "3"], "its form is 500ms, 2s or 1m");
    check_usage(
        &["run", "--report", "xml=x"],
        "unknown format; allowed is json=PATH",
    );
    check_usage(&["run", "--fault", "ping"], "there is no fault 'ping'");
    check_usage(
        &["run", "--broker", "a", "--broker", "b"],
        "two addresses for the same versions",
    );
    check_usage(&["run", "--profile", "nowhere.toml"], "nowhere.toml: ");
    check_usage(
        &["decode", "--mqtt", "4", "--from", "me", "00"],
        "allowed are client and server",
    );
}
