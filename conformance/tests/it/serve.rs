use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use mqtt_assay::broker::Fault;
use mqtt_assay_codec::Framer;
use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::notation::{parse_packet, print_bytes};
use mqtt_assay_codec::packet::Sender;

const TOOL: &str = env!("CARGO_BIN_EXE_mqtt-assay");

/// `mqtt-assay serve` on a free port, stopped when it is dropped.
struct Served {
    child: Option<Child>,
    /// Every address that it printed, that of `listening on` last.
    addresses: Vec<String>,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        Self::listening(&["--listen", "127.0.0.1:0"], arguments)
    }

    fn listening(addresses: &[&str], arguments: &[&str]) -> Self {
        let mut child = Command::new(TOOL)
            .arg("serve")
            .args(addresses)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut addresses = Vec::new();
        for line in BufReader::new(child.stdout.as_mut().unwrap()).lines() {
            let line = line.unwrap();
            let (words, address) = line.rsplit_once(' ').unwrap();
            addresses.push(address.to_owned());
            if words == "listening on" {
                break;
            }
        }
        Self {
            child: Some(child),
            addresses,
        }
    }

    fn client(&self, version: ProtocolVersion) -> Client {
        Client::to(self.addresses.last().unwrap(), version)
    }

    /// Asks it to end, and waits until it has; what it left on standard error.
    #[cfg(unix)]
    fn end(mut self, signal: rustix::process::Signal) -> Output {
        let child = self.child.take().unwrap();
        let id = i32::try_from(child.id()).unwrap();
        let id = rustix::process::Pid::from_raw(id).unwrap();
        rustix::process::kill_process(id, signal).unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// A client that speaks the notation.
struct Client {
    stream: TcpStream,
    framer: Framer,
    version: ProtocolVersion,
}

impl Client {
    fn to(address: &str, version: ProtocolVersion) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).unwrap();
        let framer = Framer::new(version, usize::MAX);
        Self {
            stream,
            framer,
            version,
        }
    }

    fn next(&mut self) -> String {
        loop {
            if let Some(frame) = self.framer.next_frame().unwrap() {
                return print_bytes(&frame, self.version, Sender::Server);
            }
            let mut buffer = [0; 4096];
            match self.stream.read(&mut buffer).unwrap() {
                0 => return "closed".to_owned(),
                len => self.framer.push(&buffer[..len]),
            }
        }
    }

    /// Sends a packet, and compares what comes next.
    #[track_caller]
    fn check(&mut self, line: &str, expected: &str) {
        self.send(line);
        assert_eq!(self.next(), expected, "{line}");
    }

    fn send(&mut self, line: &str) {
        let bytes = parse_packet(line, self.version).unwrap();
        self.stream.write_all(&bytes).unwrap();
    }

    #[track_caller]
    fn connect(&mut self) {
        self.send("CONNECT client-id=\"c\" clean-start");
        let connack = self.next();
        assert!(connack.starts_with("CONNACK reason=0x00"), "{connack}");
    }
}

#[track_caller]
fn check_usage(arguments: &[&str], message: &str) {
    let output = Command::new(TOOL)
        .arg("serve")
        .args(arguments)
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
    assert!(stderr.contains(message), "{arguments:?}: {stderr}");
}

