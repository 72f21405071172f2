//! The page for addresses without a page.

use askama::Template;

use super::{Answer, Request, frame::Frame};
use crate::search::Kind;

#[derive(Template)]
#[template(path = "missing.html")]
struct Missing<'a> {
    frame: Frame<'a>,
    /// Pages whose names are close to the address, with their titles.
    near: Vec<(String, String)>,
}

/// More would be guessing.
const SUGGESTIONS: usize = 5;

pub(crate) fn answer(request: &Request<'_>) -> Answer {
    let mut frame = Frame::new(request, "Page not found", "There is no page at this address.").unlisted(true);
    // The address of no page is nobody's to quote as canonical, and the navigation has no place for it.
    frame.path = "";
    Answer::html(404, &Missing { frame, near: near(request) })
}

/// Results of a search for the words of the address, those of its section first.
fn near(request: &Request<'_>) -> Vec<(String, String)> {
    let mut steps = request.path.trim_matches('/').split('/');
    let section = steps.next().unwrap_or("");
    let wanted = steps.next_back().unwrap_or(section);
    // The names of files are nothing that pages are called.
    if wanted.is_empty() || wanted.contains('.') {
        return Vec::new();
    }
    let index = request.site.search.index(request.views);
    let found = index.search(&wanted.replace('-', " "), request.day);
    // With half of its words elsewhere, a page is not what was meant.
    if found.matched * 2 <= found.asked() {
        return Vec::new();
    }
    let mut hits: Vec<_> = found.hits.iter().collect();
    // `/meetup/2` is what people type.
    let kind = Kind::from_slug(section).or_else(|| Kind::from_slug(&format!("{section}s")));
    // A number says something in its section only: 999 is no meetup, and the decay of many an average.
    if wanted.bytes().all(|byte| byte.is_ascii_digit()) {
        hits.retain(|hit| Some(hit.document.kind) == kind);
    }
    hits.sort_by_key(|hit| Some(hit.document.kind) != kind);
    let shown = hits.into_iter().take(SUGGESTIONS).map(|hit| hit.document);
    shown.map(|document| (document.path.clone(), document.title.clone())).collect()
}
