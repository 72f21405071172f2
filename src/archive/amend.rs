//! Edits that concern one event or one article alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::assemble::{Assembly, Builder};
use super::checks::local_paths;
use super::mentions::{enter, take_out};
use super::{Agenda, Archive, Article, Event, EventId, HotTopic, PersonId, Talk, Target};
use crate::content::{self, EventKey, Meetup};
use crate::problem::Text;

impl Assembly {
    /// Takes over a change in the file of one meetup: dates and times, venues, people, topics, notes, addresses, decks and recordings. Clones of the
    /// archive stay as they are, and share everything else with it.
    ///
    /// None where the change reaches further (the title of a talk, which is its address; one talk more; another place in the order of all; a name
    /// that is in no registry), or where there is something to be told about the file. Then nothing has changed but the names, and all has to be put
    /// together again.
    pub fn amend(&mut self, site: &content::Site, local: &Arc<BTreeSet<String>>, old: &Meetup, new: &Meetup) -> Option<()> {
        if self.told_of(&new.file.name) || !same_references(old, new) {
            return None;
        }
        let Some(Target::Event(id)) = self.archive.at(&format!("/meetups/{}/", new.key.slug())) else { return None };
        let mut builder = Builder::new(site, local, std::mem::take(&mut self.names));
        let event = builder.new_event(id, new, new.date.as_ref().map(|date| date.it));
        let Builder { archive: made, problems, names, .. } = builder;
        self.names = names;
        let strangers = |archive: &Archive, event: &Event| -> Vec<PersonId> {
            people(archive, event).into_iter().filter(|person| person.0 >= self.names.registered).collect()
        };
        let alone = problems.is_empty()
            && made.people.is_empty()
            && strangers(&self.archive, &self.archive[id]) == strangers(&made, &event)
            && stays_in_place(&self.archive, id, &event);
        if !alone {
            return None;
        }
        take_out(&mut self.archive, id);
        self.replace(id, event, &made);
        enter(&mut self.archive, id);
        Some(())
    }

    /// Takes over a change in the file of one article, where it is in its title, summary, papers or text; else as with [`amend`](Self::amend). What is
    /// wrong in the text is not looked for here.
    pub fn amend_article(&mut self, old: &content::Article, new: &content::Article) -> Option<()> {
        let meetup = |article: &content::Article| article.meetup.as_ref().map(|key| key.it.clone());
        let same = old.date == new.date && meetup(old) == meetup(new) && old.presenters == new.presenters && old.tags == new.tags;
        if !same || self.told_of(&new.body.file.name) {
            return None;
        }
        let Some(Target::Article(id)) = self.archive.at(&format!("/hot-topics/{}/", new.body.stem)) else { return None };
        let (title, summary, papers, body) = (new.title.clone(), new.summary.clone(), new.papers.clone(), new.body.clone());
        let before = self.archive[id].clone();
        self.archive.articles[id.0] = Article { title, summary, papers, body, ..before };
        Some(())
    }

    /// Whether there is something to be told about a file.
    fn told_of(&self, file: &str) -> bool {
        self.problems.iter().any(|problem| problem.place.file.name == file)
    }

    /// Puts an event, whose talks and hot topics are the only ones of the archive `made`, in the place of the one with that id.
    fn replace(&mut self, id: EventId, event: Event, made: &Archive) {
        let archive = &mut self.archive;
        let (talks, hot_topics) = (archive[id].talks.clone(), archive[id].hot_topics.clone());
        for (at, talk) in talks.iter().zip(&made.talks) {
            archive.talks[at.0] = Talk { route: archive[*at].route.clone(), ..talk.clone() };
        }
        for (at, topic) in hot_topics.iter().zip(&made.hot_topics) {
            archive.hot_topics[at.0] = HotTopic { articles: archive[*at].articles.clone(), ..topic.clone() };
        }
        let mut agenda = event.agenda;
        for item in &mut agenda {
            if let Agenda::Talk { talk, .. } = &mut item.what {
                *talk = talks[talk.0];
            }
        }
        let before = &archive[id];
        archive.events[id.0] = Event {
            agenda,
            talks,
            hot_topics,
            listed_under: event.listed_under.or(before.listed_under),
            announcements: before.announcements.clone(),
            jobs: before.jobs.clone(),
            previous: before.previous,
            next: before.next,
            ..event
        };
    }
}

/// Whether two versions of a meetup have the same talks, as far as addresses are made of them, and name the same files.
fn same_references(old: &Meetup, new: &Meetup) -> bool {
    let titles = |meetup: &Meetup| -> Vec<Text> { meetup.talks.iter().map(|talk| talk.title.clone()).collect() };
    let articles = |meetup: &Meetup| -> Vec<Vec<Text>> { meetup.hot_topics.iter().map(|topic| topic.articles.clone()).collect() };
    old.key.it == new.key.it
        && titles(old) == titles(new)
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
fn people(archive: &Archive, event: &Event) -> Vec<PersonId> {
    let mut people: Vec<PersonId> = event.talks.iter().flat_map(|id| archive[*id].speakers.iter().copied()).collect();
    people.extend(event.hot_topics.iter().flat_map(|id| archive[*id].presenters.iter().copied()));
    for item in &event.agenda {
        if let Agenda::Item { speakers, .. } = &item.what {
            people.extend(speakers);
        }
    }
    let panel = event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator));
    people.extend(panel.chain(&event.organisers).chain(&event.credits).map(|seat| seat.person));
    people
}
