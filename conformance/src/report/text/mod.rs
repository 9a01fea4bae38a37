//! The report that a person reads.
//!
//! It is written with styles; a writer such as `anstream` takes them out where they do not belong.

mod escape;
mod failure;
mod group;

use std::collections::BTreeMap;
use std::io;

use anstyle::{AnsiColor, Style};
use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::Report;
use crate::catalogue::Catalogue;
use crate::profile;
use crate::verdict::{TestResult, Verdict};

pub use escape::escape;

/// How to write the report.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Options {
    /// The options that reach the same broker again, each with a blank before it.
    pub rerun: String,
    /// Scenario files that were named; a test in one of them is run again by its file.
    pub files: Vec<String>,
    /// Whose traces are shown.
    pub trace: Trace,
    /// The width of a line in characters.
    pub width: usize,
}

/// Whose traces are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[expect(clippy::exhaustive_enums, reason = "closed by the command line")]
pub enum Trace {
    /// Nobody's.
    Never,
    /// Those of tests that fail.
    #[default]
    Fail,
    /// Everybody's.
    All,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rerun: String::new(),
            files: Vec::new(),
            trace: Trace::default(),
            width: 100,
        }
    }
}

/// Writes the report.
///
/// # Errors
///
/// When it cannot be written.
pub fn write(report: &Report, options: &Options, out: &mut impl io::Write) -> io::Result<()> {
    if options.trace == Trace::All {
        write_traces(report, options, out)?;
    }
    let failures = of(report, Verdict::Fail).filter(|result| result.known.is_none());
    write_failures(failures.chain(of(report, Verdict::Error)), options, out)?;
    write_known(report, out)?;
    write_short(report, Verdict::Warn, "warnings", out)?;
    write_inconclusive(report, out)?;
    write_short(report, Verdict::Info, "for information", out)?;
    // Whatever failed has shown its own.
    let notes = report
        .tests
        .iter()
        .filter(|result| profile::is_expected(result))
        .flat_map(|result| &result.notes)
        .map(|note| without_line(note));
    write_grouped("notes", notes, out)?;
    let reasons = of(report, Verdict::Skip).map(|result| result.message.as_str());
    write_grouped("skipped", reasons, out)?;
    write_problems(report, out)?;
    write_crashes(report, out)?;
    write_flaky(report, out)?;
    write_violated(report, out)?;
    write_summary(report, out)
}

/// The word that stands before a test's id.
#[must_use]
pub fn verdict_word(result: &TestResult) -> &'static str {
    match result.verdict {
        _ if result.crash => "CRASH",
        Verdict::Pass => "pass",
        Verdict::Info => "info",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
        Verdict::Inconclusive => "inconclusive",
        Verdict::Skip => "skip",
        Verdict::Error => "ERROR",
    }
}

fn of(report: &Report, verdict: Verdict) -> impl Iterator<Item = &TestResult> {
    report
        .tests
        .iter()
        .filter(move |result| result.verdict == verdict)
}

fn write_traces(report: &Report, options: &Options, out: &mut impl io::Write) -> io::Result<()> {
    for result in &report.tests {
        if result.verdict == Verdict::Fail && result.known.is_none() {
            continue;
        }
        let id = escape(&result.id);
        writeln!(out, "{BOLD}{} {id}{BOLD:#}", verdict_word(result))?;
        failure::write_trace(&result.trace, options, out)?;
    }
    Ok(())
}

