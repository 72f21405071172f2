//! The folder of an export: written beside its place, and exchanged with what stands there in one step.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, DirEntry, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::ExportError;

/// The file by which an export is recognised, with the paths of its files, one a line. What else is in the folder is
/// not ours.
const MARKER: &str = ".vdlm-export";
const MARKER_LINE: &str = "Written by `vdlm build`, which replaces the files below and leaves all others alone:";
/// The folder that is written to, where it has to be inside of the one that it replaces.
const INSIDE: &str = ".vdlm-new";

/// A folder that is being written and will replace another. Dropped before [`publish`](Self::publish), it is gone.
#[derive(Debug)]
pub(super) struct Staging {
    out: PathBuf,
    folder: PathBuf,
    /// The files of the export that is being replaced, relative to its folder.
    previous: BTreeSet<PathBuf>,
    /// Held as long as this lives: two builds would mix their files.
    _lock: File,
}

impl Staging {
    /// Makes sure that `out` may be replaced, and makes an empty folder to write to.
    pub(super) fn open(out: &Path, content: &Path) -> Result<Self, ExportError> {
        let out = absolute(out)?;
        if content.canonicalize().is_ok_and(|content| out.starts_with(content)) {
            return Err(ExportError::InContent(out));
        }
        let (Some(parent), Some(name)) = (out.parent(), out.file_name()) else { return Err(ExportError::Foreign(out)) };
        fs::create_dir_all(parent).map_err(ExportError::writing(parent))?;
        let beside = || parent.join(format!(".{}.vdlm-new", name.to_string_lossy()));
        let folder = if is_mount_point(&out) { out.join(INSIDE) } else { beside() };
        let Some(lock) = lock(&folder)? else { return Err(ExportError::Busy(out)) };
        let mut staging = Self { out, folder, previous: BTreeSet::new(), _lock: lock };
        staging.previous = staging.read_marker()?;
        staging.empty()?;
        Ok(staging)
    }

