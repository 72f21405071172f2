//! Files of an export and how each is written.

use std::path::PathBuf;

use super::staging::Staging;
use super::{Export, ExportError, MISSING, links};
use crate::compress::{self, WORTH_COMPRESSING, is_text};
use crate::preview;
use crate::site::{self, Body};
const INDEX: &str = "index.html";

/// An address and its file.
#[derive(Debug)]
pub(super) struct File {
    route: String,
    /// Relative to the folder of the export.
    path: PathBuf,
    /// True for a file kept beside the content, false for an answer of the site.
    is_content: bool,
}

/// A file that was written: its path in the export, and its bytes.
pub(super) type Written = (PathBuf, u64);

/// Lists the files. Those that are the highest up come first: lists and sitemaps are large, and best begun early.
pub(super) fn list(export: &Export<'_>) -> Result<Vec<File>, ExportError> {
    let archive = &export.site.archive;
    let pages = site::routes(export.site).into_iter().chain([MISSING.to_owned()]);
    let pages = pages.chain(archive.aliases().map(str::to_owned)).map(|route| (route, false));
    let content = archive.files.iter().map(|name| (format!("/files/{name}"), true));
    let file = |(route, is_content): (String, bool)| Ok(File { path: path(&route)?, route, is_content });
    let mut files: Vec<File> = pages.chain(content).map(file).collect::<Result<_, _>>()?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    if let Some(pair) = files.windows(2).find(|pair| pair[0].path == pair[1].path) {
        return Err(ExportError::Twice(pair[0].route.clone(), pair[1].route.clone()));
    }
    files.sort_by_key(|file| file.route.matches('/').count());
    Ok(files)
}

/// Returns the file of an address: `meetups/29/index.html` for `/meetups/29/`, `robots.txt` for `/robots.txt`.
fn path(route: &str) -> Result<PathBuf, ExportError> {
    let refused = || ExportError::Address(route.to_owned());
    let inside = route.strip_prefix('/').ok_or_else(refused)?;
    let (folder, name) = inside.rsplit_once('/').unwrap_or(("", inside));
    let steps = folder.split('/').filter(|_| !folder.is_empty()).chain([if name.is_empty() { INDEX } else { name }]);
    // An address must not lead out of the folder, nor to hidden files, which hosts do not send.
    let is_safe = |step: &str| !step.is_empty() && !step.starts_with('.') && !step.contains(['\\', '\0']);
    if steps.clone().all(is_safe) { Ok(steps.collect()) } else { Err(refused()) }
}

impl File {
    /// Writes the file and its compressed forms.
    pub(super) fn write(&self, export: &Export<'_>, staging: &Staging) -> Result<Vec<Written>, ExportError> {
        if self.is_content {
            // Decks, photos and films are neither changed nor compressed.
            let from = export.content.path_of(self.route.trim_start_matches("/files/"));
            return Ok(vec![(self.path.clone(), staging.copy(&from, &self.path)?)]);
        }
        let mut answer = site::answer(export.site, export.day, &self.route, "");
        if let Body::Redirect(to) = &answer.body {
            answer = site::moved(export.site, to);
        }
        let bytes = match answer.body {
            Body::Bytes(bytes) => self.relink(export, answer.media_type, bytes)?,
            Body::Preview(svg) => export.cache.get_or_make("png", svg.as_bytes(), |_| preview::png(&svg)),
            // The page that leads on is never a redirect itself.
            Body::Redirect(to) => to.into_bytes(),
        };
        let mut written = Vec::with_capacity(3);
        let mut put = |path: PathBuf, bytes: &[u8]| -> Result<(), ExportError> {
            staging.write(&path, bytes)?;
            written.push((path, bytes.len() as u64));
            Ok(())
        };
        put(self.path.clone(), &bytes)?;
        if export.compress && is_text(answer.media_type) && bytes.len() >= WORTH_COMPRESSING {
            for (extension, compress) in [("gz", compress::gzip as fn(&[u8]) -> Vec<u8>), ("br", compress::brotli)] {
                let path = format!("{}.{extension}", self.path.display());
                put(path.into(), &export.cache.get_or_make(extension, &bytes, compress))?;
            }
        }
        Ok(written)
    }

    /// Rewrites the links of a page as the export has them.
    fn relink(&self, export: &Export<'_>, media_type: &str, bytes: Vec<u8>) -> Result<Vec<u8>, ExportError> {
        if media_type.starts_with("text/html") {
            links::rewrite(bytes, &self.route, export.links, export.site.base.as_ref())
        } else {
            Ok(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_file_inside_the_folder_or_nothing() {
        for (route, file) in [
            ("/", "index.html"),
            ("/meetups/29/", "meetups/29/index.html"),
            ("/robots.txt", "robots.txt"),
            ("/static/fonts/a.0123456789.woff2", "static/fonts/a.0123456789.woff2"),
            ("/files/meetups/076/a b.pdf", "files/meetups/076/a b.pdf"),
        ] {
            assert_eq!(path(route).unwrap(), PathBuf::from(file), "{route}");
        }
        for route in ["", "x", "/../x", "/a/../../x/", "//x/", "/a//", "/.git/config", "/a/.x", "/a\\b/", "/./"] {
            assert!(path(route).is_err(), "{route}");
        }
    }
}
