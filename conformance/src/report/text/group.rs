//! Tests that say the same, told once.

use std::io;

use super::{escape, paragraph};
use crate::verdict::TestResult;

/// Results that are alike, in the order in which the first of each was met.
pub(super) fn group<'a, K: PartialEq>(
    results: impl Iterator<Item = &'a TestResult>,
    key: impl Fn(&'a TestResult) -> K,
) -> Vec<Vec<&'a TestResult>> {
    let mut groups: Vec<(K, Vec<&TestResult>)> = Vec::new();
    for result in results {
        let key = key(result);
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, members)) => members.push(result),
            None => groups.push((key, vec![result])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// A message without what differs from test to test: numbers, and what is quoted.
pub(super) fn likeness(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut is_quoted = false;
    for character in message.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '0'..='9' if out.ends_with('0') => {}
            '0'..='9' => out.push('0'),
            _ => out.push(character),
        }
    }
    out
}

/// The ids of tests in few lines; the cases of a scenario stand behind it.
pub(super) fn write_ids(
    results: &[&TestResult],
    indent: &str,
    width: usize,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let mut text = String::new();
    let mut before = "";
    let mut shown = 0;
    for result in results {
        let (scenario, case) = match result.id.split_once('+') {
            Some((scenario, case)) => (scenario, Some(case)),
            None => (result.id.as_str(), None),
        };
        let next = match case {
            Some(case) if scenario == before => format!(" +{case}"),
            _ => format!(" {}", result.id),
        };
        if text.len() + next.len() > IDS_LEN_MAX {
            break;
        }
        before = scenario;
        text.push_str(&next);
        shown += 1;
    }
    paragraph(out, indent, &escape(text.trim_start()), width)?;
    if shown < results.len() {
        let rest = results.len() - shown;
        writeln!(out, "{indent}and {rest} more, in the JSON report")?;
    }
    Ok(())
}

/// How many characters of ids are written of one group.
const IDS_LEN_MAX: usize = 800;
