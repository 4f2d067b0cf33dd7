//! `tradebook serve`, and what keeps a database in order.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tradebook_api::{Clock, Limits, ServeError, ServeOptions};
use tradebook_store::{Store, StoreOptions};

use super::{CommandError, open, store};
use crate::cli::{Backup, Global, Serve, Server};

pub(crate) fn serve(global: &Global, arguments: Serve) -> Result<ExitCode, CommandError> {
    let options = StoreOptions {
        pool_size: arguments.server.database_connections,
        read_urls: arguments.server.read_database.iter().flat_map(|text| urls(text)).collect(),
        replica_lag: Duration::from_secs(u64::from(arguments.server.read_database_lag)),
        ..StoreOptions::default()
    };
    let store = Store::open(&global.database, &options)?;
    let clock = arguments.today.map_or(Clock::SYSTEM, Clock::pinned);
    let images = images_beside(&global.database);
    run(store, &arguments.server, clock, images, |address| {
        tracing::info!(%address, "serving");
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The URLs of a list that is separated by commas or spaces. A URL may have commas of its own, between hosts: it ends where
/// another one begins.
fn urls(text: &str) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        for part in word.split(',') {
            match urls.last_mut() {
                Some(url) if !part.contains("://") && !part.is_empty() => {
                    url.push(',');
                    url.push_str(part);
                }
                _ if part.is_empty() => {}
                _ => urls.push(part.to_owned()),
            }
        }
    }
    urls
}

/// The folder in which images are kept where no other is named: beside the database where that is a file, and else in the
/// folder that the program was started in.
pub(crate) fn images_beside(database: &str) -> PathBuf {
    let file = match database.split_once("://") {
        Some(("sqlite", file)) => file.split('?').next().unwrap_or_default(),
        _ => "tradebook.db",
    };
    Path::new(file).with_extension("images")
}

/// Serves until a signal says stop. Images are kept in `images`, unless another place was named.
pub(crate) fn run(
    store: Store,
    server: &Server,
    clock: Clock,
    images: PathBuf,
    on_ready: impl FnOnce(std::net::SocketAddr),
) -> Result<(), ServeError> {
    let options = ServeOptions {
        listen: server.listen.clone(),
        workers: server.workers.map(usize::from),
        limits: Limits {
            body_bytes: server.max_body_bytes,
            body_time: Duration::from_secs(server.body_timeout),
            connections_per_worker: server.max_connections,
            shutdown_time: Duration::from_secs(server.shutdown_timeout),
            // What is left serves everything else.
            streams: usize::try_from(server.database_connections / 2).unwrap_or(usize::MAX).max(1),
            ..Limits::default()
        },
        clock,
        images: server.images.clone().unwrap_or_else(|| images.display().to_string()),
    };
    actix_web::rt::System::new().block_on(tradebook_api::run(store, options, on_ready))
}

pub(crate) fn migrate(global: &Global) -> Result<ExitCode, CommandError> {
    let applied = open(global, 2)?.migrate()?;
    if applied.is_empty() {
        println!("the schema is up to date");
    }
    for name in applied {
        println!("applied {name}");
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn check(global: &Global) -> Result<ExitCode, CommandError> {
    let faults = store(global)?.check()?;
    if faults.is_empty() {
        println!("ok");
        return Ok(ExitCode::SUCCESS);
    }
    for fault in &faults {
        println!("{fault}");
    }
    eprintln!(
        "tradebook: {} found; restore a backup, or export and import into a new database",
        if faults.len() == 1 { "1 fault".to_owned() } else { format!("{} faults", faults.len()) }
    );
    Ok(ExitCode::FAILURE)
}

pub(crate) fn backup(global: &Global, arguments: &Backup) -> Result<ExitCode, CommandError> {
    store(global)?.backup(&arguments.file)?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn openapi() -> Result<ExitCode, CommandError> {
    let text = tradebook_api::openapi()
        .to_pretty_json()
        .map_err(|error| CommandError::Document(error.to_string()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_urls_are_taken_apart() {
        let cases: [(&str, &[&str]); 5] = [
            ("", &[]),
            ("postgres://a/d", &["postgres://a/d"]),
            ("postgres://a/d,postgres://b/d", &["postgres://a/d", "postgres://b/d"]),
            (" postgres://a/d , postgres://b/d,", &["postgres://a/d", "postgres://b/d"]),
            (
                "postgres://u@a:1,b:2/d?x=y,postgresql://c/d",
                &["postgres://u@a:1,b:2/d?x=y", "postgresql://c/d"],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(urls(text), expected, "{text}");
        }
    }
}
