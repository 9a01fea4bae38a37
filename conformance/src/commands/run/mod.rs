//! `run`: tests against a broker, and a report.

mod interrupt;
mod subject;

use std::collections::BTreeMap;
use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use mqtt_assay_codec::ProtocolVersion;

use super::scenarios::Library;
use super::{Exit, Failure, files};
use crate::args::{Limits, ReportTarget, RunArgs};
use crate::profile::Profile;
use crate::report::progress::Progress;
use crate::report::{self, Broker, Report, json, text};
use crate::runner::{self, CannotTest, NothingSelected, Run, Selected, Settings, Suite};
use crate::scenario::{self, Scenario};
use interrupt::Interrupt;
use subject::Target;

/// Runs what is selected, reports it, and says whether everything was as expected.
pub(super) fn run(args: RunArgs) -> Result<Exit, Failure> {
    let profile = args.profile.as_deref().map(read_profile).transpose()?;
    let mut library = Library::load(args.scenarios.as_deref())?;
    let words = library.open_files(&args.select)?;
    let target = Target::of(&args, profile.as_ref())?;
    let versions: Vec<ProtocolVersion> = target
        .versions()
        .into_iter()
        .filter(|version| args.mqtt.contains(version))
        .filter(|version| {
            profile
                .as_ref()
                .is_none_or(|profile| profile.speaks(*version))
        })
        .collect();
    let tests = select(&library, &words, &versions, args.repeat)?;
    target.check_reachable()?;
    files::allow_open(OPEN_FILES);
    let seed = args.seed.unwrap_or_else(random_seed);
    let settings = Settings {
        crashing: profile.as_ref().map(Profile::crashing).unwrap_or_default(),
        variables: variables(profile.as_ref(), target.credentials()),
        ..settings(&args, &target, seed)
    };
    let started = report::now();
    let interrupt = Interrupt::watch()?;
    let (outcome, duration) = {
        let progress = Progress::new(tests.len());
        let on_result = |result: &crate::verdict::TestResult| {
            progress.finished(result, profile.as_ref().is_some_and(|p| p.expects(result)));
        };
        let overrides = profile.as_ref().map(|p| p.capabilities.clone());
        let mut overrides = overrides.unwrap_or_default();
        overrides.insert("full_limits".to_owned(), args.limits == Limits::Full);
        let suite = Suite::new(
            settings,
            overrides,
            args.start_timeout,
            &on_result,
            interrupt.stop(),
        );
        let begun = tokio::time::Instant::now();
        let outcome = suite.run(&tests, target.subject()?);
        progress.finish();
        (outcome, begun.elapsed())
    };
    let outcome = outcome.map_err(|why| cannot_test(&why, &target))?;
    let mut report = Report {
        broker: broker(&outcome, &target, profile.as_ref()),
        started,
        seed,
        options: target.rerun(&args),
        settle: args.settle,
        duration,
        tests: outcome.results,
        problems: Vec::new(),
        crashes: outcome.crashes,
        is_interrupted: interrupt.was_seen(),
    };
    if let Some(profile) = &profile {
        let all_tests = ids(&library.scenarios);
        report.problems = profile.apply(&mut report.tests, &all_tests);
    }
    if let Some(password) = target.password() {
        for test in &mut report.tests {
            report::redact(test, password);
        }
    }
    write_reports(&report, &args, &library)?;
    Ok(match (report.is_interrupted, report.is_as_expected()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::AsExpected,
        (false, false) => Exit::Unexpected,
    })
}

