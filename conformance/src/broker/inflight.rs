//! Messages to a client: those that wait, and those that were sent and not finished (sections 4.3, 4.4).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::Qos;
use mqtt_assay_codec::packet::PacketId;

use super::fault::{Fault, Faults};
use super::message::{Delivery, Message};
use super::pool::{Held, Pool};
use super::variant::{Variant, Variants};

/// The outgoing half of a session.
#[derive(Debug)]
pub(super) struct Outgoing {
    faults: Faults,
    variants: Variants,
    /// Not yet sent, of QoS 1 and 2.
    queue: VecDeque<Waiting>,
    /// Not yet sent, of QoS 0, which needs no quota (section 4.9).
    at_most_once: VecDeque<Waiting>,
    /// The bytes of all messages that are not finished.
    bytes: Pool,
    /// Sent, and neither PUBACK nor PUBREC came; in the order of sending.
    published: VecDeque<Published>,
    /// How many of them, from the first on, were sent on the present connection.
    sent: usize,
    /// PUBREC came and PUBREL was sent; in the order of the PUBRECs (v3-4.6.0-4).
    released: VecDeque<PacketId>,
    /// When those of them end that do, by a fault.
    release_ends: BTreeMap<PacketId, Duration>,
    /// The QoS 0 messages that were sent, by a fault.
    repeats: Vec<Delivery>,
    /// The identifiers of both.
    in_use: BTreeSet<PacketId>,
    last_id: u16,
    /// Slots that an earlier connection took and that stay taken, by a fault.
    carried: usize,
    /// Slots that acknowledgements of nothing made, by a fault.
    granted: usize,
    has_lost_connection: bool,
}

#[derive(Debug)]
struct Waiting {
    delivery: Delivery,
    held: Held,
    dup: bool,
}

#[derive(Debug)]
struct Published {
    packet_id: PacketId,
    delivery: Delivery,
    _held: Held,
}

/// The next PUBLISH to send.
#[derive(Debug)]
pub(super) struct Transmission {
    pub(super) delivery: Delivery,
    /// For QoS 1 and 2.
    pub(super) packet_id: Option<PacketId>,
    pub(super) dup: bool,
}

/// What an acknowledgement of the client did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Acknowledged {
    /// The message is finished, or PUBREL has to follow PUBREC.
    Expected,
    /// The identifier is not in use.
    Unknown,
    /// The identifier is in use, and this packet is not the answer.
    OutOfTurn,
    /// It is the answer, but an earlier message has none: a variant alone says so.
    TooSoon,
}

impl Outgoing {
    pub(super) const fn new(faults: Faults, variants: Variants, bytes: Pool) -> Self {
        Self {
            faults,
            variants,
            bytes,
            queue: VecDeque::new(),
            at_most_once: VecDeque::new(),
            published: VecDeque::new(),
            sent: 0,
            released: VecDeque::new(),
            release_ends: BTreeMap::new(),
            repeats: Vec::new(),
            in_use: BTreeSet::new(),
            last_id: 0,
            carried: 0,
            granted: 0,
            has_lost_connection: false,
        }
    }

    pub(super) fn enqueue(&mut self, delivery: Delivery) {
        let held = self.bytes.hold(delivery.message.len());
        let waiting = Waiting {
            delivery,
            held,
            dup: false,
        };
        let needs_no_quota = waiting.delivery.qos == Qos::AtMostOnce
            && !self.variants.has(Variant::QosZeroWaitsForQuota);
        if needs_no_quota {
            self.at_most_once.push_back(waiting);
        } else {
            self.queue.push_back(waiting);
        }
    }

    pub(super) fn clear_queue(&mut self) {
        self.queue.clear();
        self.at_most_once.clear();
    }

    /// Drops what has expired before it was sent (v5-3.3.2-5).
    pub(super) fn drop_expired(&mut self, now: Duration) {
        let is_alive = |it: &Waiting| !it.delivery.message.is_expired(now);
        self.queue.retain(is_alive);
        self.at_most_once.retain(is_alive);
    }

    /// Forgets what waits and is not wanted any more.
    pub(super) fn drop_queued(&mut self, is_unwanted: impl Fn(&Delivery) -> bool) {
        let is_wanted = |waiting: &Waiting| !is_unwanted(&waiting.delivery);
        self.queue.retain(is_wanted);
        self.at_most_once.retain(is_wanted);
    }

    /// Forgets all that was sent and not finished.
    pub(super) fn clear_inflight(&mut self) {
        self.published.clear();
        self.sent = 0;
        self.clear_released();
    }

