//! SUBSCRIBE and UNSUBSCRIBE (sections 3.8, 3.10).

use mqtt_assay::broker::ConnectionId;
use mqtt_assay_codec::packet::{self, RetainHandling, Subscribe, Unsubscribe};
use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::super::matching::Filter;
use super::Model;
use super::connection::Answer;
use super::session::Subscription;

impl Model {
    pub(super) fn subscribe(&mut self, id: ConnectionId, client: &str, subscribe: &Subscribe<'_>) {
        let subscription_id = subscribe.properties.subscription_ids().next();
        let version = self.version(id);
        let mut granted = Vec::new();
        for asked in subscribe.subscriptions.iter() {
            let filter = Filter::new(asked.filter.as_str(), version);
            granted.push(self.grant(client, filter, &asked, subscription_id));
        }
        let answer = Answer::Suback {
            id: subscribe.packet_id.get(),
            granted,
        };
        self.answer(id, answer);
    }

    /// What one filter is granted; `None` where it is refused.
    fn grant(
        &mut self,
        client: &str,
        filter: Filter,
        asked: &packet::Subscription<'_>,
        id: Option<u32>,
    ) -> Option<Qos> {
        let options = &self.options;
        let is_refused = (filter.has_wildcard() && !options.wildcard_available)
            || (filter.share_name.is_some() && !options.shared_available)
            || (id.is_some() && !options.subscription_id_available)
            || filter.is_denied(options);
        if is_refused {
            return None;
        }
        let subscription = Subscription {
            qos: asked.options.qos.min(options.maximum_qos),
            no_local: asked.options.no_local,
            retain_as_published: asked.options.retain_as_published,
            retain_handling: asked.options.retain_handling,
            id,
        };
        let session = self.sessions.get_mut(client)?;
        let old = session.subscriptions.insert(filter.clone(), subscription);
        let sends_retained = match subscription.retain_handling {
            RetainHandling::SendAtSubscribe => true,
            RetainHandling::SendIfNew => old.is_none(),
            RetainHandling::DoNotSend => false,
        };
        // Section 4.8.2: none for a shared subscription.
        if sends_retained && filter.share_name.is_none() {
            self.owe_retained(client, &filter, subscription);
        }
        Some(subscription.qos)
    }

    pub(super) fn unsubscribe(
        &mut self,
        id: ConnectionId,
        client: &str,
        unsubscribe: &Unsubscribe<'_>,
    ) {
        let version = self.version(id);
        let Some(session) = self.sessions.get_mut(client) else {
            return;
        };
        let mut existed = Vec::new();
        for filter in unsubscribe.filters.iter() {
            let filter = Filter::new(filter.as_str(), version);
            existed.push(session.subscriptions.remove(&filter).is_some());
            for owed in &mut session.owed {
                owed.is_optional |= filter.matches(&owed.message.topic);
            }
        }
        let answer = Answer::Unsuback {
            id: unsubscribe.packet_id.get(),
            existed,
        };
        self.answer(id, answer);
    }

    pub(super) fn version(&self, id: ConnectionId) -> ProtocolVersion {
        if self.is_v5(id) {
            ProtocolVersion::V5_0
        } else {
            ProtocolVersion::V3_1_1
        }
    }
}
