//! The one place of the server that asks what day it is.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Today in the site's time zone, or the day that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    as_of: Option<Date>,
}

impl Clock {
    pub(super) fn new(as_of: Option<Date>) -> Self {
        Self { as_of }
    }

    /// The day it is now at a site with this time zone.
    pub(super) fn day(&self, zone: &TimeZone) -> Date {
        self.as_of.unwrap_or_else(|| Timestamp::now().to_zoned(zone.clone()).date())
    }
}