    /// Writes a file. One that is as it was keeps its date, by which hosts, caches and rsync know it.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
        let to = self.folder.join(path);
        let write = |to: &Path| {
            let mut file = File::create(to)?;
            file.write_all(bytes)?;
            let old = self.out.join(path);
            match fs::read(&old) {
                Ok(before) if before == bytes => file.set_modified(old.metadata()?.modified()?),
                _ => Ok(()),
            }
        };
        in_folder(&to, write).map_err(ExportError::writing(&to))
    }

    /// Copies a file from elsewhere with its date, and returns its size.
    pub(super) fn copy(&self, from: &Path, path: &Path) -> Result<u64, ExportError> {
        let modified =
            File::open(from).and_then(|file| file.metadata()?.modified()).map_err(ExportError::reading(from))?;
        let to = self.folder.join(path);
        let copy = |to: &Path| {
            let bytes = io::copy(&mut File::open(from)?, &mut File::create(to)?)?;
            File::options().write(true).open(to)?.set_modified(modified)?;
            Ok(bytes)
        };
        in_folder(&to, copy).map_err(ExportError::writing(&to))
    }

    /// Puts the files in their place. A reader sees either all of the old site or all of the new one, unless the file
    /// system cannot exchange two folders: then each file is replaced by itself.
    pub(super) fn publish(self, files: BTreeSet<PathBuf>) -> Result<(), ExportError> {
        self.write_marker(MARKER, files.iter())?;
        if self.folder.starts_with(&self.out) {
            return self.replace_files(&files);
        }
        self.keep_others().map_err(ExportError::writing(&self.out))?;
        match renameat_with(CWD, &self.folder, CWD, &self.out, RenameFlags::EXCHANGE) {
            // The old export is now where the new one was, and goes with the drop.
            Ok(()) => Ok(()),
            Err(rustix::io::Errno::NOENT) => {
                fs::rename(&self.folder, &self.out).map_err(ExportError::writing(&self.out))
            }
            Err(_) => self.replace_files(&files),
        }
    }

    /// Gives the new folder what no export wrote into the old one, such as `CNAME` or a repository.
    fn keep_others(&self) -> io::Result<()> {
        if !self.out.exists() {
            return Ok(());
        }
        let files = self.previous.iter().map(PathBuf::as_path).chain([Path::new(MARKER)]);
        self.link_others(Path::new(""), &files.flat_map(Path::ancestors).collect())
    }

    fn link_others(&self, folder: &Path, ours: &HashSet<&Path>) -> io::Result<()> {
        for entry in fs::read_dir(self.out.join(folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            let (is_ours, to) = (ours.contains(path.as_path()), self.folder.join(&path));
            if entry.file_type()?.is_dir() {
                if !is_ours {
                    fs::create_dir_all(&to)?;
                }
                self.link_others(&path, ours)?;
            } else if !is_ours && to.symlink_metadata().is_err() {
                in_folder(&to, |to| fs::hard_link(entry.path(), to).or_else(|_| fs::copy(entry.path(), to).map(drop)))?;
            }
        }
        Ok(())
    }

    /// Replaces file by file: what pages name before the pages, and what is no longer there at last.
    fn replace_files(&self, files: &BTreeSet<PathBuf>) -> Result<(), ExportError> {
        // A kill on the way must not make files of ours look like somebody else's.
        let both = "both";
        self.write_marker(both, self.previous.union(files))?;
        let mut moves: Vec<(&Path, &Path)> = files.iter().map(|file| (file.as_path(), file.as_path())).collect();
        moves.sort_by_key(|(file, _)| file.extension().is_some_and(|extension| extension == "html"));
        moves.insert(0, (Path::new(both), Path::new(MARKER)));
        for (from, to) in moves {
            let to = self.out.join(to);
            in_folder(&to, |to| fs::rename(self.folder.join(from), to)).map_err(ExportError::writing(&to))?;
        }
        for gone in self.previous.difference(files) {
            // What somebody else has removed already is as it should be.
            let _ = fs::remove_file(self.out.join(gone));
            let mut folders = gone.ancestors().skip(1).filter(|folder| *folder != Path::new(""));
            while folders.next().is_some_and(|folder| fs::remove_dir(self.out.join(folder)).is_ok()) {}
        }
        let marker = self.out.join(MARKER);
        fs::rename(self.folder.join(MARKER), &marker).map_err(ExportError::writing(&marker))
    }

    fn write_marker<'a>(&self, name: &str, files: impl Iterator<Item = &'a PathBuf>) -> Result<(), ExportError> {
        let lines = files.map(|file| format!("{}\n", file.display()));
        let path = self.folder.join(name);
        fs::write(&path, format!("{MARKER_LINE}\n{}", lines.collect::<String>())).map_err(ExportError::writing(&path))
    }

    /// Returns the files of the export that stands there; an error if something else does.
    fn read_marker(&self) -> Result<BTreeSet<PathBuf>, ExportError> {
        let entries = match fs::read_dir(&self.out) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                return Err(ExportError::NoFolder(self.out.clone()));
            }
            Err(error) => return Err(ExportError::writing(&self.out)(error)),
        };
        let marker = fs::read_to_string(self.out.join(MARKER)).unwrap_or_default();
        let mut lines = marker.lines();
        // Disks of their own have a folder for what a repair finds.
        let is_empty =
            || entries.flatten().all(|entry| [INSIDE, "lost+found"].iter().any(|name| entry.file_name() == *name));
        if lines.next() == Some(MARKER_LINE) || is_empty() {
            Ok(lines.map(PathBuf::from).collect())
        } else {
            Err(ExportError::Foreign(self.out.clone()))
        }
    }

    /// Removes what a killed build has left.
    fn empty(&self) -> Result<(), ExportError> {
        let entries = fs::read_dir(&self.folder).map_err(ExportError::writing(&self.folder))?;
        entries.flatten().try_for_each(|entry| remove_entry(&entry).map_err(ExportError::writing(&entry.path())))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next build.
        let _ = remove(&self.folder);
    }
}

