//! The content folder on disk.
//!
//! Only regular files inside the folder are read, served and exported.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, File, FileType};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, SourceFile, Span};

/// Maximum size of a content file, in bytes; a longer one is a mistake, not an article.
const MAX_BYTES: u64 = 4 << 20;

/// A content folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// The content folder is not there or not readable.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the content folder {} (name another with --content, or run in the folder that holds it)", path.display())]
pub struct ReadError {
    path: PathBuf,
    source: io::Error,
}

/// The files of a content folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// YAML and Markdown files, in the order of their names.
    pub files: Vec<Arc<SourceFile>>,
    /// Names of the files kept beside them: decks, photos, posters.
    pub others: BTreeSet<String>,
    /// Files that could not be read, and those that are not regular files of the folder.
    pub diagnostics: Vec<Diagnostic>,
    /// Names of the content files that are there but could not be read. A folder stands for all files in it and ends
    /// with a slash.
    pub unreadable: BTreeSet<String>,
}

impl Listing {
    /// Returns whether a file is there but could not be read.
    pub fn is_unreadable(&self, name: &str) -> bool {
        let covers = |unreadable: &String| unreadable.ends_with('/') && name.starts_with(unreadable.as_str());
        self.unreadable.contains(name) || self.unreadable.iter().any(covers)
    }

    fn add_problem(&mut self, name: &str, diagnostic: fn(Span, String) -> Diagnostic, message: String, help: &str) {
        let diagnostic = diagnostic(Span::start_of(&SourceFile::new(name, "")), message);
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }
}

impl Folder {
    /// Makes a folder of its path; nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The path of the folder.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The path of a file in it, by its name.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Returns whether a path below the folder is never content: hidden files, editors' backups and data of
    /// experiments.
    pub fn ignores(&self, path: &Path) -> bool {
        let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str).unwrap_or_default();
        is_ignored(name)
    }

    /// Reads all YAML and Markdown files, and lists the names of the other files that pages may link to.
    ///
    /// # Errors
    /// Returns an error if the folder itself cannot be read.
    pub fn read(&self) -> Result<Listing, ReadError> {
        let error = |source| ReadError { path: self.root.clone(), source };
        let root = self.root.canonicalize().map_err(error)?;
        let mut found = Found::default();
        found.collect(root, "").map_err(error)?;
        found.names.sort();
        let (content, others): (Vec<String>, Vec<String>) = found.names.into_iter().partition(|name| is_content(name));
        let mut listing = Listing { others: others.into_iter().collect(), ..found.listing };
        for name in listing.others.clone() {
            if let Some(meant) = meant_as_content(&name) {
                let help = format!("rename it to `{meant}`, or move it elsewhere");
                listing.add_problem(&name, Diagnostic::warning, "no page is made of this file".to_owned(), &help);
            }
        }
        let read: Vec<_> = content.par_iter().map(|name| (name, self.read_file(name))).collect();
        for (name, file) in read {
            match file {
                Ok(file) => listing.files.push(file),
                Err(reason) => {
                    listing.add_problem(name, Diagnostic::error, format!("cannot read {name}: {reason}"), "");
                    listing.unreadable.insert(name.clone());
                }
            }
        }
        Ok(listing)
    }

    fn read_file(&self, name: &str) -> Result<Arc<SourceFile>, String> {
        let mut bytes = Vec::new();
        let file = open_regular(&self.path_of(name)).map_err(|error| error.to_string())?;
        file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(format!("it has more than the {MAX_BYTES} bytes that a content file may have"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            format!("{}; save the file as UTF-8", not_utf_8(error.as_bytes(), error.utf8_error().valid_up_to()))
        })?;
        Ok(SourceFile::new(name, text))
    }
}

/// Opens a regular file. Opening a pipe that nobody writes to would wait forever, so it does not wait and is refused.
fn open_regular(path: &Path) -> io::Result<File> {
    let nonblock = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = File::options().read(true).custom_flags(nonblock).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    Ok(file)
}

/// Says what is wrong with bytes that are UTF-8 only up to one of them.
fn not_utf_8(bytes: &[u8], end: usize) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "this is UTF-16".to_owned();
    }
    let before = String::from_utf8_lossy(&bytes[..end]);
    let (line, last) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default());
    format!("the letter at line {line}, column {} is not UTF-8", last.chars().count() + 1)
}

