//! The report of a run: data first, then its forms.

pub mod json;
pub mod progress;
mod redact;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::profile;
use crate::verdict::{TestResult, Verdict};

pub use redact::redact;

/// All that is known after a run.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Report {
    /// The broker that was tested.
    pub broker: Broker,
    /// When the run began, as RFC 3339 prints it.
    pub started: String,
    /// What the names that the tests used were made of.
    pub seed: u64,
    /// The options that repeat the run, without passwords, each with a blank before it.
    pub options: String,
    /// How long the runner waited whenever another client acted.
    pub settle: Duration,
    /// How long it took.
    pub duration: Duration,
    /// The tests' results, in the order of the run.
    pub tests: Vec<TestResult>,
    /// Entries of the profile that do not fit what was seen.
    pub problems: Vec<String>,
    /// How the broker went down where no test alone takes it down.
    pub crashes: Vec<String>,
    /// Whether the run ended before all tests were done.
    pub is_interrupted: bool,
}

/// The broker that was tested.
#[derive(Clone, Debug, Default, Serialize)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Broker {
    /// Where it was reached, without a password; `embedded` for the reference broker.
    pub address: String,
    /// The name of the profile.
    pub profile: Option<String>,
    /// What it can do, by version.
    pub capabilities: BTreeMap<String, serde_json::Value>,
}

/// What a run says of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "closed by the report's format")]
pub enum StatementVerdict {
    /// Some test that judges it passed, and none found it broken.
    Kept,
    /// Some test found it missed, which is only worth a warning, and none found it broken.
    Warned,
    /// Some test found it broken.
    Violated,
    /// No test came to a judgement.
    Untested,
}

/// A statement and the tests that judge it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct StatementResult<'a> {
    /// Its key.
    pub id: StatementId,
    /// What the run says of it.
    pub verdict: StatementVerdict,
    /// The ids of the tests that judge it.
    pub tests: Vec<&'a str>,
}

/// How many statements were kept, missed with a warning, violated and untested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct StatementCounts {
    /// Kept.
    pub kept: usize,
    /// Missed, which is only worth a warning.
    pub warned: usize,
    /// Violated.
    pub violated: usize,
    /// Untested.
    pub untested: usize,
}

impl Report {
    /// How many tests had a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.tests.iter().filter(|t| t.verdict == verdict).count()
    }

    /// Whether every verdict was expected, and every expectation met.
    #[must_use]
    pub fn is_as_expected(&self) -> bool {
        self.problems.is_empty()
            && self.crashes.is_empty()
            && self.tests.iter().all(profile::is_expected)
    }

    /// The tests whose verdict was not the same each time that they ran, with their verdicts in the order of the run.
    #[must_use]
    pub fn flaky(&self) -> BTreeMap<&str, Vec<Verdict>> {
        let mut verdicts: BTreeMap<&str, Vec<Verdict>> = BTreeMap::new();
        for test in &self.tests {
            verdicts.entry(&test.id).or_default().push(test.verdict);
        }
        verdicts.retain(|_, verdicts| verdicts.iter().any(|it| Some(it) != verdicts.first()));
        verdicts
    }

    /// Every statement of the catalogue, and what the run says of it.
    #[must_use]
    pub fn statements(&self) -> Vec<StatementResult<'_>> {
        let mut judged: BTreeMap<StatementId, (Vec<&str>, Option<StatementVerdict>)> =
            BTreeMap::new();
        for test in &self.tests {
            let keys: BTreeSet<_> = test.statements.iter().chain(&test.violated).collect();
            for &&key in &keys {
                let (tests, worst) = judged.entry(key).or_default();
                tests.push(&test.id);
                *worst = (*worst).max(said_by(test, key));
            }
        }
        Catalogue::embedded()
            .iter()
            .map(|statement| {
                let (tests, worst) = judged.remove(&statement.id).unwrap_or_default();
                StatementResult {
                    id: statement.id,
                    verdict: worst.unwrap_or(StatementVerdict::Untested),
                    tests,
                }
            })
            .collect()
    }

    /// The counts for the statements of one version.
    #[must_use]
    pub fn statement_counts(&self, version: ProtocolVersion) -> StatementCounts {
        let mut counts = StatementCounts::default();
        for statement in self.statements() {
            if statement.id.version() != version {
                continue;
            }
            match statement.verdict {
                StatementVerdict::Kept => counts.kept += 1,
                StatementVerdict::Warned => counts.warned += 1,
                StatementVerdict::Violated => counts.violated += 1,
                StatementVerdict::Untested => counts.untested += 1,
            }
        }
        counts
    }
}

/// What one test says of a statement that it judges.
fn said_by(test: &TestResult, statement: StatementId) -> Option<StatementVerdict> {
    let is_violated = test.violated.contains(&statement);
    match test.verdict {
        Verdict::Warn if is_violated => Some(StatementVerdict::Warned),
        _ if is_violated => Some(StatementVerdict::Violated),
        Verdict::Pass | Verdict::Info | Verdict::Warn => Some(StatementVerdict::Kept),
        Verdict::Fail | Verdict::Inconclusive | Verdict::Skip | Verdict::Error => None,
    }
}

/// The wall clock as RFC 3339 prints it, to the second.
#[must_use]
pub fn now() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the report's start is the one wall-clock time"
    )]
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    rfc3339(since_epoch.unwrap_or_default().as_secs())
}

/// Seconds since 1970 as a date and time in UTC.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Days are counted from 1 March of year 0, so that a leap day is the last of its year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = (shifted_month + 2) % 12 + 1;
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A passing result, for tests to change.
#[cfg(test)]
pub(crate) fn example(id: &str) -> TestResult {
    TestResult {
        id: id.to_owned(),
        scenario: id.to_owned(),
        summary: "The broker does what is right.".to_owned(),
        version: ProtocolVersion::V5_0,
        case: None,
        verdict: Verdict::Pass,
        known: None,
        crash: false,
        statements: Vec::new(),
        violated: Vec::new(),
        message: String::new(),
        notes: Vec::new(),
        file: "topic/behaviour.mqtt".to_owned(),
        line: 1,
        source: None,
        duration: Duration::ZERO,
        expected: None,
        actual: None,
        trace: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_rfc_3339_does() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
    }
}
