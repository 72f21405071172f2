//! `vdlm check`

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;

use vdlm::content::Folder;
use vdlm::diagnostics::{Diagnostic, Level};
use vdlm::site;
use vdlm::workspace::Workspace;

use super::pinned::pinned;
use super::say::say;

/// Flags of the check.
#[derive(Debug, clap::Parser)]
pub(crate) struct Check {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// How to print problems
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    /// With the line and a mark below the place
    Human,
    /// One JSON array
    Json,
    /// As annotations of a GitHub workflow
    Github,
}

impl Check {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let (results, _) = pinned(&self.content, None)?;
        let problems = Workspace::new(Folder::new(&self.content))
            .refresh(|archive, texts| site::lint_with(archive, texts, &results))?
            .problems;
        match self.format {
            Format::Human => print_human(&problems)?,
            Format::Json => say(serde_json::to_string_pretty(&json(&problems))?)?,
            Format::Github => problems.iter().try_for_each(|problem| say(annotation(problem, &self.content)))?,
        }
        let fails = problems.iter().any(|problem| problem.level == Level::Error);
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Prints problems as the terminal shows them best, and how many there are.
pub(super) fn print_human(problems: &[Diagnostic]) -> io::Result<()> {
    for problem in problems {
        say(format!("{}\n", problem.render(io::stdout().is_terminal())))?;
    }
    let count = |level: Level| level.counted(problems.iter().filter(|problem| problem.level == level).count());
    say([Level::Error, Level::Warning, Level::Hint].map(count).join(", "))
}

fn json(problems: &[Diagnostic]) -> serde_json::Value {
    let one = |problem: &Diagnostic| {
        serde_json::json!({
            "level": problem.level.to_string(),
            "file": problem.span.file.name,
            "line": problem.span.line,
            "column": problem.span.column,
            "message": problem.message,
            "help": problem.help,
        })
    };
    problems.iter().map(one).collect()
}

/// A workflow command of GitHub Actions; in its values `%`, line ends, `:` and `,` are escaped.
fn annotation(problem: &Diagnostic, content: &std::path::Path) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let value = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let level = match problem.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "notice",
    };
    let file = value(&content.join(&problem.span.file.name).to_string_lossy());
    let help = problem.help.iter().map(|help| format!(": {help}")).collect::<String>();
    let message = escape(&format!("{}{help}", problem.message));
    format!("::{level} file={file},line={},col={}::{message}", problem.span.line, problem.span.column)
}
