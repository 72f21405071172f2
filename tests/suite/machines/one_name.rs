//! An event has the same name, date and place in all forms.

use std::collections::BTreeMap;

use jiff::civil::date;
use scraper::{Html, Selector};
use serde_json::Value;
use vdlm::site::Site;

use super::{BASE, LATE, real, small, text};

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn select(html: &Html, selector: &str) -> Vec<String> {
    html.select(&Selector::parse(selector).unwrap()).map(|element| words(&element.text().collect::<String>())).collect()
}

/// The properties of the only event in a calendar, unfolded and unescaped.
fn calendar_entry(ics: &str) -> BTreeMap<String, String> {
    let lines = ics.replace("\r\n ", "");
    let lines = lines.split("\r\n").skip_while(|line| *line != "BEGIN:VEVENT").filter_map(|line| line.split_once(':'));
    let unescape = |value: &str| value.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    lines.map(|(name, value)| (name.to_owned(), unescape(value))).collect()
}

/// Title and content of the entry of a page in a feed, which has the latest entries only.
fn feed_entry(xml: &str, page: &str) -> Option<(String, String)> {
    let feed = feed_rs::parser::parse(xml.as_bytes()).unwrap();
    let entry = feed.entries.into_iter().find(|entry| entry.links.iter().any(|link| link.href == page));
    let entry = entry?;
    let content = Html::parse_fragment(entry.content.unwrap().body.as_deref().unwrap());
    Some((entry.title.unwrap().content, words(&content.root_element().text().collect::<String>())))
}

/// Checks that all forms of an event agree with its JSON, and returns whether it is in the feed:
///
/// * `name` is the title of the page (before the abbreviation of the group) and of previews, the name in JSON-LD, the
///   title of the feed's entry, and the SUMMARY in the calendar, there after the abbreviation of the group if the event
///   has a number. The heading of the page is the name without the number, which stands beside it.
/// * `when` is on the page and in the feed; JSON-LD and calendar start on `date`.
/// * Each of `venues` is on the page, in JSON-LD and in the feed; the calendar has `place`.
fn check(site: &Site, event: &Value) -> bool {
    let (name, url) = (event["name"].as_str().unwrap(), event["url"].as_str().unwrap());
    let path = format!("/{}", url.strip_prefix(BASE).unwrap());
    let short_name = site.archive.site.source.short_name.to_string();
    let venues: Vec<&str> =
        event["venues"].as_array().unwrap().iter().map(|venue| venue["name"].as_str().unwrap()).collect();
    let when = event["when"].as_str().unwrap();

    let page = text(site, LATE, &path);
    let html = Html::parse_document(&page);
    assert_eq!(select(&html, "title"), [words(&format!("{name} · {short_name}"))]);
    let og = html.select(&Selector::parse("meta[property='og:title']").unwrap()).next().unwrap();
    assert_eq!(og.attr("content"), Some(name));
    let h1 = html.select(&Selector::parse("h1").unwrap()).next().unwrap().text().next().unwrap().trim().to_owned();
    assert!(
        name == h1 || name.strip_prefix("Meetup ").is_some_and(|rest| rest.ends_with(&format!(": {h1}"))),
        "{name}: {h1}"
    );
    let lede = &select(&html, ".lede")[0];
    assert!(lede.contains(when) && venues.iter().all(|venue| lede.contains(&words(venue))), "{path}: {lede}");

    let data = select(&html, "script[type='application/ld+json']");
    let data: Value = serde_json::from_str(&data[0]).unwrap();
    let data = data["@graph"].as_array().unwrap().iter().find(|thing| thing["@type"] == "Event").unwrap().clone();
    assert_eq!(words(data["name"].as_str().unwrap()), words(name));
    let start = data["startDate"].as_str().map(|start| &start[..10]);
    assert_eq!(start, event["date"].as_str());
    let places = data["location"].as_array().map_or(&[][..], Vec::as_slice);
    let places: Vec<&str> = places.iter().map(|place| place["name"].as_str().unwrap()).collect();
    assert!(places == venues || venues.is_empty() && places == ["Online"], "{path}: {places:?}");

    let Some(day) = event["date"].as_str() else { return false };
    let entry = calendar_entry(&text(site, LATE, &format!("{}.ics", path.trim_end_matches('/'))));
    let called = if event["number"].is_u64() { format!("{short_name} {name}") } else { name.to_owned() };
    let cancelled = if event["status"] == "held" { "" } else { "Cancelled: " };
    assert_eq!(entry["SUMMARY"], format!("{cancelled}{called}"));
    assert_eq!(entry.get("LOCATION").map(String::as_str), event["place"].as_str());
    let start = entry.get("DTSTART").or(entry.get("DTSTART;VALUE=DATE")).unwrap();
    assert_eq!(start[..8], day.replace('-', ""), "no meetup begins before two in the morning");

    let entry = feed_entry(&text(site, LATE, "/feed.xml"), url);
    if let Some((title, content)) = &entry {
        assert_eq!(*title, format!("{cancelled}{name}"));
        assert!(
            content.contains(when) && venues.iter().all(|venue| content.contains(&words(venue))),
            "{path}: {content}"
        );
    }
    entry.is_some()
}

