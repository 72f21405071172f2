//! Pages as Markdown, for readers that are programs: `index.md` beside each page, with the same headings and facts, written from the
//! content and not from the HTML. The live server also sends it to whoever asks for the page itself with `Accept: text/markdown`.

mod event;
mod home;
mod lines;
mod lists;
mod prose;
mod who;
mod write;

use super::frame::SECTIONS;
use super::{Answer, CachePolicy, Kind, Request, Site};
use crate::archive::{Archive, Target};

pub(super) use write::{escape, table};

pub(super) const KIND: Kind = Kind { answer, paths };

/// What the Markdown is called, from the address of its page.
const NAME: &str = "index.md";
/// RFC 7763.
const MEDIA_TYPE: &str = "text/markdown; charset=utf-8";

/// The path at which the Markdown of a page is, if it has one. The page itself need not be there.
pub fn path(page: &str) -> Option<String> {
    page.ends_with('/').then(|| format!("{page}{NAME}"))
}

/// The same for a page that is there; none for pages that have no Markdown.
pub(super) fn address(archive: &Archive, page: &str) -> Option<String> {
    (page == "/" || lists::is_one(page) || archive.route_exists(page)).then(|| path(page)).flatten()
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let page = request.path.strip_suffix(NAME).filter(|page| page.ends_with('/'))?;
    let text = text(request, page)?;
    Some(Answer::new(200, MEDIA_TYPE, CachePolicy::Page, text.into_bytes()))
}

fn paths(site: &Site) -> Vec<String> {
    let lists = SECTIONS.iter().map(|section| section.path.to_owned()).filter(|path| lists::is_one(path));
    let pages = std::iter::once("/".to_owned()).chain(lists).chain(super::prose::all_routes(&site.archive));
    pages.filter_map(|page| path(&page)).collect()
}

/// The Markdown of the page at a path.
fn text(request: &Request<'_>, path: &str) -> Option<String> {
    let (site, day, archive) = (request.site, request.day, request.archive);
    if path == "/" {
        return Some(home::home(site, day));
    }
    if lists::is_one(path) {
        return lists::list(site, day, path);
    }
    Some(match archive.at(path)? {
        Target::Event(id) => event::event(site, day, &archive[id]),
        Target::Talk(id) => event::talk(site, day, id),
        Target::Person(id) => who::person(site, id),
        Target::Venue(id) => who::venue(site, &archive[id]),
        Target::Topic(id) => who::topic(site, &archive[id]),
        Target::Article(id) => prose::article(site, id),
        Target::Job(id) => prose::job(site, day, &archive[id]),
        Target::Announcement(id) => prose::announcement(site, day, &archive[id]),
        Target::Page(id) => prose::page(site, &archive[id]),
    })
}
