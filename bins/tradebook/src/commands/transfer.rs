//! `tradebook import` and `tradebook export`.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tradebook_api::transfer::{self, ImportError, ImportReport, ImportRequest, Progress};
use tradebook_store::Store;

use super::{CommandError, find_organization};
use crate::cli::{Export, Import};

pub(crate) fn import(store: &Store, arguments: &Import) -> Result<ExitCode, CommandError> {
    let organization = find_organization(store, &arguments.organization)?;
    let request = ImportRequest {
        dry_run: arguments.dry_run,
        replace: arguments.replace,
        ..ImportRequest::new(organization.name, arguments.paths.clone())
    };
    let mut display = Display::new();
    let outcome = transfer::import(store, &request, &mut |progress| display.show(&progress));
    display.finish();
    match outcome {
        Ok(report) => {
            write_report(&report, arguments.dry_run)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(ImportError::Faults(faults)) => {
            let mut err = std::io::stderr().lock();
            for fault in faults.shown() {
                writeln!(err, "{fault}")?;
            }
            writeln!(err, "tradebook: {faults}")?;
            Ok(ExitCode::FAILURE)
        }
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn export(store: &Store, arguments: &Export) -> Result<ExitCode, CommandError> {
    let organization = find_organization(store, &arguments.organization)?;
    let report = transfer::export(store, &organization.name, &arguments.folder)?;
    let mut out = std::io::stdout().lock();
    for file in report.files() {
        writeln!(out, "{file}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn write_report(report: &ImportReport, dry_run: bool) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    write!(out, "{report}")?;
    if dry_run {
        writeln!(out, "dry run: nothing was changed")?;
    }
    Ok(())
}

/// A progress bar on a terminal, a line now and then elsewhere.
struct Display {
    bar: Option<ProgressBar>,
    last_line: Instant,
}

impl Display {
    fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::no_length();
            if let Ok(style) =
                ProgressStyle::with_template("{msg:24} {bar:40} {bytes}/{total_bytes} {eta}")
            {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, last_line: Instant::now() }
    }

    fn show(&mut self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_length(progress.total_bytes);
            bar.set_position(progress.read_bytes);
            bar.set_message(progress.file.clone());
        } else if self.last_line.elapsed() >= Duration::from_secs(5) {
            self.last_line = Instant::now();
            eprintln!("{}: {} rows read", progress.file, progress.rows);
        }
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
