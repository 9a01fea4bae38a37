//! Coverage: which statements are judged, computed from the lines of the scenarios.

use std::collections::{BTreeMap, BTreeSet};

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::Serialize;

use crate::broker::Fault;
use crate::catalogue::{Catalogue, Observable, Statement};
use crate::scenario::{self, Scenario, Step, TestPlan};

/// What judges each statement of the catalogue.
#[derive(Clone, Debug)]
pub struct Coverage {
    entries: BTreeMap<StatementId, Entry>,
}

/// What judges one statement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The scenarios with a line that judges it.
    pub scenarios: BTreeSet<String>,
    /// The scenarios that perform what it demands as a premise only: a line runs in its version, judges nothing there,
    /// and cites its counterpart for the other version.
    pub premises: BTreeSet<String>,
    /// The deliberate faults that break it.
    pub faults: BTreeSet<String>,
    /// Why no scenario judges it.
    pub gap: Option<String>,
}

/// How many statements of a version and class there are, and how many are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// All.
    pub statements: usize,
    /// Those that some scenario judges.
    pub judged: usize,
    /// Those of them that a deliberate fault breaks.
    pub proven: usize,
}

impl Coverage {
    /// The coverage by scenarios, and by the faults of the reference broker.
    #[must_use]
    pub fn of<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) -> Self {
        let mut entries: BTreeMap<StatementId, Entry> = Catalogue::embedded()
            .iter()
            .map(|statement| (statement.id, Entry::default()))
            .collect();
        for scenario in scenarios {
            for id in premises(scenario) {
                let premises = &mut entries.entry(id).or_default().premises;
                premises.insert(scenario.name.clone());
            }
            for plan in scenario::tests(scenario) {
                for id in plan.statements {
                    let scenarios = &mut entries.entry(id).or_default().scenarios;
                    scenarios.insert(scenario.name.clone());
                }
            }
        }
        for fault in Fault::ALL {
            for &id in fault.statements() {
                let faults = &mut entries.entry(id).or_default().faults;
                faults.insert(fault.name().to_owned());
            }
        }
        for statement in Catalogue::embedded().iter() {
            if let Some(entry) = entries.get_mut(&statement.id)
                && entry.scenarios.is_empty()
            {
                entry.gap = Some(match entry.premises.first() {
                    Some(name) => format!("premises only, as in {name}"),
                    None => gap(statement),
                });
            }
        }
        Self { entries }
    }

    /// What judges a statement.
    #[must_use]
    pub fn get(&self, id: StatementId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The counts of a version's class.
    #[must_use]
    pub fn totals(&self, version: ProtocolVersion, class: Observable) -> Totals {
        let mut totals = Totals::default();
        for statement in Catalogue::embedded().of_version(version) {
            if statement.observable != class {
                continue;
            }
            totals.statements += 1;
            if let Some(entry) = self.get(statement.id)
                && !entry.scenarios.is_empty()
            {
                totals.judged += 1;
                totals.proven += usize::from(!entry.faults.is_empty());
            }
        }
        totals
    }
}

/// The statements that lines of a scenario rely on without judging them.
fn premises(scenario: &Scenario) -> BTreeSet<StatementId> {
    let mut found = BTreeSet::new();
    for plan in scenario::tests(scenario) {
        collect_premises(&scenario.steps, &plan, &mut found);
    }
    found
}

fn collect_premises(steps: &[Step], plan: &TestPlan, found: &mut BTreeSet<StatementId>) {
    let catalogue = Catalogue::embedded();
    for step in steps {
        if !step.applies(plan.version, plan.case.as_deref()) {
            continue;
        }
        collect_premises(step.action.steps(), plan, found);
        if step.judged(plan.version).next().is_none() {
            let cited = step.statements.iter().filter_map(|id| catalogue.get(*id));
            found.extend(cited.flat_map(|statement| statement.counterparts.iter().copied()));
        }
    }
}

/// Why no line judges a statement, as far as the catalogue knows.
fn gap(statement: &Statement) -> String {
    match statement.observable {
        Observable::Client => "binds clients only".to_owned(),
        Observable::No => statement.check.clone(),
        Observable::Codec => {
            "checked by the strict decoder in every packet of every test".to_owned()
        }
        Observable::Lifecycle => {
            format!(
                "needs a broker that is configured for it: {}",
                statement.requires.join(", ")
            )
        }
        Observable::Wire | Observable::Input => {
            if statement.requires.iter().any(|name| name == "client_sut") {
                "binds clients only".to_owned()
            } else {
                "no scenario yet".to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(cited: &str) -> Coverage {
        let text = format!("scenario a/b\n\"A ping.\"\nc connects\nc pings @ {cited}\n");
        Coverage::of(&scenario::parse("a/b.mqtt", &text).unwrap())
    }

    fn gap_of(coverage: &Coverage, id: StatementId) -> Option<&str> {
        coverage.get(id).unwrap().gap.as_deref()
    }

    #[test]
    fn a_line_that_judges_in_one_version_is_a_premise_in_the_other() {
        let v5 = StatementId::v5(3, 12, 4, 1);
        let one = coverage("v3-3.12.4-1");
        assert_eq!(gap_of(&one, v5), Some("premises only, as in a/b"));
        assert_eq!(gap_of(&coverage("v3-3.12.4-1 v5-3.12.4-1"), v5), None);
        assert_eq!(
            gap_of(&one, StatementId::v5(3, 1, 2, 20)),
            Some("binds clients only")
        );
    }
}
