//! `card.png` beside each page: the picture that stands for it where it is linked to.

use super::frame::SECTIONS;
use super::{Answer, CachePolicy, Kind, Request, Site, person, prose, words};
use crate::archive::{Announcement, Archive, Article, Event, Job, Page, PersonId, Talk, Target, Topic, Venue};
use crate::card::{self, Card};
use crate::chart::{self, Picture};
use crate::html::Html;
use crate::problem::Text;

pub(super) const KIND: Kind = Kind { answer, paths };

/// Width and height in pixels.
pub(super) const WIDTH: u32 = card::SIZE.0;
/// Height in pixels.
pub(super) const HEIGHT: u32 = card::SIZE.1;

/// What the picture is called, from the address of its page.
const NAME: &str = "card.png";
/// The longest code of an event that stands in the margin as a number does, in characters.
const LONGEST_CODE: usize = 4;

/// The path of the picture of a page; a page without one of its own has that of the home page. None where the site has no cards.
pub(super) fn address(site: &Site, page: &str) -> Option<String> {
    let known = page == "/" || is_list(page) || site.archive.route_exists(page);
    site.extras.cards.then(|| format!("{}{NAME}", if known { page } else { "/" }))
}

/// Whether a path is that of a picture, if it is there.
pub(super) fn is_one(path: &str) -> bool {
    path.strip_suffix(NAME).is_some_and(|page| page.ends_with('/'))
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let png = at(request.site, request.path)?.png();
    Some(Answer::new(200, "image/png", CachePolicy::Page, png))
}

/// What is on the picture at a path, if there is one.
pub(super) fn at(site: &Site, path: &str) -> Option<Card> {
    let page = path.strip_suffix(NAME).filter(|page| page.ends_with('/'))?;
    card(site, page)
}

fn paths(site: &Site) -> Vec<String> {
    let lists = SECTIONS.iter().map(|section| section.path.to_owned());
    let pages = std::iter::once("/".to_owned()).chain(lists).chain(prose::all_routes(&site.archive));
    pages.map(|page| format!("{page}{NAME}")).collect()
}

fn is_list(path: &str) -> bool {
    SECTIONS.iter().any(|section| section.path == path)
}

/// What is on the card of a page. Nothing in it depends on the day, so that a picture that was fetched once stays true.
fn card(site: &Site, path: &str) -> Option<Card> {
    let archive = &*site.archive;
    if path == "/" {
        return Some(home(archive));
    }
    if let Some(section) = SECTIONS.iter().find(|section| section.path == path) {
        return Some(Card { title: section.label.to_owned(), facts: facts([counted(archive, path)]), ..blank(archive) });
    }
    Some(match archive.at(path)? {
        Target::Event(id) => event(archive, &archive[id]),
        Target::Talk(id) => talk(archive, &archive[id]),
        Target::Person(id) => person_card(archive, id),
        Target::Venue(id) => venue(archive, &archive[id]),
        Target::Topic(id) => topic(archive, &archive[id]),
        Target::Article(id) => article(site, &archive[id]),
        Target::Job(id) => job(archive, &archive[id]),
        Target::Announcement(id) => announced(archive, &archive[id]),
        Target::Page(id) => page(archive, &archive[id]),
    })
}

fn page(archive: &Archive, page: &Page) -> Card {
    Card { title: page.title.to_string(), facts: facts([page.summary.as_ref().map(Text::to_string)]), ..blank(archive) }
}

fn blank(archive: &Archive) -> Card {
    Card { series: archive.site.name.to_string(), mark: archive.site.hashtag.as_ref().map(Text::to_string), ..Card::default() }
}

fn facts<const N: usize>(lines: [Option<String>; N]) -> Vec<String> {
    lines.into_iter().flatten().filter(|line| !line.is_empty()).collect()
}

fn home(archive: &Archive) -> Card {
    let site = &archive.site;
    let first = site.first_meetup.or_else(|| archive.events.iter().find_map(|event| event.date));
    let counts = [(archive.events.len(), "meetup"), (archive.talks.len(), "talk"), (archive.people.len(), "person")];
    let counts: Vec<String> = counts.iter().map(|(number, what)| words::count(number, what)).collect();
    Card {
        series: site.short_name.to_string(),
        title: site.name.to_string(),
        kicker: site.city.as_ref().map_or_else(String::new, Text::to_string),
        facts: facts([Some(counts.join(", ")), first.map(|first| format!("Since {}", words::plain_day(&first)))]),
        ..blank(archive)
    }
}

/// How much there is in a list.
fn counted(archive: &Archive, list: &str) -> Option<String> {
    let (number, what) = match list {
        "/meetups/" => (archive.events.len(), "meetup"),
        "/talks/" => (archive.talks.len(), "talk"),
        "/hot-topics/" => (archive.hot_topics.len(), "hot topic"),
        "/people/" => (archive.people.len(), "person"),
        "/topics/" => (archive.topics.len(), "topic"),
        "/venues/" => (archive.venues.len(), "venue"),
        _ => return None,
    };
    Some(words::count(number, what))
}

/// The number or a short code of an event.
fn numeral(event: &Event) -> Option<String> {
    Some(event.key.to_string()).filter(|key| key.chars().count() <= LONGEST_CODE)
}

