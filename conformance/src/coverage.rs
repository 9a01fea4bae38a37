//! Coverage: which statements are judged, computed from the lines of the scenarios.

use std::collections::{BTreeMap, BTreeSet};

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::Serialize;

use crate::broker::Fault;
use crate::catalogue::{Catalogue, Observable, Statement};
use crate::scenario::{self, Scenario};

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
                entry.gap = Some(gap(statement));
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
            let untestable = |name: &&str| statement.requires.iter().any(|r| r == name);
            match ["ws", "client_sut"].iter().find(|name| untestable(name)) {
                Some(&"ws") => "needs a WebSocket listener".to_owned(),
                Some(_) => "binds clients only".to_owned(),
                None => "no scenario yet".to_owned(),
            }
        }
    }
}
