//! Pages with a text: articles, offers, announcements, pages of prose.

use jiff::civil::Date;

use super::lines;
use super::write::{Page, escape, link, links, to};
use crate::archive::{Announcement, ArticleId, Job};
use crate::content::{Paper, Slot};
use crate::pages::{Site, article, prose, text, words};

pub(super) fn article(site: &Site, id: ArticleId) -> String {
    let archive = &site.archive;
    let it = &archive[id];
    let mut page = Page::new(site, &it.title);
    page.paragraph(&escape(it.summary.as_deref().unwrap_or("Hot topic")));
    let papers: Vec<String> = it.papers.iter().map(paper).collect();
    page.facts([
        ("Presented by", Some(lines::people(site, &it.presenters))),
        ("At", it.event.map(|event| lines::meetup(site, event))),
        ("Date", it.date.map(|date| words::plain_day(&date))),
        ("Topics", Some(lines::topics(site, &it.tags))),
        (if papers.len() == 1 { "Paper" } else { "Papers" }, Some(papers.join("; "))),
    ]);
    page.text(&prose::markdown(site, &it.body));
    page.part("On stage", it.entries.iter().map(|id| lines::hot_topic(site, *id)));
    page.part("Other articles", article::others(archive, id).into_iter().map(|id| lines::article(site, id)));
    page.done()
}

fn paper(paper: &Paper) -> String {
    let authors = paper.authors.as_ref().map_or_else(String::new, |authors| format!("{}: ", escape(authors)));
    let title = article::read_at(paper).map_or_else(|| escape(&paper.title), |url| link(&paper.title, &url));
    let number = paper.arxiv.as_ref().map_or_else(String::new, |number| format!(" (arXiv:{})", escape(number)));
    format!("{authors}{title}{number}")
}

pub(super) fn job(site: &Site, day: Date, job: &Job) -> String {
    let offer = &job.offer;
    let mut page = Page::new(site, &offer.title);
    let place = offer.place.as_ref().map_or_else(String::new, |place| format!(", {}", escape(place)));
    let state = if job.is_open(day) { "open until" } else { "closed since" };
    let closes = words::plain_day(&job.closes);
    page.paragraph(&format!("Job offer of {}{place}; {state} {closes}.", escape(&offer.company)));
    let contact = offer.contact.as_ref().map(|contact| {
        let mail = contact.mail.as_deref().map(lines::mail);
        let words = [contact.name.as_deref().map(escape), mail, contact.phone.as_deref().map(escape)];
        words.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    let event = job.event.map_or_else(String::new, |event| format!(", at {}", lines::meetup(site, event)));
    page.facts([
        (if offer.roles.len() == 1 { "Position" } else { "Positions" }, Some(escape(&offer.roles.join("; ")))),
        ("Announced", Some(format!("{}{event}", words::plain_day(&offer.date)))),
        ("Contact", contact),
        (if job.is_open(day) { "Apply" } else { "Page of the offer" }, offer.apply.as_ref().map(|url| link(url, url))),
    ]);
    page.text(&prose::markdown(site, &offer.body));
    page.done()
}

pub(super) fn announcement(site: &Site, day: Date, it: &Announcement) -> String {
    let archive = &site.archive;
    let mut page = Page::new(site, &it.title);
    let past = if it.is_past(day) { " (past)" } else { "" };
    page.paragraph(&format!("{}{past}", words::capital(it.kind.word())));
    let time = it.time.as_ref().map_or_else(String::new, |time| format!(", {}", escape(&time.replace('-', "–"))));
    let event = it.event.map(|id| {
        let date = archive[id].date.map_or_else(String::new, |date| format!(", {}", words::plain_day(&date)));
        format!("{}{date}", lines::meetup(site, id))
    });
    page.facts([
        ("Date", it.date.map(|date| format!("{}{time}", words::days(&date, &it.end_date).text()))),
        ("Place", it.place.as_deref().map(escape)),
        ("Address", it.address.as_deref().map(escape)),
        ("Hosted by", it.host.as_deref().map(escape)),
        ("Page", it.url.as_ref().map(|url| link(url, url))),
        ("Take part", it.registration.as_ref().filter(|_| it.is_open(day)).map(|url| link("Register", url))),
        ("Price", it.price.as_ref().map(words::price)),
        ("Part of", it.part_of.map(|id| to(site, &archive[id].title, &archive[id].route))),
        ("Announced at", event),
    ]);
    page.text(&prose::markdown(site, &it.body));
    for day in it.programme.chunk_by(|(a, _), (b, _)| a.day == b.day) {
        let date = day[0].0.day;
        page.heading(2, &date.map_or_else(|| "Programme".to_owned(), |date| words::long_day(&date).text()));
        page.list(day.iter().map(|(slot, people)| programme_item(site, slot, people)));
    }
    page.part("Parts", it.parts.iter().map(|id| lines::announcement(site, *id)));
    page.done()
}

fn programme_item(site: &Site, slot: &Slot, people: &[Option<crate::archive::PersonId>]) -> String {
    let time = slot.time.as_ref().map_or_else(String::new, |time| format!("{} ", escape(&time.replace('-', "–"))));
    let kind = slot.kind.as_ref().map_or_else(String::new, |kind| format!(" ({})", escape(kind)));
    let stage = slot.stage.as_ref().map(|stage| match stage.parse::<u8>() {
        Ok(number) => format!("Stage {number}"),
        Err(_) => escape(stage),
    });
    let speaker = |(name, id): (&crate::problem::Text, &Option<_>)| match id {
        Some(id) => lines::people(site, &[*id]),
        None => escape(name),
    };
    let by = slot.speakers.iter().zip(people).map(speaker).chain(stage).collect::<Vec<_>>().join(", ");
    let by = if by.is_empty() { String::new() } else { format!(": {by}") };
    format!("{time}{}{kind}{by}", escape(&slot.title))
}

pub(super) fn page(site: &Site, it: &crate::archive::Page) -> String {
    let mut page = Page::new(site, &it.title);
    page.paragraph(&it.summary.as_deref().map(escape).unwrap_or_default());
    page.text(&prose::markdown(site, &it.body));
    if it.route.as_str() == text::ABOUT {
        group(&mut page);
    }
    page.done()
}

/// The organisers and the logo, below the page about the group.
fn group(page: &mut Page<'_>) {
    let site = page.site;
    let archive = &site.archive;
    let organiser = |organiser: &crate::archive::Organiser| {
        let person = &archive[organiser.person];
        let institutions: Vec<&str> = person.affiliations.iter().map(|affiliation| affiliation.name.as_str()).collect();
        let elsewhere = person.links.iter().map(|it| link(it.text(), &it.href));
        let portrait = organiser.photo.iter().map(|url| link("Portrait", url));
        let institutions = Some(escape(&institutions.join("; "))).filter(|text| !text.is_empty());
        let known = institutions.into_iter().chain(elsewhere).chain(portrait).collect::<Vec<_>>().join(" · ");
        format!("{}: {known}", to(site, &person.name, &person.route))
    };
    page.part("Organisers", archive.site.organisers.iter().map(organiser));
    let other = |other: &crate::archive::CoOrganiser| {
        let name = match other.person {
            Some(id) => lines::people(site, &[id]),
            None => escape(&other.name),
        };
        let event = other.event.map(|id| lines::meetup(site, id));
        let known = [Some(name), other.affiliation.as_deref().map(escape), event, other.note.as_deref().map(escape)];
        known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    page.part("Co-organisers", archive.site.co_organisers.iter().map(other));
    page.part("Logo", links(site, &archive.site.logo, "Logo"));
}