#[test]
fn what_a_fault_needs_to_show_is_an_option() {
    let output = Command::new(TOOL)
        .args(["serve", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let settings = Fault::ALL.iter().filter_map(|fault| fault.shows_with());
    for setting in settings.filter(|it| it.starts_with("--")) {
        let (option, _) = setting.split_once(' ').unwrap_or((setting, ""));
        assert!(help.contains(&format!(" {option}")), "{setting}");
    }
}

#[test]
fn help_says_the_unit_and_the_range_of_each_option() {
    let output = Command::new(TOOL)
        .args(["serve", "--help"])
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn what_is_out_of_range_is_refused() {
    check_usage(&["--maximum-qos", "3"], "3 is not in 0..=2");
    check_usage(&["--receive-maximum", "0"], "0 is not in 1..=65535");
    check_usage(&["--inflight-max", "65536"], "65536 is not in 1..=65535");
    check_usage(
        &["--maximum-packet-size", "14"],
        "14 is not in 15..=268435460",
    );
    check_usage(&["--topic-alias-maximum", "65536"], "65535");
    check_usage(&["--server-keep-alive", "65536"], "65535");
    check_usage(&["--session-expiry-max", "4294967296"], "4294967295");
    check_usage(&["--client-id-len-max", "0"], "0 is not in 1..=65535");
    check_usage(&["--connect-timeout", "0s"], "allowed are 10ms to 60m");
    check_usage(&["--connect-timeout", "5"], "its form is 500ms, 2s or 1m");
    check_usage(&["--connections-max", "0"], "allowed are 1 to 1000000");
    check_usage(
        &["--output-bytes-max", "10"],
        "allowed are 1024 to 4294967295",
    );
    check_usage(
        &["--deny", "read=a"],
        "'read' is no action; allowed are publish, subscribe and all",
    );
    check_usage(&["--deny", "a/b"], "no '=' between action and filter");
    check_usage(&["--deny", "all=a#"], "invalid value 'all=a#'");
    check_usage(&["--user", "alice"], "no ':' between name and password");
    check_usage(&["--mqtt", "6"], "invalid value '6'");
}

#[test]
fn what_is_not_offered_is_announced() {
    let served = Served::start(&[
        "--maximum-qos=1",
        "--no-retain",
        "--no-wildcards",
        "--no-subscription-ids",
        "--no-shared-subscriptions",
        "--no-assigned-client-ids",
        "--receive-maximum=7",
        "--maximum-packet-size=1000",
        "--topic-alias-maximum=0",
        "--server-keep-alive=33",
        "--session-expiry-max=60",
        "--client-id-len-max=5",
        "--response-information=",
        "--no-auth-method",
    ]);
    served.client(V5_0).check(
        "CONNECT client-id=\"short\" session-expiry=90 request-response-information=1",
        "CONNACK reason=0x00 receive-maximum=7 maximum-qos=1 retain-available=0 \
         maximum-packet-size=1000 wildcard-available=0 subscription-id-available=0 \
         shared-available=0 session-expiry=60 server-keep-alive=33",
    );
    let refused = "CONNACK reason=0x85 reason-string=\"the client identifier\"";
    served
        .client(V5_0)
        .check("CONNECT client-id=\"longer\" clean-start", refused);
    served
        .client(V5_0)
        .check("CONNECT client-id=\"\" clean-start", refused);
    served.client(V5_0).check(
        "CONNECT client-id=\"a\" clean-start authentication-method=\"assay-challenge\"",
        "CONNACK reason=0x8c reason-string=\"the authentication method\"",
    );
}

#[test]
fn a_version_may_be_left_out() {
    let served = Served::start(&["--mqtt", "5.0"]);
    served.client(V5_0).connect();
    served
        .client(V3_1_1)
        .check("CONNECT client-id=\"c\" clean-start", "CONNACK reason=0x01");
}

#[test]
fn quiet_options_change_what_is_sent() {
    let served = Served::start(&["--no-subscriber-report", "--no-outgoing-aliases"]);
    let mut client = served.client(V5_0);
    client.send("CONNECT client-id=\"c\" clean-start topic-alias-maximum=5");
    client.next();
    client.check("PUBLISH qos=1 id=1 topic=\"t\"", "PUBACK id=1");
    client.check(
        "SUBSCRIBE id=2 filter=\"t\" qos=0",
        "SUBACK id=2 reason=0x00",
    );
    client.check(
        "PUBLISH topic=\"t\" payload=\"x\"",
        "PUBLISH topic=\"t\" payload=\"x\"",
    );
}

#[test]
#[cfg(unix)]
fn tests_do_not_fail_for_a_low_limit_of_open_files() {
    let served = Served::start(&[]);
    let broker = served.addresses.last().unwrap();
    // So many files are open before a test has begun; the usual limit of some systems is 256.
    let low = "ulimit -Sn 24; exec \"$0\" \"$@\"";
    let run = Command::new("sh")
        .args(["-c", low, TOOL, "run", "delivery/*", "--broker", broker])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&run.stdout);
    assert_eq!(run.status.code(), Some(0), "{printed}");
}

#[test]
fn messages_with_qos_0_may_be_stored() {
    let served = Served::start(&["--store-qos-0"]);
    let connect = "CONNECT client-id=\"s\" session-expiry=60";
    let mut client = served.client(V5_0);
    client.send(connect);
    client.next();
    client.check(
        "SUBSCRIBE id=1 filter=\"t\" qos=0",
        "SUBACK id=1 reason=0x00",
    );
    client.send("DISCONNECT");
    assert_eq!(client.next(), "closed");
    let mut other = served.client(V5_0);
    other.connect();
    other.send("PUBLISH topic=\"t\" payload=\"x\"");
    other.check("PINGREQ", "PINGRESP");
    let mut client = served.client(V5_0);
    client.send(connect);
    client.next();
    assert_eq!(client.next(), "PUBLISH topic=\"t\" payload=\"x\"");
}

#[test]
fn access_is_denied() {
    let served = Served::start(&[
        "--user",
        "alice:secret",
        "--deny",
        "publish=closed/#",
        "--deny",
        "subscribe=secret",
    ]);
    served.client(V5_0).check(
        "CONNECT client-id=\"c\" clean-start",
        "CONNACK reason=0x87 reason-string=\"a user name is required\"",
    );
    served.client(V5_0).check(
        "CONNECT client-id=\"c\" clean-start user-name=\"alice\" password=\"wrong\"",
        "CONNACK reason=0x86 reason-string=\"the user name or the password\"",
    );
    let mut client = served.client(V5_0);
    client.send("CONNECT client-id=\"c\" clean-start user-name=\"alice\" password=\"secret\"");
    client.next();
    client.check(
        "PUBLISH qos=1 id=1 topic=\"closed/door\"",
        "PUBACK id=1 reason=0x87 reason-string=\"publishing is denied\"",
    );
    client.check(
        "SUBSCRIBE id=2 filter=\"secret\" qos=0",
        "SUBACK id=2 reason-string=\"subscribing is denied\" reason=0x87",
    );
    let served = Served::start(&["--no-anonymous"]);
    served.client(V3_1_1).check(
        "CONNECT client-id=\"c\" clean-start user-name=\"anybody\"",
        "CONNACK reason=0x00",
    );
    served
        .client(V3_1_1)
        .check("CONNECT client-id=\"c\" clean-start", "CONNACK reason=0x05");
}

#[test]
fn limits_are_kept() {
    let served = Served::start(&[
        "--connect-timeout=100ms",
        "--connections-max=2",
        "--subscriptions-max=1",
        "--inflight-max=1",
    ]);
    assert_eq!(served.client(V5_0).next(), "closed");
    let mut client = served.client(V5_0);
    client.connect();
    client.check(
        "SUBSCRIBE id=1 filter=\"a\" qos=1",
        "SUBACK id=1 reason=0x01",
    );
    client.check(
        "SUBSCRIBE id=2 filter=\"b\" qos=1",
        "SUBACK id=2 reason-string=\"too many subscriptions\" reason=0x97",
    );
    client.check(
        "PUBLISH qos=1 id=1 topic=\"a\" payload=\"1\"",
        "PUBACK id=1",
    );
    assert_eq!(
        client.next(),
        "PUBLISH qos=1 id=1 topic=\"a\" payload=\"1\""
    );
    client.check(
        "PUBLISH qos=1 id=2 topic=\"a\" payload=\"2\"",
        "PUBACK id=2",
    );
    client.check(
        "PUBACK id=1",
        "PUBLISH qos=1 id=2 topic=\"a\" payload=\"2\"",
    );
    let second = served.client(V5_0);
    assert_eq!(served.client(V5_0).next(), "closed");
    drop(second);
}

#[cfg(unix)]
#[test]
fn a_trace_shows_every_packet_and_no_password() {
    let served = Served::start(&["--trace"]);
    let mut client = served.client(V5_0);
    client.send("CONNECT client-id=\"c\" clean-start user-name=\"u\" password=\"hunter2\"");
    client.next();
    client.send("PUBLISH topic=\"t\" payload=\"\\u{1b}[2J\"");
    client.check("PINGREQ", "PINGRESP");
    // One that is malformed, with its password; and a packet without an end.
    let mut malformed = served.client(V5_0);
    let connect = "CONNECT client-id=\"m\" user-name=\"u\" password=\"hunter2\"";
    let mut bytes = parse_packet(connect, V5_0).unwrap();
    bytes[9] |= 0x01;
    malformed.stream.write_all(&bytes).unwrap();
    assert_eq!(malformed.next(), "CONNACK reason=0x81");
    client.stream.write_all(b"\x30\xff\xff\xff\xff").unwrap();
    let disconnect = client.next();
    assert!(
        disconnect.starts_with("DISCONNECT reason=0x81"),
        "{disconnect}"
    );
    assert_eq!(client.next(), "closed");
    let output = served.end(rustix::process::Signal::TERM);
    let trace = String::from_utf8(output.stderr).unwrap();
    let without_times: Vec<&str> = trace.lines().map(|line| &line[10..]).collect();
    insta::assert_snapshot!(without_times.join("\n"));
    assert!(
        !trace.contains("hunter2") && !trace.contains("68 75 6e 74"),
        "{trace}"
    );
}

#[cfg(unix)]
#[test]
#[expect(clippy::disallowed_methods, reason = "a process ends in real time")]
fn a_signal_ends_it_and_clients_are_told() {
    use rustix::process::Signal;
    for signal in [Signal::INT, Signal::TERM] {
        let served = Served::start(&[]);
        let mut new = served.client(V5_0);
        new.connect();
        let mut old = served.client(V3_1_1);
        old.send("CONNECT client-id=\"old\" clean-start");
        old.next();
        // One that never reads: 4 MiB wait for it.
        let mut deaf = served.client(V3_1_1);
        deaf.send("CONNECT client-id=\"deaf\" clean-start");
        deaf.send("SUBSCRIBE id=1 filter=\"t\" qos=0");
        for _ in 0..4 {
            new.send("PUBLISH topic=\"t\" payload=\"x\"*1000000");
        }
        new.check("PINGREQ", "PINGRESP");
        let start = Instant::now();
        let address = served.addresses[0].clone();
        let output = served.end(signal);
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{:?}",
            start.elapsed()
        );
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let disconnect = "DISCONNECT reason=0x8b reason-string=\"the server stops\"";
        assert_eq!(new.next(), disconnect);
        assert_eq!(new.next(), "closed");
        assert_eq!(old.next(), "closed");
        assert!(TcpStream::connect(&address).is_err());
        // The port is free at once, although connections were closed from this side.
        let again = Served::listening(&["--listen", &address], &[]);
        again.client(V5_0).connect();
    }
}

#[test]
fn it_listens_on_several_addresses() {
    let mut listen = vec!["--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"];
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        listen.extend(["--listen", "[::1]:0"]);
    }
    let served = Served::listening(&listen, &[]);
    assert_eq!(served.addresses.len(), listen.len() / 2);
    for address in &served.addresses {
        Client::to(address, V5_0).connect();
    }
}

