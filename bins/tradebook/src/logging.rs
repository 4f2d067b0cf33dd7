//! Log lines go to stderr, so that results on stdout stay clean.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::cli::{Global, LogFormat};

/// Why logging cannot be set up.
#[derive(Debug, thiserror::Error)]
#[error("--log `{filter}` is no filter: {source}")]
pub(crate) struct LogFilterError {
    filter: String,
    source: tracing_subscriber::filter::ParseError,
}

pub(crate) fn start(global: &Global) -> Result<(), LogFilterError> {
    let filter = EnvFilter::try_new(&global.log)
        .map_err(|source| LogFilterError { filter: global.log.clone(), source })?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match global.log_format {
        LogFormat::Json => lines.json().flatten_event(true).init(),
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).init(),
    }
    Ok(())
}
