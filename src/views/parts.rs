//! Parts that several kinds of views share.

use std::fmt;
use std::ops::Deref;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::words;
use crate::archive::{self, Archive, EventId, Medium, PersonId, Route, Target};
use crate::content;
use crate::diagnostics::Spanned;
use crate::html::Html;
use crate::yaml::TextOr;

/// A calendar day: `2019-09-24` in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Day(pub Date);

impl Day {
    /// `24 September 2019`
    pub fn words(&self) -> String {
        words::day(self.0)
    }

    /// The same as an HTML `time` element.
    pub fn html(&self) -> Html {
        words::time_element(self.0, &self.words())
    }

    /// `24 Sep 2019` as an HTML `time` element, for tables.
    pub fn short_html(&self) -> Html {
        words::time_element(self.0, &words::short_day(self.0))
    }

    /// `Tuesday, 24 September 2019`, with an HTML `time` element.
    pub fn long_html(&self) -> Html {
        Html::trusted(format!("{}, {}", words::weekday(self.0), self.html()))
    }
}

impl Deref for Day {
    type Target = Date;

    fn deref(&self) -> &Date {
        &self.0
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// A reference to something with a page on this site.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ref {
    /// Kind of thing.
    #[serde(skip)]
    pub target: Target,
    /// Its `id` in its list.
    pub id: String,
    /// Its name or title.
    pub name: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
}

impl Ref {
    pub(super) fn new(target: Target, route: &Route, name: impl Into<String>) -> Self {
        Self { target, id: slug(route).to_owned(), name: name.into(), url: route.to_string() }
    }

    pub(super) fn person(archive: &Archive, id: PersonId) -> Self {
        Self::new(Target::Person(id), &archive[id].route, &**archive[id].source.name)
    }

    pub(super) fn people(archive: &Archive, ids: &[PersonId]) -> Vec<Self> {
        ids.iter().map(|id| Self::person(archive, *id)).collect()
    }

    pub(super) fn topics(archive: &Archive, ids: &[archive::TopicId]) -> Vec<Self> {
        ids.iter().map(|id| Self::new(Target::Topic(*id), &archive[*id].route, &**archive[*id].source.name)).collect()
    }

    pub(super) fn talks(archive: &Archive, ids: &[archive::TalkId]) -> Vec<Self> {
        ids.iter().map(|id| Self::new(Target::Talk(*id), &archive[*id].route, &**archive[*id].source.title)).collect()
    }

    pub(super) fn articles(archive: &Archive, ids: &[archive::ArticleId]) -> Vec<Self> {
        ids.iter().map(|id| Self::new(Target::Article(*id), &archive[*id].route, &*archive[*id].source.title)).collect()
    }

    pub(super) fn announcement(archive: &Archive, id: archive::AnnouncementId) -> Self {
        Self::new(Target::Announcement(id), &archive[id].route, &*archive[id].source.title)
    }

    /// References to events by their short names.
    pub(super) fn events(archive: &Archive, ids: &[EventId]) -> Vec<Self> {
        ids.iter().map(|id| Self::event(archive, *id)).collect()
    }

    pub(super) fn event(archive: &Archive, id: EventId) -> Self {
        Self::new(Target::Event(id), &archive[id].route, words::label(&archive[id]))
    }
}

/// The last part of the address of a page.
pub(super) fn slug(route: &Route) -> &str {
    route.as_str().trim_matches('/').rsplit('/').next().unwrap_or("")
}

/// The address of the calendar that belongs to a page: `/meetups/29.ics`.
pub(super) fn calendar(page: &Route) -> String {
    format!("{}.ics", page.as_str().trim_end_matches('/'))
}

/// A reference to an event, with its day.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct EventRef {
    /// The event itself.
    #[serde(skip)]
    pub key: EventId,
    /// The event, by its short name.
    #[serde(flatten)]
    pub to: Ref,
    /// The day, or the first of several.
    #[serde(skip)]
    pub date: Option<Day>,
    /// The day or days as HTML, with `time` elements; empty where no day is known.
    #[serde(skip)]
    pub days: Html,
}

impl EventRef {
    pub(super) fn new(archive: &Archive, id: EventId) -> Self {
        let event = &archive[id];
        let days = event.date().map_or_else(Html::default, |date| words::days_html(date, event.end_date()));
        Self { key: id, to: Ref::event(archive, id), date: event.date().map(Day), days }
    }
}

impl Deref for EventRef {
    type Target = Ref;

    fn deref(&self) -> &Ref {
        &self.to
    }
}

/// A file, recording or page.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkView {
    /// Label, if it has one of its own.
    pub label: Option<String>,
    /// Address.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Text of the link: its label, or what such links are called where the label says no more.
    #[serde(skip)]
    pub name: String,
    /// Kind of content: `PDF`, `YouTube`, a host.
    #[serde(skip)]
    pub kind: String,
    /// The host, for links that lead away from this site.
    #[serde(skip)]
    pub host: Option<String>,
}

impl LinkView {
    /// A link that is called `what` (`Slides`) unless its label says more.
    pub(super) fn new(archive: &Archive, link: &content::Link, what: &str) -> Self {
        let name = match link.label.as_deref() {
            None | Some("pdf" | "PDF" | "video" | "videos" | "YouTube" | "Slides" | "slides" | "google") => {
                what.to_owned()
            }
            Some(label) => words::capital(label),
        };
        Self { name, ..Self::as_written(archive, link) }
    }

