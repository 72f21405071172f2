//! Everything that anybody may say about a thing of the archive: one struct for each kind, in words and addresses,
//! ready to print.
//!
//! Pages, the JSON API, calendars, feeds, JSON-LD, previews and the search read nothing else, so names, dates and
//! places are the same in all of them. The structs are the JSON API: their doc comments are the descriptions of its
//! schema, and a field that is skipped there is for pages only. Addresses are paths from the root of the site. Views do
//! not depend on the day; what does is a method that takes one.

mod announcement;
mod article;
mod event;
mod job;
mod page;
mod parts;
mod person;
mod site;
mod talk;
mod topic;
mod venue;
pub mod words;

use std::collections::HashMap;
use std::ops::Index;

use crate::archive::{
    AnnouncementId, Archive, ArticleId, EventId, HotTopicId, JobId, PageId, PersonId, TalkId, Target, TopicId, VenueId,
};

pub use announcement::{AnnouncementView, SlotView, SpeakerView};
pub use article::{ArticleView, PaperView};
pub use event::{AgendaItemView, AlbumView, EventVenueView, EventView, FormatView, HotTopicView, PanelView};
pub use job::{ContactView, JobView};
pub use page::PageView;
pub use parts::{ChangeView, CreditView, Day, EventRef, LinkView, PriceView, Ref, Status};
pub use person::{AffiliationView, OrganiserView, PersonView};
pub use site::{CoOrganiserView, SiteView};
pub use talk::TalkView;
pub use topic::TopicView;
pub use venue::VenueView;

/// The views of an archive, in the order of its lists.
#[derive(Debug)]
pub struct Views {
    /// Returns the target of a path, if it is the page of something.
    targets: HashMap<String, Target>,
    /// The group and its site.
    pub site: SiteView,
    /// Events, oldest first.
    pub events: Vec<EventView>,
    /// Talks in the order of their events.
    pub talks: Vec<TalkView>,
    /// Hot topics in the order of their events.
    pub hot_topics: Vec<HotTopicView>,
    /// People in the order of the archive.
    pub people: Vec<PersonView>,
    /// Venues in the order of the archive.
    pub venues: Vec<VenueView>,
    /// Topics in the order of the archive.
    pub topics: Vec<TopicView>,
    /// Articles, newest first.
    pub articles: Vec<ArticleView>,
    /// Job offers, newest first.
    pub jobs: Vec<JobView>,
    /// Announcements, newest first.
    pub announcements: Vec<AnnouncementView>,
    /// Pages of prose.
    pub pages: Vec<PageView>,
}

impl Views {
    /// Makes the views of an archive.
    pub fn new(archive: &Archive) -> Self {
        Self {
            targets: archive.targets().map(|(route, target)| (route.to_string(), target)).collect(),
            site: SiteView::new(archive),
            events: archive.event_ids().map(|id| EventView::new(archive, id)).collect(),
            talks: archive.talk_ids().map(|id| TalkView::new(archive, id)).collect(),
            hot_topics: archive.hot_topic_ids().map(|id| HotTopicView::new(archive, id)).collect(),
            people: archive.person_ids().map(|id| PersonView::new(archive, id)).collect(),
            venues: archive.venue_ids().map(|id| VenueView::new(archive, id)).collect(),
            topics: archive.topic_ids().map(|id| TopicView::new(archive, id)).collect(),
            articles: archive.article_ids().map(|id| ArticleView::new(archive, id)).collect(),
            jobs: archive.job_ids().map(|id| JobView::new(archive, id)).collect(),
            announcements: archive.announcement_ids().map(|id| AnnouncementView::new(archive, id)).collect(),
            pages: archive.page_ids().map(|id| PageView::new(archive, id)).collect(),
        }
    }
}

/// Finds views by ids, and by references to them, passing over references to other kinds.
macro_rules! lookup {
    ($($id:ident, $target:ident => $list:ident: $view:ident, $many:ident;)*) => {$(
        impl Index<$id> for Views {
            type Output = $view;

            fn index(&self, id: $id) -> &$view {
                &self.$list[id.index()]
            }
        }

        impl Views {
            #[doc = concat!("The views that references lead to, as far as they are `", stringify!($view), "`s.")]
            pub fn $many<'v>(&'v self, refs: &[Ref]) -> Vec<&'v $view> {
                let view = |to: &Ref| if let Target::$target(id) = to.target { Some(&self[id]) } else { None };
                refs.iter().filter_map(view).collect()
            }
        }
    )*};
}

lookup! {
    EventId, Event => events: EventView, events_of;
    TalkId, Talk => talks: TalkView, talks_of;
    PersonId, Person => people: PersonView, people_of;
    TopicId, Topic => topics: TopicView, topics_of;
    ArticleId, Article => articles: ArticleView, articles_of;
    JobId, Job => jobs: JobView, jobs_of;
    AnnouncementId, Announcement => announcements: AnnouncementView, announcements_of;
    PageId, Page => pages: PageView, pages_of;
}

impl Views {
    /// Returns what has its page at a path.
    pub fn at(&self, path: &str) -> Option<Target> {
        self.targets.get(path).copied()
    }

    /// Returns whether a path is that of a calendar, a feed or the page of data, which texts may link to.
    pub fn is_data(&self, path: &str) -> bool {
        let fixed = ["/api/", "/feed.xml", "/hot-topics/feed.xml", "/jobs/feed.xml"].contains(&path)
            || path == "/meetups.ics" && self.events.iter().any(|event| event.calendar.is_some())
            || path == "/events.ics" && self.announcements.iter().any(|item| item.calendar.is_some());
        let page = path.strip_suffix(".ics").map(|page| format!("{page}/"));
        let page = page.or_else(|| path.strip_suffix("feed.xml").map(str::to_owned));
        fixed || page.and_then(|page| self.at(&page)).is_some_and(|target| self.data_of(target).contains(&Some(path)))
    }

    /// The addresses of the calendar and the feed of something.
    fn data_of(&self, target: Target) -> [Option<&str>; 2] {
        match target {
            Target::Event(id) => [self[id].calendar.as_deref(), None],
            Target::Announcement(id) => [self[id].calendar.as_deref(), None],
            Target::Venue(id) => [self[id].calendar.as_deref(), None],
            Target::Person(id) => [self[id].calendar.as_deref(), self[id].feed.as_deref()],
            Target::Topic(id) => [None, self[id].feed.as_deref()],
            Target::Talk(_) | Target::Article(_) | Target::Job(_) | Target::Page(_) => [None, None],
        }
    }

    /// The event of a talk.
    pub fn event_of(&self, talk: &TalkView) -> &EventView {
        &self[talk.event.key]
    }

    /// The venues of an event that are registered.
    pub fn venues_of<'v>(&'v self, event: &'v EventView) -> impl Iterator<Item = &'v VenueView> {
        event.venues.iter().filter_map(|at| Some(&self[at.venue?]))
    }
}

impl Index<VenueId> for Views {
    type Output = VenueView;

    fn index(&self, id: VenueId) -> &VenueView {
        &self.venues[id.index()]
    }
}

impl Index<HotTopicId> for Views {
    type Output = HotTopicView;

    fn index(&self, id: HotTopicId) -> &HotTopicView {
        &self.hot_topics[id.index()]
    }
}
