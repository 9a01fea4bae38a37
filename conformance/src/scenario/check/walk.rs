//! One test, walked through line by line without a broker.

use std::collections::{BTreeMap, BTreeSet};

use mqtt_assay_codec::ProtocolVersion;
use mqtt_assay_codec::notation::{FieldKind, FieldSpec, Value, nearest};

use super::super::error::ScenarioError;
use super::super::{Action, Literal, OPERATOR_VARIABLES, Scenario, Step, template};
use super::uses::{Use, Wanted, uses};
use super::{Test, describe};

/// The mistakes of one test, each with its line.
pub(super) fn walk(scenario: &Scenario, test: Test<'_>) -> Vec<(u32, ScenarioError)> {
    let mut walker = Walker {
        test,
        scenario,
        opened: BTreeSet::new(),
        spoken: BTreeMap::new(),
        names: BTreeMap::from([("ns", None)]),
        errors: Vec::new(),
    };
    for (name, capability) in OPERATOR_VARIABLES {
        if scenario
            .requires
            .iter()
            .any(|required| required == capability)
        {
            walker.names.insert(name, None);
        }
    }
    if let Some(case) = test.case {
        for (name, literal) in &case.variables {
            walker.names.insert(name, Some(literal));
        }
        for (_, literal) in &case.variables {
            match literal {
                Literal::Value(Value::Bytes(bytes)) => walker.placeholders(bytes, case.line),
                Literal::Long(parts) => {
                    for part in parts {
                        walker.placeholders(&part.part, case.line);
                    }
                }
                Literal::Value(_) | Literal::Duration(_) => {}
            }
        }
    }
    walker.steps(&scenario.steps);
    walker.errors
}

struct Walker<'a> {
    test: Test<'a>,
    scenario: &'a Scenario,
    /// The clients that have had a connection.
    opened: BTreeSet<&'a str>,
    /// The clients that speak a version of their own.
    spoken: BTreeMap<&'a str, ProtocolVersion>,
    /// What `$name` and `{name}` can stand for here, with the value where it is known.
    names: BTreeMap<&'a str, Option<&'a Literal>>,
    errors: Vec<(u32, ScenarioError)>,
}

