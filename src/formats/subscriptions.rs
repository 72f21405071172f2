//! Calendars and feeds that pages link to.

use super::calendar::Calendar;
use super::feed::Feed;
use crate::views::{AnnouncementView, EventView, PersonView, TopicView, VenueView, Views};

/// A link to a calendar or feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FeedLink {
    pub(crate) medium: Medium,
    pub(crate) path: String,
    /// Title: `Calendar of all meetups`.
    pub(crate) title: String,
}

/// The format of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    /// iCalendar.
    Calendar,
    /// Atom.
    Feed,
}

impl Medium {
    /// The media type, for the attribute `type` of a link.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Medium::Calendar => "text/calendar",
            Medium::Feed => "application/atom+xml",
        }
    }

    /// The name of the format.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Medium::Calendar => "iCalendar",
            Medium::Feed => "Atom",
        }
    }
}

impl FeedLink {
    fn calendar(path: impl Into<String>, title: impl Into<String>) -> Self {
        Self { medium: Medium::Calendar, path: path.into(), title: title.into() }
    }

    fn feed(path: impl Into<String>, title: impl Into<String>) -> Self {
        Self { medium: Medium::Feed, path: path.into(), title: title.into() }
    }
}

/// The calendar of all meetups, if one has a date.
pub(crate) fn meetups(views: &Views) -> Option<FeedLink> {
    Some(FeedLink::calendar(Calendar::Meetups.path(views)?, "Calendar of all meetups"))
}

/// The calendar of announced events, if one has a date.
pub(crate) fn announcements(views: &Views) -> Option<FeedLink> {
    Some(FeedLink::calendar(Calendar::Announcements.path(views)?, "Calendar of announced events"))
}

/// The feed of everything new.
pub(crate) fn everything() -> FeedLink {
    FeedLink::feed("/feed.xml", "Feed of everything new")
}

/// The feed of articles.
pub(crate) fn hot_topics() -> FeedLink {
    FeedLink::feed("/hot-topics/feed.xml", "Feed of articles")
}

/// The feed of open jobs.
pub(crate) fn jobs() -> FeedLink {
    FeedLink::feed("/jobs/feed.xml", "Feed of open jobs")
}

/// Links for the whole site.
pub(crate) fn of_site(views: &Views) -> Vec<FeedLink> {
    meetups(views).into_iter().chain(announcements(views)).chain([everything()]).collect()
}

/// Links for all lists of the site.
pub(crate) fn of_lists(views: &Views) -> Vec<FeedLink> {
    of_site(views).into_iter().chain([hot_topics(), jobs()]).collect()
}

/// Links for the page of a person.
pub(crate) fn of_person(views: &Views, person: &PersonView) -> Vec<FeedLink> {
    let calendar = |path| FeedLink::calendar(path, format!("Calendar of the meetups with {}", person.name));
    let feed = |path| FeedLink::feed(path, format!("Feed of {}", person.name));
    let calendar = Calendar::Person(person.key).path(views).map(calendar);
    calendar.into_iter().chain(Feed::Person(person.key).path(views).map(feed)).collect()
}

/// Links for the page of a topic.
pub(crate) fn of_topic(views: &Views, topic: &TopicView) -> Vec<FeedLink> {
    let feed = |path| FeedLink::feed(path, format!("Feed on {}", topic.name));
    Feed::Topic(topic.key).path(views).map(feed).into_iter().collect()
}

/// Links for the page of a venue.
pub(crate) fn of_venue(views: &Views, venue: &VenueView) -> Vec<FeedLink> {
    let calendar = |path| FeedLink::calendar(path, format!("Calendar of the meetups at {}", venue.name));
    Calendar::Venue(venue.key).path(views).map(calendar).into_iter().collect()
}

/// Links for the page of an event.
pub(crate) fn of_event(event: &EventView) -> Vec<FeedLink> {
    event.calendar.iter().map(|path| FeedLink::calendar(path, "Calendar entry")).collect()
}

/// Links for the page of an announcement.
pub(crate) fn of_announcement(announcement: &AnnouncementView) -> Vec<FeedLink> {
    announcement.calendar.iter().map(|path| FeedLink::calendar(path, "Calendar entry")).collect()
}
