//! Feeds, read by a feed parser.

use std::collections::BTreeSet;

use feed_rs::model::{Feed, FeedType};
use jiff::civil::date;
use scraper::{Html, Selector};
use vdlm::site::Site;

use super::{BASE, BUSY, LATE, get, path_in_site, real, routes, small, text};

/// Bytes of a feed at most. Readers refuse those of megabytes.
const LARGEST: usize = 1 << 20;

fn parse(xml: &str) -> Feed {
    let document = roxmltree::Document::parse(xml).unwrap();
    let root = document.root_element();
    assert_eq!((root.tag_name().name(), root.tag_name().namespace()), ("feed", Some("http://www.w3.org/2005/Atom")));
    let feed = feed_rs::parser::parse(xml.as_bytes()).unwrap();
    assert_eq!(feed.feed_type, FeedType::Atom);
    feed
}

/// Every address in a feed, those of its contents too.
fn addresses(feed: &Feed, xml: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let links = document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "link")));
    let mut found: Vec<String> = links.filter_map(|link| link.attribute("href").map(str::to_owned)).collect();
    for entry in &feed.entries {
        let html = Html::parse_fragment(entry.content.as_ref().unwrap().body.as_ref().unwrap());
        for attribute in ["href", "src"] {
            let with = Selector::parse(&format!("[{attribute}]")).unwrap();
            found.extend(html.select(&with).filter_map(|element| element.value().attr(attribute).map(str::to_owned)));
        }
    }
    found
}

#[test]
fn every_feed_can_be_read_and_leads_to_pages_that_are_there() {
    for base in [Some(BASE), None] {
        let site = real(base);
        let pages: BTreeSet<String> = vdlm::site::routes(&site).into_iter().collect();
        let (mut feeds, mut entries, mut followed, mut elsewhere) = (0, 0, 0, 0);
        for path in routes(&site, "/feed.xml") {
            let (status, media_type, xml) = get(&site, BUSY, &path);
            assert_eq!((status, media_type), (200, "application/atom+xml; charset=utf-8"), "{path}");
            assert!(xml.len() < LARGEST, "{path} has {} bytes", xml.len());
            let feed = parse(&xml);
            let ids: BTreeSet<&str> = feed.entries.iter().map(|entry| entry.id.as_str()).collect();
            assert!(ids.len() == feed.entries.len() && ids.iter().all(|id| id.starts_with("urn:uuid:")), "{path}");
            assert!(feed.entries.len() <= 30 && feed.title.is_some() && !feed.authors.is_empty(), "{path}");
            let dates: Vec<_> = feed.entries.iter().map(|entry| entry.updated.unwrap()).collect();
            assert!(
                dates.is_sorted_by(|a, b| a >= b) && dates.first().is_none_or(|first| feed.updated >= Some(*first)),
                "{path}"
            );
            let mut own = false;
            for address in addresses(&feed, &xml) {
                assert!(
                    base.is_none() || address.contains("://") || address.starts_with("mailto:"),
                    "{path}: {address}"
                );
                assert!(!address.starts_with('/') && !address.starts_with('#'), "{path}: {address}");
                match path_in_site(&address, &path) {
                    Some(target) => {
                        assert!(pages.contains(&target), "{path} leads to {target}");
                        own |= target == path;
                        followed += 1;
                    }
                    None => elsewhere += 1,
                }
            }
            assert!(own, "{path} names itself");
            feeds += 1;
            entries += feed.entries.len();
        }
        assert!(
            feeds > 140 && entries > 400 && followed > 1500 && elsewhere > 200,
            "{feeds}, {entries}, {followed}, {elsewhere}"
        );
    }
}

