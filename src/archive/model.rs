//! The validated snapshot: everything the site knows, with every reference resolved.

use jiff::civil::{Date, Time};

use super::link::{Album, Link};
use super::route::Route;
use crate::content::{
    AnnouncementKind, BaseUrl, Body, Change, Coordinates, EventKey, Format, Paper, Price, Slot, Status, TalkKind, When,
};
use std::sync::Arc;

/// Makes an index into one of the archive's lists a type of its own, so that a talk's number cannot be used for a person.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $field:ident: $of:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(super) usize);

        impl $name {
            /// Its place in its list.
            pub(crate) fn index(self) -> usize {
                self.0
            }
        }

        impl std::ops::Index<$name> for super::Archive {
            type Output = $of;
            fn index(&self, id: $name) -> &$of {
                &self.$field[id.0]
            }
        }
    )*};
}

ids! {
    /// An event of this archive.
    EventId => events: Event;
    /// A talk of this archive.
    TalkId => talks: Talk;
    /// An entry in the hot topics of an event.
    HotTopicId => hot_topics: HotTopic;
    /// A person of this archive.
    PersonId => people: Person;
    /// A venue of this archive.
    VenueId => venues: Venue;
    /// A topic of this archive.
    TopicId => topics: Topic;
    /// An article of this archive.
    ArticleId => articles: Article;
    /// A job offer of this archive.
    JobId => jobs: Job;
    /// An announcement of this archive.
    AnnouncementId => announcements: Announcement;
    /// A page of prose of this archive.
    PageId => pages: Page;
}

/// The site as a whole.
#[derive(Debug, Clone)]
pub struct Site {
    /// What ids in calendars and feeds are made of. It never changes.
    pub id: Arc<str>,
    /// The group's name.
    pub name: Arc<str>,
    /// Its abbreviation.
    pub short_name: Arc<str>,
    /// Its tag elsewhere, with `#`.
    pub hashtag: Option<Arc<str>>,
    /// Where it meets.
    pub city: Option<Arc<str>>,
    /// BCP 47 tag of the pages' language.
    pub language: Arc<str>,
    /// IANA name of the time zone in which days begin.
    pub time_zone: Arc<str>,
    /// Day of the first event.
    pub first_meetup: Option<Date>,
    /// What it is, in a sentence.
    pub description: Arc<str>,
    /// Mail address of the organisers.
    pub contact: Option<Arc<str>>,
    /// Mail address for hot topics.
    pub hot_topics_contact: Option<Arc<str>>,
    /// Address of the home page, where `site.yaml` says it.
    pub base_url: Option<BaseUrl>,
    /// Files with the logo.
    pub logo: Vec<Link>,
    /// Where else the group is found.
    pub links: Vec<Link>,
    /// Who runs it.
    pub organisers: Vec<Organiser>,
    /// Who helped to run single events.
    pub co_organisers: Vec<CoOrganiser>,
}

/// Somebody who runs the group.
#[derive(Debug, Clone)]
pub struct Organiser {
    /// The person.
    pub person: PersonId,
    /// The role as the sources call it.
    pub role: Option<Arc<str>>,
    /// Address of a portrait elsewhere.
    pub photo: Option<Arc<str>>,
    /// Versions of the overview that name the person as a host, by the last event each lists.
    pub hosts_table: Option<Arc<str>>,
    /// First and last event whose text the person signed.
    pub signs: Option<Arc<str>>,
}

/// Who ran one event together with the organisers: a person of the archive, or an institution.
#[derive(Debug, Clone)]
pub struct CoOrganiser {
    /// The name.
    pub name: Arc<str>,
    /// The person, when it is one.
    pub person: Option<PersonId>,
    /// The person's institution.
    pub affiliation: Option<Arc<str>>,
    /// The event.
    pub event: Option<EventId>,
    /// What else is known.
    pub note: Option<Arc<str>>,
}

