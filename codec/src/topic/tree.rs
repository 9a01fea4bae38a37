//! A tree of many filters, for finding all that match a topic (section 4.7).

use std::collections::{BTreeMap, HashMap};
use std::mem;

use super::{TopicFilter, TopicName};

/// Values by topic filter. A shared subscription is kept under the filter behind its share name.
///
/// The nodes stand in one vector and name each other by index: a filter may have 65,535 levels, and nodes that own
/// their children would be dropped and cloned by recursion.
#[derive(Clone, Debug)]
pub struct FilterTree<T> {
    /// The root is the first; empty as long as there was no filter.
    nodes: Vec<Node<T>>,
    /// The nodes that are not in use.
    free: Vec<usize>,
    len: usize,
}

/// What is known about the filters that start with the same levels.
#[derive(Clone, Debug)]
struct Node<T> {
    /// The filters that end here.
    here: Option<Box<Values<T>>>,
    /// The filters that end here but for a last level `#`.
    below: Option<Box<Values<T>>>,
    /// The next level is `+`.
    any: Option<usize>,
    /// The next level is this text.
    levels: Levels,
}

/// The values of filters with the same pattern.
#[derive(Clone, Debug)]
struct Values<T> {
    plain: Option<T>,
    /// By share name.
    shared: BTreeMap<Box<str>, T>,
}

/// The children of a node. Most have one at most, and a hash table for each would be most of the tree.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::box_collection,
    reason = "few nodes have a table, so it shall not make all of them larger"
)]
enum Levels {
    #[default]
    None,
    One(Box<str>, usize),
    Many(Box<HashMap<Box<str>, usize>>),
}

impl<T> Default for FilterTree<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            free: Vec::new(),
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
            self.nodes.push(Node::default());
        }
        let (levels, is_below) = levels(filter);
        let mut id = ROOT;
        for level in levels {
            id = match self.node(id).child(level) {
                Some(child) => child,
                None => self.add_child(id, level),
            };
        }
        if self
            .node(id)
            .values(is_below)
            .is_none_or(|values| values.get(filter).is_none())
        {
            self.len += 1;
        }
        self.node_mut(id)
            .values_mut(is_below)
            .get_or_insert_default()
            .entry(filter)
    }

    /// The value of exactly this filter.
    #[must_use]
    pub fn get(&self, filter: &TopicFilter<'_>) -> Option<&T> {
        let (id, is_below) = self.find(filter)?;
        self.node(id).values(is_below)?.get(filter)
    }

    /// The value of exactly this filter.
    pub fn get_mut(&mut self, filter: &TopicFilter<'_>) -> Option<&mut T> {
        let (id, is_below) = self.find(filter)?;
        let values = self.node_mut(id).values_mut(is_below).as_mut()?;
        match filter.shared() {
            None => values.plain.as_mut(),
            Some(shared) => values.shared.get_mut(shared.share_name),
        }
    }

    /// Takes a filter out, with its value; the memory of its levels is given back.
    pub fn remove(&mut self, filter: &TopicFilter<'_>) -> Option<T> {
        let (id, is_below) = self.find(filter)?;
        let values = self.node_mut(id).values_mut(is_below);
        let value = match filter.shared() {
            None => values.as_mut()?.plain.take()?,
            Some(shared) => values.as_mut()?.shared.remove(shared.share_name)?,
        };
        values.take_if(|values| values.is_empty());
        self.len -= 1;
        self.prune(filter);
        Some(value)
    }

    /// Calls `visit` with the value of every filter that matches the topic, each once, in no promised order.
    pub fn for_each_match<'t>(&'t self, topic: &TopicName<'_>, mut visit: impl FnMut(&'t T)) {
        if self.nodes.is_empty() {
            return;
        }
        // Each node is reached over one path, so the work is bounded by the size of the tree.
        let mut pending = vec![(ROOT, Some(topic.as_str()))];
        while let Some((id, rest)) = pending.pop() {
            let node = self.node(id);
            // v3-4.7.2-1 v5-4.7.2-1
            let may_be_wildcard = id != ROOT || !topic.is_dollar();
            if may_be_wildcard && let Some(values) = &node.below {
                values.iter().for_each(&mut visit);
            }
            let Some(rest) = rest else {
                if let Some(values) = &node.here {
                    values.iter().for_each(&mut visit);
                }
                continue;
            };
            let (level, rest) = match rest.split_once('/') {
                Some((level, rest)) => (level, Some(rest)),
                None => (rest, None),
            };
            if may_be_wildcard && let Some(child) = node.any {
                pending.push((child, rest));
            }
            if let Some(child) = node.levels.get(level) {
                pending.push((child, rest));
            }
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

    /// The node of a filter, and whether the filter is below it.
    fn find(&self, filter: &TopicFilter<'_>) -> Option<(usize, bool)> {
        if self.nodes.is_empty() {
            return None;
        }
        let (mut levels, is_below) = levels(filter);
        let id = levels.try_fold(ROOT, |id, level| self.node(id).child(level))?;
        Some((id, is_below))
    }

    fn add_child(&mut self, parent: usize, level: &str) -> usize {
        let child = self.free.pop().unwrap_or_else(|| {
            self.nodes.push(Node::default());
            self.nodes.len() - 1
        });
        let parent = self.node_mut(parent);
        if level == "+" {
            parent.any = Some(child);
        } else {
            parent.levels.insert(level, child);
        }
        child
    }

    /// Gives back the nodes of a filter's levels that nothing uses any more.
    fn prune(&mut self, filter: &TopicFilter<'_>) {
        let mut path = Vec::new();
        let mut id = ROOT;
        for level in levels(filter).0 {
            let Some(child) = self.node(id).child(level) else {
                return;
            };
            path.push((id, level, child));
            id = child;
        }
        while let Some((parent, level, child)) = path.pop() {
            if !self.node(child).is_unused() {
                break;
            }
            self.free.push(child);
            let parent = self.node_mut(parent);
            if level == "+" {
                parent.any = None;
            } else {
                parent.levels.remove(level);
            }
        }
        if self.free.len() >= FREE_MIN && self.free.len() > self.nodes.len() / 2 {
            self.compact();
        }
    }

    /// Moves the nodes together. Done when half are free, so that a removal costs little on average.
    fn compact(&mut self) {
        let mut is_free = vec![false; self.nodes.len()];
        for &id in &self.free {
            if let Some(slot) = is_free.get_mut(id) {
                *slot = true;
            }
        }
        let mut moved_to = Vec::with_capacity(is_free.len());
        let mut next = 0;
        for &free in &is_free {
            moved_to.push(next);
            next += usize::from(!free);
        }
        let mut is_free = is_free.into_iter();
        self.nodes.retain(|_| is_free.next() == Some(false));
        self.nodes.shrink_to_fit();
        self.free = Vec::new();
        let relink = |id: &mut usize| {
            if let Some(&new) = moved_to.get(*id) {
                *id = new;
            }
        };
        for node in &mut self.nodes {
            node.any.as_mut().map(relink);
            match &mut node.levels {
                Levels::None => {}
                Levels::One(_, child) => relink(child),
                Levels::Many(children) => children.values_mut().for_each(relink),
            }
        }
    }

    #[expect(
        clippy::indexing_slicing,
        reason = "only ids of nodes in use are kept in nodes, and the root is made first"
    )]
    fn node(&self, id: usize) -> &Node<T> {
        &self.nodes[id]
    }

    #[expect(clippy::indexing_slicing, reason = "as in `node`")]
    fn node_mut(&mut self, id: usize) -> &mut Node<T> {
        &mut self.nodes[id]
    }
}

