//! What is lost of a session when its client comes back, and what is kept that should not be: by faults alone.

use mqtt_assay_codec::Qos;
use mqtt_assay_codec::topic::TopicFilter;

use super::alias::AliasesOut;
use super::core::Broker;
use super::fault::Fault;
use super::session::ClientId;
use super::subscription::{FilterKey, Subscription};
use super::variant::Variant;

impl Broker {
    /// Wrongs a session that has got a connection, where a fault says so.
    pub(super) fn wrong_resumed(&mut self, client_id: &ClientId, is_takeover: bool) {
        let faults = self.faults;
        let has = |fault| faults.has(fault);
        let at_takeover = |fault| is_takeover && faults.has(fault);
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        let later = std::mem::take(&mut session.past.later);
        if has(Fault::QueuedMessagesLost) || at_takeover(Fault::QueueLostAtTakeover) {
            session.outgoing.clear_queue();
        }
        if has(Fault::InflightLostOnResume) {
            session.outgoing.clear_inflight();
        }
        if has(Fault::PubrelNotResent) || at_takeover(Fault::PubrelsLostAtTakeover) {
            session.outgoing.clear_released();
        }
        if has(Fault::IncomingQos2Forgotten) || at_takeover(Fault::IncomingQos2ForgottenAtTakeover)
        {
            session.incoming.clear();
        }
        let earlier = std::mem::take(&mut session.past.earlier);
        session.filters.extend(earlier.keys().cloned());
        for (key, old) in &earlier {
            if let Some(filter) = key.filter() {
                self.subscriptions.add(&filter, client_id, *old);
            }
        }
        let loses_all = has(Fault::SubscriptionsLostOnResume);
        let loses_wildcards = has(Fault::WildcardSubscriptionsLostOnResume);
        let loses_qos_0 = has(Fault::QosZeroSubscriptionsLostOnResume);
        if loses_all || loses_wildcards || loses_qos_0 || !later.is_empty() {
            self.forget_subscriptions_of(client_id, |filter, subscription| {
                loses_all
                    || (loses_wildcards && filter.has_wildcard())
                    || (loses_qos_0 && subscription.options.qos == Qos::AtMostOnce)
                    || later.contains(&FilterKey::new(filter))
            });
        }
        if has(Fault::RetainAsPublishedLostOnResume) {
            self.change_subscriptions_of(client_id, |it| it.options.retain_as_published = false);
        }
        if has(Fault::SubscriptionsLoweredOnResume) {
            self.change_subscriptions_of(client_id, |it| {
                it.options.qos = it.options.qos.min(Qos::AtLeastOnce);
            });
        }
    }

    /// The topic aliases that a new connection begins with: none, but by a fault (v5-3.3.2-7).
    pub(super) fn aliases_out(&mut self, client_id: &ClientId, maximum: u16) -> AliasesOut {
        let session = self.sessions.get_mut(client_id);
        let earlier = session.and_then(|session| session.past.aliases_out.take());
        earlier.unwrap_or_else(|| {
            let aliases = AliasesOut::new(maximum);
            if self.may(Variant::AliasesMoved) {
                aliases.moving()
            } else {
                aliases
            }
        })
    }

    /// Forgets subscriptions of a client.
    fn forget_subscriptions_of(
        &mut self,
        client_id: &ClientId,
        is_forgotten: impl Fn(&TopicFilter<'_>, &Subscription) -> bool,
    ) {
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        let subscriptions = &mut self.subscriptions;
        session.filters.retain(|key| {
            let Some(filter) = key.filter() else {
                return true;
            };
            let subscription = subscriptions.get(&filter, client_id);
            let is_kept = !subscription.is_some_and(|it| is_forgotten(&filter, it));
            if !is_kept {
                subscriptions.remove(&filter, client_id);
            }
            is_kept
        });
    }
}
