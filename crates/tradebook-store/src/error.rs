//! What can go wrong with the store.

use std::path::PathBuf;

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use tradebook_model::ModelError;

/// Why the store could not do what was asked. An outage is never reported as an absence: only [`StoreError::NotFound`]
/// says that something does not exist.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A name or id that names nothing in the organization.
    #[error("there is no {what} `{name}`")]
    NotFound {
        /// What was looked for: `organization`.
        what: &'static str,
        /// The name or id as given.
        name: String,
    },
    /// A name, code or id that is taken.
    #[error("{what} already exists")]
    NotUnique {
        /// What exists already, with its name.
        what: String,
    },
    /// A record refers to one that does not exist, or was to be removed while others refer to it.
    #[error("a reference between records would be broken: {message}")]
    BrokenReference {
        /// What the database says about it.
        message: String,
    },
    /// Another transaction holds what this one needs; the same call may succeed later.
    #[error("the database is busy with other changes, try again")]
    Busy,
    /// The database cannot be reached, or has no connection or space left.
    #[error("the database is not available: {message}")]
    Unavailable {
        /// Why.
        message: String,
    },
    /// A database URL of an unknown scheme, or one without what its scheme needs.
    #[error("{message}")]
    InvalidUrl {
        /// What is wrong and what would be right.
        message: String,
    },
    /// A database file that cannot be opened or created.
    #[error("cannot open the database file `{}`: {reason}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What is in the way.
        reason: String,
    },
    /// The database was migrated by a later release than this one.
    #[error(
        "the database has schema version {version}, which this release does not know; use a newer one"
    )]
    NewerSchema {
        /// The latest version found.
        version: String,
    },
    /// The database has not been migrated, or not by this release.
    #[error("the database's schema is not up to date; run `tradebook migrate`")]
    OldSchema,
    /// The database is the target of a copy that is not complete; see [`Store::copy_to`](crate::Store::copy_to).
    #[error(
        "the database holds a copy that is not complete; run the same `tradebook copy` again to finish it"
    )]
    HalfCopied,
    /// A stored value that this release could not have written.
    #[error("the database holds a damaged value: {what}")]
    Corrupt {
        /// Where, and what is wrong with it.
        what: String,
        /// What the domain says about the value, where it was refused there.
        #[source]
        source: Option<ModelError>,
    },
    /// Something that this kind of database does not do.
    #[error("{message}")]
    Unsupported {
        /// What is not done and what to use instead.
        message: String,
    },
    /// All ids of a kind are used up.
    #[error("there is no free id left for a {kind}: ids end at 2147483647")]
    NoMoreIds {
        /// The kind: `customer`.
        kind: &'static str,
    },
    /// A file beside the database that could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A migration that failed; nothing of it was applied.
    #[error("the schema could not be migrated: {message}")]
    Migration {
        /// Which one and why.
        message: String,
    },
    /// The operating system has no random numbers to give.
    #[error("the operating system gave no random numbers")]
    Random(#[source] getrandom::Error),
    /// Anything else that the database reports.
    #[error("the database reports an error")]
    Database(#[source] DieselError),
}

impl StoreError {
    pub(crate) fn not_found(what: &'static str, name: impl ToString) -> Self {
        Self::NotFound { what, name: name.to_string() }
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt { what: what.into(), source: None }
    }

    pub(crate) fn stored(what: impl Into<String>, source: ModelError) -> Self {
        Self::Corrupt { what: what.into(), source: Some(source) }
    }

    pub(crate) fn unavailable(message: impl ToString) -> Self {
        Self::Unavailable { message: message.to_string() }
    }
}

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::DatabaseError(kind, information) => {
                let message = information.message();
                match kind {
                    DatabaseErrorKind::UniqueViolation => {
                        Self::NotUnique { what: format!("a record with the same key ({message})") }
                    }
                    DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::RestrictViolation => {
                        Self::BrokenReference { message: message.to_owned() }
                    }
                    DatabaseErrorKind::SerializationFailure => Self::Busy,
                    // A replica, or a primary that was made one.
                    DatabaseErrorKind::ReadOnlyTransaction => Self::unavailable(message),
                    DatabaseErrorKind::ClosedConnection
                    | DatabaseErrorKind::UnableToSendCommand => Self::unavailable(message),
                    _ => by_message(message).unwrap_or(Self::Database(error)),
                }
            }
            DieselError::BrokenTransactionManager => {
                Self::unavailable("the connection was lost within a transaction")
            }
            DieselError::RollbackErrorOnCommit { .. } => Self::unavailable(
                "the connection was lost while committing: the change may or may not have been made",
            ),
            _ => Self::Database(error),
        }
    }
}

/// Diesel names no kind for these. SQLite's texts are fixed, see <https://sqlite.org/rescode.html>; those of PostgreSQL are
/// the English ones, and an error in another language is reported as it is.
fn by_message(message: &str) -> Option<StoreError> {
    const BUSY: [&str; 5] = [
        "database is locked",
        "database table is locked",
        "database schema is locked",
        "deadlock detected",
        "due to lock timeout",
    ];
    const UNAVAILABLE: [&str; 9] = [
        "disk I/O error",
        "database or disk is full",
        "unable to open database file",
        "attempt to write a readonly database",
        "out of memory",
        "terminating connection",
        "server closed the connection",
        "the database system is",
        "no connection to the server",
    ];
    const CORRUPT: [&str; 2] = ["database disk image is malformed", "file is not a database"];
    let is = |texts: &[&str]| texts.iter().any(|text| message.contains(text));
    if is(&BUSY) {
        Some(StoreError::Busy)
    } else if is(&UNAVAILABLE) {
        Some(StoreError::unavailable(message))
    } else if is(&CORRUPT) {
        Some(StoreError::corrupt(message))
    } else if message.contains("no such table")
        || (message.starts_with("relation \"") && message.ends_with("does not exist"))
    {
        Some(StoreError::OldSchema)
    } else {
        None
    }
}
