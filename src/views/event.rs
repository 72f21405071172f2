//! An event of the group.

use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{
    ChangeView, CreditView, Day, EventRef, LinkView, PriceView, Ref, Status, calendar, slug, text, texts,
};
use super::words;
use crate::archive::{self, Agenda, AgendaItem, Archive, Event, EventId, HotTopicId, Target, VenueAs, VenueId};
use crate::content::{self, Body, Coordinates, EventKey, Format};
use crate::html::Html;
use crate::yaml::TextOr;

/// A meetup.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Event")]
pub struct EventView {
    /// The event itself.
    #[serde(skip)]
    pub key: EventId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Address of its calendar entry, where its day is known.
    #[schemars(extend("format" = "uri-reference"))]
    pub calendar: Option<String>,
    /// Its number, if it is one of the counted meetups.
    pub number: Option<u32>,
    /// Its number or code, as it is shown large.
    #[serde(skip)]
    pub numeral: String,
    /// `Meetup 29`; the title of an event outside the count.
    #[serde(skip)]
    pub label: String,
    /// Subject, in a line.
    #[serde(skip)]
    pub headline: String,
    /// Name in all forms of the site: its label and what it is about.
    pub name: String,
    /// The heading under which it was announced.
    pub title: Option<String>,
    /// The subject in a line.
    pub topic: Option<String>,
    /// What it is about, in Markdown.
    #[serde(rename = "description")]
    #[schemars(with = "Option<String>")]
    pub text: Option<Body>,
    /// Status: held, cancelled or postponed.
    pub status: Status,
    /// Changes after the announcement, oldest first.
    pub changes: Vec<ChangeView>,
    /// The day, or the first of several.
    pub date: Option<Day>,
    /// The last of several days.
    pub end_date: Option<Day>,
    /// Beginning of the programme, in the time zone of the site.
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub time: Option<String>,
    /// End of the programme, on its last day.
    #[schemars(extend("pattern" = "^\\d\\d:\\d\\d$"))]
    pub end_time: Option<String>,
    /// The day or days in words, with the weekday of a single one.
    pub when: String,
    /// The same as HTML.
    #[serde(skip)]
    pub when_html: Html,
    /// The day or days as HTML without the weekday; empty where no day is known.
    #[serde(skip)]
    pub days_html: Html,
    /// Beginning and end, for calendars.
    #[serde(skip)]
    pub clock: (Option<Time>, Option<Time>),
    /// The year under which lists show it.
    #[serde(skip)]
    pub listed_under: Option<i16>,
    /// Form of attendance.
    pub format: FormatView,
    /// The places, under the names that its sources use.
    pub venues: Vec<EventVenueView>,
    /// Place in words, with its address or theirs: `Old Mill, Mill Lane 5`, `Online`.
    pub place: Option<String>,
    /// Address or room, as given for this meetup.
    pub address: Option<String>,
    /// Coordinates of its venue, if it has exactly one.
    #[serde(skip)]
    pub coordinates: Option<Coordinates>,
    /// True if one of its venues is a video call.
    #[serde(skip)]
    pub at_online_venue: bool,
    /// Its topics and those of its talks.
    pub topics: Vec<Ref>,
    /// Hosts and sponsors, as written.
    pub hosts: Vec<String>,
    /// Organisers of this meetup, where a source names them.
    pub organisers: Vec<CreditView>,
    /// The programme in order.
    pub agenda: Vec<AgendaItemView>,
    /// Its talks in order.
    pub talks: Vec<Ref>,
    /// Its discussion on stage.
    pub panel: Option<PanelView>,
    /// Short blocks on recent papers and news.
    pub hot_topics: Vec<HotTopicView>,
    /// Articles on what was presented at it.
    pub articles: Vec<Ref>,
    /// Decks of the meetup itself.
    pub slides: Vec<LinkView>,
    /// Recordings of the meetup as a whole.
    pub videos: Vec<LinkView>,
    /// Photo albums.
    pub photos: Vec<AlbumView>,
    /// The poster.
    pub poster: Option<LinkView>,
    /// The header image.
    pub banner: Option<LinkView>,
    /// Further files.
    pub files: Vec<LinkView>,
    /// Pages that its text refers to.
    pub links: Vec<LinkView>,
    /// People with other roles.
    pub credits: Vec<CreditView>,
    /// Announcements made at it.
    pub announcements: Vec<Ref>,
    /// Positions offered at it.
    pub jobs: Vec<Ref>,
    /// Its page on Meetup.com, or another site where one registers.
    #[schemars(extend("format" = "uri"))]
    pub meetup_url: Option<String>,
    /// A page of its own elsewhere.
    #[schemars(extend("format" = "uri"))]
    pub web_page: Option<String>,
    /// Address for registration.
    #[schemars(extend("format" = "uri"))]
    pub registration: Option<String>,
    /// Price of admission.
    pub price: Option<PriceView>,
    /// Its folder of files.
    #[serde(skip)]
    pub folder: Option<LinkView>,
    /// Remark about the next meetup.
    #[serde(skip)]
    pub next_words: Option<String>,
    /// Contradictions and irregularities of the sources.
    pub notes: Vec<String>,
    /// Names of who speaks in talks that are or were to be held, each once.
    #[serde(skip)]
    pub speakers: Vec<Ref>,
    /// The event before it.
    #[serde(skip)]
    pub previous: Option<EventId>,
    /// The event after it.
    #[serde(skip)]
    pub next: Option<EventId>,
    /// A number that grows with each change on record.
    #[serde(skip)]
    pub revision: usize,
}

