//! What a person sees while tests run: a bar on a terminal, else a line for each test that needs attention.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use super::text::{escape, verdict_word};
use crate::profile;
use crate::verdict::TestResult;

/// Shows on standard error how far a run has come.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    named: AtomicUsize,
}

impl Progress {
    /// For a run of so many tests.
    #[must_use]
    pub fn new(tests: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(u64::try_from(tests).unwrap_or(u64::MAX));
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar
        });
        Self {
            bar,
            named: AtomicUsize::new(0),
        }
    }

    /// Takes note of a finished test, and whether a profile expects its verdict.
    pub fn finished(&self, result: &TestResult, is_known: bool) {
        if let Some(bar) = &self.bar {
            bar.set_message(escape(&result.id).into_owned());
            bar.inc(1);
        }
        if is_known || profile::is_expected(result) {
            return;
        }
        let line = match self.named.fetch_add(1, Ordering::Relaxed) {
            ..NAMED_MAX => format!("{:<12} {}", verdict_word(result), escape(&result.id)),
            NAMED_MAX => "and others, which the report names".to_owned(),
            _ => return,
        };
        match &self.bar {
            Some(bar) => bar.println(line),
            None => anstream::eprintln!("{line}"),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// How many tests are named while others run.
const NAMED_MAX: usize = 50;
