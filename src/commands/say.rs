//! Output of commands.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Writes a line to the standard output. When the reader is gone, as in `vdlm check | head -1`, the command still runs
/// to its end and keeps its exit code.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