impl<T> Node<T> {
    fn child(&self, level: &str) -> Option<usize> {
        if level == "+" {
            self.any
        } else {
            self.levels.get(level)
        }
    }

    fn values(&self, is_below: bool) -> Option<&Values<T>> {
        if is_below {
            self.below.as_deref()
        } else {
            self.here.as_deref()
        }
    }

    const fn values_mut(&mut self, is_below: bool) -> &mut Option<Box<Values<T>>> {
        if is_below {
            &mut self.below
        } else {
            &mut self.here
        }
    }

    const fn is_unused(&self) -> bool {
        self.here.is_none()
            && self.below.is_none()
            && self.any.is_none()
            && matches!(self.levels, Levels::None)
    }
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            here: None,
            below: None,
            any: None,
            levels: Levels::None,
        }
    }
}

impl<T> Values<T> {
    fn entry(&mut self, filter: &TopicFilter<'_>) -> &mut T
    where
        T: Default,
    {
        match filter.shared() {
            None => self.plain.get_or_insert_default(),
            Some(shared) => self.shared.entry(shared.share_name.into()).or_default(),
        }
    }

    fn get(&self, filter: &TopicFilter<'_>) -> Option<&T> {
        match filter.shared() {
            None => self.plain.as_ref(),
            Some(shared) => self.shared.get(shared.share_name),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &T> {
        self.plain.iter().chain(self.shared.values())
    }

    fn is_empty(&self) -> bool {
        self.plain.is_none() && self.shared.is_empty()
    }
}

impl<T> Default for Values<T> {
    fn default() -> Self {
        Self {
            plain: None,
            shared: BTreeMap::new(),
        }
    }
}

impl Levels {
    fn insert(&mut self, level: &str, child: usize) {
        match mem::take(self) {
            Self::None => *self = Self::One(level.into(), child),
            Self::One(other, other_child) => {
                let children = [(other, other_child), (level.into(), child)];
                *self = Self::Many(Box::new(HashMap::from(children)));
            }
            Self::Many(mut children) => {
                children.insert(level.into(), child);
                *self = Self::Many(children);
            }
        }
    }

    fn remove(&mut self, level: &str) {
        match self {
            Self::None => {}
            Self::One(..) => *self = Self::None,
            Self::Many(children) => {
                children.remove(level);
                if children.is_empty() {
                    *self = Self::None;
                } else if children.capacity() > 4 * children.len() {
                    children.shrink_to(2 * children.len());
                }
            }
        }
    }

    fn get(&self, level: &str) -> Option<usize> {
        match self {
            Self::None => None,
            Self::One(other, child) => (**other == *level).then_some(*child),
            Self::Many(children) => children.get(level).copied(),
        }
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
const ROOT: usize = 0;

/// So many nodes may be free before the tree is compacted: below that, there is nothing to gain.
const FREE_MIN: usize = 64;
