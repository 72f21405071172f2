//! Next, past and closed entries on a given day.

use jiff::civil::Date;

use super::{Announcement, AnnouncementId, Archive, Event, EventId, JobId, Venue};
use crate::content::Format;

impl Event {
    /// The day, or the first of several; none when no source gives it.
    pub fn date(&self) -> Option<Date> {
        self.source.date.as_deref().copied()
    }

    /// The last of several days.
    pub fn end_date(&self) -> Option<Date> {
        self.source.end_date.as_deref().copied()
    }

    /// Form of attendance.
    pub fn format(&self) -> Format {
        self.source.format.as_deref().copied().unwrap_or(Format::InPerson)
    }

    /// The last day of the event.
    pub fn last_day(&self) -> Option<Date> {
        self.end_date().or(self.date())
    }

    /// Returns whether one can still take part on that day.
    pub fn is_open(&self, day: Date) -> bool {
        self.takes_place() && !self.is_past(day)
    }

    /// Returns whether the event is over on that day; an event without a date is.
    pub fn is_past(&self, day: Date) -> bool {
        self.last_day().is_none_or(|last| last < day)
    }
}

impl Venue {
    /// Returns whether it is no place but a video call.
    pub fn is_online(&self) -> bool {
        self.source.online.as_deref().is_some_and(|online| *online)
    }
}

/// Something that becomes true with a day, without any change of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An event begins.
    Begins(EventId),
    /// An event is over.
    EventOver(EventId),
    /// An offer is closed.
    Closes(JobId),
    /// Something that was announced is over.
    AnnouncementOver(AnnouncementId),
}

impl Archive {
    /// The first day after that one on which something changes by itself, and what.
    pub fn next_change(&self, day: Date) -> Option<(Date, Change)> {
        let after = |last: Option<Date>| last.and_then(|last| last.tomorrow().ok());
        let held = self.event_ids().filter(|id| self[*id].takes_place());
        let begins = held.map(|id| (self[id].date(), Change::Begins(id)));
        let over = self.event_ids().map(|id| (after(self[id].last_day()), Change::EventOver(id)));
        let closes = self.job_ids().map(|id| (after(Some(self[id].closes)), Change::Closes(id)));
        let passes = self.announcement_ids().map(|id| (after(self[id].last_day()), Change::AnnouncementOver(id)));
        let all = begins.chain(over).chain(closes).chain(passes);
        all.filter_map(|(on, change)| Some((on?, change))).filter(|(on, _)| *on > day).min_by_key(|(on, _)| *on)
    }

    /// The event that is on or comes next, on that day.
    pub fn next_event(&self, day: Date) -> Option<EventId> {
        self.coming(day).min_by_key(|id| self[*id].date())
    }

    /// The last event that is over on that day and has a date.
    pub fn latest_event(&self, day: Date) -> Option<EventId> {
        let held = self.event_ids().filter(|id| self[*id].takes_place() && self[*id].date().is_some());
        held.filter(|id| self[*id].is_past(day)).max_by_key(|id| self[*id].last_day())
    }

    fn coming(&self, day: Date) -> impl Iterator<Item = EventId> {
        self.event_ids().filter(move |id| self[*id].is_open(day))
    }

    /// Events that are on or still to come, the next one first. What was called off is not among them.
    pub fn coming_events(&self, day: Date) -> Vec<EventId> {
        let mut events: Vec<EventId> = self.coming(day).collect();
        events.sort_by_key(|id| self[*id].date());
        events
    }
}

impl Announcement {
    /// The day, or the first of several.
    pub fn date(&self) -> Option<Date> {
        self.source.date.as_deref().copied()
    }

    /// The last of several days.
    pub fn end_date(&self) -> Option<Date> {
        self.source.end_date.as_deref().copied()
    }

    /// Its last day, where it has days.
    pub fn last_day(&self) -> Option<Date> {
        self.end_date().or(self.date())
    }
}
