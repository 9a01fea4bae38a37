//! A tree of many filters, for finding all that match a topic (section 4.7).

mod edges;
mod frontier;
mod level;
mod values;

use std::mem;

use super::{TopicFilter, TopicName};
use crate::scan;
use edges::Edges;
use frontier::Frontier;
use level::{Hasher, Level};
use values::{Owner, Values};

/// Values by topic filter. A shared subscription is kept under the filter behind its share name.
///
/// ```
/// use mqtt_assay_codec::ProtocolVersion;
/// use mqtt_assay_codec::topic::{FilterTree, TopicFilter, TopicName};
///
/// let mut subscribers: FilterTree<Vec<&str>> = FilterTree::new();
/// for (filter, name) in [("sport/#", "ann"), ("sport/+", "bob"), ("news", "bob")] {
///     let filter = TopicFilter::new(filter, ProtocolVersion::V5_0)?;
///     subscribers.entry(&filter).push(name);
/// }
/// let mut found: Vec<&str> = Vec::new();
/// subscribers.for_each_match(&TopicName::new("sport/tennis")?, |names| found.extend(names));
/// found.sort();
/// assert_eq!(found, ["ann", "bob"]);
/// # Ok::<(), mqtt_assay_codec::topic::TopicError>(())
/// ```
///
/// The nodes stand in one vector and name each other by index: a filter may have 65,535 levels, and nodes that own
/// their children would be dropped and cloned by recursion.
#[derive(Clone, Debug)]
pub struct FilterTree<T> {
    /// The root is the first; empty as long as there was no filter.
    nodes: Vec<Node>,
    /// The nodes that are not in use.
    free: Vec<u32>,
    /// The way down by a level's text.
    edges: Edges,
    hasher: Hasher,
    /// The values of the filters that end at a node, in any order.
    values: Vec<Values<T>>,
    len: usize,
}

/// What is known about the filters that start with the same levels. One fits into a cache line.
#[derive(Clone, Debug)]
struct Node {
    /// Its own level, and the node above: what the edges are compared with.
    level: Level,
    parent: u32,
    /// How many children it has by text.
    child_count: u32,
    /// The child for the level `+`; 0 where there is none, since the root is nobody's child.
    any: u32,
    /// Where the values of the filters that end here are; [`NO_VALUES`] where none does.
    here: u32,
    /// Where the values of the filters are that end here but for a last level `#`.
    below: u32,
}

