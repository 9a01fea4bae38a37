//! A broker that the runner starts and stops.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::{Ipv4Addr, TcpListener};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::time::{self, Instant};

/// A broker's process and its port.
#[derive(Debug)]
pub struct BrokerProcess {
    command: Vec<String>,
    port: u16,
    child: Option<Child>,
}

impl BrokerProcess {
    /// A process that is not yet started; `{port}` in its words stands for a free port on the loopback address.
    ///
    /// # Errors
    ///
    /// When no port is free; a phrase for the user.
    pub fn new(command: &[String]) -> Result<Self, String> {
        let port = free_port().map_err(|error| format!("no port is free: {error}"))?;
        Ok(Self {
            command: command.to_vec(),
            port,
            child: None,
        })
    }

    /// The port that replaced `{port}`.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether the process has ended, and how.
    pub fn ended(&mut self) -> Option<String> {
        let status = self.child.as_mut()?.try_wait().ok()??;
        Some(format!("`{}` ended with {status}", self.command.join(" ")))
    }

    /// Stops the broker, or kills it, and starts it again on the same port.
    ///
    /// # Errors
    ///
    /// When the command cannot be started again; a phrase for the user.
    pub async fn restart(&mut self, is_killed: bool) -> Result<(), String> {
        if is_killed {
            self.kill().await;
        } else {
            self.stop().await;
        }
        self.spawn()
    }

    async fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _killed = child.kill().await;
        }
    }

    /// Asks the broker to stop, and makes it stop if it does not.
    pub async fn stop(&mut self) {
        let Some(mut child) = self.child.take() else {
            return;
        };
        terminate(&child);
        if time::timeout(STOP_TIME, child.wait()).await.is_err() {
            let _killed = child.kill().await;
        }
    }

    fn spawn(&mut self) -> Result<(), String> {
        let port = self.port.to_string();
        let mut words = self
            .command
            .iter()
            .map(|word| word.replace("{port}", &port));
        let program = words.next().ok_or("no command is given")?;
        let child = Command::new(&program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("cannot start `{program}`: {error}"))?;
        self.child = Some(child);
        Ok(())
    }
}

/// Calls `is_up` until it says yes, the process ends, or the time is over.
pub(crate) async fn wait_until_up<F: Future<Output = Result<(), String>>>(
    process: &mut BrokerProcess,
    limit: Duration,
    mut is_up: impl FnMut() -> F,
) -> Result<(), String> {
    let closes = Instant::now() + limit;
    loop {
        let why = match is_up().await {
            Ok(()) => return Ok(()),
            Err(why) => why,
        };
        if let Some(ended) = process.ended() {
            return Err(ended);
        }
        if Instant::now() >= closes {
            return Err(format!(
                "the broker accepted no CONNECT within {limit:?}: {why}"
            ));
        }
        time::sleep(RETRY).await;
    }
}

/// A free port, if there is one below those that the system gives to clients: one of theirs could be taken while the
/// broker is down for a restart.
fn free_port() -> std::io::Result<u16> {
    let first = RandomState::new().build_hasher().finish();
    let below = (0..TRIES).filter_map(|n| u16::try_from(first.wrapping_add(n) % PORTS).ok());
    let any = |port: u16| {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        Ok(listener.local_addr()?.port())
    };
    let mut found = below.filter_map(|n| any(FIRST_PORT + n).ok());
    found.next().map_or_else(|| any(0), Ok)
}

/// Sends SIGTERM, so that a broker can save its state.
fn terminate(child: &Child) {
    #[cfg(unix)]
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok())
        && let Some(process) = rustix::process::Pid::from_raw(id)
        && rustix::process::kill_process(process, rustix::process::Signal::TERM).is_err()
    {
        // It is gone already.
    }
    #[cfg(not(unix))]
    let _ = child;
}

/// The ports that are tried, from one of them that chance picks, and how many.
const FIRST_PORT: u16 = 20_000;
const PORTS: u64 = 10_000;
const TRIES: u64 = 100;
/// How long a broker has for stopping by itself.
const STOP_TIME: Duration = Duration::from_secs(10);
/// How often a starting broker is tried.
const RETRY: Duration = Duration::from_millis(50);
