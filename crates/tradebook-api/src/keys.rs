//! API keys in memory, so that checking one touches no database.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tradebook_store::{KeyHash, Principal, Store, StoreError};

use crate::blocking::blocking;

/// The active keys' hashes and whom they open for.
pub(crate) struct Keys {
    store: Store,
    table: ArcSwap<Table>,
}

#[derive(Default)]
struct Table {
    revision: Option<i64>,
    active: HashMap<KeyHash, Principal>,
}

impl Keys {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, table: ArcSwap::default() }
    }

    /// Whom a key opens for. A key that is not in memory may have been created a moment ago: the store is asked.
    pub(crate) async fn authenticate(&self, key: &str) -> Result<Option<Principal>, StoreError> {
        let key = key.trim();
        if key.is_empty() || key.len() > 200 {
            return Ok(None);
        }
        let hash = self.store.hash_key(key)?;
        if let Some(principal) = self.table.load().active.get(&hash) {
            return Ok(Some(principal.clone()));
        }
        if !key.starts_with(tradebook_store::KEY_PREFIX) {
            return Ok(None);
        }
        let store = self.store.clone();
        blocking(move || store.authenticate(&hash)).await
    }

    /// Reads the keys again if any was created or revoked. Blocks.
    pub(crate) fn refresh(&self) -> Result<(), StoreError> {
        let revision = self.store.keys_revision()?;
        if self.table.load().revision == Some(revision) {
            return Ok(());
        }
        let active = self.store.active_keys()?.into_iter().collect();
        self.table.store(Arc::new(Table { revision: Some(revision), active }));
        Ok(())
    }
}
