//! The folder of an export: written beside its place, and put there in one step.

use std::fs::{self, DirEntry, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::ExportError;
use super::earlier::Earlier;

/// The file by which an export recognises a folder that it may replace.
const MARKER: &str = ".vdlm-export";
/// What is in it.
const MARKER_TEXT: &str = "Written by `vdlm build`, which replaces this folder as a whole: keep nothing of your own here.\n";

/// A folder that is being written beside the one that it will replace. Dropped before [`publish`](Self::publish), it is gone.
#[derive(Debug)]
pub(super) struct Place {
    /// Where the export is to be.
    out: PathBuf,
    /// Where it is being written: a hidden folder with the same parent, so that a rename is enough.
    beside: PathBuf,
    /// Where the old one stands for a moment if the two cannot be exchanged in one step.
    aside: PathBuf,
    /// The export that it will replace, if there is one.
    pub(super) earlier: Option<Earlier>,
    /// The folder that is written to, locked as long as this lives: two builds would mix their files.
    _lock: File,
}

impl Place {
    /// Makes sure that `out` may be replaced, clears what a killed build has left, and makes an empty folder to write to. `made_by` names the
    /// program, if it makes what another export of its own may have.
    pub(super) fn open(out: &Path, content: &Path, made_by: Option<&str>) -> Result<Self, ExportError> {
        let out = absolute(out)?;
        if content.canonicalize().is_ok_and(|content| out.starts_with(content)) {
            return Err(ExportError::InContent(out));
        }
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else { return Err(ExportError::Foreign(out)) };
        fs::create_dir_all(parent).map_err(ExportError::disk(parent))?;
        let named = |what: &str| parent.join(format!(".{}.vdlm-{what}", name.to_string_lossy()));
        let (beside, aside) = (named("new"), named("old"));
        let Some(lock) = lock(&beside)? else { return Err(ExportError::Busy(out)) };
        let mut place = Self { out, beside, aside, earlier: None, _lock: lock };
        place.recover()?;
        place.check()?;
        empty(&place.beside)?;
        let text = made_by.map_or_else(|| MARKER_TEXT.to_owned(), |program| format!("{MARKER_TEXT}Program: {program}\n"));
        let is_ours = |found: Vec<u8>| made_by.is_some() && found == text.as_bytes();
        let found = fs::read(place.out.join(MARKER)).ok();
        place.earlier = found.map(|found| Earlier { folder: place.out.clone(), is_ours: is_ours(found) });
        let marker = place.beside.join(MARKER);
        fs::write(&marker, text).map_err(ExportError::disk(&marker))?;
        Ok(place)
    }

    /// The folder to write to.
    pub(super) fn folder(&self) -> &Path {
        &self.beside
    }

    /// Puts what was written in its place; whoever looks sees either all of the old or all of the new.
    pub(super) fn publish(self) -> Result<(), ExportError> {
        match renameat_with(CWD, &self.beside, CWD, &self.out, RenameFlags::EXCHANGE) {
            // The old export is now where the new one was, and goes with the drop.
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::NOENT) => fs::rename(&self.beside, &self.out).map_err(ExportError::disk(&self.out)),
            // Not every file system can exchange two folders.
            Err(_) => self.move_aside(),
        }
    }

    /// Two steps where one is not to be had. A kill between them leaves the old one aside, and the next build puts it back.
    fn move_aside(&self) -> Result<(), ExportError> {
        fs::rename(&self.out, &self.aside).map_err(ExportError::disk(&self.out))?;
        if let Err(error) = fs::rename(&self.beside, &self.out) {
            // If this fails too, nothing is lost: the old export stands aside.
            let _ = fs::rename(&self.aside, &self.out);
            return Err(ExportError::disk(&self.out)(error));
        }
        // What cannot be removed now is removed by the next build.
        let _ = remove(&self.aside);
        Ok(())
    }

    /// Puts back an old export that a killed build had moved aside, or removes it when the new one had come into its place.
    fn recover(&self) -> Result<(), ExportError> {
        if !self.aside.join(MARKER).exists() {
            return Ok(());
        }
        let done = if self.out.exists() { remove(&self.aside) } else { fs::rename(&self.aside, &self.out) };
        done.map_err(ExportError::disk(&self.aside))
    }

    /// Whether what is in the way was written by an export, or is nothing.
    fn check(&self) -> Result<(), ExportError> {
        match fs::read_dir(&self.out) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(ExportError::NoFolder(self.out.clone())),
            Err(error) => Err(ExportError::disk(&self.out)(error)),
            Ok(_) if self.out.join(MARKER).is_file() => Ok(()),
            Ok(mut entries) => entries.next().map_or(Ok(()), |_| Err(ExportError::Foreign(self.out.clone()))),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next build.
        let _ = remove(&self.beside);
    }
}

/// The path with everything resolved that is there, so that `a`, `./a` and a link to `a` are one place.
fn absolute(out: &Path) -> Result<PathBuf, ExportError> {
    if let Ok(whole) = out.canonicalize() {
        return Ok(whole);
    }
    let whole = std::path::absolute(out).map_err(ExportError::disk(out))?;
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else { return Ok(whole) };
    Ok(parent.canonicalize().map_or_else(|_| whole.clone(), |parent| parent.join(name)))
}

/// Makes a folder if need be and locks it; nothing if another process has. The lock ends with the process, however it ends.
fn lock(folder: &Path) -> Result<Option<File>, ExportError> {
    loop {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(ExportError::disk(folder)(error)),
            _ => {}
        }
        let file = match File::open(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened.map_err(ExportError::disk(folder))?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(ExportError::disk(folder)(error)),
            Ok(()) => {}
        }
        // Another build may have put the folder in its place since it was opened.
        let id = |metadata: io::Result<fs::Metadata>| metadata.map(|metadata| (metadata.dev(), metadata.ino())).ok();
        if id(fs::metadata(folder)) == id(file.metadata()) {
            return Ok(Some(file));
        }
    }
}

/// Removes what a killed build has left in its folder.
fn empty(folder: &Path) -> Result<(), ExportError> {
    for entry in fs::read_dir(folder).map_err(ExportError::disk(folder))? {
        let entry = entry.map_err(ExportError::disk(folder))?;
        remove_entry(&entry).map_err(ExportError::disk(&entry.path()))?;
    }
    Ok(())
}

/// Removes a folder and all in it on all cores: the old export is as large as the new one.
fn remove(folder: &Path) -> io::Result<()> {
    let entries: Vec<DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.par_iter().try_for_each(remove_entry)?;
    fs::remove_dir(folder)
}

/// A link is removed, and what it leads to is not.
fn remove_entry(entry: &DirEntry) -> io::Result<()> {
    if entry.file_type()?.is_dir() { remove(&entry.path()) } else { fs::remove_file(entry.path()) }
}
