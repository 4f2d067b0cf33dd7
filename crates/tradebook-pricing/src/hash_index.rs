//! Positions in a table, found by the hash of a key that stays in the table.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Marks a slot that holds no position.
const FREE: u64 = u64::MAX;
/// The part of a slot that holds a position, which is never all of it.
const POSITION: u64 = 0xffff_ffff;

/// An open-addressing index over a table that somebody else keeps: ten to twenty bytes an entry, keys are not copied.
///
/// The hash is the same in every process, so that equal tables have equal indexes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HashIndex {
    /// A power of two of them, at most four of five taken: each a position and, above it, half of its key's hash, so that the
    /// table, which is seldom near, is only asked for keys that are most probably the same.
    slots: Box<[u64]>,
}

impl HashIndex {
    /// Indexes `len` keys by their positions. If two are equal, the error has both positions.
    pub(crate) fn build<'t, K: Hash + Eq + ?Sized + 't>(
        len: usize,
        key_at: impl Fn(u32) -> Option<&'t K>,
    ) -> Result<Self, (u32, u32)> {
        let size = len.saturating_add(len / 4 + 1).next_power_of_two().max(2);
        let mut index = Self { slots: vec![FREE; size].into_boxed_slice() };
        for position in (0..u32::MAX).take(len) {
            let Some(key) = key_at(position) else { break };
            match index.probe(hash(key), |other| key_at(other) == Some(key)) {
                Probe::Found(first) => return Err((first, position)),
                Probe::Free { slot, mark } => {
                    if let Some(slot) = index.slots.get_mut(slot) {
                        *slot = mark | u64::from(position);
                    }
                }
            }
        }
        Ok(index)
    }

    /// The position of a key; `is` says whether the table has it at a position.
    pub(crate) fn find<K: Hash + ?Sized>(&self, key: &K, is: impl Fn(u32) -> bool) -> Option<u32> {
        self.find_hashed(hash(key), is)
    }

    /// The same, of a key whose [`hash`] is known.
    pub(crate) fn find_hashed(&self, hash: u64, is: impl Fn(u32) -> bool) -> Option<u32> {
        match self.probe(hash, is) {
            Probe::Found(position) => Some(position),
            Probe::Free { .. } => None,
        }
    }

    /// Where a key with this [`hash`] most probably is, without a look at the table.
    pub(crate) fn guess(&self, hash: u64) -> Option<u32> {
        self.find_hashed(hash, |_| true)
    }

    /// Bytes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.slots)
    }

    fn probe(&self, hash: u64, is: impl Fn(u32) -> bool) -> Probe {
        let mark = hash & !POSITION;
        let mask = self.slots.len().wrapping_sub(1);
        let mut slot = usize::try_from(hash & POSITION).unwrap_or_default() & mask;
        loop {
            let taken = match self.slots.get(slot) {
                None | Some(&FREE) => return Probe::Free { slot, mark },
                Some(taken) => *taken,
            };
            if taken & !POSITION == mark
                && let Ok(position) = u32::try_from(taken & POSITION)
                && is(position)
            {
                return Probe::Found(position);
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// The hash of a key, the same in every process.
pub(crate) fn hash<K: Hash + ?Sized>(key: &K) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

enum Probe {
    Found(u32),
    /// A slot for the key, and what it holds above the position.
    Free {
        slot: usize,
        mark: u64,
    },
}

/// A 32-bit position as an index. The crate is for machines on which it fits.
pub(crate) fn usize_of(position: u32) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_it_indexed_and_nothing_else() {
        let keys: Vec<String> = (0..1000).map(|n| format!("P{n}")).collect();
        let index =
            HashIndex::build(keys.len(), |at| keys.get(usize_of(at)).map(String::as_str)).unwrap();
        let find = |key: &str| index.find(key, |at| keys[usize_of(at)] == key);
        for (n, key) in (0..).zip(&keys) {
            assert_eq!(find(key), Some(n));
        }
        assert_eq!(find("P1000"), None);
        assert_eq!(HashIndex::default().find("x", |_| true), None);
        let twice = ["a", "b", "a"];
        let found = HashIndex::build(twice.len(), |at| twice.get(usize_of(at)).copied());
        assert_eq!(found, Err((0, 2)));
    }
}
