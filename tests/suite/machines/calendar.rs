//! Calendars, read by an iCalendar parser.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::{IanaString, PartialDateTime};
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty as P, ICalendarValue, Uri,
};
use calcard::{Entry, Parser};
use jiff::civil::date;
use vdlm::site::Site;

use super::{BASE, LATE, get, real, routes, small, text};

/// Reads a calendar and checks what holds for each line of any.
fn parse(ics: &str) -> ICalendar {
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"), "{ics:.60}");
    assert!(ics.ends_with("END:VCALENDAR\r\n"));
    for line in ics.split_terminator("\r\n") {
        assert!(
            !line.is_empty() && line.len() <= 75 && !line.contains(['\r', '\n']),
            "{line:?} has {} octets",
            line.len()
        );
    }
    let mut parser = Parser::new(ics);
    let Entry::ICalendar(calendar) = parser.entry() else { panic!("no calendar: {ics}") };
    assert!(matches!(parser.entry(), Entry::Eof), "{ics}");
    // The parser passes over what it cannot read, so each line must be found again.
    let lines = ics.replace("\r\n ", "").lines().count();
    let read: usize = calendar.components.iter().map(|component| component.entries.len() + 2).sum();
    assert_eq!(read, lines, "{ics}");
    calendar
}

fn events(calendar: &ICalendar) -> Vec<&ICalendarComponent> {
    calendar.components.iter().filter(|component| component.component_type == ICalendarComponentType::VEvent).collect()
}

/// The only value of a property that stands once at most.
fn value(component: &ICalendarComponent, property: P) -> Option<ICalendarValue> {
    let found: Vec<_> = component.properties(&property).collect();
    assert!(found.len() <= 1, "{property:?} stands {} times", found.len());
    let values = &found.first()?.values;
    assert_eq!(values.len(), 1, "{property:?}: {values:?}");
    values.first().cloned()
}

fn words(component: &ICalendarComponent, property: P) -> String {
    match value(component, property) {
        Some(ICalendarValue::Text(text)) => text,
        Some(ICalendarValue::Status(status)) => status.as_str().to_owned(),
        Some(ICalendarValue::Integer(number)) => number.to_string(),
        Some(ICalendarValue::Uri(Uri::Location(uri))) => uri,
        None => String::new(),
        other => panic!("{other:?}"),
    }
}

/// `2019-09-24`, or `2019-09-24T16:30:00Z`.
fn time(component: &ICalendarComponent, property: P) -> Option<String> {
    let Some(ICalendarValue::PartialDateTime(time)) = value(component, property) else { return None };
    let PartialDateTime { year, month, day, hour, minute, second, tz_hour, tz_minute, .. } = *time;
    let date = format!("{}-{:02}-{:02}", year?, month?, day?);
    let Some(hour) = hour else { return Some(date) };
    assert_eq!((tz_hour, tz_minute), (Some(0), Some(0)), "times are in UTC");
    Some(format!("{date}T{hour:02}:{:02}:{:02}Z", minute?, second?))
}

fn only(site: &Site, path: &str) -> ICalendarComponent {
    let calendar = parse(&text(site, LATE, path));
    let events = events(&calendar);
    assert_eq!(events.len(), 1, "{path}");
    events[0].clone()
}

