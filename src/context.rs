//! Input and output of pages and other forms: the site as it is now, requests and answers.

pub(crate) mod assets;
mod documents;
pub(crate) mod query;
pub(crate) mod results;
pub(crate) mod search;

use std::sync::Arc;

use jiff::civil::Date;

use crate::archive::{Archive, Target};
use crate::content::BaseUrl;
use crate::views::Views;

pub(crate) use query::Query;
pub use results::Results;
pub use search::Search;

/// Everything pages are made from.
#[derive(Debug)]
pub struct Site {
    /// The content.
    pub archive: Arc<Archive>,
    /// Views of the content.
    pub views: Arc<Views>,
    /// The results of its experiments.
    pub results: Results,
    /// Delivery of the pages.
    pub delivery: Delivery,
    /// The address of the home page, where it is known.
    pub base: Option<BaseUrl>,
    /// The search over the archive; the same for each site of the same archive.
    pub search: Arc<Search>,
    /// Parts of the site beside the pages.
    pub extras: Extras,
}

/// Parts of a site beside its pages, its feed and its sitemap. The live server has all; an export may leave some out to
/// be done sooner, and names nothing that it does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extras {
    /// A picture for each page, for previews elsewhere.
    pub cards: bool,
    /// The search.
    pub search: bool,
    /// Data for programs: calendars, the feeds of parts of the site, JSON, Markdown, `/llms.txt`.
    pub data: bool,
}

impl Extras {
    /// Everything.
    pub const ALL: Self = Self { cards: true, search: true, data: true };
}

impl Site {
    /// The address of a page for readers elsewhere: whole where the base is known, else from the root of the host.
    pub(crate) fn address(&self, path: &str) -> String {
        self.base.as_ref().map_or_else(|| path.to_owned(), |base| base.of(path))
    }

    /// The address of a page or file in a text at `from`: whole where the base is known, else relative, so that it
    /// holds in any folder of a host.
    pub(crate) fn address_from(&self, from: &str, path: &str) -> String {
        if self.base.is_some() {
            return self.address(path);
        }
        let depth = from.matches('/').count().saturating_sub(1);
        let up = if depth == 0 { "./".to_owned() } else { "../".repeat(depth) };
        format!("{up}{}", path.trim_start_matches('/'))
    }
}

/// Answer to a request.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Value of `Content-Type`.
    pub media_type: &'static str,
    /// Cache policy.
    pub cache: CachePolicy,
    /// True if another query may give another answer.
    pub by_query: bool,
    /// Body of the answer.
    pub body: Body,
}

/// Time for which an answer may be cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CachePolicy {
    /// Until the content or the day changes.
    Page,
    /// For good: the address holds a hash of the bytes.
    Immutable,
    /// Not at all.
    NoStore,
}

/// Body of the answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A preview image as SVG; what is sent is the PNG that [`preview::png`](crate::preview::png) makes of it.
    Preview(String),
    /// The path of the page that the address means.
    Redirect(String),
}

/// Capacity for a page, in bytes: a text that grows step by step is copied at each.
const PAGE_CAPACITY: usize = 16 << 10;

impl Answer {
    pub(crate) fn html(status: u16, page: &impl askama::Template) -> Self {
        let mut html = String::with_capacity(PAGE_CAPACITY);
        // Templates write to a string, and nothing in them can fail.
        if let Err(error) = page.render_into(&mut html) {
            html = format!("<!DOCTYPE html><title>{error}</title>");
        }
        Self::new(status, "text/html; charset=utf-8", CachePolicy::Page, html.into_bytes())
    }

    /// Leads to the path of another page.
    pub(crate) fn moved(to: String) -> Self {
        Self { body: Body::Redirect(to), ..Self::new(301, "text/plain; charset=utf-8", CachePolicy::Page, Vec::new()) }
    }

    pub(crate) fn new(status: u16, media_type: &'static str, cache: CachePolicy, bytes: Vec<u8>) -> Self {
        Self { status, media_type, cache, by_query: false, body: Body::Bytes(bytes) }
    }
}

/// A request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) site: &'a Site,
    pub(crate) views: &'a Views,
    pub(crate) archive: &'a Archive,
    pub(crate) day: Date,
    /// The path, percent-decoded.
    pub(crate) path: &'a str,
    /// Target of the path, if it is the page of something.
    pub(crate) target: Option<Target>,
    pub(crate) query: &'a Query,
}

impl<'a> Request<'a> {
    pub(crate) fn new(site: &'a Site, day: Date, path: &'a str, query: &'a Query) -> Self {
        Self { site, views: &site.views, archive: &site.archive, day, path, target: site.archive.at(path), query }
    }
}

/// A kind of page.
pub(crate) struct Kind {
    /// The page at the path, if it is one of this kind.
    pub(crate) answer: fn(&Request<'_>) -> Option<Answer>,
    /// The paths of all pages of this kind.
    pub(crate) paths: fn(&Site) -> Vec<String>,
}

/// Way in which a page reaches its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// From the live server: it answers queries, and its pages are of today.
    #[default]
    Live,
    /// From a file that a static host sends, or a browser opens from disk, perhaps long after it was written. Nothing
    /// answers a query, so there is no form; what will turn false with time says as of which day it is true.
    Export,
}

/// The `Content-Security-Policy` of pages. It allows what they use and nothing else: their own style sheets, scripts,
/// pictures and fonts, and forms that lead back here.
pub const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
                                  media-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy for a `meta` element: what browsers heed there. `frame-ancestors` counts in a header only (CSP 3 §3.3).
pub(crate) fn policy_in_page() -> &'static str {
    CONTENT_POLICY.split_once("; frame-ancestors").map_or(CONTENT_POLICY, |(before, _)| before)
}

/// A list that the navigation leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section {
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
}

/// The lists, in the order of the navigation.
pub(crate) const SECTIONS: [Section; 9] = [
    Section { path: "/meetups/", label: "Meetups" },
    Section { path: "/talks/", label: "Talks" },
    Section { path: "/hot-topics/", label: "Hot topics" },
    Section { path: "/lab/", label: "Lab" },
    Section { path: "/people/", label: "People" },
    Section { path: "/topics/", label: "Topics" },
    Section { path: "/venues/", label: "Venues" },
    Section { path: "/jobs/", label: "Jobs" },
    Section { path: "/events/", label: "Events" },
];
