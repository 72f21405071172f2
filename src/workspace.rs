//! A content folder that is being edited: what is in it, the last good version of each file, and what is wrong.
//!
//! [`Workspace::refresh`] is the pipeline of the whole program: files → sources → archive → pages' own checks → snapshot.
//! [`Workspace::refresh_files`] goes only as far as a change needs.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::{Archive, Assembly};
use crate::content::{Body, Folder, Listing, ReadError, Source, Touched};
use crate::problem::{Level, Place, Problem, SourceFile};

/// The file without which there is no archive.
const SITE: &str = "site.yaml";

/// A content folder and what is known of its files.
#[derive(Debug)]
pub struct Workspace {
    folder: Folder,
    files: BTreeMap<String, Kept>,
    /// The names of the other files.
    others: Arc<BTreeSet<String>>,
    /// What the last refresh came to, if all files were read and used as they are.
    last: Option<Last>,
}

/// What a refresh came to.
#[derive(Debug)]
struct Last {
    assembly: Assembly,
    /// All problems, in order.
    problems: Vec<Problem>,
}

impl Last {
    fn snapshot(&self) -> Snapshot {
        Snapshot { archive: Some(self.assembly.archive.clone()), problems: self.problems.clone() }
    }
}

/// One file: as it is now, and as it last was when nothing was wrong with it.
#[derive(Debug)]
struct Kept {
    file: Arc<SourceFile>,
    /// Whether the present version can be read into its type.
    readable: bool,
    /// What it was read into, until [`Workspace::forget_sources`].
    source: Option<Source>,
    /// What is wrong with the file by itself.
    problems: Vec<Problem>,
    /// The last version that was used.
    good: Option<Arc<SourceFile>>,
}

impl Kept {
    fn read(file: Arc<SourceFile>, good: Option<Arc<SourceFile>>) -> Self {
        let (source, problems) = Source::read(&file).unwrap_or_else(|| {
            let place = Place::start_of(&file);
            let problem = Problem::warning(place, "no page is made of this file").help(
                "content is site.yaml, topics.yaml, people.yaml, venues.yaml and the files in meetups, hot-topics, jobs, events and pages",
            );
            (None, vec![problem])
        });
        Self { file, readable: source.is_some(), source, problems, good }
    }

    /// The present version, if it can be read into its type.
    fn current(&self) -> Option<&Arc<SourceFile>> {
        self.readable.then_some(&self.file)
    }

    /// Whether the present version differs from the one that was last used.
    fn changed(&self) -> bool {
        match (self.current(), &self.good) {
            (Some(current), Some(good)) => !Arc::ptr_eq(current, good),
            (current, good) => current.is_some() || good.is_some(),
        }
    }

    /// What the present version says, or the last good one if the present one is not to be used.
    fn chosen(&self, rejected: bool) -> Option<Cow<'_, Source>> {
        match (self.current().filter(|_| !rejected), &self.source) {
            (Some(_), Some(source)) => Some(Cow::Borrowed(source)),
            (Some(file), None) => source_of(file).map(Cow::Owned),
            (None, _) => source_of(self.good.as_ref()?).map(Cow::Owned),
        }
    }
}

/// What a file that is known to be good says.
fn source_of(file: &Arc<SourceFile>) -> Option<Source> {
    Source::read(file)?.0
}

/// A state of the content that is fit to be served, and everything that is wrong with the files.
#[derive(Debug)]
pub struct Snapshot {
    /// The archive; absent only when there has never been a usable `site.yaml`.
    pub archive: Option<Archive>,
    /// All problems: errors first, then in the order of files and lines.
    pub problems: Vec<Problem>,
}

impl Snapshot {
    /// Whether a file is not used as it is.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.level == Level::Error)
    }
}

impl Workspace {
    /// A workspace of a folder; nothing is read yet.
    pub fn new(folder: Folder) -> Self {
        Self { folder, files: BTreeMap::new(), others: Arc::default(), last: None }
    }

    /// Reads the folder and puts a new snapshot together. A file with an error takes no part in it: its last good
    /// version does, if there is one. `vet` looks for problems that only show when pages are made.
    ///
    /// # Errors
    /// When the folder cannot be read at all.
    pub fn refresh(&mut self, vet: impl Fn(&Archive, &[&Body]) -> Vec<Problem>) -> Result<Snapshot, ReadError> {
        let listing = self.folder.read()?;
        let unreadable: Vec<Problem> = listing.errors.iter().map(unreadable).collect();
        self.take_in(&listing);
        self.others = Arc::new(listing.others);
        Ok(self.assemble(unreadable, vet))
    }

