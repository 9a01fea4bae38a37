//! `show`: a scenario as it was written, and what it judges.

use std::collections::BTreeSet;
use std::io::Write as _;

use mqtt_assay_codec::notation::nearest;

use super::scenarios::Library;
use super::{Exit, Failure};
use crate::args::ShowArgs;
use crate::catalogue::Catalogue;
use crate::report::text::{BOLD, DIM, escape, paragraph};
use crate::scenario::{self, Scenario};

/// Prints the text of a scenario, its tests, and the statements that it judges.
pub(super) fn show(args: &ShowArgs) -> Result<Exit, Failure> {
    let mut library = Library::load(args.scenarios.as_deref())?;
    let names = library.open_files(std::slice::from_ref(&args.id))?;
    let mut out = anstream::stdout().lock();
    for name in &names {
        let scenario = find(&library, name)?;
        let plans = scenario::tests(scenario);
        let statements: BTreeSet<_> = plans.iter().flat_map(|plan| &plan.statements).collect();
        let text = library.text_of(scenario);
        if args.json {
            let keys: Vec<String> = statements.iter().map(ToString::to_string).collect();
            let tests: Vec<&str> = plans.iter().map(|plan| plan.id.as_str()).collect();
            let value = serde_json::json!({
                "scenario": scenario.name,
                "summary": scenario.summary,
                "file": scenario.file,
                "line": scenario.line,
                "requires": scenario.requires,
                "tests": tests,
                "statements": keys,
                "text": text,
            });
            writeln!(out, "{value:#}")?;
            continue;
        }
        writeln!(
            out,
            "{DIM}# {}:{}{DIM:#}",
            escape(&scenario.file),
            scenario.line
        )?;
        for line in text.lines() {
            writeln!(out, "{}", escape(line))?;
        }
        writeln!(out)?;
        for &&id in &statements {
            let Some(statement) = Catalogue::embedded().get(id) else {
                continue;
            };
            writeln!(out, "{BOLD}{id}{BOLD:#} {}", statement.level)?;
            paragraph(&mut out, "  ", &statement.summary, 100)?;
        }
    }
    Ok(Exit::AsExpected)
}

/// The scenario of a name or a test id.
fn find<'a>(library: &'a Library, word: &str) -> Result<&'a Scenario, Failure> {
    let name = word.split_once('@').map_or(word, |(name, _)| name);
    let is_meant = |scenario: &&Scenario| scenario.name == name;
    let mut scenarios = library.scenarios.iter().map(AsRef::as_ref);
    scenarios.find(is_meant).ok_or_else(|| {
        let names = library
            .scenarios
            .iter()
            .map(|scenario| scenario.name.as_str());
        let last = name.rsplit('/').next().unwrap_or(name);
        let hint = nearest(name, names.clone())
            .or_else(|| names.into_iter().find(|it| it.contains(last)))
            .map(|near| format!("did you mean {near}?"));
        Failure::new(
            Exit::NothingSelected,
            format!("there is no scenario {word}"),
        )
        .maybe_hint(hint)
    })
}
