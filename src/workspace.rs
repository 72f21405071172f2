//! A content folder that is being edited: what is in it, the last good version of each file, and what is wrong.
//!
//! [`Workspace::refresh`] is the pipeline of the whole program: files → sources → archive → pages' own checks → snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::archive::Archive;
use crate::content::{Folder, Listing, ReadError, Source};
use crate::problem::{Level, Place, Problem, SourceFile};

/// A content folder and what is known of its files.
#[derive(Debug)]
pub struct Workspace {
    folder: Folder,
    files: BTreeMap<String, Kept>,
}

/// One file: as it is now, and as it last was when nothing was wrong with it.
#[derive(Debug)]
struct Kept {
    file: Arc<SourceFile>,
    /// The present version, if it can be read into its type.
    current: Option<Arc<Source>>,
    /// What is wrong with the file by itself.
    problems: Vec<Problem>,
    /// The last version that was used.
    good: Option<Arc<Source>>,
}

impl Kept {
    fn read(file: Arc<SourceFile>, good: Option<Arc<Source>>) -> Self {
        let (current, problems) = Source::read(&file).unwrap_or_else(|| {
            let place = Place::start_of(&file);
            let problem = Problem::warning(place, "no page is made of this file").help(
                "content is site.yaml, topics.yaml, people.yaml, venues.yaml and the files in meetups, hot-topics, jobs, events and pages",
            );
            (None, vec![problem])
        });
        Self { file, current: current.map(Arc::new), problems, good }
    }

