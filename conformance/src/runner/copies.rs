//! A run against several copies of one broker: each has one test at a time, so that no test disturbs another.

use std::sync::Arc;

use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::endpoint::Endpoint;
use super::pace;
use super::process::{self, BrokerProcess};
use super::suite::{self, CannotTest, Run, Selected, Suite};
use super::{shared, test};
use crate::verdict::TestResult;

/// The tests under way: each with the number of the copy that it has.
type Running = JoinSet<(usize, usize, TestResult)>;

impl Suite<'_> {
    /// Starts each copy, and gives each test to one that is free.
    pub(super) async fn run_copies(
        &self,
        tests: &[Selected],
        processes: Vec<BrokerProcess>,
    ) -> Result<Run, CannotTest> {
        let mut copies = Vec::new();
        for process in processes {
            copies.push(self.copy(process).await?);
        }
        let run = self.share_out(tests, &copies).await;
        for (_, process) in copies {
            process.lock().await.stop().await;
        }
        run
    }

    async fn copy(&self, mut process: BrokerProcess) -> Result<Copy, CannotTest> {
        let port = process.port();
        let plain = Endpoint::on_port(port);
        process
            .restart(false)
            .await
            .map_err(CannotTest::unreachable)?;
        let process = Arc::new(Mutex::new(process));
        Ok((
            plain.with_process(Arc::clone(&process), self.start_timeout),
            process,
        ))
    }

    async fn share_out(&self, tests: &[Selected], copies: &[Copy]) -> Result<Run, CannotTest> {
        for (endpoint, process) in copies {
            let mut process = process.lock().await;
            let is_up = || async { self.probe_any(endpoint, tests).await };
            let up = process::wait_until_up(&mut process, self.start_timeout, is_up);
            up.await.map_err(CannotTest::unreachable)?;
        }
        let Some((first, _)) = copies.first() else {
            return Err(CannotTest::unreachable("no broker is started".to_owned()));
        };
        let capabilities = self.probe_all(tests, first).await?;
        let mut results = vec![None; tests.len()];
        let mut free: Vec<usize> = (0..copies.len()).collect();
        let mut running = Running::new();
        for index in pace::longest_first(tests) {
            let Some(test) = tests.get(index) else {
                continue;
            };
            if let Some(result) = self.unable(test, &capabilities) {
                self.keep(&mut results, index, result);
                continue;
            }
            while free.is_empty() && !self.is_stopped() {
                self.free_one(&mut running, &mut free, &mut results).await;
            }
            let Some((copy, (endpoint, _))) = free.pop().and_then(|n| Some((n, copies.get(n)?)))
            else {
                break;
            };
            let (test, endpoint) = (test.clone(), endpoint.clone());
            let settings = Arc::clone(&self.settings);
            running.spawn(async move {
                let plan = &test.plan;
                let result = test::run(&test.scenario, plan, endpoint.clone(), settings, index);
                let mut result = result.await;
                let end = endpoint.ended().await;
                if end.is_some() || result.crash {
                    test::note_crash(&mut result, end);
                }
                if result.crash
                    && let Err(why) = endpoint.restart(true).await
                {
                    result
                        .notes
                        .push(format!("it could not be started again: {why}"));
                }
                (index, copy, result)
            });
        }
        while !running.is_empty() && !self.is_stopped() {
            self.free_one(&mut running, &mut free, &mut results).await;
        }
        Ok(suite::finish(results, capabilities, Vec::new()))
    }

    async fn free_one(
        &self,
        running: &mut Running,
        free: &mut Vec<usize>,
        results: &mut [Option<TestResult>],
    ) {
        let next = tokio::time::timeout(shared::TURN, running.join_next()).await;
        if let Ok(Some(Ok((index, copy, result)))) = next {
            free.push(copy);
            self.keep(results, index, result);
        }
    }
}

/// A broker, and the process that it runs in.
type Copy = (Endpoint, Arc<Mutex<BrokerProcess>>);
