//! Where a test finds its broker.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::ProtocolVersion;
use tokio::sync::Mutex;

use super::process::{self, BrokerProcess};
use crate::broker::Keep;
use crate::broker::memory::MemoryBroker;
use crate::transport::{BoxStream, TcpEndpoint};

/// The broker that a test connects to.
#[derive(Clone)]
pub(crate) enum Endpoint {
    /// A broker that serves each version at its port.
    Tcp(Arc<BTreeMap<ProtocolVersion, TcpEndpoint>>),
    /// The reference broker, made for one test.
    Memory(Arc<MemoryBroker>),
    /// A broker that the runner started.
    Process {
        ports: Arc<BTreeMap<ProtocolVersion, TcpEndpoint>>,
        process: Arc<Mutex<BrokerProcess>>,
        start_timeout: Duration,
    },
}

impl Endpoint {
    pub(crate) async fn connect(
        &self,
        version: ProtocolVersion,
        timeout: Duration,
    ) -> io::Result<BoxStream> {
        match self {
            Self::Tcp(endpoints)
            | Self::Process {
                ports: endpoints, ..
            } => match endpoints.get(&version) {
                Some(endpoint) => Ok(Box::new(endpoint.connect(timeout).await?)),
                None => Err(io::Error::other(format!(
                    "no port is given for MQTT {version}"
                ))),
            },
            Self::Memory(broker) => Ok(Box::new(broker.connect())),
        }
    }

    /// Whether what a test leaves behind is there for the next one.
    pub(crate) const fn outlives_test(&self) -> bool {
        matches!(self, Self::Tcp(_) | Self::Process { .. })
    }

    /// Whether the broker's process is ours.
    pub(crate) const fn is_process(&self) -> bool {
        matches!(self, Self::Process { .. })
    }

    /// Whether a scenario may restart the broker.
    pub(crate) const fn can_restart(&self) -> bool {
        matches!(self, Self::Memory(_) | Self::Process { .. })
    }

    /// The same ports, of a broker whose process is ours.
    pub(crate) fn with_process(
        self,
        process: Arc<Mutex<BrokerProcess>>,
        start_timeout: Duration,
    ) -> Self {
        match self {
            Self::Tcp(ports) => Self::Process {
                ports,
                process,
                start_timeout,
            },
            other @ (Self::Memory(_) | Self::Process { .. }) => other,
        }
    }

    /// Whether the broker's process has ended by itself, and how.
    pub(crate) async fn ended(&self) -> Option<String> {
        match self {
            Self::Tcp(_) | Self::Memory(_) => None,
            Self::Process { process, .. } => process.lock().await.ended(),
        }
    }

    /// Stops the broker, or kills it, and starts it again; its state is kept where it keeps any.
    pub(crate) async fn restart(&self, is_killed: bool) -> Result<(), String> {
        match self {
            Self::Tcp(_) => {
                Err("only a broker that the runner started can be restarted".to_owned())
            }
            Self::Memory(broker) => {
                broker.restart(Keep::State);
                Ok(())
            }
            Self::Process {
                ports,
                process,
                start_timeout,
            } => {
                let mut process = process.lock().await;
                process.restart(is_killed).await?;
                let is_up = || async {
                    let endpoint = ports.values().next().ok_or("no port is given")?;
                    let connected = endpoint.connect(Duration::from_secs(1)).await;
                    connected.map(drop).map_err(|error| error.to_string())
                };
                process::wait_until_up(&mut process, *start_timeout, is_up).await
            }
        }
    }
}
