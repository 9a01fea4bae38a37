//! What is lost of a session when its client comes back, and what is kept that should not be: by faults alone.

use mqtt_assay_codec::Qos;

use super::alias::AliasesOut;
use super::core::Broker;
use super::fault::Fault;
use super::session::ClientId;
use super::subscription::FilterKey;

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
                || (has(Fault::LaterSubscriptionsNotKept)
                    && later.contains(&FilterKey::new(filter)))
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
        match earlier {
            Some(earlier) if self.has(Fault::OwnAliasesOutliveConnection) => earlier,
            Some(_) | None => AliasesOut::new(maximum),
        }
    }
}
