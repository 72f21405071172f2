//! `vdlm trace`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use vdlm::diagnostics::SourceFile;
use vdlm::lab::trace::{TraceSpec, to_json, trace};

use super::say::say;

/// Flags of the trace.
#[derive(Debug, clap::Parser)]
pub(crate) struct Trace {
    /// A YAML file with objective, start, optimizer and steps
    spec: PathBuf,
}

impl Trace {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let text = fs::read_to_string(&self.spec).with_context(|| format!("cannot read {}", self.spec.display()))?;
        let file = SourceFile::new(self.spec.to_string_lossy(), text);
        let (spec, diagnostics) = TraceSpec::parse(&file, &file.text);
        diagnostics.iter().for_each(|diagnostic| eprintln!("{}\n", diagnostic.render(false)));
        let Some(spec) = spec else { return Ok(ExitCode::FAILURE) };
        say(to_json(&trace(&spec)))?;
        Ok(ExitCode::SUCCESS)
    }
}
