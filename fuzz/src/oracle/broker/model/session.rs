//! A session: what a client subscribed to, what it is owed, and what is unfinished in both directions (section 4.1).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mqtt_assay::broker::ConnectionId;
use mqtt_assay_codec::packet::RetainHandling;
use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::super::matching::Filter;
use super::super::{Check, Violation, ensure};
use super::connection::{Connection, Will};
use super::message::{Owed, Seen};

#[derive(Debug, Default)]
pub(in super::super) struct Session {
    pub(in super::super) connection: Option<ConnectionId>,
    pub(super) subscriptions: BTreeMap<Filter, Subscription>,
    /// The QoS 2 messages from the client that PUBREL has not ended.
    pub(super) incoming: BTreeSet<u16>,
    /// In the order in which they came.
    pub(super) owed: Vec<Owed>,
    /// Sent and not acknowledged, in the order of sending.
    pub(in super::super) in_flight: Vec<InFlight>,
    /// PUBREC came and PUBCOMP did not, in the order of the PUBRECs.
    pub(in super::super) released: Vec<u16>,
    /// The Will that waits, and until when.
    pub(super) will: Option<(Will, Duration)>,
    /// When it ends, if nobody comes.
    pub(super) ends: Option<Duration>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Subscription {
    /// What was granted.
    pub(super) qos: Qos,
    pub(super) no_local: bool,
    pub(super) retain_as_published: bool,
    pub(super) retain_handling: RetainHandling,
    pub(super) id: Option<u32>,
}

#[derive(Debug)]
pub(in super::super) struct InFlight {
    pub(in super::super) id: u16,
    pub(super) owed: Owed,
    /// On the present connection.
    pub(in super::super) is_sent: bool,
    /// It went to a 3.1.1 client, so that it may be another one which looks the same there.
    is_vague: bool,
}

impl InFlight {
    pub(in super::super) fn qos(&self) -> Qos {
        self.owed.qos
    }
}

impl Session {
    /// Takes what is owed out of the list, if it is what came.
    pub(super) fn claim(
        &mut self,
        seen: &Seen<'_>,
        connection: &Connection,
    ) -> Check<Option<Owed>> {
        let find = |is_optional| {
            let mut owed = self.owed.iter();
            owed.position(|owed| owed.is_optional == is_optional && owed.is(seen))
        };
        // Where one that must come looks like one that may, it is the former.
        let Some(at) = find(false).or_else(|| find(true)) else {
            return Ok(None);
        };
        let claimed = self.owed.remove(at);
        for earlier in self.owed.iter_mut().take(at) {
            let is_sendable = !earlier.message.is_expired(seen.now) && connection.takes(earlier);
            ensure(
                !claimed.is_ordered_with(earlier) || earlier.is_optional || !is_sendable,
                || format!("overtakes {:?}", earlier.message),
            )?;
            // The broker has come past it, and may have found that it is not to be sent.
            if earlier.qos > Qos::AtMostOnce && !is_sendable {
                earlier.is_optional = true;
            }
        }
        Ok(Some(claimed))
    }

    /// Takes note that a message was sent for the first time.
    pub(super) fn started(&mut self, id: u16, owed: Owed, connection: &Connection) -> Check {
        // What is too large for this client is as good as delivered (v5-3.1.2-25), and its identifier free.
        self.in_flight
            .retain(|it| it.id != id || it.is_sent || connection.takes(&it.owed));
        let is_in_use = self.in_flight.iter().any(|it| it.id == id) || self.released.contains(&id);
        ensure(!is_in_use, || format!("packet identifier {id} is in use"))?;
        self.in_flight.push(InFlight {
            id,
            owed,
            is_sent: true,
            is_vague: connection.version == ProtocolVersion::V3_1_1,
        });
        Ok(())
    }

    /// Takes note that a message was sent again.
    pub(super) fn sent_again(
        &mut self,
        id: u16,
        seen: &Seen<'_>,
        connection: &Connection,
    ) -> Check {
        let Some(at) = self.in_flight.iter().position(|it| it.id == id) else {
            return Err(Violation::new(format!("DUP, and {id} is not in flight")));
        };
        let earlier = self.in_flight.iter().take(at);
        let left_out = earlier.filter(|it| !it.is_sent && connection.takes(&it.owed));
        if let Some(left_out) = left_out.map(|it| it.id).next() {
            return Err(Violation::new(format!("{id} again, before {left_out}")));
        }
        let Some(it) = self.in_flight.get_mut(at) else {
            return Ok(());
        };
        ensure(!it.is_sent, || format!("{id} again on one connection"))?;
        it.is_sent = true;
        if !it.owed.is(seen) {
            let is_other = it.is_vague && it.owed.looks_like(seen);
            ensure(is_other, || format!("{id} is another message"))?;
            // It was another one, and the one that it was taken for may come yet.
            self.owed.push(Owed {
                is_optional: true,
                ..it.owed.clone()
            });
        }
        Ok(())
    }

    /// How many slots of the client's Receive Maximum are taken (section 4.9).
    pub(super) fn window(&self) -> usize {
        let sent = self.in_flight.iter().filter(|it| it.is_sent).count();
        sent.saturating_add(self.released.len())
    }

    /// Looks whether everything was sent that could be.
    pub(super) fn settle(&mut self, connection: &Connection, limit: usize, now: Duration) -> Check {
        let has_room = self.window() < limit;
        let is_lost = |owed: &Owed| owed.message.is_expired(now) || !connection.takes(owed);
        for owed in &self.owed {
            let is_due = has_room || owed.qos == Qos::AtMostOnce;
            ensure(!is_due || owed.is_optional || is_lost(owed), || {
                format!("not sent: {owed:?}")
            })?;
        }
        self.owed.retain(|owed| {
            let is_due = has_room || owed.qos == Qos::AtMostOnce;
            !is_due && !owed.message.is_expired(now)
        });
        let last_sent = self.in_flight.iter().rposition(|it| it.is_sent);
        for it in self.in_flight.iter().filter(|_| has_room) {
            ensure(it.is_sent || !connection.takes(&it.owed), || {
                format!("not sent again: {it:?}")
            })?;
        }
        let mut index = 0;
        self.in_flight.retain(|it| {
            let is_passed = has_room || last_sent.is_some_and(|last| index < last);
            index += 1;
            it.is_sent || !is_passed
        });
        Ok(())
    }
}
