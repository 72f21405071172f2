//! What every page has around its content: head, navigation, footer.

use std::cell::Cell;

use jiff::civil::Date;

use super::machines::subscribe::Offer;
use super::machines::{api, calendar, feeds, opensearch};
use super::schema::Thing;
use super::{Door, Request, Site, assets, door, search};
use crate::archive::Archive;

/// A list that the navigation leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub(super) path: &'static str,
    pub(super) label: &'static str,
}

/// The lists, in the order of the navigation.
pub(super) const SECTIONS: [Section; 9] = [
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

/// A page above this one.
#[derive(Debug, Clone)]
pub(super) struct Crumb {
    pub(super) path: String,
    pub(super) label: String,
}

/// The frame of a page.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) site: &'a Site,
    pub(super) day: Date,
    /// Whether something on the page passes; known when the page has been written to its end.
    pub(super) passes: Cell<bool>,
    pub(super) archive: &'a Archive,
    /// Title of the page; empty for the home page, which has the site's.
    pub(super) title: String,
    /// A sentence for search engines and previews.
    pub(super) description: String,
    /// The page's own path, without a query.
    pub(super) path: &'a str,
    /// Whether search engines may list the page as it is shown.
    pub(super) indexed: bool,
    /// The last day on which they may.
    pub(super) indexed_until: Option<Date>,
    pub(super) crumbs: Vec<Crumb>,
    /// What the page can be subscribed to.
    pub(super) offers: Vec<Offer>,
    /// What the page is about, for search engines.
    pub(super) things: Vec<Thing<'a>>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(request: &Request<'a>, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            site: request.site,
            day: request.day,
            passes: Cell::new(false),
            archive: request.archive,
            title: title.into(),
            description: description.into(),
            path: request.path,
            indexed: true,
            indexed_until: None,
            crumbs: Vec::new(),
            offers: Vec::new(),
            things: Vec::new(),
        }
    }

    /// Says that the page belongs to a list.
    pub(super) fn within(mut self, section: &str) -> Self {
        let section = SECTIONS.iter().find(|known| known.path == section);
        self.crumbs.extend(section.map(|section| Crumb { path: section.path.to_owned(), label: section.label.to_owned() }));
        self
    }

    /// Adds a page between the list and this one.
    pub(super) fn below(mut self, path: impl ToString, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { path: path.to_string(), label: label.into() });
        self
    }

    /// Says what the page can be subscribed to.
    pub(super) fn offering(mut self, offers: impl IntoIterator<Item = Offer>) -> Self {
        let there = |offer: &Offer| self.site.extras.data || offer.path == feeds::MAIN;
        self.offers.extend(offers.into_iter().filter(there));
        self
    }

    /// Keeps the page out of search engines.
    pub(super) fn unlisted(mut self, unlisted: bool) -> Self {
        self.indexed &= !unlisted;
        self
    }

    /// Says until when search engines may list the page.
    pub(super) fn listed_until(mut self, last: Date) -> Self {
        self.indexed_until = Some(last);
        self
    }

    pub(super) fn sections(&self) -> &'static [Section] {
        &SECTIONS
    }

    /// The value of `aria-current` for a link of the navigation.
    pub(super) fn current(&self, path: &str) -> Option<&'static str> {
        match path == self.path {
            true => Some("page"),
            false => (path != "/" && self.path.starts_with(path)).then_some("true"),
        }
    }

    /// Pages of prose, for the footer.
    pub(super) fn pages(&self) -> &'a crate::archive::List<crate::archive::Page> {
        &self.archive.pages
    }

    /// Whether somebody answers queries: forms and links with one are for the live server only.
    pub(super) fn live(&self) -> bool {
        self.site.door == Door::Live
    }

    /// The page's address for search engines.
    pub(super) fn canonical(&self) -> String {
        self.site.address(self.path)
    }

    /// The address at which a calendar program subscribes, where the site knows its own; the scheme says that it is not to be loaded once.
    pub(super) fn webcal(&self, offer: &Offer) -> Option<String> {
        let whole = self.site.base.as_ref().filter(|_| offer.is_calendar())?.of(&offer.path);
        whole.split_once("://").map(|(_, rest)| format!("webcal://{rest}"))
    }

    /// What the head of the page names: its own offers, and the feed of the whole site.
    pub(super) fn alternates(&self) -> Vec<Offer> {
        let mut all = self.offers.clone();
        all.extend(feeds::Of::All.offer(self.archive).filter(|site| !self.offers.contains(site)));
        all
    }

    /// The calendar of all meetups, if there is one.
    pub(super) fn calendar(&self) -> Option<String> {
        calendar::Of::Meetups.path(self.archive).filter(|_| self.site.extras.data)
    }

    /// The page about what programs can read, if there is anything.
    pub(super) fn api(&self) -> Option<&'static str> {
        self.site.extras.data.then_some(api::PATH)
    }

    /// The page of the search, if there is one.
    pub(super) fn search(&self) -> Option<&'static str> {
        self.site.extras.search.then_some(search::PATH)
    }

    /// Where browsers find out how to search the site.
    pub(super) fn opensearch(&self) -> Option<&'static str> {
        opensearch::path(self.site)
    }

    /// The policy of the live server's headers, for hosts that send none. An export without a base URL has the live bytes.
    pub(super) fn policy(&self) -> Option<&'static str> {
        (!self.live() && self.site.base.is_some()).then(door::policy_in_page)
    }

    /// The address of a file of this program.
    pub(super) fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }
}
