//! Subscriptions, and who gets a message (sections 3.8.4, 4.7, 4.8).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use mqtt_assay_codec::packet::SubscriptionOptions;
use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};
use mqtt_assay_codec::{ProtocolVersion, Qos};

use super::fault::{Fault, Faults};
use super::session::ClientId;
use super::variant::{Variant, Variants};

/// A filter as a session remembers it. 3.1.1 knows no shared subscriptions, so the version belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FilterKey {
    text: String,
    version: ProtocolVersion,
}

/// What a client asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subscription {
    /// With the QoS that was granted.
    pub(super) options: SubscriptionOptions,
    pub(super) id: Option<u32>,
}

/// All subscriptions of all sessions.
#[derive(Debug)]
pub(super) struct Subscriptions {
    faults: Faults,
    variants: Variants,
    tree: FilterTree<Subscribers>,
    count: usize,
    /// The bytes of all filters.
    filter_bytes: usize,
}

/// Those who subscribed to one filter.
#[derive(Clone, Debug, Default)]
struct Subscribers {
    /// The filter, without a share name.
    pattern: String,
    plain: BTreeMap<ClientId, Subscription>,
    /// By share name.
    groups: BTreeMap<String, Group>,
}

/// The members of a shared subscription.
#[derive(Clone, Debug, Default)]
struct Group {
    members: BTreeMap<ClientId, Subscription>,
    /// Those of them that are there.
    online: BTreeSet<ClientId>,
    /// Who had the last message.
    last: Option<ClientId>,
}

/// One copy of a message, for one client.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) client_id: ClientId,
    /// The highest QoS that was granted.
    pub(super) qos: Qos,
    /// Whether the RETAIN flag of the publisher is kept.
    pub(super) retain_as_published: bool,
    /// In ascending order.
    pub(super) subscription_ids: Vec<u32>,
    /// Whether it goes out because of a shared subscription.
    pub(super) is_shared: bool,
    /// The lowest QoS that was granted: a fault alone asks for it.
    pub(super) lowest_qos: Qos,
}

impl FilterKey {
    pub(super) fn new(filter: &TopicFilter<'_>) -> Self {
        let version = if filter.shared().is_some() {
            ProtocolVersion::V5_0
        } else {
            ProtocolVersion::V3_1_1
        };
        Self {
            text: filter.as_str().to_owned(),
            version,
        }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.version == ProtocolVersion::V5_0
    }

    /// The filter; `None` never happens, since only valid filters become keys.
    pub(super) fn filter(&self) -> Option<TopicFilter<'_>> {
        TopicFilter::new(&self.text, self.version).ok()
    }
}

impl Subscriptions {
    pub(super) fn new(faults: Faults, variants: Variants) -> Self {
        Self {
            faults,
            variants,
            tree: FilterTree::new(),
            count: 0,
            filter_bytes: 0,
        }
    }

    /// Whether one more subscription can be kept within limits.
    pub(super) const fn has_room(
        &self,
        filter: &TopicFilter<'_>,
        count_max: usize,
        bytes_max: usize,
    ) -> bool {
        let bytes = self.filter_bytes.saturating_add(filter.as_str().len());
        self.count < count_max && bytes <= bytes_max
    }

    /// Adds or replaces a subscription; whether it is new.
    pub(super) fn add(
        &mut self,
        filter: &TopicFilter<'_>,
        client_id: &ClientId,
        subscription: Subscription,
    ) -> bool {
        let share_name = self.share_name(filter);
        let subscribers = self.tree.entry(filter);
        if subscribers.pattern.is_empty() {
            filter.pattern().clone_into(&mut subscribers.pattern);
        }
        let old = match filter.shared() {
            None => subscribers.plain.insert(client_id.clone(), subscription),
            Some(_) => {
                let groups = &mut subscribers.groups;
                let group = groups.entry(share_name.into_owned()).or_default();
                // Who subscribes is there.
                group.online.insert(client_id.clone());
                group.members.insert(client_id.clone(), subscription)
            }
        };
        if old.is_none() {
            self.count = self.count.saturating_add(1);
            self.filter_bytes = self.filter_bytes.saturating_add(filter.as_str().len());
        }
        old.is_none()
    }

    /// The subscription of a client, if it has one for exactly this filter.
    pub(super) fn get(
        &self,
        filter: &TopicFilter<'_>,
        client_id: &ClientId,
    ) -> Option<&Subscription> {
        let subscribers = self.tree.get(filter)?;
        match filter.shared() {
            None => subscribers.plain.get(client_id),
            Some(_) => subscribers
                .groups
                .get(&*self.share_name(filter))?
                .members
                .get(client_id),
        }
    }

