//! `/talks/`: all talks.

use askama::Template;

use super::events::venues;
use super::listing::{Column, Facet, Listing, Plan, sortable};
use super::{Answer, Kind, Request, frame::Frame};
use crate::diagnostics::fold;
use crate::views::{EventView, TalkView, Views, words};

pub(super) const PATH: &str = "/talks/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

const COLUMNS: &[Column] = &[
    Column { key: "date", label: "Meetup", descending: true },
    Column { key: "title", label: "Talk", descending: false },
    Column { key: "speaker", label: "Speakers", descending: false },
];

#[derive(Template)]
#[template(path = "talks.html")]
struct Talks<'a> {
    frame: Frame<'a>,
    listing: Listing,
    talks: Vec<Row<'a>>,
}

/// A talk with its event.
type Row<'a> = (&'a TalkView, &'a EventView);

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let mut talks: Vec<Row<'_>> = views
        .events
        .iter()
        .flat_map(|event| views.talks_of(&event.talks).into_iter().map(move |talk| (talk, event)))
        .collect();
    let plan = Plan {
        path: PATH,
        noun: "talk",
        search: "Title, speaker, institution or topic",
        columns: COLUMNS,
        default: "date",
        facets: facets(views, &talks),
    };
    let mut listing = Listing::new(plan, request.query);
    listing.filter(&mut talks, passes);
    sort(&listing, &mut talks);
    let count = words::count(views.talks.len(), "talk");
    let description = format!("All {count} of {}, with slides and recordings.", views.site.name);
    let frame = Frame::new(request, "Talks", description).unlisted(listing.special());
    Some(Answer::html(200, &Talks { frame, listing, talks }))
}

fn facets(views: &Views, talks: &[Row<'_>]) -> Vec<Facet> {
    let mut kinds: Vec<(String, String)> = talks
        .iter()
        .filter_map(|(talk, _)| talk.kind.as_ref())
        .map(|kind| (slug(kind), words::capital(kind)))
        .collect();
    kinds.sort();
    kinds.dedup();
    vec![
        Facet::year(talks.iter().filter_map(|(_, event)| event.listed_under)),
        Facet::by_name("topic", "Topic", talks.iter().flat_map(|(talk, _)| talk.topics.iter().cloned())),
        Facet::by_name("venue", "Venue", venues(views, talks.iter().map(|(_, event)| *event))),
        Facet { name: "kind", label: "Kind", options: kinds },
        Facet::fixed("with", "With", &[("slides", "Slides"), ("videos", "Video")]),
    ]
}

fn slug(kind: &str) -> String {
    kind.replace(' ', "-")
}

fn passes(listing: &Listing, (talk, event): &Row<'_>) -> bool {
    listing.accepts("year", |year| event.listed_under.is_some_and(|known| known.to_string() == year))
        && listing.accepts("topic", |id| talk.topics.iter().any(|topic| topic.id == id))
        && listing.accepts("venue", |id| event.venues.iter().any(|venue| venue.id.as_deref() == Some(id)))
        && listing.accepts("kind", |kind| talk.kind.as_ref().is_some_and(|known| slug(known) == kind))
        && listing.accepts("with", |what| match what {
            "slides" => !talk.slides.is_empty(),
            // A recording of the whole event has the talk on it.
            _ => !talk.videos.is_empty() || !event.videos.is_empty(),
        })
        && listing.finds(&searchable(talk, event))
}

/// The texts by which a talk is found.
fn searchable(talk: &TalkView, event: &EventView) -> String {
    let mut text: Vec<&str> = vec![&talk.title, &event.label];
    text.extend(talk.listed_as.iter().chain(&talk.affiliation).map(String::as_str));
    text.extend(talk.speakers.iter().map(|person| person.name.as_str()));
    text.extend(talk.speaker_aliases.iter().map(String::as_str));
    text.extend(talk.topics.iter().map(|topic| topic.name.as_str()));
    text.join("\n")
}

fn sort(listing: &Listing, talks: &mut [Row<'_>]) {
    match listing.sort {
        "title" => talks.sort_by_cached_key(|(talk, _)| sortable(&talk.title)),
        "speaker" => talks.sort_by_cached_key(|(talk, _)| {
            let first = talk.speakers.first().map(|person| fold(&person.name));
            (first.is_none(), first)
        }),
        _ => {}
    }
    if listing.descending {
        talks.reverse();
    }
}