/// Each failure in full, and below it the names of those that are like it.
fn write_failures<'a>(
    results: impl Iterator<Item = &'a TestResult>,
    options: &Options,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let key = |result: &'a TestResult| {
        let likeness = group::likeness(&result.message);
        (result.verdict, result.crash, &result.violated, likeness)
    };
    for alike in group::group(results, key) {
        let Some((first, others)) = alike.split_first() else {
            continue;
        };
        failure::write(first, options, out)?;
        if !others.is_empty() {
            let count = counted(others.len(), "test");
            let verb = if others.len() == 1 { "ends" } else { "end" };
            writeln!(out, "  {BOLD}{count} more{BOLD:#} {verb} the same way:")?;
            group::write_ids(others, "      ", options.width, out)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Deviations that the profile expects.
fn write_known(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    let known = report.tests.iter().filter(|result| result.known.is_some());
    let groups = group::group(known, |result| (&result.known, &result.violated));
    write_groups("known deviations", &groups, out, |result| {
        result.known.as_deref().unwrap_or_default()
    })
}

/// Tests with a verdict and something to say, briefly.
fn write_short(
    report: &Report,
    verdict: Verdict,
    title: &str,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let results =
        of(report, verdict).filter(|result| result.known.is_none() && !result.message.is_empty());
    let groups = group::group(results, |result| (&result.message, &result.violated));
    write_groups(title, &groups, out, |result| &result.message)
}

/// Under a title, what each group of tests says: their names, the statements, and the words that they share.
fn write_groups(
    title: &str,
    groups: &[Vec<&TestResult>],
    out: &mut impl io::Write,
    words: impl Fn(&TestResult) -> &str,
) -> io::Result<()> {
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}{title}{BOLD:#}")?;
    for alike in groups {
        let Some((first, others)) = alike.split_first() else {
            continue;
        };
        writeln!(out, "  {}{}", escape(&first.id), keys(first))?;
        if !others.is_empty() {
            group::write_ids(others, "  ", 100, out)?;
        }
        paragraph(out, "      ", &escape(words(first)), 100)?;
    }
    writeln!(out)
}

/// Tests whose premise did not hold, with the line that did not.
fn write_inconclusive(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    let results = of(report, Verdict::Inconclusive).filter(|result| result.known.is_none());
    let groups = group::group(results, |result| {
        (&result.file, result.line, group::likeness(&result.message))
    });
    if groups.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{BOLD}inconclusive{BOLD:#}: a line that only prepares the test did not hold"
    )?;
    for alike in groups {
        group::write_ids(&alike, "  ", 100, out)?;
        let Some(result) = alike.first() else {
            continue;
        };
        writeln!(out, "      {}:{}", escape(&result.file), result.line)?;
        if let Some(source) = &result.source {
            writeln!(out, "      {DIM}{}{DIM:#}", escape(&source.text))?;
        }
        paragraph(out, "      ", &escape(&result.message), 100)?;
        if let Some(actual) = &result.actual {
            paragraph(out, "      received ", &escape(actual), 100)?;
        }
    }
    writeln!(out)
}

/// The statements that tests found broken, against what the profile expects: how many tests, and what each demands.
fn write_violated(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    let mut counts: BTreeMap<StatementId, usize> = BTreeMap::new();
    let failures = of(report, Verdict::Fail).filter(|result| result.known.is_none());
    for &statement in failures.flat_map(|result| &result.violated) {
        *counts.entry(statement).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BOLD}violated{BOLD:#}")?;
    let width = counts.keys().map(|id| id.to_string().len()).max();
    for (statement, count) in counts {
        let key = format!("{:<1$}", statement.to_string(), width.unwrap_or_default());
        let indent = format!("  {key}  {:>10}  ", counted(count, "test"));
        let summary = Catalogue::embedded().get(statement);
        let summary = summary.map_or("", |statement| &statement.summary);
        paragraph(out, &indent, summary, 100)?;
    }
    writeln!(out)
}

/// Texts that many tests share, with how many; the most frequent first.
fn write_grouped<'a>(
    title: &str,
    texts: impl Iterator<Item = &'a str>,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    if counts.is_empty() {
        return Ok(());
    }
    let mut groups: Vec<_> = counts.into_iter().collect();
    groups.sort_by_key(|&(text, count)| (std::cmp::Reverse(count), text));
    writeln!(out, "{BOLD}{title}{BOLD:#}")?;
    for (text, count) in groups.iter().take(GROUPS_MAX) {
        paragraph(out, &format!("{count:>6}  "), &escape(text), 100)?;
    }
    if groups.len() > GROUPS_MAX {
        writeln!(
            out,
            "        and {} others, in the JSON report",
            groups.len() - GROUPS_MAX
        )?;
    }
    writeln!(out)
}

/// A note without the line that it is about, so that equal ones are counted together.
fn without_line(note: &str) -> &str {
    match note
        .strip_prefix("line ")
        .and_then(|rest| rest.split_once(": "))
    {
        Some((number, rest)) if number.parse::<u32>().is_ok() => rest,
        _ => note,
    }
}

fn write_problems(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    if report.problems.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BAD}the profile does not fit{BAD:#}")?;
    for problem in &report.problems {
        paragraph(out, "  ", &escape(problem), 100)?;
    }
    writeln!(out)
}

fn write_crashes(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    if report.crashes.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BAD}the broker went down{BAD:#}")?;
    for crash in &report.crashes {
        paragraph(out, "  ", &escape(crash), 100)?;
    }
    writeln!(out)
}

/// Tests that ran several times, and not each time with the same verdict.
fn write_flaky(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    let flaky = report.flaky();
    if flaky.is_empty() {
        return Ok(());
    }
    writeln!(out, "{BAD}not the same each time{BAD:#}")?;
    for (id, verdicts) in flaky {
        let counts: Vec<String> = VERDICTS
            .iter()
            .map(|(verdict, word)| (verdicts.iter().filter(|it| *it == verdict).count(), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        writeln!(out, "  {}: {}", escape(id), counts.join(", "))?;
    }
    writeln!(out)
}

fn write_summary(report: &Report, out: &mut impl io::Write) -> io::Result<()> {
    for version in [ProtocolVersion::V3_1_1, ProtocolVersion::V5_0] {
        if report.tests.iter().any(|result| result.version == version) {
            let counts = report.statement_counts(version);
            let warned = match counts.warned {
                0 => String::new(),
                count => format!("{count} missed with a warning, "),
            };
            writeln!(
                out,
                "MQTT {version:<5} statements: {} kept, {warned}{} violated, {} untested",
                counts.kept, counts.violated, counts.untested
            )?;
        }
    }
    if !report.settle.is_zero() {
        let settle = report.settle.as_millis();
        writeln!(
            out,
            "whenever another client acted, {settle} ms were waited first"
        )?;
    }
    let counts: Vec<String> = VERDICTS
        .iter()
        .map(|&(verdict, word)| (report.count(verdict), word))
        .filter(|&(count, _)| count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let known = report
        .tests
        .iter()
        .filter(|result| result.known.is_some())
        .count();
    let known = if known > 0 {
        format!(" ({known} known)")
    } else {
        String::new()
    };
    let (style, word) = match (report.is_interrupted, report.is_as_expected()) {
        (true, _) => (BAD, "interrupted"),
        (false, true) => (GOOD, "as expected"),
        (false, false) => (BAD, "not as expected"),
    };
    writeln!(
        out,
        "{style}{word}{style:#}: {} in {:.1} s: {}{known}",
        counted(report.tests.len(), "test"),
        report.duration.as_secs_f64(),
        counts.join(", ")
    )
}

/// `1 test`, `2 tests`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// The statements that a test found broken or missed, in brackets.
fn keys(result: &TestResult) -> String {
    let keys: Vec<String> = result.violated.iter().map(ToString::to_string).collect();
    if keys.is_empty() {
        String::new()
    } else {
        format!(" [{}]", keys.join(" "))
    }
}

/// Writes words in lines of a width, the first after `indent`, the others below it.
pub(crate) fn paragraph(
    out: &mut impl io::Write,
    indent: &str,
    text: &str,
    width: usize,
) -> io::Result<()> {
    // What marks a quotation stands before each of its lines; other words stand before the first only.
    let hanging: String = indent
        .chars()
        .map(|character| if character == '|' { '|' } else { ' ' })
        .collect();
    let mut line = String::from(indent);
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > width {
            writeln!(out, "{line}")?;
            line = hanging.clone();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    writeln!(out, "{line}")
}

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();

const VERDICTS: [(Verdict, &str); 7] = [
    (Verdict::Pass, "pass"),
    (Verdict::Warn, "warn"),
    (Verdict::Info, "info"),
    (Verdict::Fail, "fail"),
    (Verdict::Inconclusive, "inconclusive"),
    (Verdict::Skip, "skip"),
    (Verdict::Error, "error"),
];

/// Texts that occur less often than so many others are left to the JSON report.
const GROUPS_MAX: usize = 12;
