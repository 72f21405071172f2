//! Meetups and talks as records. The descriptions here are those of the schema.

use crate::problem::Text;
use schemars::JsonSchema;
use serde::Serialize;

use super::records::{Change, Link, Price, Ref, Status};

/// How one could take part.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// At the venue.
    InPerson,
    /// By video call.
    Online,
    /// At the venue or by video call.
    Hybrid,
}

/// A meetup.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Event<'a> {
    /// Last part of the address of its page: its number, or its code in small letters.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Address of its calendar entry, where its day is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) calendar: Option<String>,
    /// Its number, where it is one of the counted meetups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    /// The heading under which it was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'a str>,
    /// The subject in a line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) topic: Option<&'a str>,
    /// Whether it took place.
    pub(super) status: Status,
    /// What was changed after it had been announced, oldest first.
    pub(super) changes: Vec<Change<'a>>,
    /// The day, or the first of several.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    /// The last of several days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) end_date: Option<String>,
    /// Hour and minute of the beginning, in the zone of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub(super) time: Option<String>,
    /// Hour and minute of the end, on the last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub(super) end_time: Option<String>,
    /// How one could take part.
    pub(super) format: Format,
    /// Where, under the names that were given for it.
    pub(super) venues: Vec<Ref<'a>>,
    /// Address or room, as given for this event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Its own topics and those of its talks.
    pub(super) topics: Vec<Ref<'a>>,
    /// Hosts and sponsors, as written.
    pub(super) hosts: &'a [Text],
    /// Its talks, in order.
    pub(super) talks: Vec<Ref<'a>>,
    /// The discussion on the stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) panel: Option<Panel<'a>>,
    /// What was told in the block on recent papers and news, in order.
    pub(super) hot_topics: Vec<HotTopic<'a>>,
    /// Decks of the event itself.
    pub(super) slides: Vec<Link<'a>>,
    /// Recordings of the event as a whole.
    pub(super) videos: Vec<Link<'a>>,
    /// Photo albums.
    pub(super) photos: Vec<Link<'a>>,
    /// What was announced at it.
    pub(super) announcements: Vec<Ref<'a>>,
    /// Positions that were offered at it.
    pub(super) jobs: Vec<Ref<'a>>,
    /// Its page on meetup.com.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) meetup_url: Option<&'a str>,
    /// A page of its own elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) web_page: Option<&'a str>,
    /// Where one registers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "uri"))]
    pub(super) registration: Option<&'a str>,
    /// What it costs to take part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Price<'a>>,
    /// Contradictions and irregularities of the sources.
    pub(super) notes: &'a [Text],
}

/// A discussion on the stage.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Panel<'a> {
    /// What was discussed.
    pub(super) title: &'a str,
    /// Who discussed.
    pub(super) panelists: Vec<Ref<'a>>,
    /// Who led it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) moderator: Option<Ref<'a>>,
}

/// A short block on recent papers and news.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HotTopic<'a> {
    /// What it was about.
    pub(super) title: &'a str,
    /// Who presented it.
    pub(super) presenters: Vec<Ref<'a>>,
    /// Its decks.
    pub(super) slides: Vec<Link<'a>>,
    /// Articles on it.
    pub(super) articles: Vec<Ref<'a>>,
}

/// A talk.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Talk<'a> {
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Its title.
    pub(super) title: &'a str,
    /// The meetup it belongs to.
    pub(super) event: Ref<'a>,
    /// The day of the meetup.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "date"))]
    pub(super) date: Option<String>,
    /// Who spoke, in order.
    pub(super) speakers: Vec<Ref<'a>>,
    /// Institution at the time, as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) affiliation: Option<&'a str>,
    /// What kind of talk, when it is no ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
    /// Whether it was held.
    pub(super) status: Status,
    /// Its topics.
    pub(super) topics: Vec<Ref<'a>>,
    /// Its decks.
    pub(super) slides: Vec<Link<'a>>,
    /// Its recordings.
    pub(super) videos: Vec<Link<'a>>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<&'a str>,
}
