//! Dates, counts and names as a reader expects them.

use std::borrow::{Borrow, Cow};

use jiff::civil::{Date, Time, Weekday};

use crate::archive::{Archive, Event, Link, Medium, Route};
use crate::content::{EventKey, Format, Price};
use crate::html::Html;
use crate::problem::Text;

const MONTHS: [&str; 12] =
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

fn month(date: &Date) -> &'static str {
    MONTHS[usize::from(date.month().unsigned_abs()) - 1]
}

/// `24 September 2019`
pub(super) fn plain_day(date: &Date) -> String {
    format!("{} {} {}", date.day(), month(date), date.year())
}

/// `Tuesday`
fn weekday(date: &Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn time_element(date: &Date, words: &str) -> String {
    format!("<time datetime=\"{date}\">{words}</time>")
}

/// `24 September 2019`, for machines too.
pub(super) fn day(date: &Date) -> Html {
    Html::trusted(time_element(date, &plain_day(date)))
}

/// `24 Sep 2019`, for tables.
pub(super) fn short_day(date: &Date) -> Html {
    Html::trusted(time_element(date, &format!("{} {} {}", date.day(), &month(date)[..3], date.year())))
}

/// `Tuesday, 24 September 2019`
pub(super) fn long_day(date: &Date) -> Html {
    Html::trusted(format!("{}, {}", weekday(date), time_element(date, &plain_day(date))))
}

/// `24 September 2019`, `4–5 December 2018`, `30 April – 2 May 2020`.
pub(super) fn days(from: &Date, to: &Option<Date>) -> Html {
    let Some(to) = to.as_ref().filter(|to| *to != from) else { return day(from) };
    let (first, dash) = match (from.year() == to.year(), from.month() == to.month()) {
        (true, true) => (from.day().to_string(), "–"),
        (true, false) => (format!("{} {}", from.day(), month(from)), " – "),
        (false, _) => (plain_day(from), " – "),
    };
    Html::trusted(format!("{}{dash}{}", time_element(from, &first), time_element(to, &plain_day(to))))
}

/// The day or days of an event, with the weekday when it is one day.
pub(super) fn when(event: &Event) -> Html {
    match (&event.date, &event.end_date) {
        (None, _) => Html::escaped("Date not recorded"),
        (Some(from), Some(to)) if from != to => days(from, &event.end_date),
        (Some(date), _) => long_day(date),
    }
}

/// `18:30`
pub(super) fn clock(time: &Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `1 talk`, `2 talks`
pub(super) fn count(n: impl Borrow<usize>, one: &str) -> String {
    match (*n.borrow(), one) {
        (1, one) => format!("1 {one}"),
        (n, "person") => format!("{n} people"),
        (n, one) => format!("{n} {one}s"),
    }
}

/// The text with one space between its words.
pub(super) fn one_line(text: &str) -> Cow<'_, str> {
    let uneven = |c: char| c.is_whitespace() && c != ' ';
    if text.contains(uneven) || text.contains("  ") || text.starts_with(' ') || text.ends_with(' ') {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

/// The first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What somebody did at an event, with a capital; without a word for it, running it.
pub(super) fn role(role: Option<&Text>) -> String {
    capital(role.map_or("organiser", Text::as_str))
}

/// What an event is about in a line: its subject, its heading, or its number.
pub(super) fn headline(event: &Event) -> String {
    event.topic.as_ref().or(event.title.as_ref()).map_or_else(|| meetup(event), Text::to_string)
}

/// What an event was about, for lists: its subject, or the titles of its talks where it was given none.
pub(super) fn subject(archive: &Archive, event: &Event) -> String {
    let titles: Vec<&str> = event.talks.iter().map(|talk| archive[*talk].title.as_str()).collect();
    match (&event.topic, &titles[..]) {
        (Some(_), _) | (_, []) => headline(event),
        (_, [first, second]) => format!("{first} / {second}"),
        (_, [first]) => (*first).to_owned(),
        (_, [first, rest @ ..]) => format!("{first}, and {} more talks", rest.len()),
    }
}

/// `Meetup 29`; the heading for an event outside the count.
pub(super) fn meetup(event: &Event) -> String {
    match &event.key {
        EventKey::Number(number) => format!("Meetup {number}"),
        EventKey::Code(code) => event.title.as_ref().or(event.topic.as_ref()).map_or_else(|| code.clone(), Text::to_string),
    }
}

/// How one could take part, when not only at the venue.
pub(super) fn format(event: &Event) -> Option<&'static str> {
    match event.format {
        Format::InPerson => None,
        Format::Online => Some("Online"),
        Format::Hybrid => Some("Hybrid"),
    }
}

/// The same for a line that names the venues, one of which may say it: `online (via Zoom)`.
pub(super) fn format_beside_venues(archive: &Archive, event: &Event) -> Option<&'static str> {
    let said = event.format == Format::Online && event.venues.iter().any(|at| archive[at.venue].online);
    format(event).filter(|_| !said)
}

/// The last part of a page's address.
pub(super) fn slug(route: &Route) -> &str {
    route.as_str().trim_matches('/').rsplit('/').next().unwrap_or("")
}

/// What a link is called where all links are `what` (`Slides`, `Video`): labels that say no more than that are replaced.
pub(super) fn link_name<'a>(link: &Link, what: &'a str) -> Cow<'a, str> {
    match link.label.as_deref() {
        None | Some("pdf" | "PDF" | "video" | "videos" | "YouTube" | "Slides" | "slides" | "google") => what.into(),
        Some(label) => capital(label).into(),
    }
}