/// Form of attendance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Format")]
pub enum FormatView {
    /// At the venue.
    InPerson,
    /// By video call.
    Online,
    /// At the venue or by video call.
    Hybrid,
}

impl FormatView {
    /// The word for a format other than the usual one.
    pub fn word(self) -> Option<&'static str> {
        match self {
            FormatView::InPerson => None,
            FormatView::Online => Some("Online"),
            FormatView::Hybrid => Some("Hybrid"),
        }
    }
}

/// A place under the name that an event's sources use.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "EventVenue")]
pub struct EventVenueView {
    /// The venue; absent when the name is not registered.
    #[serde(skip)]
    pub venue: Option<VenueId>,
    /// Its `id` in the list of venues.
    pub id: Option<String>,
    /// The name, as written for this event.
    pub name: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: Option<String>,
}

/// An item of a programme.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AgendaItem")]
pub struct AgendaItemView {
    /// When, as written.
    pub time: Option<String>,
    /// Title of the item or of its talk.
    pub title: String,
    /// Wording of the programme for a talk: `Talk 1`.
    pub wording: Option<String>,
    /// The talk, if it is one.
    pub talk: Option<Ref>,
    /// True if it is the panel.
    pub panel: bool,
    /// Speakers.
    pub speakers: Vec<Ref>,
    /// Status of the item, or else of its talk.
    pub status: Status,
}

/// A discussion on stage.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Panel")]
pub struct PanelView {
    /// Its title.
    pub title: String,
    /// Panelists.
    pub panelists: Vec<CreditView>,
    /// Moderator.
    pub moderator: Option<CreditView>,
}

/// A short block on recent papers and news.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HotTopic")]
pub struct HotTopicView {
    /// Title.
    pub title: String,
    /// The event.
    #[serde(skip)]
    pub event: EventRef,
    /// Presenters.
    pub presenters: Vec<Ref>,
    /// Its decks.
    pub slides: Vec<LinkView>,
    /// Articles on it.
    pub articles: Vec<Ref>,
}

/// A photo album.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Album")]
pub struct AlbumView {
    /// Address.
    #[serde(flatten)]
    pub link: LinkView,
    /// Number of photos.
    pub count: Option<u32>,
}

