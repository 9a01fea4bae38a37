//! The reference broker, driven by what is said in the notation.

mod acknowledge;
mod auth;
mod bounds;
mod connect;
mod fault;
mod limits;
mod publish;
mod retained;
mod session;
mod shell;
mod subscribe;
mod will;

use std::collections::BTreeMap;
use std::time::Duration;

use mqtt_assay::broker::{Broker, BrokerOptions, ConnectionId, Keep, Output};
use mqtt_assay_codec::ProtocolVersion::{self, V3_1_1, V5_0};
use mqtt_assay_codec::notation::{self, Notation};
use mqtt_assay_codec::packet::Sender;

/// A broker and clients with names, at a time of the test's making.
pub(crate) struct Stage {
    broker: Broker,
    now: Duration,
    clients: BTreeMap<String, (ConnectionId, ProtocolVersion)>,
    names: BTreeMap<ConnectionId, String>,
}

impl Stage {
    pub(crate) fn new(options: BrokerOptions) -> Self {
        Self {
            broker: Broker::new(options),
            now: Duration::ZERO,
            clients: BTreeMap::new(),
            names: BTreeMap::new(),
        }
    }

    fn open(&mut self, client: &str, version: ProtocolVersion) {
        let id = self.broker.open(self.now);
        self.clients.insert(client.to_owned(), (id, version));
        self.names.insert(id, client.to_owned());
    }

    /// Runs the lines of a sequence chart, and answers with the chart that came of it.
    ///
    /// `c opens [3.1.1]`, `c -> PACKET`, `c drops`, `wait 3`, `restart`, `restart empty`; what the broker did follows
    /// each line as `c <- PACKET` and `c <- closed`.
    fn run(&mut self, script: &str, default: ProtocolVersion) -> String {
        let mut out = String::new();
        for line in script.lines().map(str::trim) {
            if line.is_empty() || line.contains(" <- ") {
                continue;
            }
            self.step(line, default);
            out.push_str(line);
            out.push('\n');
            self.collect(&mut out);
        }
        out
    }

    fn step(&mut self, line: &str, default: ProtocolVersion) {
        let (subject, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (subject, rest.split(' ').next().unwrap()) {
            ("wait", seconds) => self.wait(seconds.parse().unwrap()),
            ("restart", "empty") => self.broker.restart(Keep::Nothing, self.now),
            ("restart", _) => self.broker.restart(Keep::State, self.now),
            (client, "opens") => {
                let version = rest
                    .strip_prefix("opens ")
                    .map(|text| text.parse().unwrap());
                self.open(client, version.unwrap_or(default));
            }
            (client, "drops") => {
                let (id, _) = self.clients[client];
                self.broker.peer_closed(id, self.now);
            }
            (client, "->") => {
                let (id, version) = self.clients[client];
                let bytes = match notation::parse(&rest[3..]).unwrap() {
                    Notation::Packet(draft) => draft.to_bytes(version).unwrap(),
                    Notation::Hex(bytes) => bytes,
                };
                self.broker.receive(id, &bytes, self.now);
            }
            _ => panic!("{line}"),
        }
    }

    /// Lets time pass, stopping at every deadline.
    fn wait(&mut self, seconds: f64) {
        let end = self.now + Duration::from_secs_f64(seconds);
        while let Some(at) = self.broker.next_deadline().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.broker.tick(self.now);
        }
        self.now = end;
        self.broker.tick(self.now);
    }

    fn collect(&mut self, out: &mut String) {
        while let Some(output) = self.broker.next_output() {
            let (id, text) = match output {
                Output::Send { connection, bytes } => {
                    let (_, version) = self.clients[&self.names[&connection]];
                    let text = notation::print_bytes(&bytes, version, Sender::Server);
                    (connection, text.replace(LIMITS, ""))
                }
                Output::Close { connection } => (connection, "closed".to_owned()),
            };
            out.push_str(&format!("{} <- {text}\n", self.names[&id]));
        }
    }
}

/// Runs a chart in one version, and compares it with itself.
#[track_caller]
pub(crate) fn check_with(options: BrokerOptions, version: ProtocolVersion, chart: &str) {
    let expected: String = chart
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| format!("{line}\n"))
        .collect();
    let actual = Stage::new(options).run(chart, version);
    assert_eq!(actual, expected, "MQTT {version}\nactual:\n{actual}");
}

/// Runs a chart in one version with the default options.
#[track_caller]
pub(crate) fn check(version: ProtocolVersion, chart: &str) {
    check_with(BrokerOptions::default(), version, chart);
}

/// Runs a chart that is the same in both versions.
#[track_caller]
pub(crate) fn check_both(chart: &str) {
    check(V3_1_1, chart);
    // Here alone would the answers differ without cause.
    let options = BrokerOptions {
        reports_no_subscribers: false,
        ..BrokerOptions::default()
    };
    check_with(options, V5_0, chart);
}

/// What the default broker announces to every 5.0 client; charts leave it out.
const LIMITS: &str = " receive-maximum=64 maximum-packet-size=4194304 topic-alias-maximum=16";
