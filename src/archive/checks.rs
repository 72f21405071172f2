//! What is suspicious though nothing is broken: mistakes that archives of this kind really had.

use std::collections::BTreeSet;

use super::assemble::{Builder, OPEN_DAYS, Parts};
use crate::content::Meetup;
use crate::problem::{Place, Problem, Text};

impl Builder<'_> {
    pub(super) fn check(&mut self, parts: &Parts<'_>) {
        self.check_local_files(parts);
        self.check_jobs(parts);
    }

    /// Paths into the content folder that lead nowhere, and files there that no path leads to.
    fn check_local_files(&mut self, parts: &Parts<'_>) {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        for path in parts.meetups.iter().flat_map(|meetup| local_paths(meetup)) {
            if !self.addresses.local.contains(path.as_str()) {
                let problem = Problem::warning(path.place(), format!("there is no file `{path}` in the content folder"));
                self.problems.push(problem.help("put the file there, or correct the path"));
            }
            used.insert(path);
        }
        for file in self.addresses.local.iter().filter(|file| is_local(file) && !used.contains(file.as_str())) {
            let place = Place::start_of(&crate::problem::SourceFile::new(file.as_str(), ""));
            self.problems
                .push(Problem::hint(place, "no meetup links to this file").help("add it to `slides`, `photos` or `files`"));
        }
    }

    fn check_jobs(&mut self, parts: &Parts<'_>) {
        for job in parts.jobs.iter().filter(|job| job.expires.is_none()) {
            let message = format!("the offer has no end, so it counts as closed {OPEN_DAYS} days after {}", job.date);
            let problem = Problem::hint(Place::start_of(&job.body.file), message);
            self.problems.push(problem.help("add `expires: …` if the company gave a date"));
        }
    }
}

/// Whether a path is that of a file beside the content.
fn is_local(path: &str) -> bool {
    path.starts_with("meetups/")
}

/// The paths of files beside the content that a meetup links.
pub(super) fn local_paths(meetup: &Meetup) -> impl Iterator<Item = &Text> {
    meetup.paths().filter(|path| is_local(path))
}
