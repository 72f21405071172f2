//! `/meetups/`: all events.

use askama::Template;

use super::listing::{Column, Facet, Listing, Plan, sortable};
use super::machines::{calendar, feeds};
use super::{Answer, Kind, Request, facets, frame::Frame, words};
use crate::archive::{Archive, EventId};
use crate::problem::Text;

pub(super) const PATH: &str = "/meetups/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

const COLUMNS: &[Column] = &[
    Column { key: "subject", label: "Subject", descending: false },
    Column { key: "date", label: "Date", descending: true },
    Column { key: "venue", label: "Venue", descending: false },
    Column { key: "talks", label: "Talks", descending: true },
];

#[derive(Template)]
#[template(path = "events.html")]
struct Events<'a> {
    frame: Frame<'a>,
    listing: Listing,
    groups: Vec<Group>,
}

impl Events<'_> {
    fn has(&self, id: &EventId, material: &str) -> bool {
        has(self.frame.archive, *id, material)
    }
}

/// Events that stand together.
struct Group {
    /// The year, when the table is in the order of time.
    year: Option<String>,
    events: Vec<EventId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let plan = Plan {
        path: PATH,
        noun: "meetup",
        search: "Subject, talk, speaker or venue",
        columns: COLUMNS,
        usual: "date",
        facets: facets(archive),
    };
    let mut listing = Listing::new(plan, request.query);
    let mut events: Vec<EventId> = archive.event_ids().collect();
    listing.filter(&mut events, |listing, id| passes(archive, listing, *id));
    sort(archive, &listing, &mut events);
    let groups = if listing.sort == "date" { by_year(archive, &events) } else { vec![Group { year: None, events }] };
    let description = format!(
        "All {} of {}, with their talks, slides and recordings.",
        words::count(archive.events.len(), "meetup"),
        archive.site.name
    );
    let offers = [calendar::Of::Meetups.offer(archive), feeds::Of::All.offer(archive)];
    let frame = Frame::new(request, "Meetups", description).unlisted(listing.special()).offering(offers.into_iter().flatten());
    Some(Answer::html(200, &Events { frame, listing, groups }))
}

fn facets(archive: &Archive) -> Vec<Facet> {
    let material = [("slides", "Slides"), ("videos", "Videos"), ("photos", "Photos"), ("hot-topics", "Hot topics")];
    vec![
        facets::year(archive.events.iter().filter_map(|event| event.listed_under)),
        facets::topic(archive, |topic| !topic.events.is_empty()),
        facets::venue(archive, |venue| !venue.events.is_empty()),
        facets::fixed("format", "Format", &[("in-person", "In person"), ("online", "Online"), ("hybrid", "Hybrid")]),
        facets::fixed("with", "With", &material),
    ]
}

fn passes(archive: &Archive, listing: &Listing, id: EventId) -> bool {
    let event = &archive[id];
    listing.accepts("year", |year| event.listed_under.is_some_and(|known| known.to_string() == year))
        && listing.accepts("topic", |slug| event.tags.iter().any(|topic| words::slug(&archive[*topic].route) == slug))
        && listing.accepts("venue", |slug| event.venues.iter().any(|at| words::slug(&archive[at.venue].route) == slug))
        && listing.accepts("format", |format| words::format(event).unwrap_or("in-person").to_lowercase() == format)
        && listing.accepts("with", |material| has(archive, id, material))
        && listing.finds(&haystack(archive, id))
}

fn has(archive: &Archive, id: EventId, material: &str) -> bool {
    let event = &archive[id];
    let talks = || event.talks.iter().map(|talk| &archive[*talk]);
    match material {
        "slides" => !event.slides.is_empty() || talks().any(|talk| !talk.slides.is_empty()),
        "videos" => !event.videos.is_empty() || talks().any(|talk| !talk.videos.is_empty()),
        "photos" => !event.photos.is_empty(),
        _ => !event.hot_topics.is_empty(),
    }
}

fn haystack(archive: &Archive, id: EventId) -> String {
    let event = &archive[id];
    let own = [words::meetup(event), words::headline(event)];
    let date = event.date.map(|date| format!("{date} {}", words::plain_day(&date)));
    let mut text: Vec<&str> = own.iter().chain(&date).map(String::as_str).collect();
    text.extend(event.title.as_deref());
    text.extend(event.venues.iter().flat_map(|at| [at.name.as_str(), &archive[at.venue].name]));
    text.extend(event.hosts.iter().map(Text::as_str));
    for talk in event.talks.iter().map(|id| &archive[*id]) {
        text.push(&talk.title);
        text.extend(talk.speakers.iter().map(|person| archive[*person].name.as_str()));
    }
    for topic in event.hot_topics.iter().map(|id| &archive[*id]) {
        text.push(&topic.title);
        text.extend(topic.presenters.iter().map(|person| archive[*person].name.as_str()));
    }
    text.extend(event.panel.iter().flat_map(|panel| panel.panelists.iter().map(|seat| archive[seat.person].name.as_str())));
    text.extend(event.tags.iter().map(|topic| archive[*topic].name.as_str()));
    text.join("\n")
}

/// The archive's order is that of time, and places events without a date among those of their numbers.
fn sort(archive: &Archive, listing: &Listing, events: &mut [EventId]) {
    match listing.sort {
        "subject" => events.sort_by_cached_key(|id| sortable(&words::subject(archive, &archive[*id]))),
        "venue" => events.sort_by_cached_key(|id| archive[*id].venues.first().map(|at| sortable(&at.name))),
        "talks" => events.sort_by_cached_key(|id| archive[*id].talks.len()),
        _ => {}
    }
    if listing.descending {
        events.reverse();
    }
}

fn by_year(archive: &Archive, events: &[EventId]) -> Vec<Group> {
    let chunks = events.chunk_by(|a, b| archive[*a].listed_under == archive[*b].listed_under);
    let year = |id: EventId| archive[id].listed_under.map_or("No date".to_owned(), |year| year.to_string());
    chunks.map(|chunk| Group { year: Some(year(chunk[0])), events: chunk.to_vec() }).collect()
}
