//! What each command does: one call into the libraries, and its result in words.

mod copy;
mod demo;
mod key;
mod organization;
mod server;
mod transfer;
mod user;

use std::process::ExitCode;

use tradebook_model::{KeyId, ModelError, Organization, OrganizationName};
use tradebook_store::{Store, StoreError, StoreOptions};

use crate::cli::{self, Cli, Command, Global};

/// Why a command failed, in one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Model(#[from] ModelError),
    #[error(transparent)]
    Serve(#[from] tradebook_api::ServeError),
    #[error(transparent)]
    Import(#[from] tradebook_api::transfer::ImportError),
    #[error(transparent)]
    Export(#[from] tradebook_api::transfer::ExportError),
    #[error(
        "there is no organization `{0}`; `tradebook organization list` shows them, \
         `tradebook organization create` makes one"
    )]
    UnknownOrganization(String),
    #[error("there is no active key with the id {0}; `tradebook key list` shows them")]
    UnknownKey(KeyId),
    #[error("nobody signs in as `{0}`; `tradebook user list` shows who does")]
    UnknownUser(String),
    #[error(transparent)]
    Copy(#[from] tradebook_store::CopyError),
    #[error("a database cannot be copied into itself: `--from` and `--to` name the same one")]
    CopyToItself,
    #[error("cannot read the password from standard input: {0}")]
    Input(std::io::Error),
    #[error("the example data cannot be written: {0}")]
    Demo(std::io::Error),
    #[error("the OpenAPI document cannot be written: {0}")]
    Document(String),
    #[error("cannot write to standard output: {0}")]
    Output(#[from] std::io::Error),
}

pub(crate) fn run(cli: Cli) -> Result<ExitCode, CommandError> {
    let Cli { global, command } = cli;
    match command {
        Command::Serve(arguments) => server::serve(&global, arguments),
        Command::Demo(arguments) => demo::demo(arguments),
        Command::Import(arguments) => transfer::import(&global, &arguments),
        Command::Export(arguments) => transfer::export(&store(&global)?, &arguments),
        Command::Organization(command @ cli::Organization::Create { .. }) => {
            organization::run(&prepared(open(&global, 2)?)?, command)
        }
        Command::Organization(command) => organization::run(&store(&global)?, command),
        Command::Key(command) => key::run(&store(&global)?, command),
        Command::User(command) => user::run(&store(&global)?, command),
        Command::Migrate => server::migrate(&global),
        Command::Check => server::check(&global),
        Command::Backup(arguments) => server::backup(&global, &arguments),
        Command::Copy(arguments) => copy::run(&arguments),
        Command::Openapi => server::openapi(),
    }
}

/// The store of a command that works with what is there: a mistyped name must not make a database. Its schema is up to date.
fn store(global: &Global) -> Result<Store, CommandError> {
    prepared(Store::open_existing(&global.database, &options(2))?)
}

/// The store, which is created where there is none.
fn open(global: &Global, connections: u32) -> Result<Store, StoreError> {
    Store::open(&global.database, &options(connections))
}

fn options(connections: u32) -> StoreOptions {
    StoreOptions { pool_size: connections, ..StoreOptions::default() }
}

fn prepared(store: Store) -> Result<Store, CommandError> {
    store.migrate()?;
    Ok(store)
}

fn find_organization(store: &Store, name: &str) -> Result<Organization, CommandError> {
    let parsed: OrganizationName = name.parse()?;
    store
        .find_organization(&parsed)?
        .ok_or_else(|| CommandError::UnknownOrganization(name.to_owned()))
}
