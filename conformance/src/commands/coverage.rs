//! `coverage`: which statements are judged, and why others are not.

use std::io::{self, Write as _};

use mqtt_assay_codec::ProtocolVersion;

use super::scenarios::Library;
use super::{Exit, Failure};
use crate::args::CoverageArgs;
use crate::catalogue::{Catalogue, Observable};
use crate::coverage::{Coverage, Totals};
use crate::report::text::{BOLD, paragraph};

/// Prints a table by version and class, and the statements that no scenario judges.
pub(super) fn coverage(args: &CoverageArgs) -> Result<Exit, Failure> {
    let library = Library::load(args.scenarios.as_deref())?;
    let coverage = Coverage::of(library.scenarios.iter().map(AsRef::as_ref));
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{:#}", as_json(&coverage))?;
    } else {
        for version in ProtocolVersion::ALL {
            write_version(version, &coverage, &mut out)?;
        }
    }
    Ok(Exit::AsExpected)
}

fn write_version(
    version: ProtocolVersion,
    coverage: &Coverage,
    out: &mut impl io::Write,
) -> io::Result<()> {
    writeln!(
        out,
        "{BOLD}MQTT {version:<10}  statements  judged  proven by a fault{BOLD:#}"
    )?;
    let mut sum = Totals::default();
    for class in Observable::ALL {
        let totals = coverage.totals(version, class);
        if totals.statements == 0 {
            continue;
        }
        write_row(class.name(), totals, out)?;
        sum.statements += totals.statements;
        sum.judged += totals.judged;
        sum.proven += totals.proven;
    }
    write_row("all", sum, out)?;
    let gaps = Catalogue::embedded()
        .of_version(version)
        .filter_map(|statement| Some((statement.id, coverage.get(statement.id)?.gap.as_ref()?)));
    writeln!(out)?;
    for (id, gap) in gaps {
        paragraph(out, &format!("  {:<14}", id.to_string()), gap, 100)?;
    }
    writeln!(out)
}

fn write_row(title: &str, totals: Totals, out: &mut impl io::Write) -> io::Result<()> {
    let Totals {
        statements,
        judged,
        proven,
    } = totals;
    writeln!(
        out,
        "  {title:<13}  {statements:>10}  {judged:>6}  {proven:>6}"
    )
}

fn as_json(coverage: &Coverage) -> serde_json::Value {
    let statements: Vec<_> = Catalogue::embedded()
        .iter()
        .filter_map(|statement| {
            let entry = coverage.get(statement.id)?;
            Some(serde_json::json!({
                "id": statement.id.to_string(),
                "version": statement.id.version().name(),
                "level": statement.level,
                "observable": statement.observable,
                "judged": !entry.scenarios.is_empty(),
                "scenarios": entry.scenarios,
                "faults": entry.faults,
                "gap": entry.gap,
            }))
        })
        .collect();
    let mut totals = serde_json::Map::new();
    for version in ProtocolVersion::ALL {
        let classes: serde_json::Map<_, _> = Observable::ALL
            .into_iter()
            .map(|class| {
                (
                    class.name().to_owned(),
                    serde_json::json!(coverage.totals(version, class)),
                )
            })
            .collect();
        totals.insert(version.name().to_owned(), classes.into());
    }
    serde_json::json!({"statements": statements, "totals": totals})
}
