//! Where a test finds its broker.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::ProtocolVersion;
use tokio::sync::Mutex;

use super::process::{self, BrokerProcess};
use super::restart::Guest;
use super::unanswered::Unanswered;
use crate::broker::Keep;
use crate::broker::memory::MemoryBroker;
use crate::transport::{self, Line, Route};

/// The broker that a test connects to.
#[derive(Clone)]
pub(crate) enum Endpoint {
    /// A broker that runs.
    Running(Arc<Site>),
    /// The reference broker, made for one test.
    Memory {
        broker: Arc<MemoryBroker>,
        is_websocket: bool,
    },
    /// A broker that the runner started.
    Process {
        site: Arc<Site>,
        process: Arc<Mutex<BrokerProcess>>,
        start_timeout: Duration,
        /// Where a test restarts the broker together with others.
        guest: Option<Arc<Guest>>,
    },
}

/// A broker that all tests share.
pub(crate) struct Site {
    /// The way to it for each version.
    routes: BTreeMap<ProtocolVersion, Route>,
    /// What the tests have found it not to answer.
    unanswered: Unanswered,
}

impl Endpoint {
    /// A broker that runs, with the way to it for each version.
    pub(crate) fn running(routes: BTreeMap<ProtocolVersion, Route>) -> Self {
        Self::Running(Arc::new(Site {
            routes,
            unanswered: Unanswered::default(),
        }))
    }

    /// A broker that runs on a port of this machine.
    pub(crate) fn on_port(port: u16) -> Self {
        let routes = ProtocolVersion::ALL
            .into_iter()
            .map(|version| (version, Route::tcp("127.0.0.1", port)));
        Self::running(routes.collect())
    }

    /// What the tests have found the broker not to answer; `None` for one that serves one test, and in virtual time.
    pub(super) fn unanswered(&self) -> Option<&Unanswered> {
        match self {
            Self::Running(site) | Self::Process { site, .. } => Some(&site.unanswered),
            Self::Memory { .. } => None,
        }
    }

    pub(crate) async fn connect(
        &self,
        version: ProtocolVersion,
        timeout: Duration,
        offered: &[String],
    ) -> io::Result<Line> {
        let usual = [SUBPROTOCOL.to_owned()];
        let offered = if offered.is_empty() { &usual } else { offered };
        match self {
            Self::Running(site) | Self::Process { site, .. } => match site.routes.get(&version) {
                Some(route) => route.connect(timeout, offered).await,
                None => Err(io::Error::other(format!(
                    "no port is given for MQTT {version}"
                ))),
            },
            Self::Memory {
                broker,
                is_websocket: false,
            } => Ok(Line::of_bytes(broker.connect())),
            Self::Memory {
                broker,
                is_websocket: true,
            } => {
                let stream = Box::new(broker.connect_websocket());
                transport::over_websocket(stream, "localhost", "/mqtt", offered).await
            }
        }
    }

    /// Whether clients of a version speak WebSocket.
    pub(crate) fn is_websocket(&self, version: ProtocolVersion) -> bool {
        match self {
            Self::Running(site) | Self::Process { site, .. } => {
                site.routes.get(&version).is_some_and(Route::is_websocket)
            }
            Self::Memory { is_websocket, .. } => *is_websocket,
        }
    }

    /// Whether what a test leaves behind is there for the next one.
    pub(crate) const fn outlives_test(&self) -> bool {
        matches!(self, Self::Running(_) | Self::Process { .. })
    }

    /// Whether the broker's process is ours.
    pub(crate) const fn is_process(&self) -> bool {
        matches!(self, Self::Process { .. })
    }

    /// Whether a scenario may restart the broker.
    pub(crate) const fn can_restart(&self) -> bool {
        matches!(self, Self::Memory { .. } | Self::Process { .. })
    }

    /// The same way, to a broker whose process is ours.
    pub(crate) fn with_process(
        self,
        process: Arc<Mutex<BrokerProcess>>,
        start_timeout: Duration,
    ) -> Self {
        match self {
            Self::Running(site) => Self::Process {
                site,
                process,
                start_timeout,
                guest: None,
            },
            other @ (Self::Memory { .. } | Self::Process { .. }) => other,
        }
    }

    /// The same broker, which is restarted when all others of a gathering want that too.
    pub(crate) fn with_guest(mut self, place: Option<Arc<Guest>>) -> Self {
        if let Self::Process { guest, .. } = &mut self {
            *guest = place;
        }
        self
    }

    /// Whether the broker's process has ended by itself, and how.
    pub(crate) async fn ended(&self) -> Option<String> {
        match self {
            Self::Running(_) | Self::Memory { .. } => None,
            Self::Process { process, .. } => process.lock().await.ended(),
        }
    }

    /// Stops the broker, or kills it, and starts it again; its state is kept where it keeps any.
    pub(crate) async fn restart(&self, is_killed: bool) -> Result<(), String> {
        match self {
            Self::Process {
                guest: Some(guest), ..
            } => {
                let alone = self.clone().with_guest(None);
                guest.restart(|| Box::pin(alone.restart(is_killed))).await
            }
            Self::Running(_) => {
                Err("only a broker that the runner started can be restarted".to_owned())
            }
            Self::Memory { broker, .. } => {
                broker.restart(Keep::State);
                Ok(())
            }
            Self::Process {
                site,
                process,
                start_timeout,
                guest: None,
            } => {
                let mut process = process.lock().await;
                process.restart(is_killed).await?;
                let is_up = || async {
                    let route = site.routes.values().next().ok_or("no port is given")?;
                    let connected = route.connect(Duration::from_secs(1), &[]).await;
                    connected.map(drop).map_err(|error| error.to_string())
                };
                process::wait_until_up(&mut process, *start_timeout, is_up).await
            }
        }
    }
}

/// The name of MQTT among the subprotocols of WebSocket (section 6).
const SUBPROTOCOL: &str = "mqtt";
