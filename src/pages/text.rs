//! `/about/` and other pages of prose.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, prose, words};
use crate::archive::{Page, Target};
use crate::html::Html;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.pages.iter().map(|page| page.route.to_string()).collect() };

/// The page that names the organisers below its text.
pub(super) const ABOUT: &str = "/about/";

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage<'a> {
    frame: Frame<'a>,
    page: &'a Page,
    text: Html,
    organisers: bool,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Page(id)) = request.target else { return None };
    let page = &archive[id];
    let text = prose::render(request.site, &page.body).html;
    let description = match &page.summary {
        Some(summary) => summary.to_string(),
        None => format!("{}: {}", page.title, archive.site.name),
    };
    let frame = Frame::new(request, page.title.clone(), description);
    Some(Answer::html(200, &TextPage { frame, page, text, organisers: page.route.as_str() == ABOUT }))
}
