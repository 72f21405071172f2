//! `/search/`: everything that has the words of a query.
//!
//! The live server answers with results. In an export `static/search.js` searches, with MiniSearch and the index file
//! that the page names; without JavaScript the page there leads to the lists.

mod results;

use askama::Template;

use super::query::address;
use super::{Answer, CachePolicy, Kind, Request, Site, frame::Frame};
use crate::context::search::{INDEX, PATH};
use crate::search;
use crate::views::words;
use results::Results;

pub(crate) const KIND: Kind = Kind { answer, paths };

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    q: &'a str,
    results: Option<Results>,
    /// Address of the index file, for the script.
    index: &'a str,
}

impl SearchPage<'_> {
    /// Returns whether there is nothing to show but how to search.
    fn shows_help(&self) -> bool {
        self.results.as_ref().is_none_or(|results| results.total == 0)
    }
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path.eq_ignore_ascii_case("/search") {
        return Some(Answer::moved(PATH.to_owned()));
    }
    if request.path.starts_with(INDEX.0) {
        let (path, bytes) = request.site.search.file(request.views);
        let found = request.path == path.as_str();
        return found.then(|| Answer::new(200, "application/json", CachePolicy::Immutable, bytes.clone()));
    }
    if request.path != PATH {
        return None;
    }
    let q = request.query.get("q").unwrap_or("");
    let results = (!q.is_empty()).then(|| Results::new(request, q));
    let title = if q.is_empty() { "Search".to_owned() } else { format!("Search: {q}") };
    let frame =
        Frame::new(request, title, "Search in all talks, meetups, people, places, topics and texts.").unlisted(true);
    let index = if frame.live() { "" } else { request.site.search.file(request.views).0.as_str() };
    Some(Answer::html(200, &SearchPage { frame, q, results, index }))
}

/// Addresses of the page and, in an export, of the index file.
fn paths(site: &Site) -> Vec<String> {
    let index = (site.delivery == super::Delivery::Export).then(|| site.search.file(&site.views).0.clone());
    std::iter::once(PATH.to_owned()).chain(index).collect()
}

/// Address of a part of the results.
fn link(q: &str, kind: Option<search::Kind>, page: usize) -> String {
    let page = if page > 1 { page.to_string() } else { String::new() };
    address(PATH, &[("q", q), ("kind", kind.map_or("", search::Kind::slug)), ("page", &page)])
}
