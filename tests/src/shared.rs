//! What tests of one process have in common.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::{Database, Workspace};

/// A value that is made when a test asks for it and none has it, and dropped with the last that has it. What a `static` holds
/// itself would never be dropped.
pub(crate) struct Shared<T>(Mutex<Weak<T>>);

impl<T> Shared<T> {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Weak::new()))
    }

    pub(crate) fn get(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let made = Arc::new(make());
            *shared = Arc::downgrade(&made);
            made
        })
    }
}

/// A database with data and a key for it, of which tests have copies: that is faster than to make it again.
pub struct Original {
    sqlite: Shared<(Workspace, String)>,
    postgres: Shared<(Workspace, String)>,
}

impl Original {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { sqlite: Shared::new(), postgres: Shared::new() }
    }

    /// A copy, and the key. What is copied is made where there is none, by a function that puts data into an empty database and
    /// returns a key.
    pub fn copy(
        &self,
        database: Database,
        fill: impl FnOnce(&Workspace) -> String,
    ) -> (Workspace, String) {
        let shared = match database {
            Database::Sqlite => &self.sqlite,
            Database::Postgres => &self.postgres,
        };
        let original = shared.get(|| {
            let workspace = Workspace::with(database);
            let key = fill(&workspace);
            (workspace, key)
        });
        let key = original.1.clone();
        (Workspace::copy_of(original), key)
    }
}

impl Default for Original {
    fn default() -> Self {
        Self::new()
    }
}
