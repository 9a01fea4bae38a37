//! One failure, told so that nobody has to open another window to understand it.

use std::io;
use std::ops::Range;

use mqtt_assay_codec::StatementId;

use super::{BAD, BOLD, DIM, GOOD, Options, Trace, escape, paragraph, verdict_word};
use crate::catalogue::Catalogue;
use crate::verdict::{TestResult, TraceEntry, Verdict};

/// Writes all that is known of a test that needs attention.
pub(super) fn write(
    result: &TestResult,
    options: &Options,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let style = if result.verdict == Verdict::Fail {
        BAD
    } else {
        BOLD
    };
    let id = escape(&result.id);
    writeln!(
        out,
        "{style}{}{style:#} {BOLD}{id}{BOLD:#}",
        verdict_word(result)
    )?;
    paragraph(out, "  ", &escape(&result.summary), options.width)?;
    writeln!(out)?;
    for &statement in &result.violated {
        write_statement(statement, options, out)?;
    }
    if result.crash {
        writeln!(out, "  {BAD}the broker did not survive{BAD:#}\n")?;
    }
    write_source(result, options, out)?;
    write_difference(result, out)?;
    if !result.message.is_empty() {
        paragraph(out, "  ", &escape(&result.message), options.width)?;
        writeln!(out)?;
    }
    for note in &result.notes {
        paragraph(out, "  note: ", &escape(note), options.width)?;
    }
    if !result.notes.is_empty() {
        writeln!(out)?;
    }
    if options.trace != Trace::Never {
        write_trace(&result.trace, options, out)?;
    }
    let what = if options.files.contains(&result.file) {
        escape(&result.file)
    } else {
        id
    };
    let rerun = escape(&options.rerun);
    writeln!(
        out,
        "  run it again: {BOLD}mqtt-assay run '{what}'{rerun}{BOLD:#}\n"
    )
}

/// Writes what a test exchanged with the broker, with hex under what was judged. Of a very long exchange it shows the
/// beginning, what was judged and what came just before, and the end; all of it where everybody's is wanted.
pub(super) fn write_trace(
    trace: &[TraceEntry],
    options: &Options,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let Some(client_width) = trace.iter().map(|e| e.client.chars().count()).max() else {
        return Ok(());
    };
    let mut hidden = 0;
    for (index, entry) in trace.iter().enumerate() {
        if options.trace != Trace::All && !is_shown(trace, index) {
            hidden += 1;
            continue;
        }
        write_hidden(&mut hidden, out)?;
        let style = if entry.judged { BOLD } else { DIM };
        let marker = if entry.judged { '>' } else { ' ' };
        let client = escape(&entry.client);
        let packet = shortened(&entry.packet);
        writeln!(
            out,
            "  {style}{marker} {:7.3}  {client:<client_width$} {} {packet}{style:#}",
            entry.t, entry.dir,
        )?;
        if entry.judged && !entry.hex.is_empty() {
            let indent = " ".repeat(client_width + 16);
            for line in hex_lines(&entry.hex, options.width.saturating_sub(indent.len())) {
                writeln!(out, "{indent}{line}")?;
            }
        }
    }
    write_hidden(&mut hidden, out)?;
    writeln!(out)
}

/// Whether an entry of a trace helps to understand a failure: few do where there are a thousand.
fn is_shown(trace: &[TraceEntry], index: usize) -> bool {
    let inner = ENTRIES_AROUND..trace.len().saturating_sub(ENTRIES_AROUND);
    let next = trace.get(index..).unwrap_or_default();
    trace.len() <= ENTRIES_MAX
        || !inner.contains(&index)
        || next
            .iter()
            .take(ENTRIES_BEFORE_JUDGED)
            .any(|entry| entry.judged)
}

/// Says how many entries were passed over, if any were.
fn write_hidden(hidden: &mut usize, out: &mut impl io::Write) -> io::Result<()> {
    match std::mem::take(hidden) {
        0 => Ok(()),
        count => writeln!(
            out,
            "  {DIM}  ... ({count} more; --trace all and the JSON report have them){DIM:#}"
        ),
    }
}

/// The statement in print, its level and place, and what it demands.
fn write_statement(id: StatementId, options: &Options, out: &mut impl io::Write) -> io::Result<()> {
    let Some(statement) = Catalogue::embedded().get(id) else {
        return writeln!(out, "  {BOLD}{id}{BOLD:#}");
    };
    let print = id.in_print();
    let (level, section, title) = (statement.level, &statement.section, &statement.title);
    writeln!(
        out,
        "  {BOLD}{print}{BOLD:#} {level}, section {section} {title} ({id})"
    )?;
    paragraph(out, "  | ", &statement.summary, options.width)?;
    writeln!(out)
}

