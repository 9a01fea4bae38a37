//! The tests of a scenario: one for each version and case.

use std::collections::BTreeSet;

use mqtt_assay_codec::notation::Repeated;
use mqtt_assay_codec::{ProtocolVersion, StatementId};

use super::{Action, Case, Content, FieldValue, Guard, Literal, Operand, Scenario, Step};

/// One test: a scenario in a version and a case.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct TestPlan {
    /// Its name, `scenario@version` or `scenario@version+case`.
    pub id: String,
    /// The version under test.
    pub version: ProtocolVersion,
    /// The versions that its clients speak, the one under test among them.
    pub spoken: BTreeSet<ProtocolVersion>,
    /// The name of the case.
    pub case: Option<String>,
    /// The statements that it judges, sorted, each once.
    pub statements: Vec<StatementId>,
    /// The longest payload that it sends, in bytes, if that is longer than a string of the protocol; else 0.
    pub payload_len: usize,
}

/// Every test of a scenario, by version, then by case.
#[must_use]
pub fn tests(scenario: &Scenario) -> Vec<TestPlan> {
    let mut plans = Vec::new();
    for &version in &scenario.versions {
        if scenario.cases.is_empty() {
            plans.push(plan(scenario, version, None));
        }
        for case in &scenario.cases {
            if case.applies(version) {
                plans.push(plan(scenario, version, Some(case.name.as_str())));
            }
        }
    }
    plans
}

fn plan(scenario: &Scenario, version: ProtocolVersion, case: Option<&str>) -> TestPlan {
    let name = &scenario.name;
    let mut plan = TestPlan {
        id: match case {
            Some(case) => format!("{name}@{version}+{case}"),
            None => format!("{name}@{version}"),
        },
        version,
        spoken: BTreeSet::from([version]),
        case: case.map(str::to_owned),
        statements: Vec::new(),
        payload_len: 0,
    };
    let is_it = |it: &&Case| Some(it.name.as_str()) == case;
    for (_, literal) in scenario
        .cases
        .iter()
        .filter(is_it)
        .flat_map(|it| &it.variables)
    {
        plan.payload_len = plan.payload_len.max(literal.payload_len());
    }
    collect(&scenario.steps, case, &mut plan);
    plan.statements.sort_unstable();
    plan.statements.dedup();
    plan
}

fn collect(steps: &[Step], case: Option<&str>, plan: &mut TestPlan) {
    let version = plan.version;
    for step in steps.iter().filter(|step| step.applies(version, case)) {
        plan.statements.extend(step.judged(version));
        if let Action::Speak { version, .. } = step.action {
            plan.spoken.insert(version);
        }
        for field in sent(&step.action) {
            if let Operand::Literal(literal) = &field.value {
                plan.payload_len = plan.payload_len.max(literal.payload_len());
            }
        }
        collect(step.action.steps(), case, plan);
    }
}

/// The fields that a line sends, where a payload may be among them.
fn sent(action: &Action) -> Vec<&FieldValue> {
    let mut sent = Vec::new();
    if let Action::Publish { fields, .. } = action {
        sent.extend(fields);
    } else if let Action::Send { packets, .. } = action {
        for packet in packets {
            if let Content::Packet(_, fields) = &packet.content {
                sent.extend(fields);
            }
        }
    }
    sent
}

impl Literal {
    fn payload_len(&self) -> usize {
        match self {
            Self::Long(parts) => parts.iter().map(Repeated::len).sum(),
            Self::Value(_) | Self::Duration(_) => 0,
        }
    }
}

impl Case {
    /// Whether the case exists in this version.
    #[must_use]
    pub fn applies(&self, version: ProtocolVersion) -> bool {
        self.versions.is_empty() || self.versions.contains(&version)
    }
}

impl Guard {
    /// Whether a guarded line takes part in this version and case.
    #[must_use]
    pub fn admits(&self, version: ProtocolVersion, case: Option<&str>) -> bool {
        let is_version = self.versions.is_empty() || self.versions.contains(&version);
        let is_case = self.cases.is_empty()
            || case.is_some_and(|case| self.cases.iter().any(|name| name == case));
        is_version && is_case
    }
}

impl Step {
    /// Whether the line takes part in this version and case; a block around it has its own guard.
    #[must_use]
    pub fn applies(&self, version: ProtocolVersion, case: Option<&str>) -> bool {
        self.guard.admits(version, case)
    }

    /// The statements that the line judges in this version; none make it a premise.
    pub fn judged(&self, version: ProtocolVersion) -> impl Iterator<Item = StatementId> {
        self.statements
            .iter()
            .copied()
            .filter(move |statement| statement.version() == version)
    }
}

impl Action {
    /// The lines inside `unordered`, `repeat` and `eventually`; none for all other actions.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        match self {
            Self::Unordered { steps }
            | Self::Repeat { steps, .. }
            | Self::Eventually { steps, .. } => steps,
            Self::Speak { .. }
            | Self::Open { .. }
            | Self::Send { .. }
            | Self::Expect { .. }
            | Self::Connect { .. }
            | Self::Subscribe { .. }
            | Self::Unsubscribe { .. }
            | Self::Publish { .. }
            | Self::Receive { .. }
            | Self::Ping { .. }
            | Self::Disconnect { .. }
            | Self::HalfClose { .. }
            | Self::Drop { .. }
            | Self::Wait { .. }
            | Self::RestartBroker { .. } => &[],
        }
    }

    /// The client that acts, if one does.
    #[must_use]
    pub fn client(&self) -> Option<&str> {
        match self {
            Self::Speak { client, .. }
            | Self::Open { client, .. }
            | Self::Send { client, .. }
            | Self::Expect { client, .. }
            | Self::Connect { client, .. }
            | Self::Subscribe { client, .. }
            | Self::Unsubscribe { client, .. }
            | Self::Publish { client, .. }
            | Self::Receive { client, .. }
            | Self::Ping { client }
            | Self::Disconnect { client, .. }
            | Self::HalfClose { client }
            | Self::Drop { client } => Some(client),
            Self::Unordered { .. }
            | Self::Repeat { .. }
            | Self::Eventually { .. }
            | Self::Wait { .. }
            | Self::RestartBroker { .. } => None,
        }
    }
}
