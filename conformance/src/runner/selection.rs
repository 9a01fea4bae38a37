//! Which tests a user asks for: by id, glob, scenario or statement.

use std::sync::Arc;

use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::Selected;
use crate::glob;
use crate::scenario::{self, Scenario};

/// A word that selects no test.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NothingSelected {
    /// The word.
    pub word: String,
    /// The nearest test ids or scenario names.
    pub nearest: Vec<String>,
}

/// The tests of some versions that any of the words selects; no word selects all.
///
/// A word is a test id, the name of a scenario or of its folder, a glob over ids (`*` and `?`), or a statement's key.
///
/// # Errors
///
/// When a word selects nothing.
pub fn select(
    scenarios: &[Arc<Scenario>],
    words: &[String],
    versions: &[ProtocolVersion],
) -> Result<Vec<Selected>, NothingSelected> {
    let all: Vec<Selected> = scenarios
        .iter()
        .flat_map(|scenario| {
            scenario::tests(scenario).into_iter().map(|plan| Selected {
                scenario: Arc::clone(scenario),
                plan,
            })
        })
        .collect();
    for word in words {
        if !all.iter().any(|test| is_meant(test, word)) {
            return Err(NothingSelected {
                word: word.clone(),
                nearest: nearest(&all, word),
            });
        }
    }
    let is_wanted = |test: &Selected| {
        versions.contains(&test.plan.version)
            && (words.is_empty() || words.iter().any(|word| is_meant(test, word)))
    };
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn is_meant(test: &Selected, word: &str) -> bool {
    if let Ok(statement) = word.parse::<StatementId>() {
        return test.plan.statements.contains(&statement);
    }
    let name = &test.scenario.name;
    let folder = name.split('/').next().unwrap_or_default();
    test.plan.id == word
        || name == word
        || folder == word.trim_end_matches('/')
        || glob::matches(word, &test.plan.id)
        || glob::matches(word, name)
}

/// Names that were probably meant.
fn nearest(all: &[Selected], word: &str) -> Vec<String> {
    let mut names: Vec<&str> = all.iter().map(|test| test.scenario.name.as_str()).collect();
    names.dedup();
    let mut found: Vec<String> = Vec::new();
    if let Some(name) = mqtt_assay_codec::notation::nearest(word, names.iter().copied()) {
        found.push(name.to_owned());
    }
    let last = word.rsplit('/').next().unwrap_or(word);
    let containing = names
        .iter()
        .filter(|name| !last.is_empty() && name.contains(last));
    for name in containing.take(SUGGESTIONS_MAX) {
        if !found.iter().any(|other| other == name) {
            found.push((*name).to_owned());
        }
    }
    found
}

/// How many names are suggested.
const SUGGESTIONS_MAX: usize = 5;
