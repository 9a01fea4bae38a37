//! Who is owed a message (sections 3.3.1.3, 3.3.4, 4.8.2).

use std::collections::BTreeMap;
use std::rc::Rc;

use mqtt_assay::broker::Denied;
use mqtt_assay_codec::Qos;

use super::super::matching::{Filter, is_denied};
use super::super::{Check, ensure};
use super::connection::{Connection, Fate};
use super::message::{Message, Origin, Owed, Seen};
use super::session::Subscription;
use super::{Model, limit};

/// A message for one member of a shared subscription, whichever the broker chooses.
#[derive(Debug)]
pub(super) struct Ticket {
    /// What each member would get.
    candidates: Vec<(String, Owed)>,
    /// Who got it, as far as can be told.
    taker: Option<String>,
    /// Whether it is of this step.
    is_new: bool,
}

impl Model {
    /// Retains a message, and owes it to all who subscribed.
    pub(super) fn publish_message(&mut self, message: Rc<Message>) -> Fate {
        if message.retain {
            // An empty one removes (v3-3.3.1-10, v5-3.3.1-6).
            if message.payload.is_empty() {
                self.retained.remove(&message.topic);
            } else {
                self.retained
                    .insert(message.topic.clone(), Rc::clone(&message));
            }
        }
        let is_denied = is_denied(&message.topic, Denied::Subscribe, &self.options);
        let is_wanted = self.owe(&message, is_denied) | self.issue(&message, is_denied);
        if is_wanted {
            Fate::Wanted
        } else {
            Fate::Unwanted
        }
    }

    /// Owes a message to those with plain subscriptions: one copy, at the highest QoS, by all subscriptions
    /// (v3-3.3.5-1, v5-3.3.4-2 to -4).
    fn owe(&mut self, message: &Rc<Message>, is_denied: bool) -> bool {
        let mut is_wanted = false;
        for (client, session) in &mut self.sessions {
            let is_own = *client == message.publisher;
            let matching: Vec<&Subscription> = session
                .subscriptions
                .iter()
                .filter(|(filter, _)| filter.share_name.is_none())
                .filter(|(filter, _)| filter.matches(&message.topic))
                .map(|(_, subscription)| subscription)
                .filter(|subscription| !(is_own && subscription.no_local))
                .collect();
            let Some(granted) = matching.iter().map(|it| it.qos).max() else {
                continue;
            };
            is_wanted = true;
            let qos = message.qos.min(granted);
            let is_dropped = session.connection.is_none()
                && qos == Qos::AtMostOnce
                && !self.options.stores_qos_0;
            if is_denied || is_dropped {
                continue;
            }
            let mut ids: Vec<u32> = matching.iter().filter_map(|it| it.id).collect();
            ids.sort_unstable();
            session.owed.push(Owed {
                message: Rc::clone(message),
                qos,
                retain: message.retain && matching.iter().any(|it| it.retain_as_published),
                ids,
                origin: Origin::Live,
                is_optional: false,
            });
        }
        is_wanted
    }

    /// Owes a message to one member of each shared subscription.
    fn issue(&mut self, message: &Rc<Message>, is_denied: bool) -> bool {
        let mut groups: BTreeMap<&Filter, Vec<(String, Owed)>> = BTreeMap::new();
        for (client, session) in &self.sessions {
            for (filter, subscription) in &session.subscriptions {
                if filter.share_name.is_some() && filter.matches(&message.topic) {
                    let owed = Owed {
                        message: Rc::clone(message),
                        qos: message.qos.min(subscription.qos),
                        retain: message.retain && subscription.retain_as_published,
                        ids: subscription.id.into_iter().collect(),
                        origin: Origin::Shared,
                        is_optional: false,
                    };
                    let members = groups.entry(filter).or_default();
                    members.push((client.clone(), owed));
                }
            }
        }
        let is_wanted = !groups.is_empty();
        if !is_denied {
            let tickets = groups.into_values().map(|candidates| Ticket {
                candidates,
                taker: None,
                is_new: true,
            });
            self.tickets.extend(tickets);
        }
        is_wanted
    }

