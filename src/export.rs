//! The site as files, for hosts that only send files and for reading without a host.
//!
//! Every route becomes a file with the bytes that the live server would send; a path that ends with a slash becomes an `index.html` in a
//! folder. What only a live server can do is not there: forms, sorting by a query, scripts that wait for news. Pages that say what is
//! next say as of which day (see [`Door::Export`](crate::pages::Door)). The folder changes in one step, from the whole old site to the
//! whole new one.

mod earlier;
mod files;
mod links;
mod place;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::content::Folder;
use crate::pages::Site;

pub use links::Links;

/// What to export, and how.
#[derive(Debug)]
pub struct Export<'a> {
    /// What pages are made from; its door is that of an export.
    pub site: &'a Site,
    /// The day of which the pages are.
    pub day: Date,
    /// The content folder, for the files beside the content.
    pub content: &'a Folder,
    /// How pages name each other.
    pub links: Links,
    /// Whether a `.gz` and a `.br` stand beside each text.
    pub compress: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Pages, assets, files beside the content and pages that lead on to others.
    pub routes: usize,
    /// Files, the compressed ones too.
    pub files: usize,
    /// How many of them are as they were in the export that stood there, and were taken over.
    pub kept: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Written {
    /// Both together.
    fn and(self, other: Self) -> Self {
        let Self { routes, files, kept, bytes } = other;
        Self { routes: self.routes + routes, files: self.files + files, kept: self.kept + kept, bytes: self.bytes + bytes }
    }

    /// One more file.
    fn add(&mut self, bytes: usize, kept: bool) {
        self.files += 1;
        self.kept += usize::from(kept);
        self.bytes += bytes as u64;
    }
}

/// Why there is no export. The folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder has something in it that no export has written.
    #[error(
        "{} is not empty and was not written by this command, so it is left alone: name a new or empty folder, or remove it yourself",
        .0.display()
    )]
    Foreign(PathBuf),
    /// The folder is a file.
    #[error("{} is a file: name a folder", .0.display())]
    NoFolder(PathBuf),
    /// The folder lies in the content, which would take the export for content.
    #[error("{} lies in the content folder: name a folder outside of it", .0.display())]
    InContent(PathBuf),
    /// Somebody else is writing to the folder.
    #[error("another export to {} is running", .0.display())]
    Busy(PathBuf),
    /// An address that cannot be a file.
    #[error("the address `{0}` cannot be a file")]
    Address(String),
    /// Two addresses, the longer of which would lie in the file of the shorter.
    #[error("the addresses `{0}` and `{1}` become the same file")]
    Twice(String, String),
    /// A page that cannot be read as HTML.
    #[error("the links of {route} cannot be rewritten: {why}")]
    Rewriting {
        /// The page.
        route: String,
        /// What the parser said.
        why: String,
    },
    /// The disk refused.
    #[error("cannot write {}", path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Export<'_> {
    /// Writes the site to a folder. Nothing of it is seen there before all of it is written. `advance` is told how many of how many
    /// routes beside those of the search are done, from several threads.
    ///
    /// # Errors
    /// When the folder is not an export's to write, or cannot be written. What was there is still there then.
    pub fn write(&self, out: &Path, advance: impl Fn(usize, usize) + Sync) -> Result<Written, ExportError> {
        let made_by = if self.compress || self.site.extras.cards { earlier::program() } else { None };
        let place = place::Place::open(out, self.content.path(), made_by.as_deref())?;
        let files = files::beside_search(self)?;
        // The index of the search is made by one core, while the others write pages.
        let (pages, search) = rayon::join(
            || write::all(self, &files, &place, &advance),
            || {
                let search = files::of_search(self)?;
                search.iter().try_for_each(|file| files.iter().try_for_each(|other| files::different(other, file)))?;
                write::all(self, &search, &place, &|_, _| ())
            },
        );
        let written = pages?.and(search?);
        place.publish()?;
        Ok(written)
    }
}

impl ExportError {
    fn disk(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Disk { path, source }
    }
}
