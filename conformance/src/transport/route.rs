//! The way to a broker: a host and a port, and what is spoken there below MQTT.

use std::io;
use std::time::Duration;

use tokio::time;

use super::tcp::TcpEndpoint;
use super::tls::TlsClient;
use super::{BoxStream, Line, Refusal, websocket};

/// The way to a broker: a host and a port, and what is spoken there below MQTT.
#[derive(Clone, Debug)]
pub struct Route {
    tcp: TcpEndpoint,
    tls: Option<TlsClient>,
    /// The path of the WebSocket resource.
    websocket: Option<String>,
}

impl Route {
    /// MQTT over TCP: a host name or address (an IPv6 address without brackets) and a port.
    #[must_use]
    pub fn tcp(host: impl Into<String>, port: u16) -> Self {
        Self {
            tcp: TcpEndpoint::new(host, port),
            tls: None,
            websocket: None,
        }
    }

    /// The same with TLS on top.
    #[must_use]
    pub fn with_tls(self, client: TlsClient) -> Self {
        Self {
            tls: Some(client),
            ..self
        }
    }

    /// The same with WebSocket on top.
    #[must_use]
    pub fn with_websocket(self, path: impl Into<String>) -> Self {
        Self {
            websocket: Some(path.into()),
            ..self
        }
    }

    /// Whether it leads over WebSocket.
    #[must_use]
    pub const fn is_websocket(&self) -> bool {
        self.websocket.is_some()
    }

    /// Connects; over WebSocket it offers these subprotocols.
    ///
    /// # Errors
    ///
    /// When that does not succeed before `timeout` has passed. The error's text is for people.
    pub async fn connect(&self, timeout: Duration, offered: &[String]) -> io::Result<Line> {
        let tcp = time::timeout(timeout, self.tcp.connect());
        let stream = tcp.await.map_err(|_| io::ErrorKind::TimedOut)??;
        let climbing = time::timeout(timeout, self.climb(stream, offered));
        match climbing.await {
            Ok(Err(error)) if !super::is_refusal(&error) => {
                Err(self.refusal("it closed the connection"))
            }
            Ok(result) => result,
            Err(_) => Err(self.refusal("no answer in time")),
        }
    }

    /// From TCP to the layer that carries MQTT.
    async fn climb(
        &self,
        stream: impl super::Stream + 'static,
        offered: &[String],
    ) -> io::Result<Line> {
        let stream: BoxStream = match &self.tls {
            None => Box::new(stream),
            Some(tls) => Box::new(tls.connect(self.tcp.host(), stream).await?),
        };
        match &self.websocket {
            None => Ok(Line::of_bytes(stream)),
            Some(path) => {
                let host = self.tcp.to_string();
                websocket::over_websocket(stream, &host, path, offered).await
            }
        }
    }

    fn refusal(&self, what: &str) -> io::Error {
        let (step, name) = match (&self.tls, &self.websocket) {
            (Some(_), None) => ("the start of TLS", "TLS"),
            (Some(_), Some(_)) => ("the WebSocket handshake", "WebSocket over TLS"),
            (None, Some(_)) => ("the WebSocket handshake", "WebSocket"),
            (None, None) => return Refusal::error(what),
        };
        Refusal::error(format!("{what} at {step}: is it a port for {name}?"))
    }
}

impl std::fmt::Display for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.tcp.fmt(f)
    }
}
