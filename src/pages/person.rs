//! `/people/<slug>/`: one person.

use askama::Template;

use super::machines::subscribe;
use super::{Answer, Kind, Request, frame::Frame, people, schema, words};
use crate::archive::{Affiliation, EventId, Organiser, Person, Target};
use crate::content::When;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.people.iter().map(|person| person.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage<'a> {
    frame: Frame<'a>,
    person: &'a Person,
    organiser: Option<&'a Organiser>,
    /// What the person did, in words.
    roles: Vec<&'static str>,
    events: Vec<EventId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Person(id)) = request.target else { return None };
    let person = &archive[id];
    let organiser = archive.site.organisers.iter().find(|organiser| organiser.person == id);
    let events = people::events(archive, person);
    let at: Vec<String> = events.iter().map(|event| words::meetup(&archive[*event])).collect();
    let at =
        if at.is_empty() { archive.site.name.to_string() } else { format!("{}, {}", archive.site.short_name, at.join(", ")) };
    let frame = Frame::new(request, person.name.clone(), format!("{} at {at}.", person.name))
        .within(people::PATH)
        .offering(subscribe::of_person(archive, id))
        .about(schema::person(request.site, id));
    Some(Answer::html(200, &PersonPage { frame, person, organiser, roles: roles(person), events }))
}

pub(super) fn roles(person: &Person) -> Vec<&'static str> {
    let all = [
        (person.organiser, "Organiser"),
        (!person.talks.is_empty(), "Speaker"),
        (!person.hot_topics.is_empty() || !person.articles.is_empty(), "Hot-topic presenter"),
        (person.panels.iter().any(|(_, moderates)| !moderates), "Panelist"),
        (person.panels.iter().any(|(_, moderates)| *moderates), "Moderator"),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect()
}

impl PersonPage<'_> {
    fn dates(&self, affiliation: &Affiliation) -> Option<String> {
        dates(affiliation)
    }
}

/// When an affiliation held, where that is known otherwise than by events.
pub(super) fn dates(affiliation: &Affiliation) -> Option<String> {
    match affiliation.when.as_ref()? {
        When::Period(years) => Some(years.replace('-', "–")),
        When::HostsTable(versions) => {
            let noun = if versions.contains('-') { "meetups" } else { "meetup" };
            Some(format!("in the overview as of {noun} {}", versions.replace('-', "–")))
        }
        When::Events(_) => None,
    }
}