    /// Owes a client what a new subscription brings (section 3.3.1.3).
    pub(super) fn owe_retained(
        &mut self,
        client: &str,
        filter: &Filter,
        subscription: Subscription,
    ) {
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        for message in self.retained.values() {
            let is_own = message.publisher == client && subscription.no_local;
            let is_left_out = !filter.matches(&message.topic)
                || is_own
                || message.is_expired(self.now)
                || is_denied(&message.topic, Denied::Subscribe, &self.options);
            if is_left_out {
                continue;
            }
            session.owed.push(Owed {
                message: Rc::clone(message),
                qos: message.qos.min(subscription.qos),
                retain: true,
                ids: subscription.id.into_iter().collect(),
                origin: Origin::Retained,
                is_optional: false,
            });
        }
    }

    /// Looks whether a message was withheld from a shared subscription with members who could have had it.
    pub(super) fn settle_tickets(&mut self) -> Check {
        let new = self.tickets.iter().filter(|ticket| ticket.is_new);
        // Copies of one message look alike: if any of them may wait, it could be any.
        let may_wait = new.clone().any(|ticket| {
            let mut candidates = ticket.candidates.iter();
            candidates.any(|(client, owed)| self.may_wait(client, owed))
        });
        for ticket in new.filter(|ticket| ticket.taker.is_none() && !may_wait) {
            let mut candidates = ticket.candidates.iter();
            let is_anyone_here = candidates.any(|(client, _)| self.connection_of(client).is_some());
            ensure(!is_anyone_here, || {
                format!("no member was sent: {:?}", ticket.candidates)
            })?;
        }
        self.tickets.retain_mut(|ticket| {
            ticket.is_new = false;
            ticket.taker.is_none() || ticket.candidates.len() > 1
        });
        Ok(())
    }

    /// Whether a member who is here may be given a message later, or never.
    fn may_wait(&self, client: &str, owed: &Owed) -> bool {
        let (Some(connection), Some(session)) =
            (self.connection_of(client), self.sessions.get(client))
        else {
            return false;
        };
        let has_room =
            owed.qos == Qos::AtMostOnce || session.window() < limit(connection, &self.options);
        !has_room || owed.message.is_expired(self.now) || !connection.takes(owed)
    }

    fn connection_of(&self, client: &str) -> Option<&Connection> {
        let id = self.sessions.get(client)?.connection?;
        self.connections.get(&id)
    }
}

impl Ticket {
    fn owed_to(&self, client: &str) -> Option<&Owed> {
        let mut candidates = self.candidates.iter();
        let (_, owed) = candidates.find(|(member, _)| member == client)?;
        Some(owed)
    }

    fn could_be(&self, client: &str, seen: &Seen<'_>) -> bool {
        self.owed_to(client).is_some_and(|owed| owed.is(seen))
    }
}

/// Gives a client what it was sent of a shared subscription.
///
/// Of those that look alike it is the latest with the fewest other members. If there is none left, it may be one that
/// was taken for another, whose taker had one of those that are left.
pub(super) fn take(tickets: &mut [Ticket], client: &str, seen: &Seen<'_>) -> Option<Owed> {
    let fits = |ticket: &&mut Ticket| ticket.could_be(client, seen);
    let open = tickets.iter_mut().filter(|ticket| ticket.taker.is_none());
    let best = open
        .filter(fits)
        .min_by_key(|ticket| (!ticket.is_new, ticket.candidates.len()));
    if let Some(ticket) = best {
        ticket.taker = Some(client.to_owned());
        return ticket.owed_to(client).cloned();
    }
    let exchange = tickets.iter().enumerate().find_map(|(index, ticket)| {
        let taker = ticket
            .taker
            .as_ref()
            .filter(|_| ticket.could_be(client, seen))?;
        let taken = ticket.owed_to(taker)?;
        let is_like_it = |other: &Ticket| {
            let owed = other.owed_to(taker).filter(|_| other.taker.is_none());
            owed.is_some_and(|owed| owed.looks_same(taken))
        };
        Some((index, tickets.iter().position(is_like_it)?))
    });
    let (taken, open) = exchange?;
    let taker = tickets.get_mut(taken)?.taker.replace(client.to_owned());
    tickets.get_mut(open)?.taker = taker;
    tickets.get(taken)?.owed_to(client).cloned()
}