    pub(super) fn clear_released(&mut self) {
        self.released.clear();
        self.in_use = self.published.iter().map(|p| p.packet_id).collect();
    }

    /// From now on, whatever is not finished has to be sent again (v5-4.4.0-1).
    pub(super) fn lose_connection(&mut self) {
        if self.faults.has(Fault::QuotaKeptOverReconnect) {
            self.carried = self.carried.saturating_add(self.unfinished());
        }
        if !(self.has_lost_connection && self.faults.has(Fault::SentAgainOnce)) {
            self.sent = 0;
        }
        self.has_lost_connection = true;
        if self.faults.has(Fault::ReleasedIdsGivenOutAgain) {
            self.last_id = 0;
            self.in_use = self.published.iter().map(|p| p.packet_id).collect();
        }
        if self.faults.has(Fault::SentAgainWithoutRetain) {
            for published in &mut self.published {
                published.delivery.retain = false;
            }
        }
        for delivery in std::mem::take(&mut self.repeats) {
            self.enqueue(delivery);
        }
        if self.faults.has(Fault::InflightReorderedOnResume) {
            self.published.make_contiguous().reverse();
        }
        if self.faults.has(Fault::IdsChangeOnResume) {
            for published in &mut self.published {
                published.packet_id = published.packet_id.saturating_add(1_000);
            }
            let released = self.released.iter().copied();
            self.in_use = released
                .chain(self.published.iter().map(|p| p.packet_id))
                .collect();
        }
    }

    /// Wrongs what waited for an absent client, where a fault says so.
    pub(super) fn wrong_queue(&mut self) {
        for waiting in &mut self.queue {
            waiting.dup = self.faults.has(Fault::DupSetOnQueued);
            if self.faults.has(Fault::QueuedAtQosOne) {
                waiting.delivery.qos = waiting.delivery.qos.min(Qos::AtLeastOnce);
            }
        }
    }

    /// Whether something of an earlier connection has not been sent on this one.
    pub(super) fn sends_again(&self) -> bool {
        self.sent < self.published.len()
    }

    /// Whether the next message of those that wait is a retained one.
    pub(super) fn is_retained_next(&self) -> bool {
        let next = self.queue.front();
        next.is_some_and(|waiting| waiting.delivery.retain)
    }

    /// The next message to send while fewer than `limit` are unfinished; what has expired is dropped.
    pub(super) fn next(&mut self, limit: usize, now: Duration) -> Option<Transmission> {
        while let Some(Waiting { delivery, .. }) = self.at_most_once.pop_front() {
            if !delivery.message.is_expired(now) {
                return Some(Transmission::of_qos_0(delivery));
            }
        }
        let taken = self.unfinished().saturating_add(self.carried);
        if taken.saturating_sub(self.granted) >= limit {
            return None;
        }
        if self.faults.has(Fault::ExpiredMessageHoldsUpOthers)
            && let Some(first) = self.queue.front()
            && first.delivery.message.is_expired(now)
        {
            return None;
        }
        if self.faults.has(Fault::StartedMessageExpires) {
            let mut unsent = self.published.split_off(self.sent);
            unsent.retain(|p| !p.delivery.message.is_expired(now));
            self.published.append(&mut unsent);
        }
        let is_new_first = self.variants.has(Variant::NewBeforeRepeated)
            && self
                .queue
                .iter()
                .any(|it| !it.delivery.message.is_expired(now));
        if let Some(published) = self.published.get(self.sent)
            && !is_new_first
        {
            self.sent = self.sent.saturating_add(1);
            return Some(Transmission {
                delivery: published.delivery.clone(),
                packet_id: Some(published.packet_id),
                dup: true,
            });
        }
        let Waiting {
            delivery,
            held,
            dup,
        } = self.next_queued(now)?;
        if delivery.qos == Qos::AtMostOnce {
            return Some(Transmission::of_qos_0(delivery));
        }
        let Some(packet_id) = self.free_id() else {
            self.queue.push_front(Waiting {
                delivery,
                held,
                dup,
            });
            return None;
        };
        // What was not sent again yet, by a variant, stays behind it.
        let published = Published {
            packet_id,
            delivery: delivery.clone(),
            _held: held,
        };
        self.published.insert(self.sent, published);
        self.sent = self.sent.saturating_add(1);
        self.in_use.insert(packet_id);
        Some(Transmission {
            delivery,
            packet_id: Some(packet_id),
            dup,
        })
    }

