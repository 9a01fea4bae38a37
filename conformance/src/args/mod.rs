//! The command line: commands and options.

mod serve;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::packet::Sender;

use crate::address::Address;
use crate::report::text::Trace;

pub use serve::{AccessArgs, LimitArgs, OfferArgs, ServeArgs};

/// Tests any MQTT 3.1.1 or 5.0 broker against the specification, statement by statement.
#[derive(Debug, Parser)]
#[command(name = "mqtt-assay", version, max_term_width = 100)]
#[command(after_help = EXIT_CODES)]
#[non_exhaustive]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
#[expect(clippy::exhaustive_enums, reason = "closed by the command line")]
pub enum Command {
    /// Run tests against a broker: the embedded one, or yours.
    Run(Box<RunArgs>),
    /// Serve the embedded reference broker on a TCP port, and over WebSocket and TLS.
    Serve(Box<ServeArgs>),
    /// List the tests.
    List(ListArgs),
    /// Show a scenario, and the statements that it judges.
    Show(ShowArgs),
    /// Explain a statement: what it demands, and what tests it.
    Statement(StatementArgs),
    /// Show which statements are judged, and why others are not.
    Coverage(CoverageArgs),
    /// List the deliberate faults of the embedded broker.
    Faults(FaultsArgs),
    /// Check scenario files for mistakes, without running them.
    Check(FilesArgs),
    /// Bring scenario files into the uniform layout.
    Fmt(FmtArgs),
    /// Explain the bytes of a packet.
    Decode(DecodeArgs),
    /// Turn a packet in the notation into bytes.
    Encode(EncodeArgs),
}

/// Options of `run`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct RunArgs {
    /// What to run: test ids, scenarios, patterns such as 'qos2/*', statements, scenario files. Default: all.
    #[arg(value_name = "ID|GLOB|STATEMENT|FILE")]
    pub select: Vec<String>,
    /// The broker: `HOST[:PORT]`, `mqtt://USER:PASS@HOST[:PORT]`, the same with `mqtts://`, `ws://` or `wss://` and a path,
    /// or `VERSION=ADDRESS`, repeatable. Default: the embedded one.
    #[arg(long, value_name = "ADDRESS")]
    pub broker: Vec<Address>,
    /// The certificates of the authorities that the broker's certificate must come from, as PEM. Default: the system's.
    #[arg(long, value_name = "FILE", requires = "broker")]
    pub ca: Option<PathBuf>,
    /// Take any certificate of the broker.
    #[arg(long, requires = "broker", conflicts_with = "ca")]
    pub insecure: bool,
    /// The client's certificate, as PEM.
    #[arg(long, value_name = "FILE", requires_all = ["broker", "key"])]
    pub cert: Option<PathBuf>,
    /// The key of the client's certificate, as PEM.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// A command that starts the broker in the foreground; {port} is filled in.
    #[arg(last = true, value_name = "COMMAND", conflicts_with = "broker")]
    pub start: Vec<String>,
    /// Start so many copies of the broker, each for one test at a time: then no test disturbs another.
    #[arg(long, value_name = "N", requires = "start", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub copies: Option<u16>,
    /// How long the broker may take to start, or to come back when it went down.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub start_timeout: Duration,
    /// The versions to test.
    #[arg(
        long,
        value_name = "VERSIONS",
        value_delimiter = ',',
        default_value = "3.1.1,5.0"
    )]
    pub mqtt: Vec<ProtocolVersion>,
    /// Fail, and not only warn, where brokers are widely lax.
    #[arg(long)]
    pub strict: bool,
    /// Whether to go to the limits of the protocol, such as all 65,535 packet identifiers, packets of 256 MiB, and
    /// thousands of subscriptions and retained messages; it takes minutes, and 2 GB of memory.
    #[arg(long, value_enum, default_value_t = Limits::Common)]
    pub limits: Limits,
    /// The longest payload to send; tests with a longer one are skipped. Default: 4194304, with --limits full 268435455.
    #[arg(long, value_name = "BYTES")]
    pub payload_max: Option<u32>,
    /// What is known of the broker: credentials, capabilities, known deviations.
    #[arg(long, value_name = "FILE")]
    pub profile: Option<PathBuf>,
    /// A folder of scenarios that are added; one of the same name replaces the embedded one.
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
    /// Make the embedded broker break a rule on purpose.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["broker", "start"])]
    pub fault: Option<String>,
    /// Make the embedded broker do something otherwise, as it may; repeatable.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["broker", "start"])]
    pub variant: Vec<String>,
    /// How many tests exchange packets at once (default: 96, which opens some 300 connections).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Multiplies all waiting, for slow brokers and machines.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = factor)]
    pub time_scale: f64,
    /// How long an expectation waits where its line does not say.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub timeout: Option<Duration>,
    /// How long to wait whenever another client acts, for a broker of several nodes that learn from each other with a
    /// delay.
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = duration)]
    pub settle: Duration,
    /// How often to run each test.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub repeat: u16,
    /// Makes the names that tests use, and so replays a run.
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Stop at the first failure.
    #[arg(long)]
    pub fail_fast: bool,
    /// Write a report: json=PATH, or json=- for standard output; repeatable.
    #[arg(long, value_name = "FORMAT=PATH", value_parser = report_target)]
    pub report: Vec<ReportTarget>,
    /// Whose packets to show.
    #[arg(long, value_enum, default_value_t)]
    pub trace: Trace,
}

