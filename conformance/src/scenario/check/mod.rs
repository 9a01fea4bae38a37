//! Mistakes that show only when a whole scenario is known.

mod uses;
mod walk;

use mqtt_assay_codec::notation::nearest;
use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::error::ScenarioError;
use super::{Action, CAPABILITIES, Case, Guard, Literal, Scenario, Step, template, tests};
use uses::{Use, uses};
use walk::walk;

/// Every mistake of a scenario that can be seen without running it.
///
/// `in_catalogue` knows the statements that exist.
pub fn check(
    scenario: &Scenario,
    in_catalogue: &dyn Fn(StatementId) -> bool,
) -> Vec<ScenarioError> {
    let mut checker = Checker {
        scenario,
        in_catalogue,
        errors: Vec::new(),
    };
    checker.header();
    checker.judgements();
    let tests = all_tests(scenario);
    checker.steps(&scenario.steps, &tests);
    for test in tests {
        for (line, error) in walk(scenario, test) {
            checker.report(line, error);
        }
    }
    checker.errors.sort_by_key(ScenarioError::line);
    checker.errors
}

/// A version and a case.
#[derive(Clone, Copy)]
struct Test<'a> {
    version: ProtocolVersion,
    case: Option<&'a Case>,
}

impl Test<'_> {
    fn admits(&self, guard: &Guard) -> bool {
        guard.admits(self.version, self.case.map(|case| case.name.as_str()))
    }
}

fn all_tests(scenario: &Scenario) -> Vec<Test<'_>> {
    let mut all = Vec::new();
    for plan in tests(scenario) {
        all.push(Test {
            version: plan.version,
            case: scenario
                .cases
                .iter()
                .find(|case| Some(&case.name) == plan.case.as_ref()),
        });
    }
    all
}

struct Checker<'a> {
    scenario: &'a Scenario,
    in_catalogue: &'a dyn Fn(StatementId) -> bool,
    errors: Vec<ScenarioError>,
}