#[test]
fn every_event_of_the_content_is_in_the_calendar_at_its_hour() {
    let site = real(Some(BASE));
    let archive = &site.archive;
    let calendar = parse(&text(&site, LATE, "/meetups.ics"));
    let by_url: BTreeMap<String, &ICalendarComponent> =
        events(&calendar).into_iter().map(|event| (words(event, P::Url), event)).collect();
    let uids: BTreeSet<&str> = events(&calendar).iter().filter_map(|event| event.uid()).collect();
    let dated: Vec<_> = archive.events.iter().filter(|event| event.date().is_some()).collect();
    assert!(dated.len() >= 74 && by_url.len() == dated.len() && uids.len() == dated.len());
    let vienna = jiff::tz::TimeZone::get("Europe/Vienna").unwrap();
    let (mut hours, mut summer, mut days) = (0, 0, 0);
    for event in dated {
        let entry = by_url[&format!("{BASE}{}", &event.route.as_str()[1..])];
        let date = event.date().unwrap();
        match event.source.time.as_deref().copied().filter(|_| event.end_date().is_none()) {
            Some(clock) => {
                // Vienna is one hour ahead of UTC in winter and two in summer; the zone's own table says which.
                let local = |clock| date.to_datetime(clock).to_zoned(vienna.clone()).unwrap();
                let utc = |clock| {
                    let utc = local(clock).with_time_zone(jiff::tz::TimeZone::UTC);
                    utc.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
                };
                assert_eq!(time(entry, P::Dtstart), Some(utc(clock)), "{}", event.route);
                assert_eq!(
                    time(entry, P::Dtend),
                    event.source.end_time.as_deref().copied().map(utc),
                    "{}",
                    event.route
                );
                hours += 1;
                summer += usize::from(local(clock).offset().seconds() == 7200);
            }
            None => {
                let after = event.end_date().unwrap_or(date).tomorrow().unwrap();
                assert_eq!(time(entry, P::Dtstart), Some(date.to_string()), "{}", event.route);
                assert_eq!(time(entry, P::Dtend), Some(after.to_string()), "{}", event.route);
                days += 1;
            }
        }
        for talk in event.talks.iter().map(|id| &archive[*id]) {
            assert!(
                words(entry, P::Description).contains(&**talk.source.title),
                "{}: {}",
                event.route,
                talk.source.title
            );
        }
        for at in &event.venues {
            assert!(words(entry, P::Location).contains(&*at.name), "{}", event.route);
        }
        assert_eq!((words(entry, P::Status).as_str(), words(entry, P::Sequence).as_str()), ("CONFIRMED", "0"));
    }
    assert!(
        hours >= 36 && summer > 10 && summer < hours && days > 30,
        "{hours} with an hour, {summer} in summer, {days} days"
    );
}

#[test]
fn each_calendar_has_the_same_entries_as_that_of_all() {
    for base in [None, Some(BASE)] {
        let site = real(base);
        let entries = |path: &str| {
            let calendar = parse(&text(&site, LATE, path));
            let entries = events(&calendar).into_iter().map(|event| (event.uid().unwrap().to_owned(), event.clone()));
            entries.collect::<BTreeMap<_, _>>()
        };
        let mut all = entries("/meetups.ics");
        all.extend(entries("/events.ics"));
        let (mut calendars, mut kinds, mut seen) = (0, BTreeSet::new(), BTreeSet::new());
        for path in routes(&site, ".ics") {
            let some = entries(&path);
            assert!(!some.is_empty(), "{path}");
            for (uid, entry) in &some {
                assert_eq!(all.get(uid), Some(entry), "{path}");
                let page = format!("{}/", path.trim_end_matches(".ics"));
                assert_eq!(get(&site, LATE, &page).0, 200, "{page}");
                seen.insert(uid.clone());
            }
            assert_eq!(get(&site, LATE, &path).1, "text/calendar; charset=utf-8");
            calendars += 1;
            kinds.insert(path.split('/').nth(1).unwrap().to_owned());
        }
        assert_eq!(
            kinds,
            ["events", "events.ics", "meetups", "meetups.ics", "people", "venues"].map(String::from).into()
        );
        assert!(
            calendars > 220 && seen.len() == all.len() && all.len() >= 77,
            "{calendars} calendars, {} entries",
            all.len()
        );
    }
}

#[test]
fn the_content_alone_decides_ids_and_stamps() {
    let early = text(&real(None), date(2020, 1, 1), "/meetups.ics");
    assert_eq!(early, text(&real(None), LATE, "/meetups.ics"), "another day, another build");
    let ids = |ics: &str| ics.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>();
    let moved = text(&real(Some(BASE)), LATE, "/meetups.ics");
    assert!(ids(&early).len() > 74 && ids(&early) == ids(&moved), "another address");
}

const VENUES: &str = "- name: Straße\n  address: Gürtel 1\n  coordinates: [48.2, -16.375]\n";

#[test]
fn the_hour_in_vienna_is_right_on_both_sides_of_the_changes_of_the_clocks() {
    // By hand: summer time was from 31 March to 27 October 2019, and an hour in it is two before UTC's.
    for (day, utc) in [
        ("2019-03-30", "2019-03-30T17:30:00Z"),
        ("2019-03-31", "2019-03-31T16:30:00Z"),
        ("2019-10-26", "2019-10-26T16:30:00Z"),
        ("2019-10-27", "2019-10-27T17:30:00Z"),
    ] {
        let file = format!("number: 1\ndate: {day}\ntime: 18:30\nend_time: 21:00\n");
        let event = only(&small(&[("meetups/001.yaml", &file)], None), "/meetups/1.ics");
        assert_eq!(time(&event, P::Dtstart).as_deref(), Some(utc));
        let end = utc.replace("17:30", "20:00").replace("16:30", "19:00");
        assert_eq!(time(&event, P::Dtend), Some(end));
    }
}

