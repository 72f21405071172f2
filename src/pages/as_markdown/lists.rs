//! The lists of the navigation, whole and in their usual order.

use jiff::civil::Date;

use super::lines;
use super::write::{Page, escape, to};
use crate::pages::{Site, announcements, articles, events, jobs, listing, people, talks, topics, venues, words};

type List = fn(&mut Page<'_>, Date);

/// Each list with what writes it.
const LISTS: [(&str, &str, List); 8] = [
    (events::PATH, "Meetups", meetup_list),
    (talks::PATH, "Talks", talk_list),
    (articles::PATH, "Hot topics", hot_topic_list),
    (people::PATH, "People", people_list),
    (topics::PATH, "Topics", topic_list),
    (venues::PATH, "Venues", venue_list),
    (jobs::PATH, "Jobs", job_list),
    (announcements::PATH, "Events", announcement_list),
];

/// Whether a list is at this path.
pub(super) fn is_one(path: &str) -> bool {
    LISTS.iter().any(|(known, ..)| *known == path)
}

pub(super) fn list(site: &Site, day: Date, path: &str) -> Option<String> {
    let (_, title, write) = LISTS.iter().find(|(known, ..)| *known == path)?;
    let mut page = Page::new(site, title);
    write(&mut page, day);
    Some(page.done())
}

fn meetup_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    page.paragraph(&words::count(site.archive.events.len(), "meetup"));
    page.list(site.archive.event_ids().rev().map(|id| lines::event(site, id)));
}

fn talk_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    page.paragraph(&words::count(site.archive.talks.len(), "talk"));
    page.list(site.archive.talk_ids().rev().map(|id| lines::talk(site, id)));
}

fn hot_topic_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    page.part("Articles", site.archive.article_ids().map(|id| lines::article(site, id)));
    page.heading(2, "At the meetups");
    match site.archive.hot_topics.is_empty() {
        true => page.paragraph("No hot topic is on record yet."),
        false => page.list(site.archive.hot_topic_ids().rev().map(|id| lines::hot_topic(site, id))),
    }
}

fn people_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    let archive = &site.archive;
    page.paragraph(&words::count(archive.people.len(), "person"));
    page.list(archive.people.iter().map(|person| {
        let organiser = if person.organiser { " (organiser)" } else { "" };
        let institutions = people::institutions(person).join("; ");
        let talks = (!person.talks.is_empty()).then(|| words::count(person.talks.len(), "talk"));
        let known = Some(escape(&institutions)).filter(|text| !text.is_empty()).into_iter().chain(talks);
        let known = known.collect::<Vec<_>>().join(" · ");
        let known = if known.is_empty() { String::new() } else { format!(": {known}") };
        format!("{}{organiser}{known}", to(site, &person.name, &person.route))
    }));
}

fn topic_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    let mut topics: Vec<_> = site.archive.topics.iter().collect();
    topics.sort_by_cached_key(|topic| listing::sortable(&topic.name));
    page.list(topics.into_iter().map(|topic| {
        let counts = [(topic.talks.len(), "talk"), (topic.articles.len(), "article")];
        let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| words::count(count, what));
        let known = counts.chain(topic.about.as_deref().map(escape)).collect::<Vec<_>>().join(" · ");
        let known = if known.is_empty() { String::new() } else { format!(": {known}") };
        format!("{}{known}", to(site, &topic.name, &topic.route))
    }));
}

fn venue_list(page: &mut Page<'_>, _day: Date) {
    let site = page.site;
    let mut venues: Vec<_> = site.archive.venues.iter().collect();
    venues.sort_by_key(|venue| std::cmp::Reverse(venue.events.len()));
    page.list(venues.into_iter().map(|venue| {
        let place = venue.address.as_deref().map_or_else(String::new, |address| format!(" · {}", escape(address)));
        let count = words::count(venue.events.len(), "meetup");
        format!("{}: {count}{place}", to(site, &venue.name, &venue.route))
    }));
}

fn job_list(page: &mut Page<'_>, day: Date) {
    let site = page.site;
    let (open, closed): (Vec<_>, Vec<_>) = site.archive.job_ids().partition(|id| site.archive[*id].is_open(day));
    let as_of = if open.is_empty() { String::new() } else { lines::as_of(site, day) };
    page.heading(2, &format!("Open{as_of}"));
    let mail = site.archive.site.contact.as_deref();
    let mail = mail.map_or_else(String::new, |mail| format!(" To announce one at a meetup, write to {}.", lines::mail(mail)));
    match open.is_empty() {
        true => page.paragraph(&format!("No open offer is on record.{mail}")),
        false => page.list(open.into_iter().map(|id| lines::job(site, day, id))),
    }
    page.part("Closed", closed.into_iter().map(|id| lines::job(site, day, id)));
}

fn announcement_list(page: &mut Page<'_>, day: Date) {
    let site = page.site;
    let (coming, news, past) = announcements::by_time(&site.archive, day);
    let as_of = if coming.is_empty() { String::new() } else { lines::as_of(site, day) };
    page.heading(2, &format!("Coming{as_of}"));
    match coming.is_empty() {
        true => page.paragraph("No coming event is on record."),
        false => page.list(coming.into_iter().map(|id| lines::announcement(site, id))),
    }
    page.part("News", news.into_iter().map(|id| lines::announcement(site, id)));
    page.part("Past", past.into_iter().map(|id| lines::announcement(site, id)));
}
