//! The command line: every command, option and environment variable.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tradebook_model::KeyId;

/// Prices, agreements and buying reports of a wholesaler over HTTP, from one book.
#[derive(Debug, Parser)]
#[command(name = "tradebook", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Where the data is: `sqlite://FILE` or `postgres://USER@HOST/DATABASE`.
    #[arg(
        long,
        global = true,
        env = "TRADEBOOK_DATABASE",
        default_value = "sqlite://tradebook.db",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) database: String,
    /// How log lines on stderr are written.
    #[arg(long, global = true, env = "TRADEBOOK_LOG_FORMAT", default_value = "text", value_enum)]
    pub(crate) log_format: LogFormat,
    /// What is logged: a level, or filters such as `info,tradebook_api=debug`.
    #[arg(
        long,
        global = true,
        env = "TRADEBOOK_LOG",
        default_value = "info",
        value_name = "FILTER"
    )]
    pub(crate) log: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Migrates if needed, then serves until SIGTERM or SIGINT and finishes what is in flight.
    Serve(Serve),
    /// Loads the example data into a fresh database in a temporary folder, prints ready `curl` lines, then serves.
    Demo(Demo),
    /// Imports folders, .csv, .csv.gz, .csv.zst and .zip files: all of them or nothing.
    Import(Import),
    /// Writes everything that can be imported back into files.
    Export(Export),
    /// Tenants and their settings.
    #[command(subcommand)]
    Organization(Organization),
    /// API keys.
    #[command(subcommand)]
    Key(Key),
    /// People who sign in.
    #[command(subcommand)]
    User(User),
    /// Brings the database's schema up to date.
    Migrate,
    /// Checks that the data is consistent.
    Check,
    /// Writes a consistent copy of the database while others use it (SQLite).
    Backup(Backup),
    /// Copies everything into another database of either kind, and compares both.
    Copy(Copy),
    /// Prints the OpenAPI document.
    Openapi,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) server: Server,
    /// The business date, for demos and replays; by default today in each organization's time zone.
    #[arg(long, env = "TRADEBOOK_TODAY", value_name = "YYYY-MM-DD", value_parser = day)]
    pub(crate) today: Option<time::Date>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) server: Server,
}