#[test]
fn what_is_moved_or_called_off_is_a_later_version_of_the_same_entry() {
    let entry = |more: &str| {
        let file = format!("number: 1\ndate: 2026-12-03\nvenue: Straße\ntopic: T\n{more}");
        only(&small(&[("meetups/001.yaml", &file), ("venues.yaml", VENUES)], None), "/meetups/1.ics")
    };
    let later = "changes:\n  - {date: 2026-11-20, what: A day later}\n";
    let (first, moved, moved_and_off) = (entry(""), entry(later), entry(&format!("status: cancelled\n{later}")));
    let change = "changes:\n  - {date: 2026-11-20, what: A day later}\n  - {date: 2026-11-25, what: No room}\n";
    let called_off = entry(&format!("status: cancelled\n{change}"));
    let postponed = entry("status: postponed\n");
    for other in [&moved, &moved_and_off, &called_off, &postponed] {
        assert_eq!(other.uid(), first.uid());
    }
    let version = |event: &ICalendarComponent| (words(event, P::Status), words(event, P::Sequence));
    let is = |status: &str, sequence: &str| (status.to_owned(), sequence.to_owned());
    assert_eq!(version(&first), is("CONFIRMED", "0"));
    assert_eq!(version(&moved), is("CONFIRMED", "2"));
    // No change on record says that it was called off, and calendars must take it for news all the same.
    assert_eq!(version(&moved_and_off), is("CANCELLED", "3"));
    assert_eq!(version(&called_off), is("CANCELLED", "5"));
    assert_eq!(version(&postponed), is("CANCELLED", "1"));
    assert_eq!(time(&called_off, P::LastModified).as_deref(), Some("2026-11-25T00:00:00Z"));
    assert_eq!(time(&called_off, P::Dtstamp), time(&called_off, P::LastModified));
    assert_eq!(words(&called_off, P::Summary), "Cancelled: G Meetup 1: T");
    assert!(words(&called_off, P::Description).starts_with("20 November 2026: A day later\n25 November 2026: No room"));
    assert_eq!(words(&first, P::Location), "Straße, Gürtel 1");
    let geo = first.property(&P::Geo).unwrap().values.clone();
    assert_eq!(geo, [ICalendarValue::Float(48.2), ICalendarValue::Float(-16.375)]);
}

#[test]
fn events_are_as_long_as_the_content_says_and_those_without_a_day_are_in_no_calendar() {
    let files = [
        ("meetups/001.yaml", "number: 1\ndate: 2020-05-05\n"),
        ("meetups/002.yaml", "number: 2\ndate: 2020-06-05\nend_date: 2020-06-07\ntime: 09:00\n"),
        ("meetups/003.yaml", "number: 3\n"),
        (
            "meetups/004.yaml",
            "number: 4\ndate: 2020-07-05\nend_date: 2020-07-06\ntime: 22:00\nend_time: 02:00\nformat: online\n",
        ),
        (
            "events/a.md",
            "---\ntitle: A\nkind: workshop\ndate: 2019-09-28\ntime: 14:30-18:00\nplace: P\naddress: Q\n---\nText.\n",
        ),
        (
            "events/b.md",
            "---\ntitle: B\nkind: festival\ndate: 2019-09-28\nend_date: 2019-09-29\ntime: 10:00-18:00\n---\nText.\n",
        ),
        ("events/c.md", "---\ntitle: C\nkind: announcement\n---\nText.\n"),
    ];
    let site = small(&files, None);
    let span = |path: &str| {
        let event = only(&site, path);
        [time(&event, P::Dtstart).unwrap(), time(&event, P::Dtend).unwrap()]
    };
    assert_eq!(span("/meetups/1.ics"), ["2020-05-05", "2020-05-06"]);
    assert_eq!(span("/meetups/2.ics"), ["2020-06-05", "2020-06-08"]);
    assert_eq!(span("/meetups/4.ics"), ["2020-07-05T20:00:00Z", "2020-07-06T00:00:00Z"]);
    assert_eq!(span("/events/a.ics"), ["2019-09-28T12:30:00Z", "2019-09-28T16:00:00Z"]);
    assert_eq!(span("/events/b.ics"), ["2019-09-28", "2019-09-30"]);
    assert!(words(&only(&site, "/meetups/2.ics"), P::Description).contains("Begins at 09:00"));
    assert!(words(&only(&site, "/events/b.ics"), P::Description).contains("Hours: 10:00–18:00"));
    assert_eq!(words(&only(&site, "/meetups/4.ics"), P::Location), "Online");
    assert_eq!(words(&only(&site, "/events/a.ics"), P::Location), "P, Q");
    for none in ["/meetups/3.ics", "/events/c.ics", "/people/x.ics", "/venues.ics", "/.ics", ".ics"] {
        assert_eq!(get(&site, LATE, none).0, 404, "{none}");
    }
    assert_eq!(routes(&site, ".ics").len(), 7);
    let nothing = small(&[("meetups/003.yaml", "number: 3\n")], None);
    assert!(routes(&nothing, ".ics").is_empty(), "a calendar without entries is none");
    assert!(!text(&nothing, LATE, "/meetups/").contains(".ics"));
}

