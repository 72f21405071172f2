//! The site as files, for hosts that only send files.
//!
//! Every route becomes a file with the bytes that the live server would send; a path that ends with a slash becomes an
//! `index.html` in a folder. Forms, sorting by a query and live updates are left out. Pages that say what is next say
//! as of which day (see [`Delivery::Export`](crate::site::Delivery)). The folder changes in one step, from the whole
//! old site to the whole new one; files in it that no export wrote stay.

mod files;
mod links;
mod staging;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::content::Folder;
use crate::derived::Derived;
use crate::site::Site;
use staging::Staging;

/// The page for addresses that do not exist. Hosts look for it under this name.
const MISSING: &str = "/404.html";

pub use links::Links;

/// Settings of an export.
#[derive(Debug)]
pub struct Export<'a> {
    /// The site; its delivery is that of an export.
    pub site: &'a Site,
    /// The day as of which the pages are.
    pub day: Date,
    /// The content folder, for the files beside the content.
    pub content: &'a Folder,
    /// Style of links between pages.
    pub links: Links,
    /// True if a `.gz` and a `.br` are written beside each text.
    pub compress: bool,
    /// Preview images and compressed texts made before.
    pub cache: &'a Derived,
}

/// Summary of an export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Number of addresses: pages, assets, files beside the content and redirects.
    pub routes: usize,
    /// Number of files, the compressed ones included.
    pub files: usize,
    /// Their size.
    pub bytes: u64,
}

/// Why there is no export. The folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder has something in it, and no export wrote it.
    #[error(
        "{} is not empty and was not written by this command, so it is left alone: \
         name a new or empty folder, or remove it yourself",
        .0.display()
    )]
    Foreign(PathBuf),
    /// The folder is a file.
    #[error("{} is a file: name a folder", .0.display())]
    NoFolder(PathBuf),
    /// The folder lies in the content folder, which would take the export for content.
    #[error("{} lies in the content folder: name a folder outside of it", .0.display())]
    InContent(PathBuf),
    /// Another process is writing to the folder.
    #[error("another export to {} is running", .0.display())]
    Busy(PathBuf),
    /// An address that cannot be a file.
    #[error("the address `{0}` cannot be a file")]
    Address(String),
    /// Two addresses that would be the same file.
    #[error("the addresses `{0}` and `{1}` become the same file")]
    Twice(String, String),
    /// A page that cannot be read as HTML.
    #[error("the links of {route} cannot be rewritten: {why}")]
    Rewriting {
        /// The page.
        route: String,
        /// Message of the parser.
        why: String,
    },
    /// The disk refused to write.
    #[error("cannot write {}", path.display())]
    Writing {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file beside the content cannot be read.
    #[error("cannot read {}", path.display())]
    Reading {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl Export<'_> {
    /// Writes the site to a folder, in which nothing of it is seen before all of it is written. Calls `on_progress`
    /// with the number of addresses done and the number of all, from several threads.
    ///
    /// # Errors
    /// Returns an error if the folder is not an export's to write, or cannot be written. What was there is still there
    /// then.
    pub fn write(&self, out: &Path, on_progress: impl Fn(usize, usize) + Sync) -> Result<Written, ExportError> {
        let staging = Staging::open(out, self.content.path())?;
        let files = files::list(self)?;
        let done = AtomicUsize::new(0);
        let write = |file: &files::File| {
            let written = file.write(self, &staging)?;
            on_progress(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
            Ok(written)
        };
        let written = files.par_iter().map(write).collect::<Result<Vec<_>, _>>()?.concat();
        let bytes = written.iter().map(|(_, bytes)| bytes).sum();
        let sums = Written { routes: files.len(), files: written.len(), bytes };
        staging.publish(written.into_iter().map(|(path, _)| path).collect())?;
        Ok(sums)
    }
}

impl ExportError {
    fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Writing { path, source }
    }

    fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::Reading { path, source }
    }
}