    /// [`refresh`](Self::refresh) where it is known that only these files may have changed: no others are read. Files that were added or removed,
    /// folders, and what was not right at the last refresh still make it read everything.
    ///
    /// # Errors
    /// When the folder cannot be read at all.
    pub fn refresh_files(
        &mut self,
        changed: &BTreeSet<PathBuf>,
        vet: impl Fn(&Archive, &[&Body]) -> Vec<Problem>,
    ) -> Result<Snapshot, ReadError> {
        let Some(files) = self.last.is_some().then(|| self.changed(changed)).flatten() else { return self.refresh(vet) };
        if let [file] = &files[..]
            && let Some(snapshot) = self.amended(file, &vet)
        {
            return Ok(snapshot);
        }
        match &self.last {
            Some(last) if files.is_empty() => Ok(last.snapshot()),
            _ => {
                self.keep(&files);
                Ok(self.assemble(Vec::new(), vet))
            }
        }
    }

    /// Of these paths, the files that differ from what is known of them; none if more than that may have changed.
    fn changed(&self, paths: &BTreeSet<PathBuf>) -> Option<Vec<Arc<SourceFile>>> {
        let mut changed = Vec::new();
        for path in paths {
            match self.folder.touched(path, |name| self.is_there(name)) {
                Touched::Nothing => {}
                Touched::Content(file) => changed.extend((self.files.get(&file.name)?.file.text != file.text).then_some(file)),
                Touched::More => return None,
            }
        }
        Some(changed)
    }

    /// Whether a file of that name is known, or one in a folder of that name.
    fn is_there(&self, name: &str) -> bool {
        let within = format!("{name}/");
        let in_it = |other: Option<&String>| other.is_some_and(|other| other.starts_with(&within));
        self.files.contains_key(name)
            || self.others.contains(name)
            || in_it(self.files.range(within.clone()..).next().map(|(name, _)| name))
            || in_it(self.others.range(within.clone()..).next())
    }

    /// The snapshot with a new version of one file, where it is that of a meetup or an article and nothing else depends on the change.
    fn amended(&mut self, file: &Arc<SourceFile>, vet: impl Fn(&Archive, &[&Body]) -> Vec<Problem>) -> Option<Snapshot> {
        let Last { assembly, problems } = self.last.as_mut()?;
        let (kept, new) = (&self.files[&file.name], Kept::read(file.clone(), None));
        if !kept.problems.is_empty() || !new.problems.is_empty() {
            return None;
        }
        match (source_of(kept.good.as_ref()?)?, new.source.as_ref()?) {
            (Source::Meetup(before), Source::Meetup(meetup)) => {
                let Source::Site(site) = source_of(self.files.get(SITE)?.good.as_ref()?)? else { return None };
                assembly.amend(&site, &self.others, &before, meetup)?;
            }
            (before, after) => {
                assembly.amend_text(&before, after)?;
                // No address has changed, so that other texts are as right as before.
                let texts: Vec<&Body> = assembly.archive.bodies().filter(|body| Arc::ptr_eq(&body.file, file)).collect();
                let found = vet(&assembly.archive, &texts);
                problems.retain(|problem| problem.place.file.name != file.name);
                problems.extend(found);
                *problems = in_order(std::mem::take(problems));
                // Whose fault an error is, and what is served instead, is found out with all files.
                if problems.iter().any(|problem| problem.level == Level::Error) {
                    return None;
                }
            }
        }
        self.files.insert(file.name.clone(), Kept { good: Some(new.file.clone()), ..new });
        self.last.as_ref().map(Last::snapshot)
    }

