//! What a page can be subscribed to.

use crate::archive::{Archive, PersonId, TopicId};

use super::{calendar, feeds};

/// A calendar or a feed, as pages offer it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages) struct Offer {
    pub(in crate::pages) medium: Medium,
    pub(in crate::pages) path: String,
    /// What it holds: `Calendar of all meetups`.
    pub(in crate::pages) title: String,
}

/// What kind of subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pages) enum Medium {
    /// iCalendar.
    Calendar,
    /// Atom.
    Feed,
}

impl Medium {
    /// For the attribute `type` of a link.
    pub(in crate::pages) fn media_type(self) -> &'static str {
        match self {
            Medium::Calendar => "text/calendar",
            Medium::Feed => "application/atom+xml",
        }
    }

    /// What its format is called.
    pub(in crate::pages) fn word(self) -> &'static str {
        match self {
            Medium::Calendar => "iCalendar",
            Medium::Feed => "Atom",
        }
    }
}

impl Offer {
    /// Whether it is a calendar of several events; the entry of one is not to be subscribed to.
    pub(in crate::pages) fn is_calendar(&self) -> bool {
        self.medium == Medium::Calendar
    }
}

/// What the whole site offers.
pub(in crate::pages) fn of_site(archive: &Archive) -> Vec<Offer> {
    let calendars = [calendar::Of::Meetups, calendar::Of::Announcements].into_iter().filter_map(|of| of.offer(archive));
    calendars.chain(feeds::Of::All.offer(archive)).collect()
}

/// What a person's page offers.
pub(in crate::pages) fn of_person(archive: &Archive, id: PersonId) -> Vec<Offer> {
    let calendar = calendar::Of::Person(id).offer(archive);
    calendar.into_iter().chain(feeds::Of::Person(id).offer(archive)).collect()
}

/// What a topic's page offers.
pub(in crate::pages) fn of_topic(archive: &Archive, id: TopicId) -> Vec<Offer> {
    feeds::Of::Topic(id).offer(archive).into_iter().collect()
}

/// What the lists of the site offer.
pub(in crate::pages) fn of_lists(archive: &Archive) -> Vec<Offer> {
    let feeds = [feeds::Of::HotTopics, feeds::Of::Jobs].into_iter().filter_map(|of| of.offer(archive));
    of_site(archive).into_iter().chain(feeds).collect()
}