fn place(event: &Event) -> Option<String> {
    let venues: Vec<&str> = event.venues.iter().map(|at| at.name.as_str()).collect();
    let venues = Some(venues.join(", ")).filter(|venues| !venues.is_empty());
    match (venues, words::format(event)) {
        (Some(venues), Some(format)) if !venues.to_lowercase().contains("online") => {
            Some(format!("{venues} ({})", format.to_lowercase()))
        }
        (Some(venues), _) => Some(venues),
        (None, format) => format.map(str::to_owned),
    }
}

fn when(event: &Event) -> Option<String> {
    event.date?;
    let time = event.time.map_or_else(String::new, |time| format!(", {}", words::clock(&time)));
    Some(format!("{}{time}", words::when(event).text()))
}

fn event(archive: &Archive, event: &Event) -> Card {
    let (meetup, headline) = (words::meetup(event), words::headline(event));
    // An evening that was given no subject is known by its talks.
    let title = if meetup == headline { words::subject(archive, event) } else { headline };
    let status = event.status.words().map_or_else(String::new, |status| format!(" ({status})"));
    let kicker = format!("{}{status}", if meetup == title { "Event" } else { &meetup });
    Card { kicker, numeral: numeral(event), title, facts: facts([when(event), place(event)]), ..blank(archive) }
}

fn talk(archive: &Archive, talk: &Talk) -> Card {
    let event = &archive[talk.event];
    let kind = talk.kind.map_or_else(|| "Talk".to_owned(), |kind| words::capital(kind.words()));
    let status = talk.status.words().map_or_else(String::new, |status| format!(" ({status})"));
    let speakers: Vec<&str> = talk.speakers.iter().map(|person| archive[*person].name.as_str()).collect();
    let date = event.date.map(|_| words::when(event).text());
    let at = [Some(words::meetup(event)), date].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Card {
        kicker: format!("{kind}{status}"),
        numeral: numeral(event),
        title: talk.title.to_string(),
        facts: facts([Some(speakers.join(", ")), talk.affiliation.as_ref().map(Text::to_string), Some(at)]),
        ..blank(archive)
    }
}

fn person_card(archive: &Archive, id: PersonId) -> Card {
    let it = &archive[id];
    let institution = it.affiliations.last().map(|affiliation| affiliation.name.to_string());
    let talks = (!it.talks.is_empty()).then(|| words::count(it.talks.len(), "talk"));
    let kicker = person::roles(it).first().copied().unwrap_or("Person").to_owned();
    Card { kicker, title: it.name.to_string(), facts: facts([institution, talks]), ..blank(archive) }
}

fn venue(archive: &Archive, venue: &Venue) -> Card {
    let kicker = if venue.online { "Online" } else { "Venue" }.to_owned();
    let count = Some(venue.events.len()).filter(|count| *count > 0).map(|count| words::count(count, "meetup"));
    Card {
        kicker,
        title: venue.name.to_string(),
        facts: facts([venue.address.as_ref().map(Text::to_string), count]),
        ..blank(archive)
    }
}

fn topic(archive: &Archive, topic: &Topic) -> Card {
    let counts = [(topic.talks.len(), "talk"), (topic.events.len(), "meetup"), (topic.articles.len(), "article")];
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| words::count(number, what));
    let counts = counts.collect::<Vec<_>>().join(", ");
    Card { kicker: "Topic".to_owned(), title: topic.name.to_string(), facts: facts([Some(counts)]), ..blank(archive) }
}

fn article(site: &Site, article: &Article) -> Card {
    let archive = &*site.archive;
    let presenters: Vec<&str> = article.presenters.iter().map(|person| archive[*person].name.as_str()).collect();
    let date = article.date.map(|date| words::plain_day(&date));
    let event = article.event.map(|event| words::meetup(&archive[event]));
    Card {
        kicker: "Hot topic".to_owned(),
        title: article.title.to_string(),
        facts: facts([Some(presenters.join(", ")), event, date]),
        chart: first_chart(site, article),
        ..blank(archive)
    }
}

/// The first picture of the first experiment of an article that has a result.
fn first_chart(site: &Site, article: &Article) -> Option<Html> {
    let (blocks, _) = prose::read(&site.archive, &article.body, None);
    blocks.iter().find_map(|block| {
        let record = site.results.records.get(&site.results.id(&block.experiment).ok()?)?;
        let drawing = chart::draw(record, &block.experiment, "chart");
        drawing.pictures.first().map(Picture::svg)
    })
}

fn job(archive: &Archive, job: &Job) -> Card {
    let company = match &job.offer.place {
        Some(place) => format!("{}, {place}", job.offer.company),
        None => job.offer.company.to_string(),
    };
    let announced = format!("Announced {}", words::plain_day(&job.offer.date));
    Card {
        kicker: "Job offer".to_owned(),
        title: job.offer.title.to_string(),
        facts: facts([Some(company), Some(announced)]),
        ..blank(archive)
    }
}

fn announced(archive: &Archive, it: &Announcement) -> Card {
    let time = it.time.as_ref().map_or_else(String::new, |time| format!(", {}", time.replace('-', "–")));
    let date = it.date.map(|date| format!("{}{time}", words::days(&date, &it.end_date).text()));
    let status = it.status.words().map_or_else(String::new, |status| format!(" ({status})"));
    Card {
        kicker: format!("{}{status}", words::capital(it.kind.word())),
        title: it.title.to_string(),
        facts: facts([date, it.place.as_ref().map(Text::to_string), it.address.as_ref().map(Text::to_string)]),
        ..blank(archive)
    }
}
