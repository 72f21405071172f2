//! Files to disk, on all cores.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::files::{self, File, Source};
use super::place::Place;
use super::{Export, ExportError, Written, links};
use crate::compress::{self, WORTH_COMPRESSING, is_text};
use crate::pages;

/// A compressed form of a text, which hosts send to who takes it.
struct Form {
    ending: &'static str,
    pack: fn(&[u8]) -> io::Result<Vec<u8>>,
    is_of: fn(&[u8], &[u8]) -> bool,
}

const FORMS: [Form; 2] = [
    Form { ending: "gz", pack: compress::gzip, is_of: compress::is_gzip_of },
    Form { ending: "br", pack: compress::brotli, is_of: compress::is_brotli_of },
];

/// Writes all files. What is written does not depend on the number of threads, nor on what stood there before.
pub(super) fn all(
    export: &Export<'_>,
    files: &[File],
    place: &Place,
    advance: &(impl Fn(usize, usize) + Sync),
) -> Result<Written, ExportError> {
    let done = AtomicUsize::new(0);
    let one = |file: &File| {
        let written = write(export, file, place)?;
        advance(done.fetch_add(1, Ordering::Relaxed) + 1, files.len());
        Ok(written)
    };
    files.par_iter().map(one).try_reduce(Written::default, |a, b| Ok(a.and(b)))
}

/// Writes one file and its compressed forms.
fn write(export: &Export<'_>, file: &File, place: &Place) -> Result<Written, ExportError> {
    // Folders are made on the way, by all cores: all of them ahead would keep one busy and the others waiting.
    if file.is_first
        && let Some(folder) = file.path.parent()
    {
        // What goes wrong here shows when the file is made.
        let _ = fs::create_dir(place.folder().join(folder));
    }
    if file.source == Source::Content {
        return copy(export, file, place);
    }
    let mut written = Written { routes: 1, ..Written::default() };
    if let Some(card) = pages::card(export.site, &file.route) {
        make(&mut written, place, &file.path, |picture| card.is_drawn_in(picture), || Ok(card.png()))?;
        return Ok(written);
    }
    let (media_type, bytes) = text(export, file)?;
    put(&mut written, place, &file.path, &bytes)?;
    if export.compress && is_text(media_type) && bytes.len() >= WORTH_COMPRESSING {
        for Form { ending, pack, is_of } in &FORMS {
            let path = PathBuf::from(format!("{}.{ending}", file.path.display()));
            make(&mut written, place, &path, |packed| is_of(packed, &bytes), || pack(&bytes))?;
        }
    }
    Ok(written)
}

/// Writes a file, if the earlier export does not have it.
fn put(written: &mut Written, place: &Place, path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let to = place.folder().join(path);
    let kept = place.earlier.as_ref().and_then(|earlier| earlier.take(path, &to, |old| old == bytes));
    if kept.is_none() {
        let write = |to: &Path| fs::File::create(to)?.write_all(bytes);
        in_folder(&to, write).map_err(ExportError::disk(&to))?;
    }
    written.add(bytes.len(), kept.is_some());
    Ok(())
}

/// Makes what takes long and writes it, if the earlier export does not have it.
fn make(
    written: &mut Written,
    place: &Place,
    path: &Path,
    is_current: impl Fn(&[u8]) -> bool,
    make: impl Fn() -> io::Result<Vec<u8>>,
) -> Result<(), ExportError> {
    let to = place.folder().join(path);
    let ours = place.earlier.as_ref().filter(|earlier| earlier.is_ours);
    match ours.and_then(|earlier| earlier.take(path, &to, is_current)) {
        Some(length) => written.add(length, true),
        None => put(written, place, path, &make().map_err(ExportError::disk(&to))?)?,
    }
    Ok(())
}

/// What is beside the content are decks, photos and films; they are neither changed nor compressed.
fn copy(export: &Export<'_>, file: &File, place: &Place) -> Result<Written, ExportError> {
    let from = export.content.path_of(file.route.trim_start_matches("/files/"));
    let path = place.folder().join(&file.path);
    in_folder(&path, |path| fs::File::create(path)).map_err(ExportError::disk(&path))?;
    let bytes = fs::copy(&from, &path).map_err(ExportError::disk(&from))?;
    Ok(Written { routes: 1, files: 1, bytes, ..Written::default() })
}

/// A page or what belongs to it, with links as the export has them.
fn text(export: &Export<'_>, file: &File) -> Result<(&'static str, Vec<u8>), ExportError> {
    let answer = files::answer(export, &file.route);
    let bytes = match answer.media_type {
        html if html.starts_with("text/html") => {
            links::rewrite(answer.bytes, &file.route, export.links, export.site.base.as_ref())?
        }
        text if links::is_markdown(text, &file.route) => links::rewrite_markdown(answer.bytes, &file.route, export.links)?,
        _ => answer.bytes,
    };
    Ok((answer.media_type, bytes))
}

/// Makes a file, and the folder that it needs if that is not there: another core may have been first, or not yet.
pub(super) fn in_folder<T>(path: &Path, make: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    make(path).or_else(|error| match path.parent() {
        Some(folder) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            make(path)
        }
        _ => Err(error),
    })
}