    /// Takes a subscription out.
    pub(super) fn remove(&mut self, filter: &TopicFilter<'_>, client_id: &ClientId) {
        let share_name = self.share_name(filter);
        let Some(subscribers) = self.tree.get_mut(filter) else {
            return;
        };
        let old = match filter.shared() {
            None => subscribers.plain.remove(client_id),
            Some(_) => {
                let groups = &mut subscribers.groups;
                let group = groups.get_mut(&*share_name);
                let (old, is_empty) = group.map_or((None, false), |group| {
                    group.online.remove(client_id);
                    let old = group.members.remove(client_id);
                    (old, group.members.is_empty())
                });
                if is_empty {
                    groups.remove(&*share_name);
                }
                old
            }
        };
        if old.is_some() {
            self.count = self.count.saturating_sub(1);
            self.filter_bytes = self.filter_bytes.saturating_sub(filter.as_str().len());
        }
        if subscribers.plain.is_empty() && subscribers.groups.is_empty() {
            drop(self.tree.remove(filter));
        }
    }

    /// Takes note that a client came or went: of a shared subscription those that are there come first.
    pub(super) fn set_online(
        &mut self,
        filter: &TopicFilter<'_>,
        client_id: &ClientId,
        is_online: bool,
    ) {
        let share_name = self.share_name(filter);
        let subscribers = self.tree.get_mut(filter);
        let group = subscribers.and_then(|it| it.groups.get_mut(&*share_name));
        match group {
            Some(group) if is_online && group.members.contains_key(client_id) => {
                group.online.insert(client_id.clone());
            }
            Some(group) => {
                group.online.remove(client_id);
            }
            None => {}
        }
    }