impl Checker<'_> {
    /// Keeps a mistake, once, though it may show in several tests.
    fn report(&mut self, line: u32, error: ScenarioError) {
        let error = error.at(&self.scenario.file, line);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn header(&mut self) {
        let scenario = self.scenario;
        for name in &scenario.requires {
            if !CAPABILITIES.contains(&name.as_str()) {
                let near = nearest(name, CAPABILITIES.iter().copied());
                let error = ScenarioError::new(format!("`{name}` is no capability"))
                    .word(name)
                    .did_you_mean(near);
                self.report(scenario.line, error);
            }
        }
        for (index, case) in scenario.cases.iter().enumerate() {
            let mut earlier = scenario.cases.iter().take(index);
            if let Some(first) = earlier.find(|it| it.name == case.name) {
                let error = ScenarioError::new(format!("there are two cases `{}`", case.name))
                    .word(&case.name)
                    .help(format!("the first is in line {}", first.line));
                self.report(case.line, error);
            }
            if !is_used(case, &scenario.steps) && !self.is_base(index, case) {
                let help = "name it in a guard, as in `[case]`, or use one of its variables";
                let error = ScenarioError::new(format!("the case `{}` is never used", case.name))
                    .word(&case.name)
                    .help(help);
                self.report(case.line, error);
            }
        }
    }

    /// Whether a case that nothing names is the plain one among others: it has no variables, and no other is like it.
    fn is_base(&self, index: usize, case: &Case) -> bool {
        let scenario = self.scenario;
        let is_like = |other: &Case| {
            let mut versions = scenario.versions.iter();
            other.variables.is_empty()
                && !is_used(other, &scenario.steps)
                && versions.any(|it| other.applies(*it) && case.applies(*it))
        };
        let mut earlier = scenario.cases.iter().take(index);
        case.variables.is_empty() && scenario.cases.len() > 1 && !earlier.any(is_like)
    }

    fn judgements(&mut self) {
        let scenario = self.scenario;
        if scenario.steps.is_empty() {
            let error = ScenarioError::new("the scenario has no steps");
            return self.report(scenario.line, error.word(&scenario.name));
        }
        let plans = tests(scenario);
        let blind: Vec<&str> = plans
            .iter()
            .filter(|plan| plan.statements.is_empty())
            .map(|plan| plan.id.as_str())
            .collect();
        let help = "cite with `@` the statements that the broker breaks if a line does not hold";
        let message = match blind.as_slice() {
            [] if plans.is_empty() => "the scenario has no test: no case is of its versions".into(),
            [] => return,
            all if all.len() == plans.len() => "the scenario judges nothing".to_owned(),
            [one] => format!("the test `{one}` judges nothing"),
            [first, others @ ..] => {
                format!("the test `{first}` and {} more judge nothing", others.len())
            }
        };
        let error = ScenarioError::new(message).word(&scenario.name).help(help);
        self.report(scenario.line, error);
    }

    /// Checks guards and citations; `tests` are those in which the block around the steps takes part.
    fn steps(&mut self, steps: &[Step], tests: &[Test<'_>]) {
        for step in steps {
            let admitted: Vec<Test<'_>> = tests
                .iter()
                .copied()
                .filter(|test| test.admits(&step.guard))
                .collect();
            let is_known = self.guard(step);
            if is_known && admitted.is_empty() && !tests.is_empty() {
                let error = ScenarioError::new("the line never runs: no test is as its guard asks")
                    .help(format!("the scenario runs in {}", self.versions()));
                self.report(step.line, error);
            }
            if !admitted.is_empty() {
                self.citations(step, &admitted);
            }
            let requires_restart = self.scenario.requires.iter().any(|it| it == "restart");
            if matches!(step.action, Action::RestartBroker { .. }) && !requires_restart {
                let error = ScenarioError::new("a restart needs a broker that can be restarted")
                    .help("write `requires restart` above the steps");
                self.report(step.line, error);
            }
            self.websocket(step);
            self.steps(step.action.steps(), &admitted);
        }
    }

    fn websocket(&mut self, step: &Step) {
        let has_frames = matches!(&step.action, Action::Send { cut, .. } if cut.needs_websocket());
        let has_subprotocols = matches!(
            &step.action,
            Action::Open { offered, subprotocol, .. } if !offered.is_empty() || subprotocol.is_some()
        );
        let needs_websocket = has_frames || has_subprotocols;
        if needs_websocket && !self.scenario.requires.iter().any(|it| it == "ws") {
            let error = ScenarioError::new("only WebSocket has frames and subprotocols")
                .help("write `requires ws` above the steps");
            self.report(step.line, error);
        }
    }

    fn guard(&mut self, step: &Step) -> bool {
        let cases = &self.scenario.cases;
        for name in &step.guard.cases {
            if !cases.iter().any(|case| case.name == *name) {
                let near = nearest(name, cases.iter().map(|case| case.name.as_str()));
                let error = ScenarioError::new(format!("the scenario has no case `{name}`"))
                    .word(name)
                    .did_you_mean(near);
                self.report(step.line, error);
                return false;
            }
        }
        true
    }

    fn citations(&mut self, step: &Step, tests: &[Test<'_>]) {
        for statement in &step.statements {
            let key = statement.to_string();
            if !(self.in_catalogue)(*statement) {
                let error = ScenarioError::new(format!("there is no statement {key}")).word(key);
                let error = match self.neighbours(*statement) {
                    Some(help) => error.help(help),
                    None => error,
                };
                self.report(step.line, error);
            } else if !tests.iter().any(|it| it.version == statement.version()) {
                let version = statement.version();
                let error = ScenarioError::new(format!(
                    "{key} is a statement of {version}, in which the line never runs"
                ));
                self.report(step.line, error.word(key));
            }
        }
    }

    /// Which statements there are beside one that there is not.
    fn neighbours(&self, statement: StatementId) -> Option<String> {
        let key = statement.to_string();
        let (section, _) = key.rsplit_once('-')?;
        let exists = |key: &str| key.parse().is_ok_and(|id| (self.in_catalogue)(id));
        let found: Vec<String> = (0..=u8::MAX)
            .map(|number| format!("{section}-{number}"))
            .filter(|key| exists(key))
            .collect();
        match found.as_slice() {
            [] => {
                let other = match key.split_at_checked(2)? {
                    ("v3", rest) => format!("v5{rest}"),
                    ("v5", rest) => format!("v3{rest}"),
                    _ => return None,
                };
                exists(&other).then(|| format!("did you mean `{other}`?"))
            }
            [only] => Some(format!("did you mean `{only}`?")),
            [first, .., last] => Some(format!("there are {first} to {last}")),
        }
    }

    fn versions(&self) -> String {
        let versions = &self.scenario.versions;
        let names: Vec<&str> = versions.iter().map(|version| version.name()).collect();
        names.join(" and ")
    }
}

/// Whether a guard names the case, or a line uses one of its variables.
fn is_used(case: &Case, steps: &[Step]) -> bool {
    let is_variable = |name: &str| case.variables.iter().any(|(variable, _)| variable == name);
    steps.iter().any(|step| {
        step.guard.cases.contains(&case.name)
            || is_used(case, step.action.steps())
            || uses(&step.action).into_iter().any(|used| match used {
                Use::Variable(name, _) => is_variable(name),
                Use::Template(bytes) => {
                    template::placeholders(bytes).any(|(name, _)| is_variable(name))
                }
                Use::Capture(_) | Use::Field(_) => false,
            })
    })
}

/// The kind of a literal, for messages.
fn describe(literal: &Literal) -> &'static str {
    use mqtt_assay_codec::notation::Value;
    match literal {
        Literal::Duration(_) => "a duration",
        Literal::Value(Value::Flag(_)) => "yes or no",
        Literal::Value(Value::Number(_)) => "a number",
        Literal::Value(Value::Bytes(_)) | Literal::Long(_) => "a string",
        Literal::Value(Value::Pair(..)) => "a pair of strings",
    }
}
