//! What the head of a page says to machines: what it is about, which picture stands for it, in which other forms it is there.

use super::frame::Frame;
use super::schema::{self, Thing};
use super::{as_markdown, cards};
use crate::html::Html;

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

impl<'a> Frame<'a> {
    /// Says what the page is about, for search engines.
    pub(super) fn about(mut self, thing: Thing<'a>) -> Self {
        self.things.push(thing);
        self
    }

    /// What the page is about and where it stands, as JSON-LD.
    pub(super) fn data(&self) -> Option<Html> {
        let crumbs = (!self.crumbs.is_empty()).then(|| schema::crumbs(self.site, &self.crumbs, self.path, &self.title));
        let things: Vec<&Thing> = self.things.iter().chain(&crumbs).collect();
        (!things.is_empty() && !self.path.is_empty()).then(|| schema::json(&things))
    }

    /// The title of previews.
    pub(super) fn headline(&self) -> &str {
        if self.title.is_empty() { &self.archive.site.name } else { &self.title }
    }

    /// The kind of page in the words of OpenGraph (<https://ogp.me/#types>).
    pub(super) fn og_type(&self) -> &'static str {
        match self.things.first() {
            Some(Thing::Article(_)) => "article",
            Some(Thing::Person(_)) => "profile",
            _ => "website",
        }
    }

    /// When an article was published.
    pub(super) fn published(&self) -> Option<&str> {
        match self.things.first()? {
            Thing::Article(article) => article.date_published.as_deref(),
            _ => None,
        }
    }

    /// Language and territory in the form of OpenGraph: `en_US`. None for a language without a territory.
    pub(super) fn locale(&self) -> Option<String> {
        let tag = &self.archive.site.language;
        let (language, rest) = tag.split_once('-').unwrap_or((tag, ""));
        let named = rest.split('-').find(|part| part.len() == 2).map(str::to_uppercase);
        let likely = || TERRITORIES.iter().find(|(known, _)| *known == language).map(|(_, territory)| (*territory).to_owned());
        named.or_else(likely).map(|territory| format!("{language}_{territory}"))
    }

    /// The address of the picture for previews.
    pub(super) fn card(&self) -> Option<String> {
        Some(self.site.address(&cards::address(self.site, self.path).filter(|_| !self.path.is_empty())?))
    }

    /// Width and height of that picture, in pixels.
    pub(super) fn card_size(&self) -> (u32, u32) {
        (cards::WIDTH, cards::HEIGHT)
    }

    /// The path of the page as Markdown.
    pub(super) fn markdown(&self) -> Option<String> {
        as_markdown::address(self.archive, self.path).filter(|_| self.site.extras.data)
    }
}
