//! `/talks/`: all talks.

use std::collections::BTreeSet;

use askama::Template;

use super::listing::{Column, Facet, Listing, Plan, sortable};
use super::{Answer, Kind, Request, facets, frame::Frame, words};
use crate::archive::{Archive, TalkId};
use crate::problem::{Text, fold};

pub(super) const PATH: &str = "/talks/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

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
    talks: Vec<TalkId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let plan = Plan {
        path: PATH,
        noun: "talk",
        search: "Title, speaker, institution or topic",
        columns: COLUMNS,
        usual: "date",
        facets: facets(archive),
    };
    let mut listing = Listing::new(plan, request.query);
    let mut talks: Vec<TalkId> = archive.talk_ids().collect();
    listing.filter(&mut talks, |listing, id| passes(archive, listing, *id));
    sort(archive, &listing, &mut talks);
    let description =
        format!("All {} of {}, with slides and recordings.", words::count(archive.talks.len(), "talk"), archive.site.name);
    let frame = Frame::new(request, "Talks", description).unlisted(listing.special());
    Some(Answer::html(200, &Talks { frame, listing, talks }))
}

fn facets(archive: &Archive) -> Vec<Facet> {
    let kinds: BTreeSet<&str> = archive.talks.iter().filter_map(|talk| talk.kind.map(|kind| kind.words())).collect();
    let kinds = kinds.iter().map(|kind| (kind.replace(' ', "-"), words::capital(kind))).collect();
    vec![
        facets::year(archive.talks.iter().filter_map(|talk| archive[talk.event].listed_under)),
        facets::topic(archive, |topic| !topic.talks.is_empty()),
        facets::venue(archive, |venue| venue.events.iter().any(|event| !archive[*event].talks.is_empty())),
        Facet { name: "kind", label: "Kind", options: kinds },
        facets::fixed("with", "With", &[("slides", "Slides"), ("videos", "Video")]),
    ]
}

fn passes(archive: &Archive, listing: &Listing, id: TalkId) -> bool {
    let talk = &archive[id];
    let event = &archive[talk.event];
    listing.accepts("year", |year| event.listed_under.is_some_and(|known| known.to_string() == year))
        && listing.accepts("topic", |slug| talk.tags.iter().any(|topic| words::slug(&archive[*topic].route) == slug))
        && listing.accepts("venue", |slug| event.venues.iter().any(|at| words::slug(&archive[at.venue].route) == slug))
        && listing.accepts("kind", |slug| talk.kind.is_some_and(|kind| kind.words().replace(' ', "-") == slug))
        && listing.accepts("with", |what| if what == "slides" { !talk.slides.is_empty() } else { !talk.videos.is_empty() })
        && listing.finds(&haystack(archive, id))
}

fn haystack(archive: &Archive, id: TalkId) -> String {
    let talk = &archive[id];
    let meetup = words::meetup(&archive[talk.event]);
    let mut text = vec![talk.title.as_str(), &meetup];
    text.extend(talk.listed_as.iter().chain(&talk.affiliation).map(Text::as_str));
    for person in talk.speakers.iter().map(|person| &archive[*person]) {
        text.extend(std::iter::once(&person.name).chain(&person.aliases).map(Text::as_str));
    }
    text.extend(talk.tags.iter().map(|topic| archive[*topic].name.as_str()));
    text.join("\n")
}

fn sort(archive: &Archive, listing: &Listing, talks: &mut [TalkId]) {
    match listing.sort {
        "title" => talks.sort_by_cached_key(|id| sortable(&archive[*id].title)),
        "speaker" => talks.sort_by_cached_key(|id| {
            let first = archive[*id].speakers.first().map(|person| fold(&archive[*person].name));
            (first.is_none(), first)
        }),
        _ => {}
    }
    if listing.descending {
        talks.reverse();
    }
}