/// The line of the scenario, with carets and a label under each field that differs.
fn write_source(
    result: &TestResult,
    options: &Options,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let (path, number) = (escape(&result.file), result.line.to_string());
    let gutter = " ".repeat(number.len());
    writeln!(out, "  {DIM}{gutter}-->{DIM:#} {path}:{number}")?;
    let Some(source) = &result.source else {
        return writeln!(out);
    };
    let mut title = number.as_str();
    for row in rows(&source.text, options.width.saturating_sub(number.len() + 5)) {
        let text = source.text.get(row.clone()).unwrap_or_default();
        writeln!(
            out,
            "  {DIM}{title:>width$} |{DIM:#} {}",
            escape(text),
            width = number.len()
        )?;
        title = "";
        for (span, label) in &source.marks {
            let columns = span.start.max(row.start)..span.end.min(row.end);
            if columns.is_empty() {
                continue;
            }
            let width_of = |range: Range<usize>| {
                let text = source.text.get(range).unwrap_or_default();
                escape(text).chars().count()
            };
            let indent = " ".repeat(width_of(row.start..columns.start));
            let carets = "^".repeat(width_of(columns).max(1));
            let label = if span.end <= row.end {
                escape(label)
            } else {
                "".into()
            };
            writeln!(
                out,
                "  {DIM}{gutter} |{DIM:#} {indent}{BAD}{carets} {label}{BAD:#}"
            )?;
        }
    }
    writeln!(out)
}

/// The text in rows of whole words, as byte ranges.
fn rows(text: &str, width: usize) -> Vec<Range<usize>> {
    let mut rows = Vec::new();
    let mut row = 0..0;
    for (start, word) in words(text) {
        let end = start + word.len();
        let len = text.get(row.start..end).unwrap_or_default().chars().count();
        if len > width && row.end > row.start {
            rows.push(row);
            row = start..end;
        } else {
            row.end = end;
        }
    }
    rows.push(row);
    rows
}

/// The words of a text and where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split(' ').filter_map(move |word| {
        let at = start;
        start += word.len() + 1;
        (!word.is_empty()).then_some((at, word))
    })
}

/// Expected beside actual.
fn write_difference(result: &TestResult, out: &mut impl io::Write) -> io::Result<()> {
    if let Some(expected) = &result.expected {
        let mut title = "expected";
        for alternative in expected.split("  |  ") {
            writeln!(
                out,
                "  {title:>8}  {GOOD}{}{GOOD:#}",
                shortened(alternative)
            )?;
            title = "or";
        }
    }
    if let Some(actual) = &result.actual {
        writeln!(out, "  received  {BAD}{}{BAD:#}", shortened(actual))?;
    }
    if result.expected.is_some() || result.actual.is_some() {
        writeln!(out)?;
    }
    Ok(())
}

/// A packet, escaped, and cut where nobody reads on.
fn shortened(packet: &str) -> String {
    let len = packet.chars().count();
    let shown: String = packet.chars().take(PACKET_CHARS_MAX).collect();
    let escaped = escape(&shown);
    if len > PACKET_CHARS_MAX {
        format!("{escaped} ... ({} characters more)", len - PACKET_CHARS_MAX)
    } else {
        escaped.into_owned()
    }
}

/// Hex in lines of whole bytes.
fn hex_lines(hex: &str, width: usize) -> Vec<String> {
    let bytes: Vec<&str> = hex.split_whitespace().collect();
    let per_line = (width / 3).clamp(8, 32) / 8 * 8;
    let mut lines: Vec<String> = bytes
        .chunks(per_line)
        .take(HEX_LINES_MAX)
        .map(|chunk| escape(&chunk.join(" ")).into_owned())
        .collect();
    let shown = per_line * HEX_LINES_MAX;
    if bytes.len() > shown {
        lines.push(format!("... ({} bytes more)", bytes.len() - shown));
    }
    lines
}

/// A trace of so many entries is shown whole.
const ENTRIES_MAX: usize = 100;
/// So many entries of a longer one are shown at its beginning, and at its end.
const ENTRIES_AROUND: usize = 20;
/// Counting the one that was judged.
const ENTRIES_BEFORE_JUDGED: usize = 6;
/// Six lines of a terminal: enough for every packet of a usual scenario.
const PACKET_CHARS_MAX: usize = 600;
/// The JSON report has the rest.
const HEX_LINES_MAX: usize = 6;
