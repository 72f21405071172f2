//! Edits that concern one event or one text alone.

mod addresses;
mod texts;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::assemble::{Assembly, Builder};
use super::checks::local_paths;
use super::events::Evening;
use super::mentions::{enter, take_out};
use super::{Agenda, Archive, Event, EventId, PersonId, Target};
use crate::content::{self, EventKey, Meetup};
use crate::problem::Text;

impl Assembly {
    /// Takes over a change in the file of one meetup: dates and times, venues, people, topics, talks, notes, addresses, decks and recordings. Clones
    /// of the archive stay as they are, and share everything else with it.
    ///
    /// None where the change reaches further (another place in the order of all; a new title that another talk has too, since addresses are made of
    /// them; a name that is in no registry), or where there is something to be told about the file. Then nothing has changed but the names, and all has to
    /// be put together again.
    pub fn amend(&mut self, site: &content::Site, local: &Arc<BTreeSet<String>>, old: &Meetup, new: &Meetup) -> Option<()> {
        if self.told_of(&new.file.name) || !same_references(old, new) {
            return None;
        }
        let Some(Target::Event(id)) = self.archive.at(&format!("/meetups/{}/", new.key.slug())) else { return None };
        let mut builder = Builder::new(site, local, std::mem::take(&mut self.names));
        let mut evening = builder.new_event(id, new, new.date.as_ref().map(|date| date.it));
        let Builder { archive: made, problems, names, .. } = builder;
        self.names = names;
        // Their order is that in which they are first named.
        let strangers = |people: Vec<PersonId>| {
            let mut found: Vec<PersonId> = Vec::new();
            for person in people.into_iter().filter(|person| person.0 >= self.names.registered) {
                found.extend((!found.contains(&person)).then_some(person));
            }
            found
        };
        let before = Evening::of(&self.archive, id);
        let alone = problems.is_empty()
            && made.people.is_empty()
            && strangers(people(&before)) == strangers(people(&evening))
            && stays_in_place(&self.archive, id, &evening.event);
        if !alone {
            return None;
        }
        addresses::assign(&self.archive, id, &mut evening.talks)?;
        take_out(&mut self.archive, id);
        if before.titles() != evening.titles() {
            self.archive.readdress(id, &evening.talks);
        }
        self.replace(id, evening);
        enter(&mut self.archive, id);
        Some(())
    }

    /// Whether there is something to be told about a file.
    fn told_of(&self, file: &str) -> bool {
        self.problems.iter().any(|problem| problem.place.file.name == file)
    }

    /// Puts a new version of an event in its place.
    fn replace(&mut self, id: EventId, evening: Evening) {
        let archive = &mut self.archive;
        let Evening { event, talks, mut hot_topics } = evening;
        for (new, before) in hot_topics.iter_mut().zip(archive.hot_topics.of(id.0)) {
            new.articles.clone_from(&before.articles);
        }
        *archive.talks.of_mut(id.0) = talks;
        *archive.hot_topics.of_mut(id.0) = hot_topics;
        let before = &archive[id];
        archive.events[id.0] = Event {
            listed_under: event.listed_under.or(before.listed_under),
            announcements: before.announcements.clone(),
            jobs: before.jobs.clone(),
            previous: before.previous,
            next: before.next,
            ..event
        };
    }
}

impl Evening {
    fn of(archive: &Archive, id: EventId) -> Self {
        let (talks, hot_topics) = (archive.talks.of(id.0).to_vec(), archive.hot_topics.of(id.0).to_vec());
        Self { event: archive[id].clone(), talks, hot_topics }
    }

    fn titles(&self) -> Vec<&Text> {
        self.talks.iter().map(|talk| &talk.title).collect()
    }
}

/// Whether two versions of a meetup name the same files.
fn same_references(old: &Meetup, new: &Meetup) -> bool {
    let articles = |meetup: &Meetup| -> Vec<Vec<Text>> { meetup.hot_topics.iter().map(|topic| topic.articles.clone()).collect() };
    old.key.it == new.key.it
        && articles(old) == articles(new)
        && old.announcements == new.announcements
        && old.jobs == new.jobs
        && local_paths(old).eq(local_paths(new))
}

/// Whether an event stands between the same two as before, and places no other.
fn stays_in_place(archive: &Archive, id: EventId, event: &Event) -> bool {
    let before = &archive[id];
    if event.date == before.date {
        return true;
    }
    let place = |event: &Event| event.date.map(|date| (date, event.key.clone()));
    let Some(here) = place(event) else { return false };
    let above = before.previous.is_none_or(|id| place(&archive[id]).is_some_and(|there| there < here));
    let below = before.next.is_none_or(|id| place(&archive[id]).is_some_and(|there| there > here));
    before.date.is_some() && above && below && !places_another(archive, &event.key)
}

/// Whether the event with the next number has no date of its own, and so stands where this one's says.
fn places_another(archive: &Archive, key: &EventKey) -> bool {
    let EventKey::Number(number) = key else { return false };
    let numbered = archive.events.iter().filter_map(|event| match event.key {
        EventKey::Number(other) => Some((other, event.date)),
        EventKey::Code(_) => None,
    });
    numbered.filter(|(other, _)| other > number).min_by_key(|(other, _)| *other).is_some_and(|(_, date)| date.is_none())
}

/// Everybody whom an event names.
fn people(evening: &Evening) -> Vec<PersonId> {
    let Evening { event, talks, hot_topics } = evening;
    let mut people: Vec<PersonId> = talks.iter().flat_map(|talk| talk.speakers.iter().copied()).collect();
    people.extend(hot_topics.iter().flat_map(|topic| topic.presenters.iter().copied()));
    for item in &event.agenda {
        if let Agenda::Item { speakers, .. } = &item.what {
            people.extend(speakers);
        }
    }
    let panel = event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator));
    people.extend(panel.chain(&event.organisers).chain(&event.credits).map(|seat| seat.person));
    people
}
