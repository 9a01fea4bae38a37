//! Profiles: what is known of a broker, so that a run fails only when something changes.
//!
//! `fixtures/README.md` describes the files.

use std::collections::BTreeMap;
use std::fmt;

use mqtt_assay_codec::{ProtocolVersion, StatementId};
use serde::{Deserialize, Deserializer};

use crate::catalogue::Catalogue;
use crate::glob;
use crate::scenario::CAPABILITIES;
use crate::verdict::{TestResult, Verdict};

/// What is known of a broker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Profile {
    /// The broker and its version.
    pub name: String,
    /// The versions that it speaks, if not all.
    #[serde(default, deserialize_with = "versions")]
    pub versions: Vec<ProtocolVersion>,
    /// The user name that it asks for.
    pub user: Option<String>,
    /// The password that it asks for.
    pub password: Option<String>,
    /// Capabilities that it has or lacks, whatever a probe finds.
    #[serde(default)]
    pub capabilities: BTreeMap<String, bool>,
    /// How it was set up, for scenarios on credentials, access lists and authentication methods.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// Its known deviations.
    #[serde(default)]
    pub known: Vec<Known>,
}

/// A deviation that is expected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Known {
    /// A pattern over test ids.
    pub test: String,
    /// The statement that is broken. Without it the entry covers tests that break none: inconclusive ones and crashes.
    #[serde(default, deserialize_with = "statement_id")]
    pub statement: Option<StatementId>,
    /// Why the broker deviates, or what it does instead.
    pub reason: String,
    /// Where this is discussed.
    pub link: Option<String>,
    /// The section that the broker's authors rely on.
    pub section: Option<String>,
    /// The bytes that show it.
    pub bytes: Option<String>,
    /// Whether the test takes the broker down for all others: then it is not run with this profile.
    #[serde(default)]
    pub crash: bool,
    /// Whether it shows in some runs only, as a race in the broker does: then it is no news if it does not.
    #[serde(default)]
    pub sometimes: bool,
}

impl Profile {
    /// Reads a profile file.
    ///
    /// # Errors
    ///
    /// When the text is no profile, or names a statement or capability that does not exist.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self =
            toml::from_str(text).map_err(|error| ProfileError(error.to_string()))?;
        for name in profile.capabilities.keys() {
            if !is_capability(name) {
                return Err(ProfileError(format!(
                    "unknown capability '{name}'; allowed are {}",
                    capability_names().join(", ")
                )));
            }
        }
        for statement in profile.known.iter().filter_map(|known| known.statement) {
            if Catalogue::embedded().get(statement).is_none() {
                return Err(ProfileError(format!("there is no statement {statement}")));
            }
        }
        Ok(profile)
    }

    /// Whether the broker speaks a version.
    #[must_use]
    pub fn speaks(&self, version: ProtocolVersion) -> bool {
        self.versions.is_empty() || self.versions.contains(&version)
    }

    /// Patterns over the tests that take the broker down.
    #[must_use]
    pub fn crashing(&self) -> Vec<String> {
        let crashing = self.known.iter().filter(|known| known.crash);
        crashing.map(|known| known.test.clone()).collect()
    }

    /// Whether a result is a known deviation.
    #[must_use]
    pub fn expects(&self, result: &TestResult) -> bool {
        let covers = |known: &Known| glob::matches(&known.test, &result.id) && known.covers(result);
        self.known.iter().any(covers)
    }

    /// Marks the results that were expected, and says which entries do not fit what was seen.
    ///
    /// An entry is judged by the tests that ran; `all_tests` are the ids of all tests, selected or not. Where only some of
    /// its tests were selected, nobody knows whether the others would have shown it.
    pub fn apply(&self, results: &mut [TestResult], all_tests: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        let mut unseen = Vec::new();
        for known in &self.known {
            let is_of_entry = |id: &&String| glob::matches(&known.test, id);
            let mut tests_left = all_tests.iter().filter(is_of_entry).count();
            if tests_left == 0 {
                problems.push(format!("{known} matches no test"));
                continue;
            }
            let mut was_seen = false;
            for result in results
                .iter_mut()
                .filter(|result| glob::matches(&known.test, &result.id))
            {
                tests_left = tests_left.saturating_sub(1);
                if known.covers(result) {
                    was_seen = true;
                    result.known = Some(known.reason.clone());
                }
            }
            if !was_seen && tests_left == 0 && !known.sometimes {
                unseen.push(known);
            }
        }
        // A test that failed in another way that is known did not come to the point.
        let denies = |known: &Known, result: &TestResult| {
            glob::matches(&known.test, &result.id) && is_judged(result) && result.known.is_none()
        };
        for known in unseen {
            if results.iter().any(|result| denies(known, result)) {
                problems.push(format!(
                    "{known} was not seen: the broker no longer deviates"
                ));
            }
        }
        problems
    }
}