impl<'a> Walker<'a> {
    fn steps(&mut self, steps: &'a [Step]) {
        for step in steps {
            if self.test.admits(&step.guard) {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &'a Step) {
        self.client(step);
        for used in uses(&step.action) {
            match used {
                Use::Variable(name, wanted) => self.variable(name, wanted, step.line),
                Use::Template(bytes) => self.placeholders(bytes, step.line),
                Use::Capture(name) => {
                    self.names.insert(name, None);
                }
                Use::Field(spec) => self.field(spec, step),
            }
        }
        if let Action::Repeat { .. } = step.action {
            let outer = self.names.insert("i", None);
            self.steps(step.action.steps());
            if outer.is_none() {
                self.names.remove("i");
            }
        } else {
            self.steps(step.action.steps());
        }
    }

    fn client(&mut self, step: &'a Step) {
        let Some(client) = step.action.client() else {
            return;
        };
        if let Action::Speak { version, .. } = step.action {
            self.spoken.insert(client, version);
            return;
        }
        let opens = matches!(
            step.action,
            Action::Open { .. } | Action::Send { .. } | Action::Connect { .. }
        );
        if opens {
            self.opened.insert(client);
        } else if !self.opened.contains(client) {
            let near = nearest(client, self.opened.iter().copied());
            let error = ScenarioError::new(format!(
                "the client `{client}` has not been connected{}",
                self.in_test()
            ))
            .word(client);
            let error = match near {
                Some(_) => error.did_you_mean(near),
                None => error.help(format!("write `{client} connects` before this line")),
            };
            self.errors.push((step.line, error));
            // Once is enough.
            self.opened.insert(client);
        }
    }

    fn variable(&mut self, name: &'a str, wanted: Wanted, line: u32) {
        match self.names.get(name) {
            None => {
                let error = self.unbound(name).word(format!("${name}"));
                self.errors.push((line, error));
            }
            Some(Some(literal)) if !fits(literal, wanted) => {
                let error = ScenarioError::new(format!(
                    "`${name}` is {}{}; here stands {}",
                    describe(literal),
                    self.in_case(),
                    wanted.describe()
                ));
                self.errors.push((line, error.word(format!("${name}"))));
            }
            Some(_) => {}
        }
    }

    fn placeholders(&mut self, bytes: &[u8], line: u32) {
        for (name, _) in template::placeholders(bytes) {
            if !self.names.contains_key(name) {
                let error = self.unbound(name).word(format!("{{{name}}}"));
                self.errors.push((line, error));
            }
        }
    }

    fn unbound(&self, name: &str) -> ScenarioError {
        let all_cases = &self.scenario.cases;
        let is_elsewhere = |(variable, _): &(String, _)| variable == name;
        if all_cases
            .iter()
            .any(|it| it.variables.iter().any(is_elsewhere))
        {
            return ScenarioError::new(format!("`{name}` has no value{}", self.in_case()))
                .help("give it one there, or guard the line with the cases that have one");
        }
        let error = ScenarioError::new(format!("nothing gives `{name}` a value before this line"));
        match nearest(name, self.names.keys().copied()) {
            Some(near) => error.did_you_mean(Some(near)),
            None if name == "i" => error.help("`i` counts the turns of `repeat`, inside it only"),
            None => error.help(format!(
                "a case gives it one by `{name}=...`, a captured field by `?{name}`"
            )),
        }
    }

    fn field(&mut self, spec: &'static FieldSpec, step: &Step) {
        let spoken = step.action.client().and_then(|it| self.spoken.get(it));
        let version = spoken.copied().unwrap_or(self.test.version);
        if spec.is_v5_only && version == ProtocolVersion::V3_1_1 {
            let name = spec.name;
            let error = ScenarioError::new(format!(
                "`{name}` does not exist in 3.1.1, in which the line runs"
            ));
            let help = "guard the line with `[5.0]`, or write `versions 5.0` above the steps";
            self.errors.push((step.line, error.word(name).help(help)));
        }
    }

    fn in_case(&self) -> String {
        let case = self.test.case;
        case.map_or_else(String::new, |case| format!(" in the case `{}`", case.name))
    }

    /// Names the version, if the scenario has several.
    fn in_test(&self) -> String {
        if self.scenario.versions.len() > 1 && self.scenario.steps.iter().any(is_guarded) {
            format!(" in {}", self.test.version)
        } else {
            String::new()
        }
    }
}

fn is_guarded(step: &Step) -> bool {
    !step.guard.versions.is_empty()
}

impl Wanted {
    fn describe(self) -> &'static str {
        match self {
            Self::Duration => "a duration",
            Self::NumberOrBytes => "a number or a string",
            Self::Kind(FieldKind::Flag) => "yes or no",
            Self::Kind(FieldKind::Bytes) => "a string",
            Self::Kind(FieldKind::Pair) => "a pair of strings",
            Self::Kind(FieldKind::Number { bits: 4 }) => "a number of 4 bits",
            Self::Kind(FieldKind::Number { bits: 8 }) => "a number of 8 bits",
            Self::Kind(FieldKind::Number { bits: 16 }) => "a number of 16 bits",
            Self::Kind(FieldKind::Number { .. }) => "a number",
        }
    }
}

fn fits(literal: &Literal, wanted: Wanted) -> bool {
    match (literal, wanted) {
        (Literal::Duration(_), wanted) => matches!(wanted, Wanted::Duration),
        (Literal::Long(_), wanted) => {
            matches!(
                wanted,
                Wanted::Kind(FieldKind::Bytes) | Wanted::NumberOrBytes
            )
        }
        (Literal::Value(_), Wanted::Duration) => false,
        (Literal::Value(value), Wanted::NumberOrBytes) => {
            matches!(value, Value::Number(_) | Value::Bytes(_))
        }
        (Literal::Value(value), Wanted::Kind(kind)) => match (value, kind) {
            (Value::Number(number), FieldKind::Number { bits }) => {
                u64::from(*number) < 1 << bits.min(32)
            }
            (Value::Flag(_), FieldKind::Flag)
            | (Value::Bytes(_), FieldKind::Bytes)
            | (Value::Pair(..), FieldKind::Pair) => true,
            _ => false,
        },
    }
}