/// Folders with the data and the results of experiments.
const LAB_FOLDERS: [&str; 2] = ["data", "results"];

/// Returns whether a file or folder, by its name in the content folder, is never content: hidden ones, editors'
/// backups, and data and results of experiments.
fn is_ignored(name: &str) -> bool {
    let is_hidden = |part: &str| part.starts_with(['.', '#']) || part.ends_with('~');
    let first = name.split('/').next().unwrap_or_default();
    LAB_FOLDERS.contains(&first) || name.split('/').any(is_hidden)
}

/// Result of a walk through the folder so far.
#[derive(Default)]
struct Found {
    names: Vec<String>,
    listing: Listing,
    /// The real paths of the folder that is being read and of those that lead to it. The first one is the content
    /// folder.
    open: Vec<PathBuf>,
}

impl Found {
    /// Collects the names of the regular files in a folder, which is given by its real path and its name.
    fn collect(&mut self, folder: PathBuf, name: &str) -> io::Result<()> {
        let entries = fs::read_dir(&folder)?;
        self.open.push(folder);
        for entry in entries {
            let entry = entry?;
            let Ok(file_name) = entry.file_name().into_string() else { continue };
            let name = if name.is_empty() { file_name } else { format!("{name}/{file_name}") };
            if !is_ignored(&name) {
                self.add(&entry, name)?;
            }
        }
        self.open.pop();
        Ok(())
    }

    fn add(&mut self, entry: &DirEntry, name: String) -> io::Result<()> {
        let (mut path, mut kind) = (entry.path(), entry.file_type()?);
        if kind.is_symlink() {
            match self.follow(&path) {
                Ok(target) => (path, kind) = target,
                Err(message) => {
                    let help = "put the file itself into the content folder, or remove the link";
                    self.listing.add_problem(&name, Diagnostic::error, message, help);
                    self.listing.unreadable.extend(is_content(&name).then_some(name));
                    return Ok(());
                }
            }
        }
        if kind.is_dir() {
            if let Err(error) = self.collect(path, &name) {
                let message = format!("cannot read the folder {name}: {error}");
                self.listing.add_problem(&name, Diagnostic::error, message, "make it readable, or move it elsewhere");
                self.listing.unreadable.insert(format!("{name}/"));
            }
            return Ok(());
        }
        if kind.is_file() {
            self.names.push(name);
        } else {
            let message = format!("{name} is {}, so it is left out", special(kind));
            self.listing.add_problem(&name, Diagnostic::warning, message, "only regular files are read and served");
        }
        Ok(())
    }

    /// The real path and the type of what a symbolic link leads to, if that is content.
    fn follow(&self, link: &Path) -> Result<(PathBuf, FileType), String> {
        let cannot = |error: io::Error| format!("this symbolic link cannot be followed: {error}");
        let target = link.canonicalize().map_err(cannot)?;
        let Some(name) = self.open.first().and_then(|root| target.strip_prefix(root).ok()) else {
            return Err(format!("this symbolic link leads out of the content folder, to {}", target.display()));
        };
        if name.to_str().is_none_or(is_ignored) {
            return Err(format!("this symbolic link leads to {}, which is not content", name.display()));
        }
        if self.open.contains(&target) {
            return Err("this symbolic link leads to a folder that contains it".to_owned());
        }
        let kind = target.metadata().map_err(cannot)?.file_type();
        Ok((target, kind))
    }
}

/// Describes a file that is not a regular one.
fn special(kind: FileType) -> &'static str {
    match kind {
        pipe if pipe.is_fifo() => "a pipe",
        socket if socket.is_socket() => "a socket",
        device if device.is_block_device() || device.is_char_device() => "a device",
        _ => "not a regular file",
    }
}

/// Returns whether a file is read as content, by its extension.
/// The name that a file was probably meant to have: some systems write `.MD` or `.markdown`, and some editors add a
/// `.txt` that nobody sees.
fn meant_as_content(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let plain = lower.strip_suffix(".txt").unwrap_or(&lower);
    let (stem, ending) = plain.rsplit_once('.')?;
    let ending = match ending {
        "markdown" => "md",
        "md" | "yaml" | "yml" => ending,
        _ => return None,
    };
    (!is_content(name)).then(|| format!("{}.{ending}", &name[..stem.len()]))
}

