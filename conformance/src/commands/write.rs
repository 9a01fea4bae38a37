//! `check` and `fmt`: for those who write scenarios.

use std::fs;
use std::io::Write as _;

use super::scenarios::{expand, mistakes, read};
use super::{Exit, Failure};
use crate::args::{FilesArgs, FmtArgs};
use crate::report::text::{counted, escape};
use crate::scenario::{self, ScenarioError, SourceFile};

/// Reports every mistake of every file.
pub(super) fn check(args: &FilesArgs) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for path in expand(&args.files)? {
        files.push(read(&path)?);
    }
    let mut errors = Vec::new();
    let mut tests = 0;
    for file in &files {
        match scenario::parse(&file.name, &file.text) {
            Ok(scenarios) => {
                errors.extend(mistakes(&scenarios));
                tests += scenarios
                    .iter()
                    .map(|it| scenario::tests(it).len())
                    .sum::<usize>();
            }
            Err(found) => errors.extend(found),
        }
    }
    let exit = if errors.is_empty() {
        Exit::AsExpected
    } else {
        Exit::Usage
    };
    let mut out = anstream::stdout().lock();
    if args.json {
        let errors: Vec<_> = errors.iter().map(|error| as_json(error, &files)).collect();
        writeln!(out, "{}", serde_json::Value::from(errors))?;
    } else if errors.is_empty() {
        writeln!(
            out,
            "{}: {}",
            counted(files.len(), "file"),
            counted(tests, "test")
        )?;
    } else {
        anstream::eprintln!("{}", scenario::render_all(&errors, &files, true));
    }
    Ok(exit)
}

/// Lays files out, or says which ones it would change.
pub(super) fn format(args: &FmtArgs) -> Result<Exit, Failure> {
    let mut exit = Exit::AsExpected;
    for path in expand(&args.files)? {
        let file = read(&path)?;
        let formatted = match scenario::format(&file.text) {
            Ok(formatted) => formatted,
            Err(errors) => {
                // The layout is of a text, whose errors carry no name: the file's does.
                let errors = scenario::parse(&file.name, &file.text)
                    .err()
                    .unwrap_or(errors);
                let text = scenario::render_all(&errors, std::slice::from_ref(&file), true);
                return Err(Failure::rendered(Exit::Usage, text));
            }
        };
        if formatted == file.text {
            continue;
        }
        if args.check {
            anstream::eprintln!("{}: not formatted", escape(&file.name));
            exit = Exit::Unexpected;
        } else {
            fs::write(&path, formatted)?;
        }
    }
    Ok(exit)
}

fn as_json(error: &ScenarioError, files: &[SourceFile]) -> serde_json::Value {
    let file = files.iter().find(|file| file.name == error.file());
    let columns = error.columns(file.map_or("", |file| file.text.as_str()));
    serde_json::json!({
        "file": error.file(),
        "line": error.line(),
        "column": columns.start + 1,
        "message": error.message(),
        "hint": error.hint(),
    })
}