#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The address and port to serve on; port 0 takes a free one.
    #[arg(
        long,
        env = "TRADEBOOK_LISTEN",
        default_value = "127.0.0.1:8080",
        value_name = "ADDRESS:PORT",
        value_parser = address
    )]
    pub(crate) listen: String,
    /// Threads that answer requests; by default one for each core.
    #[arg(long, env = "TRADEBOOK_WORKERS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) workers: Option<u16>,
    /// The largest request body in bytes, after decompression.
    #[arg(long, env = "TRADEBOOK_MAX_BODY_BYTES", default_value_t = 4 * 1024 * 1024, value_name = "BYTES")]
    pub(crate) max_body_bytes: usize,
    /// Seconds in which a request's body must have arrived.
    #[arg(long, env = "TRADEBOOK_BODY_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    pub(crate) body_timeout: u64,
    /// Seconds that a stop waits for requests in flight.
    #[arg(long, env = "TRADEBOOK_SHUTDOWN_TIMEOUT", default_value_t = 30, value_name = "SECONDS")]
    pub(crate) shutdown_timeout: u64,
    /// Open connections for each worker; more wait to be accepted.
    #[arg(long, env = "TRADEBOOK_MAX_CONNECTIONS", default_value_t = 10_000, value_name = "N")]
    pub(crate) max_connections: usize,
    /// Connections to the database.
    #[arg(long, env = "TRADEBOOK_DATABASE_CONNECTIONS", default_value_t = 8, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) database_connections: u32,
    /// Replicas of PostgreSQL for reading customers, reports, events and books: one URL or several, separated by commas or spaces.
    #[arg(long, env = "TRADEBOOK_READ_DATABASE", value_name = "URL", num_args = 1.., hide_env_values = true)]
    pub(crate) read_database: Vec<String>,
    /// Seconds that a replica may be behind to be read from.
    #[arg(long, env = "TRADEBOOK_READ_DATABASE_LAG", default_value_t = 5, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub(crate) read_database_lag: u32,
    /// Where images are kept: a folder or `file:///FOLDER`, or `s3://BUCKET/PREFIX` where S3 is compiled in; by default a folder
    /// beside the SQLite database.
    #[arg(long, env = "TRADEBOOK_IMAGES", value_name = "URL", hide_env_values = true)]
    pub(crate) images: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The organization that the data is for.
    #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
    pub(crate) organization: String,
    /// Folders or files.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Says what would change and changes nothing.
    #[arg(long, env = "TRADEBOOK_DRY_RUN")]
    pub(crate) dry_run: bool,
    /// Also removes what the files no longer have.
    #[arg(long, env = "TRADEBOOK_REPLACE")]
    pub(crate) replace: bool,
    /// From how many bytes of files on an import into SQLite goes in steps, between which others write.
    #[arg(long, hide = true, env = "TRADEBOOK_IN_STEPS_FROM", value_name = "BYTES")]
    pub(crate) in_steps_from: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The organization whose data is written.
    #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
    pub(crate) organization: String,
    /// The folder, which is created if it is missing.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Organization {
    /// Creates an organization.
    Create {
        /// Its name.
        name: String,
        /// The currency of its costs, and of customers that name none.
        #[arg(long, env = "TRADEBOOK_CURRENCY", default_value = "EUR")]
        currency: String,
        /// The time zone in which its days begin.
        #[arg(long, env = "TRADEBOOK_TIME_ZONE", default_value = "UTC")]
        time_zone: String,
    },
    /// Lists all organizations, one a line.
    List,
    /// Changes settings: `set NAME currency=GBP time_zone=Europe/London`.
    Set {
        /// The organization's name.
        name: String,
        /// What to change.
        #[arg(required = true, value_name = "KEY=VALUE", value_parser = assignment)]
        settings: Vec<(String, String)>,
    },
    /// Shows an organization's settings as KEY=VALUE lines.
    Show {
        /// The organization's name.
        name: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Creates a key and prints it, once; only its hash is kept.
    Create {
        /// The organization that it opens.
        #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
        organization: String,
        /// Whether it may change anything.
        #[arg(long, env = "TRADEBOOK_ROLE", default_value = "read", value_enum)]
        role: Role,
        /// What it is for.
        #[arg(long, env = "TRADEBOOK_LABEL", value_name = "TEXT")]
        label: Option<String>,
        /// The reference of the user in whose name it writes.
        #[arg(long, env = "TRADEBOOK_USER", value_name = "REFERENCE")]
        user: Option<String>,
    },
    /// Lists keys, never the keys themselves.
    List {
        /// Only this organization's.
        #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
        organization: Option<String>,
    },
    /// Revokes a key, for good.
    Revoke {
        /// Its id, as `key list` shows it.
        id: KeyId,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Creates a user who signs in with the password in the first line of standard input, and prints the user's reference.
    Create {
        /// The organization whose data the user may read and change.
        #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
        organization: String,
        /// The name to sign in with.
        #[arg(long, env = "TRADEBOOK_USERNAME", value_name = "USERNAME")]
        username: String,
        /// The user's reference; by default the same as the name. An imported user of this reference may sign in from now on.
        #[arg(long, env = "TRADEBOOK_REFERENCE", value_name = "REFERENCE")]
        reference: Option<String>,
    },
    /// Lists users, one a line.
    List {
        /// Only this organization's.
        #[arg(long, env = "TRADEBOOK_ORGANIZATION", value_name = "NAME")]
        organization: Option<String>,
    },
    /// Gives a user another password, the first line of standard input, and ends the user's sessions.
    Password {
        /// The name that the user signs in with.
        username: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    Read,
    Write,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The file to write, which must not exist.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Copy {
    /// The database to copy; `--database` is not used. It answers reads meanwhile, and refuses changes.
    #[arg(long, env = "TRADEBOOK_COPY_FROM", value_name = "URL", hide_env_values = true)]
    pub(crate) from: String,
    /// The database to copy into: a new one, or one with a copy of the same data that was interrupted. Nothing is served from it
    /// until the copy is complete.
    #[arg(long, env = "TRADEBOOK_COPY_TO", value_name = "URL", hide_env_values = true)]
    pub(crate) to: String,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .ok_or_else(|| "a setting is written KEY=VALUE".to_owned())
}

fn address(text: &str) -> Result<String, String> {
    text.rsplit_once(':')
        .filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        .map(|_| text.to_owned())
        .ok_or_else(|| "an address is written ADDRESS:PORT, such as 127.0.0.1:8080".to_owned())
}

fn day(text: &str) -> Result<time::Date, String> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    time::Date::parse(text, &format).map_err(|_| "a day is written YYYY-MM-DD".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_has_an_environment_variable() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let built_in = matches!(argument.get_id().as_str(), "help" | "version");
                if argument.get_long().is_some() && !built_in {
                    let (command, option) = (command.get_name(), argument.get_id());
                    assert!(argument.get_env().is_some(), "{command} {option}");
                }
            }
            command.get_subcommands().for_each(check);
        }
        check(&Cli::command());
    }
}