/// An event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Number or code.
    pub key: EventKey,
    /// Its page.
    pub route: Route,
    /// The heading under which it was announced, where one is known.
    pub title: Option<Arc<str>>,
    /// The day, or the first of several; absent when no source gives it.
    pub date: Option<Date>,
    /// The last of several days.
    pub end_date: Option<Date>,
    /// The year under which lists show it: its own, or that of the event before it when its day is not known.
    pub listed_under: Option<i16>,
    /// When the programme begins.
    pub time: Option<Time>,
    /// When it ends, on its last day.
    pub end_time: Option<Time>,
    /// Whether it takes place.
    pub status: Status,
    /// What was changed after it had been announced, oldest first.
    pub changes: Vec<Change>,
    /// How one could take part.
    pub format: Format,
    /// The venues with the spelling of this event's sources.
    pub venues: Vec<VenueAs>,
    /// Address or room, as given for this event.
    pub address: Option<Arc<str>>,
    /// The subject in a line.
    pub topic: Option<Arc<str>>,
    /// Its own topics and those of its talks, by name.
    pub tags: Vec<TopicId>,
    /// Page on meetup.com.
    pub meetup_url: Option<Arc<str>>,
    /// A page of its own elsewhere.
    pub web_page: Option<Arc<str>>,
    /// Where one registers.
    pub registration: Option<Arc<str>>,
    /// What it costs to take part.
    pub price: Option<Price>,
    /// Folder of the files repository.
    pub folder: Option<Link>,
    /// Hosts and sponsors, as written.
    pub hosts: Vec<Arc<str>>,
    /// Who organised, where a source says it for this event.
    pub organisers: Vec<Credited>,
    /// The evening in order.
    pub agenda: Vec<AgendaItem>,
    /// The talks in order.
    pub talks: Vec<TalkId>,
    /// The panel.
    pub panel: Option<Panel>,
    /// The hot topics in order.
    pub hot_topics: Vec<HotTopicId>,
    /// Decks of the event itself.
    pub slides: Vec<Link>,
    /// Recordings of the event as a whole.
    pub videos: Vec<Link>,
    /// Photo albums.
    pub photos: Vec<Album>,
    /// Poster.
    pub poster: Option<Link>,
    /// Header image.
    pub banner: Option<Link>,
    /// Further files.
    pub files: Vec<Link>,
    /// Pages its text refers to.
    pub links: Vec<Link>,
    /// People with other roles.
    pub credits: Vec<Credited>,
    /// What was announced at it.
    pub announcements: Vec<AnnouncementId>,
    /// Positions offered at it.
    pub jobs: Vec<JobId>,
    /// What was said of the next event.
    pub next_words: Option<Arc<str>>,
    /// Contradictions and irregularities of the sources.
    pub notes: Vec<Arc<str>>,
    /// The event before it, in the order of the archive.
    pub previous: Option<EventId>,
    /// The event after it.
    pub next: Option<EventId>,
}

/// A venue under the name that an event's sources use.
#[derive(Debug, Clone)]
pub struct VenueAs {
    /// The venue; absent when the name is not registered.
    pub venue: Option<VenueId>,
    /// The name as written.
    pub name: Arc<str>,
}

/// A person in a role at an event.
#[derive(Debug, Clone)]
pub struct Credited {
    /// The person.
    pub person: PersonId,
    /// The role, where the list does not say it already.
    pub role: Option<Arc<str>>,
    /// The institution, as written.
    pub affiliation: Option<Arc<str>>,
}

/// A discussion on the stage.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Its title.
    pub title: Arc<str>,
    /// Who discussed.
    pub panelists: Vec<Credited>,
    /// Who led it.
    pub moderator: Option<Credited>,
}

/// An item of an agenda.
#[derive(Debug, Clone)]
pub struct AgendaItem {
    /// When, as written.
    pub time: Option<Arc<str>>,
    /// What.
    pub what: Agenda,
    /// Whether it took place.
    pub status: Status,
}

/// What an agenda item is.
#[derive(Debug, Clone)]
pub enum Agenda {
    /// Something that only the agenda names.
    Item {
        /// What.
        title: Arc<str>,
        /// Who.
        speakers: Vec<PersonId>,
    },
    /// A talk, and the agenda's own wording for it.
    Talk {
        /// The talk.
        talk: TalkId,
        /// `Talk 1`, or another title.
        wording: Option<Arc<str>>,
    },
    /// The panel of the event.
    Panel,
}

/// A talk.
#[derive(Debug, Clone)]
pub struct Talk {
    /// Its page.
    pub route: Route,
    /// Its title.
    pub title: Arc<str>,
    /// The event it belongs to.
    pub event: EventId,
    /// Who speaks, in order.
    pub speakers: Vec<PersonId>,
    /// Institution at the time, as written.
    pub affiliation: Option<Arc<str>>,
    /// What kind of talk, when it is no ordinary one.
    pub kind: Option<TalkKind>,
    /// Whether it took place.
    pub status: Status,
    /// Its topics.
    pub tags: Vec<TopicId>,
    /// Its decks.
    pub slides: Vec<Link>,
    /// Its recordings.
    pub videos: Vec<Link>,
    /// The title another list gives it.
    pub listed_as: Option<Arc<str>>,
    /// What else is to be known.
    pub note: Option<Arc<str>>,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their page.
    pub route: Route,
    /// The name.
    pub name: Arc<str>,
    /// Other spellings.
    pub aliases: Vec<Arc<str>>,
    /// Institutions over time.
    pub affiliations: Vec<Affiliation>,
    /// Pages about the person.
    pub links: Vec<Link>,
    /// What else is to be known.
    pub note: Option<Arc<str>>,
    /// Talks, oldest first.
    pub talks: Vec<TalkId>,
    /// Panels: the event, and whether as moderator.
    pub panels: Vec<(EventId, bool)>,
    /// Hot topics presented, oldest first.
    pub hot_topics: Vec<HotTopicId>,
    /// Articles on what the person presented.
    pub articles: Vec<ArticleId>,
    /// Other roles at events, oldest first; none is that of an organiser.
    pub credits: Vec<(EventId, Option<Arc<str>>)>,
    /// Whether the person runs the group.
    pub organiser: bool,
}

