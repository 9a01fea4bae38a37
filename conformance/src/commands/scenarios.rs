//! The scenarios that a command works with: the embedded ones, a folder's, and single files'.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Exit, Failure};
use crate::catalogue::Catalogue;
use crate::matrix;
use crate::scenario::{self, Scenario, ScenarioError, SourceFile};

/// Scenarios and the texts that they were read from.
pub(super) struct Library {
    /// The scenarios, by name. Their `file` is a path from where the user stands, or from the repository's root.
    pub(super) scenarios: Vec<Arc<Scenario>>,
    /// The files, by the same paths.
    files: Vec<SourceFile>,
    opened: Vec<String>,
}

impl Library {
    /// The embedded scenarios and the matrix, with those of a folder added or in their place.
    pub(super) fn load(dir: Option<&Path>) -> Result<Self, Failure> {
        let mut library = Self {
            scenarios: Vec::new(),
            files: Vec::new(),
            opened: Vec::new(),
        };
        library.add(scenario::embedded(), EMBEDDED_ROOT)?;
        library.add(matrix::files(), GENERATED_ROOT)?;
        if let Some(dir) = dir {
            let files = scenario::load(dir)
                .map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
            library.add(files, &dir.display().to_string())?;
        }
        Ok(library)
    }

    /// Replaces words that name files by the names of the scenarios in them, which are added.
    pub(super) fn open_files(&mut self, words: &[String]) -> Result<Vec<String>, Failure> {
        let mut names = Vec::new();
        for word in words {
            if Path::new(word).extension().is_none_or(|it| it != "mqtt") {
                names.push(word.clone());
                continue;
            }
            let file = read(Path::new(word))?;
            let scenarios = parse(&file)?;
            names.extend(scenarios.iter().map(|scenario| scenario.name.clone()));
            self.insert(scenarios);
            self.opened.push(file.name.clone());
            self.files.push(file);
        }
        Ok(names)
    }

    /// The files that words have named.
    pub(super) fn opened(&self) -> &[String] {
        &self.opened
    }

    /// The lines of a scenario as they were written.
    pub(super) fn text_of(&self, scenario: &Scenario) -> String {
        let file = self
            .files
            .iter()
            .rev()
            .find(|file| file.name == scenario.file);
        let lines = file.map_or("", |file| file.text.as_str()).lines();
        let start = usize::try_from(scenario.line)
            .unwrap_or(1)
            .saturating_sub(1);
        let text: Vec<&str> = lines
            .skip(start)
            .enumerate()
            .take_while(|(index, line)| *index == 0 || !line.trim_start().starts_with("scenario "))
            .map(|(_, line)| line)
            .collect();
        // Comments above the next scenario belong to it.
        let end = text
            .iter()
            .rposition(|line| !line.is_empty() && !line.starts_with('#'))
            .map_or(0, |last| last + 1);
        text.get(..end).unwrap_or_default().join("\n")
    }

    fn add(&mut self, files: Vec<SourceFile>, root: &str) -> Result<(), Failure> {
        let mut scenarios = scenario::parse_all(&files).map_err(|errors| wrong(&errors, &files))?;
        let mistakes = mistakes(&scenarios);
        if !mistakes.is_empty() {
            return Err(wrong(&mistakes, &files));
        }
        for scenario in &mut scenarios {
            scenario.file = format!("{root}/{}", scenario.file);
        }
        self.insert(scenarios);
        self.files.extend(files.into_iter().map(|file| SourceFile {
            name: format!("{root}/{}", file.name),
            text: file.text,
        }));
        Ok(())
    }

    fn insert(&mut self, scenarios: Vec<Scenario>) {
        let mut by_name: BTreeMap<String, Arc<Scenario>> = std::mem::take(&mut self.scenarios)
            .into_iter()
            .map(|scenario| (scenario.name.clone(), scenario))
            .collect();
        for scenario in scenarios {
            by_name.insert(scenario.name.clone(), Arc::new(scenario));
        }
        self.scenarios = by_name.into_values().collect();
    }
}

/// The files that paths mean: a folder stands for all scenario files in it and below.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let within =
            scenario::paths(path).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        if within.is_empty() {
            let message = format!("{}: no scenario file in this folder", path.display());
            return Err(Failure::new(Exit::Usage, message));
        }
        files.extend(within);
    }
    Ok(files)
}

/// Reads a scenario file.
pub(super) fn read(path: &Path) -> Result<SourceFile, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))?;
    Ok(SourceFile {
        name: path.display().to_string(),
        text,
    })
}

/// Reads and checks the scenarios of a file.
pub(super) fn parse(file: &SourceFile) -> Result<Vec<Scenario>, Failure> {
    let files = std::slice::from_ref(file);
    let scenarios =
        scenario::parse(&file.name, &file.text).map_err(|errors| wrong(&errors, files))?;
    let mistakes = mistakes(&scenarios);
    if mistakes.is_empty() {
        Ok(scenarios)
    } else {
        Err(wrong(&mistakes, files))
    }
}

/// What is wrong with scenarios although each line can be read.
pub(super) fn mistakes(scenarios: &[Scenario]) -> Vec<ScenarioError> {
    let in_catalogue = |id| Catalogue::embedded().get(id).is_some();
    scenarios
        .iter()
        .flat_map(|scenario| scenario::check(scenario, &in_catalogue))
        .collect()
}

fn wrong(errors: &[ScenarioError], files: &[SourceFile]) -> Failure {
    Failure::rendered(Exit::Usage, scenario::render_all(errors, files, true))
}

/// Where the embedded scenarios stand in the repository.
const EMBEDDED_ROOT: &str = "fixtures/scenarios";
/// Stands before the names of files that no disk has: `show` prints them.
const GENERATED_ROOT: &str = "generated";
