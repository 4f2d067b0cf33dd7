//! `tradebook serve`, and what keeps a database in order.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use tradebook_api::{Clock, Limits, ServeError, ServeOptions};
use tradebook_store::Store;

use super::{CommandError, open, store};
use crate::cli::{Backup, Global, Serve, Server};

pub(crate) fn serve(global: &Global, arguments: Serve) -> Result<ExitCode, CommandError> {
    let store = open(global, arguments.server.database_connections)?;
    let clock = arguments.today.map_or(Clock::SYSTEM, Clock::pinned);
    let images = images_beside(&global.database);
    run(store, &arguments.server, clock, images, |address| {
        tracing::info!(%address, "serving");
    })?;
    Ok(ExitCode::SUCCESS)
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