/// Where a person worked, and by what that is known.
#[derive(Debug, Clone)]
pub struct Affiliation {
    /// The institution, with the role there where a source gives it.
    pub name: Arc<str>,
    /// Years or sources, where they are given otherwise than by events.
    pub when: Option<When>,
    /// Events at which it was given.
    pub events: Vec<EventId>,
}

/// A venue.
#[derive(Debug, Clone)]
pub struct Venue {
    /// Its page.
    pub route: Route,
    /// Its name.
    pub name: Arc<str>,
    /// Other spellings.
    pub aliases: Vec<Arc<str>>,
    /// Street and city, as far as known.
    pub address: Option<Arc<str>>,
    /// Where that is on the earth.
    pub coordinates: Option<Coordinates>,
    /// Whether it is no place but a video call.
    pub online: bool,
    /// What else is to be known.
    pub note: Option<Arc<str>>,
    /// Events there, oldest first.
    pub events: Vec<EventId>,
}

/// A topic.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Its page.
    pub route: Route,
    /// Its name.
    pub name: Arc<str>,
    /// What it is, in a sentence.
    pub about: Option<Arc<str>>,
    /// Events, oldest first.
    pub events: Vec<EventId>,
    /// Talks, oldest first.
    pub talks: Vec<TalkId>,
    /// Articles.
    pub articles: Vec<ArticleId>,
}

/// An entry in the hot topics of an event.
#[derive(Debug, Clone)]
pub struct HotTopic {
    /// What it was about, as the sources title it.
    pub title: Arc<str>,
    /// The event.
    pub event: EventId,
    /// Who presented it.
    pub presenters: Vec<PersonId>,
    /// Its decks.
    pub slides: Vec<Link>,
    /// Articles on what was presented.
    pub articles: Vec<ArticleId>,
}

/// An article on a hot topic.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its page.
    pub route: Route,
    /// Its title.
    pub title: Arc<str>,
    /// What it tells, in a sentence.
    pub summary: Option<Arc<str>>,
    /// When it was presented.
    pub date: Option<Date>,
    /// Where it was presented.
    pub event: Option<EventId>,
    /// Who presented it.
    pub presenters: Vec<PersonId>,
    /// Its topics.
    pub tags: Vec<TopicId>,
    /// What it is about.
    pub papers: Vec<Paper>,
    /// Where in the hot topics of the events it stands, of its own evening or of a later one, oldest first.
    pub entries: Vec<HotTopicId>,
    /// The text.
    pub body: Body,
}

/// A job offer.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its page.
    pub route: Route,
    /// The offer as its file tells it.
    pub offer: crate::content::Job,
    /// Last day on which it counts as open.
    pub closes: Date,
    /// Whether a source gave that day; otherwise it follows from the site's rule.
    pub closes_by_rule: bool,
    /// The event at which it was announced.
    pub event: Option<EventId>,
}

/// Something that was announced.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Its page.
    pub route: Route,
    /// What it is called.
    pub title: Arc<str>,
    /// What it is.
    pub kind: AnnouncementKind,
    /// First day.
    pub date: Option<Date>,
    /// Last day, when there are several.
    pub end_date: Option<Date>,
    /// Hours, as written.
    pub time: Option<Arc<str>>,
    /// Whether it takes place.
    pub status: Status,
    /// What was changed after it had been announced, oldest first.
    pub changes: Vec<Change>,
    /// The place's name.
    pub place: Option<Arc<str>>,
    /// Street and city.
    pub address: Option<Arc<str>>,
    /// Who runs it.
    pub host: Option<Arc<str>>,
    /// Its page elsewhere.
    pub url: Option<Arc<str>>,
    /// Where one registers.
    pub registration: Option<Arc<str>>,
    /// What it costs to take part.
    pub price: Option<Price>,
    /// What it belongs to.
    pub part_of: Option<AnnouncementId>,
    /// What belongs to it.
    pub parts: Vec<AnnouncementId>,
    /// The meetup at which it was announced.
    pub event: Option<EventId>,
    /// What happens when; each item with those of its speakers who are people of the archive.
    pub programme: Vec<(Slot, Vec<Option<PersonId>>)>,
    /// The text.
    pub body: Body,
}

/// A page of prose.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its page.
    pub route: Route,
    /// Heading and title.
    pub title: Arc<str>,
    /// One sentence for search engines.
    pub summary: Option<Arc<str>>,
    /// The text.
    pub body: Body,
}
