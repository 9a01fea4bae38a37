//! How tests are run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mqtt_assay_codec::StatementId;
use mqtt_assay_codec::notation::{Draft, Field, Value};

use crate::catalogue::{Catalogue, Level, Statement};

/// How tests are run, whatever they test.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "plain data")]
pub struct Settings {
    /// How many tests exchange packets at once; twice as many more may wait for timers meanwhile.
    pub jobs: usize,
    /// How long an expectation waits where its line does not say.
    pub timeout: Duration,
    /// How long nothing must come where a line says `nothing`.
    pub quiet: Duration,
    /// What all waiting is multiplied with, for slow brokers and machines; above 0.
    pub time_scale: f64,
    /// How long to wait before another client acts, for brokers of several nodes that learn of each other's clients with
    /// a delay.
    pub settle: Duration,
    /// Statements whose breach is a warning, whatever led to it: SHOULD and MAY.
    pub soft: BTreeSet<StatementId>,
    /// Statements whose breach is a warning where the client's packets were malformed: `strict` ones without `--strict`.
    /// That a receiver overlooks something is arguable. What a broker sends by itself is not.
    pub lax: BTreeSet<StatementId>,
    /// Makes the namespaces of tests, so that a run can be told from another on the same broker.
    pub seed: u64,
    /// Whether to stop at the first failure.
    pub fail_fast: bool,
    /// The user name and password of every CONNECT that has none of its own.
    pub credentials: Option<(String, String)>,
    /// How the operator set the broker up: values of `scenario::OPERATOR_VARIABLES`.
    pub variables: BTreeMap<String, String>,
    /// The longest payload to send, in bytes; a test with a longer one is skipped.
    pub payload_max: usize,
    /// Patterns over tests that are known to take the broker down, and so are not run.
    pub crashing: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            jobs: 96,
            timeout: Duration::from_secs(3),
            quiet: Duration::from_millis(200),
            time_scale: 1.0,
            settle: Duration::ZERO,
            soft: BTreeSet::new(),
            lax: BTreeSet::new(),
            seed: 0,
            fail_fast: false,
            credentials: None,
            variables: BTreeMap::new(),
            payload_max: PAYLOAD_MAX,
            crashing: Vec::new(),
        }
    }
}

impl Settings {
    /// The default, with what the catalogue says of levels and strictness.
    #[must_use]
    pub fn by_catalogue(is_strict: bool) -> Self {
        let statements = || Catalogue::embedded().iter();
        let is_soft = |it: &&Statement| matches!(it.level, Level::Should | Level::May);
        let is_lax = |it: &&Statement| it.strict && !is_strict;
        Self {
            soft: statements().filter(is_soft).map(|it| it.id).collect(),
            lax: statements().filter(is_lax).map(|it| it.id).collect(),
            ..Self::default()
        }
    }

    /// How long an expectation waits.
    pub(crate) fn patience(&self) -> Duration {
        self.scaled(self.timeout)
    }

    /// How long nothing must come.
    pub(crate) fn quiet_time(&self) -> Duration {
        self.scaled(self.quiet)
    }

    /// How long the broker has for closing a connection that it should close, where nothing is judged.
    pub(crate) fn grace(&self) -> Duration {
        self.scaled(GRACE)
    }

    pub(crate) fn scaled(&self, duration: Duration) -> Duration {
        duration.mul_f64(self.time_scale)
    }

    /// Gives a CONNECT the credentials, if it has none.
    pub(crate) fn sign(&self, connect: &mut Draft) {
        let Some((user, password)) = &self.credentials else {
            return;
        };
        let has_own = connect
            .fields
            .iter()
            .any(|field| matches!(field.name, "user-name" | "password" | "connect-flags"));
        if !has_own {
            let bytes = |text: &String| Value::Bytes(text.clone().into());
            connect.fields.push(Field {
                name: "user-name",
                value: bytes(user),
            });
            connect.fields.push(Field {
                name: "password",
                value: bytes(password),
            });
        }
    }

    /// The namespace of a test: twelve letters and digits.
    pub(crate) fn namespace(&self, test: usize) -> String {
        format!("t{}{}", base36(self.seed, 7), base36(test as u64, 4))
    }
}

fn base36(mut number: u64, digits: usize) -> String {
    let mut text = Vec::new();
    for _ in 0..digits {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        text.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
    }
    text.iter().rev().collect()
}

/// Twice what a remaining length of three bytes can say.
const PAYLOAD_MAX: usize = 4 << 20;
/// How long a broker gets for noticing a closed connection: far more than any needs.
const GRACE: Duration = Duration::from_secs(1);
