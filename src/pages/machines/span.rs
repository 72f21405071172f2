//! When an event is: days, or instants.
//!
//! Instants are written in UTC. A time zone by name would need its whole rule beside it (`VTIMEZONE`), which readers disagree about; an
//! instant in UTC is the same for all of them, and the rule of the site's zone for the day of the event is applied here.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// On whole days: the first and the last.
    Days(Date, Date),
    /// From an instant, to another one where that is known.
    Times(Timestamp, Option<Timestamp>),
}

/// What the content says of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct When {
    pub(super) date: Date,
    pub(super) end_date: Option<Date>,
    pub(super) time: Option<Time>,
    pub(super) end_time: Option<Time>,
}

impl Span {
    /// The span in a zone. Several days with no hour at their end are whole days: a calendar cannot show a beginning at an hour and
    /// an end on a day. The end of a single evening is not made up where it is not known.
    pub(super) fn of(when: When, zone: Option<&TimeZone>) -> Self {
        let last = when.end_date.unwrap_or(when.date);
        let days = Span::Days(when.date, last);
        let (Some(time), Some(zone)) = (when.time, zone) else { return days };
        if last != when.date && when.end_time.is_none() {
            return days;
        }
        // An hour that the clocks skip or have twice is read as RFC 5545 §3.3.5 says: with the offset before the change.
        let at = |date: Date, time: Time| date.to_datetime(time).to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        let end = when.end_time.map(|end| at(last, end)).transpose();
        match (at(when.date, time), end) {
            // Hours that the clocks skip may leave nothing between them, or less, which a calendar refuses (RFC 5545 §3.8.2.2).
            (Ok(start), Ok(end)) => Span::Times(start, end.filter(|end| *end > start)),
            _ => days,
        }
    }
}

/// The hours of an announcement, where they are written so that they can be read: `18:00`, `14:30-18:00`.
pub(super) fn hours(text: &str) -> Option<(Time, Option<Time>)> {
    let (from, to) = match text.split_once(['-', '–']) {
        Some((from, to)) => (from, Some(to)),
        None => (text, None),
    };
    let from = clock(from)?;
    match to {
        None => Some((from, None)),
        // Hours that end before they begin end on the next day, which an announcement of one day does not say.
        Some(to) => clock(to).filter(|to| *to > from).map(|to| (from, Some(to))),
    }
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn when(date: Date) -> When {
        When { date, end_date: None, time: Some(time(18, 30, 0, 0)), end_time: None }
    }

    #[test]
    fn the_hour_in_vienna_is_right_on_both_sides_of_the_changes_of_the_clocks() {
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        for (day, instant) in [
            // Summer time began on 29 March and ended on 25 October 2020, at 01:00 UTC.
            (date(2020, 3, 28), "2020-03-28T17:30:00Z"),
            (date(2020, 3, 29), "2020-03-29T16:30:00Z"),
            (date(2020, 10, 24), "2020-10-24T16:30:00Z"),
            (date(2020, 10, 25), "2020-10-25T17:30:00Z"),
        ] {
            assert_eq!(Span::of(when(day), Some(&vienna)), Span::Times(instant.parse().unwrap(), None), "{day}");
        }
        // 02:30 was skipped in March and came twice in October.
        let night = |day| Span::of(When { time: Some(time(2, 30, 0, 0)), ..when(day) }, Some(&vienna));
        assert_eq!(night(date(2020, 3, 29)), Span::Times("2020-03-29T01:30:00Z".parse().unwrap(), None));
        assert_eq!(night(date(2020, 10, 25)), Span::Times("2020-10-25T00:30:00Z".parse().unwrap(), None));
        // 02:30 in March is 03:30, and an end at 03:15 would be before it.
        let skipped = When { time: Some(time(2, 30, 0, 0)), end_time: Some(time(3, 15, 0, 0)), ..when(date(2020, 3, 29)) };
        assert_eq!(Span::of(skipped, Some(&vienna)), Span::Times("2020-03-29T01:30:00Z".parse().unwrap(), None));
    }

    #[test]
    fn days_without_hours_are_whole_and_ends_are_not_made_up() {
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        let (first, last) = (date(2018, 12, 4), date(2018, 12, 5));
        let two = When { end_date: Some(last), ..when(first) };
        assert_eq!(Span::of(two, Some(&vienna)), Span::Days(first, last));
        assert_eq!(Span::of(When { time: None, ..when(first) }, Some(&vienna)), Span::Days(first, first));
        assert_eq!(Span::of(when(first), None), Span::Days(first, first), "no zone, no instant");
        let both = When { end_time: Some(time(1, 0, 0, 0)), ..two };
        let instants = ("2018-12-04T17:30:00Z".parse().unwrap(), "2018-12-05T00:00:00Z".parse().unwrap());
        assert_eq!(Span::of(both, Some(&vienna)), Span::Times(instants.0, Some(instants.1)));
    }

    #[test]
    fn hours_are_read_where_they_are_hours() {
        let (from, to) = (time(14, 30, 0, 0), time(18, 0, 0, 0));
        for (text, read) in [
            ("14:30-18:00", Some((from, Some(to)))),
            ("14:30 – 18:00", Some((from, Some(to)))),
            ("18:00", Some((to, None))),
            ("18:00-14:30", None),
            ("from 18:00", None),
            ("25:00", None),
            ("evening", None),
            ("14:30-late", None),
        ] {
            assert_eq!(hours(text), read, "{text}");
        }
    }
}
