//! A PINGREQ behind what a broker must refuse: one that answers it has gone on, and need not be waited for much longer.

use mqtt_assay_codec::PacketType;
use mqtt_assay_codec::notation::Draft;
use tokio::time::Instant;

use super::inbox::Inbox;
use super::script::Performance;
use super::unanswered::PONG;
use super::value::Rendered;
use super::waiting::Alternatives;
use crate::scenario::{Cut, Event};

/// A PINGREQ that is sent when nothing has come for a while.
#[derive(Default)]
pub(super) struct Probe {
    due: Option<Instant>,
    is_sent: bool,
    answered: Option<Instant>,
}

impl Probe {
    /// The probe of a line; none where a PINGREQ would change what is judged.
    pub(super) fn of(
        performance: &Performance,
        name: &str,
        alternatives: &Alternatives<'_>,
        is_timed: bool,
    ) -> Self {
        let is_refusal = |events: &[Event]| matches!(events, [Event::Refused(_)]);
        let client = performance.clients.get(name);
        let connection = client.and_then(|client| client.connection.as_ref());
        let may_ping = connection.is_some_and(|connection| {
            let last = connection.last_sent.as_ref().and_then(|it| it.packet_type);
            // Without a CONNACK a PINGREQ is a mistake of its own.
            last != Some(PacketType::Pingreq) && connection.inbox.lock().is_accepted
        });
        if is_timed || !may_ping || !alternatives.iter().any(|(_, events)| is_refusal(events)) {
            return Self::default();
        }
        Self {
            due: Some(Instant::now() + performance.stage.settings.quiet_time()),
            ..Self::default()
        }
    }

    /// When it is to be sent; `None` once it was.
    pub(super) const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Sends it if it is due; false if there is nothing more to send.
    pub(super) async fn send(&mut self, performance: &mut Performance, name: &str) -> bool {
        if self.due.take().is_none() {
            return false;
        }
        self.is_sent = true;
        let stage = performance.stage.clone();
        let client = performance.client(name);
        let last_sent = client
            .connection
            .as_ref()
            .and_then(|it| it.last_sent.clone());
        client.send(&[pingreq()], Cut::Whole, &stage).await;
        if let Some(connection) = &mut client.connection {
            connection.last_sent = last_sent;
        }
        true
    }

    /// Until when a broker that has answered it may still close.
    pub(super) fn closes(&mut self, performance: &Performance, inbox: &Inbox) -> Option<Instant> {
        if !self.is_sent {
            return None;
        }
        if self.answered.is_none() {
            let is_answer = |it: &super::inbox::Seen| it.packet_type() == PacketType::Pingresp;
            let is_answered = inbox.lock().seen.iter().any(is_answer);
            if is_answered {
                self.answered = Some(Instant::now());
                performance.stage.answered(PONG);
            }
        }
        Some(self.answered? + performance.stage.settings.grace())
    }
}

/// A PINGREQ ready to be sent.
pub(super) fn pingreq() -> Rendered {
    Rendered {
        bytes: vec![0xc0, 0x00],
        draft: Some(Draft {
            packet_type: PacketType::Pingreq,
            fields: Vec::new(),
        }),
        is_malformed: false,
    }
}