    /// The share name that a shared subscription is known by; empty for a plain one.
    fn share_name<'f>(&self, filter: &TopicFilter<'f>) -> Cow<'f, str> {
        let name = filter.shared().map_or("", |shared| shared.share_name);
        if self.faults.has(Fault::ShareNameCaseFolded) {
            Cow::Owned(name.to_lowercase())
        } else {
            Cow::Borrowed(name)
        }
    }

    /// The copies of a message: one for each client with plain subscriptions, one for each shared subscription.
    pub(super) fn matches(&mut self, topic: &TopicName<'_>, publisher: &ClientId) -> Vec<Match> {
        let mut plain: BTreeMap<ClientId, Vec<Subscription>> = BTreeMap::new();
        let mut groups: BTreeSet<(String, String)> = BTreeSet::new();
        let misses_parent = self.faults.has(Fault::SharedWildcardMissesParent);
        let forgets_no_local = self.faults.has(Fault::NoLocalIgnoredForWildcard);
        self.tree.for_each_match(topic, |subscribers| {
            for (client_id, subscription) in &subscribers.plain {
                let mut subscription = *subscription;
                if forgets_no_local && subscribers.pattern.contains(['+', '#']) {
                    subscription.options.no_local = false;
                }
                plain
                    .entry(client_id.clone())
                    .or_default()
                    .push(subscription);
            }
            let parent = subscribers.pattern.strip_suffix("/#");
            if misses_parent && parent == Some(topic.as_str()) {
                return;
            }
            for share_name in subscribers.groups.keys() {
                groups.insert((share_name.clone(), subscribers.pattern.clone()));
            }
        });
        self.match_by_mistake(topic, &mut plain);
        let mut matches = Vec::new();
        for (client_id, mut subscriptions) in plain {
            if publisher == &client_id && !self.faults.has(Fault::NoLocalIgnored) {
                subscriptions.retain(|subscription| !subscription.options.no_local);
            }
            self.merge(&client_id, &mut subscriptions, &mut matches);
        }
        for (share_name, pattern) in groups {
            self.choose(&share_name, &pattern, &mut matches);
        }
        matches
    }

    /// Makes one copy of the plain subscriptions of a client (v3-3.3.5-1, v5-3.3.4-4).
    fn merge(
        &self,
        client_id: &ClientId,
        subscriptions: &mut [Subscription],
        out: &mut Vec<Match>,
    ) {
        // The tree promises no order, and the result must not depend on one.
        subscriptions.sort_by_key(|subscription| (subscription.id, subscription.options.bits()));
        if self.variants.has(Variant::OneCopyPerMatch) {
            let copies = subscriptions.iter();
            out.extend(copies.map(|s| Match::of_subscription(client_id, s)));
            return;
        }
        let granted = subscriptions.iter().map(|s| s.options.qos);
        let (Some(lowest_qos), Some(highest_qos)) = (granted.clone().min(), granted.max()) else {
            return;
        };
        let qos = if self.faults.has(Fault::OverlapAtLowestQos) {
            lowest_qos
        } else {
            highest_qos
        };
        let mut subscription_ids: Vec<u32> = subscriptions.iter().filter_map(|s| s.id).collect();
        if self.variants.has(Variant::SubscriptionIdsDescend) {
            subscription_ids.reverse();
        }
        if self.faults.has(Fault::OverlapKeepsOneSubscriptionId) {
            subscription_ids.truncate(1);
        }
        let is_lost =
            subscriptions.len() > 1 && self.faults.has(Fault::RetainAsPublishedLostInOverlap);
        let mut options = subscriptions.iter().map(|s| s.options);
        let copy = Match {
            client_id: client_id.clone(),
            qos,
            retain_as_published: !is_lost && options.any(|it| it.retain_as_published),
            subscription_ids,
            is_shared: false,
            lowest_qos,
        };
        if self.faults.has(Fault::EachCopyHasEveryId) {
            // One copy for each match, as the broker may do, but the identifiers of all in each.
            out.extend(subscriptions.iter().skip(1).map(|_| copy.clone()));
        }
        if self.faults.has(Fault::OneCopyTooMany) {
            out.push(copy.clone());
        }
        out.push(copy);
    }

    /// Makes one copy for the next member of a group, preferring those who are there (section 4.8.2).
    fn choose(&mut self, share_name: &str, pattern: &str, out: &mut Vec<Match>) {
        let text = format!("$share/{share_name}/{pattern}");
        let Ok(filter) = TopicFilter::new(&text, ProtocolVersion::V5_0) else {
            return;
        };
        let Some(subscribers) = self.tree.get_mut(&filter) else {
            return;
        };
        let Some(group) = subscribers.groups.get_mut(share_name) else {
            return;
        };
        let is_large = group.members.len() > 2;
        if self.faults.has(Fault::SharedMessageToAllMembers)
            || (is_large && self.faults.has(Fault::SharedMessageToAllOfThree))
        {
            out.extend(group.members.iter().map(|(id, s)| Match::of_member(id, s)));
            return;
        }
        if self.variants.has(Variant::SharedSticky) {
            let first = group.members.first_key_value();
            out.extend(first.map(|(id, s)| Match::of_member(id, s)));
            return;
        }
        let after = group
            .last
            .as_deref()
            .map_or(Bound::Unbounded, Bound::Excluded);
        let after = (after, Bound::Unbounded);
        let mut online = group.online.range::<str, _>(after).chain(&group.online);
        let mut all = group.members.range::<str, _>(after).chain(&group.members);
        let next = online.next().or_else(|| all.next().map(|(id, _)| id));
        let Some(client_id) = next.cloned() else {
            return;
        };
        let Some(subscription) = group.members.get(&client_id) else {
            return;
        };
        out.push(Match::of_member(&client_id, subscription));
        group.last = Some(client_id);
    }

    /// Adds what does not match, by a fault.
    fn match_by_mistake(
        &self,
        topic: &TopicName<'_>,
        plain: &mut BTreeMap<ClientId, Vec<Subscription>>,
    ) {
        let also = self.also_matched(topic.as_str());
        for text in also {
            let Ok(topic) = TopicName::new(&text) else {
                continue;
            };
            self.tree.for_each_match(&topic, |subscribers| {
                for (client_id, subscription) in &subscribers.plain {
                    let subscriptions = plain.entry(client_id.clone()).or_default();
                    if subscriptions.is_empty() {
                        subscriptions.push(*subscription);
                    }
                }
            });
        }
    }

    /// Other topics whose subscribers get the message too, by a fault.
    fn also_matched(&self, topic: &str) -> Vec<String> {
        let mut also = Vec::new();
        if self.faults.has(Fault::WildcardMatchesDollarTopic) && topic.starts_with('$') {
            also.push(topic.replacen('$', "_", 1));
        }
        if self.faults.has(Fault::TopicMatchIgnoresCase) {
            also.push(topic.to_lowercase());
        }
        if self.faults.has(Fault::TrailingSlashIgnored) {
            also.push(topic.trim_end_matches('/').to_owned());
        }
        if self.faults.has(Fault::ByteOrderMarkIgnoredInMatch) {
            also.push(topic.replace('\u{feff}', ""));
        }
        if self.faults.has(Fault::SingleLevelMatchesMore)
            && let Some((parent, _)) = topic.rsplit_once('/')
        {
            also.push(parent.to_owned());
        }
        also
    }
}

impl Match {
    /// The copy for a member of a shared subscription.
    fn of_member(client_id: &ClientId, subscription: &Subscription) -> Self {
        Self {
            is_shared: true,
            ..Self::of_subscription(client_id, subscription)
        }
    }

    /// The copy for one subscription.
    fn of_subscription(client_id: &ClientId, subscription: &Subscription) -> Self {
        Self {
            client_id: client_id.clone(),
            qos: subscription.options.qos,
            retain_as_published: subscription.options.retain_as_published,
            subscription_ids: subscription.id.into_iter().collect(),
            is_shared: false,
            lowest_qos: subscription.options.qos,
        }
    }
}
