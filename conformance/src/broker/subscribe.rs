//! SUBSCRIBE and UNSUBSCRIBE from a client (sections 3.8, 3.10).

use std::sync::Arc;
use std::time::Duration;

use mqtt_assay_codec::error::{DecodeErrorKind, Field};
use mqtt_assay_codec::frame::{Frame, Split};
use mqtt_assay_codec::packet::{self, Sender, Subscribe, Unsubscribe};
use mqtt_assay_codec::topic::{TopicFilter, TopicName};
use mqtt_assay_codec::{DecodeError, Packet, PacketType, ProtocolVersion, Qos, ReasonCode};

use super::connection::ConnectionId;
use super::core::Broker;
use super::fault::Fault;
use super::message::Delivery;
use super::session::ClientId;
use super::subscription::{FilterKey, Subscription};
use super::variant::Variant;

/// The answer for one filter, and why it is not the usual one.
type Answer = (ReasonCode, &'static str);

impl Broker {
    /// Takes SUBSCRIBE: each filter as if it came alone, and one SUBACK (v5-3.8.4-5).
    pub(super) fn subscribe(&mut self, id: ConnectionId, subscribe: &Subscribe<'_>, now: Duration) {
        let Some(client_id) = self.client_of(id) else {
            return;
        };
        let subscription_id = subscribe.properties.subscription_ids().next();
        let mut reasons = Vec::new();
        let mut text = "";
        let mut deliveries = Vec::new();
        let mut first_granted = None;
        if subscribe
            .subscriptions
            .iter()
            .any(|asked| self.refuses_text(asked.filter.as_str()))
        {
            let text = "a character in a filter that should not be there";
            return self.fail(id, ReasonCode::MALFORMED_PACKET, text, now);
        }
        for mut asked in subscribe.subscriptions.iter() {
            asked.filter = self.as_shared(asked.filter);
            let (reason, why) = self.check_filter(id, &client_id, &asked, subscription_id);
            if !why.is_empty() {
                text = why;
            }
            if reason.is_error() {
                reasons.push(self.suback_code(id, reason));
                continue;
            }
            let mut granted = asked.options.qos.min(self.granted_max());
            if self.has(Fault::HigherQosGrantedAgain)
                && let Some(old) = self.subscriptions.get(&asked.filter, &client_id)
            {
                granted = granted.max(old.options.qos);
            }
            reasons.push(self.granted_code(asked.options.qos, granted));
            let first = *first_granted.get_or_insert(granted);
            let is_new = self.add(&client_id, &asked, granted, subscription_id);
            let is_overlooked = !is_new
                && self.is_resumed(&client_id)
                && self.has(Fault::RetainedNotSentAgainAfterResume);
            if self.sends_retained(&asked, is_new) && !is_overlooked {
                let is_first = self.has(Fault::RetainedSentAtFirstQos);
                self.collect_retained(
                    &asked,
                    if is_first { first } else { granted },
                    subscription_id,
                    &client_id,
                    &mut deliveries,
                    now,
                );
            }
            if self.has(Fault::OnlyFirstFilterTaken) {
                break;
            }
        }
        if self.may(Variant::RetainedOncePerSubscribe) {
            deliveries = merge_copies(deliveries);
        }
        if self.may(Variant::RetainedDescend) {
            deliveries.reverse();
        }
        let is_answered_last = self.may(Variant::RetainedBeforeSuback);
        let loses_suback = !deliveries.is_empty() && self.has(Fault::SubackLostBehindRetained);
        if !is_answered_last && !loses_suback {
            self.answer_subscribe(id, subscribe, &reasons, text);
        }
        for delivery in deliveries {
            self.deliver(&client_id, delivery, now);
        }
        if is_answered_last {
            self.answer_subscribe(id, subscribe, &reasons, text);
        }
    }

    /// The highest QoS that is granted.
    fn granted_max(&self) -> Qos {
        let max = match () {
            () if self.may(Variant::GrantsAtMostQosZero) => Qos::AtMostOnce,
            () if self.may(Variant::GrantsAtMostQosOne) => Qos::AtLeastOnce,
            () => Qos::ExactlyOnce,
        };
        max.min(self.options.maximum_qos)
    }

    /// The filter as a shared one, where 3.1.1 has them.
    fn as_shared<'a>(&self, filter: TopicFilter<'a>) -> TopicFilter<'a> {
        if self.may(Variant::SharedInOldVersion) {
            TopicFilter::new(filter.as_str(), ProtocolVersion::V5_0).unwrap_or(filter)
        } else {
            filter
        }
    }

    fn answer_subscribe(
        &mut self,
        id: ConnectionId,
        subscribe: &Subscribe<'_>,
        reasons: &[u8],
        text: &str,
    ) {
        let mut reasons = reasons.to_vec();
        if self.has(Fault::SubackReasonsReversed) {
            reasons.reverse();
        }
        if self.has(Fault::SubackHasOneReason) {
            reasons.truncate(1);
        }
        if self.has(Fault::SubackReasonsCountedInByte) {
            reasons.truncate(BYTE_MAX);
        }
        if self.has(Fault::SubackMissing) {
            return;
        }
        self.suback(id, subscribe.packet_id, &reasons, text);
    }

    /// Whether a filter is granted.
    fn check_filter(
        &mut self,
        id: ConnectionId,
        client_id: &ClientId,
        asked: &packet::Subscription<'_>,
        subscription_id: Option<u32>,
    ) -> Answer {
        let filter = &asked.filter;
        let asked_qos = asked.options.qos;
        let options = &self.options;
        if asked_qos > options.maximum_qos && self.has(Fault::SubscribeAboveMaximumQosRefused) {
            return (ReasonCode::UNSPECIFIED_ERROR, "a QoS above the maximum");
        }
        if filter.has_wildcard()
            && !options.wildcard_available
            && !self.has(Fault::WildcardGrantedAlthoughUnavailable)
        {
            let reason = ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED;
            return (reason, "filters have no wildcards here");
        }
        if filter.shared().is_some()
            && !options.shared_available
            && !self.has(Fault::SharedGrantedAlthoughUnavailable)
        {
            let reason = ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
            return (reason, "subscriptions are not shared here");
        }
        if subscription_id.is_some()
            && !options.subscription_id_available
            && !self.has(Fault::SubscriptionIdGrantedAlthoughUnavailable)
        {
            let reason = ReasonCode::SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED;
            return (reason, "subscriptions have no identifiers here");
        }
        let is_of_server = filter.pattern().starts_with('$') && filter.shared().is_none();
        if filter.as_str() == INVALID && self.may(Variant::InvalidFiltersAnswered) {
            return (ReasonCode::TOPIC_FILTER_INVALID, "a filter is not valid");
        }
        if self.is_filter_denied(filter) || (is_of_server && self.may(Variant::DollarTopicsDenied))
        {
            return (ReasonCode::NOT_AUTHORIZED, "subscribing is denied");
        }
        let is_new = self.subscriptions.get(filter, client_id).is_none();
        let subscriptions_max = self.options.subscriptions_max;
        let is_full = self
            .session_of(id)
            .is_none_or(|session| session.filters.len() >= subscriptions_max);
        let (count_max, bytes_max) = (
            self.options.subscriptions_total_max,
            self.options.filter_bytes_total_max,
        );
        let has_room = self.subscriptions.has_room(filter, count_max, bytes_max);
        if is_new && (is_full || !has_room) {
            return (ReasonCode::QUOTA_EXCEEDED, "too many subscriptions");
        }
        (ReasonCode::SUCCESS, "")
    }

    /// The code of a refused filter: 3.1.1 has one alone (v3-3.9.3-2).
    fn suback_code(&self, id: ConnectionId, reason: ReasonCode) -> u8 {
        match self.version(id) {
            ProtocolVersion::V5_0 => self.general(reason).code(),
            ProtocolVersion::V3_1_1 if self.has(Fault::NewReasonCodeInSuback) => reason.code(),
            ProtocolVersion::V3_1_1 => ReasonCode::UNSPECIFIED_ERROR.code(),
        }
    }

    fn granted_code(&self, asked: Qos, granted: Qos) -> u8 {
        if self.has(Fault::SubackSaysAlwaysQosZero) {
            return Qos::AtMostOnce.bits();
        }
        if self.has(Fault::SubackSaysMoreThanGranted) {
            return asked.max(Qos::AtLeastOnce).bits();
        }
        granted.bits()
    }

    /// Adds or replaces a subscription; whether it is new.
    fn add(
        &mut self,
        client_id: &ClientId,
        asked: &packet::Subscription<'_>,
        granted: Qos,
        subscription_id: Option<u32>,
    ) -> bool {
        if asked.filter.has_wildcard() && self.has(Fault::WildcardsGrantedInVain) {
            return true;
        }
        let mut options = asked.options;
        options.qos = granted;
        if self.has(Fault::SubscriptionKeptAtQosZero) {
            options.qos = granted.min(Qos::AtMostOnce);
        }
        let old = self.subscriptions.get(&asked.filter, client_id).copied();
        let id = match (subscription_id, old) {
            (None, Some(old)) if self.has(Fault::SubscriptionIdSurvivesReplacement) => old.id,
            (id, _) => id,
        };
        let subscription = match old {
            Some(old) if self.has(Fault::RepeatedSubscribeKeepsOldOptions) => old,
            Some(old)
                if asked.filter.shared().is_some()
                    && self.has(Fault::RepeatedShareKeepsOldOptions) =>
            {
                old
            }
            Some(_) | None => Subscription { options, id },
        };
        let notes_first = self.has(Fault::FirstOptionsBackOnResume);
        if let Some(session) = self.sessions.get_mut(client_id) {
            let key = FilterKey::new(&asked.filter);
            if let Some(old) = old.filter(|_| notes_first) {
                session.past.earlier.entry(key.clone()).or_insert(old);
            }
            if session.past.is_resumed && self.faults.has(Fault::LaterSubscriptionsNotKept) {
                session.past.later.insert(key.clone());
            }
            session.filters.insert(key);
        }
        self.subscriptions
            .add(&asked.filter, client_id, subscription)
    }

    /// Takes note in shared subscriptions that a client came or went.
    pub(super) fn note_presence(&mut self, client_id: &ClientId, is_online: bool) {
        let Some(session) = self.sessions.get(client_id) else {
            return;
        };
        let shared = session.filters.iter().filter(|key| key.is_shared());
        for filter in shared.filter_map(FilterKey::filter) {
            self.subscriptions.set_online(&filter, client_id, is_online);
        }
    }

    /// Whether the session of a client is one that was resumed.
    fn is_resumed(&self, client_id: &ClientId) -> bool {
        let session = self.sessions.get(client_id);
        session.is_some_and(|session| session.past.is_resumed)
    }

    /// Changes every subscription: a fault alone comes here.
    pub(super) fn change_subscriptions(&mut self, change: impl Fn(&mut Subscription)) {
        let clients: Vec<_> = self.sessions.keys().cloned().collect();
        for client_id in clients {
            self.change_subscriptions_of(&client_id, &change);
        }
    }

    /// Changes every subscription of a client: a fault alone comes here.
    pub(super) fn change_subscriptions_of(
        &mut self,
        client_id: &ClientId,
        change: impl Fn(&mut Subscription),
    ) {
        let Some(session) = self.sessions.get(client_id) else {
            return;
        };
        for key in &session.filters {
            let Some(filter) = key.filter() else { continue };
            if let Some(mut old) = self.subscriptions.get(&filter, client_id).copied() {
                change(&mut old);
                self.subscriptions.add(&filter, client_id, old);
            }
        }
    }

    /// Takes UNSUBSCRIBE: each filter as if it came alone, and one UNSUBACK (v5-3.10.4-6).
    pub(super) fn unsubscribe(
        &mut self,
        id: ConnectionId,
        unsubscribe: &Unsubscribe<'_>,
        now: Duration,
    ) {
        let Some(client_id) = self.client_of(id) else {
            return;
        };
        let mut reasons = Vec::new();
        for filter in unsubscribe.filters.iter() {
            let filter = self.as_shared(filter);
            reasons.push(self.remove_subscription(&client_id, &filter).code());
            if self.has(Fault::OnlyFirstFilterRemoved) {
                break;
            }
        }
        if self.has(Fault::InflightLostAtUnsubscribe)
            && let Some(session) = self.session_of(id)
        {
            session.outgoing.clear_inflight();
        }
        if self.has(Fault::PubrelsLostAtUnsubscribe)
            && let Some(session) = self.session_of(id)
        {
            session.outgoing.clear_released();
        }
        let is_all_removed = reasons
            .iter()
            .all(|&code| code == ReasonCode::SUCCESS.code());
        let nothing_said = !is_all_removed && self.has(Fault::UnsubackOnlyIfRemoved);
        if nothing_said || self.has(Fault::UnsubackMissing) {
            return;
        }
        if self.has(Fault::UnsubackReasonsReversed) {
            reasons.reverse();
        }
        if self.has(Fault::UnsubackHasOneReason) {
            reasons.truncate(1);
        }
        if self.has(Fault::UnsubackReasonsCountedInByte) {
            reasons.truncate(BYTE_MAX);
        }
        self.unsuback(id, unsubscribe.packet_id, &reasons);
        self.pump(&client_id, now);
    }

    fn remove_subscription(
        &mut self,
        client_id: &ClientId,
        filter: &TopicFilter<'_>,
    ) -> ReasonCode {
        if self.has(Fault::UnsubscribeDoesNothing)
            || (self.is_resumed(client_id) && self.has(Fault::UnsubscribeDoesNothingAfterResume))
        {
            return ReasonCode::SUCCESS;
        }
        if self.has(Fault::UnsubscribeMatchesWildcards) {
            self.remove_matching(client_id, filter);
        }
        let old = self.subscriptions.get(filter, client_id).copied();
        let is_known = old.is_some();
        self.subscriptions.remove(filter, client_id);
        if self.has(Fault::RetainedLostToWildcardsAtUnsubscribe) {
            self.retained.hide(filter.as_str());
        }
        if let Some(old) = old.filter(|_| self.has(Fault::GivenUpBackOnResume))
            && let Some(session) = self.sessions.get_mut(client_id)
        {
            session.past.earlier.insert(FilterKey::new(filter), old);
        }
        if let Some(session) = self.sessions.get_mut(client_id) {
            session.filters.remove(&FilterKey::new(filter));
            if self.variants.has(Variant::WaitingDroppedAtUnsubscribe) {
                let others = &session.filters;
                session.outgoing.drop_queued(|it| {
                    let topic = it.message.topic_name();
                    let matches =
                        |filter: &TopicFilter<'_>| topic.is_some_and(|it| filter.matches(&it));
                    let mut others = others.iter().filter_map(FilterKey::filter);
                    matches(filter) && !others.any(|other| matches(&other))
                });
            }
        }
        if is_known {
            ReasonCode::SUCCESS
        } else {
            ReasonCode::NO_SUBSCRIPTION_EXISTED
        }
    }

    /// Takes SUBSCRIBE or UNSUBSCRIBE although a filter in it is not valid, as a broker may do instead of closing
    /// whether it did. That filter alone fails.
    pub(super) fn answers_filters(
        &mut self,
        id: ConnectionId,
        frame: &Frame<'_>,
        error: &DecodeError,
        now: Duration,
    ) -> bool {
        let is_of_filter = matches!(
            error.kind(),
            DecodeErrorKind::MultiLevelWildcard
                | DecodeErrorKind::SingleLevelWildcard
                | DecodeErrorKind::EmptyShareName
                | DecodeErrorKind::SharedSubscription
                | DecodeErrorKind::EmptyTopic(Field::TopicFilter)
        );
        if !is_of_filter || !self.may(Variant::InvalidFiltersAnswered) {
            return false;
        }
        let version = self.version(id);
        if let Some(bytes) = with_valid_filters(frame, version)
            && let Ok(Split::Frame(frame)) = Frame::split(&bytes, version)
            && let Ok(packet) = Packet::decode(&frame, version, Sender::Client)
        {
            self.packet(id, &packet, now);
            return true;
        }
        false
    }

    /// Removes all that the filter matches as if it were topics: a fault alone comes here (v5-3.10.4-1).
    fn remove_matching(&mut self, client_id: &ClientId, filter: &TopicFilter<'_>) {
        let Some(session) = self.sessions.get(client_id) else {
            return;
        };
        for key in &session.filters {
            let Some(other) = key.filter() else { continue };
            if TopicName::new(other.pattern()).is_ok_and(|topic| filter.matches(&topic)) {
                self.subscriptions.remove(&other, client_id);
            }
        }
    }
}

