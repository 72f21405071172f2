//! The commands, one file each.

// `println!` panics when the reader is gone; `say` does not.
#![warn(clippy::print_stdout)]

mod build;
mod check;
mod lab;
mod pinned;
mod say;
mod schema;
mod serve;
pub(crate) mod settings;
mod trace;

use std::process::ExitCode;

use clap::Subcommand;

/// Commands of the program.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the site, show changes as they are saved, and compute missing results
    Serve(Box<serve::Serve>),
    /// Write the site as files, for any static host
    Build(build::Build),
    /// Show every diagnostic of the content; fails if there is an error
    Check(check::Check),
    /// Run experiments and compare their results
    #[command(subcommand)]
    Lab(lab::Lab),
    /// Print the JSON Schema of a kind of content file, for editors
    Schema(schema::Schema),
    /// Print one descent of an optimizer in double precision as JSON
    Trace(trace::Trace),
}

impl Default for Command {
    fn default() -> Self {
        // No arguments: every flag has its default, or its environment variable.
        Command::Serve(Box::new(settings::parse(["serve".into()])))
    }
}

impl Command {
    /// Runs the command. The exit code says whether the content is in order.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Command::Serve(command) => command.run(),
            Command::Build(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Lab(command) => command.run(),
            Command::Schema(command) => command.run(),
            Command::Trace(command) => command.run(),
        }
    }
}
