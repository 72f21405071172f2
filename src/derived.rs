//! A cache of what is derived from other bytes and dear to make: preview images, compressed texts.
//!
//! A folder of files named by the hash of their input, shared by server and export. A folder that cannot be read or
//! written costs time, nothing else.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// Bytes of all files together; the oldest go first.
const MAX_BYTES: u64 = 256 << 20;
/// Bytes written after which the limit is enforced again.
const TRIM_EVERY: u64 = MAX_BYTES / 8;
/// Length of the checksum at the end of each file.
const SUM_BYTES: usize = 16;

/// Everything beside the input that decides what is made: libraries, fonts and the code that uses them.
static MAKERS: LazyLock<[u8; 32]> = LazyLock::new(|| {
    let mut hasher = blake3::Hasher::new();
    hasher.update(include_bytes!("../Cargo.lock"));
    hasher.update(include_bytes!("preview/raster.rs"));
    hasher.update(include_bytes!("compress.rs"));
    hasher.update(include_bytes!("../fonts/newsreader-display.ttf"));
    hasher.update(include_bytes!("../fonts/instrument-sans-500.ttf"));
    hasher.finalize().into()
});

/// The cache in one folder.
#[derive(Debug)]
pub struct Derived {
    folder: PathBuf,
    max_bytes: u64,
    /// Bytes written since the limit was last enforced.
    written: AtomicU64,
}

impl Derived {
    /// Uses the subfolder `derived` of a cache folder. It is created with the first file.
    pub fn new(cache: &Path) -> Self {
        Self { folder: cache.join("derived"), max_bytes: MAX_BYTES, written: AtomicU64::new(0) }
    }

    /// Returns `make(input)`, from the cache if it was made before. `kind` tells apart what is made of the same
    /// input, and is the extension of the file.
    pub fn get_or_make(&self, kind: &str, input: &[u8], make: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let hash = blake3::Hasher::new_keyed(&MAKERS).update(input).finalize();
        let path = self.folder.join(format!("{}.{kind}", hash.to_hex()));
        if let Some(bytes) = read(&path) {
            return bytes;
        }
        let bytes = make(input);
        // Not being able to keep it is no reason to fail.
        let _ = self.write(&path, &bytes);
        bytes
    }

    /// Writes beside and renames, so that no reader and no kill finds half a file.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder).or_else(|_| {
            fs::create_dir_all(&self.folder)?;
            tempfile::NamedTempFile::new_in(&self.folder)
        })?;
        file.write_all(&[bytes, &sum(bytes)].concat())?;
        file.persist(path)?;
        let written = bytes.len() as u64;
        if self.written.fetch_add(written, Ordering::Relaxed) + written > TRIM_EVERY {
            self.trim();
        }
        Ok(())
    }

    /// Removes the oldest files until the rest is within the limit.
    fn trim(&self) {
        self.written.store(0, Ordering::Relaxed);
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let file = |entry: fs::DirEntry| {
            let metadata = entry.metadata().ok()?;
            let age = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            Some((age, metadata.len(), entry.path()))
        };
        for path in oldest_beyond(self.max_bytes, entries.flatten().filter_map(file).collect()) {
            // Another process may have been first.
            let _ = fs::remove_file(path);
        }
    }
}

/// Returns the oldest files that have to go so that the others have at most so many bytes together. A file is given by
/// the time of its last change, its bytes and its path.
pub(crate) fn oldest_beyond(max_bytes: u64, mut files: Vec<(SystemTime, u64, PathBuf)>) -> Vec<PathBuf> {
    files.sort_unstable();
    let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
    let has_to_go = |(_, length, path): (_, u64, PathBuf)| {
        let is_beyond = bytes > max_bytes;
        bytes -= length;
        is_beyond.then_some(path)
    };
    files.into_iter().map_while(has_to_go).collect()
}

impl Drop for Derived {
    fn drop(&mut self) {
        if *self.written.get_mut() > 0 {
            self.trim();
        }
    }
}

/// Reads a file of the cache; none if it is not there or damaged.
fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = fs::read(path).ok()?;
    let length = bytes.len().checked_sub(SUM_BYTES)?;
    let found = bytes.split_off(length);
    (found == sum(&bytes)).then_some(bytes)
}

fn sum(bytes: &[u8]) -> [u8; SUM_BYTES] {
    let mut sum = [0; SUM_BYTES];
    sum.copy_from_slice(&blake3::hash(bytes).as_bytes()[..SUM_BYTES]);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder.join("derived")).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    fn never(_: &[u8]) -> Vec<u8> {
        panic!("it is in the cache")
    }

    #[test]
    fn what_was_made_before_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let first = Derived::new(&folder.path().join("deep"));
        assert_eq!(first.get_or_make("x", b"input", |input| input.to_ascii_uppercase()), b"INPUT");
        let second = Derived::new(&folder.path().join("deep"));
        assert_eq!(second.get_or_make("x", b"input", never), b"INPUT");
        assert_eq!(second.get_or_make("y", b"input", |_| b"other kind".to_vec()), b"other kind");
        assert_eq!(second.get_or_make("x", b"other", |_| b"other input".to_vec()), b"other input");
        assert_eq!(files(&folder.path().join("deep")).len(), 3);
    }

    #[test]
    fn a_damaged_file_is_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Derived::new(folder.path());
        cache.get_or_make("x", b"input", |_| b"whole".to_vec());
        let path = files(folder.path()).pop().unwrap();
        let whole = fs::read(&path).unwrap();
        for damaged in [&b""[..], &whole[..whole.len() - 1], &whole[1..], &[&whole[..], b"!"].concat()] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(cache.get_or_make("x", b"input", |_| b"again".to_vec()), b"again");
            assert_eq!(cache.get_or_make("x", b"input", never), b"again");
            assert_eq!(files(folder.path()).len(), 1);
        }
    }

    #[test]
    fn without_a_folder_all_is_made_each_time() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let cache = Derived::new(file.path());
        for result in ["a", "b"] {
            assert_eq!(cache.get_or_make("x", b"input", |_| result.into()), result.as_bytes());
        }
    }

    #[test]
    fn the_oldest_files_go_first() {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Derived::new(folder.path());
        cache.max_bytes = 2500;
        for (input, age) in [("a", 3), ("b", 9), ("c", 1)] {
            let before = files_or_none(folder.path());
            cache.get_or_make("x", input.as_bytes(), |_| vec![7; 1000]);
            let new = files(folder.path()).into_iter().find(|path| !before.contains(path)).unwrap();
            let modified = SystemTime::now() - std::time::Duration::from_secs(age);
            fs::File::open(new).unwrap().set_modified(modified).unwrap();
        }
        drop(cache);
        let cache = Derived::new(folder.path());
        assert_eq!(files(folder.path()).len(), 2);
        cache.get_or_make("x", b"a", never);
        cache.get_or_make("x", b"c", never);
        assert_eq!(cache.get_or_make("x", b"b", |_| b"gone".to_vec()), b"gone");
    }

    fn files_or_none(folder: &Path) -> Vec<PathBuf> {
        if folder.join("derived").exists() { files(folder) } else { Vec::new() }
    }
}