/// Resolves everything that is there, so that `a`, `./a` and a link to `a` are one path.
fn absolute(out: &Path) -> Result<PathBuf, ExportError> {
    if let Ok(whole) = out.canonicalize() {
        return Ok(whole);
    }
    let whole = std::path::absolute(out).map_err(ExportError::writing(out))?;
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else { return Ok(whole) };
    Ok(parent.canonicalize().map_or_else(|_| whole.clone(), |parent| parent.join(name)))
}

/// Returns whether a file system is mounted at a folder, which then cannot be renamed.
fn is_mount_point(folder: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, StatxAttributes, StatxFlags, statx};
        let attributes = statx(CWD, folder, AtFlags::empty(), StatxFlags::empty()).map(|it| it.stx_attributes);
        if attributes.is_ok_and(|attributes| attributes.contains(StatxAttributes::MOUNT_ROOT)) {
            return true;
        }
    }
    let device = |path: &Path| path.metadata().map(|metadata| metadata.dev()).ok();
    folder.exists() && folder.parent().is_some_and(|parent| device(parent) != device(folder))
}

/// Makes a folder if need be and locks it; none if another process has. The lock ends with the process, however it
/// ends.
fn lock(folder: &Path) -> Result<Option<File>, ExportError> {
    loop {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(ExportError::writing(folder)(error));
            }
            _ => {}
        }
        let file = match File::open(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            opened => opened.map_err(ExportError::writing(folder))?,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(ExportError::writing(folder)(error)),
            Ok(()) => {}
        }
        // Another build may have put the folder in its place since it was opened.
        let id = |metadata: io::Result<fs::Metadata>| metadata.map(|metadata| (metadata.dev(), metadata.ino())).ok();
        if id(fs::metadata(folder)) == id(file.metadata()) {
            return Ok(Some(file));
        }
    }
}

/// Makes a file, and the folder that it needs if that is not there.
fn in_folder<T>(path: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    make(path).or_else(|error| match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            make(path)
        }
        _ => Err(error),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[&str]) {
        for file in files {
            in_folder(&folder.join(file), |path| fs::write(path, file)).unwrap();
        }
    }

    fn paths(files: &[&str]) -> BTreeSet<PathBuf> {
        files.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_folder_that_cannot_be_renamed_is_replaced_file_by_file() {
        let (parent, content) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let out = parent.path().join("out");
        let first = Staging::open(&out, content.path()).unwrap();
        write(&first.folder, &["a.html", "old/b.html", "old/c.html", "gone/d.html"]);
        first.publish(paths(&["a.html", "old/b.html", "old/c.html", "gone/d.html"])).unwrap();
        write(&out, &["CNAME", "old/mine.txt"]);
        for _ in 0..2 {
            let mut second = Staging::open(&out, content.path()).unwrap();
            second.folder = second.out.join(INSIDE);
            write(&second.folder, &["a.html", "new/e.html", "old/c.html"]);
            second.publish(paths(&["a.html", "new/e.html", "old/c.html"])).unwrap();
            let there = ["a.html", "new/e.html", "old/c.html", "CNAME", "old/mine.txt", MARKER];
            assert!(there.iter().all(|file| out.join(file).is_file()));
            assert!(["old/b.html", "gone", INSIDE].iter().all(|file| !out.join(file).exists()));
            fs::remove_dir_all(parent.path().join(".out.vdlm-new")).unwrap();
        }
    }

    #[test]
    fn mount_points_are_known() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_mount_point(Path::new("/proc")) && !is_mount_point(folder.path()));
        assert!(!is_mount_point(&folder.path().join("nothing")));
    }

    #[test]
    fn a_new_disk_is_empty() {
        let (parent, content) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(parent.path().join("out/lost+found")).unwrap();
        assert!(Staging::open(&parent.path().join("out"), content.path()).is_ok());
        fs::write(parent.path().join("out/x"), "").unwrap();
        let refused = Staging::open(&parent.path().join("out"), content.path());
        assert!(matches!(refused, Err(ExportError::Foreign(_))));
    }
}