/// A short SUBSCRIBE or UNSUBSCRIBE with [`INVALID`] in place of each filter that is not valid.
fn with_valid_filters(frame: &Frame<'_>, version: ProtocolVersion) -> Option<Vec<u8>> {
    let has_options = frame.packet_type() == Some(PacketType::Subscribe);
    let (head, mut rest) = frame.body().split_at_checked(2)?;
    let mut body = head.to_vec();
    if version.has_properties() {
        let len = usize::from(*rest.first()?).checked_add(1)?;
        let (properties, filters) = rest.split_at_checked(len)?;
        body.extend_from_slice(properties);
        rest = filters;
    }
    while let Some((len, more)) = rest.split_first_chunk::<2>() {
        let (filter, more) = more.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        let text = std::str::from_utf8(filter).ok()?;
        let text = TopicFilter::new(text, version).map_or(INVALID, |_| text);
        body.extend_from_slice(&u16::try_from(text.len()).ok()?.to_be_bytes());
        body.extend_from_slice(text.as_bytes());
        let (options, more) = more.split_at_checked(usize::from(has_options))?;
        body.extend_from_slice(options);
        rest = more;
    }
    let len = u8::try_from(body.len()).ok().filter(|len| *len < 0x80)?;
    let first = *frame.as_bytes().first()?;
    Some([&[first, len], body.as_slice()].concat())
}

/// One copy for all filters of a SUBSCRIBE that match a message, at the highest QoS among them.
fn merge_copies(deliveries: Vec<Delivery>) -> Vec<Delivery> {
    let mut merged: Vec<Delivery> = Vec::new();
    for delivery in deliveries {
        let same = |it: &&mut Delivery| Arc::ptr_eq(&it.message, &delivery.message);
        match merged.iter_mut().find(same) {
            Some(copy) => copy.qos = copy.qos.max(delivery.qos),
            None => merged.push(delivery),
        }
    }
    merged
}

/// What a count of one byte can say at most.
const BYTE_MAX: usize = 255;
/// Stands for a filter that is not valid.
const INVALID: &str = "\u{fffd}";
