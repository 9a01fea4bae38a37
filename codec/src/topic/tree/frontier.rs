//! The nodes that a topic has reached at one level.

/// A list of nodes; the first few stand in the value itself.
#[derive(Debug)]
pub(super) struct Frontier {
    few: [u32; FEW],
    few_len: usize,
    more: Vec<u32>,
}

impl Default for Frontier {
    #[inline]
    fn default() -> Self {
        Self {
            few: [0; FEW],
            few_len: 0,
            more: Vec::new(),
        }
    }
}

impl Frontier {
    /// One node.
    #[inline]
    pub(super) fn of(node: u32) -> Self {
        let mut frontier = Self::default();
        frontier.push(node);
        frontier
    }

    /// Takes all nodes out.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.few_len = 0;
        self.more.clear();
    }

    #[inline]
    pub(super) fn push(&mut self, node: u32) {
        match self.few.get_mut(self.few_len) {
            Some(place) => {
                *place = node;
                self.few_len += 1;
            }
            None => self.more.push(node),
        }
    }

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let few = self.few.get(..self.few_len).unwrap_or_default();
        few.iter().chain(&self.more).copied()
    }

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.few_len == 0
    }
}

/// So many nodes take no allocation: a topic of four levels reaches no more with filters of every form.
const FEW: usize = 16;
