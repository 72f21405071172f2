//! `/search/`: everything that has the words of a query.
//!
//! The live server answers with the results. In an export nobody can, so the page there says what there is without a script, and
//! the scripts in `static/search/` do the same search with the same index, which is a file that [`Search`] names.

mod documents;
mod results;

use std::sync::OnceLock;

use askama::Template;

use super::query::address;
use super::{Answer, CachePolicy, Kind, Request, Site, frame::Frame, words};
use crate::archive::Archive;
use crate::search::{self, Document, Index};
use results::Results;

/// The address of the page.
pub(super) const PATH: &str = "/search/";
/// The address of the index, before its hash and after it.
const INDEX: (&str, &str) = ("/search/index.", ".js");

pub(super) const KIND: Kind = Kind { answer, paths };

/// The index of an archive, made when somebody first searches: most editions of a site that is being edited are never searched, and the
/// index of all documents costs more than a page.
#[derive(Debug, Default)]
pub struct Search {
    index: OnceLock<Index>,
    file: OnceLock<(String, Vec<u8>)>,
}

impl Search {
    /// The index of the archive, which is always the same for one value.
    pub(super) fn index(&self, archive: &Archive) -> &Index {
        self.index.get_or_init(|| Index::build(documents::all(archive).map(|(_, document)| document)))
    }

    /// Whether somebody has searched already.
    pub(super) fn is_made(&self) -> bool {
        self.index.get().is_some()
    }

    /// The index as a file, with its address. The address holds a hash, so that browsers may keep the file for good.
    fn file(&self, archive: &Archive) -> &(String, Vec<u8>) {
        self.file.get_or_init(|| {
            let bytes = search::script(self.index(archive), documents::all(archive));
            let hash = blake3::hash(&bytes).to_hex();
            (format!("{}{}{}", INDEX.0, &hash[..10], INDEX.1), bytes)
        })
    }
}

/// The document of a number in the index, with its path.
pub(super) fn document(archive: &Archive, number: usize) -> Option<(String, Document)> {
    documents::one(archive, number)
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    q: &'a str,
    results: Option<Results>,
    /// Where the index is, for the script.
    index: &'a str,
}

impl SearchPage<'_> {
    /// Whether there is nothing to show but how to search.
    fn helps(&self) -> bool {
        self.results.as_ref().is_none_or(|results| results.total == 0)
    }
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path.eq_ignore_ascii_case("/search") {
        return Some(Answer::moved(PATH.to_owned()));
    }
    if request.path.starts_with(INDEX.0) {
        let (path, bytes) = request.site.search.file(request.archive);
        let found = request.path == path.as_str();
        return found.then(|| Answer::new(200, "text/javascript; charset=utf-8", CachePolicy::Immutable, bytes.clone()));
    }
    if request.path != PATH {
        return None;
    }
    let q = request.query.get("q").unwrap_or("");
    let results = (!q.is_empty()).then(|| Results::new(request, q));
    let title = if q.is_empty() { "Search".to_owned() } else { format!("Search: {q}") };
    let frame = Frame::new(request, title, "Search in all talks, meetups, people, places, topics and texts.").unlisted(true);
    let index = if frame.live() { "" } else { request.site.search.file(request.archive).0.as_str() };
    Some(Answer::html(200, &SearchPage { frame, q, results, index }))
}

/// The page, and in an export the index.
fn paths(site: &Site) -> Vec<String> {
    let index = (site.door == super::Door::Export).then(|| site.search.file(&site.archive).0.clone());
    std::iter::once(PATH.to_owned()).chain(index).collect()
}

/// The address of a part of the results.
fn link(q: &str, kind: Option<search::Kind>, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    address(PATH, &[("q", q), ("kind", kind.map_or("", search::Kind::slug)), ("page", &page)])
}
