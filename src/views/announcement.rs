//! Something that was announced at a meetup.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{ChangeView, Day, EventRef, PriceView, Ref, Status, calendar, slug, text};
use super::words;
use crate::archive::{AnnouncementId, Archive, PersonId};
use crate::content::{self, Body};
use crate::html::Html;

/// Something that was announced at a meetup.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Announcement")]
pub struct AnnouncementView {
    /// The announcement itself.
    #[serde(skip)]
    pub key: AnnouncementId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Address of its calendar entry, where its day is known.
    #[schemars(extend("format" = "uri-reference"))]
    pub calendar: Option<String>,
    /// Title.
    pub title: String,
    /// Kind: `festival`, `workshop`, `hackathon`, `conference`, `announcement`.
    pub kind: String,
    /// Status: held, cancelled or postponed.
    pub status: Status,
    /// Changes after the announcement, oldest first.
    pub changes: Vec<ChangeView>,
    /// The day, or the first of several.
    pub date: Option<Day>,
    /// The last of several days.
    pub end_date: Option<Day>,
    /// The day or days in words.
    pub when: Option<String>,
    /// The same as HTML; empty where no day is known.
    #[serde(skip)]
    pub days_html: Html,
    /// Hours, as written.
    pub time: Option<String>,
    /// The place's name.
    pub place: Option<String>,
    /// Street and city, as written.
    pub address: Option<String>,
    /// Organisers.
    pub host: Option<String>,
    /// Its page elsewhere.
    #[schemars(extend("format" = "uri"))]
    pub web_page: Option<String>,
    /// Address for registration.
    #[schemars(extend("format" = "uri"))]
    pub registration: Option<String>,
    /// Price of admission.
    pub price: Option<PriceView>,
    /// The announcement that it is part of.
    pub part_of: Option<Ref>,
    /// Announcements that are part of it.
    #[serde(skip)]
    pub parts: Vec<Ref>,
    /// The meetup at which it was announced.
    pub event: Option<EventRef>,
    /// Items of the programme, in order.
    pub programme: Vec<SlotView>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
    /// A number that grows with each change on record.
    #[serde(skip)]
    pub revision: usize,
}

/// An item of a programme.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Slot")]
pub struct SlotView {
    /// The day, where the programme has several.
    pub day: Option<Day>,
    /// Hours, as written.
    pub time: Option<String>,
    /// Name or number of the stage.
    pub stage: Option<String>,
    /// Kind of item, as written.
    pub kind: Option<String>,
    /// Kind of thing.
    pub title: String,
    /// Names, as written.
    pub speakers: Vec<SpeakerView>,
}

/// Somebody in a programme.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct SpeakerView {
    /// The name, as written.
    pub name: String,
    /// The person, if it is one of this archive.
    #[serde(skip)]
    pub person: Option<Ref>,
}

impl AnnouncementView {
    pub(super) fn new(archive: &Archive, id: AnnouncementId) -> Self {
        let announcement = &archive[id];
        Self {
            key: id,
            id: slug(&announcement.route).to_owned(),
            url: announcement.route.to_string(),
            calendar: announcement.date().map(|_| calendar(&announcement.route)),
            title: announcement.source.title.to_string(),
            kind: announcement.source.kind.words().to_owned(),
            status: Status::of(&announcement.source.status),
            changes: ChangeView::list(&announcement.source.changes),
            date: announcement.date().map(Day),
            end_date: announcement.end_date().map(Day),
            when: announcement.date().map(|date| words::days(date, announcement.end_date())),
            days_html: announcement
                .date()
                .map_or_else(Html::default, |date| words::days_html(date, announcement.end_date())),
            time: text(announcement.source.time.as_ref()),
            place: text(announcement.source.place.as_ref()),
            address: text(announcement.source.address.as_ref()),
            host: text(announcement.source.host.as_ref()),
            web_page: text(announcement.source.url.as_ref()),
            registration: text(announcement.source.registration.as_ref()),
            price: announcement.source.price.as_deref().map(PriceView::new),
            part_of: announcement.part_of.map(|whole| Ref::announcement(archive, whole)),
            parts: announcement.parts.iter().map(|part| Ref::announcement(archive, *part)).collect(),
            event: announcement.event.map(|event| EventRef::new(archive, event)),
            programme: announcement
                .source
                .programme
                .iter()
                .zip(&announcement.speakers)
                .map(|(slot, people)| SlotView::new(archive, slot, people))
                .collect(),
            body: announcement.source.body.clone(),
            revision: announcement.revision(),
        }
    }

    /// The kind with a capital: `Festival`.
    pub fn kind_name(&self) -> String {
        words::capital(&self.kind)
    }

    /// Its last day, where it has days.
    pub fn last_day(&self) -> Option<Day> {
        self.end_date.or(self.date)
    }

    /// Returns whether it is over on a day; news without a day never is.
    pub fn is_past(&self, day: Date) -> bool {
        self.last_day().is_some_and(|last| last.0 < day)
    }

    /// Returns whether it takes place.
    pub fn takes_place(&self) -> bool {
        self.status == Status::Held
    }

    /// Returns whether one can still take part on a day.
    pub fn is_open(&self, day: Date) -> bool {
        self.takes_place() && self.date.is_some() && !self.is_past(day)
    }

    /// The place's name and address, with a comma.
    pub fn location(&self) -> Option<String> {
        let parts: Vec<&str> = self.place.iter().chain(&self.address).map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl SlotView {
    fn new(archive: &Archive, slot: &content::Slot, people: &[Option<PersonId>]) -> Self {
        let speakers = slot.speakers.iter().zip(people);
        let speaker = |(name, person): (&_, &Option<PersonId>)| SpeakerView {
            name: ToString::to_string(name),
            person: person.map(|id| Ref::person(archive, id)),
        };
        Self {
            day: slot.day.as_ref().map(|day| Day(day.value)),
            time: text(slot.time.as_ref()),
            stage: text(slot.stage.as_ref()),
            kind: text(slot.kind.as_ref()),
            title: slot.title.to_string(),
            speakers: speakers.map(speaker).collect(),
        }
    }

    /// Names of the speakers, with commas.
    pub fn by(&self) -> String {
        self.speakers.iter().map(|speaker| speaker.name.as_str()).collect::<Vec<_>>().join(", ")
    }
}
