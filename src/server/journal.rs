//! What a restart must not forget of visitors' runs: which were not finished, and which were the last that were.

use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Runs that are remembered of each kind; a list on a page has a few.
const MOST: usize = 50;

/// A small file in the cache folder, written anew at each change.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    entries: Entries,
}

/// What the file holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Entries {
    /// Runs that wait or are being run.
    unfinished: VecDeque<Entry>,
    /// Runs that ended without a result, the newest first.
    ended: VecDeque<Entry>,
    /// Runs with a result, the newest first.
    finished: VecDeque<Entry>,
}

/// A run of a visitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Name of its record.
    pub(super) id: String,
    /// The YAML that asked for it.
    pub(super) spec: String,
    /// Why it has no result; empty for others.
    #[serde(default)]
    pub(super) reason: String,
}

impl Journal {
    /// Reads the file. Runs that were not finished then have been interrupted: by the stop of the server that ran
    /// them.
    pub(super) fn open(folder: &Path) -> Self {
        let path = folder.join("lab-runs.json");
        let entries = match fs::read_to_string(&path).map(|text| serde_json::from_str(&text)) {
            Ok(Ok(entries)) => entries,
            Ok(Err(error)) => {
                tracing::warn!("{} is passed over: {error}", path.display());
                Entries::default()
            }
            // There is none at the first start.
            Err(_) => Entries::default(),
        };
        let mut journal = Self { path, entries };
        for entry in std::mem::take(&mut journal.entries.unfinished) {
            let reason = "Interrupted: the server was stopped before it was done.".to_owned();
            journal.end(Entry { reason, ..entry });
        }
        journal
    }

    /// A run has come in.
    pub(super) fn enter(&mut self, id: &str, spec: &str) {
        self.entries.forget(id);
        self.entries.unfinished.push_back(Entry { id: id.to_owned(), spec: spec.to_owned(), reason: String::new() });
        self.write();
    }

    /// A run has ended, with a result or for the reason that it has none. Runs that did not come in are none of
    /// visitors.
    pub(super) fn leave(&mut self, id: &str, reason: Option<String>) {
        let Some(at) = self.entries.unfinished.iter().position(|entry| entry.id == id) else { return };
        let Some(entry) = self.entries.unfinished.remove(at) else { return };
        match reason {
            Some(reason) => self.end(Entry { reason, ..entry }),
            None => {
                self.entries.finished.push_front(entry);
                self.entries.finished.truncate(MOST);
                self.write();
            }
        }
    }

    fn end(&mut self, entry: Entry) {
        self.entries.ended.retain(|other| other.id != entry.id);
        self.entries.ended.push_front(entry);
        self.entries.ended.truncate(MOST);
        self.write();
    }

    /// The last runs that ended without a result, the newest first.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Entry> {
        self.entries.ended.iter()
    }

    /// The last runs with a result, the newest first.
    pub(super) fn finished(&self) -> impl Iterator<Item = &Entry> {
        self.entries.finished.iter()
    }

    fn write(&self) {
        if let Err(error) = self.try_write() {
            tracing::warn!(
                "the next start will not know which runs were interrupted: {}: {error}",
                self.path.display()
            );
        }
    }

    /// Beside its place and renamed into it, so that nobody reads half of it.
    fn try_write(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = self.path.with_extension("part");
        fs::write(&beside, serde_json::to_string_pretty(&self.entries)?)?;
        fs::rename(beside, &self.path)
    }
}

impl Entries {
    fn forget(&mut self, id: &str) {
        for list in [&mut self.unfinished, &mut self.ended, &mut self.finished] {
            list.retain(|entry| entry.id != id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restart_knows_what_was_finished_and_what_was_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path());
        for id in ["a", "b", "c"] {
            journal.enter(id, &format!("spec of {id}"));
        }
        journal.leave("a", None);
        journal.leave("b", Some("It failed.".to_owned()));
        journal.leave("of an article", None);
        drop(journal);
        for _ in 0..2 {
            let journal = Journal::open(folder.path());
            assert!(journal.finished().map(|entry| entry.id.as_str()).eq(["a"]));
            let ended: Vec<(&str, &str)> =
                journal.ended().map(|entry| (entry.id.as_str(), entry.reason.as_str())).collect();
            assert_eq!(ended, [("c", "Interrupted: the server was stopped before it was done."), ("b", "It failed.")]);
            assert_eq!(journal.ended().next().unwrap().spec, "spec of c");
        }
        let mut journal = Journal::open(folder.path());
        journal.enter("c", "spec of c");
        assert!(journal.ended().all(|entry| entry.id != "c"), "it runs again");
    }

    #[test]
    fn a_broken_file_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lab-runs.json"), "{").unwrap();
        let mut journal = Journal::open(folder.path());
        assert_eq!(journal.ended().count(), 0);
        (0..2 * MOST).for_each(|n| {
            journal.enter(&n.to_string(), "");
            journal.leave(&n.to_string(), None);
        });
        assert_eq!(Journal::open(folder.path()).finished().count(), MOST);
    }
}
