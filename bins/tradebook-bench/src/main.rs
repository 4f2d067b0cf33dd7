#![doc = include_str!("../README.md")]

mod constant;
mod data;
mod error;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::BenchError;

// The same allocator as the server that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What Tradebook is measured against, and the data it is measured with.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves one constant answer.
    Constant(constant::Constant),
    /// Serves buying reports from a Tradebook database, read with rusqlite.
    Report(report::Report),
    /// Makes data.
    #[command(subcommand)]
    Data(data::Data),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Constant(arguments) => constant::serve(arguments),
        Command::Report(arguments) => report::serve(arguments),
        Command::Data(arguments) => data::make(arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tradebook-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Says on standard output where a server listens; whoever started it waits for the line.
fn announce(addresses: &[std::net::SocketAddr]) {
    for address in addresses {
        println!("listening on {address}");
    }
}