impl<T> Default for FilterTree<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            free: Vec::new(),
            edges: Edges::default(),
            hasher: Hasher::default(),
            values: Vec::new(),
            len: 0,
        }
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
        if self.nodes.is_empty() {
            self.nodes.push(Node::new(Level::new(""), ROOT));
        }
        let (levels, is_below) = levels(filter);
        let mut id = ROOT;
        for level in levels {
            id = match self.child(id, level) {
                Some(child) => child,
                None => self.add_child(id, level),
            };
        }
        let index = self.values_at(Owner { node: id, is_below });
        self.len += usize::from(self.values_of(index).get(filter).is_none());
        self.values_of_mut(index).entry(filter)
    }

    /// The value of exactly this filter.
    #[must_use]
    pub fn get(&self, filter: &TopicFilter<'_>) -> Option<&T> {
        let index = self.find(filter)?;
        self.values_of(index).get(filter)
    }

    /// The value of exactly this filter.
    pub fn get_mut(&mut self, filter: &TopicFilter<'_>) -> Option<&mut T> {
        let index = self.find(filter)?;
        self.values_of_mut(index).get_mut(filter)
    }

    /// Takes a filter out, with its value; the memory of its levels is given back.
    pub fn remove(&mut self, filter: &TopicFilter<'_>) -> Option<T> {
        let index = self.find(filter)?;
        let value = self.values_of_mut(index).remove(filter)?;
        self.len -= 1;
        if self.values_of(index).is_empty() {
            self.drop_values(index);
            self.prune(filter);
        }
        Some(value)
    }

    /// Calls `visit` with the value of every filter that matches the topic, each once, in no promised order.
    ///
    /// It allocates nothing, unless more than a few wildcard filters share the topic's first levels.
    pub fn for_each_match<'t>(&'t self, topic: &TopicName<'_>, mut visit: impl FnMut(&'t T)) {
        if self.nodes.is_empty() {
            return;
        }
        let mut visit_at = |index: u32| {
            if index != NO_VALUES {
                self.values_of(index).iter().for_each(&mut visit);
            }
        };
        // Level by level: the searches of one level do not wait for each other. Each node is reached over one path,
        // so the work is bounded by the size of the tree. The two lists change places: to move them takes longer.
        let (mut one, mut other) = (Frontier::of(ROOT), Frontier::default());
        let (mut frontier, mut next) = (&mut one, &mut other);
        // v3-4.7.2-1 v5-4.7.2-1
        let mut may_be_wildcard = !topic.is_dollar();
        let mut rest = Some(topic.as_bytes());
        while let Some(text) = rest {
            let level;
            (level, rest) = split_level(text);
            let level_hash = self.hasher.level(level);
            next.clear();
            for id in frontier.iter() {
                let node = self.node(id);
                if may_be_wildcard {
                    visit_at(node.below);
                    if node.any != ROOT {
                        next.push(node.any);
                    }
                }
                if node.child_count > 0
                    && let Some(child) = self.child_by_hash(id, level, level_hash)
                {
                    next.push(child);
                }
            }
            if next.is_empty() {
                return;
            }
            may_be_wildcard = true;
            mem::swap(&mut frontier, &mut next);
        }
        for id in frontier.iter() {
            let node = self.node(id);
            visit_at(node.here);
            visit_at(node.below);
        }
    }

    /// The number of filters.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no filters.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where the values of a filter's pattern are.
    fn find(&self, filter: &TopicFilter<'_>) -> Option<u32> {
        if self.nodes.is_empty() {
            return None;
        }
        let (mut levels, is_below) = levels(filter);
        let node = levels.try_fold(ROOT, |id, level| self.child(id, level))?;
        let index = self.node(node).values(is_below);
        (index != NO_VALUES).then_some(index)
    }

    fn child(&self, parent: u32, level: &str) -> Option<u32> {
        if level == "+" {
            let any = self.node(parent).any;
            return (any != ROOT).then_some(any);
        }
        let level = level.as_bytes();
        self.child_by_hash(parent, level, self.hasher.level(level))
    }

    #[inline]
    fn child_by_hash(&self, parent: u32, level: &[u8], level_hash: u64) -> Option<u32> {
        self.edges
            .find(self.hasher.under(parent, level_hash), |child| {
                let child = self.node(child);
                child.parent == parent && child.level.as_bytes() == level
            })
    }

    fn add_child(&mut self, parent: u32, level: &str) -> u32 {
        let node = Node::new(Level::new(level), parent);
        let child = match self.free.pop() {
            Some(id) => {
                *self.node_mut(id) = node;
                id
            }
            None => push_with_little_room(&mut self.nodes, node),
        };
        if level == "+" {
            self.node_mut(parent).any = child;
        } else {
            self.node_mut(parent).child_count += 1;
            let hash = self.hash_of(child);
            self.edges.insert(hash, child);
        }
        child
    }

    /// The hash of a node's own edge.
    fn hash_of(&self, id: u32) -> u32 {
        let node = self.node(id);
        let level_hash = self.hasher.level(node.level.as_bytes());
        self.hasher.under(node.parent, level_hash)
    }

    /// Where an owner's values are, made empty where there were none.
    fn values_at(&mut self, owner: Owner) -> u32 {
        let index = self.node(owner.node).values(owner.is_below);
        if index != NO_VALUES {
            return index;
        }
        let index = push_with_little_room(&mut self.values, Values::new(owner));
        *self.node_mut(owner.node).values_mut(owner.is_below) = index;
        index
    }

    /// Takes out values that are empty; the last ones take their place.
    fn drop_values(&mut self, index: u32) {
        let last = self.values.swap_remove(index as usize);
        let Owner { node, is_below } = last.owner();
        *self.node_mut(node).values_mut(is_below) = NO_VALUES;
        if let Some(moved) = self.values.get(index as usize) {
            let Owner { node, is_below } = moved.owner();
            *self.node_mut(node).values_mut(is_below) = index;
        }
    }

    /// Gives back the nodes of a filter's levels that nothing uses any more.
    fn prune(&mut self, filter: &TopicFilter<'_>) {
        let (levels, _) = levels(filter);
        let last = levels
            .into_iter()
            .try_fold(ROOT, |id, level| self.child(id, level));
        let mut id = last.unwrap_or(ROOT);
        while id != ROOT && self.node(id).is_unused() {
            let parent = self.node(id).parent;
            if self.node(parent).any == id {
                self.node_mut(parent).any = ROOT;
            } else {
                let hash = self.hash_of(id);
                self.edges.remove(hash, id);
                self.node_mut(parent).child_count -= 1;
            }
            self.node_mut(id).level = Level::new("");
            self.free.push(id);
            id = parent;
        }
        if self.free.len() >= FREE_MIN && self.free.len() > self.nodes.len() / 2 {
            self.compact();
        }
    }

    /// Moves the nodes together. Done when half are free, so that a removal costs little on average.
    fn compact(&mut self) {
        let mut moved_to = vec![0; self.nodes.len()];
        for &id in &self.free {
            if let Some(place) = moved_to.get_mut(id as usize) {
                *place = FREE;
            }
        }
        let kept = moved_to.iter_mut().filter(|place| **place != FREE);
        for (place, next) in kept.zip(0..) {
            *place = next;
        }
        let new_id = |old: u32| moved_to.get(old as usize).copied().unwrap_or(ROOT);
        let mut old_ids = 0..;
        self.nodes
            .retain(|_| old_ids.next().is_some_and(|old| new_id(old) != FREE));
        self.nodes.shrink_to_fit();
        self.values.shrink_to_fit();
        self.free = Vec::new();
        for node in &mut self.nodes {
            node.parent = new_id(node.parent);
            node.any = new_id(node.any);
        }
        for values in &mut self.values {
            values.set_node(new_id(values.owner().node));
        }
        // The hash of an edge depends on the number of the parent.
        let mut edges = Edges::default();
        for (id, node) in (0..).zip(&self.nodes).skip(1) {
            if self.node(node.parent).any != id {
                edges.insert(self.hash_of(id), id);
            }
        }
        self.edges = edges;
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "only ids of nodes in use are kept in nodes, and the root is made first"
    )]
    #[inline]
    fn node(&self, id: u32) -> &Node {
        &self.nodes[id as usize]
    }

    #[expect(clippy::indexing_slicing, reason = "as in `node`")]
    fn node_mut(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "nodes keep the indices of values that are there"
    )]
    #[inline]
    fn values_of(&self, index: u32) -> &Values<T> {
        &self.values[index as usize]
    }

    #[expect(clippy::indexing_slicing, reason = "as in `values_of`")]
    fn values_of_mut(&mut self, index: u32) -> &mut Values<T> {
        &mut self.values[index as usize]
    }
}

