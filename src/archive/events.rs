//! Events with their talks, panels and hot topics.

use std::sync::Arc;

use jiff::civil::Date;

use super::assemble::{Builder, Parts, push_new};
use super::route::Route;
use super::{Agenda, AgendaItem, Credited, Event, EventId, HotTopic, HotTopicId, Panel, Talk, TalkId, VenueAs};
use crate::content::{self, EventKey, Meetup};
use crate::diagnostics::{Diagnostic, Spanned, closest};
use crate::yaml::TextOr;

impl Builder<'_> {
    pub(super) fn events(&mut self, parts: &Parts<'_>) {
        for (meetup, position) in in_order(&parts.meetups) {
            let id = EventId(self.archive.events.len());
            self.event_by_key.insert(meetup.key().value, id);
            let event = self.new_event(id, meetup, position);
            self.archive.events.push(event);
        }
        let count = self.archive.events.len();
        for index in 0..count {
            self.archive.events[index].previous = index.checked_sub(1).map(EventId);
            self.archive.events[index].next = (index + 1 < count).then_some(EventId(index + 1));
        }
    }

    /// Makes an event, and adds its talks and hot topics to the archive.
    fn new_event(&mut self, id: EventId, meetup: &Meetup, position: Option<Date>) -> Event {
        let talks = self.talks(id, meetup);
        let hot_topics = self.hot_topics(id, meetup);
        let venues =
            meetup.venues.iter().map(|name| VenueAs { venue: self.venue(name), name: name.value.clone() }).collect();
        let mut tags = self.tags(&meetup.tags);
        for tag in talks.iter().flat_map(|talk| &self.archive[*talk].tags) {
            push_new(&mut tags, *tag);
        }
        Event {
            key: meetup.key().value,
            route: Route::new("meetups", &meetup.key().slug()),
            listed_under: position.map(Date::year),
            venues,
            tags,
            agenda: self.agenda(meetup, &talks),
            panel: meetup.panel.as_ref().map(|panel| self.panel(panel)),
            organisers: self.named(&meetup.organisers),
            credits: meetup
                .credits
                .iter()
                .map(|credit| Credited {
                    person: self.person(&credit.name),
                    role: Some(credit.role.clone()),
                    affiliation: credit.affiliation.clone(),
                })
                .collect(),
            talks,
            hot_topics,
            announcements: Vec::new(),
            jobs: Vec::new(),
            previous: None,
            next: None,
            source: meetup.clone(),
        }
    }

    fn talks(&mut self, event: EventId, meetup: &Meetup) -> Vec<TalkId> {
        let first = self.archive.talks.len();
        for talk in &meetup.talks {
            let talk = Talk {
                route: self.route("talks", &talk.title),
                event,
                speakers: self.persons(&talk.speakers),
                tags: self.tags(&talk.tags),
                source: talk.clone(),
            };
            self.archive.talks.push(talk);
        }
        (first..self.archive.talks.len()).map(TalkId).collect()
    }

    fn hot_topics(&mut self, event: EventId, meetup: &Meetup) -> Vec<HotTopicId> {
        let first = self.archive.hot_topics.len();
        for topic in &meetup.hot_topics {
            let topic = HotTopic {
                event,
                presenters: self.persons(&topic.presenters),
                articles: Vec::new(),
                source: (**topic).clone(),
            };
            self.archive.hot_topics.push(topic);
        }
        (first..self.archive.hot_topics.len()).map(HotTopicId).collect()
    }

    fn named(&mut self, people: &[TextOr<content::Named>]) -> Vec<Credited> {
        people.iter().map(|named| self.credited(named)).collect()
    }

    fn credited(&mut self, named: &content::Named) -> Credited {
        Credited { person: self.person(&named.name), role: None, affiliation: named.affiliation.clone() }
    }

    fn panel(&mut self, panel: &content::Panel) -> Panel {
        Panel {
            title: panel.title.clone(),
            panelists: self.named(&panel.panelists),
            moderator: panel.moderator.as_ref().map(|moderator| self.credited(moderator)),
        }
    }

    fn agenda(&mut self, meetup: &Meetup, talks: &[TalkId]) -> Vec<AgendaItem> {
        let mut agenda = Vec::with_capacity(meetup.agenda.len());
        for item in &meetup.agenda {
            let what = match &item.what {
                content::Agenda::Item { title, speakers } => {
                    Some(Agenda::Item { title: title.clone(), speakers: self.persons(speakers) })
                }
                content::Agenda::Talk { title, wording } => self.agenda_talk(meetup, talks, title, wording.clone()),
                content::Agenda::Panel { title } => self.agenda_panel(meetup, title),
            };
            agenda.extend(what.map(|what| AgendaItem { time: item.time.clone(), what, status: item.status }));
        }
        agenda
    }

    fn agenda_talk(
        &mut self,
        meetup: &Meetup,
        talks: &[TalkId],
        title: &Spanned<Arc<str>>,
        wording: Option<Arc<str>>,
    ) -> Option<Agenda> {
        if let Some(position) = meetup.talks.iter().position(|talk| talk.title == *title) {
            return Some(Agenda::Talk { talk: talks[position], wording });
        }
        let titles = meetup.talks.iter().map(|talk| &**talk.title);
        let diagnostic = Diagnostic::error(title.span.clone(), format!("this meetup has no talk `{title}`"));
        let help = "`talk` repeats the title of a talk below, letter by letter; use `title` for anything else";
        self.diagnostics.push(match closest(title, titles) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(help),
        });
        None
    }

    fn agenda_panel(&mut self, meetup: &Meetup, title: &Spanned<Arc<str>>) -> Option<Agenda> {
        if meetup.panel.as_ref().is_some_and(|panel| panel.title == title.value) {
            return Some(Agenda::Panel);
        }
        let diagnostic = Diagnostic::error(title.span.clone(), format!("this meetup has no panel `{title}`"));
        self.diagnostics.push(diagnostic.help("`panel` repeats the title of the panel, letter by letter"));
        None
    }
}

/// The meetups from the oldest to the newest, each with the date at which it stands. One without a date stands after
/// the numbered one before it, as its number says, and borrows that one's date for its place.
fn in_order<'m>(meetups: &[&'m Meetup]) -> Vec<(&'m Meetup, Option<Date>)> {
    let mut placed: Vec<(&Meetup, Option<Date>)> =
        meetups.iter().map(|meetup| (*meetup, position(meetup, meetups))).collect();
    // Codes sort after numbers of the same day; an event that nothing places comes last.
    placed.sort_by_key(|(meetup, date)| (date.is_none(), *date, meetup.key().value));
    placed
}

fn position(meetup: &Meetup, meetups: &[&Meetup]) -> Option<Date> {
    let own = meetup.date.as_deref().copied();
    let EventKey::Number(number) = meetup.key().value else { return own };
    own.or_else(|| {
        let before =
            |other: &&&Meetup| matches!(other.key().value, EventKey::Number(n) if n < number) && other.date.is_some();
        let nearest = meetups.iter().filter(before).max_by_key(|other| other.key().value)?;
        nearest.date.as_deref().copied()
    })
}
