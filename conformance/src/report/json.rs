//! The JSON report, format 1: the source of every other report.
//!
//! Fields are added, never renamed or removed, within a format.

use std::collections::BTreeMap;
use std::io;

use mqtt_assay_codec::StatementId;
use serde::{Serialize, Serializer};

use super::{Broker, Report, StatementVerdict};
use crate::verdict::{TestResult, TraceEntry, Verdict};

/// Writes the report.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::of(report))?;
    out.write_all(b"\n")
}

/// The version of the report's schema.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    tool: Tool,
    broker: &'a Broker,
    started: &'a str,
    seconds: f64,
    seed: u64,
    options: &'a str,
    interrupted: bool,
    as_expected: bool,
    tests: Vec<Test<'a>>,
    statements: Vec<Statement<'a>>,
    profile_problems: &'a [String],
    crashes: &'a [String],
    flaky: BTreeMap<&'a str, Vec<Verdict>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Test<'a> {
    id: &'a str,
    turn: usize,
    scenario: &'a str,
    version: &'static str,
    case: Option<&'a str>,
    verdict: Verdict,
    known: Option<&'a str>,
    crash: bool,
    statements: Vec<Key>,
    violated: Vec<Key>,
    message: &'a str,
    notes: &'a [String],
    file: &'a str,
    line: u32,
    seconds: f64,
    expected: Option<&'a str>,
    actual: Option<&'a str>,
    trace: &'a [TraceEntry],
}

#[derive(Serialize)]
struct Statement<'a> {
    id: Key,
    verdict: StatementVerdict,
    tests: Vec<&'a str>,
}

#[derive(Serialize)]
struct Summary {
    pass: usize,
    warn: usize,
    info: usize,
    fail: usize,
    inconclusive: usize,
    skip: usize,
    error: usize,
}

/// A statement's key, as a string.
struct Key(StatementId);

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'a> Document<'a> {
    fn of(report: &'a Report) -> Self {
        let statements = report.statements().into_iter().map(|statement| Statement {
            id: Key(statement.id),
            verdict: statement.verdict,
            tests: statement.tests,
        });
        Self {
            format: FORMAT,
            tool: Tool {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
            },
            broker: &report.broker,
            started: &report.started,
            seconds: rounded(report.duration.as_secs_f64()),
            seed: report.seed,
            options: report.options.trim_start(),
            interrupted: report.is_interrupted,
            as_expected: report.is_as_expected(),
            tests: Test::all(&report.tests),
            statements: statements.collect(),
            profile_problems: &report.problems,
            crashes: &report.crashes,
            flaky: report.flaky(),
            summary: Summary::of(report),
        }
    }
}

impl<'a> Test<'a> {
    /// All tests, each with how often it had run by then.
    fn all(results: &'a [TestResult]) -> Vec<Self> {
        let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
        let numbered = results.iter().map(|result| {
            let turn = turns.entry(&result.id).or_default();
            *turn += 1;
            Self::of(result, *turn)
        });
        numbered.collect()
    }

    fn of(result: &'a TestResult, turn: usize) -> Self {
        Self {
            id: &result.id,
            turn,
            scenario: &result.scenario,
            version: result.version.name(),
            case: result.case.as_deref(),
            verdict: result.verdict,
            known: result.known.as_deref(),
            crash: result.crash,
            statements: result.statements.iter().copied().map(Key).collect(),
            violated: result.violated.iter().copied().map(Key).collect(),
            message: &result.message,
            notes: &result.notes,
            file: &result.file,
            line: result.line,
            seconds: rounded(result.duration.as_secs_f64()),
            expected: result.expected.as_deref(),
            actual: result.actual.as_deref(),
            trace: &result.trace,
        }
    }
}

impl Summary {
    fn of(report: &Report) -> Self {
        Self {
            pass: report.count(Verdict::Pass),
            warn: report.count(Verdict::Warn),
            info: report.count(Verdict::Info),
            fail: report.count(Verdict::Fail),
            inconclusive: report.count(Verdict::Inconclusive),
            skip: report.count(Verdict::Skip),
            error: report.count(Verdict::Error),
        }
    }
}

/// Seconds to the microsecond.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1e6).round() / 1e6
}
