//! `tradebook copy`

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use tradebook_store::{CopiedTable, CopyProgress, Store, StoreOptions};

use super::CommandError;
use crate::cli::Copy;

/// How often a line says how far a table is.
const LINES: Duration = Duration::from_secs(5);

pub(crate) fn run(arguments: &Copy) -> Result<ExitCode, CommandError> {
    if arguments.from.trim() == arguments.to.trim() {
        return Err(CommandError::CopyToItself);
    }
    let options = StoreOptions { pool_size: 2, ..StoreOptions::default() };
    let source = Store::open_existing(&arguments.from, &options)?;
    let target = Store::open(&arguments.to, &options)?;
    let mut last_line = Instant::now();
    let copied = source.copy_to(&target, |progress| match progress {
        CopyProgress::Copied { table, rows, total } if last_line.elapsed() >= LINES => {
            last_line = Instant::now();
            eprintln!("{table}: {rows} of {total} rows copied");
        }
        CopyProgress::Verified(table) => {
            eprintln!("{}: {} rows are the same", table.name, table.rows)
        }
        _ => {}
    })?;
    let mut out = std::io::stdout().lock();
    for CopiedTable { name, rows, checksum, .. } in &copied {
        let digits: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
        writeln!(out, "{name}: {rows} rows, sha256 {digits}")?;
    }
    let rows: u64 = copied.iter().map(|table| table.rows).sum();
    writeln!(out, "copied {rows} rows of {} tables", copied.len())?;
    Ok(ExitCode::SUCCESS)
}