impl Node {
    const fn new(level: Level, parent: u32) -> Self {
        Self {
            level,
            parent,
            child_count: 0,
            any: ROOT,
            here: NO_VALUES,
            below: NO_VALUES,
        }
    }

    const fn values(&self, is_below: bool) -> u32 {
        if is_below { self.below } else { self.here }
    }

    const fn values_mut(&mut self, is_below: bool) -> &mut u32 {
        if is_below {
            &mut self.below
        } else {
            &mut self.here
        }
    }

    const fn is_unused(&self) -> bool {
        self.here == NO_VALUES
            && self.below == NO_VALUES
            && self.any == ROOT
            && self.child_count == 0
    }
}

/// Adds an item, and answers its index. A vector that doubles is a quarter empty on average; this one grows by less.
fn push_with_little_room<I>(items: &mut Vec<I>, item: I) -> u32 {
    if items.len() == items.capacity() {
        items.reserve_exact((items.len() / 8).max(ROOM_MIN));
    }
    #[expect(
        clippy::expect_used,
        reason = "the memory of so many nodes would be more than any machine has for it"
    )]
    let index = u32::try_from(items.len()).expect("a tree has fewer than 2^32 nodes");
    items.push(item);
    index
}

/// The first level of a topic, and what follows it.
#[inline]
fn split_level(topic: &[u8]) -> (&[u8], Option<&[u8]>) {
    match scan::position(topic, b'/') {
        Some(end) => (topic.get(..end).unwrap_or_default(), topic.get(end + 1..)),
        None => (topic, None),
    }
}

/// The levels of a filter without a last `#`, and whether there was one.
fn levels<'a>(filter: &TopicFilter<'a>) -> (impl Iterator<Item = &'a str> + use<'a>, bool) {
    let pattern = filter.pattern();
    let (levels, is_below) = match pattern.strip_suffix('#') {
        None => (Some(pattern), false),
        Some("") => (None, true),
        Some(parent) => (parent.strip_suffix('/'), true),
    };
    (
        levels.into_iter().flat_map(|levels| levels.split('/')),
        is_below,
    )
}

/// The index of the root, which is never free and nobody's child.
const ROOT: u32 = 0;

/// In a node: no filter ends there.
const NO_VALUES: u32 = u32::MAX;

/// In a list of new numbers: the node has none.
const FREE: u32 = u32::MAX;

/// So many nodes may be free before the tree is compacted: below that, there is nothing to gain.
const FREE_MIN: usize = 64;

/// So many places a vector grows by at least.
const ROOM_MIN: usize = 4;
