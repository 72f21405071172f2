//! `vdlm trace`

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use vdlm::diagnostics::SourceFile;
use vdlm::lab::Method;
use vdlm::lab::trace::{TraceSpec, to_json, trace};

use super::say::say;

/// Exit status of a descent that diverged. Its points up to there are printed all the same.
const DIVERGED: u8 = 3;

/// Flags of the trace.
#[derive(Debug, clap::Parser)]
#[command(after_help = format!("Optimizers: {}", Method::NAMES.join(", ")))]
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
        let trace = trace(&spec);
        say(to_json(&trace.points))?;
        let Some(step) = trace.diverged_at else { return Ok(ExitCode::SUCCESS) };
        let points = trace.points.len();
        eprintln!(
            "The descent diverged at step {step}: a parameter or the value is no finite number there. Points before it: {points}."
        );
        Ok(ExitCode::from(DIVERGED))
    }
}
