//! The `tradebook` command: arguments, logging and wiring. What it does lives in the libraries.

mod cli;
mod commands;
mod logging;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    if let Err(error) = logging::start(&cli.global) {
        eprintln!("tradebook: {error}");
        return ExitCode::from(2);
    }
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tradebook: {error}");
            ExitCode::FAILURE
        }
    }
}
