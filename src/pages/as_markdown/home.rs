//! The home page.

use jiff::civil::Date;

use super::lines;
use super::write::{Page, escape, link, to};
use crate::archive::EventId;
use crate::pages::{Site, home, words};

pub(super) fn home(site: &Site, day: Date) -> String {
    let archive = &*site.archive;
    let mut page = Page::new(site, &archive.site.name);
    page.paragraph(&escape(&archive.site.description));
    let next = archive.next_event(day);
    if let Some(id) = next.or_else(|| archive.latest_event(day)) {
        hero(&mut page, day, id, next.is_some());
    }
    let as_of = lines::as_of(site, day);
    page.heading(2, "Find a talk");
    page.paragraph(&lines::topics(site, &home::popular_topics(archive)));
    let later = archive.coming_events(day).into_iter().skip(1).take(home::LATEST);
    page.part(&format!("Further ahead{as_of}"), later.map(|id| lines::event(site, id)));
    let coming = home::coming_announcements(archive, day);
    page.part(&format!("Coming events{as_of}"), coming.into_iter().map(|id| lines::announcement(site, id)));
    let jobs = archive.job_ids().filter(|id| archive[*id].is_open(day)).take(home::LATEST);
    page.part(&format!("Open jobs{as_of}"), jobs.map(|id| lines::job(site, day, id)));
    page.part("Hot topics", archive.article_ids().take(home::LATEST).map(|id| lines::article(site, id)));
    let talks = home::latest_talks(archive, day).into_iter().map(|id| lines::talk(site, id));
    page.part(&format!("Latest talks{}", if next.is_some() { as_of.as_str() } else { "" }), talks);
    page.heading(2, "The archive");
    let count = |count: &home::Count| format!("{}: {}", link(count.what, &site.address(count.path)), count.number);
    page.list(home::counts(site).iter().map(count));
    let first = archive.site.first_meetup.or_else(|| archive.events.iter().find_map(|event| event.date));
    if let Some(first) = first {
        page.paragraph(&format!("Since the first meetup on {}.", words::plain_day(&first)));
    }
    page.done()
}

fn hero(page: &mut Page<'_>, day: Date, id: EventId, coming: bool) {
    let site = page.site;
    let event = &site.archive[id];
    // With the number that the page hides from view and not from ears.
    page.heading(2, &format!("{}: {}", words::meetup(event), words::headline(event)));
    let kicker = if coming { format!("Next meetup{}", lines::as_of(site, day)) } else { "Latest meetup".to_owned() };
    let time = event.time.map_or_else(String::new, |time| format!(", {}", words::clock(&time)));
    page.paragraph(&format!("{kicker}: {}", to(site, &words::meetup(event), &event.route)));
    let register = words::register(event).filter(|_| coming).map(|(words, url)| link(words, url));
    page.facts([
        ("Date", Some(format!("{}{time}", lines::when(event)))),
        ("Venue", Some(lines::place(site, event))),
        ("Register", register),
    ]);
    page.list(event.talks.iter().map(|id| lines::talk(site, *id)));
}
