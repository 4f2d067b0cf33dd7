//! The schema, the consistency of the data, and copies of it.

use std::path::Path;

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::connection::AnyConnection;
use crate::key::{KeySecret, SERVER};
use crate::schema::server_state;
use crate::transaction::Outcome;
use crate::{Store, StoreError};

#[cfg(feature = "sqlite")]
pub(crate) const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
pub(crate) const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number, the same in every process that migrates a database of PostgreSQL.
#[cfg(feature = "postgres")]
const MIGRATION_LOCK: i64 = 0x7472_6164_6562;

/// How the database's schema stands to this release's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaState {
    /// They are the same.
    Current,
    /// The database needs [`Store::migrate`].
    Behind,
    /// A later release has migrated the database; this one must leave it alone.
    Newer {
        /// The latest version that this release does not know.
        version: String,
    },
    /// The database is the target of a copy that is not complete; see [`Store::copy_to`].
    HalfCopied,
}

impl Store {
    /// Brings the schema up to date and returns the names of what was applied, in order. All of it or nothing; several
    /// processes may do so at once. [`StoreError::NewerSchema`] where a later release has been here,
    /// [`StoreError::HalfCopied`] where a copy is not complete.
    pub fn migrate(&self) -> Result<Vec<String>, StoreError> {
        match self.schema_state()? {
            // Without waiting for whoever writes.
            SchemaState::Current => Ok(Vec::new()),
            SchemaState::HalfCopied => Err(StoreError::HalfCopied),
            _ => self.migrate_schema(),
        }
    }

    /// Brings the schema up to date, also that of half a copy.
    pub(crate) fn migrate_schema(&self) -> Result<Vec<String>, StoreError> {
        self.change(|connection| {
            wait_for_others(connection)?;
            if let SchemaState::Newer { version } = versions_state(connection)? {
                return Err(StoreError::NewerSchema { version });
            }
            let applied = match connection {
                #[cfg(feature = "sqlite")]
                AnyConnection::Sqlite(sqlite) => run(sqlite, SQLITE)?,
                #[cfg(feature = "postgres")]
                AnyConnection::Postgres(postgres) => run(postgres, POSTGRES)?,
            };
            let secrets: i64 = server_state::table.count().get_result(connection)?;
            if secrets == 0 {
                diesel::insert_into(server_state::table)
                    .values((
                        server_state::id.eq(SERVER),
                        server_state::key_secret.eq(KeySecret::generate()?.bytes()),
                        server_state::keys_revision.eq(1),
                    ))
                    .execute(connection)?;
            }
            Ok(Outcome::Commit(applied))
        })
    }

    /// How the database's schema stands to this release's. Changes nothing in the database.
    pub fn schema_state(&self) -> Result<SchemaState, StoreError> {
        self.read_snapshot(state)
    }

    /// Tells PostgreSQL of what is in the tables, which it would only find out after a while.
    pub(crate) fn analyze(&self) -> Result<(), StoreError> {
        match &mut *self.pools().write()? {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(_) => {}
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(postgres) => {
                diesel::sql_query("ANALYZE").execute(postgres)?;
            }
        }
        Ok(())
    }

    /// Copies the database of SQLite into a new file, consistent even while others write. On PostgreSQL:
    /// [`StoreError::Unsupported`].
    #[cfg_attr(not(feature = "sqlite"), expect(unused_variables, reason = "only SQLite is copied"))]
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        match self.url() {
            #[cfg(feature = "sqlite")]
            crate::url::DatabaseUrl::Sqlite(_) => self.copy_sqlite(to),
            #[cfg(feature = "postgres")]
            crate::url::DatabaseUrl::Postgres(_) => Err(StoreError::Unsupported {
                message:
                    "a database of PostgreSQL is backed up with its own tools, such as pg_dump"
                        .to_owned(),
            }),
        }
    }

    #[cfg(feature = "sqlite")]
    fn copy_sqlite(&self, to: &Path) -> Result<(), StoreError> {
        use crate::connection::{Purpose, connect};

        let write = |source| StoreError::Write { path: to.to_owned(), source };
        let text = to.to_str().ok_or_else(|| write(std::io::ErrorKind::InvalidFilename.into()))?;
        // Made here, so that what is there stays, and for the owner alone, since hashes and a secret are inside.
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(to).map_err(write)?;
        let copied = connect(self.url(), Purpose::Write).and_then(|mut connection| {
            // A name that begins with `file:` would be read as a URL.
            let text = if to.is_absolute() { text.to_owned() } else { format!("./{text}") };
            diesel::sql_query("VACUUM INTO $1").bind::<Text, _>(text).execute(&mut connection)?;
            file.sync_all().map_err(write)
        });
        if copied.is_err() {
            // Half a copy must not be taken for one. Where it cannot be removed, the first error still says what happened.
            drop(std::fs::remove_file(to));
        }
        copied
    }
}

/// Lets one process migrate at a time: on SQLite the transaction does.
fn wait_for_others(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(postgres) => diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<BigInt, _>(MIGRATION_LOCK)
            .execute(postgres)
            .map(drop),
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Whether there is a table of a name.
pub(crate) fn has_table(connection: &mut AnyConnection, name: &str) -> Result<bool, StoreError> {
    let sql = match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => "SELECT COUNT(*) AS count FROM sqlite_master WHERE name = $1",
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => {
            "SELECT COUNT(*) AS count FROM pg_catalog.pg_class WHERE oid = to_regclass($1)"
        }
    };
    let found: Counted = diesel::sql_query(sql).bind::<Text, _>(name).get_result(connection)?;
    Ok(found.count > 0)
}

/// The versions that are applied; none in a database that is empty.
fn applied(connection: &mut AnyConnection) -> Result<Vec<String>, StoreError> {
    if !has_table(connection, "__diesel_schema_migrations")? {
        return Ok(Vec::new());
    }
    // Diesel's own question would create the table, which a reader may not.
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations").load(connection)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

fn state(connection: &mut AnyConnection) -> Result<SchemaState, StoreError> {
    match versions_state(connection)? {
        newer @ SchemaState::Newer { .. } => Ok(newer),
        _ if has_table(connection, crate::copy::PROGRESS)? => Ok(SchemaState::HalfCopied),
        state => Ok(state),
    }
}

fn versions_state(connection: &mut AnyConnection) -> Result<SchemaState, StoreError> {
    let known = match connection {
        #[cfg(feature = "sqlite")]
        AnyConnection::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        #[cfg(feature = "postgres")]
        AnyConnection::Postgres(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    let applied: Vec<String> = applied(connection)?.iter().map(ToString::to_string).collect();
    if let Some(newest) = applied.iter().filter(|version| !known.contains(version)).max() {
        return Ok(SchemaState::Newer { version: newest.clone() });
    }
    Ok(if known.iter().all(|version| applied.contains(version)) {
        SchemaState::Current
    } else {
        SchemaState::Behind
    })
}

fn versions<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
) -> Result<Vec<String>, StoreError> {
    let migrations: Vec<Box<dyn Migration<DB>>> = source
        .migrations()
        .map_err(|error| StoreError::Migration { message: error.to_string() })?;
    Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
}

fn run<C, DB>(connection: &mut C, source: EmbeddedMigrations) -> Result<Vec<String>, StoreError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let migration = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Migration {
        message: error.to_string(),
    };
    let mut names = Vec::new();
    for next in connection.pending_migrations(source).map_err(migration)? {
        names.push(next.name().to_string());
        connection.run_migration(&next).map_err(migration)?;
    }
    Ok(names)
}
