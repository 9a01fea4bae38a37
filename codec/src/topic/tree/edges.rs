//! The way from a node to its child by the child's level: one table for the whole tree.
//!
//! A table for each node would be most of the tree, since most nodes have one child. The table holds hashes and
//! numbers of nodes; whoever looks up compares the level itself. Linear probing: a search reads one place in memory.

/// A table from hashes to children.
#[derive(Clone, Debug, Default)]
pub(super) struct Edges {
    /// Of any length: a table that doubles is more than half empty too often.
    slots: Vec<Slot>,
    count: usize,
}

/// A child with its hash; empty where the child is 0, which is the root and nobody's child.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    child: u32,
}

impl Edges {
    /// The child with this hash that is the one, if there is one.
    #[inline]
    pub(super) fn find(&self, hash: u32, is_the_one: impl Fn(u32) -> bool) -> Option<u32> {
        let mut index = self.home(hash);
        loop {
            let slot = self.slots.get(index)?;
            if slot.child == 0 {
                return None;
            }
            if slot.hash == hash && is_the_one(slot.child) {
                return Some(slot.child);
            }
            index = self.next(index);
        }
    }

    /// Adds a child that is not there.
    pub(super) fn insert(&mut self, hash: u32, child: u32) {
        let len = self.slots.len();
        if (self.count + 1) * 3 > len * 2 {
            self.resize((len + len / 4).max(SLOTS_MIN));
        }
        self.place(Slot { hash, child });
        self.count += 1;
    }

    /// Takes a child out, and moves those behind it up, so that no search ends too early. The table stays as long as it
    /// is: whoever gives back nodes makes a new one.
    pub(super) fn remove(&mut self, hash: u32, child: u32) {
        let mut index = self.home(hash);
        while let Some(slot) = self.slots.get(index) {
            if slot.child == 0 {
                return;
            }
            if slot.child == child {
                break;
            }
            index = self.next(index);
        }
        self.count -= 1;
        self.close_gap(index);
    }

    fn close_gap(&mut self, mut gap: usize) {
        let mut index = gap;
        loop {
            index = self.next(index);
            let Some(&slot) = self.slots.get(index) else {
                return;
            };
            if slot.child == 0 {
                break;
            }
            // It may move into the gap unless its home is behind the gap.
            let home = self.home(slot.hash);
            if self.distance(home, index) >= self.distance(gap, index) {
                self.set(gap, slot);
                gap = index;
            }
        }
        self.set(gap, Slot::default());
    }

    fn resize(&mut self, len: usize) {
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); len]);
        for slot in old {
            if slot.child != 0 {
                self.place(slot);
            }
        }
    }

    /// Puts a slot into the first empty place from its home on; there is always one.
    fn place(&mut self, slot: Slot) {
        let mut index = self.home(slot.hash);
        while self.slots.get(index).is_some_and(|slot| slot.child != 0) {
            index = self.next(index);
        }
        self.set(index, slot);
    }

    fn set(&mut self, index: usize, slot: Slot) {
        if let Some(place) = self.slots.get_mut(index) {
            *place = slot;
        }
    }

    /// Where the search for a hash starts: as far along the table as the hash is along all hashes.
    #[inline]
    const fn home(&self, hash: u32) -> usize {
        ((hash as u64 * self.slots.len() as u64) >> u32::BITS) as usize
    }

    #[inline]
    const fn next(&self, index: usize) -> usize {
        if index + 1 < self.slots.len() {
            index + 1
        } else {
            0
        }
    }

    /// How many steps lead from one slot to another.
    const fn distance(&self, from: usize, to: usize) -> usize {
        if from <= to {
            to - from
        } else {
            self.slots.len() - from + to
        }
    }
}

/// The fewest slots of a table that is not empty.
const SLOTS_MIN: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_searches_for_all_hashes_start_all_over_the_table() {
        for len in [SLOTS_MIN, 10, 1_000] {
            let mut edges = Edges::default();
            edges.resize(len);
            let step = u32::MAX / u32::try_from(len).unwrap() + 1;
            for index in 0..len {
                let first = step * u32::try_from(index).unwrap();
                assert!(edges.home(first).abs_diff(index) <= 1, "{first} of {len}");
            }
            assert_eq!(edges.home(0), 0);
            assert_eq!(edges.home(u32::MAX), len - 1);
        }
    }

    /// From outside, hashes are secret: here they are alike, stand at the end of the table, or are spread.
    #[test]
    fn a_child_is_found_by_its_hash_until_it_is_removed() {
        for (hashes, spread) in [(1, 0), (3, 1), (5, u32::MAX / 4), (200, u32::MAX / 199)] {
            let hash_of = |child: u32| u32::MAX - child % hashes * spread;
            let mut edges = Edges::default();
            let mut children = Vec::new();
            // Each third step takes out the one in the middle.
            for step in 1..600 {
                if step % 3 == 0 {
                    let child = children.remove(children.len() / 2);
                    edges.remove(hash_of(child), child);
                } else {
                    edges.insert(hash_of(step), step);
                    children.push(step);
                }
                for child in 1..=step {
                    let found = edges.find(hash_of(child), |it| it == child);
                    assert_eq!(found, children.contains(&child).then_some(child));
                    let of_another_hash = edges.find(hash_of(child) ^ 1 << 31, |it| it == child);
                    assert_eq!(of_another_hash, None);
                }
            }
            // A third is free at least, and more than half of a table that has grown never.
            let (len, count) = (edges.slots.len(), children.len());
            assert!(
                (count * 3 / 2..count * 5 / 2).contains(&len),
                "{count} in {len}"
            );
            // To remove a child that is not there changes nothing.
            edges.remove(hash_of(600), 600);
            for child in children.drain(..) {
                edges.remove(hash_of(child), child);
            }
            assert_eq!(edges.count, 0);
            assert!(edges.slots.iter().all(|slot| slot.child == 0));
        }
    }
}
