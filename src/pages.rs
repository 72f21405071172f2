//! Snapshot and day in, every route out: its status, media type, cache policy and bytes.
//!
//! A page is one file below: a struct, a template of the same name, and a [`Kind`] with the addresses it answers to. A new
//! page is a new file and a line in [`PAGES`]. Nothing here does input or output or reads a clock: the same site and day
//! give the same bytes.

mod announcement;
mod announcements;
mod article;
mod articles;
mod as_markdown;
mod assets;
mod away;
mod cards;
mod door;
mod event;
mod events;
mod facets;
mod failure;
mod figure;
mod frame;
mod head;
mod home;
mod job;
mod jobs;
mod lab;
mod listing;
mod llms;
mod machines;
mod missing;
mod moved;
mod numbers;
mod passing;
mod people;
mod person;
mod prose;
mod query;
mod result;
mod results;
mod schema;
mod search;
mod talk;
mod talks;
mod text;
mod topic;
mod topics;
mod venue;
mod venues;
mod words;

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::archive::{Archive, Target};
use crate::card::Card;
use crate::content;
use crate::lab::Experiment;
use crate::problem::Problem;
use query::Query;

pub use as_markdown::path as markdown_of;
pub use door::{BaseUrl, CONTENT_POLICY, Door, NoBaseUrl};
pub use failure::failure;
pub use figure::Figure;
pub use lab::{
    Desk, Known, Limits, Recent, Refusal, RunView, Stage, lab_page, name as experiment_name, partial_curves, read_spec, refusal,
    run_page, shown,
};
pub use moved::moved;
pub use query::form_field;
pub use result::result_file;
pub use results::Results;
pub use search::Search;

/// Everything pages are made from.
#[derive(Debug)]
pub struct Site {
    /// The content.
    pub archive: Arc<Archive>,
    /// The results of its experiments.
    pub results: Results,
    /// How pages reach their readers.
    pub door: Door,
    /// The address of the home page, where it is known.
    pub base: Option<BaseUrl>,
    /// The search over the archive; the same for each site of the same archive.
    pub search: Arc<Search>,
    /// What there is beside the pages.
    pub extras: Extras,
}

/// What a site has beside its pages, its feed and its sitemap. The live server has all; an export may leave some out to be done sooner, and
/// names nothing that it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extras {
    /// A picture for each page, for previews elsewhere.
    pub cards: bool,
    /// The search.
    pub search: bool,
    /// What only programs read: calendars, the feeds of parts of the site, JSON, Markdown, `/llms.txt`.
    pub data: bool,
}

impl Extras {
    /// Everything.
    pub const ALL: Self = Self { cards: true, search: true, data: true };
}

impl Site {
    /// The address of a page for readers elsewhere: whole where the base is known, else from the root of the host.
    fn address(&self, path: &str) -> String {
        self.base.as_ref().map_or_else(|| path.to_owned(), |base| base.of(path))
    }
}

/// What stands at an address.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Value of `Content-Type`.
    pub media_type: &'static str,
    /// How long it may be kept.
    pub cache: CachePolicy,
    /// Whether another query may give another answer.
    pub by_query: bool,
    /// What is sent.
    pub body: Body,
}

/// How long an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// Until the content or the day changes.
    Page,
    /// For good: the address holds a hash of the bytes.
    Immutable,
    /// Not at all.
    NoStore,
}

/// What is sent.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The path of the page that the address means.
    Redirect(String),
}

/// Bytes of a page, as most have: a text that grows step by step is copied at each.
const USUAL: usize = 16 << 10;

impl Answer {
    fn html(status: u16, page: &impl askama::Template) -> Self {
        let mut html = String::with_capacity(USUAL);
        // Templates write to a string, and nothing in them can fail.
        if let Err(error) = page.render_into(&mut html) {
            html = format!("<!DOCTYPE html><title>{error}</title>");
        }
        Self::new(status, "text/html; charset=utf-8", CachePolicy::Page, html.into_bytes())
    }

    /// Leads to the path of another page.
    fn moved(to: String) -> Self {
        Self { body: Body::Redirect(to), ..Self::new(301, "text/plain; charset=utf-8", CachePolicy::Page, Vec::new()) }
    }

