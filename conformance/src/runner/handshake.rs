//! What a broker selects in the WebSocket handshake.

use std::io;

use super::script::{Performance, Stop, Unmet, cannot_connect, mistake, place};
use super::value::ScenarioMistake;
use crate::scenario::{Step, Subprotocol};
use crate::transport;

impl Performance {
    /// Opens a connection, and judges which subprotocol the broker selected.
    pub(super) async fn shake_hands(
        &mut self,
        name: &str,
        offered: &[String],
        wanted: &Subprotocol,
        step: &Step,
    ) -> Result<(), Stop> {
        let stage = self.stage.clone();
        let opened = self.client(name).open(offered, &stage).await;
        if let (Subprotocol::Absent, Err(error)) = (wanted, &opened)
            && is_refusal(error)
        {
            stage.trace.event(name, "<-", "refused by the broker");
            return Ok(());
        }
        opened.map_err(|error| cannot_connect(&error, step))?;
        let connection = self.client(name).connection.as_ref();
        let frames = connection.and_then(|connection| connection.frames.as_ref());
        let frames = mistake(frames.ok_or_else(no_websocket), step)?;
        let wanted = match wanted {
            Subprotocol::Named(wanted) => Some(wanted.as_str()),
            Subprotocol::Absent => None,
        };
        if frames.subprotocol() == wanted {
            return Ok(());
        }
        let actual = described(frames.subprotocol());
        Err(Stop::Unmet(Box::new(Unmet {
            place: place(step),
            statements: step.judged(self.stage.version).collect(),
            message: format!("the broker's answer to the WebSocket handshake selects {actual}"),
            expected: Some(described(wanted)),
            actual: Some(actual),
            differences: Vec::new(),
            trace_index: None,
        })))
    }
}

/// Whether the broker turned the client away, with an answer or without.
fn is_refusal(error: &io::Error) -> bool {
    let is_closed = matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset
    );
    is_closed || transport::is_refusal(error)
}

fn described(subprotocol: Option<&str>) -> String {
    match subprotocol {
        Some(name) => format!("the subprotocol {name:?}"),
        None => "no subprotocol".to_owned(),
    }
}

/// A line asks for what only WebSocket has.
pub(super) fn no_websocket() -> ScenarioMistake {
    ScenarioMistake("the connection is not over WebSocket".to_owned())
}
