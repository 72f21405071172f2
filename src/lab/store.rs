//! A folder of records, one file each, named by its id. The only file of this room that touches the disk.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::data::{Datasets, FileError, Files};
use super::record::Record;

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
        assert!(!id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "`{id}` is no id of a record");
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
        let named = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        named.then(|| read(&self.path(id)).ok()).flatten()
    }

    /// Whether there is a file for this id; [`Store::find`] says whether it is whole.
    pub fn has(&self, id: &str) -> bool {
        let named = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        named && self.path(id).is_file()
    }

    /// Saves a record: written beside its place and renamed into it, so that no reader sees half of it. Gives its path.
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn save(&self, record: &Record) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        let path = self.path(&record.id);
        // Two processes that save the same record write apart.
        let beside = self.folder.join(format!(".{}.{}.part", record.id, std::process::id()));
        let written = write(&beside, &record.to_json()).and_then(|()| fs::rename(&beside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&beside);
        }
        written.map(|()| path)
    }

    /// Removes the oldest records until the rest have at most so many bytes. Gives the number removed.
    ///
    /// # Errors
    /// When the folder cannot be listed or a file not removed.
    pub fn shrink(&self, most_bytes: u64) -> io::Result<usize> {
        let mut files: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
        for path in self.files()? {
            let about = fs::metadata(&path)?;
            files.push((about.modified()?, about.len(), path));
        }
        files.sort();
        let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
        let mut removed = 0;
        for (_, length, path) in files {
            if bytes <= most_bytes {
                break;
            }
            fs::remove_file(path)?;
            bytes -= length;
            removed += 1;
        }
        Ok(removed)
    }

    /// The files that are named like records, in order.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()?;
        let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "json") && !hidden(path));
        paths.sort();
        Ok(paths)
    }
}

/// A folder with other data sets than the digits, each in a folder of its own: `mnist/train-images-idx3-ubyte.gz`. It
/// need not exist.
#[derive(Debug, Clone)]
pub struct DataFolder(PathBuf);

impl DataFolder {
    /// This folder; nothing is read until a task needs it.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }
}

impl Files for DataFolder {
    fn has(&self, path: &str) -> bool {
        self.0.join(path).is_file()
    }

    fn read(&self, path: &str, most: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = fs::File::open(self.0.join(path)).and_then(|file| file.take(most + 1).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| error.to_string())
    }

    fn show(&self, path: &str) -> String {
        self.0.join(path).display().to_string()
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
