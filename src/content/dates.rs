//! Dates and times as files write them.

use jiff::civil::{Date, Time};

use crate::yaml::{Invalid, Scalar};

/// An earlier year is a typo: there were no meetups.
const FIRST_YEAR: i16 = 1900;

/// A calendar date, `YYYY-MM-DD`.
impl Scalar for Date {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        // jiff also reads other ISO 8601 spellings; content files keep to one.
        let date: Option<Date> = (text.len() == 10).then(|| text.parse().ok()).flatten();
        let Some(date) = date else {
            let help = no_such_day(text).unwrap_or_else(|| "write it as year-month-day: 2019-09-24".to_owned());
            return Err(Invalid::new(format!("`{text}` is not a date")).help(help));
        };
        if date.year() < FIRST_YEAR {
            let invalid = Invalid::new(format!("the year {:04} is long past", date.year()));
            return Err(invalid.help("write all four digits of the year: 2019-09-24"));
        }
        Ok(date)
    }

    fn placeholder() -> Self {
        Date::ZERO
    }
}

/// A time of day, `18:30`.
impl Scalar for Time {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        text.split_once(':')
            .filter(|(_, minutes)| minutes.len() == 2)
            .and_then(|(hour, minute)| Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok())
            .ok_or_else(|| Invalid::new(format!("`{text}` is not a time")).help("write hours and minutes: 18:30"))
    }

    fn placeholder() -> Self {
        Time::midnight()
    }
}

/// Describes what is wrong with a text that has the form of a date.
fn no_such_day(text: &str) -> Option<String> {
    let (year, rest) = text.split_once('-').filter(|_| text.len() == 10)?;
    let (month, day) = rest.split_once('-').filter(|(_, day)| day.parse::<u8>().is_ok())?;
    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok();
    let days =
        first.map(|first| format!("{year}-{month} has {} days, and none of the number {day}", first.days_in_month()));
    Some(days.unwrap_or_else(|| "months are 01 to 12".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_date_is_explained() {
        for (text, message, help) in [
            ("2026-02-31", "`2026-02-31` is not a date", "2026-02 has 28 days, and none of the number 31"),
            ("2026-04-00", "`2026-04-00` is not a date", "2026-04 has 30 days, and none of the number 00"),
            ("2026-13-01", "`2026-13-01` is not a date", "months are 01 to 12"),
            ("31.12.2026", "`31.12.2026` is not a date", "write it as year-month-day: 2019-09-24"),
            ("2026-2-3", "`2026-2-3` is not a date", "write it as year-month-day: 2019-09-24"),
            ("2026-02-3x", "`2026-02-3x` is not a date", "write it as year-month-day: 2019-09-24"),
            ("0219-09-24", "the year 0219 is long past", "write all four digits of the year: 2019-09-24"),
        ] {
            assert_eq!(Date::from_text(text), Err(Invalid::new(message).help(help)));
        }
        assert!(Date::from_text("1900-01-01").is_ok());
    }

    #[test]
    fn times_are_hours_and_minutes() {
        assert_eq!(Time::from_text("8:05").unwrap().to_string(), "08:05:00");
        for text in ["25:00", "18:60", "18", "18:3", "6 pm"] {
            assert!(Time::from_text(text).is_err(), "{text}");
        }
    }
}