#[test]
fn hostile_text_stays_text() {
    let title = "A, B; C\\\\n \\n E\\nEND:VEVENT\\r\\nX:1 ]]> <script>alert(1)</script> \\\"ü€😀\\\"";
    let file = format!(
        "number: 1\ndate: 2020-05-05\ntopic: \"{title}\"\nvenue: \"V,W;\\\\X\"\ntalks:\n  - title: \"{title}\"\n    speakers: [\"Ü, \\\\ ;\"]\n"
    );
    let site = small(&[("meetups/001.yaml", &file)], None);
    let event = only(&site, "/meetups/1.ics");
    let meant = "A, B; C\\n \n E\nEND:VEVENT\nX:1 ]]> <script>alert(1)</script> \"ü€😀\"";
    assert_eq!(words(&event, P::Summary), format!("G Meetup 1: {}", meant));
    assert!(words(&event, P::Description).contains("(Ü, \\ ;)"), "{}", words(&event, P::Description));
    let long = format!("number: 1\ndate: 2020-05-05\ntopic: {}\n", "äöüß€😀".repeat(60));
    let event = only(&small(&[("meetups/001.yaml", &long)], None), "/meetups/1.ics");
    assert_eq!(words(&event, P::Summary), format!("G Meetup 1: {}", "äöüß€😀".repeat(60)));
}

#[test]
fn what_cannot_be_in_a_calendar_is_told_at_its_place() {
    let told = |name: &str, text: &str| {
        let (_, problems) = vdlm::content::Source::read(&vdlm::diagnostics::SourceFile::new(name, text)).unwrap();
        problems
            .iter()
            .map(|problem| format!("{} {}: {}", problem.level, problem.span, problem.message))
            .collect::<Vec<_>>()
    };
    let event = |more: &str| told("meetups/001.yaml", &format!("number: 1\ndate: 2026-12-03\n{more}"));
    let changes = "changes:\n  - {date: 2026-11-25, what: A}\n  - {date: 2026-11-20, what: B}\n";
    for (more, problem) in [
        ("end_time: 21:00\n", "error meetups/001.yaml:3:11: an end without a beginning"),
        ("time: 21:00\nend_time: 20:30\n", "error meetups/001.yaml:4:11: ends at 20:30:00 and begins at 21:00:00"),
        (
            "status: canceled\n",
            "error meetups/001.yaml:3:9: `canceled` is none of: cancelled, postponed, cancelled / postponed",
        ),
        ("status: cancelled\n", "warning meetups/001.yaml:3:9: no change on record says when this was decided"),
        (changes, "error meetups/001.yaml:5:12: the change of 2026-11-20 stands after that of 2026-11-25"),
        ("changes: [{date: 2026-11-25}]\n", "error meetups/001.yaml:3:11: a change needs `what`"),
    ] {
        assert_eq!(event(more), [problem], "{more}");
    }
    assert!(event("time: 21:00\nend_time: 02:00\nend_date: 2026-12-04\n").is_empty());
    for (coordinates, place) in
        [("[48.2]", "1:26"), ("[91, 16]", "1:26"), ("[48, 181]", "1:26"), ("[48, east]", "1:31"), ("[NaN, 1]", "1:27")]
    {
        let problems = told("venues.yaml", &format!("- {{name: V, coordinates: {coordinates}}}\n"));
        assert!(problems.len() == 1 && problems[0].starts_with(&format!("error venues.yaml:{place}")), "{problems:?}");
    }
}
