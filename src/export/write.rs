//! Files to disk, on all cores.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::files::{self, File, INDEX, Source};
use super::{Export, ExportError, Written, links};
use crate::compress::{self, WORTH_COMPRESSING, is_text};

/// Writes all files below `folder`. What is written does not depend on the number of threads.
pub(super) fn all(
    export: &Export<'_>,
    files: &[File],
    folder: &Path,
    advance: &(impl Fn(usize, usize) + Sync),
) -> Result<Written, ExportError> {
    let done = AtomicUsize::new(0);
    let one = |file: &File| {
        let written = write(export, file, folder)?;
        advance(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
        Ok(written)
    };
    files.par_iter().map(one).try_reduce(Written::default, |a, b| {
        Ok(Written { routes: a.routes + b.routes, files: a.files + b.files, bytes: a.bytes + b.bytes })
    })
}

/// Writes one file and its compressed forms.
fn write(export: &Export<'_>, file: &File, folder: &Path) -> Result<Written, ExportError> {
    let path = folder.join(&file.path);
    if file.source == Source::Content {
        // What is beside the content are decks, photos and films; they are neither changed nor compressed.
        let from = export.content.path_of(file.route.trim_start_matches("/files/"));
        create(&path)?;
        let bytes = fs::copy(&from, &path).map_err(ExportError::disk(&from))?;
        return Ok(Written { routes: 1, files: 1, bytes });
    }
    let answer = files::answer(export, &file.route);
    let bytes = match answer.media_type {
        html if html.starts_with("text/html") => {
            links::rewrite(answer.bytes, &file.route, export.links, export.site.base.as_ref())?
        }
        text if links::is_markdown(text, &file.route) => links::rewrite_markdown(answer.bytes, &file.route, export.links)?,
        _ => answer.bytes,
    };
    let mut written = Written { routes: 1, ..Written::default() };
    let mut put = |path: &Path, bytes: &[u8]| {
        create(path)?.write_all(bytes).map_err(ExportError::disk(path))?;
        written.files += 1;
        written.bytes += bytes.len() as u64;
        Ok(())
    };
    put(&path, &bytes)?;
    if export.compress && is_text(answer.media_type) && bytes.len() >= WORTH_COMPRESSING {
        for (ending, compressed) in [("gz", compress::gzip(&bytes)), ("br", compress::brotli(&bytes))] {
            let path = PathBuf::from(format!("{}.{ending}", path.display()));
            put(&path, &compressed.map_err(ExportError::disk(&path))?)?;
        }
    }
    Ok(written)
}

/// A new file, and the folder that it needs. Folders are made on the way, by all cores: all of them ahead would keep one busy and the others
/// waiting.
fn create(path: &Path) -> Result<fs::File, ExportError> {
    // The address of a page is a folder, which has its index.html before anything else in most cases.
    if path.ends_with(INDEX)
        && let Some(folder) = path.parent()
    {
        // What goes wrong here shows when the file is made.
        let _ = fs::create_dir(folder);
    }
    let created = fs::File::create(path).or_else(|error| match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            fs::File::create(path)
        }
        _ => Err(error),
    });
    created.map_err(ExportError::disk(path))
}
