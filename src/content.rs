//! Reads the files of a content folder into typed sources, with the diagnostics of each file.
//!
//! There is one serde type for each kind of file, and [`Source::read`] is the list of them. Nothing here knows other
//! files: names stay names until the archive looks them up.

mod announcement;
mod article;
mod base_url;
mod change;
mod dates;
mod decks;
mod folder;
mod front_matter;
mod job;
mod link;
mod meetup;
mod page;
mod people;
mod price;
mod schema;
mod site;
mod topics;
mod venues;

use std::fmt::Display;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};

pub use announcement::{Announcement, Kind as AnnouncementKind, Slot};
pub use article::{Article, Paper};
pub use base_url::{BaseUrl, InvalidBaseUrl};
pub use change::{Change, Status};
pub use folder::{Folder, Listing, ReadError};
pub use job::{Contact, Job};
pub use link::{FilePath, Link, Target, WebAddress};
pub use meetup::{
    Agenda, AgendaItem, Credit, EventCode, EventKey, Format, HotTopic, Meetup, Named, Panel, Photos, Talk, TalkKind,
};
pub use page::Page;
pub use people::{Affiliation, Person, When};
pub use price::Price;
pub use schema::schema;
pub use site::{CoOrganiser, Organiser, Site};
pub use topics::Topic;
pub use venues::{Coordinates, Venue};

use crate::diagnostics::{Diagnostic, SourceFile, Span, Spanned};
use crate::yaml;

/// A file of the content folder, read into its type.
#[derive(Debug, Clone)]
pub enum Source {
    /// `site.yaml`
    Site(Box<Site>),
    /// `topics.yaml`
    Topics(Vec<Topic>),
    /// `people.yaml`
    People(Vec<Person>),
    /// `venues.yaml`
    Venues(Vec<Venue>),
    /// `meetups/*.yaml`, `meetups/*.md`
    Meetup(Box<Meetup>),
    /// `hot-topics/*.md`
    Article(Box<Article>),
    /// `jobs/*.md`
    Job(Box<Job>),
    /// `events/*.md`
    Announcement(Box<Announcement>),
    /// `pages/*.md`
    Page(Box<Page>),
}

impl Source {
    /// Reads a file by the kind that its path names; `None` as a whole means that the path names no kind of content.
    ///
    /// An error among the diagnostics means that the file must not be shown. It may have a source all the same: with
    /// it, what is wrong beside other files is found in the same run.
    pub fn read(file: &Arc<SourceFile>) -> Option<(Option<Source>, Vec<Diagnostic>)> {
        Some(match split(&file.name) {
            ("", "site.yaml") => yaml_file(file, |site| Source::Site(Box::new(site)), |_| Vec::new()),
            ("", "topics.yaml") => registry(file, Source::Topics, |_| Vec::new()),
            ("", "people.yaml") => registry(file, Source::People, people::lint),
            ("", "venues.yaml") => registry(file, Source::Venues, |_| Vec::new()),
            ("meetups", name) if name.ends_with(".yaml") || name.ends_with(".yml") => {
                let source = |meetup| Source::Meetup(Box::new(Meetup { file: file.clone(), ..meetup }));
                yaml_file(file, source, Source::lint)
            }
            ("meetups", name) if name.ends_with(".md") => markdown_file(file, |body, meetup: Meetup| {
                Source::Meetup(Box::new(Meetup { file: file.clone(), body: Some(body), ..meetup }))
            }),
            ("hot-topics", name) if name.ends_with(".md") => {
                markdown_file(file, |body, article| Source::Article(Box::new(Article { body, ..article })))
            }
            ("jobs", name) if name.ends_with(".md") => {
                markdown_file(file, |body, job| Source::Job(Box::new(Job { body, ..job })))
            }
            ("events", name) if name.ends_with(".md") => {
                markdown_file(file, |body, event| Source::Announcement(Box::new(Announcement { body, ..event })))
            }
            ("pages", name) if name.ends_with(".md") => {
                markdown_file(file, |body, page| Source::Page(Box::new(Page { body, ..page })))
            }
            _ => return None,
        })
    }

