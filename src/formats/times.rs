//! Spans of time for calendars and JSON-LD.
//!
//! Instants are in UTC. A named time zone would need its whole rule beside it (`VTIMEZONE`), about which readers
//! disagree, while an instant in UTC is the same for all of them. The rule of the site's time zone for the day of the
//! event is applied here.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A span of time in a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// Whole days: the first and the last.
    Days(Date, Date),
    /// From an instant to another, if the end is known.
    Instants(Timestamp, Option<Timestamp>),
}

/// Dates and local times of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalTimes {
    pub(super) date: Date,
    pub(super) end_date: Option<Date>,
    pub(super) time: Option<Time>,
    pub(super) end_time: Option<Time>,
}

impl LocalTimes {
    /// Returns the span in a time zone. Several days without an hour at their end are whole days: a calendar cannot
    /// begin at an hour and end on a day. The end of a single day is not invented if it is not known.
    pub(super) fn span(self, zone: Option<&TimeZone>) -> Span {
        let last = self.end_date.unwrap_or(self.date);
        let days = Span::Days(self.date, last);
        let (Some(time), Some(zone)) = (self.time, zone) else { return days };
        if last != self.date && self.end_time.is_none() {
            return days;
        }
        // A local time that is skipped or repeated has the offset before the change (RFC 5545 §3.3.5).
        let instant =
            |date: Date, time: Time| date.to_datetime(time).to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        let end = self.end_time.map(|end| instant(last, end)).transpose();
        match (instant(self.date, time), end) {
            // After a skipped hour the end may not be later than the start, which calendars refuse (RFC 5545 §3.8.2.2).
            (Ok(start), Ok(end)) => Span::Instants(start, end.filter(|end| *end > start)),
            _ => days,
        }
    }
}

/// Parses the hours of an announcement, if they are written as `18:00` or `14:30-18:00`.
pub(super) fn parse_hours(text: &str) -> Option<(Time, Option<Time>)> {
    let (from, to) = match text.split_once(['-', '–']) {
        Some((from, to)) => (from, Some(to)),
        None => (text, None),
    };
    let from = parse_clock(from)?;
    match to {
        None => Some((from, None)),
        // Hours that end before they begin end on the next day, which an announcement of one day does not say.
        Some(to) => parse_clock(to).filter(|to| *to > from).map(|to| (from, Some(to))),
    }
}

fn parse_clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn evening(date: Date) -> LocalTimes {
        LocalTimes { date, end_date: None, time: Some(time(18, 30, 0, 0)), end_time: None }
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
            assert_eq!(evening(day).span(Some(&vienna)), Span::Instants(instant.parse().unwrap(), None), "{day}");
        }
        // 02:30 was skipped in March and came twice in October.
        let night = |day| LocalTimes { time: Some(time(2, 30, 0, 0)), ..evening(day) }.span(Some(&vienna));
        assert_eq!(night(date(2020, 3, 29)), Span::Instants("2020-03-29T01:30:00Z".parse().unwrap(), None));
        assert_eq!(night(date(2020, 10, 25)), Span::Instants("2020-10-25T00:30:00Z".parse().unwrap(), None));
        // 02:30 in March is 03:30, and an end at 03:15 would be before it.
        let skipped = LocalTimes {
            time: Some(time(2, 30, 0, 0)),
            end_time: Some(time(3, 15, 0, 0)),
            ..evening(date(2020, 3, 29))
        };
        assert_eq!(skipped.span(Some(&vienna)), Span::Instants("2020-03-29T01:30:00Z".parse().unwrap(), None));
    }

    #[test]
    fn days_without_hours_are_whole_and_ends_are_not_made_up() {
        let vienna = TimeZone::get("Europe/Vienna").unwrap();
        let (first, last) = (date(2018, 12, 4), date(2018, 12, 5));
        let two = LocalTimes { end_date: Some(last), ..evening(first) };
        assert_eq!(two.span(Some(&vienna)), Span::Days(first, last));
        assert_eq!(LocalTimes { time: None, ..evening(first) }.span(Some(&vienna)), Span::Days(first, first));
        assert_eq!(evening(first).span(None), Span::Days(first, first), "no zone, no instant");
        let both = LocalTimes { end_time: Some(time(1, 0, 0, 0)), ..two };
        let instants = ("2018-12-04T17:30:00Z".parse().unwrap(), "2018-12-05T00:00:00Z".parse().unwrap());
        assert_eq!(both.span(Some(&vienna)), Span::Instants(instants.0, Some(instants.1)));
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
            assert_eq!(parse_hours(text), read, "{text}");
        }
    }
}