/// Options of `list`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct ListArgs {
    /// What to list: as with run. Default: all.
    #[arg(value_name = "ID|GLOB|STATEMENT|FILE")]
    pub select: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// A folder of scenarios that are added.
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
}

/// Options of `show`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct ShowArgs {
    /// A scenario or a test id.
    #[arg(value_name = "ID")]
    pub id: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// A folder of scenarios that are added.
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
}

/// Options of `statement`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct StatementArgs {
    /// A key, such as v5-3.1.2-1, or a number in print, such as MQTT-3.1.2-1.
    #[arg(value_name = "KEY")]
    pub key: String,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `coverage`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct CoverageArgs {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// A folder of scenarios that are added.
    #[arg(long, value_name = "DIR")]
    pub scenarios: Option<PathBuf>,
}

/// Options of `faults`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct FaultsArgs {
    /// List what the broker may do otherwise, instead of what it must not do.
    #[arg(long)]
    pub variants: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `check`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct FilesArgs {
    /// The files; a folder stands for all scenario files in it and below.
    #[arg(value_name = "FILE|DIR", required = true)]
    pub files: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `fmt`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct FmtArgs {
    /// The files; a folder stands for all scenario files in it and below.
    #[arg(value_name = "FILE|DIR", required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing; fail if a file has another layout.
    #[arg(long)]
    pub check: bool,
}

/// Options of `decode`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct DecodeArgs {
    /// The bytes in hex, plain or as pasted from code or a dump; `-` reads a line each from standard input.
    #[arg(value_name = "HEX", required = true, num_args = 1..)]
    pub hex: Vec<String>,
    /// The version by whose rules to read. Default: 5.0, and a CONNECT by the version that it asks for.
    #[arg(long, value_name = "VERSION")]
    pub mqtt: Option<ProtocolVersion>,
    /// Who sent the bytes: client or server; some rules bind one side only.
    #[arg(long, value_name = "SIDE", value_parser = sender)]
    pub from: Option<Sender>,
    /// Print JSON: an object for the first packet, null where a field says nothing.
    ///
    /// "verdict" is valid, malformed, protocol-error, incomplete, or error for a line that is no hex. "packet" is a valid
    /// packet in the notation; "consumed" the length of the packet in bytes, 0 where it is incomplete. Of a wrong packet
    /// "statement" is what it breaks, "offset" the byte, from 0, "message" what is wrong, and "reason" what a receiver
    /// answers before it closes: in 5.0 the reason code of its CONNACK or DISCONNECT, in 3.1.1 the return code of its
    /// CONNACK, and null where it closes without a word, as it does for everything but a protocol level and a client
    /// identifier.
    #[arg(long)]
    pub json: bool,
}

/// Options of `encode`.
#[derive(Debug, ClapArgs)]
#[non_exhaustive]
pub struct EncodeArgs {
    /// The packet, such as 'PUBLISH topic="a/b" payload="hi"'.
    #[arg(value_name = "PACKET")]
    pub packet: String,
    /// The version in whose format to write.
    #[arg(long, value_name = "VERSION", default_value = "5.0")]
    pub mqtt: ProtocolVersion,
}

/// A report to write.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "closed by the command line")]
pub enum ReportTarget {
    /// The JSON report, to a file; `None` is standard output.
    Json(Option<PathBuf>),
}

/// Reads `500ms`, `2s`, `1m`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.');
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        _ => return Err("no duration; its form is 500ms, 2s or 1m".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "no number before the unit".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor <= TIME_SCALE_MAX => Ok(factor),
        _ => Err(format!(
            "allowed are numbers above 0, up to {TIME_SCALE_MAX}"
        )),
    }
}

fn credentials(text: &str) -> Result<(String, String), String> {
    let Some((name, password)) = text.split_once(':') else {
        return Err("no ':' between name and password".to_owned());
    };
    Ok((name.to_owned(), password.to_owned()))
}

fn report_target(text: &str) -> Result<ReportTarget, String> {
    match text.split_once('=') {
        Some(("json", "-")) => Ok(ReportTarget::Json(None)),
        Some(("json", path)) if !path.is_empty() => Ok(ReportTarget::Json(Some(path.into()))),
        Some(("json", _)) => Err("no path after json=".to_owned()),
        _ => Err("unknown format; allowed is json=PATH".to_owned()),
    }
}

fn sender(text: &str) -> Result<Sender, String> {
    match text {
        "client" => Ok(Sender::Client),
        "server" => Ok(Sender::Server),
        _ => Err("allowed are client and server".to_owned()),
    }
}

const EXIT_CODES: &str = "Exit codes: 0 as expected; 1 unexpected verdict; 2 wrong usage or scenario; \
    3 could not test; 4 nothing selected; 130 interrupted";

/// Nobody waits longer than a day for a second.
const TIME_SCALE_MAX: f64 = 100_000.0;

/// How far a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "closed by the command line")]
pub enum Limits {
    /// Sizes and numbers that brokers meet.
    Common,
    /// All that the protocol allows.
    Full,
}