fn events(site: &Site) -> Vec<Value> {
    let file: Value = serde_json::from_str(&text(site, LATE, "/api/events.json")).unwrap();
    file["events"].as_array().unwrap().clone()
}

#[test]
fn every_event_of_the_content_is_called_the_same_in_all_forms() {
    let site = real(Some(BASE));
    let events = events(&site);
    assert!(events.len() >= 77, "{}", events.len());
    let in_feed = events.iter().filter(|event| check(&site, event)).count();
    assert!(in_feed > 10, "only {in_feed} events are in the feed");
}

#[test]
fn title_topic_and_talks_count_in_the_same_order_in_all_forms() {
    let talks = "talks:\n  - {title: Kestrels in flight, speakers: [Ada Neuling]}\n  - {title: Plovers at rest}\n";
    let meetup = |number: u8, more: &str| {
        format!("number: {number}\ndate: 2026-0{number}-05\ntime: 18:30\nvenue: Old Mill\n{more}{talks}")
    };
    let files = [
        ("meetups/003.yaml", meetup(3, "title: Harbour special\n")),
        ("meetups/004.yaml", meetup(4, "title: Harbour special\ntopic: Birds\n")),
        ("meetups/005.yaml", meetup(5, "")),
        ("meetups/006.yaml", meetup(6, "title: 6th Meetup\n")),
        (
            "meetups/wa.yaml",
            "code: WA\ntitle: Workshop\ndate: 2026-07-05\nformat: online\nstatus: cancelled\n".to_owned(),
        ),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let site = small(&files, Some(BASE));
    let events = events(&site);
    for event in &events {
        assert!(check(&site, event), "{event} is not in the feed");
    }
    let names: Vec<&str> = events.iter().map(|event| event["name"].as_str().unwrap()).collect();
    let talks = "Kestrels in flight / Plovers at rest";
    let by_talks = [5, 6].map(|number| format!("Meetup {number}: {talks}"));
    assert_eq!(names, ["Meetup 3: Harbour special", "Meetup 4: Birds", &by_talks[0], &by_talks[1], "Workshop"]);
}

#[test]
fn a_new_meetup_is_above_the_past_one_in_feeds() {
    let files = [
        ("meetups/002.yaml", "number: 2\ndate: 2026-10-08\ntopic: Second evening\n"),
        ("meetups/003.yaml", "number: 3\ndate: 2026-12-03\ntopic: Third evening\n"),
        ("meetups/004.yaml", "number: 4\ndate: 2027-01-14\ntopic: Fourth evening\n"),
    ];
    let site = small(&files, Some(BASE));
    let day = date(2026, 11, 10);
    let feed = feed_rs::parser::parse(text(&site, day, "/feed.xml").as_bytes()).unwrap();
    let entries: Vec<(String, String)> = feed
        .entries
        .iter()
        .map(|entry| (entry.title.as_ref().unwrap().content.clone(), entry.updated.unwrap().to_rfc3339()))
        .collect();
    let is = |title: &str, updated: &str| (title.to_owned(), format!("{updated}T22:00:00+00:00"));
    assert_eq!(
        entries,
        [
            is("Meetup 3: Third evening", "2026-10-08"),
            is("Meetup 4: Fourth evening", "2026-10-08"),
            is("Meetup 2: Second evening", "2026-10-07"),
        ],
        "midnight in Vienna, the day after the last event and its day"
    );
}