    /// A link that is called as its label is written.
    pub(super) fn as_written(archive: &Archive, link: &content::Link) -> Self {
        let link = archive.link(link);
        Self {
            label: link.label.as_ref().map(ToString::to_string),
            url: link.href.to_string(),
            name: link.text().to_owned(),
            kind: kind_of(&link).to_owned(),
            host: link.host().map(str::to_owned),
        }
    }

    pub(super) fn list(archive: &Archive, links: &[TextOr<content::Link>], what: &str) -> Vec<Self> {
        links.iter().map(|link| Self::new(archive, link, what)).collect()
    }

    pub(super) fn list_as_written(archive: &Archive, links: &[TextOr<content::Link>]) -> Vec<Self> {
        links.iter().map(|link| Self::as_written(archive, link)).collect()
    }

    /// Returns whether it leads away from this site.
    pub fn is_external(&self) -> bool {
        self.host.is_some()
    }
}

/// Returns the kind of content behind a link: the kind of file, or the host.
fn kind_of(link: &archive::Link) -> &str {
    match (link.medium, link.host()) {
        (Medium::Pdf | Medium::Image | Medium::Folder, _) => link.medium.word(),
        (_, Some(host)) if host.ends_with("youtube.com") || host == "youtu.be" => "YouTube",
        (Medium::Video, Some("github.com") | None) => "Video file",
        (_, Some(host)) => host,
        (medium, None) => medium.word(),
    }
}

/// Status of something that is announced for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It did, or is going to.
    Held,
    /// It did not.
    Cancelled,
    /// It was moved to another day.
    Postponed,
    /// It did not, and the sources do not say whether for good.
    CancelledOrPostponed,
}

impl From<content::Status> for Status {
    fn from(status: content::Status) -> Self {
        match status {
            content::Status::Held => Status::Held,
            content::Status::Cancelled => Status::Cancelled,
            content::Status::Postponed => Status::Postponed,
            content::Status::CancelledOrPostponed => Status::CancelledOrPostponed,
        }
    }
}

impl Status {
    /// The status under an optional key.
    pub(super) fn of(written: &Option<Spanned<content::Status>>) -> Self {
        content::Status::of(written).into()
    }

    /// The words for what does not take place, with a capital; none for what does.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Status::Held => None,
            Status::Cancelled => Some("Cancelled"),
            Status::Postponed => Some("Postponed"),
            Status::CancelledOrPostponed => Some("Cancelled / postponed"),
        }
    }

    /// A title with the status before it, where there is one to tell: `Cancelled: …`.
    pub fn before(self, title: &str) -> String {
        self.words().map_or_else(|| title.to_owned(), |status| format!("{status}: {title}"))
    }
}

/// A change after the announcement.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeView {
    /// Day on which it was announced.
    pub date: Day,
    /// The change, in a sentence.
    pub what: String,
}

impl ChangeView {
    pub(super) fn list(changes: &[content::Change]) -> Vec<Self> {
        changes.iter().map(|change| Self { date: Day(change.date.value), what: change.what.to_string() }).collect()
    }

    /// The change in a line: `20 November 2026: …`
    pub fn line(&self) -> String {
        format!("{}: {}", self.date.words(), self.what)
    }
}

/// Price of admission.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceView {
    /// A decimal number: `12.50`; `0` where it is free.
    #[schemars(extend("pattern" = "^\\d+(\\.\\d{1,3})?$"))]
    pub amount: String,
    /// Code of the currency (ISO 4217), unless it is free.
    #[schemars(extend("pattern" = "^[A-Z]{3}$"))]
    pub currency: Option<String>,
}

impl PriceView {
    pub(super) fn new(price: &content::Price) -> Self {
        match price {
            content::Price::Free => Self { amount: "0".to_owned(), currency: None },
            content::Price::Sum { amount, currency } => {
                Self { amount: amount.to_string(), currency: Some(currency.to_string()) }
            }
        }
    }

    /// Returns whether it costs nothing.
    pub fn is_free(&self) -> bool {
        self.currency.is_none()
    }

    /// `Free`, `12.50 EUR`
    pub fn words(&self) -> String {
        self.currency.as_ref().map_or_else(|| "Free".to_owned(), |currency| format!("{} {currency}", self.amount))
    }
}

/// A person in a role at an event.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CreditView {
    /// The person.
    #[serde(flatten)]
    pub person: Ref,
    /// The role, where the list does not say it already.
    pub role: Option<String>,
    /// The institution at the time, as written.
    pub affiliation: Option<String>,
}

impl CreditView {
    pub(super) fn new(archive: &Archive, credited: &archive::Credited) -> Self {
        Self {
            person: Ref::person(archive, credited.person),
            role: text(credited.role.as_ref()),
            affiliation: text(credited.affiliation.as_ref()),
        }
    }

    pub(super) fn list(archive: &Archive, credited: &[archive::Credited]) -> Vec<Self> {
        credited.iter().map(|credited| Self::new(archive, credited)).collect()
    }
}

/// A copy of a text, if there is one.
pub(super) fn text(text: Option<&impl ToString>) -> Option<String> {
    text.map(ToString::to_string)
}

pub(super) fn texts(texts: &[impl ToString]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
