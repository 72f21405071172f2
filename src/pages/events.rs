//! `/meetups/`: all events.

use askama::Template;

use super::listing::{Column, Facet, Listing, Plan, sortable};
use super::{Answer, Kind, Request, frame::Frame};
use crate::formats::subscriptions;
use crate::views::{EventView, Ref, VenueView, Views, words};

pub(super) const PATH: &str = "/meetups/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

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
    /// Events that stand together, with their year when the table is in the order of time.
    groups: Vec<(Option<String>, Vec<&'a EventView>)>,
}

impl Events<'_> {
    fn has(&self, event: &EventView, material: &str) -> bool {
        has(self.frame.views, event, material)
    }
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let plan = Plan {
        path: PATH,
        noun: "meetup",
        search: "Subject, talk, speaker or venue",
        columns: COLUMNS,
        default: "date",
        facets: facets(views),
    };
    let mut listing = Listing::new(plan, request.query);
    let mut events: Vec<&EventView> = views.events.iter().collect();
    listing.filter(&mut events, |listing, event| passes(views, listing, event));
    sort(&listing, &mut events);
    let groups = match listing.sort {
        "date" => by_year(&events).into_iter().map(|(year, events)| (Some(year), events)).collect(),
        _ => vec![(None, events)],
    };
    let count = words::count(views.events.len(), "meetup");
    let description = format!("All {count} of {}, with their talks, slides and recordings.", views.site.name);
    let links = subscriptions::meetups(views).into_iter().chain([subscriptions::everything()]);
    let frame = Frame::new(request, "Meetups", description).unlisted(listing.special()).subscriptions(links);
    Some(Answer::html(200, &Events { frame, listing, groups }))
}

fn facets(views: &Views) -> Vec<Facet> {
    let material = [("slides", "Slides"), ("videos", "Videos"), ("photos", "Photos"), ("hot-topics", "Hot topics")];
    vec![
        Facet::year(views.events.iter().filter_map(|event| event.listed_under)),
        Facet::by_name("topic", "Topic", views.events.iter().flat_map(|event| event.topics.iter().cloned())),
        Facet::by_name("venue", "Venue", venues(views, views.events.iter())),
        Facet::fixed("format", "Format", &[("in-person", "In person"), ("online", "Online"), ("hybrid", "Hybrid")]),
        Facet::fixed("with", "With", &material),
    ]
}

/// The venues of events, under their own names.
pub(super) fn venues<'a>(views: &'a Views, events: impl Iterator<Item = &'a EventView>) -> impl Iterator<Item = Ref> {
    events.flat_map(|event| views.venues_of(event)).map(VenueView::to_ref)
}

fn passes(views: &Views, listing: &Listing, event: &EventView) -> bool {
    listing.accepts("year", |year| event.listed_under.is_some_and(|known| known.to_string() == year))
        && listing.accepts("topic", |id| event.topics.iter().any(|topic| topic.id == id))
        && listing.accepts("venue", |id| event.venues.iter().any(|venue| venue.id.as_deref() == Some(id)))
        && listing.accepts("format", |format| event.format.word().unwrap_or("in-person").to_lowercase() == format)
        && listing.accepts("with", |material| has(views, event, material))
        && listing.finds(&searchable(views, event))
}

fn has(views: &Views, event: &EventView, material: &str) -> bool {
    let talks = views.talks_of(&event.talks);
    match material {
        "slides" => !event.slides.is_empty() || talks.iter().any(|talk| !talk.slides.is_empty()),
        "videos" => !event.videos.is_empty() || talks.iter().any(|talk| !talk.videos.is_empty()),
        "photos" => !event.photos.is_empty(),
        _ => !event.hot_topics.is_empty(),
    }
}

/// The texts by which an event is found.
fn searchable(views: &Views, event: &EventView) -> String {
    let mut text: Vec<String> = vec![event.name.clone(), event.when.clone()];
    text.extend(event.date.map(|date| date.to_string()));
    text.extend(event.title.clone());
    text.extend(event.place.clone());
    text.extend(views.venues_of(event).map(|venue| venue.name.clone()));
    text.extend(event.hosts.iter().cloned());
    let talks = views.talks_of(&event.talks);
    text.extend(talks.iter().flat_map(|talk| [talk.title.clone(), talk.by()]));
    for topic in &event.hot_topics {
        text.push(topic.title.clone());
        text.extend(topic.presenters.iter().map(|person| person.name.clone()));
    }
    let panel = event.panel.iter().flat_map(|panel| &panel.panelists);
    text.extend(panel.map(|credit| credit.person.name.clone()));
    text.extend(event.topics.iter().map(|topic| topic.name.clone()));
    text.join("\n")
}

/// Sorts events. Their own order is that of time, and places events without a date among those of their numbers.
fn sort(listing: &Listing, events: &mut [&EventView]) {
    match listing.sort {
        "subject" => events.sort_by_cached_key(|event| sortable(&event.headline)),
        "venue" => events.sort_by_cached_key(|event| event.venues.first().map(|venue| sortable(&venue.name))),
        "talks" => events.sort_by_cached_key(|event| event.talks.len()),
        _ => {}
    }
    if listing.descending {
        events.reverse();
    }
}

/// Events by the year under which they are listed, in their order.
pub(super) fn by_year<'a>(events: &[&'a EventView]) -> Vec<(String, Vec<&'a EventView>)> {
    let label = |event: &EventView| event.listed_under.map_or_else(|| "No date".to_owned(), |year| year.to_string());
    let years = events.chunk_by(|a, b| a.listed_under == b.listed_under);
    years.map(|year| (label(year[0]), year.to_vec())).collect()
}
