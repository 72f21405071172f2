//! Which files there are, and what is in each.

use std::path::PathBuf;

use rayon::prelude::*;

use super::{Export, ExportError};
use crate::pages::{self, Body};

/// The page for addresses that are none. Hosts look for it under this name.
pub(super) const MISSING: &str = "/404.html";

/// The file of an address that ends with a slash.
pub(super) const INDEX: &str = "index.html";

/// One address and its file.
#[derive(Debug)]
pub(super) struct File {
    /// The address.
    pub(super) route: String,
    /// Where the file is, from the folder of the export.
    pub(super) path: PathBuf,
    pub(super) source: Source,
    /// Whether it is the first one of its folder, which is still to be made then.
    pub(super) is_first: bool,
    /// How many folders lead to it.
    depth: usize,
}

/// Where the bytes of a file come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The answer to its address, whatever its status.
    Page,
    /// A file beside the content.
    Content,
}

/// What is written to a file.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// All files but those of the search.
pub(super) fn beside_search(export: &Export<'_>) -> Result<Vec<File>, ExportError> {
    let archive = &export.site.archive;
    let pages = pages::routes_beside_search(export.site).into_iter().chain([MISSING.to_owned()]);
    let aliases = archive.aliases().map(str::to_owned);
    let beside = archive.files.iter().map(|name| (format!("/files/{name}"), Source::Content));
    plan(pages.chain(aliases).map(|route| (route, Source::Page)).chain(beside).collect())
}

/// The files of the search. To name them takes as long as its index.
pub(super) fn of_search(export: &Export<'_>) -> Result<Vec<File>, ExportError> {
    plan(pages::routes_of_search(export.site).into_iter().map(|route| (route, Source::Page)).collect())
}

/// Those that are the highest up come first: lists and sitemaps are large, and what takes long is best begun early.
fn plan(routes: Vec<(String, Source)>) -> Result<Vec<File>, ExportError> {
    let file = |(route, source): (String, Source)| {
        Ok(File { depth: route.matches('/').count(), path: path(&route)?, is_first: true, route, source })
    };
    let mut files: Vec<File> = routes.into_par_iter().map(file).collect::<Result<_, _>>()?;
    files.par_sort_unstable_by(|a, b| (a.depth, a.path.as_os_str(), &a.route).cmp(&(b.depth, b.path.as_os_str(), &b.route)));
    files.windows(2).try_for_each(|pair| different(&pair[0], &pair[1]))?;
    for at in 1..files.len() {
        files[at].is_first = files[at].path.parent() != files[at - 1].path.parent();
    }
    Ok(files)
}

/// Two files must not be one.
pub(super) fn different(one: &File, other: &File) -> Result<(), ExportError> {
    if one.path == other.path { Err(ExportError::Twice(one.route.clone(), other.route.clone())) } else { Ok(()) }
}

/// The file of an address: `/meetups/29/` is `meetups/29/index.html`, `/robots.txt` is `robots.txt`.
fn path(route: &str) -> Result<PathBuf, ExportError> {
    let refused = || ExportError::Address(route.to_owned());
    let inside = route.strip_prefix('/').ok_or_else(refused)?;
    let (folder, name) = inside.rsplit_once('/').unwrap_or(("", inside));
    let mut path = PathBuf::new();
    for step in folder.split('/').filter(|_| !folder.is_empty()) {
        // An address must not lead out of the folder, nor into hidden files, which hosts do not send.
        if step.is_empty() || step.starts_with('.') || step.contains(['\\', '\0']) {
            return Err(refused());
        }
        path.push(step);
    }
    if name.starts_with('.') || name.contains(['\\', '\0']) {
        return Err(refused());
    }
    path.push(if name.is_empty() { INDEX } else { name });
    Ok(path)
}

/// The bytes of a page, as the live server would send them; where it would redirect, a page that leads on.
pub(super) fn answer(export: &Export<'_>, route: &str) -> Answer {
    let mut answer = pages::answer(export.site, export.day, route, "");
    if let Body::Redirect(to) = &answer.body {
        answer = pages::moved(export.site, to);
    }
    let bytes = match answer.body {
        Body::Bytes(bytes) => bytes,
        // A page is never a redirect.
        Body::Redirect(to) => to.into_bytes(),
    };
    Answer { media_type: answer.media_type, bytes }
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
