//! The command line of `vdlm`.

mod commands;

use std::process::ExitCode;

use clap::Parser;

use commands::Command;

/// A folder of YAML and Markdown becomes a meetup's website.
#[derive(Debug, Parser)]
#[command(version, about, after_help = "Without a command, the site in ./content is served at http://127.0.0.1:3000.")]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("VDLM_LOG").unwrap_or_else(|_| "vdlm=info".into());
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(colours)
        .with_writer(std::io::stderr)
        .init();
    let command = commands::settings::parse::<Arguments>(std::env::args_os()).command.unwrap_or_default();
    match command.run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
