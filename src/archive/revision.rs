//! Versions of entries that are announced for a day.

use jiff::civil::Date;

use super::{Announcement, Archive, Event};
use crate::content::Status;

// Methods of each type and not of a trait, so that nobody has to import one.
macro_rules! announced_for_a_day {
    ($($entry:ty),+) => {$(
        impl $entry {
            /// Returns whether it took place or is going to, on its days.
            pub fn takes_place(&self) -> bool {
                Status::of(&self.source.status) == Status::Held
            }

            /// A number that grows with each change after the announcement. Each change on record counts twice, which
            /// leaves room between two of them for one that is not on record: that it was called off.
            pub fn revision(&self) -> usize {
                2 * self.source.changes.len() + usize::from(!self.takes_place())
            }
        }
    )+};
}

announced_for_a_day!(Event, Announcement);

impl Archive {
    /// The first day of the archive. Events are in the order of their days.
    pub fn first_day(&self) -> Option<Date> {
        let first = self.site.source.first_meetup.as_deref().copied();
        first.or_else(|| self.events.iter().find_map(Event::date))
    }
}
