//! The present day. No other module of the server reads the date.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Today in the site's time zone, or the day that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    as_of: Option<Date>,
}

/// The moments at which a day begins and ends; none for a day that was asked for, which does not end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hours(Option<(Timestamp, Timestamp)>);

impl Clock {
    pub(super) fn new(as_of: Option<Date>) -> Self {
        Self { as_of }
    }

    /// Returns the present day of a site with this time zone, and its hours.
    pub(super) fn day(&self, zone: &TimeZone) -> (Date, Hours) {
        if let Some(day) = self.as_of {
            return (day, Hours(None));
        }
        let now = Timestamp::now();
        let day = now.to_zoned(zone.clone()).date();
        let start = |day: Date| day.to_zoned(zone.clone()).map(|zoned| zoned.timestamp());
        // On the last day that there is, every request asks anew.
        let hours = start(day).and_then(|begin| Ok((begin, start(day.tomorrow()?)?)));
        (day, Hours(Some(hours.unwrap_or((now, now)))))
    }
}

impl Hours {
    /// Returns whether now is within them.
    pub(super) fn hold(&self) -> bool {
        self.0.is_none_or(|(begin, end)| (begin..end).contains(&Timestamp::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hours_of_a_day_are_those_of_its_zone() {
        for zone in ["Europe/Vienna", "Pacific/Auckland", "America/Los_Angeles"] {
            let zone = TimeZone::get(zone).unwrap();
            let (day, hours) = Clock::new(None).day(&zone);
            let (begin, end) = hours.0.unwrap();
            assert!(hours.hold());
            assert_eq!(
                (begin.to_zoned(zone.clone()).date(), end.to_zoned(zone.clone()).date()),
                (day, day.tomorrow().unwrap())
            );
            assert!(!Hours(Some((begin, begin))).hold() && !Hours(Some((end, end))).hold());
        }
        assert!(Clock::new(Some("2019-09-24".parse().unwrap())).day(&TimeZone::UTC).1.hold());
    }
}
