//! Dates, counts and names as a reader expects them.

use std::borrow::{Borrow, Cow};

use jiff::civil::{Date, Time};

use crate::archive::{Archive, Event};
use crate::content::EventKey;
use crate::html::Html;

/// `24 September 2019`
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `24 Sep 2019`
pub fn short_day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// `Tuesday`
pub fn weekday(date: Date) -> String {
    date.strftime("%A").to_string()
}

/// An HTML `time` element that shows these words.
pub fn time_element(date: Date, words: &str) -> Html {
    Html::trusted(format!("<time datetime=\"{date}\">{words}</time>"))
}

/// `24 September 2019`, `4–5 December 2018`, `30 April – 2 May 2020`.
pub fn days(from: Date, to: Option<Date>) -> String {
    parts(from, to).map_or_else(|| day(from), |(first, dash, last)| format!("{first}{dash}{last}"))
}

/// The same with HTML `time` elements.
pub fn days_html(from: Date, to: Option<Date>) -> Html {
    match (parts(from, to), to) {
        (Some((first, dash, last)), Some(to)) => {
            Html::trusted(format!("{}{dash}{}", time_element(from, &first), time_element(to, &last)))
        }
        _ => time_element(from, &day(from)),
    }
}

/// The first day, the dash and the last day of a range, each part said once; none for a single day.
fn parts(from: Date, to: Option<Date>) -> Option<(String, &'static str, String)> {
    let to = to.filter(|to| *to != from)?;
    let (first, dash) = match (from.year() == to.year(), from.month() == to.month()) {
        (true, true) => (from.day().to_string(), "–"),
        (true, false) => (from.strftime("%-d %B").to_string(), " – "),
        (false, _) => (day(from), " – "),
    };
    Some((first, dash, day(to)))
}

/// The day or days of an event, with the weekday when it is one day.
pub(super) fn when(event: &Event) -> String {
    match (event.date(), event.end_date()) {
        (None, _) => "Date not recorded".to_owned(),
        (Some(from), Some(to)) if from != to => days(from, Some(to)),
        (Some(date), _) => format!("{}, {}", weekday(date), day(date)),
    }
}

/// The same with HTML `time` elements.
pub(super) fn when_html(event: &Event) -> Html {
    match (event.date(), event.end_date()) {
        (None, _) => Html::escaped("Date not recorded"),
        (Some(from), Some(to)) if from != to => days_html(from, Some(to)),
        (Some(date), _) => Html::trusted(format!("{}, {}", weekday(date), days_html(date, None))),
    }
}

/// `18:30`
pub fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// Hours as written, with a dash that is one: `14:30–18:00`.
pub fn hours(written: &str) -> String {
    written.replace('-', "–")
}

/// `1 talk`, `2 talks`. Templates pass fields by reference, other code by value.
pub fn count(number: impl Borrow<usize>, one: &str) -> String {
    match (*number.borrow(), one) {
        (1, one) => format!("1 {one}"),
        (number, "person") => format!("{number} people"),
        (number, one) => format!("{number} {one}s"),
    }
}

/// The text with one space between its words.
pub fn one_line(text: &str) -> Cow<'_, str> {
    let uneven = |c: char| c.is_whitespace() && c != ' ';
    if text.contains(uneven) || text.contains("  ") || text.trim() != text {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `Meetup 29`; the heading for an event outside the count.
pub(super) fn label(event: &Event) -> String {
    match &event.key {
        EventKey::Number(number) => format!("Meetup {number}"),
        EventKey::Code(code) => event
            .source
            .title
            .as_ref()
            .or(event.source.topic.as_ref())
            .map_or_else(|| code.clone(), ToString::to_string),
    }
}

/// Returns the subject of an event, in a line: its topic, else its title, else the titles of its talks, else its label.
/// A title that only counts (`42nd Meetup`) says nothing about the event and comes after its talks.
pub(super) fn headline(archive: &Archive, event: &Event) -> String {
    let title = event.source.title.as_deref();
    let informative = title.filter(|title| event.talks.is_empty() || !counts(title, &event.key));
    if let Some(own) = event.source.topic.as_deref().or(informative) {
        return own.to_owned();
    }
    let titles: Vec<&str> = event.talks.iter().map(|talk| &**archive[*talk].source.title).collect();
    match titles[..] {
        [] => title.map_or_else(|| label(event), str::to_owned),
        [only] => only.to_owned(),
        [first, second] => format!("{first} / {second}"),
        [first, ref rest @ ..] => format!("{first}, and {} more talks", rest.len()),
    }
}

/// Returns whether a title names the number of its event: `42nd Deep Learning Meetup`.
fn counts(title: &str, key: &EventKey) -> bool {
    let EventKey::Number(number) = key else { return false };
    let number = number.to_string();
    title.split(|c: char| !c.is_alphanumeric()).any(|word| {
        word.strip_prefix(&number)
            .is_some_and(|rest| ["", "st", "nd", "rd", "th"].contains(&rest.to_lowercase().as_str()))
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ranges_say_each_part_once() {
        for (from, to, words) in [
            (date(2018, 12, 4), Some(date(2018, 12, 5)), "4–5 December 2018"),
            (date(2020, 4, 30), Some(date(2020, 5, 2)), "30 April – 2 May 2020"),
            (date(2019, 12, 31), Some(date(2020, 1, 1)), "31 December 2019 – 1 January 2020"),
            (date(2019, 9, 24), Some(date(2019, 9, 24)), "24 September 2019"),
            (date(2019, 9, 24), None, "24 September 2019"),
        ] {
            assert_eq!(days(from, to), words);
            assert_eq!(days_html(from, to).text(), words);
        }
        assert!(days_html(date(2018, 12, 4), Some(date(2018, 12, 5))).as_str().contains("datetime=\"2018-12-05\""));
        assert_eq!(weekday(date(2019, 9, 24)), "Tuesday");
        assert_eq!(short_day(date(2016, 4, 7)), "7 Apr 2016");
    }

    #[test]
    fn counts_have_their_plurals() {
        assert_eq!([count(0, "talk"), count(1, "talk"), count(2, "talk")], ["0 talks", "1 talk", "2 talks"]);
        assert_eq!([count(1, "person"), count(139, "person")], ["1 person", "139 people"]);
        assert_eq!(capital("über"), "Über");
    }

    #[test]
    fn a_title_that_only_counts_is_recognised() {
        let key = EventKey::Number(42);
        for title in ["42nd Deep Learning Meetup in Vienna", "Meetup 42", "Meetup #42"] {
            assert!(counts(title, &key), "{title}");
        }
        for title in ["Harbour special", "421 ways to fail", "The 2nd harbour special"] {
            assert!(!counts(title, &key), "{title}");
        }
    }
}
