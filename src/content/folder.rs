//! The content folder on disk.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use crate::problem::SourceFile;

/// Largest file that is read as content; a longer one is a mistake, not an article.
const LARGEST: u64 = 4 << 20;

/// A content folder.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// Why the folder, or a file in it, could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The folder is not there or not readable.
    #[error("cannot read the content folder {} (name another with --content, or run in the folder that holds it)", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is there and cannot be read as text.
    #[error("cannot read {name}: {reason}")]
    File {
        /// The file's name in the folder.
        name: String,
        /// Why.
        reason: String,
    },
}

/// What a content folder holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// YAML and Markdown files, in the order of their names.
    pub files: Vec<Arc<SourceFile>>,
    /// Names of the files kept beside them: decks, photos, posters.
    pub others: BTreeSet<String>,
    /// Files that could not be read.
    pub errors: Vec<ReadError>,
}

/// What may have changed with a path.
#[derive(Debug)]
pub enum Touched {
    /// Nothing that is content.
    Nothing,
    /// A file of the content, which is this now.
    Content(Arc<SourceFile>),
    /// More than the path tells: files that were added or removed, folders, what cannot be read.
    More,
}

impl ReadError {
    /// The name of the file, when it is about one.
    pub fn name(&self) -> Option<&String> {
        match self {
            ReadError::Folder { .. } => None,
            ReadError::File { name, .. } => Some(name),
        }
    }
}

impl Folder {
    /// A folder by its path; nothing is read yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The path of a file in it, by its name.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Reads all YAML and Markdown files, in the order of their names, and the names of the other files that pages may link to.
    ///
    /// # Errors
    /// When the folder itself cannot be read.
    pub fn read(&self) -> Result<Listing, ReadError> {
        let mut names = Vec::new();
        collect(&self.root, "", &mut names).map_err(|source| ReadError::Folder { path: self.root.clone(), source })?;
        names.sort();
        let mut listing = Listing::default();
        let (content, others): (Vec<String>, Vec<String>) = names.into_iter().partition(|name| is_content(name));
        listing.others.extend(others);
        let read: Vec<_> = content.par_iter().map(|name| self.read_file(name)).collect();
        for file in read {
            match file {
                Ok(file) => listing.files.push(file),
                Err(error) => listing.errors.push(error),
            }
        }
        Ok(listing)
    }

    /// What may have changed with a path, given whether a file or a folder of a name was there before.
    pub fn touched(&self, path: &Path, known: impl Fn(&str) -> bool) -> Touched {
        let root = std::path::absolute(&self.root).unwrap_or_else(|_| self.root.clone());
        let below = path.strip_prefix(&root).or_else(|_| path.strip_prefix(&self.root));
        let Some(name) = below.ok().and_then(Path::to_str) else { return Touched::More };
        let first = name.split('/').next().unwrap_or_default();
        if OF_THE_LAB.contains(&first) || name.split('/').any(is_passed_over) {
            return Touched::Nothing;
        }
        match (known(name), path.is_file()) {
            (true, true) if is_content(name) => self.read_file(name).map_or(Touched::More, Touched::Content),
            (true, true) => Touched::Nothing,
            // Editors try whether they can write, with a file that is gone again.
            (false, false) if !path.exists() => Touched::Nothing,
            _ => Touched::More,
        }
    }

    fn read_file(&self, name: &str) -> Result<Arc<SourceFile>, ReadError> {
        let fail = |reason: String| ReadError::File { name: name.to_owned(), reason };
        let path = self.path_of(name);
        let size = fs::metadata(&path).map_err(|error| fail(error.to_string()))?.len();
        if size > LARGEST {
            return Err(fail(format!("{size} bytes are more than the {LARGEST} that a content file may have")));
        }
        let bytes = fs::read(&path).map_err(|error| fail(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            fail(format!("{}; save the file as UTF-8", not_utf_8(error.as_bytes(), error.utf8_error().valid_up_to())))
        })?;
        Ok(SourceFile::new(name, text))
    }
}

/// What bytes are that are UTF-8 up to one of them only.
fn not_utf_8(bytes: &[u8], end: usize) -> String {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return "this is UTF-16".to_owned();
    }
    let before = String::from_utf8_lossy(&bytes[..end]);
    let (line, last) = (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default());
    format!("the letter at line {line}, column {} is not UTF-8", last.chars().count() + 1)
}

/// Folders with the data and the results of experiments.
const OF_THE_LAB: [&str; 2] = ["data", "results"];

/// Whether a file or folder of that name is hidden or an editor's backup.
fn is_passed_over(name: &str) -> bool {
    name.starts_with(['.', '#']) || name.ends_with('~')
}

/// Adds the names of the files below `folder`; hidden files, editors' backups and folders of the lab are passed over.
fn collect(folder: &Path, prefix: &str, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(file_name) = entry.file_name().into_string() else { continue };
        if is_passed_over(&file_name) {
            continue;
        }
        let name = if prefix.is_empty() { file_name } else { format!("{prefix}/{file_name}") };
        match name.as_str() {
            name if OF_THE_LAB.contains(&name) => {}
            // The kind is known without another question to the disk, except where it is a link.
            _ if is_folder(&entry)? => collect(&entry.path(), &name, names)?,
            _ => names.push(name),
        }
    }
    Ok(())
}

fn is_folder(entry: &fs::DirEntry) -> io::Result<bool> {
    let kind = entry.file_type()?;
    Ok(kind.is_dir() || kind.is_symlink() && entry.path().is_dir())
}

/// Whether a file is read as content by its ending.
fn is_content(name: &str) -> bool {
    [".yaml", ".yml", ".md"].iter().any(|ending| name.ends_with(ending))
}
