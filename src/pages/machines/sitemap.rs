//! `/sitemap.xml`: all pages, with the day of the last change where the content tells one (sitemaps.org, protocol 0.9). The protocol wants
//! whole addresses, so there is none while the site does not know its own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::api;
use super::atom::text;
use crate::archive::{Archive, EventId};
use crate::pages::{Answer, CachePolicy, Kind, Request, Site, frame::SECTIONS, prose};

pub(in crate::pages) const KIND: Kind = Kind { answer, paths };

pub(in crate::pages) const PATH: &str = "/sitemap.xml";
/// Pages of one file at most, as the protocol says.
const MOST: usize = 50_000;

/// Whether there is one.
pub(in crate::pages) fn is_there(site: &Site) -> bool {
    site.base.is_some()
}

fn paths(site: &Site) -> Vec<String> {
    if !is_there(site) {
        return Vec::new();
    }
    let parts = (pages(site).len()).div_ceil(MOST);
    let files = if parts > 1 { (1..=parts).map(part).collect() } else { Vec::new() };
    std::iter::once(PATH.to_owned()).chain(files).collect()
}

/// The file of a part, from 1: `/sitemap-2.xml`.
fn part(number: usize) -> String {
    format!("/sitemap-{number}.xml")
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let number = request.path.strip_prefix("/sitemap")?.strip_suffix(".xml").filter(|_| is_there(request.site))?;
    let xml = write(request, MOST, number)?;
    Some(Answer::new(200, "application/xml; charset=utf-8", CachePolicy::Page, xml.into_bytes()))
}

/// The file that is numbered so: all pages, or the index of the parts, or a part. How many parts there are does not change with the day.
fn write(request: &Request<'_>, most: usize, number: &str) -> Option<String> {
    let all = pages(request.site);
    let parts = all.len().div_ceil(most);
    match number {
        "" if parts > 1 => Some(index(request.site, parts)),
        "" => Some(urls(request, &all)),
        _ => {
            let number: usize = number.strip_prefix('-')?.parse().ok()?;
            let of_part = all.chunks(most).nth(number.checked_sub(1)?).filter(|_| parts > 1)?;
            Some(urls(request, of_part))
        }
    }
}

/// All pages that can be in it.
fn pages(site: &Site) -> Vec<String> {
    let lists = SECTIONS.iter().map(|section| section.path);
    let api = site.extras.data.then_some(api::PATH);
    let all = std::iter::once("/").chain(lists).chain(api).map(str::to_owned);
    all.chain(prose::all_routes(&site.archive)).collect()
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";

fn index(site: &Site, parts: usize) -> String {
    let mut xml = format!("{HEAD}<sitemapindex {NAMESPACE}>\n");
    for number in 1..=parts {
        xml.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", text(&site.address(&part(number)))));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// All of these pages but closed offers, which are kept out of search engines.
fn urls(request: &Request<'_>, paths: &[String]) -> String {
    let days = days(request.archive, request.day);
    let mut xml = format!("{HEAD}<urlset {NAMESPACE}>\n");
    for path in paths {
        let day = match days.get(path.as_str()) {
            Some(Listed::Closed) => continue,
            Some(Listed::Changed(day)) => format!("<lastmod>{day}</lastmod>"),
            None => String::new(),
        };
        xml.push_str(&format!("<url><loc>{}</loc>{day}</url>\n", text(&request.site.address(path))));
    }
    xml.push_str("</urlset>\n");
    xml
}

/// What is known of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    /// The last day of which the content knows a change.
    Changed(Date),
    /// Not to be listed.
    Closed,
}

/// What is known of pages, by their paths. A page of which nothing is known is not in it.
fn days(archive: &Archive, day: Date) -> BTreeMap<&str, Listed> {
    let mut days: BTreeMap<&str, Listed> = BTreeMap::new();
    let mut put = |path, changed: Option<Date>| {
        if let Some(changed) = changed.filter(|changed| *changed <= day) {
            days.insert(path, Listed::Changed(changed));
        }
    };
    let event = |id: EventId| event_changed(archive, id, day);
    let latest = |events: &[EventId]| events.iter().filter_map(|id| event(*id)).max();
    for id in archive.event_ids() {
        put(archive[id].route.as_str(), event(id));
    }
    for talk in archive.talks.iter() {
        put(talk.route.as_str(), event(talk.event));
    }
    for article in &archive.articles {
        put(article.route.as_str(), archive.article_dated(article, day));
    }
    for person in &archive.people {
        put(person.route.as_str(), latest(&crate::pages::people::events(archive, person)));
    }
    for venue in &archive.venues {
        put(venue.route.as_str(), latest(&venue.events));
    }
    for topic in &archive.topics {
        let articles = topic.articles.iter().filter_map(|id| archive.article_dated(&archive[*id], day)).max();
        put(topic.route.as_str(), latest(&topic.events).max(articles));
    }
    for announcement in &archive.announcements {
        put(announcement.route.as_str(), archive.announcement_dated(announcement, day));
    }
    for job in &archive.jobs {
        put(job.route.as_str(), archive.job_dated(job, day));
    }
    let events = latest(&archive.event_ids().collect::<Vec<_>>());
    let articles = archive.articles.iter().filter_map(|article| archive.article_dated(article, day)).max();
    let announced = archive.announcements.iter().filter_map(|known| archive.announcement_dated(known, day)).max();
    let offered = archive.jobs.iter().filter_map(|job| archive.job_dated(job, day)).max();
    for path in ["/meetups/", "/talks/", "/people/", "/venues/"] {
        put(path, events);
    }
    put("/hot-topics/", events.max(articles));
    put("/topics/", events.max(articles));
    put("/events/", announced);
    put("/jobs/", offered);
    put("/", events.max(articles).max(announced).max(offered));
    days.extend(closed_offers(archive, day));
    days
}

/// Offers that are closed on a day.
fn closed_offers(archive: &Archive, day: Date) -> impl Iterator<Item = (&str, Listed)> {
    archive.jobs.iter().filter(move |job| !job.is_open(day)).map(|job| (job.route.as_str(), Listed::Closed))
}

/// The last day of which the content knows a change of an event: since when it is over, or its last change on record.
fn event_changed(archive: &Archive, id: EventId, day: Date) -> Option<Date> {
    let event = &archive[id];
    event.last_day().filter(|last| *last < day).max(event.last_change())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::query::Query;

    #[test]
    fn more_pages_than_one_file_may_have_are_in_parts_that_an_index_names() {
        let site = crate::pages::tests::site();
        let query = Query::parse("");
        let request = Request::new(&site, Date::MAX, PATH, &query);
        let whole = write(&request, MOST, "").unwrap();
        let all = pages(&site).len();
        let index = write(&request, 10, "").unwrap();
        let named: Vec<&str> = index.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
        assert_eq!(named.len(), all.div_ceil(10));
        let locations = |xml: &str| xml.lines().filter(|line| line.starts_with("<url>")).map(str::to_owned).collect::<Vec<_>>();
        let mut parts = Vec::new();
        for path in named {
            let number = path.strip_prefix("/sitemap").and_then(|rest| rest.strip_suffix(".xml")).unwrap();
            parts.extend(locations(&write(&request, 10, number).unwrap()));
        }
        assert!(parts.len() > 20 && parts == locations(&whole), "{parts:?}");
        for none in ["-0", "-99", "-x", "s", "-1 "] {
            assert_eq!(write(&request, 10, none), None, "{none}");
        }
        assert_eq!(write(&request, MOST, "-1"), None, "one file has no parts");
    }
}
