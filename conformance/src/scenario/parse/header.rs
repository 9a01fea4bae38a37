//! The lines of a scenario before its first step.

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::notation::nearest;

use super::super::error::ScenarioError;
use super::super::{CAPABILITIES, Case, Scenario};
use super::cursor::Cursor;
use super::step::{guard, unknown_version, version};
use super::value::literal;

/// Which lines of a header have been read.
#[derive(Default)]
pub(super) struct Header {
    pub(super) has_summary: bool,
    pub(super) is_over: bool,
    seen: Vec<&'static str>,
}

impl Header {
    /// Reads a line of the header into the scenario; false if it is no such line.
    pub(super) fn read(
        &mut self,
        cursor: &mut Cursor<'_>,
        scenario: &mut Scenario,
        line: u32,
    ) -> Result<bool, ScenarioError> {
        if cursor.at_string() {
            return self.summary(cursor, scenario).map(|()| true);
        }
        let words = ["versions", "requires", "exclusive", "case"];
        let Some(word) = words.into_iter().find(|word| cursor.at_word(word)) else {
            return Ok(false);
        };
        if self.is_over {
            return Err(cursor
                .fail(format!("`{word}` stands after the first step"))
                .help("move it up to the scenario's sentence"));
        }
        if word != "case" && self.seen.contains(&word) {
            return Err(cursor.fail(format!("a second `{word}` in one scenario")));
        }
        self.seen.push(word);
        cursor.advance();
        match word {
            "versions" => versions(cursor, scenario)?,
            "requires" => requires(cursor, scenario)?,
            "exclusive" => scenario.is_exclusive = true,
            _ => scenario.cases.push(case(cursor, line)?),
        }
        Ok(true)
    }

    /// Fills in what a header may leave out.
    pub(super) fn complete(&self, scenario: &mut Scenario) {
        if !self.seen.contains(&"versions") {
            scenario.versions = ProtocolVersion::ALL.to_vec();
        }
    }

    fn summary(
        &mut self,
        cursor: &mut Cursor<'_>,
        scenario: &mut Scenario,
    ) -> Result<(), ScenarioError> {
        if self.has_summary || self.is_over {
            return Err(cursor
                .fail("a string stands alone in a line")
                .help("only the scenario's sentence does, once, above the steps"));
        }
        self.has_summary = true;
        let error = cursor.fail("the scenario's sentence is empty or no text");
        let summary = String::from_utf8(cursor.string("a sentence")?).unwrap_or_default();
        if summary.trim().is_empty() {
            return Err(error);
        }
        scenario.summary = summary;
        Ok(())
    }
}

/// A scenario of which nothing has been read.
pub(super) fn empty(file: &str, line: u32) -> Scenario {
    Scenario {
        name: String::new(),
        summary: String::new(),
        versions: Vec::new(),
        requires: Vec::new(),
        is_exclusive: false,
        cases: Vec::new(),
        steps: Vec::new(),
        file: file.to_owned(),
        line,
    }
}

/// Reads the name of a scenario, `topic/behaviour`.
pub(super) fn name(cursor: &mut Cursor<'_>) -> Result<String, ScenarioError> {
    let name = cursor.source();
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if !(name.contains('/') && name.split('/').all(is_part)) {
        return Err(cursor
            .expected("the scenario's name, `topic/behaviour`")
            .label("words of a-z, 0-9 and `-`, joined by `/`"));
    }
    cursor.advance();
    Ok(name.to_owned())
}

fn versions(cursor: &mut Cursor<'_>, scenario: &mut Scenario) -> Result<(), ScenarioError> {
    if cursor.is_end() {
        return Err(unknown_version(cursor));
    }
    while !cursor.is_end() {
        let Some(version) = version(cursor.source()) else {
            return Err(unknown_version(cursor));
        };
        if scenario.versions.contains(&version) {
            return Err(cursor.fail(format!("{version} stands here twice")));
        }
        scenario.versions.push(version);
        cursor.advance();
    }
    scenario.versions.sort_unstable();
    Ok(())
}

fn requires(cursor: &mut Cursor<'_>, scenario: &mut Scenario) -> Result<(), ScenarioError> {
    if cursor.is_end() {
        return Err(cursor.expected("what the broker must be capable of"));
    }
    while !cursor.is_end() {
        let name = cursor.source();
        if !CAPABILITIES.contains(&name) {
            let error = cursor.fail(format!("`{name}` is no capability"));
            return Err(match nearest(name, CAPABILITIES.iter().copied()) {
                Some(near) => error.did_you_mean(Some(near)),
                None => error.help(format!("there are {}", CAPABILITIES.join(" "))),
            });
        }
        scenario.requires.push(name.to_owned());
        cursor.advance();
    }
    Ok(())
}

fn case(cursor: &mut Cursor<'_>, line: u32) -> Result<Case, ScenarioError> {
    let name = cursor.word("the name of the case")?;
    let guard = guard(cursor)?;
    if let Some(case) = guard.cases.first() {
        return Err(
            ScenarioError::new(format!("a case is guarded by another case, `{case}`"))
                .word(case)
                .help("only versions may guard a case"),
        );
    }
    let mut variables: Vec<(String, _)> = Vec::new();
    while !cursor.is_end() {
        let error = cursor.fail(format!("two variables `{}` in one case", cursor.source()));
        let variable = cursor.name("the name of a variable")?;
        if variables.iter().any(|(name, _)| *name == variable) {
            return Err(error);
        }
        if RESERVED.contains(&variable.as_str()) {
            return Err(error_reserved(&variable));
        }
        if !cursor.eat("=") {
            return Err(cursor.expected(&format!("`=` and the value of `{variable}`")));
        }
        variables.push((variable, literal(cursor)?));
    }
    Ok(Case {
        name,
        versions: guard.versions,
        variables,
        line,
    })
}

fn error_reserved(name: &str) -> ScenarioError {
    ScenarioError::new(format!("`{name}` has a meaning of its own in every test"))
        .word(name)
        .help("`{ns}` is unique to the test, `{i}` counts the turns of `repeat`")
}

/// Names that no case may give a value.
const RESERVED: [&str; 2] = ["ns", "i"];