fn is_content(name: &str) -> bool {
    [".yaml", ".yml", ".md"].iter().any(|extension| name.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn messages(listing: &Listing) -> Vec<String> {
        let mut messages: Vec<String> =
            listing.diagnostics.iter().map(|p| format!("{} {}: {}", p.level, p.span.file.name, p.message)).collect();
        messages.sort();
        messages
    }

    #[test]
    fn names_that_were_meant_as_content_are_told() {
        for (name, meant) in [
            ("jobs/lock.md.txt", Some("jobs/lock.md")),
            ("jobs/weir.MD", Some("jobs/weir.md")),
            ("pages/rules.markdown", Some("pages/rules.md")),
            ("meetups/076.YAML", Some("meetups/076.yaml")),
            ("meetups/076.yaml", None),
            ("meetups/076/notes.txt", None),
            ("meetups/076/deck.pdf", None),
        ] {
            assert_eq!(meant_as_content(name).as_deref(), meant, "{name}");
        }
    }

    #[test]
    fn links_out_of_the_folder_are_errors_and_those_inside_are_followed() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let root = folder.path().join("content");
        fs::create_dir_all(root.join("meetups/002")).unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::write(root.join(".git/config"), "secret").unwrap();
        fs::write(outside.path().join("secret.pdf"), "x").unwrap();
        fs::write(root.join("meetups/002/deck.pdf"), "x").unwrap();
        fs::write(root.join("venues.yaml"), "- name: A\n").unwrap();
        for (target, link) in [
            (outside.path().join("secret.pdf"), "meetups/002/secret.pdf"),
            (outside.path().to_owned(), "meetups/003"),
            (outside.path().join("gone.yaml"), "people.yaml"),
            (root.join("meetups/002/deck.pdf"), "meetups/002/same.pdf"),
            (root.join(".git/config"), "meetups/002/config"),
            (root.clone(), "meetups/loop"),
        ] {
            symlink(target, root.join(link)).unwrap();
        }
        let listing = Folder::new(&root).read().unwrap();
        let others: Vec<&str> = listing.others.iter().map(String::as_str).collect();
        assert_eq!(others, ["meetups/002/deck.pdf", "meetups/002/same.pdf"]);
        assert_eq!(listing.unreadable.iter().collect::<Vec<_>>(), ["people.yaml"]);
        let outside = outside.path().canonicalize().unwrap();
        let out = "this symbolic link leads out of the content folder, to";
        assert_eq!(
            messages(&listing),
            [
                "error meetups/002/config: this symbolic link leads to .git/config, which is not content".to_owned(),
                format!("error meetups/002/secret.pdf: {out} {}/secret.pdf", outside.display()),
                format!("error meetups/003: {out} {}", outside.display()),
                "error meetups/loop: this symbolic link leads to a folder that contains it".to_owned(),
                "error people.yaml: this symbolic link cannot be followed: No such file or directory (os error 2)"
                    .to_owned(),
            ]
        );
    }

    #[test]
    fn pipes_and_sockets_are_left_out_and_large_files_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = UnixListener::bind(folder.path().join("socket.yaml")).unwrap();
        let pipe = folder.path().join("x.yaml");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert!(open_regular(&pipe).is_err(), "a pipe is opened without waiting for a writer");
        File::create(folder.path().join("large.md")).unwrap().set_len(MAX_BYTES + 1).unwrap();
        File::create(folder.path().join("full.md")).unwrap().set_len(MAX_BYTES).unwrap();
        let listing = Folder::new(folder.path()).read().unwrap();
        assert_eq!(listing.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["full.md"]);
        assert!(listing.others.is_empty());
        assert_eq!(
            messages(&listing),
            [
                "error large.md: cannot read large.md: it has more than the 4194304 bytes that a content file may have",
                "warning socket.yaml: socket.yaml is a socket, so it is left out",
                "warning x.yaml: x.yaml is a pipe, so it is left out",
            ]
        );
    }
}