/// What one finds behind a link: the kind of file, or the place on the net.
pub(super) fn link_kind(link: &Link) -> &str {
    match (link.medium, link.host()) {
        (Medium::Pdf | Medium::Image | Medium::Folder, _) => link.medium.word(),
        (_, Some(host)) if host.ends_with("youtube.com") || host == "youtu.be" => "YouTube",
        (Medium::Video, Some("github.com")) | (Medium::Video, None) => "Video file",
        (_, Some(host)) => host,
        (medium, None) => medium.word(),
    }
}

/// `Free`, `12.50 EUR`
pub(super) fn price(price: &Price) -> String {
    capital(&price.to_string())
}

/// Where one registers for a meetup, and what the link to it is called.
pub(super) fn register(event: &Event) -> Option<(&'static str, &Text)> {
    let own = event.registration.as_ref().map(|url| ("Register", url));
    own.or_else(|| event.meetup_url.as_ref().map(|url| ("Register on Meetup.com", url)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn text(html: &Html) -> String {
        let mut out = String::new();
        let mut tag = false;
        for c in html.as_str().chars() {
            match c {
                '<' => tag = true,
                '>' => tag = false,
                c if !tag => out.push(c),
                _ => {}
            }
        }
        out
    }

    #[test]
    fn ranges_say_each_part_once() {
        for (from, to, words) in [
            (date(2018, 12, 4), Some(date(2018, 12, 5)), "4–5 December 2018"),
            (date(2020, 4, 30), Some(date(2020, 5, 2)), "30 April – 2 May 2020"),
            (date(2019, 12, 31), Some(date(2020, 1, 1)), "31 December 2019 – 1 January 2020"),
            (date(2019, 9, 24), Some(date(2019, 9, 24)), "24 September 2019"),
            (date(2019, 9, 24), None, "24 September 2019"),
        ] {
            assert_eq!(text(&days(&from, &to)), words);
        }
        assert!(days(&date(2018, 12, 4), &Some(date(2018, 12, 5))).as_str().contains("datetime=\"2018-12-05\""));
        assert_eq!(text(&long_day(&date(2019, 9, 24))), "Tuesday, 24 September 2019");
        assert_eq!(text(&short_day(&date(2016, 4, 7))), "7 Apr 2016");
    }

    #[test]
    fn counts_have_their_plurals() {
        assert_eq!([count(0, "talk"), count(1, "talk"), count(2, "talk")], ["0 talks", "1 talk", "2 talks"]);
        assert_eq!([count(1, "person"), count(139, "person")], ["1 person", "139 people"]);
        assert_eq!(capital("über"), "Über");
    }
}
