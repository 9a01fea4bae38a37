//! A tree of many filters, for finding all that match a topic (section 4.7).

use super::{TopicFilter, TopicName};

/// Values by topic filter. A shared subscription is kept under the filter behind its share name.
#[derive(Clone, Debug)]
pub struct FilterTree<T> {
    values: Vec<T>,
}

impl<T> Default for FilterTree<T> {
    fn default() -> Self {
        Self { values: Vec::new() }
    }
}

impl<T> FilterTree<T> {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The place of a filter's value, made with `T::default` where it is new.
    pub fn entry(&mut self, filter: &TopicFilter<'_>) -> &mut T
    where
        T: Default,
    {
        let _ = filter;
        todo!()
    }

    /// The value of exactly this filter.
    #[must_use]
    pub fn get(&self, filter: &TopicFilter<'_>) -> Option<&T> {
        let _ = filter;
        todo!()
    }

    /// The value of exactly this filter.
    pub fn get_mut(&mut self, filter: &TopicFilter<'_>) -> Option<&mut T> {
        let _ = filter;
        todo!()
    }

    /// Takes a filter out, with its value; the memory of its levels is given back.
    pub fn remove(&mut self, filter: &TopicFilter<'_>) -> Option<T> {
        let _ = filter;
        todo!()
    }

    /// Calls `visit` with the value of every filter that matches the topic, each once, in no promised order.
    pub fn for_each_match<'t>(&'t self, topic: &TopicName<'_>, visit: impl FnMut(&'t T)) {
        let _ = (topic, visit);
        todo!()
    }

    /// The number of filters.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no filters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
