//! Bytes that a peer makes the broker keep, counted for as long as they are kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A count of bytes, and perhaps a larger one that it is a part of.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    len: Arc<AtomicUsize>,
    whole: Option<Arc<AtomicUsize>>,
}

/// Bytes that count for as long as this lives.
#[derive(Debug)]
pub(super) struct Held {
    pool: Pool,
    len: usize,
}

impl Pool {
    /// A new count that is a part of this one.
    pub(super) fn part(&self) -> Self {
        Self {
            len: Arc::default(),
            whole: Some(Arc::clone(&self.len)),
        }
    }

    pub(super) fn hold(&self, len: usize) -> Held {
        for count in self.counts() {
            count.fetch_add(len, Ordering::Relaxed);
        }
        let pool = self.clone();
        Held { pool, len }
    }

    pub(super) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    /// Whether so many bytes more would be no more than a maximum.
    pub(super) fn has_room(&self, len: usize, max: usize) -> bool {
        self.len().saturating_add(len) <= max
    }

    fn counts(&self) -> impl Iterator<Item = &AtomicUsize> {
        let whole = self.whole.as_deref();
        [Some(&*self.len), whole].into_iter().flatten()
    }
}

impl Clone for Held {
    fn clone(&self) -> Self {
        self.pool.hold(self.len)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for count in self.pool.counts() {
            count.fetch_sub(self.len, Ordering::Relaxed);
        }
    }
}
