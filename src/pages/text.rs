//! `/about/` and other pages of prose.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, prose};
use crate::archive::Target;
use crate::html::Html;
use crate::views::{PageView, PersonView};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.pages.iter().map(|page| page.url.clone()).collect() };

/// The page that names the organisers below its text.
const ABOUT: &str = "/about/";

#[derive(Template)]
#[template(path = "text.html")]
struct TextPage<'a> {
    frame: Frame<'a>,
    page: &'a PageView,
    text: Html,
    about: bool,
    organisers: Vec<&'a PersonView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let views = request.views;
    let Some(Target::Page(id)) = request.target else { return None };
    let page = &views[id];
    let text = prose::render(request.site, &page.body).html;
    let general = || format!("{}: {}", page.title, views.site.name);
    let frame = Frame::new(request, page.title.clone(), page.summary.clone().unwrap_or_else(general));
    let about = page.url == ABOUT;
    let organisers = if about { views.people_of(&views.site.organisers) } else { Vec::new() };
    Some(Answer::html(200, &TextPage { frame, page, text, about, organisers }))
}
