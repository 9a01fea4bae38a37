//! Scenario files: on disk, and compiled in.

use std::path::{Path, PathBuf};
use std::{fs, io};

use include_dir::{Dir, include_dir};

use super::error::ScenarioError;
use super::{Scenario, parse};

/// The text of a scenario file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct SourceFile {
    /// Its name, relative to the scenario folder, parts joined by `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The scenario files that are compiled in, by name.
#[must_use]
pub fn embedded() -> Vec<SourceFile> {
    let mut files = Vec::new();
    collect(&EMBEDDED, &mut files);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Every `.mqtt` file in a folder and the folders below it, by name.
///
/// # Errors
///
/// When a folder or file cannot be read, or is no UTF-8; the error names it.
pub fn load(dir: &Path) -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for path in paths(dir)? {
        let name = path.strip_prefix(dir).unwrap_or(&path).to_string_lossy();
        files.push(SourceFile {
            name: name.replace('\\', "/"),
            text: fs::read_to_string(&path).map_err(named(&path))?,
        });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// The path of every `.mqtt` file in a folder and the folders below it, in order.
///
/// # Errors
///
/// When a folder cannot be read; the error names it.
pub fn paths(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(named(dir))? {
        let path = entry.map_err(named(dir))?.path();
        if path.is_dir() {
            paths.extend(self::paths(&path)?);
        } else if path.extension().is_some_and(|it| it == EXTENSION) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// Reads the scenarios of a whole folder; each is named after its folder, and no two have one name.
///
/// # Errors
///
/// All mistakes of all files.
pub fn parse_all(files: &[SourceFile]) -> Result<Vec<Scenario>, Vec<ScenarioError>> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut errors = Vec::new();
    for file in files {
        match parse(&file.name, &file.text) {
            Ok(parsed) => {
                errors.extend(parsed.iter().filter_map(misplaced));
                errors.extend(parsed.iter().filter_map(|it| repeated(it, &scenarios)));
                scenarios.extend(parsed);
            }
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() {
        Ok(scenarios)
    } else {
        Err(errors)
    }
}

/// Renders the mistakes of several files, an empty line between them.
#[must_use]
pub fn render_all(errors: &[ScenarioError], files: &[SourceFile], color: bool) -> String {
    let rendered: Vec<String> = errors
        .iter()
        .map(|error| {
            let file = files.iter().find(|file| file.name == error.file());
            error.render(file.map_or("", |file| file.text.as_str()), color)
        })
        .collect();
    rendered.join("\n\n")
}

fn misplaced(scenario: &Scenario) -> Option<ScenarioError> {
    let (path, _) = scenario.file.rsplit_once('/')?;
    let folder = path.rsplit('/').next().unwrap_or(path);
    let topic = scenario.name.split('/').next().unwrap_or_default();
    if topic == folder {
        return None;
    }
    let error = ScenarioError::new(format!(
        "the scenario is of `{topic}`, but its file is in the folder `{folder}`"
    ));
    Some(
        error
            .word(scenario.name.as_str())
            .label(format!("expected `{folder}/...`"))
            .at(&scenario.file, scenario.line),
    )
}

fn repeated(scenario: &Scenario, earlier: &[Scenario]) -> Option<ScenarioError> {
    let name = &scenario.name;
    let first = earlier.iter().find(|earlier| earlier.name == *name)?;
    let error = ScenarioError::new(format!("there are two scenarios `{name}`"));
    Some(
        error
            .word(name.as_str())
            .help(format!("the first is in {}:{}", first.file, first.line))
            .at(&scenario.file, scenario.line),
    )
}

fn collect(dir: &Dir<'_>, files: &mut Vec<SourceFile>) {
    for file in dir.files() {
        let path = file.path();
        if path.extension().is_some_and(|it| it == EXTENSION) {
            files.push(SourceFile {
                name: path.to_string_lossy().replace('\\', "/"),
                text: file.contents_utf8().unwrap_or_default().to_owned(),
            });
        }
    }
    for dir in dir.dirs() {
        collect(dir, files);
    }
}

fn named(path: &Path) -> impl Fn(io::Error) -> io::Error {
    let path = path.display().to_string();
    move |error| io::Error::new(error.kind(), format!("{path}: {error}"))
}

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/scenarios");

const EXTENSION: &str = "mqtt";
