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
            eprintln!("tradebook: {}", sentence(&error));
            ExitCode::FAILURE
        }
    }
}

/// An error with its causes, each said once.
fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let because = error.to_string();
        if !text.contains(&because) {
            text.push_str(": ");
            text.push_str(&because);
        }
        cause = error.source();
    }
    // What a driver says may have several lines.
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
