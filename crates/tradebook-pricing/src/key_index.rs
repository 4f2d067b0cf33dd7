//! A table of customers by the hash of a key that stays with the customer; a changed one shares most of its parts.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::book::CustomerIndex;
use crate::hash_index::usize_of;

/// Into how many parts the table is split. Each is copied when it is changed.
const PARTS: u32 = 1024;

/// Customers by one of their keys: eight bytes each, keys are not copied.
#[derive(Debug, Clone)]
pub(crate) struct KeyIndex {
    /// By the hash's remainder; each part is sorted.
    parts: Arc<[Arc<[Entry]>]>,
}

type Entry = (u32, CustomerIndex);

impl KeyIndex {
    pub(crate) fn build<'k, K: Hash + ?Sized + 'k>(
        keys: impl Iterator<Item = (&'k K, CustomerIndex)>,
    ) -> Self {
        let mut parts: Vec<(u32, Entry)> =
            keys.map(|(key, customer)| place(key, customer)).collect();
        parts.sort_unstable();
        let none: Arc<[Entry]> = Arc::default();
        let mut rest = parts.as_slice();
        let parts = (0..PARTS).map(|part| {
            let end = rest.partition_point(|(of, _)| *of <= part);
            let (own, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            rest = after;
            if own.is_empty() {
                Arc::clone(&none)
            } else {
                own.iter().map(|(_, entry)| *entry).collect()
            }
        });
        Self { parts: parts.collect() }
    }

    /// The customer with a key, if `is` finds that it has it.
    pub(crate) fn find<K: Hash + ?Sized>(
        &self,
        key: &K,
        is: impl Fn(CustomerIndex) -> bool,
    ) -> Option<CustomerIndex> {
        let (part, (hash, _)) = place(key, CustomerIndex(0));
        let part = self.parts.get(usize_of(part))?;
        let start = part.partition_point(|(known, _)| *known < hash);
        part.get(start..)?
            .iter()
            .take_while(|(known, _)| *known == hash)
            .map(|(_, customer)| *customer)
            .find(|customer| is(*customer))
    }

    /// The table without some keys and with others.
    pub(crate) fn with<'k, K: Hash + ?Sized + 'k>(
        &self,
        removed: impl Iterator<Item = (&'k K, CustomerIndex)>,
        added: impl Iterator<Item = (&'k K, CustomerIndex)>,
    ) -> Self {
        let mut parts = self.parts.to_vec();
        let removed = removed.map(|(key, customer)| (place(key, customer), false));
        let added = added.map(|(key, customer)| (place(key, customer), true));
        for ((part, entry), is_added) in removed.chain(added) {
            let Some(part) = parts.get_mut(usize_of(part)) else { continue };
            match (part.binary_search(&entry), is_added) {
                (Ok(at), false) => {
                    let kept = part.iter().enumerate().filter(|(known, _)| *known != at);
                    *part = kept.map(|(_, entry)| *entry).collect();
                }
                (Err(at), true) => {
                    let (before, after) = part.split_at_checked(at).unwrap_or((part, &[]));
                    *part = before.iter().chain([&entry]).chain(after).copied().collect();
                }
                (Ok(_), true) | (Err(_), false) => {}
            }
        }
        Self { parts: parts.into() }
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        size_of_val(&*self.parts)
            + self.parts.iter().map(|part| size_of_val(&**part)).sum::<usize>()
    }
}

fn place<K: Hash + ?Sized>(key: &K, customer: CustomerIndex) -> (u32, Entry) {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    let hash = hasher.finish();
    let part = u32::try_from(hash % u64::from(PARTS)).unwrap_or_default();
    let entry = u32::try_from(hash >> 32).unwrap_or_default();
    (part, (entry, customer))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_it_indexed_and_nothing_else() {
        let keys: Vec<String> = (0..5000).map(|n| format!("C{n}")).collect();
        let all = || keys.iter().map(String::as_str).zip((0..).map(CustomerIndex));
        let find = |index: &KeyIndex, key: &str| {
            index.find(key, |at| keys[usize::try_from(at.0).unwrap()] == key)
        };
        let index = KeyIndex::build(all());
        let even = index.with(all().filter(|(_, at)| at.0 % 2 == 1), std::iter::empty());
        let again = even.with(std::iter::empty(), all().skip(10));
        for (key, at) in all() {
            assert_eq!(find(&index, key), Some(at));
            assert_eq!(find(&even, key), (at.0 % 2 == 0).then_some(at));
            assert_eq!(find(&again, key), (at.0 % 2 == 0 || at.0 >= 10).then_some(at));
        }
        assert_eq!(find(&index, "C5000"), None);
        assert_eq!(find(&KeyIndex::build(all().take(0)), "C0"), None);
    }
}
