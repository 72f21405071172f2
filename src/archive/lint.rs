//! Lints: suspicious things that break nothing, and that archives of this kind have really had.

use std::collections::BTreeSet;

use super::assemble::{Builder, OPEN_DAYS, Parts};
use crate::diagnostics::{Diagnostic, SourceFile, Span};

impl Builder<'_> {
    pub(super) fn lint(&mut self, parts: &Parts<'_>) {
        self.check_local_files(parts);
        self.check_jobs(parts);
    }

    /// Finds paths into the content folder that lead nowhere, and files there that no path leads to.
    fn check_local_files(&mut self, parts: &Parts<'_>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let elsewhere = self.archive.site.source.files.is_some();
        for path in parts.meetups.iter().flat_map(|meetup| meetup.paths()) {
            let is_here = is_local(path) || !elsewhere;
            if is_here && !self.archive.files.contains(&***path) {
                let diagnostic =
                    Diagnostic::warning(path.span.clone(), format!("there is no file `{path}` in the content folder"));
                self.diagnostics.push(diagnostic.help(match elsewhere {
                    true => "put the file there, or correct the path",
                    false => "put the file there, or name the address of your files elsewhere as `files` in site.yaml",
                }));
            }
            used.insert(&***path);
        }
        // It may link any of them.
        if self.archive.has_broken_meetup() {
            return;
        }
        for file in self.archive.files.iter().filter(|file| is_local(file) && !used.contains(file.as_str())) {
            let place = Span::start_of(&SourceFile::new(file.as_str(), ""));
            self.diagnostics.push(
                Diagnostic::hint(place, "no meetup links to this file").help("add it to `slides`, `photos` or `files`"),
            );
        }
    }

    fn check_jobs(&mut self, parts: &Parts<'_>) {
        for job in parts.jobs.iter().filter(|job| job.expires.is_none()) {
            let message = format!("the offer has no end, so it counts as closed {OPEN_DAYS} days after {}", job.date);
            let diagnostic = Diagnostic::hint(Span::start_of(&job.body.file), message);
            self.diagnostics.push(diagnostic.help("add `expires: …` if the company gave a date"));
        }
    }
}

/// Returns whether a path is that of a file beside the content.
fn is_local(path: &str) -> bool {
    path.starts_with("meetups/")
}