    /// Finds what is wrong or suspicious beside single values.
    fn lint(&self) -> Vec<Diagnostic> {
        match self {
            Source::Meetup(meetup) => [meetup.lint(), decks::lint(meetup)].concat(),
            Source::Job(job) => job.lint(),
            Source::Announcement(announcement) => announcement.lint(),
            _ => Vec::new(),
        }
    }
}

/// A text in Markdown: that of a file, below its front matter, or the value of a key.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "Spanned<Arc<str>>")]
pub struct Body {
    /// The file, for places.
    pub file: Arc<SourceFile>,
    /// Name of the file without folder and ending, which is the last part of its page's address; empty for a key.
    pub stem: Arc<str>,
    /// The Markdown.
    pub markdown: Arc<str>,
    /// Number of lines of the file before it.
    pub lines_before: usize,
    /// Where the value of a key begins. Diagnostics point there, because YAML may fold the lines of a text.
    pub value: Option<Span>,
}

impl From<Spanned<Arc<str>>> for Body {
    fn from(Spanned { value, span }: Spanned<Arc<str>>) -> Self {
        Self { file: span.file.clone(), stem: "".into(), markdown: value, lines_before: 0, value: Some(span) }
    }
}

/// As its Markdown.
impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.markdown)
    }
}

fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn yaml_file<T: DeserializeOwned>(
    file: &Arc<SourceFile>,
    source: impl FnOnce(T) -> Source,
    lint: impl FnOnce(&Source) -> Vec<Diagnostic>,
) -> (Option<Source>, Vec<Diagnostic>) {
    match yaml::parse(file, &file.text, 0) {
        Ok(document) => linted(document.read(), source, lint),
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

/// Reads a file that is one list of things of a kind. An empty one is an error: an editor that has just emptied it
/// would take all names from the site, and with the last of them the check of names.
fn registry<T: DeserializeOwned>(
    file: &Arc<SourceFile>,
    source: impl FnOnce(Vec<T>) -> Source,
    lint: impl FnOnce(&[T]) -> Vec<Diagnostic>,
) -> (Option<Source>, Vec<Diagnostic>) {
    match yaml::parse(file, &file.text, 0) {
        Ok(document) => {
            let (items, mut diagnostics) = document.read_items();
            diagnostics.extend(lint(&items));
            (Some(source(items)), diagnostics)
        }
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

fn markdown_file<T: DeserializeOwned>(
    file: &Arc<SourceFile>,
    source: impl FnOnce(Body, T) -> Source,
) -> (Option<Source>, Vec<Diagnostic>) {
    let parts = front_matter::split(file).and_then(|parts| Ok((yaml::parse(file, parts.yaml, 1)?, parts)));
    match parts {
        Ok((document, parts)) => {
            let stem = split(&file.name).1.trim_end_matches(".md").into();
            let (markdown, lines_before) = (parts.markdown.into(), parts.lines_before);
            let body = Body { file: file.clone(), stem, markdown, lines_before, value: None };
            linted(document.read(), |value| source(body, value), Source::lint)
        }
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

fn linted<T>(
    (value, mut diagnostics): (Option<T>, Vec<Diagnostic>),
    source: impl FnOnce(T) -> Source,
    lint: impl FnOnce(&Source) -> Vec<Diagnostic>,
) -> (Option<Source>, Vec<Diagnostic>) {
    let source = value.map(source);
    diagnostics.extend(source.as_ref().map(lint).unwrap_or_default());
    (source, diagnostics)
}

/// Reports an end that is before its beginning. Dates that could not be read are reported by themselves.
fn ends_before<T: PartialOrd + Display + crate::yaml::Scalar>(
    begin: Option<&Spanned<T>>,
    end: Option<&Spanned<T>>,
    message: impl FnOnce(&T, &T) -> String,
) -> Option<Diagnostic> {
    let (begin, end) = (begin?, end?);
    let is_known = |value: &Spanned<T>| value.value != T::placeholder();
    let backwards = is_known(begin) && is_known(end) && end.value < begin.value;
    backwards.then(|| Diagnostic::error(end.span.clone(), message(&begin.value, &end.value)))
}
