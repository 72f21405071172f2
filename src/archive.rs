//! From sources to the validated archive: every name looked up, every reference resolved, every address known.
//!
//! There is no I/O and no clock: the same sources give the same archive, and the day is an argument of everything that
//! depends on it.

mod assemble;
mod broken;
mod calendar;
mod events;
mod index;
mod link;
mod lint;
mod model;
mod names;
mod prose;
mod revision;
mod route;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::content::Body;

pub use calendar::Change;
pub use link::{Link, Medium, host};
pub use model::*;
pub use route::Route;
pub(crate) use route::file_slug;

/// Everything the site knows. Lists are in their natural order: events, talks and hot topics oldest first, people,
/// venues and topics in the order of their files, jobs and announcements newest first.
#[derive(Debug, Clone)]
pub struct Archive {
    /// The site itself.
    pub site: Site,
    /// Events, oldest first.
    pub events: Vec<Event>,
    /// Talks in the order of their events.
    pub talks: Vec<Talk>,
    /// People in the order of `people.yaml`, then those whom only an event names.
    pub people: Vec<Person>,
    /// Venues in the order of `venues.yaml`.
    pub venues: Vec<Venue>,
    /// Topics in the order of `topics.yaml`.
    pub topics: Vec<Topic>,
    /// Hot topics in the order of their events.
    pub hot_topics: Vec<HotTopic>,
    /// Articles, newest first; those of one evening in the order in which it names them.
    pub articles: Vec<Article>,
    /// Job offers, newest first.
    pub jobs: Vec<Job>,
    /// Announcements, newest first.
    pub announcements: Vec<Announcement>,
    /// Pages of prose.
    pub pages: Vec<Page>,
    /// Names of the files kept beside the content, which `/files/` serves.
    pub files: BTreeSet<String>,
    /// Names of the files that are not used as they are.
    broken: BTreeSet<String>,
    routes: HashMap<Route, Target>,
    redirects: BTreeMap<String, Route>,
}

/// Something that has a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An event.
    Event(EventId),
    /// A talk.
    Talk(TalkId),
    /// A person.
    Person(PersonId),
    /// A venue.
    Venue(VenueId),
    /// A topic.
    Topic(TopicId),
    /// An article.
    Article(ArticleId),
    /// A job offer.
    Job(JobId),
    /// An announcement.
    Announcement(AnnouncementId),
    /// A page of prose.
    Page(PageId),
}

/// Gives the ids of one list in its order.
macro_rules! id_lists {
    ($($(#[$doc:meta])* $name:ident: $field:ident => $id:ident;)*) => {
        impl Archive {$(
            $(#[$doc])*
            pub fn $name(&self) -> impl DoubleEndedIterator<Item = $id> + ExactSizeIterator + use<> {
                (0..self.$field.len()).map($id)
            }
        )*}
    };
}

id_lists! {
    /// Events, oldest first.
    event_ids: events => EventId;
    /// Talks, oldest first.
    talk_ids: talks => TalkId;
    /// Hot topics, oldest first.
    hot_topic_ids: hot_topics => HotTopicId;
    /// People in the order of the list.
    person_ids: people => PersonId;
    /// Venues in the order of the list.
    venue_ids: venues => VenueId;
    /// Topics in the order of the list.
    topic_ids: topics => TopicId;
    /// Articles in the order of the list.
    article_ids: articles => ArticleId;
    /// Job offers, newest first.
    job_ids: jobs => JobId;
    /// Announcements, newest first.
    announcement_ids: announcements => AnnouncementId;
    /// Pages of prose in the order of their files.
    page_ids: pages => PageId;
}

impl Archive {
    /// The registered venues of an event.
    pub fn venues_of<'a>(&'a self, event: &'a Event) -> impl Iterator<Item = &'a Venue> {
        event.venues.iter().filter_map(|at| at.venue).map(|venue| &self[venue])
    }

    /// All Markdown of the site.
    pub fn bodies(&self) -> impl Iterator<Item = &Body> {
        let events = self.events.iter().filter_map(|event| event.source.description());
        let talks = self.talks.iter().filter_map(|talk| talk.source.summary.as_ref());
        let people = self.people.iter().filter_map(|person| person.source.bio.as_ref());
        let venues = self.venues.iter().filter_map(|venue| venue.source.description.as_ref());
        let of_keys = events.chain(talks).chain(people).chain(venues);
        let articles = self.articles.iter().map(|article| &article.source.body);
        let jobs = self.jobs.iter().map(|job| &job.source.body);
        let announcements = self.announcements.iter().map(|announcement| &announcement.source.body);
        let pages = self.pages.iter().map(|page| &page.source.body);
        of_keys.chain(articles).chain(jobs).chain(announcements).chain(pages)
    }

    /// Returns whether a path is the page of something in the archive. Lists and the home page are not.
    pub fn route_exists(&self, path: &str) -> bool {
        self.routes.contains_key(path)
    }

    /// Returns what has its page at a path.
    pub fn at(&self, path: &str) -> Option<Target> {
        self.routes.get(path).copied()
    }

    /// Everything that has a page, list by list, with its route.
    pub fn targets(&self) -> impl Iterator<Item = (&Route, Target)> {
        let events = self.event_ids().map(|id| (&self[id].route, Target::Event(id)));
        let articles = self.article_ids().map(|id| (&self[id].route, Target::Article(id)));
        let talks = self.talk_ids().map(|id| (&self[id].route, Target::Talk(id)));
        let people = self.person_ids().map(|id| (&self[id].route, Target::Person(id)));
        let venues = self.venue_ids().map(|id| (&self[id].route, Target::Venue(id)));
        let topics = self.topic_ids().map(|id| (&self[id].route, Target::Topic(id)));
        let jobs = self.job_ids().map(|id| (&self[id].route, Target::Job(id)));
        let announcements = self.announcement_ids().map(|id| (&self[id].route, Target::Announcement(id)));
        let pages = self.page_ids().map(|id| (&self[id].route, Target::Page(id)));
        events
            .chain(articles)
            .chain(talks)
            .chain(people)
            .chain(venues)
            .chain(topics)
            .chain(jobs)
            .chain(announcements)
            .chain(pages)
    }

    /// Returns the page that an alternative path leads to: an alias of a person or venue, another case, an event's
    /// number with leading zeros.
    pub fn redirect(&self, path: &str) -> Option<&Route> {
        let path = path.to_lowercase();
        let path = format!("/{}/", path.trim_matches('/'));
        self.routes.get_key_value(path.as_str()).map(|(route, _)| route).or_else(|| self.redirects.get(&path))
    }

    /// Alternative paths in their order: `/people/tom-lidy/` for `/people/thomas-lidy/`.
    pub fn aliases(&self) -> impl Iterator<Item = &str> {
        self.redirects.keys().map(String::as_str)
    }
}