impl EventView {
    pub(super) fn new(archive: &Archive, id: EventId) -> Self {
        let event = &archive[id];
        let (label, headline) = (words::label(event), words::headline(archive, event));
        let link = |link: &Option<TextOr<content::Link>>, what: &str| {
            link.as_ref().map(|link| LinkView::new(archive, link, what))
        };
        Self {
            key: id,
            id: slug(&event.route).to_owned(),
            url: event.route.to_string(),
            calendar: event.date().map(|_| calendar(&event.route)),
            number: if let EventKey::Number(number) = event.key { Some(number) } else { None },
            numeral: event.key.to_string(),
            name: if headline.contains(&label) { headline.clone() } else { format!("{label}: {headline}") },
            label,
            headline,
            title: text(event.source.title.as_ref()),
            topic: text(event.source.topic.as_ref()),
            text: event.source.description().cloned(),
            status: Status::of(&event.source.status),
            changes: ChangeView::list(&event.source.changes),
            date: event.date().map(Day),
            end_date: event.end_date().map(Day),
            time: event.source.time.as_deref().copied().map(words::clock),
            end_time: event.source.end_time.as_deref().copied().map(words::clock),
            when: words::when(event),
            when_html: words::when_html(event),
            days_html: event.date().map_or_else(Html::default, |date| words::days_html(date, event.end_date())),
            clock: (event.source.time.as_deref().copied(), event.source.end_time.as_deref().copied()),
            listed_under: event.listed_under,
            format: match event.format() {
                Format::InPerson => FormatView::InPerson,
                Format::Online => FormatView::Online,
                Format::Hybrid => FormatView::Hybrid,
            },
            venues: event.venues.iter().map(|at| EventVenueView::new(archive, at)).collect(),
            place: place(archive, event),
            address: text(event.source.address.as_ref()),
            coordinates: match event.venues[..] {
                [VenueAs { venue: Some(only), .. }] => archive[only].source.coordinates,
                _ => None,
            },
            at_online_venue: event.venues.iter().filter_map(|at| at.venue).any(|venue| archive[venue].is_online()),
            topics: Ref::topics(archive, &event.tags),
            hosts: texts(&event.source.hosts),
            organisers: CreditView::list(archive, &event.organisers),
            agenda: event.agenda.iter().map(|item| AgendaItemView::new(archive, event, item)).collect(),
            talks: Ref::talks(archive, &event.talks),
            panel: event.panel.as_ref().map(|panel| PanelView {
                title: panel.title.to_string(),
                panelists: CreditView::list(archive, &panel.panelists),
                moderator: panel.moderator.as_ref().map(|credited| CreditView::new(archive, credited)),
            }),
            hot_topics: event.hot_topics.iter().map(|id| HotTopicView::new(archive, *id)).collect(),
            articles: Ref::articles(
                archive,
                &archive.article_ids().filter(|article| archive[*article].event == Some(id)).collect::<Vec<_>>(),
            ),
            slides: LinkView::list(archive, &event.source.slides, "Slides"),
            videos: LinkView::list(archive, &event.source.videos, "Recording"),
            photos: event.source.photos.iter().map(|album| AlbumView::new(archive, album)).collect(),
            poster: link(&event.source.poster, "Poster"),
            banner: link(&event.source.banner, "Banner"),
            files: LinkView::list(archive, &event.source.files, "File"),
            links: LinkView::list_as_written(archive, &event.source.links),
            credits: CreditView::list(archive, &event.credits),
            announcements: event.announcements.iter().map(|id| Ref::announcement(archive, *id)).collect(),
            jobs: event
                .jobs
                .iter()
                .map(|id| Ref::new(Target::Job(*id), &archive[*id].route, &*archive[*id].source.title))
                .collect(),
            meetup_url: text(event.source.meetup_url.as_ref()),
            web_page: text(event.source.web_page.as_ref()),
            registration: text(event.source.registration.as_ref()),
            price: event.source.price.as_deref().map(PriceView::new),
            folder: link(&event.source.folder, "Folder"),
            next_words: text(event.source.next.as_ref()),
            notes: texts(&event.source.notes),
            speakers: speakers(archive, event),
            previous: event.previous,
            next: event.next,
            revision: event.revision(),
        }
    }

    /// Hours in words: `18:30`, `18:30–21:00`.
    pub fn hours(&self) -> Option<String> {
        let from = self.time.as_ref()?;
        Some(self.end_time.as_ref().map_or_else(|| from.clone(), |to| format!("{from}–{to}")))
    }

    /// The last day.
    pub fn last_day(&self) -> Option<Day> {
        self.end_date.or(self.date)
    }

    /// Returns whether it is over on a day; an event without a date is.
    pub fn is_past(&self, day: Date) -> bool {
        self.last_day().is_none_or(|last| last.0 < day)
    }

    /// Returns whether it took place or is going to.
    pub fn takes_place(&self) -> bool {
        self.status == Status::Held
    }

    /// Returns whether one can still take part on a day.
    pub fn is_open(&self, day: Date) -> bool {
        self.takes_place() && !self.is_past(day)
    }

