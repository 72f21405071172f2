//! Which version of an entry the content holds, and the day since when, as far as it says.

use jiff::civil::Date;

use super::{Announcement, Archive, Article, Event, EventId, Job};
use crate::content::Status;

/// What all have that are announced for a day. They are methods of each type and not of a trait, so that nobody has to import one.
macro_rules! announced_for_a_day {
    ($($entry:ty),+) => {$(
        impl $entry {
            /// Whether it took place or is going to, on the days that it names.
            pub fn takes_place(&self) -> bool {
                self.status == Status::Held
            }

            /// A number that grows with each change after it had been announced. Each on record counts twice, so that between two of them
            /// there is room for one that is not: that it was called off.
            pub fn revision(&self) -> usize {
                2 * self.changes.len() + usize::from(!self.takes_place())
            }

            /// The day of its last change on record.
            pub fn last_change(&self) -> Option<Date> {
                self.changes.last().map(|change| change.date)
            }
        }
    )+};
}

announced_for_a_day!(Event, Announcement);

impl Archive {
    /// The first day of the archive. Events are in the order of their days, and each entry of a calendar asks for it.
    pub fn first_day(&self) -> Option<Date> {
        self.site.first_meetup.or_else(|| self.events.iter().find_map(|event| event.date))
    }

    /// Since when an event is as it is, on that day: since its last change, or since it was over, when its material is there. Of one that
    /// is still to come nothing says since when it has been known; nobody was told of it before the event that came before.
    pub fn event_dated(&self, id: EventId, day: Date) -> Option<Date> {
        let event = &self[id];
        let over = event.last_day().filter(|last| *last < day);
        over.max(event.last_change()).or_else(|| self.last_over(day))
    }

    /// Since when an article is there, on that day: since it was presented.
    pub fn article_dated(&self, article: &Article, day: Date) -> Option<Date> {
        self.not_after(day, article.date.or_else(|| self[article.event?].date)?)
    }

    /// Since when an announcement is as it is, on that day: since its last change, or since the meetup at which it was made.
    pub fn announcement_dated(&self, announcement: &Announcement, day: Date) -> Option<Date> {
        let made = announcement.event.and_then(|event| self[event].date);
        match announcement.last_change().max(made) {
            Some(known) => self.not_after(day, known),
            None => announcement.last_day().filter(|last| *last < day),
        }
    }

    /// Since when an offer is there, on that day: since it was announced.
    pub fn job_dated(&self, job: &Job, day: Date) -> Option<Date> {
        self.not_after(day, job.offer.date)
    }

    /// The day `given`, unless it is still to come on that day, as that of a meetup for which something has been prepared. Then it is that of the last
    /// event that was over: what is there already cannot be of a day that is not.
    fn not_after(&self, day: Date, given: Date) -> Option<Date> {
        if given <= day { Some(given) } else { self.last_over(day) }
    }

    /// The last day of the event that was over last, on that day.
    fn last_over(&self, day: Date) -> Option<Date> {
        self.events.iter().filter_map(Event::last_day).filter(|last| *last < day).max()
    }
}
