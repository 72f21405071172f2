//! Edits that concern one event or one article alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::assemble::{Assembly, Builder};
use super::checks::{in_meetup, local_paths};
use super::{Agenda, AgendaItem, Archive, Article, Credited, Event, EventId, HotTopic, PersonId, Talk, Target, TopicId, VenueId};
use crate::content::{self, Meetup};
use crate::problem::Text;

impl Assembly {
    /// Takes over a change in the file of one meetup, where it is in what that file alone says: titles and times, notes, addresses, decks and
    /// recordings. Clones of the archive stay as they are, and share everything else with it.
    ///
    /// None where the change may concern others (a date, a name, a topic, the title of a talk, which is its address), or where there is something to
    /// be told about the file. Then nothing has changed but the names, and all has to be put together again.
    pub fn amend(&mut self, site: &content::Site, local: &Arc<BTreeSet<String>>, old: &Meetup, new: &Meetup) -> Option<()> {
        if self.told_of(&new.file.name) || !same_references(old, new) {
            return None;
        }
        let Some(Target::Event(id)) = self.archive.at(&format!("/meetups/{}/", new.key.slug())) else { return None };
        let mut builder = Builder::new(site, local, std::mem::take(&mut self.names));
        let event = builder.new_event(id, new, None);
        let Builder { archive: made, problems, names, .. } = builder;
        self.names = names;
        let before = Bearings::of(&self.archive, &self.archive[id]);
        if !problems.is_empty() || !in_meetup(new).is_empty() || !made.people.is_empty() || Bearings::of(&made, &event) != before
        {
            return None;
        }
        self.replace(id, event, &made);
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
            listed_under: before.listed_under,
            announcements: before.announcements.clone(),
            jobs: before.jobs.clone(),
            previous: before.previous,
            next: before.next,
            ..event
        };
    }
}

/// Whether two versions of a meetup name the same files.
fn same_references(old: &Meetup, new: &Meetup) -> bool {
    let articles = |meetup: &Meetup| -> Vec<Vec<Text>> { meetup.hot_topics.iter().map(|topic| topic.articles.clone()).collect() };
    old.key.it == new.key.it
        && old.announcements == new.announcements
        && old.jobs == new.jobs
        && articles(old) == articles(new)
        && local_paths(old) == local_paths(new)
}

/// What other pages know of an event: its place in the order of all, its address, and whom and what it leads to.
#[derive(Debug, PartialEq, Eq)]
struct Bearings<'a> {
    key: &'a content::EventKey,
    date: Option<jiff::civil::Date>,
    venues: Vec<VenueId>,
    tags: &'a [TopicId],
    panel: Vec<PersonId>,
    moderator: Option<PersonId>,
    organisers: Vec<PersonId>,
    on_agenda: Vec<&'a [PersonId]>,
    credits: Vec<(PersonId, Option<&'a Text>)>,
    talks: Vec<(&'a str, &'a [PersonId], &'a [TopicId])>,
    hot_topics: Vec<&'a [PersonId]>,
}

impl<'a> Bearings<'a> {
    fn of(archive: &'a Archive, event: &'a Event) -> Self {
        let persons = |seats: &[Credited]| seats.iter().map(|seat| seat.person).collect();
        let talk = |talk: &'a Talk| (talk.title.as_str(), talk.speakers.as_slice(), talk.tags.as_slice());
        let panel = event.panel.as_ref();
        Self {
            key: &event.key,
            date: event.date,
            venues: event.venues.iter().map(|at| at.venue).collect(),
            tags: &event.tags,
            panel: panel.map_or_else(Vec::new, |panel| persons(&panel.panelists)),
            moderator: panel.and_then(|panel| Some(panel.moderator.as_ref()?.person)),
            organisers: persons(&event.organisers),
            on_agenda: event.agenda.iter().map(speakers).collect(),
            credits: event.credits.iter().map(|seat| (seat.person, seat.role.as_ref())).collect(),
            talks: event.talks.iter().map(|id| talk(&archive[*id])).collect(),
            hot_topics: event.hot_topics.iter().map(|id| archive[*id].presenters.as_slice()).collect(),
        }
    }
}

/// Who stands in an agenda and nowhere else.
fn speakers(item: &AgendaItem) -> &[PersonId] {
    match &item.what {
        Agenda::Item { speakers, .. } => speakers,
        Agenda::Talk { .. } | Agenda::Panel => &[],
    }
}
