//! `/people/`: everybody who spoke, presented, hosted or organised.

use askama::Template;

use super::listing::{Column, Listing, Plan};
use super::{Answer, Kind, Request, facets, frame::Frame, words};
use crate::archive::{Archive, EventId, Person, PersonId};

pub(super) const PATH: &str = "/people/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

const COLUMNS: &[Column] = &[
    Column { key: "name", label: "Name", descending: false },
    Column { key: "talks", label: "Talks", descending: true },
    Column { key: "latest", label: "Meetups", descending: true },
];

const ROLES: [(&str, &str); 5] = [
    ("speaker", "Speakers"),
    ("presenter", "Hot-topic presenters"),
    ("panelist", "Panelists and moderators"),
    ("organiser", "Organisers"),
    ("other", "Other roles"),
];

#[derive(Template)]
#[template(path = "people.html")]
struct People<'a> {
    frame: Frame<'a>,
    listing: Listing,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    person: PersonId,
    events: Vec<EventId>,
    institutions: Vec<&'a str>,
}

/// More of them make a row hard to read; the person's page has all.
const INSTITUTIONS: usize = 3;

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let facets = vec![facets::fixed("role", "Role", &ROLES)];
    let plan = Plan { path: PATH, noun: "person", search: "Name or institution", columns: COLUMNS, usual: "name", facets };
    let mut listing = Listing::new(plan, request.query);
    let row = |id| {
        let person = &archive[id];
        Row { person: id, events: events(archive, person), institutions: institutions(person) }
    };
    let mut rows: Vec<Row<'_>> = archive.person_ids().map(row).collect();
    listing.filter(&mut rows, |listing, row| passes(&archive[row.person], listing));
    match listing.sort {
        "talks" => rows.sort_by_cached_key(|row| archive[row.person].talks.len()),
        "latest" => rows.sort_by_cached_key(|row| row.events.last().copied()),
        _ => {}
    }
    if listing.descending {
        rows.reverse();
    }
    let description = format!(
        "{} who spoke, presented, hosted or organised at {}.",
        words::count(archive.people.len(), "person"),
        archive.site.name
    );
    let frame = Frame::new(request, "People", description).unlisted(listing.special());
    Some(Answer::html(200, &People { frame, listing, rows }))
}

fn passes(person: &Person, listing: &Listing) -> bool {
    let mut text = vec![person.name.clone()];
    text.extend(person.aliases.iter().cloned());
    text.extend(person.affiliations.iter().map(|affiliation| affiliation.name.clone()));
    listing.accepts("role", |role| match role {
        "speaker" => !person.talks.is_empty(),
        "presenter" => !person.hot_topics.is_empty() || !person.articles.is_empty(),
        "panelist" => !person.panels.is_empty(),
        "organiser" => person.organiser,
        _ => !person.credits.is_empty(),
    }) && listing.finds(&text.join("\n"))
}

/// The first few institutions of a person, each once, without what they did there.
pub(super) fn institutions(person: &Person) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for affiliation in &person.affiliations {
        let name = affiliation.name.split(" (").next().unwrap_or(&affiliation.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(INSTITUTIONS);
    names
}

/// All events at which a person had a part, oldest first.
pub(super) fn events(archive: &Archive, person: &Person) -> Vec<EventId> {
    let talks = person.talks.iter().map(|talk| archive[*talk].event);
    let panels = person.panels.iter().map(|(event, _)| *event);
    let topics = person.hot_topics.iter().map(|topic| archive[*topic].event);
    let credits = person.credits.iter().map(|(event, _)| *event);
    let mut events: Vec<EventId> = talks.chain(panels).chain(topics).chain(credits).collect();
    events.sort_unstable();
    events.dedup();
    events
}
