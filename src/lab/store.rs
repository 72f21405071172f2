//! A folder of records, one file each, named by its id.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::data::{Datasets, FileError, Files};
use super::record::{Record, is_id};
use crate::derived::oldest_beyond;

#[cfg(test)]
mod tests;

/// A folder of records: the pinned ones of a site, or a cache.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// A file that is no usable record.
#[derive(Debug)]
pub struct Broken {
    /// The file.
    pub path: PathBuf,
    /// Why, in a sentence without a full stop.
    pub why: String,
}

impl Store {
    /// A store in this folder, which need not exist until something is saved.
    pub fn new(folder: impl Into<PathBuf>) -> Store {
        Store { folder: folder.into() }
    }

    /// The file that a record of this id has or would have.
    ///
    /// # Panics
    /// When `id` is no name of a record (hexadecimal digits), so that no text from outside leads out of the folder.
    fn path(&self, id: &str) -> PathBuf {
        assert!(is_id(id), "`{id}` is no id of a record");
        self.folder.join(format!("{id}.json"))
    }

    /// All records by name, and the files that are broken. A folder that is not there holds none.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn load(&self) -> io::Result<(Vec<Record>, Vec<Broken>)> {
        let (mut records, mut broken) = (Vec::new(), Vec::new());
        for path in self.files()? {
            match read(&path) {
                Ok(record) => records.push(record),
                Err(why) => broken.push(Broken { path, why }),
            }
        }
        Ok((records, broken))
    }

    /// The record of this id, if there is one and it is whole.
    pub fn find(&self, id: &str) -> Option<Record> {
        is_id(id).then(|| read(&self.path(id)).ok()).flatten()
    }

    /// Returns whether there is a file for this id that was written to its end; [`Store::find`] reads all of it.
    pub fn has(&self, id: &str) -> bool {
        is_id(id) && self.path(id).is_file() && ends_like_a_record(&self.path(id)).unwrap_or(false)
    }

    /// Removes the file of this id, as when it cannot be read.
    ///
    /// # Errors
    /// When there is a file that cannot be removed.
    pub fn remove(&self, id: &str) -> io::Result<()> {
        match is_id(id).then(|| fs::remove_file(self.path(id))) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Saves a record: written beside its place and renamed into it, so that no reader sees half of it. Returns its
    /// path.
    ///
    /// # Errors
    /// When the folder or the file cannot be written, and when the record could not be read again, as with numbers that
    /// are not finite. The message names the file.
    pub fn save(&self, record: &Record) -> io::Result<PathBuf> {
        let (path, text) = (self.path(&record.id), record.to_json());
        let named = |error: io::Error| {
            io::Error::new(error.kind(), format!("the result cannot be written to {}: {error}", path.display()))
        };
        Record::from_json(&text).map_err(|error| named(io::Error::new(io::ErrorKind::InvalidData, error)))?;
        fs::create_dir_all(&self.folder).map_err(named)?;
        // Two processes that save the same record write apart.
        let beside = self.folder.join(format!(".{}.{}.part", record.id, std::process::id()));
        let written = write(&beside, &text).and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written.map_err(named)?;
        Ok(path)
    }

    /// Removes files that a process was writing when it ended. To be called before this process saves anything.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file not removed.
    pub fn remove_leftovers(&self) -> io::Result<()> {
        for path in self.entries()?.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "part")) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let writer = name.rsplit('.').next().and_then(|pid| rustix::process::Pid::from_raw(pid.parse().ok()?));
            let is_own = |pid: rustix::process::Pid| pid.as_raw_nonzero().get().unsigned_abs() == std::process::id();
            let is_alive =
                |pid| !is_own(pid) && rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH);
            if !writer.is_some_and(is_alive) {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    /// Removes the oldest records other than `keep` until all have at most so many bytes. Returns the number removed.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file not removed.
    pub fn shrink(&self, max_bytes: u64, keep: &str) -> io::Result<usize> {
        let (mut files, mut kept) = (Vec::new(), 0);
        for path in self.files()? {
            let about = fs::metadata(&path)?;
            if path.file_stem().is_some_and(|id| id == keep) {
                kept = about.len();
            } else {
                files.push((about.modified()?, about.len(), path));
            }
        }
        let surplus = oldest_beyond(max_bytes.saturating_sub(kept), files);
        surplus.iter().try_for_each(fs::remove_file)?;
        Ok(surplus.len())
    }

    /// The files that are named like records, in order.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut paths = self.entries()?;
        let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json") && !hidden(path));
        paths.sort();
        Ok(paths)
    }

    /// Everything in the folder; nothing if there is no folder.
    fn entries(&self) -> io::Result<Vec<PathBuf>> {
        match fs::read_dir(&self.folder) {
            Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => {
                Err(io::Error::new(error.kind(), format!("{} cannot be read: {error}", self.folder.display())))
            }
        }
    }
}

/// A folder with other data sets than the digits, each in a folder of its own: `mnist/train-images-idx3-ubyte.gz`. It
/// need not exist.
#[derive(Debug, Clone)]
pub struct DataFolder {
    folder: PathBuf,
    /// What messages call it.
    name: PathBuf,
}

impl DataFolder {
    /// Uses this folder; nothing is read until a task needs it.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        let folder = folder.into();
        Self { name: folder.clone(), folder }
    }

    /// Calls the folder by another name in messages, such as those for people who must not learn where it is.
    pub fn called(self, name: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), ..self }
    }
}

impl Files for DataFolder {
    fn has(&self, path: &str) -> bool {
        self.folder.join(path).is_file()
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = fs::File::open(self.folder.join(path)).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| error.to_string())
    }

    fn show(&self, path: &str) -> String {
        self.name.join(path).display().to_string()
    }
}

impl Datasets {
    /// Reads the digits from a folder: `digits.csv.gz`. If they cannot be used, whoever asks for them is told why.
    /// Other data sets are read when they are needed: [`Datasets::with_files`].
    pub fn read(folder: &Path) -> Self {
        let path = folder.join("digits.csv.gz");
        let mut datasets = Self::default();
        let bytes = fs::read(&path).map_err(|error| FileError::Unreadable(error.to_string()));
        if let Err(error) = bytes.and_then(|bytes| datasets.add_digits(&bytes)) {
            datasets.miss_digits(path.display().to_string(), error);
        }
        datasets
    }
}

/// Returns whether a file ends as [`Record::to_json`] does; one that was cut off does not.
fn ends_like_a_record(path: &Path) -> io::Result<bool> {
    const END: &[u8] = b"\n}\n";
    let (mut file, mut end) = (fs::File::open(path)?, [0; END.len()]);
    file.seek(SeekFrom::End(-(END.len() as i64)))?;
    file.read_exact(&mut end)?;
    Ok(end == END)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Maximum size of a record, in bytes; one of 80 runs has about 100 KB.
const MAX_BYTES: u64 = 64 << 20;

fn read(path: &Path) -> Result<Record, String> {
    // A pipe would be waited for, and a device read forever.
    let about = fs::metadata(path).map_err(|error| error.to_string())?;
    if !about.is_file() || about.len() > MAX_BYTES {
        return Err(format!("it is not a regular file of at most {MAX_BYTES} bytes"));
    }
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let record = Record::from_json(&text).map_err(|error| error.to_string())?;
    let named = path.file_stem().is_some_and(|stem| stem.to_string_lossy() == record.id);
    if named { Ok(record) } else { Err(format!("the record in this file is named {}", record.id)) }
}
