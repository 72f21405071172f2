//! `/people/`: everybody who spoke, presented, hosted or organised.

use askama::Template;

use super::listing::{Column, Facet, Listing, Plan};
use super::{Answer, Kind, Request, frame::Frame};
use crate::views::{EventView, PersonView, words};

pub(super) const PATH: &str = "/people/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

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
    people: Vec<Row<'a>>,
}

/// A person with the events at which they had a part, oldest first.
type Row<'a> = (&'a PersonView, Vec<&'a EventView>);

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let plan = Plan {
        path: PATH,
        noun: "person",
        search: "Name or institution",
        columns: COLUMNS,
        default: "name",
        facets: vec![Facet::fixed("role", "Role", &ROLES)],
    };
    let mut listing = Listing::new(plan, request.query);
    let mut people: Vec<Row<'_>> =
        views.people.iter().map(|person| (person, views.events_of(&person.events))).collect();
    listing.filter(&mut people, |listing, (person, _)| passes(person, listing));
    match listing.sort {
        "talks" => people.sort_by_key(|(person, _)| person.talks.len()),
        "latest" => people.sort_by_key(|(_, events)| events.last().map(|event| event.key)),
        _ => {}
    }
    if listing.descending {
        people.reverse();
    }
    let count = words::count(views.people.len(), "person");
    let description = format!("{count} who spoke, presented, hosted or organised at {}.", views.site.name);
    let frame = Frame::new(request, "People", description).unlisted(listing.special());
    Some(Answer::html(200, &People { frame, listing, people }))
}

fn passes(person: &PersonView, listing: &Listing) -> bool {
    let mut text = vec![person.name.as_str()];
    text.extend(person.aliases.iter().map(String::as_str));
    text.extend(person.affiliations.iter().map(|affiliation| affiliation.name.as_str()));
    listing.accepts("role", |role| match role {
        "speaker" => !person.talks.is_empty(),
        "presenter" => !person.hot_topics.is_empty() || !person.articles.is_empty(),
        "panelist" => !person.panels.is_empty(),
        "organiser" => person.organiser,
        _ => !person.credits.is_empty(),
    }) && listing.finds(&text.join("\n"))
}