    fn new(status: u16, media_type: &'static str, cache: CachePolicy, bytes: Vec<u8>) -> Self {
        Self { status, media_type, cache, by_query: false, body: Body::Bytes(bytes) }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
struct Request<'a> {
    site: &'a Site,
    archive: &'a Archive,
    day: Date,
    /// The path, percent-decoded.
    path: &'a str,
    /// What has its page there.
    target: Option<Target>,
    query: &'a Query,
}

impl<'a> Request<'a> {
    fn new(site: &'a Site, day: Date, path: &'a str, query: &'a Query) -> Self {
        Self { site, archive: &site.archive, day, path, target: site.archive.at(path), query }
    }
}

/// A kind of page.
struct Kind {
    /// The page at the path, if it is one of this kind.
    answer: fn(&Request<'_>) -> Option<Answer>,
    /// The paths of all pages of this kind.
    paths: fn(&Site) -> Vec<String>,
}

/// Pages and what belongs to them, in every site.
const PAGES: [Kind; 25] = [
    home::KIND,
    events::KIND,
    event::KIND,
    talks::KIND,
    talk::KIND,
    people::KIND,
    person::KIND,
    venues::KIND,
    venue::KIND,
    topics::KIND,
    topic::KIND,
    articles::KIND,
    article::KIND,
    jobs::KIND,
    job::KIND,
    announcements::KIND,
    announcement::KIND,
    text::KIND,
    lab::KIND,
    lab::RESULT,
    result::KIND,
    assets::KIND,
    machines::ROBOTS,
    machines::sitemap::KIND,
    machines::feeds::KIND,
];
/// What is there with [`Extras::search`].
const SEARCH: [Kind; 2] = [search::KIND, machines::opensearch::KIND];
/// What is there with [`Extras::data`].
const DATA: [Kind; 5] = [machines::calendar::KIND, machines::api::PAGE, machines::api::FILES, as_markdown::KIND, llms::KIND];
/// What is there with [`Extras::cards`].
const CARDS: [Kind; 1] = [cards::KIND];

/// All that a site has.
fn kinds(site: &Site) -> impl Iterator<Item = &'static Kind> {
    beside_search(site).chain(of_search(site))
}

fn beside_search(site: &Site) -> impl Iterator<Item = &'static Kind> {
    let Extras { cards, data, .. } = site.extras;
    let extras: [(&'static [Kind], bool); 2] = [(&DATA, data), (&CARDS, cards)];
    PAGES.iter().chain(extras.into_iter().filter(|(_, there)| *there).flat_map(|(kinds, _)| kinds))
}

fn of_search(site: &Site) -> impl Iterator<Item = &'static Kind> {
    SEARCH.iter().filter(|_| site.extras.search)
}

/// The answer to a percent-decoded path and a query (without `?`) on a day. There always is one: an unknown path gets a page
/// that says so.
pub fn answer(site: &Site, day: Date, path: &str, query: &str) -> Answer {
    let query = Query::parse(query);
    let request = Request::new(site, day, path, &query);
    let page = kinds(site).find_map(|kind| (kind.answer)(&request));
    let answer = page.or_else(|| redirect(&request)).unwrap_or_else(|| missing::answer(&request));
    Answer { by_query: query.was_asked(), ..answer }
}

/// The card that is drawn at a path, if there is one: without the time that drawing takes.
pub fn card(site: &Site, path: &str) -> Option<Card> {
    if site.extras.cards { cards::at(site, path) } else { None }
}

/// The addresses of all pages and assets.
pub fn routes(site: &Site) -> Vec<String> {
    [routes_beside_search(site), routes_of_search(site)].concat()
}

/// The addresses of all pages and assets but those of the search.
pub fn routes_beside_search(site: &Site) -> Vec<String> {
    beside_search(site).flat_map(|kind| (kind.paths)(site)).collect()
}

/// The addresses of the search. In an export, whose index is a file named after its bytes, the index is made for them.
pub fn routes_of_search(site: &Site) -> Vec<String> {
    of_search(site).flat_map(|kind| (kind.paths)(site)).collect()
}

/// Whether making what is at a path may take so long that it should not hold up other work: drawing does, and the first search. An address
/// that has no page is searched for, too.
pub fn takes_long(site: &Site, path: &str) -> bool {
    cards::is_one(path) || !site.search.is_made() && site.archive.at(path).is_none()
}

/// What only shows when pages are made of texts of an archive: dead links, faulty formulas, experiments that cannot be run.
pub fn vet(archive: &Archive, texts: &[&content::Body]) -> Vec<Problem> {
    vetted(archive, texts, None)
}

/// [`vet`], and besides it what only shows beside the results: numbers in texts that no record gives.
pub fn vet_with(archive: &Archive, texts: &[&content::Body], results: &Results) -> Vec<Problem> {
    vetted(archive, texts, Some(results))
}

/// On all cores, and in the order of the texts all the same.
fn vetted(archive: &Archive, texts: &[&content::Body], results: Option<&Results>) -> Vec<Problem> {
    texts.par_iter().flat_map_iter(|body| prose::read(archive, body, results).1).collect()
}

/// The experiments of all texts that can be run, each with the name of its file.
pub fn experiments(archive: &Archive) -> Vec<(String, Experiment)> {
    let of = |body: &content::Body| {
        let name = body.file.name.clone();
        prose::read(archive, body, None).0.into_iter().map(move |block| (name.clone(), block.experiment))
    };
    let texts: Vec<&content::Body> = archive.bodies().collect();
    // Most texts have none, and need not be read for it.
    texts.into_par_iter().filter(|body| prose::may_have_blocks(body)).flat_map_iter(of).collect()
}

/// Another spelling of an address that is there: an alias, another case, a slash at the end too few or too many.
fn redirect(request: &Request<'_>) -> Option<Answer> {
    let bare = request.path.trim_matches('/').to_lowercase();
    let is_page = |path: &str| {
        let request = Request::new(request.site, request.day, path, request.query);
        kinds(request.site).find_map(|kind| (kind.answer)(&request)).is_some_and(|answer| answer.status == 200)
    };
    let alias = request.archive.redirect(request.path).map(|route| route.as_str().to_owned());
    let to = alias.or_else(|| [format!("/{bare}/"), format!("/{bare}")].into_iter().find(|path| is_page(path)))?;
    (to != request.path).then(|| Answer::moved(to))
}

#[cfg(test)]
mod tests;
