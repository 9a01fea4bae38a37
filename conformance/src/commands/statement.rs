//! `statement`: what a statement demands, and what tests it.

use std::io::{self, Write as _};

use mqtt_assay_codec::StatementId;

use super::scenarios::Library;
use super::{Exit, Failure};
use crate::args::StatementArgs;
use crate::catalogue::{Catalogue, Statement};
use crate::coverage::{Coverage, Entry};
use crate::report::text::{BOLD, counted, paragraph};

/// Explains a statement, or, for a number in print, that of each version.
pub(super) fn statement(args: &StatementArgs) -> Result<Exit, Failure> {
    let statements = find(&args.key)?;
    let library = Library::load(None)?;
    let coverage = Coverage::of(library.scenarios.iter().map(AsRef::as_ref));
    let entries = || statements.iter().filter_map(|s| coverage.get(s.id));
    let mut out = anstream::stdout().lock();
    if args.json {
        let values: Vec<_> = statements
            .iter()
            .zip(entries())
            .map(|(statement, entry)| as_json(statement, entry))
            .collect();
        // One key is one object; a number in print may be two.
        let value = match <[_; 1]>::try_from(values) {
            Ok([value]) => value,
            Err(values) => values.into(),
        };
        writeln!(out, "{value:#}")?;
        return Ok(Exit::AsExpected);
    }
    for (statement, entry) in statements.iter().zip(entries()) {
        write(statement, entry, &mut out)?;
    }
    Ok(Exit::AsExpected)
}

/// Reads a key, or a number as it stands in print.
fn find(key: &str) -> Result<Vec<&'static Statement>, Failure> {
    let catalogue = Catalogue::embedded();
    let printed = key.trim_start_matches('[').trim_end_matches(']');
    let candidates: Vec<StatementId> = match printed.strip_prefix("MQTT-") {
        Some(number) => ["v3-", "v5-"]
            .iter()
            .filter_map(|family| format!("{family}{number}").parse().ok())
            .collect(),
        None => printed.parse().into_iter().collect(),
    };
    let found: Vec<_> = candidates
        .iter()
        .filter_map(|&id| catalogue.get(id))
        .collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if candidates.is_empty() {
        let message = format!(
            "'{key}' is not a statement; its form is v3-3.1.0-1, v5-3.1.0-1, u3-07 or u5-07"
        );
        return Err(Failure::new(Exit::Usage, message));
    }
    let same_section: Vec<String> = catalogue
        .iter()
        .map(|statement| statement.id.to_string())
        .filter(|id| {
            candidates
                .iter()
                .any(|other| section(id) == section(&other.to_string()))
        })
        .collect();
    let hint = match (same_section.first(), same_section.last()) {
        (Some(first), Some(last)) => Some(format!("this section has {first} to {last}")),
        _ => None,
    };
    Err(Failure::new(
        Exit::NothingSelected,
        format!("there is no statement {key}"),
    )
    .maybe_hint(hint))
}

/// A key without its last number.
fn section(key: &str) -> String {
    let (section, _) = key.rsplit_once('-').unwrap_or_default();
    section.to_owned()
}

fn write(statement: &Statement, entry: &Entry, out: &mut impl io::Write) -> io::Result<()> {
    let (id, level, title) = (statement.id, statement.level, &statement.title);
    writeln!(
        out,
        "{BOLD}{}{BOLD:#} {level}, section {} {title} ({id})",
        id.in_print(),
        statement.section
    )?;
    paragraph(out, "| ", &statement.summary, WIDTH)?;
    writeln!(out)?;
    paragraph(out, "check         ", &statement.check, WIDTH)?;
    writeln!(out, "seen in       {}", statement.observable.meaning())?;
    if statement.strict {
        writeln!(
            out,
            "strictness    missed, it is a warning, and a failure with --strict"
        )?;
    }
    if !statement.requires.is_empty() {
        writeln!(out, "requires      {}", statement.requires.join(", "))?;
    }
    if let Some(note) = &statement.note {
        paragraph(out, "note          ", note, WIDTH)?;
    }
    for &other in &statement.counterparts {
        let summary = Catalogue::embedded()
            .get(other)
            .map_or("", |s| s.summary.as_str());
        paragraph(out, "counterpart   ", &format!("{other}: {summary}"), WIDTH)?;
    }
    let count = counted(entry.scenarios.len(), "scenario");
    match &entry.gap {
        Some(gap) => paragraph(out, "not judged    ", gap, WIDTH)?,
        None => writeln!(out, "judged in     {count}")?,
    }
    for name in &entry.scenarios {
        writeln!(out, "              {name}")?;
    }
    if !entry.faults.is_empty() {
        let faults: Vec<&str> = entry.faults.iter().map(String::as_str).collect();
        paragraph(out, "faults        ", &faults.join(", "), WIDTH)?;
    }
    writeln!(out)
}

fn as_json(statement: &Statement, entry: &Entry) -> serde_json::Value {
    let keys: Vec<String> = statement
        .counterparts
        .iter()
        .map(ToString::to_string)
        .collect();
    serde_json::json!({
        "id": statement.id.to_string(),
        "in_print": statement.id.in_print(),
        "version": statement.id.version().name(),
        "section": statement.section,
        "title": statement.title,
        "area": statement.area,
        "who": statement.who,
        "level": statement.level,
        "also": statement.also,
        "observable": statement.observable,
        "strict": statement.strict,
        "requires": statement.requires,
        "counterparts": keys,
        "summary": statement.summary,
        "check": statement.check,
        "note": statement.note,
        "scenarios": entry.scenarios,
        "faults": entry.faults,
    })
}

const WIDTH: usize = 100;