impl Known {
    /// Whether a result is the deviation that the entry expects.
    fn covers(&self, result: &TestResult) -> bool {
        match self.statement {
            Some(statement) => {
                matches!(result.verdict, Verdict::Fail | Verdict::Warn)
                    && result.violated.contains(&statement)
            }
            None => {
                matches!(result.verdict, Verdict::Fail | Verdict::Inconclusive)
                    && result.violated.is_empty()
            }
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the known deviation '{}'", self.test)?;
        match self.statement {
            Some(statement) => write!(f, " ({statement})"),
            None => Ok(()),
        }
    }
}

/// Whether a result needs no attention: right, allowed, not applicable, or known.
#[must_use]
pub fn is_expected(result: &TestResult) -> bool {
    match result.verdict {
        Verdict::Pass | Verdict::Info | Verdict::Warn | Verdict::Skip => true,
        Verdict::Fail | Verdict::Inconclusive => result.known.is_some(),
        Verdict::Error => false,
    }
}

/// A text is no profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileError(String);

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.trim_end())
    }
}

impl std::error::Error for ProfileError {}

/// Whether a test came to a judgement, so that a deviation would have been seen.
fn is_judged(result: &TestResult) -> bool {
    match result.verdict {
        Verdict::Pass | Verdict::Info | Verdict::Warn | Verdict::Fail => true,
        Verdict::Inconclusive | Verdict::Skip | Verdict::Error => false,
    }
}

fn is_capability(name: &str) -> bool {
    capability_names().contains(&name)
}

/// What scenarios may require.
fn capability_names() -> Vec<&'static str> {
    let mut names = CAPABILITIES.to_vec();
    names.sort_unstable();
    names
}

fn versions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ProtocolVersion>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let version = |name: &String| {
        name.parse()
            .map_err(|_| serde::de::Error::custom(format!("'{name}' is no version of MQTT")))
    };
    names.iter().map(version).collect()
}

