//! The values of the filters that end at one node.

use std::collections::BTreeMap;

use super::super::TopicFilter;

/// The values of filters with the same pattern.
#[derive(Clone, Debug)]
pub(super) struct Values<T> {
    plain: Option<T>,
    /// By share name.
    #[expect(
        clippy::box_collection,
        reason = "few patterns are shared, so it shall not make all values larger"
    )]
    shared: Option<Box<BTreeMap<Box<str>, T>>>,
    owner: Owner,
}

/// Whose values they are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner {
    /// The node where the filters end.
    pub(super) node: u32,
    /// Whether they end there but for a last level `#`.
    pub(super) is_below: bool,
}

impl<T> Values<T> {
    pub(super) const fn new(owner: Owner) -> Self {
        Self {
            plain: None,
            shared: None,
            owner,
        }
    }

    pub(super) fn entry(&mut self, filter: &TopicFilter<'_>) -> &mut T
    where
        T: Default,
    {
        let Some(shared) = filter.shared() else {
            return self.plain.get_or_insert_default();
        };
        let groups = self.shared.get_or_insert_default();
        groups.entry(shared.share_name.into()).or_default()
    }

    pub(super) fn get(&self, filter: &TopicFilter<'_>) -> Option<&T> {
        match filter.shared() {
            None => self.plain.as_ref(),
            Some(shared) => self.shared.as_ref()?.get(shared.share_name),
        }
    }

    pub(super) fn get_mut(&mut self, filter: &TopicFilter<'_>) -> Option<&mut T> {
        match filter.shared() {
            None => self.plain.as_mut(),
            Some(shared) => self.shared.as_mut()?.get_mut(shared.share_name),
        }
    }

    pub(super) fn remove(&mut self, filter: &TopicFilter<'_>) -> Option<T> {
        let Some(shared) = filter.shared() else {
            return self.plain.take();
        };
        let value = self.shared.as_mut()?.remove(shared.share_name);
        self.shared.take_if(|groups| groups.is_empty());
        value
    }

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        let shared = self.shared.iter().flat_map(|groups| groups.values());
        self.plain.iter().chain(shared)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.plain.is_none() && self.shared.is_none()
    }

    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    pub(super) const fn set_node(&mut self, node: u32) {
        self.owner.node = node;
    }
}
