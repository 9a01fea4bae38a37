//! What a test found: a verdict and its evidence.

use std::time::Duration;

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::Serialize;

/// The outcome of a test (best to worst in what it says of the broker).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "closed by the report's format")]
pub enum Verdict {
    /// Every judgement held.
    Pass,
    /// A MAY was recorded.
    Info,
    /// Conformant but not as recommended, or a strict statement missed without `--strict`.
    Warn,
    /// A judgement on a MUST did not hold, or the broker crashed.
    Fail,
    /// A premise did not hold.
    Inconclusive,
    /// A required capability is missing.
    Skip,
    /// The harness or the scenario is at fault.
    Error,
}

/// A test's result, with all that a reader needs to understand it.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct TestResult {
    /// `scenario@version+case`.
    pub id: String,
    /// The scenario's name.
    pub scenario: String,
    /// The scenario's sentence.
    pub summary: String,
    /// The version under test.
    pub version: ProtocolVersion,
    /// The case.
    pub case: Option<String>,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason of the profile's entry that expects this deviation.
    pub known: Option<String>,
    /// Whether the broker did not survive.
    pub crash: bool,
    /// Every statement that the test judges in this version.
    pub statements: Vec<StatementId>,
    /// The statements that were broken (for warn: missed).
    pub violated: Vec<StatementId>,
    /// What happened, in words; empty for a pass. For a skip, the reason.
    pub message: String,
    /// Remarks that do not change the verdict.
    pub notes: Vec<String>,
    /// The scenario's file, relative to the scenario folder.
    pub file: String,
    /// The line that decided, or the scenario's.
    pub line: u32,
    /// The text of that line, and the spans in it of the fields that differ.
    pub source: Option<SourceLine>,
    /// How long it took.
    pub duration: Duration,
    /// What was expected, in the notation.
    pub expected: Option<String>,
    /// What came instead, in the notation or in words.
    pub actual: Option<String>,
    /// All packets up to the decision.
    pub trace: Vec<TraceEntry>,
}

/// A line of a scenario, for carets.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct SourceLine {
    /// Its text.
    pub text: String,
    /// What to underline, in bytes, with a label each.
    pub marks: Vec<(std::ops::Range<usize>, String)>,
}

/// A packet, or an event of a connection, as it was seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct TraceEntry {
    /// Seconds since the test began.
    pub t: f64,
    /// The client.
    pub client: String,
    /// `->` to the broker, `<-` from it, `..` where entries are left out.
    pub dir: &'static str,
    /// The packet in the notation, or `opened`, `closed`, `reset`.
    pub packet: String,
    /// Its bytes in hex, shortened when long; empty for events of the connection.
    pub hex: String,
    /// Whether the verdict rests on it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub judged: bool,
}
