//! Visitors' runs that a restart must not forget: those not finished, and the last that ended.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::job::StopReason;

/// Maximum number of runs of each kind; a list on a page has a few.
const MAX_ENTRIES: usize = 50;

/// A small file in the cache folder, written anew at each change.
#[derive(Debug)]
pub(super) struct Journal {
    /// `None` if another server of the same content has it.
    path: Option<PathBuf>,
    entries: Entries,
    /// Locked as long as this is open.
    _lock: Option<File>,
}

/// Contents of the file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Entries {
    /// Runs that wait or are running.
    unfinished: VecDeque<Entry>,
    /// Runs that ended without a result, the newest first.
    ended: VecDeque<Entry>,
    /// Runs with a result, the newest first.
    finished: VecDeque<Entry>,
}

/// A run of a visitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// Id of its record.
    pub(super) id: String,
    /// The YAML that asked for it.
    pub(super) spec: String,
    /// Why it has no result; empty for others.
    #[serde(default)]
    pub(super) reason: String,
}

impl Journal {
    /// Reads the journal of the site with this content folder. Runs that were not finished have been interrupted by
    /// the stop of the server that ran them.
    pub(super) fn open(cache: &Path, content: &Path) -> Self {
        // Sites of one user share a cache folder unless told otherwise.
        let content = fs::canonicalize(content).unwrap_or_else(|_| content.to_owned());
        let site = blake3::hash(content.as_os_str().as_encoded_bytes()).to_hex();
        let path = cache.join("runs").join(format!("{}.json", &site[..16]));
        let lock = match lock(&path) {
            Ok(lock) => lock,
            Err(error) => {
                let path = path.display();
                tracing::warn!("runs of visitors are forgotten when this server stops: {path}: {error}");
                return Self { path: None, entries: Entries::default(), _lock: None };
            }
        };
        let entries = match fs::read_to_string(&path).map(|text| serde_json::from_str(&text)) {
            Ok(Ok(entries)) => entries,
            Ok(Err(error)) => {
                tracing::warn!("{} is ignored: {error}", path.display());
                Entries::default()
            }
            // There is none at the first start.
            Err(_) => Entries::default(),
        };
        let mut journal = Self { path: Some(path), entries, _lock: Some(lock) };
        for entry in std::mem::take(&mut journal.entries.unfinished) {
            journal.entries.add_ended(Entry { reason: StopReason::Shutdown.message(), ..entry });
        }
        journal.write();
        journal
    }

    /// Adds a run that waits.
    pub(super) fn add(&mut self, id: &str, spec: &str) {
        self.entries.remove(id);
        self.entries.unfinished.push_back(Entry { id: id.to_owned(), spec: spec.to_owned(), reason: String::new() });
        self.write();
    }

    /// Moves a run to those that ended: with a result, or for the reason that it has none. Runs of articles are not
    /// in the journal.
    pub(super) fn finish(&mut self, id: &str, reason: Option<String>) {
        let Some(at) = self.entries.unfinished.iter().position(|entry| entry.id == id) else { return };
        let Some(entry) = self.entries.unfinished.remove(at) else { return };
        match reason {
            Some(reason) => self.entries.add_ended(Entry { reason, ..entry }),
            None => {
                self.entries.finished.push_front(entry);
                self.entries.finished.truncate(MAX_ENTRIES);
            }
        }
        self.write();
    }

    /// Returns the last runs that ended without a result, the newest first.
    pub(super) fn ended(&self) -> impl Iterator<Item = &Entry> {
        self.entries.ended.iter()
    }

    /// Returns the last runs with a result, the newest first.
    pub(super) fn finished(&self) -> impl Iterator<Item = &Entry> {
        self.entries.finished.iter()
    }

    fn write(&self) {
        if let Some(path) = &self.path
            && let Err(error) = write(path, &self.entries)
        {
            tracing::warn!("the next start will not know which runs were interrupted: {}: {error}", path.display());
        }
    }
}

/// Locks the journal for this process.
fn lock(path: &Path) -> io::Result<File> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let file = File::create(path.with_extension("lock"))?;
    file.try_lock().map_err(|_| io::Error::new(ErrorKind::ResourceBusy, "another server of this site uses it"))?;
    Ok(file)
}

/// Writes beside the file and renames, so that nobody reads half of it.
fn write(path: &Path, entries: &Entries) -> io::Result<()> {
    let beside = path.with_extension("part");
    fs::write(&beside, serde_json::to_string_pretty(entries)?)?;
    fs::rename(beside, path)
}

impl Entries {
    fn remove(&mut self, id: &str) {
        for list in [&mut self.unfinished, &mut self.ended, &mut self.finished] {
            list.retain(|entry| entry.id != id);
        }
    }

    fn add_ended(&mut self, entry: Entry) {
        self.ended.retain(|other| other.id != entry.id);
        self.ended.push_front(entry);
        self.ended.truncate(MAX_ENTRIES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Journal {
        Journal::open(folder, Path::new("content"))
    }

    #[test]
    fn a_restart_knows_what_was_finished_and_what_was_interrupted() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        for id in ["a", "b", "c"] {
            journal.add(id, &format!("spec of {id}"));
        }
        journal.finish("a", None);
        journal.finish("b", Some("It failed.".to_owned()));
        journal.finish("of an article", None);
        drop(journal);
        for _ in 0..2 {
            let journal = open(folder.path());
            assert!(journal.finished().map(|entry| entry.id.as_str()).eq(["a"]));
            let ended: Vec<(&str, &str)> =
                journal.ended().map(|entry| (entry.id.as_str(), entry.reason.as_str())).collect();
            assert_eq!(ended, [("c", "Interrupted: the server was stopped before it was done."), ("b", "It failed.")]);
            assert_eq!(journal.ended().next().unwrap().spec, "spec of c");
        }
        let mut journal = open(folder.path());
        journal.add("c", "spec of c");
        assert!(journal.ended().all(|entry| entry.id != "c"), "it runs again");
    }

    #[test]
    fn a_broken_file_is_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let path = open(folder.path()).path.clone().unwrap();
        fs::write(path, "{").unwrap();
        let mut journal = open(folder.path());
        assert_eq!(journal.ended().count(), 0);
        (0..2 * MAX_ENTRIES).for_each(|n| {
            journal.add(&n.to_string(), "");
            journal.finish(&n.to_string(), None);
        });
        drop(journal);
        assert_eq!(open(folder.path()).finished().count(), MAX_ENTRIES);
    }

    #[test]
    fn neither_two_sites_nor_two_servers_of_one_site_share_a_journal() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = open(folder.path());
        first.add("a", "");
        let mut others = [Journal::open(folder.path(), Path::new("other")), open(folder.path())];
        for other in &mut others {
            assert_eq!(other.ended().count(), 0);
            other.add("b", "");
        }
        drop((first, others));
        let again = open(folder.path());
        assert!(again.ended().map(|entry| entry.id.as_str()).eq(["a"]));
    }
}
