//! The text of a level inside a node, and its hash.

use std::hash::{BuildHasher, RandomState};

/// A level's text. A short one stands in the node itself: to compare it takes no other memory.
#[derive(Clone, Debug)]
pub(super) enum Level {
    Short { len: u8, bytes: [u8; SHORT_LEN_MAX] },
    Long(Box<Box<str>>),
}

/// The longest text that stands in the node, in bytes: with it, a level takes 24.
const SHORT_LEN_MAX: usize = 22;

impl Level {
    /// Keeps a text.
    pub(super) fn new(text: &str) -> Self {
        let mut bytes = [0; SHORT_LEN_MAX];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(len), Some(short)) => {
                short.copy_from_slice(text.as_bytes());
                Self::Short { len, bytes }
            }
            _ => Self::Long(Box::new(text.into())),
        }
    }

    /// The text as bytes.
    #[inline]
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { len, bytes } => bytes.get(..usize::from(*len)).unwrap_or_default(),
            Self::Long(text) => text.as_bytes(),
        }
    }
}

/// Hashes levels under their parents, with secrets that nobody who chooses filters knows.
#[derive(Clone, Debug)]
pub(super) struct Hasher {
    secrets: [u64; 3],
}

impl Default for Hasher {
    fn default() -> Self {
        let random = RandomState::new();
        Self {
            secrets: [0, 1, 2].map(|number: u64| random.hash_one(number) | 1),
        }
    }
}

impl Hasher {
    /// The hash of a level's text: the same wherever the level stands.
    #[inline]
    pub(super) fn level(&self, text: &[u8]) -> u64 {
        let [first_secret, second_secret, _] = self.secrets;
        // The length is multiplied, so that nobody can make up for it by the bits of a character.
        let mut hash = (text.len() as u64).wrapping_mul(second_secret);
        let (words, rest) = text.as_chunks::<WORD_LEN>();
        for word in words {
            hash = fold(
                hash ^ u64::from_le_bytes(*word) ^ first_secret,
                second_secret,
            );
        }
        // The last word overlaps the one before it; of a shorter text, its two halves overlap, or it is filled up.
        let last = if let Some(last) = text.last_chunk::<WORD_LEN>() {
            u64::from_le_bytes(*last)
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>())
        {
            let [first, last] = [*first, *last].map(u32::from_le_bytes);
            u64::from(first) | u64::from(last) << 32
        } else {
            rest.iter()
                .fold(0, |word, &byte| word << 8 | u64::from(byte))
        };
        fold(hash ^ last ^ first_secret, second_secret)
    }

    /// The hash of a level, by its own hash, under a parent.
    #[inline]
    pub(super) const fn under(&self, parent: u32, level_hash: u64) -> u32 {
        let [.., secret] = self.secrets;
        // Any half of a hash is a hash.
        (fold(level_hash ^ parent as u64, secret) >> u32::BITS) as u32
    }
}

/// Multiplies, and folds the upper half of the product into the lower: every bit depends on every bit.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the two halves are what is wanted"
)]
const fn fold(left: u64, right: u64) -> u64 {
    let product = left as u128 * right as u128;
    (product >> 64) as u64 ^ product as u64
}

/// The length of a word in bytes.
const WORD_LEN: usize = 8;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_level_keeps_its_text() {
        for len in 0..=3 * SHORT_LEN_MAX {
            let text = "0123456789".repeat(len / 10 + 1);
            let text = &text[..len];
            assert_eq!(Level::new(text).as_bytes(), text.as_bytes());
        }
    }

    /// Hashes are for speed alone: where two levels have the same, their texts are compared, and a tree slows down. So
    /// what looks alike has to be told apart: texts of every length that differ in one byte, and the parents' numbers.
    #[test]
    fn levels_that_look_alike_have_different_hashes() {
        let mut alike = vec![Vec::new()];
        for len in 1..=40 {
            for at in 0..len {
                for byte in [b'0', b'1', b'2', b'a', b'b', b'~', 0xc3] {
                    let mut text = vec![b'0'; len];
                    text[at] = byte;
                    alike.push(text);
                }
            }
        }
        alike.sort();
        alike.dedup();
        // Some secrets hide what is wrong with a hash, and several do not.
        for _ in 0..4 {
            let hasher = Hasher::default();
            let mut seen = BTreeSet::new();
            for text in &alike {
                let level_hash = hasher.level(text);
                for parent in 0..4 {
                    seen.insert(hasher.under(parent, level_hash));
                }
            }
            // So many of 2^32: fewer than one pair is to be expected.
            let count = 4 * alike.len();
            assert!(count > 15_000, "{count}");
            assert!(seen.len() + 4 >= count, "{} of {count}", seen.len());
            // A search starts at the upper bits of a hash, and goes on until a place is free.
            let mut homes = [0; 256];
            for hash in &seen {
                homes[usize::from(hash.to_be_bytes()[0])] += 1;
            }
            let most = homes.iter().max().unwrap();
            assert!(*most < 2 * count / 256, "{most} of {count}");
        }
    }
}
