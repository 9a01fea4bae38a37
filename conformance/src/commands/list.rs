//! `list`: the tests.

use std::io::Write as _;

use mqtt_assay_codec::ProtocolVersion;

use super::run::nothing_selected;
use super::scenarios::Library;
use super::{Exit, Failure};
use crate::args::ListArgs;
use crate::report::text::{counted, escape};
use crate::runner;

/// Prints the tests' ids, or all that is known of them.
pub(super) fn list(args: &ListArgs) -> Result<Exit, Failure> {
    let mut library = Library::load(args.scenarios.as_deref())?;
    let words = library.open_files(&args.select)?;
    let tests = runner::select(&library.scenarios, &words, &ProtocolVersion::ALL)
        .map_err(nothing_selected)?;
    let mut out = anstream::stdout().lock();
    if args.json {
        let values: Vec<_> = tests
            .iter()
            .map(|test| {
                let keys: Vec<String> = test
                    .plan
                    .statements
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                serde_json::json!({
                    "id": test.plan.id,
                    "scenario": test.scenario.name,
                    "version": test.plan.version.name(),
                    "case": test.plan.case,
                    "summary": test.scenario.summary,
                    "requires": test.scenario.requires,
                    "statements": keys,
                    "file": test.scenario.file,
                    "line": test.scenario.line,
                })
            })
            .collect();
        writeln!(out, "{:#}", serde_json::Value::from(values))?;
        return Ok(Exit::AsExpected);
    }
    for test in &tests {
        writeln!(out, "{}", escape(&test.plan.id))?;
    }
    out.flush()?;
    anstream::eprintln!("{}", counted(tests.len(), "test"));
    Ok(Exit::AsExpected)
}