    /// Whether the present version differs from the one that was last used.
    fn changed(&self) -> bool {
        match (&self.current, &self.good) {
            (Some(current), Some(good)) => !Arc::ptr_eq(current, good),
            (current, good) => current.is_some() || good.is_some(),
        }
    }
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
        Self { folder, files: BTreeMap::new() }
    }

    /// Reads what has changed and puts a new snapshot together. A file with an error takes no part in it: its last good
    /// version does, if there is one. `vet` looks for problems that only show when pages are made.
    ///
    /// # Errors
    /// When the folder cannot be read at all.
    pub fn refresh(&mut self, vet: impl Fn(&Archive) -> Vec<Problem>) -> Result<Snapshot, ReadError> {
        let listing = self.folder.read()?;
        let mut problems: Vec<Problem> = listing.errors.iter().map(unreadable).collect();
        self.take_in(&listing);
        let mut rejected = BTreeSet::new();
        let (archive, found) = loop {
            let (archive, mut found) = Archive::assemble(&self.sources(&rejected), &listing.others);
            found.extend(archive.iter().flat_map(&vet));
            // What a last good version has to say is about lines that are no longer there.
            found.retain(|problem| !rejected.contains(&problem.place.file.name));
            let newly = self.to_reject(&found, &rejected);
            if newly.is_empty() {
                break (archive, found);
            }
            problems.extend(found.into_iter().filter(|problem| problem.level == Level::Error));
            rejected.extend(newly);
        };
        problems.extend(found);
        problems.extend(self.files.values().flat_map(|kept| kept.problems.clone()));
        self.accept(&rejected);
        Ok(Snapshot { archive, problems: in_order(problems) })
    }

    fn take_in(&mut self, listing: &Listing) {
        let unreadable = |name: &String| listing.errors.iter().any(|error| error.name() == Some(name));
        let present: BTreeSet<&String> = listing.files.iter().map(|file| &file.name).collect();
        self.files.retain(|name, _| present.contains(name) || unreadable(name));
        let changed = listing.files.par_iter().filter_map(|file| {
            let known = self.files.get(&file.name);
            let good = known.and_then(|kept| kept.good.clone());
            known.is_none_or(|kept| kept.file.text != file.text).then(|| Kept::read(file.clone(), good))
        });
        let changed: Vec<Kept> = changed.collect();
        self.files.extend(changed.into_iter().map(|kept| (kept.file.name.clone(), kept)));
    }

    fn sources(&self, rejected: &BTreeSet<String>) -> Vec<&Source> {
        let chosen = self.files.iter().filter_map(|(name, kept)| match &kept.current {
            Some(current) if !rejected.contains(name) => Some(current),
            _ => kept.good.as_ref(),
        });
        chosen.map(Arc::as_ref).collect()
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
            if kept.current.is_some() && !rejected.contains(name) {
                kept.good = kept.current.clone();
            }
        }
    }
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
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    const SITE: &str = "name: A\nshort_name: A\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/\n";
    const VENUES: &str = "- name: Sektor 5\n- name: 42 Vienna\n";

    fn write(folder: &Path, name: &str, text: &str) {
        fs::create_dir_all(folder.join(name).parent().unwrap()).unwrap();
        fs::write(folder.join(name), text).unwrap();
    }

    fn workspace() -> (tempfile::TempDir, Workspace) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "site.yaml", SITE);
        write(folder.path(), "venues.yaml", VENUES);
        write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: Old\nvenue: Sektor 5\n");
        let workspace = Workspace::new(Folder::new(folder.path()));
        (folder, workspace)
    }

    fn refresh(workspace: &mut Workspace) -> (Vec<String>, Vec<String>) {
        let snapshot = workspace.refresh(|_| Vec::new()).unwrap();
        let topics = snapshot.archive.iter().flat_map(|archive| &archive.events).filter_map(|event| event.topic.clone());
        (topics.collect(), snapshot.problems.iter().map(|p| format!("{} {}: {}", p.level, p.place, p.message)).collect())
    }

    #[test]
    fn a_broken_file_leaves_its_last_good_version_up_and_is_named() {
        for (broken, problem) in [
            ("number: 1\ntopic: New\n\tvenue: Sektor 5\n", "error meetups/001.yaml:3:1: a tab in the indentation"),
            ("number: 1\ntopic: New\nvenu: Sektor 5\n", "error meetups/001.yaml:3:1: unknown key `venu` in a meetup"),
            ("number: 1\ntopic: New\nvenue: Sektor 6\n", "error meetups/001.yaml:3:8: unknown venue `Sektor 6`"),
        ] {
            let (folder, mut workspace) = workspace();
            assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], vec![]));
            write(folder.path(), "meetups/001.yaml", broken);
            assert_eq!(refresh(&mut workspace), (vec!["Old".to_owned()], vec![problem.to_owned()]), "{broken}");
            write(folder.path(), "meetups/001.yaml", "number: 1\ntopic: New\nvenue: Sektor 5\n");
            assert_eq!(refresh(&mut workspace), (vec!["New".to_owned()], vec![]), "{broken}");
        }
    }

    #[test]
    fn a_registry_that_breaks_others_waits_and_they_stay() {
        let (folder, mut workspace) = workspace();
        refresh(&mut workspace);
        write(folder.path(), "venues.yaml", "- name: Sector Five\n");
        let (topics, problems) = refresh(&mut workspace);
        assert_eq!(topics, ["Old"]);
        assert_eq!(problems, ["error meetups/001.yaml:3:8: unknown venue `Sektor 5`"]);
        let snapshot = workspace.refresh(|_| Vec::new()).unwrap();
        assert_eq!(snapshot.archive.unwrap().events[0].venues.len(), 1, "the old registry is still used");
    }

    #[test]
    fn a_file_that_is_removed_is_gone_and_a_strange_one_is_named() {
        let (folder, mut workspace) = workspace();
        refresh(&mut workspace);
        fs::remove_file(folder.path().join("meetups/001.yaml")).unwrap();
        write(folder.path(), "meetup/002.yaml", "number: 2\n");
        let (topics, problems) = refresh(&mut workspace);
        assert!(topics.is_empty());
        assert_eq!(problems, ["warning meetup/002.yaml:1:1: no page is made of this file"]);
    }

    #[test]
    fn problems_that_only_pages_find_count_like_others() {
        let (folder, mut workspace) = workspace();
        refresh(&mut workspace);
        write(folder.path(), "pages/about.md", "---\ntitle: About\n---\n[x](/nowhere/)\n");
        let vet = |archive: &Archive| {
            let body = |page: &crate::archive::Page| Problem::error(Place::start_of(&page.body.file), "dead link");
            archive.pages.iter().map(body).collect()
        };
        let snapshot = workspace.refresh(vet).unwrap();
        assert!(snapshot.archive.unwrap().pages.is_empty());
        assert_eq!(snapshot.problems.len(), 1);
    }
}
