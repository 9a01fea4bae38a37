//! What a broker selects in the WebSocket handshake.

use super::script::{Performance, Stop, Unmet, mistake, place};
use super::value::ScenarioMistake;
use crate::scenario::Step;

impl Performance {
    /// Judges which subprotocol the broker selected.
    pub(super) fn check_subprotocol(
        &mut self,
        name: &str,
        wanted: &str,
        step: &Step,
    ) -> Result<(), Stop> {
        let connection = self.client(name).connection.as_ref();
        let frames = connection.and_then(|connection| connection.frames.as_ref());
        let frames = mistake(frames.ok_or_else(no_websocket), step)?;
        if frames.subprotocol() == Some(wanted) {
            return Ok(());
        }
        let actual = match frames.subprotocol() {
            Some(other) => format!("the subprotocol {other:?}"),
            None => "no subprotocol".to_owned(),
        };
        Err(Stop::Unmet(Box::new(Unmet {
            place: place(step),
            statements: step.judged(self.stage.version).collect(),
            message: format!("the broker's answer to the WebSocket handshake selects {actual}"),
            expected: Some(format!("the subprotocol {wanted:?}")),
            actual: Some(actual),
            differences: Vec::new(),
            trace_index: None,
        })))
    }
}

/// A line asks for what only WebSocket has.
pub(super) fn no_websocket() -> ScenarioMistake {
    ScenarioMistake("the connection is not over WebSocket".to_owned())
}