fn statement_id<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<StatementId>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.parse() {
        Ok(id) => Ok(Some(id)),
        Err(error) => Err(serde::de::Error::custom(format!("'{text}' is {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::TestResult;

    const PROFILE: &str = r#"
        name = "example 1.0"
        [capabilities]
        qos2 = false
        [[known]]
        test = "subscribe/*@5.0"
        statement = "v5-3.8.1-1"
        reason = "flags are not read"
        [[known]]
        test = "ping/*"
        reason = "closes early"
    "#;

    fn result(id: &str, verdict: Verdict, violated: &[&str]) -> TestResult {
        TestResult {
            verdict,
            violated: violated.iter().map(|key| key.parse().unwrap()).collect(),
            ..crate::report::example(id)
        }
    }

    #[track_caller]
    fn check(verdict: Verdict, violated: &[&str], known: bool, problems: &[&str]) {
        let profile = Profile::parse(PROFILE).unwrap();
        let mut results = [result("subscribe/flags@5.0", verdict, violated)];
        let all = [
            "subscribe/flags@5.0".to_owned(),
            "ping/answered@5.0".to_owned(),
        ];
        assert_eq!(profile.apply(&mut results, &all), problems);
        assert_eq!(results[0].known.is_some(), known, "{results:?}");
    }

    #[test]
    fn a_deviation_is_known_by_test_and_statement() {
        check(Verdict::Fail, &["v5-3.8.1-1"], true, &[]);
        check(Verdict::Warn, &["v5-3.8.1-1"], true, &[]);
    }

    #[test]
    fn a_known_deviation_that_is_gone_or_another_is_reported() {
        let gone = "the known deviation 'subscribe/*@5.0' (v5-3.8.1-1) was not seen: the broker no longer deviates";
        check(Verdict::Pass, &[], false, &[gone]);
        check(Verdict::Fail, &["v5-1.5.4-1"], false, &[gone]);
    }

    #[test]
    fn an_entry_is_not_judged_by_tests_that_did_not_run() {
        check(Verdict::Skip, &[], false, &[]);
        check(Verdict::Inconclusive, &[], false, &[]);
        let profile = Profile::parse(PROFILE).unwrap();
        let problems = profile.apply(&mut [], &["ping/a@5.0".to_owned()]);
        assert_eq!(
            problems,
            ["the known deviation 'subscribe/*@5.0' (v5-3.8.1-1) matches no test"]
        );
    }

    #[test]
    fn an_entry_is_gone_only_if_all_its_tests_ran() {
        let profile = Profile::parse(PROFILE).unwrap();
        let all = ["ping/a@5.0", "ping/b@5.0", "subscribe/a@5.0"].map(str::to_owned);
        let ran = |ids: &[&str]| {
            let mut results: Vec<_> = ids
                .iter()
                .map(|id| result(id, Verdict::Pass, &[]))
                .collect();
            profile.apply(&mut results, &all).len()
        };
        assert_eq!(ran(&["ping/a@5.0"]), 0);
        assert_eq!(ran(&["ping/a@5.0", "ping/b@5.0"]), 1);
    }

    #[test]
    fn an_entry_is_not_judged_by_what_failed_in_another_known_way() {
        let text = "name = 'x'\n[[known]]\ntest = '*'\nstatement = 'v5-3.12.4-1'\nreason = 'r'\nsometimes = true\n\
                    [[known]]\ntest = 'ping/*'\nstatement = 'v5-1.5.4-1'\nreason = 's'";
        let profile = Profile::parse(text).unwrap();
        let all = ["ping/a@5.0".to_owned()];
        let problems = |violated| {
            let mut results = [result("ping/a@5.0", Verdict::Fail, &[violated])];
            profile.apply(&mut results, &all).len()
        };
        assert_eq!(problems("v5-3.12.4-1"), 0);
        assert_eq!(problems("v5-3.8.1-1"), 1);
    }

    #[test]
    fn an_entry_without_statement_covers_what_breaks_none() {
        let profile = Profile::parse(PROFILE).unwrap();
        let mut results = [
            result("ping/a@5.0", Verdict::Inconclusive, &[]),
            result("ping/b@5.0", Verdict::Fail, &["v5-3.12.4-1"]),
        ];
        let all = ["ping/a@5.0".to_owned(), "subscribe/a@5.0".to_owned()];
        assert_eq!(profile.apply(&mut results, &all), [""; 0]);
        assert!(is_expected(&results[0]) && !is_expected(&results[1]));
    }

    #[test]
    fn tests_that_take_the_broker_down_are_told_apart() {
        let text = "name = 'x'\n[[known]]\ntest = 'utf8/*'\nreason = 'panics'\ncrash = true\n\
                    [[known]]\ntest = 'ping/*'\nreason = 'closes early'";
        assert_eq!(Profile::parse(text).unwrap().crashing(), ["utf8/*"]);
    }

    #[test]
    fn a_deviation_that_shows_sometimes_is_not_missed() {
        let text = "name = 'x'\n[[known]]\ntest = 'ping/*'\nreason = 'a race'\nsometimes = true";
        let profile = Profile::parse(text).unwrap();
        let mut results = [result("ping/a@5.0", Verdict::Pass, &[])];
        assert_eq!(
            profile.apply(&mut results, &["ping/a@5.0".to_owned()]),
            [""; 0]
        );
    }

    #[test]
    fn unknown_names_are_refused() {
        let error = |text: &str| Profile::parse(text).unwrap_err().to_string();
        assert!(
            error("name = 'x'\n[capabilities]\nqos3 = true")
                .starts_with("unknown capability 'qos3'; allowed are acl,")
        );
        assert_eq!(
            error("name = 'x'\n[[known]]\ntest='*'\nstatement='v5-9.9.9-9'\nreason=''"),
            "there is no statement v5-9.9.9-9"
        );
        assert!(error("name = 'x'\nversions = ['4.0']").contains("'4.0' is no version of MQTT"));
        assert!(error("name = 'x'\nknwon = 1").contains("unknown field `knwon`"));
    }
}
