//! `faults`: the deliberate violations of the embedded broker, and its lawful variants.

use std::io::Write as _;

use mqtt_assay_codec::notation::nearest;

use super::{Exit, Failure};
use crate::args::FaultsArgs;
use crate::broker::{Fault, Variant};
use crate::report::text::{BOLD, counted, paragraph};

/// Lists every fault: its name, what it breaks, and what the broker then does. Or every variant, which breaks nothing.
pub(super) fn faults(args: &FaultsArgs) -> Result<Exit, Failure> {
    let rows: Vec<Row> = if args.variants {
        Variant::ALL.iter().map(Row::from).collect()
    } else {
        Fault::ALL.iter().map(Row::from).collect()
    };
    let mut out = anstream::stdout().lock();
    if args.json {
        let values: Vec<_> = rows.iter().map(Row::to_json).collect();
        writeln!(out, "{:#}", serde_json::Value::from(values))?;
        return Ok(Exit::AsExpected);
    }
    for row in &rows {
        write!(out, "{BOLD}{}{BOLD:#}", row.name)?;
        if let Some(statements) = &row.statements {
            write!(out, " [{}]", statements.join(" "))?;
        }
        writeln!(out)?;
        paragraph(&mut out, "    ", row.summary, 100)?;
        if let Some(setting) = row.shows_with {
            writeln!(out, "    Shows with {setting}.")?;
        }
    }
    out.flush()?;
    let noun = if args.variants { "variant" } else { "fault" };
    anstream::eprintln!("{}", counted(rows.len(), noun));
    Ok(Exit::AsExpected)
}

/// What the broker can be told to do.
struct Row {
    name: &'static str,
    /// What it breaks; `None` for what is allowed.
    statements: Option<Vec<String>>,
    summary: &'static str,
    /// What `serve` must be told for it to show.
    shows_with: Option<&'static str>,
}

impl From<&Fault> for Row {
    fn from(fault: &Fault) -> Self {
        let statements = fault.statements().iter().map(ToString::to_string);
        Self {
            name: fault.name(),
            statements: Some(statements.collect()),
            summary: fault.summary(),
            shows_with: fault.shows_with(),
        }
    }
}

impl From<&Variant> for Row {
    fn from(variant: &Variant) -> Self {
        Self {
            name: variant.name(),
            statements: None,
            summary: variant.summary(),
            shows_with: None,
        }
    }
}

impl Row {
    fn to_json(&self) -> serde_json::Value {
        match &self.statements {
            Some(statements) => serde_json::json!({
                "name": self.name,
                "statements": statements,
                "summary": self.summary,
                "shows_with": self.shows_with,
            }),
            None => serde_json::json!({"name": self.name, "summary": self.summary}),
        }
    }
}

/// The fault of a name.
pub(super) fn find(name: &str) -> Result<Fault, Failure> {
    let names = Fault::ALL.iter().map(|fault| fault.name());
    name.parse()
        .map_err(|_| unknown("fault", name, names, "mqtt-assay faults"))
}

/// The variants of these names.
pub(super) fn find_variants(names: &[String]) -> Result<Vec<Variant>, Failure> {
    let all = Variant::ALL.iter().map(|variant| variant.name());
    names
        .iter()
        .map(|name| {
            name.parse()
                .map_err(|_| unknown("variant", name, all.clone(), "mqtt-assay faults --variants"))
        })
        .collect()
}

fn unknown(
    noun: &str,
    name: &str,
    names: impl Iterator<Item = &'static str> + Clone,
    command: &str,
) -> Failure {
    let hint = nearest(name, names.clone())
        .or_else(|| names.into_iter().find(|other| other.contains(name)))
        .map_or_else(
            || format!("{command} lists them"),
            |near| format!("did you mean {near}?"),
        );
    Failure::new(Exit::Usage, format!("there is no {noun} '{name}'")).hint(hint)
}
