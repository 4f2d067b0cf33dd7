//! `tradebook import` and `tradebook export`.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use tradebook_api::transfer::{self, ImportError, ImportReport, ImportRequest, Progress};
use tradebook_store::Store;

use super::{CommandError, find_organization, options, prepared};
use crate::cli::{Export, Global, Import};

pub(crate) fn import(global: &Global, arguments: &Import) -> Result<ExitCode, CommandError> {
    let mut options = options(2);
    if let Some(bytes) = arguments.in_steps_from {
        options.import_in_steps_from = bytes;
    }
    let store = prepared(Store::open_existing(&global.database, &options)?)?;
    let organization = find_organization(&store, &arguments.organization)?;
    let request = ImportRequest {
        organization: organization.name,
        paths: arguments.paths.clone(),
        dry_run: arguments.dry_run,
        replace: arguments.replace,
    };
    let mut display = Display::new();
    let outcome = transfer::import(&store, &request, &mut |progress| display.show(&progress));
    display.finish();
    match outcome {
        Ok(report) => {
            write_report(&report, arguments.dry_run)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            if let ImportError::Faults(faults) = &error {
                writeln!(std::io::stderr(), "{faults}")?;
            }
            Err(error.into())
        }
    }
}

pub(crate) fn export(store: &Store, arguments: &Export) -> Result<ExitCode, CommandError> {
    let organization = find_organization(store, &arguments.organization)?;
    let report = transfer::export(store, &organization.name, &arguments.folder)?;
    let mut out = std::io::stdout().lock();
    for file in report.files {
        writeln!(out, "{}: {} rows", file.path.display(), file.rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Changed prices as old → new for a dry run, and what was done file by file.
fn write_report(report: &ImportReport, dry_run: bool) -> Result<(), CommandError> {
    let mut out = std::io::stdout().lock();
    if dry_run {
        write_price_changes(&mut out, report)?;
    }
    for file in &report.files {
        let (created, updated) = (file.created, file.updated);
        let (unchanged, removed) = (file.unchanged, file.removed);
        writeln!(
            out,
            "{}: {created} created, {updated} updated, {unchanged} unchanged, {removed} removed",
            file.file
        )?;
    }
    if dry_run {
        writeln!(out, "dry run: nothing was changed")?;
    }
    Ok(())
}

fn write_price_changes(
    out: &mut impl std::io::Write,
    report: &ImportReport,
) -> std::io::Result<()> {
    for change in &report.price_changes {
        writeln!(out, "{change}")?;
    }
    let shown = u64::try_from(report.price_changes.len()).unwrap_or(u64::MAX);
    match report.price_changes_total.saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more prices change"),
    }
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

    fn show(&mut self, progress: &Progress<'_>) {
        if let Some(bar) = &self.bar {
            bar.set_length(progress.total_bytes);
            bar.set_position(progress.bytes);
            bar.set_message(progress.file.to_owned());
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