    fn next_queued(&mut self, now: Duration) -> Option<Waiting> {
        loop {
            let waiting = if self.faults.has(Fault::QueueIsAStack) {
                self.queue.pop_back()?
            } else {
                self.queue.pop_front()?
            };
            let message = &waiting.delivery.message;
            let is_sent_all_the_same = self.faults.has(Fault::ExpiredMessageSent)
                || (waiting.delivery.qos == Qos::ExactlyOnce
                    && self.faults.has(Fault::ExpiredQos2MessageSent));
            if !message.is_expired(now) || is_sent_all_the_same {
                return Some(waiting);
            }
        }
    }

    /// An identifier that no unfinished message has (v3-2.3.1-4, v5-2.2.1-4).
    fn free_id(&mut self) -> Option<PacketId> {
        if self.faults.has(Fault::PacketIdAlwaysOne) {
            return Some(NonZeroU16::MIN);
        }
        if self.faults.has(Fault::PacketIdsOfOneByte) {
            self.last_id = self.last_id % 255 + 1;
            return NonZeroU16::new(self.last_id);
        }
        if self.variants.has(Variant::PacketIdsReused) {
            let mut ids = (1..=u16::MAX).filter_map(NonZeroU16::new);
            return ids.find(|id| !self.in_use.contains(id));
        }
        for _ in 0..u16::MAX {
            self.last_id = if self.variants.has(Variant::PacketIdsDescend) {
                self.last_id.saturating_sub(1)
            } else {
                self.last_id.checked_add(1).unwrap_or(1)
            };
            if self.last_id == 0 {
                self.last_id = u16::MAX;
            }
            let id = NonZeroU16::new(self.last_id)?;
            if !self.in_use.contains(&id) || self.faults.has(Fault::PacketIdsInTurn) {
                return Some(id);
            }
        }
        None
    }

    pub(super) fn puback(&mut self, id: PacketId) -> Acknowledged {
        if self.faults.has(Fault::PubackIgnored) {
            return Acknowledged::Expected;
        }
        match self.published.iter().position(|p| p.packet_id == id) {
            Some(index) if self.overtakes(index) => Acknowledged::TooSoon,
            Some(index) if self.qos_at(index) == Some(Qos::AtLeastOnce) => {
                let finishes_oldest = self.faults.has(Fault::PubackFinishesOldest);
                self.finish(if finishes_oldest { 0 } else { index });
                Acknowledged::Expected
            }
            Some(_) => Acknowledged::OutOfTurn,
            None if self.released.contains(&id) => Acknowledged::OutOfTurn,
            None => self.stray(),
        }
    }

    /// Whether an earlier message of the same QoS waits for its acknowledgement, and the broker minds (v5-4.6.0-2).
    fn overtakes(&self, index: usize) -> bool {
        let earlier = self.published.iter().take(index);
        self.variants.has(Variant::AcknowledgementsChecked)
            && earlier
                .map(|p| p.delivery.qos)
                .any(|qos| Some(qos) == self.qos_at(index))
    }

    /// Takes note of an acknowledgement of nothing: a fault alone makes anything of it.
    fn stray(&mut self) -> Acknowledged {
        if self.faults.has(Fault::SlotFreedByStrayAcknowledgement) {
            self.granted = self.granted.saturating_add(1);
            return Acknowledged::Expected;
        }
        Acknowledged::Unknown
    }

    /// PUBREC with success: the message is not sent again from here on (v5-4.3.3-6).
    pub(super) fn pubrec(&mut self, id: PacketId) -> Acknowledged {
        if self.released.contains(&id) {
            return Acknowledged::Expected;
        }
        match self.published.iter().position(|p| p.packet_id == id) {
            Some(index) if self.overtakes(index) => Acknowledged::TooSoon,
            Some(index) if self.qos_at(index) == Some(Qos::ExactlyOnce) => {
                if self.faults.has(Fault::PublishResentAfterPubrec) {
                    return Acknowledged::Expected;
                }
                self.note_release(id, index);
                self.finish(index);
                self.in_use.insert(id);
                if self.faults.has(Fault::PubrelOrderReversed) {
                    self.released.push_front(id);
                } else {
                    self.released.push_back(id);
                }
                Acknowledged::Expected
            }
            Some(_) => Acknowledged::OutOfTurn,
            None => Acknowledged::Unknown,
        }
    }

    /// PUBREC with an error: the message is finished (v5-4.4.0-2).
    pub(super) fn pubrec_error(&mut self, id: PacketId) -> Acknowledged {
        if self.faults.has(Fault::PubrecErrorKeepsMessage) {
            return Acknowledged::Expected;
        }
        match self.published.iter().position(|p| p.packet_id == id) {
            Some(index) if self.qos_at(index) == Some(Qos::ExactlyOnce) => {
                self.finish(index);
                Acknowledged::Expected
            }
            Some(_) => Acknowledged::OutOfTurn,
            None => Acknowledged::Unknown,
        }
    }

