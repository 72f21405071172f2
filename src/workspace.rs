//! A content folder that is being edited: its files, the last good version of each, and everything that is wrong.
//!
//! [`Workspace::refresh`] is the pipeline of the whole program: files → sources → archive → lint → snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::content::{Body, Folder, Listing, ReadError, Source};
use crate::diagnostics::{Diagnostic, Level, SourceFile, Span};
use crate::yaml;

/// A content folder and the state of its files.
#[derive(Debug)]
pub struct Workspace {
    folder: Folder,
    files: BTreeMap<String, FileState>,
}

/// One file: its present version, and the last one that was used.
#[derive(Debug)]
struct FileState {
    file: Arc<SourceFile>,
    /// The present version; absent when it has an error of its own.
    source: Option<Arc<Source>>,
    /// The present version as far as it can be read, when it has an error of its own.
    draft: Option<Arc<Source>>,
    /// Problems that show in the file alone.
    diagnostics: Vec<Diagnostic>,
    /// The last version that was used.
    used: Option<Arc<Source>>,
    /// True if `used` had no error.
    used_is_good: bool,
}

impl FileState {
    fn read(file: &Arc<SourceFile>) -> Self {
        let (source, diagnostics) = Source::read(file).unwrap_or_else(|| {
            let diagnostic = Diagnostic::warning(Span::start_of(file), "no page is made of this file").help(
                "content is site.yaml, topics.yaml, people.yaml, venues.yaml and the files in meetups, hot-topics, jobs, events and pages",
            );
            (None, vec![diagnostic])
        });
        let (source, draft) = if yaml::is_usable(&diagnostics) { (source, None) } else { (None, source) };
        let (source, draft) = (source.map(Arc::new), draft.map(Arc::new));
        Self { file: file.clone(), source, draft, diagnostics, used: None, used_is_good: false }
    }

    /// Returns whether the present version has an error of its own, so that it cannot be used at all.
    fn is_unusable(&self) -> bool {
        self.source.is_none() && self.diagnostics.iter().any(|diagnostic| diagnostic.level == Level::Error)
    }

    /// Returns whether an older version without errors can stand in for the present one.
    fn has_other_good_version(&self) -> bool {
        match (&self.used, &self.source) {
            (Some(used), Some(source)) => self.used_is_good && !Arc::ptr_eq(used, source),
            (used, _) => used.is_some(),
        }
    }

    /// The version to use: the present one unless it is held back, else the last one that was used.
    fn chosen(&self, held_back: bool) -> Option<&Arc<Source>> {
        self.source.as_ref().filter(|_| !held_back).or(self.used.as_ref())
    }

    /// Remembers the version that is used from now on.
    fn accept(&mut self, held_back: bool, has_errors: bool) {
        let Some(source) = self.source.clone().filter(|_| !held_back) else { return };
        let is_same = self.used.as_ref().is_some_and(|used| Arc::ptr_eq(used, &source));
        self.used_is_good = !has_errors || is_same && self.used_is_good;
        self.used = Some(source);
    }
}

/// A state of the content that is fit to be served, and everything that is wrong with the files.
#[derive(Debug)]
pub struct Snapshot {
    /// The archive; absent only when there has never been a usable `site.yaml`.
    pub archive: Option<Archive>,
    /// All diagnostics: errors first, then in the order of files and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Snapshot {
    /// Returns whether some file has an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(is_error)
    }
}

