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
    /// Format of the diagnostics
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
        let diagnostics = Workspace::new(Folder::new(&self.content))
            .refresh(|archive, texts| site::lint_with(archive, texts, &results))?
            .diagnostics;
        match self.format {
            Format::Human => print_human(&diagnostics)?,
            Format::Json => say(serde_json::to_string_pretty(&json(&diagnostics))?)?,
            Format::Github => {
                diagnostics.iter().try_for_each(|diagnostic| say(annotation(diagnostic, &self.content)))?
            }
        }
        let fails = diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error);
        Ok(if fails { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// Prints diagnostics as the terminal shows them best, and how many there are.
pub(super) fn print_human(diagnostics: &[Diagnostic]) -> io::Result<()> {
    for diagnostic in diagnostics {
        say(format!("{}\n", diagnostic.render(io::stdout().is_terminal())))?;
    }
    let count = |level: Level| level.counted(diagnostics.iter().filter(|diagnostic| diagnostic.level == level).count());
    say([Level::Error, Level::Warning, Level::Hint].map(count).join(", "))
}

fn json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    let one = |diagnostic: &Diagnostic| {
        serde_json::json!({
            "level": diagnostic.level.to_string(),
            "file": diagnostic.span.file.name,
            "line": diagnostic.span.line,
            "column": diagnostic.span.column,
            "message": diagnostic.message,
            "help": diagnostic.help,
        })
    };
    diagnostics.iter().map(one).collect()
}

/// A workflow command of GitHub Actions; in its values `%`, line ends, `:` and `,` are escaped.
fn annotation(diagnostic: &Diagnostic, content: &std::path::Path) -> String {
    let escape = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let value = |text: &str| escape(text).replace(':', "%3A").replace(',', "%2C");
    let level = match diagnostic.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "notice",
    };
    let file = value(&content.join(&diagnostic.span.file.name).to_string_lossy());
    let help = diagnostic.help.iter().map(|help| format!(": {help}")).collect::<String>();
    let message = escape(&format!("{}{help}", diagnostic.message));
    format!("::{level} file={file},line={},col={}::{message}", diagnostic.span.line, diagnostic.span.column)
}