    /// Returns the form of attendance for a line that names the venues, one of which may say so already.
    pub fn format_beside_venues(&self) -> Option<&'static str> {
        self.format.word().filter(|_| !(self.format == FormatView::Online && self.at_online_venue))
    }

    /// Returns the address for registration and the text of its link.
    pub fn register(&self) -> Option<(String, &str)> {
        let own = self.registration.as_deref().map(|url| ("Register".to_owned(), url));
        own.or_else(|| Some((format!("Register on {}", self.announced_on()?), self.meetup_url.as_deref()?)))
    }

    /// Returns the name of the site that its page for registration is on: `Meetup.com`, or else the host.
    pub fn announced_on(&self) -> Option<&str> {
        let host = archive::host(self.meetup_url.as_deref()?)?;
        Some(if host == "meetup.com" { "Meetup.com" } else { host })
    }

    /// The heading under which it was announced, where its page does not show it already.
    pub fn kicker(&self) -> Option<&str> {
        self.title.as_deref().filter(|title| *title != self.headline)
    }

    /// Returns whether the agenda says more than the list of talks does.
    pub fn has_agenda(&self) -> bool {
        self.agenda.iter().any(|item| item.time.is_some() || item.talk.is_none() || item.wording.is_some())
    }

    /// A sentence on what, when, where and with whom, for search engines and previews.
    pub fn description(&self, group: &str) -> String {
        let mut parts = vec![group.to_owned()];
        parts.extend(self.date.map(|date| date.words()));
        parts.extend(self.venues.first().map(|venue| venue.name.clone()));
        if !self.speakers.is_empty() {
            let names: Vec<&str> = self.speakers.iter().map(|person| person.name.as_str()).collect();
            parts.push(format!("talks by {}", names.join(", ")));
        }
        format!("{}.", parts.join(", "))
    }
}

impl EventVenueView {
    fn new(archive: &Archive, at: &VenueAs) -> Self {
        let route = at.venue.map(|venue| &archive[venue].route);
        Self {
            venue: at.venue,
            id: route.map(|route| slug(route).to_owned()),
            name: at.name.to_string(),
            url: route.map(ToString::to_string),
        }
    }
}

impl AgendaItemView {
    fn new(archive: &Archive, event: &Event, item: &AgendaItem) -> Self {
        let blank = |title: String| Self {
            time: item.time.as_ref().map(|time| words::hours(time)),
            title,
            wording: None,
            talk: None,
            panel: false,
            speakers: Vec::new(),
            status: item.status.into(),
        };
        match &item.what {
            Agenda::Item { title, speakers } => {
                Self { speakers: Ref::people(archive, speakers), ..blank(words::capital(title)) }
            }
            Agenda::Talk { talk, wording } => {
                let held = &archive[*talk];
                let item = blank(held.source.title.to_string());
                let status = if item.status == Status::Held { Status::of(&held.source.status) } else { item.status };
                Self {
                    wording: text(wording.as_ref()),
                    talk: Ref::talks(archive, &[*talk]).pop(),
                    speakers: Ref::people(archive, &held.speakers),
                    status,
                    ..item
                }
            }
            Agenda::Panel => {
                let title = event.panel.as_ref().map_or_else(String::new, |panel| panel.title.to_string());
                Self { panel: true, ..blank(title) }
            }
        }
    }
}

impl HotTopicView {
    pub(super) fn new(archive: &Archive, id: HotTopicId) -> Self {
        let topic = &archive[id];
        Self {
            title: topic.source.title.to_string(),
            event: EventRef::new(archive, topic.event),
            presenters: Ref::people(archive, &topic.presenters),
            slides: LinkView::list(archive, &topic.source.slides, "Slides"),
            articles: Ref::articles(archive, &topic.articles),
        }
    }
}

impl AlbumView {
    fn new(archive: &Archive, album: &content::Photos) -> Self {
        Self { link: LinkView::new(archive, &album.link, "Photo album"), count: album.count }
    }

    /// The number of photos and where they are: `32 photos, Flickr`.
    pub fn kind(&self) -> String {
        let count = self.count.map(|count| format!("{}, ", words::count(count as usize, "photo"))).unwrap_or_default();
        format!("{count}{}", self.link.kind)
    }
}

/// The places of an event, with its address or theirs.
fn place(archive: &Archive, event: &Event) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for at in &event.venues {
        let venue = at.venue.filter(|_| event.source.address.is_none()).map(|venue| &archive[venue]);
        let address = venue.and_then(|venue| venue.source.address.as_ref());
        parts.push(address.map_or_else(|| at.name.to_string(), |address| format!("{}, {address}", at.name)));
    }
    parts.extend(text(event.source.address.as_ref()));
    match (parts.is_empty(), event.format()) {
        (false, _) => Some(parts.join("; ")),
        (true, Format::Online) => Some("Online".to_owned()),
        (true, _) => None,
    }
}

fn speakers(archive: &Archive, event: &Event) -> Vec<Ref> {
    let held =
        event.talks.iter().map(|id| &archive[*id]).filter(|talk| Status::of(&talk.source.status) == Status::Held);
    let mut people = Vec::new();
    for person in held.flat_map(|talk| &talk.speakers) {
        if !people.contains(person) {
            people.push(*person);
        }
    }
    Ref::people(archive, &people)
}