#[test]
fn feeds_are_found_from_the_pages_they_belong_to() {
    let site = real(Some(BASE));
    let mut found = 0;
    for path in routes(&site, "/feed.xml").into_iter().chain(routes(&site, ".ics")) {
        let page = match path.strip_suffix("feed.xml") {
            Some(page) => page.to_owned(),
            None => format!("{}/", path.trim_end_matches(".ics")),
        };
        let document = Html::parse_document(&text(&site, LATE, &page));
        let media_type = if path.ends_with(".ics") { "text/calendar" } else { "application/atom+xml" };
        let link =
            Selector::parse(&format!("head link[rel=alternate][type='{media_type}'][title][href='{path}']")).unwrap();
        assert_eq!(document.select(&link).count(), 1, "{page} does not name {path}");
        let seen = Selector::parse(&format!("main a[href='{path}'], footer a[href='{path}']")).unwrap();
        assert!(document.select(&seen).next().is_some(), "nobody sees {path} on {page}");
        found += 1;
    }
    assert!(found > 370, "{found}");
}

#[test]
fn the_day_of_an_entry_comes_from_the_content() {
    let site = real(None);
    let titles = |day| {
        parse(&text(&site, day, "/feed.xml"))
            .entries
            .iter()
            .map(|e| e.title.clone().unwrap().content)
            .collect::<Vec<_>>()
    };
    assert!(titles(LATE)[0].starts_with("Meetup 75: "), "{:?}", titles(LATE));
    let feed = parse(&text(&site, BUSY, "/feed.xml"));
    // The 29th is of tomorrow then, and newer than the 28th.
    let coming =
        feed.entries.iter().find(|entry| entry.title.as_ref().unwrap().content.starts_with("Meetup 29: ")).unwrap();
    let before = site.archive.events.iter().filter_map(|event| event.date()).filter(|date| *date < BUSY).max().unwrap();
    assert!(
        coming.updated.unwrap().to_rfc3339().starts_with(&before.to_string()),
        "midnight in Vienna, on the day after"
    );
    let article = parse(&text(&site, LATE, "/hot-topics/feed.xml"));
    assert_eq!(article.entries.len(), site.archive.articles.len());
    assert!(article.entries.iter().all(|entry| entry.updated.unwrap().to_rfc3339() == "2019-09-23T22:00:00+00:00"));
    let ids = |base| {
        parse(&text(&real(base), LATE, "/feed.xml")).entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ids(Some(BASE)), "another address");
}

#[test]
fn what_is_prepared_for_a_day_to_come_is_dated_when_it_can_have_been_made() {
    let site = small(
        &[
            ("meetups/001.yaml", "number: 1\ndate: 2020-01-10\ntopic: A\n"),
            ("meetups/002.yaml", "number: 2\ndate: 2020-03-10\ntopic: B\n"),
            ("hot-topics/prepared.md", "---\ntitle: Prepared\nmeetup: 2\ndate: 2020-03-10\n---\nText.\n"),
            ("jobs/later.md", "---\ntitle: Later\ncompany: C\ndate: 2020-03-01\n---\nText.\n"),
            ("events/made.md", "---\ntitle: Made\nkind: conference\ndate: 2020-05-01\nmeetup: 2\n---\nText.\n"),
        ],
        Some(BASE),
    );
    let midnight = |day: jiff::civil::Date| format!("{}T23:00:00+00:00", day.yesterday().unwrap());
    let days = |day| -> Vec<String> {
        let feed = parse(&text(&site, day, "/feed.xml"));
        [feed.updated]
            .into_iter()
            .chain(feed.entries.iter().map(|entry| entry.updated))
            .map(|day| day.unwrap().to_rfc3339())
            .collect()
    };
    // What is still to come counts as published on the day after the first meetup, and is newer than that.
    assert_eq!(
        days(date(2020, 2, 1)),
        [vec![midnight(date(2020, 1, 11)); 5], vec![midnight(date(2020, 1, 10))]].concat()
    );
    assert_eq!(days(date(2020, 3, 11)).iter().filter(|day| **day == midnight(date(2020, 3, 10))).count(), 4);
    for named in ["article:published_time", "datePublished"] {
        let said = |day| text(&site, day, "/hot-topics/prepared/").contains(named);
        assert!(!said(date(2020, 3, 9)) && said(date(2020, 3, 10)), "{named}");
    }
    // The first version of an entry in a calendar is older than each later one.
    let calendar = text(&site, date(2020, 2, 1), "/events/made.ics");
    assert!(calendar.contains("DTSTAMP:20200110T000000Z\r\n"), "{calendar}");
}

