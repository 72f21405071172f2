//! The validated snapshot: everything the site knows, with every reference resolved.

//!
//! Each entry holds its source, that is what its file says, and beside it what the source's names stand for.

use std::sync::Arc;

use jiff::civil::Date;

use super::route::Route;
use crate::content::{self, EventKey, Status, When};

/// Makes an index into one of the archive's lists a type of its own, so that a talk's number cannot be used for a
/// person.
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
    /// `site.yaml`.
    pub source: content::Site,
    /// Organisers.
    pub organisers: Vec<Organiser>,
    /// People and institutions that helped to run single events.
    pub co_organisers: Vec<CoOrganiser>,
}

/// Somebody who runs the group.
#[derive(Debug, Clone)]
pub struct Organiser {
    /// Content of the file.
    pub source: content::Organiser,
    /// The person.
    pub person: PersonId,
}

/// A co-organiser of one event: a person of the archive, or an institution.
#[derive(Debug, Clone)]
pub struct CoOrganiser {
    /// Content of the file.
    pub source: content::CoOrganiser,
    /// The person, if it is one.
    pub person: Option<PersonId>,
    /// The event.
    pub event: Option<EventId>,
}

/// An event.
#[derive(Debug, Clone)]
pub struct Event {
    /// Content of the file.
    pub source: content::Meetup,
    /// Number or code.
    pub key: EventKey,
    /// Its page.
    pub route: Route,
    /// The year under which lists show it: its own, or that of the event before it when its day is not known.
    pub listed_under: Option<i16>,
    /// The venues under the names that the file uses.
    pub venues: Vec<VenueAs>,
    /// Its own topics and those of its talks, by name.
    pub tags: Vec<TopicId>,
    /// Organisers of this event, where a source names them.
    pub organisers: Vec<Credited>,
    /// The programme in order.
    pub agenda: Vec<AgendaItem>,
    /// The talks in order.
    pub talks: Vec<TalkId>,
    /// The panel.
    pub panel: Option<Panel>,
    /// The hot topics in order.
    pub hot_topics: Vec<HotTopicId>,
    /// People with other roles.
    pub credits: Vec<Credited>,
    /// Announcements made at it.
    pub announcements: Vec<AnnouncementId>,
    /// Positions offered at it.
    pub jobs: Vec<JobId>,
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
    /// Panelists.
    pub panelists: Vec<Credited>,
    /// Moderator.
    pub moderator: Option<Credited>,
}

/// An item of an agenda.
#[derive(Debug, Clone)]
pub struct AgendaItem {
    /// When, as written.
    pub time: Option<Arc<str>>,
    /// What.
    pub what: Agenda,
    /// Status: held, cancelled or postponed.
    pub status: Status,
}

/// Kind of an agenda item.
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
    /// Its entry in the file of its event.
    pub source: content::Talk,
    /// Its page.
    pub route: Route,
    /// The event it belongs to.
    pub event: EventId,
    /// Speakers, in order.
    pub speakers: Vec<PersonId>,
    /// Its topics.
    pub tags: Vec<TopicId>,
}

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Entry in `people.yaml`; only the name of a person who has none.
    pub source: content::Person,
    /// Their page.
    pub route: Route,
    /// Institutions over time.
    pub affiliations: Vec<Affiliation>,
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
    /// True if the person runs the group.
    pub organiser: bool,
}

/// An affiliation with its source.
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
    /// Entry in `venues.yaml`.
    pub source: content::Venue,
    /// Its page.
    pub route: Route,
    /// Events there, oldest first.
    pub events: Vec<EventId>,
}

/// A topic.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Entry in `topics.yaml`.
    pub source: content::Topic,
    /// Its page.
    pub route: Route,
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
    /// Its entry in the file of the event.
    pub source: content::HotTopic,
    /// The event.
    pub event: EventId,
    /// Presenters.
    pub presenters: Vec<PersonId>,
    /// Articles on what was presented.
    pub articles: Vec<ArticleId>,
}

/// An article on a hot topic.
#[derive(Debug, Clone)]
pub struct Article {
    /// Content of the file.
    pub source: content::Article,
    /// Its page.
    pub route: Route,
    /// Meetup at which it was presented.
    pub event: Option<EventId>,
    /// Presenters.
    pub presenters: Vec<PersonId>,
    /// Its topics.
    pub tags: Vec<TopicId>,
    /// Hot topics of events that name it, at its own event or a later one, oldest first.
    pub entries: Vec<HotTopicId>,
}

/// A job offer.
#[derive(Debug, Clone)]
pub struct Job {
    /// Content of the file.
    pub source: content::Job,
    /// Its page.
    pub route: Route,
    /// Last day on which it counts as open: the one that the file gives, or else by the site's rule.
    pub closes: Date,
    /// The event at which it was announced.
    pub event: Option<EventId>,
}

/// Something that was announced.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// Content of the file.
    pub source: content::Announcement,
    /// Its page.
    pub route: Route,
    /// The announcement that it is part of.
    pub part_of: Option<AnnouncementId>,
    /// Announcements that are part of it.
    pub parts: Vec<AnnouncementId>,
    /// The meetup at which it was announced.
    pub event: Option<EventId>,
    /// For each item of its programme, those of the speakers who are people of the archive.
    pub speakers: Vec<Vec<Option<PersonId>>>,
}

/// A page of prose.
#[derive(Debug, Clone)]
pub struct Page {
    /// Content of the file.
    pub source: content::Page,
    /// Its page.
    pub route: Route,
}