    /// Puts a snapshot together from the files as they are known.
    fn assemble(&mut self, unreadable: Vec<Problem>, vet: impl Fn(&Archive, &[&Body]) -> Vec<Problem>) -> Snapshot {
        let mut problems = unreadable;
        let complete = problems.is_empty();
        // One that is there and cannot be used has problems of its own.
        let has_site = self.files.contains_key(SITE) || problems.iter().any(|problem| problem.place.file.name == SITE);
        let mut rejected = BTreeSet::new();
        let (assembly, found) = loop {
            let sources = self.sources(&rejected);
            let sources: Vec<&Source> = sources.iter().map(Cow::as_ref).collect();
            let (assembly, mut found) = match Assembly::new(&sources, &self.others) {
                Ok(assembly) => (Some(assembly), Vec::new()),
                Err(_) if has_site => (None, Vec::new()),
                Err(problem) => (None, vec![problem]),
            };
            found.extend(assembly.iter().flat_map(|assembly| {
                let texts: Vec<&Body> = assembly.archive.bodies().collect();
                assembly.problems.iter().cloned().chain(vet(&assembly.archive, &texts))
            }));
            // What a last good version has to say is about lines that are no longer there.
            found.retain(|problem| !rejected.contains(&problem.place.file.name));
            let newly = self.to_reject(&found, &rejected);
            if newly.is_empty() {
                break (assembly, found);
            }
            problems.extend(found.into_iter().filter(|problem| problem.level == Level::Error));
            rejected.extend(newly);
        };
        problems.extend(found);
        problems.extend(by_themselves(&self.files));
        let problems = in_order(problems);
        self.accept(&rejected);
        let as_they_are = complete && self.files.values().all(|kept| !kept.changed());
        let archive = assembly.as_ref().map(|assembly| assembly.archive.clone());
        self.last = assembly.filter(|_| as_they_are).map(|assembly| Last { assembly, problems: problems.clone() });
        Snapshot { archive, problems }
    }

    fn take_in(&mut self, listing: &Listing) {
        let unreadable = |name: &String| listing.errors.iter().any(|error| error.name() == Some(name));
        let present: BTreeSet<&String> = listing.files.iter().map(|file| &file.name).collect();
        self.files.retain(|name, _| present.contains(name) || unreadable(name));
        self.keep(&listing.files);
    }

    /// Reads the new ones among these versions of files.
    fn keep(&mut self, files: &[Arc<SourceFile>]) {
        // The registries are the longest by far, and nobody should wait for them at the end.
        let mut files: Vec<&Arc<SourceFile>> = files.iter().collect();
        files.sort_by_key(|file| std::cmp::Reverse(file.text.len()));
        let changed = |file: &Arc<SourceFile>| {
            let known = self.files.get(&file.name);
            let good = known.and_then(|kept| kept.good.clone());
            known.is_none_or(|kept| kept.file.text != file.text).then(|| Kept::read(file.clone(), good))
        };
        let changed: Vec<Kept> = files.into_par_iter().filter_map(changed).collect();
        self.files.extend(changed.into_iter().map(|kept| (kept.file.name.clone(), kept)));
    }

    /// What all files say that are used. Those of which that is not at hand are read on all cores.
    fn sources(&self, rejected: &BTreeSet<String>) -> Vec<Cow<'_, Source>> {
        self.files.par_iter().filter_map(|(name, kept)| kept.chosen(rejected.contains(name))).collect()
    }

    /// Lets go of what the files were read into, when the archive that was made of it is in use: with 10,000 events that is 15 MB. It is read again when
    /// all is put together anew.
    pub fn forget_sources(&mut self) {
        self.files.values_mut().for_each(|kept| kept.source = None);
    }

    /// The files to be left out because of these problems. An error in a file that has not changed since it was good is the
    /// doing of one that has: a venue renamed in `venues.yaml` breaks no meetup, it is the new `venues.yaml` that waits.
    fn to_reject(&self, found: &[Problem], rejected: &BTreeSet<String>) -> BTreeSet<String> {
        let broken = found.iter().filter(|problem| problem.level == Level::Error).map(|problem| &problem.place.file.name);
        let mut newly = BTreeSet::new();
        for name in broken {
            match self.files.get(name) {
                Some(kept) if kept.changed() => drop(newly.insert(name.clone())),
                _ => newly.extend(self.files.iter().filter(|(_, kept)| kept.changed()).map(|(name, _)| name.clone())),
            }
        }
        newly.retain(|name| !rejected.contains(name));
        newly
    }

    fn accept(&mut self, rejected: &BTreeSet<String>) {
        for (name, kept) in &mut self.files {
            if let Some(current) = kept.current().filter(|_| !rejected.contains(name)) {
                kept.good = Some(current.clone());
            }
        }
    }
}

/// What is wrong with each file by itself.
fn by_themselves(files: &BTreeMap<String, Kept>) -> impl Iterator<Item = Problem> {
    files.values().flat_map(|kept| kept.problems.clone())
}

fn unreadable(error: &ReadError) -> Problem {
    let file = SourceFile::new(error.name().map_or("", String::as_str), "");
    Problem::error(Place::start_of(&file), error.to_string())
}

/// Errors first, then by file and place; what several rounds found stands once.
fn in_order(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| {
        let key = |p: &Problem| (p.level, p.place.file.name.clone(), p.place.line, p.place.column);
        key(a).cmp(&key(b))
    });
    problems.dedup();
    problems
}

#[cfg(test)]
mod tests;