/// What the suite finds in a served broker with these options: nothing that fails.
#[track_caller]
fn check_suite(arguments: &[&str], versions: &str, select: &[&str]) {
    let served = Served::start(arguments);
    let output = Command::new(TOOL)
        .args(["run", "--broker", &served.addresses[0], "--mqtt", versions])
        .args(["--report", "json=-"])
        .args(select)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let summary = &report["summary"];
    assert!(summary["pass"].as_u64() > Some(90), "{summary}");
    for verdict in ["fail", "error"] {
        let is_such = |test: &&serde_json::Value| test["verdict"] == verdict;
        let tests = report["tests"].as_array().unwrap();
        let found: Vec<_> = tests.iter().filter(is_such).collect();
        assert!(found.is_empty(), "{arguments:?}: {found:#?}");
    }
}

#[test]
fn the_suite_holds_nothing_against_a_broker_that_offers_little() {
    let arguments = [
        "--mqtt=5.0",
        "--maximum-qos=1",
        "--no-retain",
        "--no-wildcards",
        "--no-subscription-ids",
        "--no-shared-subscriptions",
        "--topic-alias-maximum=0",
        "--no-outgoing-aliases",
        "--no-subscriber-report",
        "--no-auth-method",
    ];
    let select = ["publish/*", "subscribe/*", "qos*/*", "retained/*", "will/*"];
    check_suite(&arguments, "5.0", &select);
}

#[test]
fn the_suite_holds_nothing_against_a_broker_with_narrow_limits() {
    let arguments = [
        "--receive-maximum=1",
        "--inflight-max=1",
        "--maximum-packet-size=4096",
        "--server-keep-alive=600",
        "--session-expiry-max=120",
        "--client-id-len-max=64",
        "--no-assigned-client-ids",
        "--store-qos-0",
    ];
    let select = [
        "connect/*",
        "qos*/*",
        "session/*",
        "receive-maximum/*",
        "limits/*",
    ];
    check_suite(&arguments, "3.1.1,5.0", &select);
}