    pub(super) fn pubcomp(&mut self, id: PacketId) -> Acknowledged {
        if self.faults.has(Fault::PubcompIgnored) {
            return Acknowledged::Expected;
        }
        match self.released.iter().position(|released| *released == id) {
            Some(index) => {
                self.released.remove(index);
                self.in_use.remove(&id);
                Acknowledged::Expected
            }
            None if self.published.iter().any(|p| p.packet_id == id) => Acknowledged::OutOfTurn,
            None => self.stray(),
        }
    }

    /// Takes note of when a message ends whose PUBREC came: a fault alone comes back to it.
    fn note_release(&mut self, id: PacketId, index: usize) {
        let published = self.published.get(index);
        let ends = published.and_then(|p| p.delivery.message.expires());
        if let Some(at) = ends
            && self.faults.has(Fault::ReleasedMessageExpires)
        {
            self.release_ends.insert(id, at);
        }
    }

    /// Forgets the messages whose PUBREC came and whose lifetime is over: by a fault alone (v5-4.3.3-7).
    pub(super) fn drop_released(&mut self, now: Duration) {
        let ends = std::mem::take(&mut self.release_ends);
        for (id, _) in ends.iter().filter(|(_, at)| **at <= now) {
            self.released.retain(|released| released != id);
            self.in_use.remove(id);
        }
    }

    /// Takes note of a QoS 0 message that was sent: a fault alone comes back to it.
    pub(super) fn note_at_most_once(&mut self, delivery: &Delivery) {
        if self.faults.has(Fault::QosZeroSentAgain) {
            self.repeats.push(delivery.clone());
        }
    }

    /// Treats a message as delivered (v5-3.1.2-25).
    pub(super) fn discard(&mut self, id: PacketId) {
        if let Some(index) = self.published.iter().position(|p| p.packet_id == id) {
            self.finish(index);
        }
    }

    /// Takes out a message that is sent no more.
    fn finish(&mut self, index: usize) {
        if let Some(published) = self.published.remove(index) {
            self.in_use.remove(&published.packet_id);
            self.sent = self.sent.saturating_sub(usize::from(index < self.sent));
        }
    }

    /// The message that was sent with an identifier and is not answered.
    pub(super) fn message(&self, id: PacketId) -> Option<Arc<Message>> {
        let published = self.published.iter().find(|p| p.packet_id == id);
        published.map(|p| p.delivery.message.clone())
    }

    /// The QoS 2 messages for which PUBREC has not come.
    pub(super) fn unfinished_qos_2(&self) -> Vec<Arc<Message>> {
        self.published
            .iter()
            .filter(|p| p.delivery.qos == Qos::ExactlyOnce)
            .map(|p| p.delivery.message.clone())
            .collect()
    }

    /// All PUBLISH packets that were sent on this connection and not answered.
    pub(super) fn unanswered(&self) -> Vec<Transmission> {
        self.published
            .iter()
            .take(self.sent)
            .map(|p| Transmission {
                delivery: p.delivery.clone(),
                packet_id: Some(p.packet_id),
                dup: true,
            })
            .collect()
    }

    pub(super) fn released(&self) -> Vec<PacketId> {
        self.released.iter().copied().collect()
    }

    /// How many messages are not finished, those that wait among them.
    pub(super) fn len(&self) -> usize {
        self.queued()
            .saturating_add(self.published.len())
            .saturating_add(self.released.len())
    }

    /// Whether anything was sent that is not finished.
    pub(super) fn has_unfinished(&self) -> bool {
        !self.published.is_empty() || !self.released.is_empty()
    }

    /// The bytes of the messages that are not finished.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Whether messages of QoS 0 wait.
    pub(super) fn has_at_most_once(&self) -> bool {
        !self.at_most_once.is_empty()
    }

    /// How many messages wait, not counting those that were sent before.
    pub(super) fn queued(&self) -> usize {
        self.queue.len().saturating_add(self.at_most_once.len())
    }

    /// How many messages take a slot of the client's Receive Maximum (section 4.9).
    fn unfinished(&self) -> usize {
        if self.faults.has(Fault::SlotFreedByPubrec) {
            return self.sent;
        }
        self.sent.saturating_add(self.released.len())
    }

    fn qos_at(&self, index: usize) -> Option<Qos> {
        self.published.get(index).map(|p| p.delivery.qos)
    }
}

impl Transmission {
    pub(super) const fn of_qos_0(delivery: Delivery) -> Self {
        Self {
            delivery,
            packet_id: None,
            dup: false,
        }
    }
}
