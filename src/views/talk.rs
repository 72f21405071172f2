//! A talk.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{Day, EventRef, LinkView, Ref, Status, slug, text};
use super::words;
use crate::archive::{Archive, TalkId};
use crate::content::Body;

/// A talk.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Talk")]
pub struct TalkView {
    /// The talk itself.
    #[serde(skip)]
    pub key: TalkId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Its title.
    pub title: String,
    /// The meetup it belongs to.
    pub event: EventRef,
    /// The first day of that meetup.
    pub date: Option<Day>,
    /// Speakers, in order.
    pub speakers: Vec<Ref>,
    /// Institution at the time, as written.
    pub affiliation: Option<String>,
    /// What it is about, in Markdown.
    #[serde(rename = "abstract")]
    #[schemars(with = "Option<String>")]
    pub summary: Option<Body>,
    /// Kind of talk, if it is not an ordinary one.
    pub kind: Option<String>,
    /// Status: held, cancelled or postponed.
    pub status: Status,
    /// Its topics.
    pub topics: Vec<Ref>,
    /// Its decks.
    pub slides: Vec<LinkView>,
    /// Its recordings.
    pub videos: Vec<LinkView>,
    /// Papers, code and other pages on it.
    pub links: Vec<LinkView>,
    /// The title another list gives it.
    pub listed_as: Option<String>,
    /// Further remarks.
    pub note: Option<String>,
    /// Other spellings of its speakers' names, for the search.
    #[serde(skip)]
    pub speaker_aliases: Vec<String>,
}

impl TalkView {
    pub(super) fn new(archive: &Archive, id: TalkId) -> Self {
        let talk = &archive[id];
        let aliases = talk.speakers.iter().flat_map(|person| &archive[*person].source.aliases);
        Self {
            key: id,
            id: slug(&talk.route).to_owned(),
            url: talk.route.to_string(),
            title: talk.source.title.to_string(),
            event: EventRef::new(archive, talk.event),
            date: archive[talk.event].date().map(Day),
            speakers: Ref::people(archive, &talk.speakers),
            affiliation: text(talk.source.affiliation.as_ref()),
            summary: talk.source.summary.clone(),
            kind: talk.source.kind.as_deref().map(|kind| kind.words().to_owned()),
            status: Status::of(&talk.source.status),
            topics: Ref::topics(archive, &talk.tags),
            slides: LinkView::list(archive, &talk.source.slides, "Slides"),
            videos: LinkView::list(archive, &talk.source.videos, "Video"),
            links: LinkView::list_as_written(archive, &talk.source.links),
            listed_as: text(talk.source.listed_as.as_ref()),
            note: text(talk.source.note.as_ref()),
            speaker_aliases: aliases.map(ToString::to_string).collect(),
        }
    }

    /// The kind with a capital: `Keynote`, `Talk`.
    pub fn kind_name(&self) -> String {
        self.kind.as_deref().map_or_else(|| "Talk".to_owned(), words::capital)
    }

    /// Names of the speakers, with commas.
    pub fn by(&self) -> String {
        self.speakers.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The talk in a line of plain text: `Keynote: Title (Speaker, Institution) [cancelled]`.
    pub fn line(&self) -> String {
        let who: Vec<&str> =
            self.speakers.iter().map(|person| person.name.as_str()).chain(self.affiliation.as_deref()).collect();
        let by = if who.is_empty() { String::new() } else { format!(" ({})", who.join(", ")) };
        let status = self.status.words().map_or_else(String::new, |status| format!(" [{}]", status.to_lowercase()));
        format!("{}: {}{by}{status}", self.kind_name(), self.title)
    }
}