impl Workspace {
    /// Makes a workspace of a folder; nothing is read yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder, files: BTreeMap::new() }
    }

    /// Reads the folder and assembles a new snapshot. `lint` finds the diagnostics that only show when pages are made.
    ///
    /// A file with an error is replaced by its last good version. Without one it is used as it is, without the
    /// reference that is wrong, or left out when it cannot be read at all. No error holds back another file.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read at all.
    pub fn refresh(&mut self, lint: impl Fn(&Archive, &[&Body]) -> Vec<Diagnostic>) -> Result<Snapshot, ReadError> {
        let listing = self.folder.read()?;
        self.update(&listing);
        let mut diagnostics = listing.diagnostics;
        diagnostics.extend(self.files.values().flat_map(|state| state.diagnostics.clone()));

        let mut broken = listing.unreadable;
        broken.extend(self.files.iter().filter(|(_, state)| state.is_unusable()).map(|(name, _)| name.clone()));
        diagnostics.extend(self.lint_drafts(&broken, &listing.others));
        let (archive, found) = loop {
            let (archive, mut found) = self.assemble(&broken, &listing.others, &lint);
            // The lines of an older version are no longer in the file.
            found.retain(|diagnostic| !broken.contains(&diagnostic.span.file.name));
            let rejected = self.rejected(&found);
            if rejected.is_empty() {
                break (archive, found);
            }
            diagnostics.extend(found.into_iter().filter(|diagnostic| rejected.contains(&diagnostic.span.file.name)));
            broken.extend(rejected);
        };
        self.accept(&broken, &found);
        diagnostics.extend(found);
        diagnostics.extend(self.held_back(&broken));
        Ok(Snapshot { archive, diagnostics: sorted(diagnostics) })
    }

    /// Takes over the present versions of all files.
    fn update(&mut self, listing: &Listing) {
        let present: BTreeSet<&String> = listing.files.iter().map(|file| &file.name).collect();
        self.files.retain(|name, _| present.contains(name) || listing.is_unreadable(name));
        let is_new =
            |file: &&Arc<SourceFile>| self.files.get(&file.name).is_none_or(|state| state.file.text != file.text);
        let changed: Vec<FileState> = listing.files.par_iter().filter(is_new).map(FileState::read).collect();
        for mut state in changed {
            if let Some(before) = self.files.remove(&state.file.name) {
                (state.used, state.used_is_good) = (before.used, before.used_is_good);
            }
            self.files.insert(state.file.name.clone(), state);
        }
    }

    /// Assembles an archive of the chosen versions, and collects the diagnostics between files.
    fn assemble(
        &self,
        broken: &BTreeSet<String>,
        others: &BTreeSet<String>,
        lint: impl Fn(&Archive, &[&Body]) -> Vec<Diagnostic>,
    ) -> (Option<Archive>, Vec<Diagnostic>) {
        let chosen = self.files.iter().filter_map(|(name, state)| state.chosen(broken.contains(name)));
        let sources: Vec<&Source> = chosen.map(Arc::as_ref).collect();
        let (archive, mut diagnostics) = Archive::assemble(&sources, others, broken);
        if let Some(archive) = &archive {
            diagnostics.extend(lint(archive, &archive.bodies().collect::<Vec<_>>()));
        }
        (archive, diagnostics)
    }

    /// Finds what is wrong beside other files in those that have an error of their own and cannot be used.
    fn lint_drafts(&self, broken: &BTreeSet<String>, others: &BTreeSet<String>) -> Vec<Diagnostic> {
        let has_draft = |name: &String| self.files.get(name).is_some_and(|state| state.draft.is_some());
        let (drafts, broken): (BTreeSet<String>, BTreeSet<String>) = broken.iter().cloned().partition(has_draft);
        if drafts.is_empty() {
            return Vec::new();
        }
        let version = |(name, state): (&String, &'_ FileState)| {
            state.draft.clone().or_else(|| state.chosen(broken.contains(name)).cloned())
        };
        let sources: Vec<Arc<Source>> = self.files.iter().filter_map(version).collect();
        let sources: Vec<&Source> = sources.iter().map(Arc::as_ref).collect();
        let (_, mut found) = Archive::assemble(&sources, others, &broken);
        // Hints are about values, some of which are placeholders here.
        found.retain(|diagnostic| diagnostic.level != Level::Hint && drafts.contains(&diagnostic.span.file.name));
        found
    }

    /// The files with an error that have an older version without one.
    fn rejected(&self, found: &[Diagnostic]) -> BTreeSet<String> {
        let names = found.iter().filter(|diagnostic| is_error(diagnostic)).map(|diagnostic| &diagnostic.span.file.name);
        names.filter(|name| self.files.get(*name).is_some_and(FileState::has_other_good_version)).cloned().collect()
    }

    fn accept(&mut self, broken: &BTreeSet<String>, found: &[Diagnostic]) {
        let with_errors: BTreeSet<&String> = found
            .iter()
            .filter(|diagnostic| is_error(diagnostic))
            .map(|diagnostic| &diagnostic.span.file.name)
            .collect();
        for (name, state) in &mut self.files {
            state.accept(broken.contains(name), with_errors.contains(name));
        }
    }

    /// Says which files are shown in their last good version.
    fn held_back(&self, broken: &BTreeSet<String>) -> Option<Diagnostic> {
        let held_back: Vec<&FileState> =
            broken.iter().filter_map(|name| self.files.get(name)).filter(|state| state.used.is_some()).collect();
        let names: Vec<&str> = held_back.iter().map(|state| state.file.name.as_str()).collect();
        let message = format!("visitors still see the last good version of {}", names.join(", "));
        let diagnostic = Diagnostic::warning(Span::start_of(&held_back.first()?.file), message);
        Some(diagnostic.help("it is replaced as soon as the errors are corrected"))
    }
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.level == Level::Error
}

/// Sorts diagnostics: errors first, then by file and place. Each is kept once.
fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        let key = |p: &Diagnostic| (p.level, p.span.file.name.clone(), p.span.line, p.span.column);
        key(a).cmp(&key(b))
    });
    diagnostics.dedup();
    diagnostics
}

#[cfg(test)]
mod tests;
