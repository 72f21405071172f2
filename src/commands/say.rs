//! What commands print.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

/// Writes a line to the standard output. A reader who has left, as in `vdlm check | head -1`, has seen enough: the command goes on to its end,
/// and its exit code stays what it is.
pub(super) fn say(line: impl Display) -> io::Result<()> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