#[test]
fn an_article_has_its_whole_text_and_its_figures_by_name() {
    let site = real(Some(BASE));
    let feed = parse(&text(&site, LATE, "/hot-topics/feed.xml"));
    let radam =
        feed.entries.iter().find(|entry| entry.links.iter().any(|link| link.href.ends_with("/radam/"))).unwrap();
    let content = radam.content.as_ref().unwrap().body.as_ref().unwrap();
    assert!(
        content.len() > 3000 && content.contains("<math") && !content.contains("<svg") && !content.contains("<script")
    );
    assert!(content.contains("<h2 id=\"") && !content.contains(">#</a>"), "headings alone: {content}");
    assert!(content.contains(&format!("<a href=\"{BASE}hot-topics/radam/#figure-1\">Figure: ")), "{content}");
    let page = Html::parse_document(&text(&site, LATE, "/hot-topics/radam/"));
    assert!(page.select(&Selector::parse("#figure-1").unwrap()).next().is_some());
    let presented = |person: &feed_rs::model::Person| person.name.as_deref() == Some("Michael Pieler");
    assert!(radam.contributors.iter().any(presented) && radam.summary.is_some());
    // The author is that of the feed, as in the JSON-LD of the page.
    assert!(radam.authors.is_empty() && feed.authors.len() == 1, "{:?}", radam.authors);
    let data = page.select(&Selector::parse("script[type='application/ld+json']").unwrap()).next().unwrap();
    let data: serde_json::Value = serde_json::from_str(&data.text().collect::<String>()).unwrap();
    let article = data["@graph"].as_array().unwrap().iter().find(|thing| thing["@type"] == "Article").unwrap();
    assert_eq!(article["author"][0]["name"], feed.authors[0].name.as_deref().unwrap());
}

fn jobs(site: &Site, day: jiff::civil::Date) -> usize {
    parse(&text(site, day, "/jobs/feed.xml")).entries.len()
}

#[test]
fn closed_offers_are_in_no_feed_and_hostile_text_stays_text() {
    let hostile = "A, B; <script>alert(1)</script> ]]> & \\\"q\\\" \\u0001\\u0008";
    let job = format!(
        "---\ntitle: \"{hostile}\"\ncompany: \"<b>C]]>\"\ndate: 2020-01-01\nexpires: 2020-02-01\n---\n<script>alert(2)</script>\n\n[x](javascript:alert(3)) [me](/people/jane/#a) ![y](z.png)\n"
    );
    let event = format!(
        "number: 1\ndate: 2019-12-01\ntopic: \"{hostile}\"\ntalks:\n  - title: \"{hostile}\"\n    speakers: [Jane]\n"
    );
    let site = small(&[("jobs/one.md", &job), ("meetups/001.yaml", &event)], Some(BASE));
    assert_eq!([date(2020, 1, 15), date(2020, 2, 1), date(2020, 2, 2)].map(|day| jobs(&site, day)), [1, 1, 0]);
    let feed = parse(&text(&site, date(2020, 1, 15), "/feed.xml"));
    assert_eq!(feed.entries.len(), 2);
    for entry in &feed.entries {
        let title = &entry.title.as_ref().unwrap().content;
        assert!(title.contains("A, B; <script>alert(1)</script> ]]> & \"q\""), "{title}");
        let html = Html::parse_fragment(entry.content.as_ref().unwrap().body.as_ref().unwrap());
        assert_eq!(
            html.select(&Selector::parse("script, b, [href^=javascript]").unwrap()).count(),
            0,
            "{}",
            html.html()
        );
    }
    let job = feed.entries[0].content.as_ref().unwrap().body.as_ref().unwrap();
    assert!(job.contains(&format!("href=\"{BASE}people/jane/#a\"")), "{job}");
    assert_eq!(parse(&text(&site, date(2020, 2, 2), "/feed.xml")).entries.len(), 1);
}
