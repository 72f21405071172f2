//! What an export that is being replaced has, and the new one may take over: compressed texts and pictures take most of the time of a build, and
//! from one to the next few change. What is taken over is what would be made anew, byte by byte, so that an export does not tell what stood there before.

use std::fs;
use std::path::{Path, PathBuf};

use super::write::in_folder;

/// The export that is being replaced.
#[derive(Debug)]
pub(super) struct Earlier {
    pub(super) folder: PathBuf,
    /// Whether this program has written it.
    pub(super) is_ours: bool,
}

impl Earlier {
    /// Takes one of its files over into `to`, if `is_current` says of its bytes that they are what would be written now; gives how many there are.
    pub(super) fn take(&self, path: &Path, to: &Path, is_current: impl FnOnce(&[u8]) -> bool) -> Option<usize> {
        let from = self.folder.join(path);
        let bytes = fs::read(&from).ok().filter(|bytes| is_current(bytes))?;
        // Another name of the same file, which keeps its date, by which caches know it. Not every file system has that.
        in_folder(to, |to| fs::hard_link(&from, to)).or_else(|_| fs::write(to, &bytes)).ok()?;
        Some(bytes.len())
    }
}

/// A hash of this program. Another one, with other libraries in it, may compress and draw otherwise. None where the system does not tell which file it is.
pub(super) fn program() -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(std::env::current_exe().ok()?).ok()?).ok()?;
    Some(hasher.finalize().to_hex()[..32].to_owned())
}
