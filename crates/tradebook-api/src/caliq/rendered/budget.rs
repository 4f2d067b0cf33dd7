//! How much memory rendered lists may take, of all organizations together.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that may be taken, and how many are.
#[derive(Debug)]
pub(crate) struct Budget {
    most: u64,
    taken: AtomicU64,
}

impl Budget {
    pub(crate) const fn new(most: u64) -> Self {
        Self { most, taken: AtomicU64::new(0) }
    }
}

/// What is taken of a budget; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Lease {
    budget: Arc<Budget>,
    bytes: u64,
    /// What is about to be given back: the lease that this one replaces, most of which is the same memory.
    replaced: u64,
}

impl Lease {
    pub(super) fn new(budget: &Arc<Budget>, replaced: u64) -> Self {
        Self { budget: Arc::clone(budget), bytes: 0, replaced }
    }

    pub(super) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many bytes can still be taken.
    pub(super) fn free(&self) -> u64 {
        let taken = self.budget.taken.load(Ordering::Relaxed);
        self.budget.most.saturating_sub(taken.saturating_sub(self.replaced))
    }

    /// Takes so many bytes, if they are free.
    pub(super) fn take(&mut self, bytes: u64) -> bool {
        if bytes > self.free() {
            return false;
        }
        self.budget.taken.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        true
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.budget.taken.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_back_can_be_taken_again() {
        let budget = Arc::new(Budget::new(10));
        let mut first = Lease::new(&budget, 0);
        assert!(first.take(8) && !first.take(3));
        let mut successor = Lease::new(&budget, first.bytes());
        assert!(successor.take(9));
        assert_eq!(successor.free(), 1);
        drop(first);
        assert!(!Lease::new(&budget, 0).take(2));
        drop(successor);
        assert_eq!(Lease::new(&budget, 0).free(), 10);
    }
}
