//! The shape of the JSON files, and of what records of several kinds have. The descriptions here are those of the schema.

use schemars::JsonSchema;
use serde::Serialize;

use super::events::{Event, Talk};
use super::texts::{Announcement, Article, Job};
use super::who::{Person, Topic, Venue};

/// Data of a site. Each file has the same shape: `all.json` has all lists, the others have one of them. A key that is absent is one of which
/// nothing is known. Addresses begin with the site's own where it is known, else with a slash: they are paths on the host of the file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Data of a meetup")]
pub(super) struct Data<'a> {
    /// Address of this schema.
    #[serde(rename = "$schema")]
    pub(super) schema: String,
    /// What the data are of.
    pub(super) site: Site<'a>,
    /// Meetups, oldest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) events: Option<Vec<Event<'a>>>,
    /// Talks in the order of their meetups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) talks: Option<Vec<Talk<'a>>>,
    /// Everybody who spoke, presented, hosted or organised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) people: Option<Vec<Person<'a>>>,
    /// Places, in the order of the first meetup there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) venues: Option<Vec<Venue<'a>>>,
    /// Subjects of talks, meetups and articles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) topics: Option<Vec<Topic<'a>>>,
    /// Articles on hot topics, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) articles: Option<Vec<Article<'a>>>,
    /// Job offers, newest first, closed ones too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) jobs: Option<Vec<Job<'a>>>,
    /// What was announced at meetups, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) announcements: Option<Vec<Announcement<'a>>>,
}

/// The site.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Site<'a> {
    /// The group's name.
    pub(super) name: &'a str,
    /// Its abbreviation.
    pub(super) short_name: &'a str,
    /// Address of the home page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// What it is, in a sentence.
    pub(super) description: &'a str,
    /// BCP 47 tag.
    pub(super) language: &'a str,
    /// IANA name of the zone of all dates and times.
    pub(super) time_zone: &'a str,
    /// Where it meets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) city: Option<&'a str>,
    /// Mail address of the organisers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contact: Option<&'a str>,
}

/// Something else of the site.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Ref<'a> {
    /// Its `id` in its list.
    pub(super) id: &'a str,
    /// Its name or title.
    pub(super) name: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
}

/// A file, recording or page.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Link<'a> {
    /// What it is called, where it has a name of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'a str>,
    /// Where it is.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
}

/// Whether something took place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Status {
    /// It did, or is going to.
    Held,
    /// It did not.
    Cancelled,
    /// It was moved to another day.
    Postponed,
    /// It did not, and the sources do not say whether for good.
    CancelledOrPostponed,
}

/// What it costs to take part.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Price<'a> {
    /// A decimal number: `12.50`; `0` where it is free.
    #[schemars(extend("pattern" = "^\\d+(\\.\\d{1,3})?$"))]
    pub(super) amount: &'a str,
    /// Code of the currency (ISO 4217), unless it is free.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Z]{3}$"))]
    pub(super) currency: Option<&'a str>,
}

/// A change after the announcement.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change<'a> {
    /// When it was made known.
    #[schemars(extend("format" = "date"))]
    pub(super) date: String,
    /// What was changed, in a sentence.
    pub(super) what: &'a str,
}
