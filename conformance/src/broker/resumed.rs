//! What is lost of a session when its client comes back, and what is kept that should not be: by faults alone.

use mqtt_assay_codec::Qos;
use mqtt_assay_codec::topic::TopicFilter;

use super::alias::AliasesOut;
use super::core::Broker;
use super::fault::Fault;
use super::session::ClientId;
use super::subscription::{FilterKey, Subscription};

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
        self.forget_subscriptions_of(client_id, |filter, subscription| {
            has(Fault::SubscriptionsLostOnResume)
                || later.contains(&FilterKey::new(filter))
                || (has(Fault::QosZeroSubscriptionsLostOnResume)
                    && subscription.options.qos == Qos::AtMostOnce)
        });
        if has(Fault::RetainAsPublishedLostOnResume) {
            self.change_subscriptions_of(client_id, |it| it.options.retain_as_published = false);
        }
        self.mistake_subscriptions(client_id);
    }

    /// The topic aliases that a new connection begins with: none, but by a fault (v5-3.3.2-7).
    pub(super) fn aliases_out(&mut self, client_id: &ClientId, maximum: u16) -> AliasesOut {
        let session = self.sessions.get_mut(client_id);
        let earlier = session.and_then(|session| session.past.aliases_out.take());
        earlier.unwrap_or_else(|| AliasesOut::new(maximum))
    }

    /// Gives a client that comes back other subscriptions than it had: faults alone do so.
    pub(super) fn mistake_subscriptions(&mut self, client_id: &ClientId) {
        if self.has(Fault::SubscriptionsLoweredOnResume) {
            self.change_subscriptions_of(client_id, |it| {
                it.options.qos = it.options.qos.min(Qos::AtLeastOnce);
            });
        }
        let loses_wildcards = self.has(Fault::WildcardSubscriptionsLostOnResume);
        let Some(session) = self.sessions.get_mut(client_id) else {
            return;
        };
        for (key, old) in std::mem::take(&mut session.earlier) {
            if let Some(filter) = key.filter() {
                self.subscriptions.add(&filter, client_id, old);
            }
            session.filters.insert(key);
        }
        if loses_wildcards {
            session.filters.retain(|key| {
                let filter = key.filter().filter(TopicFilter::has_wildcard);
                if let Some(filter) = &filter {
                    self.subscriptions.remove(filter, client_id);
                }
                filter.is_none()
            });
        }
    }

    /// Forgets subscriptions of a client: a fault alone comes here.
    pub(super) fn forget_subscriptions_of(
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