fn read_profile(path: &Path) -> Result<Profile, Failure> {
    let failure = |error: String| Failure::new(Exit::Usage, format!("{}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
    Profile::parse(&text).map_err(|error| failure(error.to_string()))
}

/// The selected tests, each as often as it is to run.
fn select(
    library: &Library,
    words: &[String],
    versions: &[ProtocolVersion],
    repeat: u16,
) -> Result<Vec<Selected>, Failure> {
    let once = runner::select(&library.scenarios, words, versions).map_err(nothing_selected)?;
    if once.is_empty() {
        let names: Vec<&str> = versions.iter().map(|version| version.name()).collect();
        let message = format!("no test is selected for MQTT {}", names.join(" and "));
        return Err(Failure::new(Exit::NothingSelected, message));
    }
    let times = usize::from(repeat);
    let count = once.len() * times;
    Ok(once.into_iter().cycle().take(count).collect())
}

pub(super) fn nothing_selected(nothing: NothingSelected) -> Failure {
    let message = format!("'{}' selects no test", nothing.word);
    let failure = Failure::new(Exit::NothingSelected, message);
    match nothing.nearest.as_slice() {
        [] => failure.hint("mqtt-assay list shows all tests"),
        names => failure.hint(format!("did you mean {}?", names.join(", "))),
    }
}

fn settings(args: &RunArgs, target: &Target, seed: u64) -> Settings {
    let default = Settings::by_catalogue(args.strict);
    Settings {
        jobs: args.jobs.map_or(default.jobs, usize::from),
        timeout: args.timeout.unwrap_or(default.timeout),
        time_scale: args.time_scale,
        settle: args.settle,
        seed,
        fail_fast: args.fail_fast,
        credentials: target.credentials(),
        payload_max: match (args.payload_max, args.limits) {
            (Some(max), _) => usize::try_from(max).unwrap_or(usize::MAX),
            (None, Limits::Common) => default.payload_max,
            (None, Limits::Full) => usize::MAX,
        },
        ..default
    }
}

/// How the operator set the broker up: what the profile says, and the user name and password of the run.
fn variables(
    profile: Option<&Profile>,
    credentials: Option<(String, String)>,
) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    if let Some((user, password)) = credentials {
        variables.insert("user".to_owned(), user);
        variables.insert("password".to_owned(), password);
    }
    variables.extend(
        profile
            .map(|profile| profile.variables.clone())
            .unwrap_or_default(),
    );
    variables
}

/// A number that no other run on the same broker is likely to have.
fn random_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}

fn cannot_test(why: &CannotTest, target: &Target) -> Failure {
    let message = format!("{target}: {}", why.message);
    let failure = Failure::new(Exit::CouldNotTest, message);
    match target.hint() {
        Some(hint) if why.is_unreachable => failure.hint(hint),
        _ => failure,
    }
}

fn broker(outcome: &Run, target: &Target, profile: Option<&Profile>) -> Broker {
    let capabilities = outcome.capabilities.iter().map(|(version, found)| {
        let value = serde_json::to_value(found).unwrap_or_default();
        (version.name().to_owned(), value)
    });
    Broker {
        address: target.to_string(),
        profile: profile.map(|profile| profile.name.clone()),
        capabilities: capabilities.collect(),
    }
}

fn ids(scenarios: &[Arc<Scenario>]) -> Vec<String> {
    scenarios
        .iter()
        .flat_map(|scenario| scenario::tests(scenario))
        .map(|plan| plan.id)
        .collect()
}

/// Writes every report. The text goes to standard error if standard output has another.
fn write_reports(report: &Report, args: &RunArgs, library: &Library) -> Result<(), Failure> {
    for ReportTarget::Json(path) in &args.report {
        match path {
            None => json::write(report, &mut io::stdout().lock())?,
            Some(path) => {
                let named = |error: io::Error| {
                    Failure::new(Exit::Usage, format!("{}: {error}", path.display()))
                };
                let mut bytes = Vec::new();
                json::write(report, &mut bytes)?;
                fs::write(path, bytes).map_err(named)?;
            }
        }
    }
    let options = text::Options {
        rerun: report.options.clone(),
        trace: args.trace,
        files: library.opened().to_vec(),
        ..text::Options::default()
    };
    if args.report.contains(&ReportTarget::Json(None)) {
        text::write(report, &options, &mut anstream::stderr().lock())?;
    } else {
        let mut out = anstream::stdout().lock();
        text::write(report, &options, &mut out)?;
        out.flush()?;
    }
    Ok(())
}

/// Some times as many connections as the tests that run at once open. A broker that is started here inherits this: it must
/// not be so many that a broker reserves memory for them.
const OPEN_FILES: u64 = 4_096;
