//! Database URLs.

use std::fmt;
#[cfg(feature = "sqlite")]
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    /// A file of SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(PathBuf),
    /// A database of PostgreSQL, as libpq takes it.
    #[cfg(feature = "postgres")]
    Postgres(String),
}

/// The schemes that this build knows, for messages.
const KNOWN: &str = if cfg!(all(feature = "sqlite", feature = "postgres")) {
    "sqlite://FILE and postgres://USER@HOST/DATABASE"
} else if cfg!(feature = "sqlite") {
    "sqlite://FILE"
} else {
    "postgres://USER@HOST/DATABASE"
};

impl DatabaseUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        // The rest of a URL may hold a password: messages show the scheme alone.
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid(format!("the database URL has no scheme; known are {KNOWN}")));
        };
        match scheme.to_ascii_lowercase().as_str() {
            #[cfg(feature = "sqlite")]
            "sqlite" => sqlite(rest).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => Ok(Self::Postgres(postgres(rest))),
            _ => Err(invalid(format!(
                "`{scheme}://` is not a known kind of database; known are {KNOWN}"
            ))),
        }
    }
}

impl DatabaseUrl {
    /// Whether it names a server, which others may use from elsewhere.
    pub(crate) fn is_postgres(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
        }
    }
}

impl DatabaseUrl {
    /// Refuses a file that is not there. Whether a server is there shows when it is connected to.
    pub(crate) fn must_exist(&self) -> Result<(), StoreError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) if !path.exists() => Err(StoreError::Open {
                path: path.clone(),
                reason: "it does not exist; name another with --database, or make it with \
                         `tradebook organization create` or `tradebook migrate`"
                    .to_owned(),
            }),
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    /// Without what may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => f.write_str("postgres://***"),
        }
    }
}

fn invalid(message: String) -> StoreError {
    StoreError::InvalidUrl { message }
}

#[cfg(feature = "sqlite")]
fn sqlite(rest: &str) -> Result<PathBuf, StoreError> {
    if rest.is_empty() {
        return Err(invalid("`sqlite://` needs a file: sqlite://tradebook.db".to_owned()));
    }
    if rest == ":memory:" {
        return Err(invalid(
            "a database in memory cannot be shared by several connections; name a file".to_owned(),
        ));
    }
    let path = Path::new(rest);
    // SQLite reads `file:…` as a URL of its own; behind `./` a name is only a name.
    Ok(if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) })
}

/// How long a server that does not answer is waited for, where the URL does not say: seconds to connect with each host, then
/// of silence until a connection counts as lost, and milliseconds until one does whose server confirms nothing.
#[cfg(feature = "postgres")]
const PATIENCE: [(&str, u32); 5] = [
    ("connect_timeout", 3),
    ("keepalives_idle", 3),
    ("keepalives_interval", 1),
    ("keepalives_count", 3),
    ("tcp_user_timeout", 5000),
];

#[cfg(feature = "postgres")]
fn postgres(rest: &str) -> String {
    let mut url = format!("postgresql://{rest}");
    for (name, value) in PATIENCE {
        if !rest.contains(&format!("{name}=")) {
            let separator = if url.contains('?') { '&' } else { '?' };
            url.push_str(&format!("{separator}{name}={value}"));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(all(feature = "sqlite", feature = "postgres"))]
    fn the_scheme_decides() {
        const ALIVE: &str =
            "keepalives_idle=3&keepalives_interval=1&keepalives_count=3&tcp_user_timeout=5000";
        let sqlite = |path: &str| DatabaseUrl::Sqlite(path.into());
        let postgres = |url: &str| DatabaseUrl::Postgres(url.into());
        for (text, expected) in [
            ("sqlite://tradebook.db", sqlite("./tradebook.db")),
            ("sqlite:///var/lib/t.db", sqlite("/var/lib/t.db")),
            ("SQLite://file:x", sqlite("./file:x")),
            (
                "postgres://u:p@h/d",
                postgres(&format!("postgresql://u:p@h/d?connect_timeout=3&{ALIVE}")),
            ),
            (
                "postgresql://g,h/d?target_session_attrs=read-write",
                postgres(&format!(
                    "postgresql://g,h/d?target_session_attrs=read-write&connect_timeout=3&{ALIVE}"
                )),
            ),
            (
                "postgres://h/d?connect_timeout=1",
                postgres(&format!("postgresql://h/d?connect_timeout=1&{ALIVE}")),
            ),
        ] {
            assert_eq!(DatabaseUrl::parse(text).unwrap(), expected, "{text}");
        }
        for text in ["", "tradebook.db", "sqlite://", "sqlite://:memory:", "mysql://u:secret@h/d"] {
            let message = DatabaseUrl::parse(text).unwrap_err().to_string();
            assert!(!message.contains("secret"), "{message}");
        }
        let message = DatabaseUrl::parse("mysql://h/d").unwrap_err().to_string();
        assert!(message.contains("sqlite://") && message.contains("postgres://"), "{message}");
        assert_eq!(format!("{:?}", DatabaseUrl::parse("postgres://u:p@h/d")), "Ok(postgres://***)");
    }
}
