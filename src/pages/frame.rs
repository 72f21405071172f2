//! Frame around the content of every page: head, navigation, footer.

use std::cell::Cell;

use jiff::civil::Date;
use serde_json::Value;

use crate::context::{Delivery, Request, SECTIONS, Section, Site, assets, policy_in_page, search};
use crate::formats::subscriptions::{self, FeedLink, Medium};
use crate::formats::{api, json_ld, markdown, opensearch, preview};
use crate::html::Html;
use crate::views::{Day, Views};

/// The territory in which each language is most spoken, for tags that name none: likely subtags of Unicode CLDR 45.
const TERRITORIES: [(&str, &str); 9] = [
    ("cs", "CZ"),
    ("de", "DE"),
    ("en", "US"),
    ("es", "ES"),
    ("fr", "FR"),
    ("hu", "HU"),
    ("it", "IT"),
    ("nl", "NL"),
    ("pl", "PL"),
];

/// The frame of a page.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) site: &'a Site,
    pub(super) views: &'a Views,
    pub(super) day: Date,
    /// True if something on the page depends on the day; known when the page has been written to its end.
    pub(super) expires: Cell<bool>,
    /// Title of the page; empty for the home page, which has the site's.
    pub(super) title: String,
    /// A sentence for search engines and previews.
    pub(super) description: String,
    /// The page's own path, without a query; empty where it has none.
    pub(super) path: &'a str,
    /// True if search engines may list the page as it is shown.
    pub(super) indexed: bool,
    /// The last day on which they may.
    pub(super) indexed_until: Option<Day>,
    /// Day of publication of an article.
    pub(super) published: Option<Day>,
    /// Path and label of the pages above this one.
    pub(super) crumbs: Vec<(String, String)>,
    /// Feeds and calendars of the page.
    pub(super) subscriptions: Vec<FeedLink>,
    /// Subject of the page, as JSON-LD.
    things: Vec<Value>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(request: &Request<'a>, title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            site: request.site,
            views: request.views,
            day: request.day,
            expires: Cell::new(false),
            title: title.into(),
            description: description.into(),
            path: request.path,
            indexed: true,
            indexed_until: None,
            published: None,
            crumbs: Vec::new(),
            subscriptions: Vec::new(),
            things: Vec::new(),
        }
    }

    /// Says that the page belongs to a list.
    pub(super) fn within(mut self, section: &str) -> Self {
        let section = SECTIONS.iter().find(|known| known.path == section);
        self.crumbs.extend(section.map(|section| (section.path.to_owned(), section.label.to_owned())));
        self
    }

    /// Adds a page between the list and this one.
    pub(super) fn below(mut self, path: String, label: String) -> Self {
        self.crumbs.push((path, label));
        self
    }

    /// Says what the page can be subscribed to.
    pub(super) fn subscriptions(mut self, links: impl IntoIterator<Item = FeedLink>) -> Self {
        let there = |link: &FeedLink| self.site.extras.data || *link == subscriptions::everything();
        self.subscriptions.extend(links.into_iter().filter(there));
        self
    }

    /// Keeps the page out of search engines.
    pub(super) fn unlisted(mut self, unlisted: bool) -> Self {
        self.indexed &= !unlisted;
        self
    }

    /// Says until when search engines may list the page.
    pub(super) fn listed_until(mut self, last: Day) -> Self {
        self.indexed_until = Some(last);
        self
    }

    /// Says when an article was published.
    pub(super) fn published(mut self, date: Option<Day>) -> Self {
        self.published = date;
        self
    }

    /// Says what the page is about, for search engines.
    pub(super) fn about(mut self, thing: Value) -> Self {
        self.things.push(thing);
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

    /// Returns whether somebody answers queries: forms and links with one are for the live server only.
    pub(super) fn live(&self) -> bool {
        self.site.delivery == Delivery::Live
    }

    /// The page's whole address, where it has one and the site's is known.
    pub(super) fn canonical(&self) -> Option<String> {
        self.site.base.as_ref().filter(|_| !self.path.is_empty()).map(|base| base.of(self.path))
    }

    /// The address at which a calendar program subscribes, where the site knows its own; the scheme says that it is not
    /// to be loaded once.
    pub(super) fn webcal(&self, link: &FeedLink) -> Option<String> {
        let whole = self.site.base.as_ref().filter(|_| link.medium == Medium::Calendar)?.of(&link.path);
        whole.split_once("://").map(|(_, rest)| format!("webcal://{rest}"))
    }

    /// Returns the links in the head of the page: its own subscriptions, and the feed of the whole site.
    pub(super) fn alternates(&self) -> Vec<FeedLink> {
        let mut all = self.subscriptions.clone();
        all.extend(Some(subscriptions::everything()).filter(|feed| !self.subscriptions.contains(feed)));
        all
    }

    /// The calendar of all meetups, if there is one.
    pub(super) fn calendar(&self) -> Option<String> {
        subscriptions::meetups(self.views).filter(|_| self.site.extras.data).map(|link| link.path)
    }

    /// The page about what programs can read, if there is anything.
    pub(super) fn api(&self) -> Option<&'static str> {
        self.site.extras.data.then_some(api::PATH)
    }

    /// The page of the search, if there is one.
    pub(super) fn search(&self) -> Option<&'static str> {
        self.site.extras.search.then_some(search::PATH)
    }

    /// Address of the OpenSearch description.
    pub(super) fn opensearch(&self) -> Option<&'static str> {
        opensearch::path(self.site)
    }

    /// The policy of the live server's headers, for hosts that send none. An export without a base URL has the live
    /// bytes.
    pub(super) fn policy(&self) -> Option<&'static str> {
        (!self.live() && self.site.base.is_some()).then(policy_in_page)
    }

    /// The address of a file of this program.
    pub(super) fn asset(&self, name: &str) -> &'static str {
        assets::address(name)
    }

    /// Returns the subject of the page and its place in the site, as JSON-LD.
    pub(super) fn data(&self) -> Option<Html> {
        let mut things = self.things.clone();
        if !self.crumbs.is_empty() {
            things.push(json_ld::breadcrumbs(self.site, &self.crumbs, self.path, &self.title));
        }
        (!things.is_empty() && !self.path.is_empty()).then(|| json_ld::script(&things))
    }

    /// The title of previews.
    pub(super) fn headline(&self) -> &str {
        if self.title.is_empty() { &self.views.site.name } else { &self.title }
    }

    /// The kind of page in the words of OpenGraph (<https://ogp.me/#types>).
    pub(super) fn og_type(&self) -> &'static str {
        match self.things.first().and_then(|thing| thing["@type"].as_str()) {
            Some("Article") => "article",
            Some("Person") => "profile",
            _ => "website",
        }
    }

    /// Language and territory in the form of OpenGraph: `en_US`. None for a language without a territory.
    pub(super) fn locale(&self) -> Option<String> {
        let tag = &self.views.site.language;
        let (language, rest) = tag.split_once('-').unwrap_or((tag, ""));
        let named = rest.split('-').find(|part| part.len() == 2).map(str::to_uppercase);
        let likely =
            || TERRITORIES.iter().find(|(known, _)| *known == language).map(|(_, territory)| (*territory).to_owned());
        named.or_else(likely).map(|territory| format!("{language}_{territory}"))
    }

    /// The whole address of the picture for previews, where the site's is known: messengers take no other.
    pub(super) fn card(&self) -> Option<String> {
        let base = self.site.base.as_ref().filter(|_| !self.path.is_empty())?;
        Some(base.of(&preview::address(self.site, self.path)?))
    }

    /// Width and height of that picture, in pixels.
    pub(super) fn card_size(&self) -> (u32, u32) {
        (preview::WIDTH, preview::HEIGHT)
    }

    /// The path of the page as Markdown.
    pub(super) fn markdown(&self) -> Option<String> {
        markdown::address(&self.site.archive, self.path).filter(|_| self.site.extras.data)
    }
}
