//! Events with their talks, panels and hot topics.

use std::sync::Arc;

use jiff::civil::Date;

use super::assemble::push_new;
use super::assemble::{Builder, Parts, address, date};
use super::route::Route;
use super::{Agenda, AgendaItem, Credited, Event, EventId, HotTopic, HotTopicId, Panel, Talk, TalkId, VenueAs};
use crate::content::{self, EventKey, Format, Meetup, Status};
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
        let links = |links: &[TextOr<content::Link>]| self.addresses.links(links);
        let link = |link: &Option<TextOr<content::Link>>| link.as_ref().map(|link| self.addresses.link(link));
        Event {
            key: meetup.key().value,
            route: Route::new("meetups", &meetup.key().slug()),
            title: meetup.title.clone(),
            date: date(&meetup.date),
            end_date: date(&meetup.end_date),
            listed_under: position.map(Date::year),
            time: meetup.time.as_ref().map(|time| time.value),
            end_time: meetup.end_time.as_ref().map(|time| time.value),
            status: Status::of(&meetup.status),
            changes: meetup.changes.clone(),
            format: meetup.format.as_ref().map_or(Format::InPerson, |format| format.value),
            venues,
            address: meetup.address.clone(),
            topic: meetup.topic.clone(),
            tags,
            meetup_url: address(&meetup.meetup_url),
            web_page: address(&meetup.web_page),
            registration: address(&meetup.registration),
            price: meetup.price.as_ref().map(|price| price.value.clone()),
            folder: link(&meetup.folder),
            hosts: meetup.hosts.clone(),
            slides: links(&meetup.slides),
            videos: links(&meetup.videos),
            photos: meetup.photos.iter().map(|photos| self.addresses.album(photos)).collect(),
            poster: link(&meetup.poster),
            banner: link(&meetup.banner),
            files: links(&meetup.files),
            links: links(&meetup.links),
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
            next_words: meetup.next.clone(),
            notes: meetup.notes.clone(),
            previous: None,
            next: None,
        }
    }

    fn talks(&mut self, event: EventId, meetup: &Meetup) -> Vec<TalkId> {
        let first = self.archive.talks.len();
        for talk in &meetup.talks {
            let talk = Talk {
                route: self.route("talks", &talk.title),
                title: talk.title.value.clone(),
                event,
                speakers: self.persons(&talk.speakers),
                affiliation: talk.affiliation.clone(),
                kind: talk.kind.as_ref().map(|kind| kind.value),
                status: Status::of(&talk.status),
                tags: self.tags(&talk.tags),
                slides: self.addresses.links(&talk.slides),
                videos: self.addresses.links(&talk.videos),
                listed_as: talk.listed_as.clone(),
                note: talk.note.clone(),
            };
            self.archive.talks.push(talk);
        }
        (first..self.archive.talks.len()).map(TalkId).collect()
    }

    fn hot_topics(&mut self, event: EventId, meetup: &Meetup) -> Vec<HotTopicId> {
        let first = self.archive.hot_topics.len();
        for topic in &meetup.hot_topics {
            let topic = HotTopic {
                title: topic.title.clone(),
                event,
                presenters: self.persons(&topic.presenters),
                slides: self.addresses.links(&topic.slides),
                articles: Vec::new(),
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
        let problem = Diagnostic::error(title.span.clone(), format!("this meetup has no talk `{title}`"));
        let help = "`talk` repeats the title of a talk below, letter by letter; use `title` for anything else";
        self.problems.push(match closest(title, titles) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(help),
        });
        None
    }

    fn agenda_panel(&mut self, meetup: &Meetup, title: &Spanned<Arc<str>>) -> Option<Agenda> {
        if meetup.panel.as_ref().is_some_and(|panel| panel.title == title.value) {
            return Some(Agenda::Panel);
        }
        let problem = Diagnostic::error(title.span.clone(), format!("this meetup has no panel `{title}`"));
        self.problems.push(problem.help("`panel` repeats the title of the panel, letter by letter"));
        None
    }
}

/// The meetups from the oldest to the newest, each with the date at which it stands. One without a date stands after the
/// numbered one before it, as its number says, and borrows that one's date for its place.
fn in_order<'m>(meetups: &[&'m Meetup]) -> Vec<(&'m Meetup, Option<Date>)> {
    let mut placed: Vec<(&Meetup, Option<Date>)> =
        meetups.iter().map(|meetup| (*meetup, position(meetup, meetups))).collect();
    // Codes sort after numbers of the same day; an event that nothing places comes last.
    placed.sort_by_key(|(meetup, date)| (date.is_none(), *date, meetup.key().value));
    placed
}

fn position(meetup: &Meetup, meetups: &[&Meetup]) -> Option<Date> {
    let own = date(&meetup.date);
    let EventKey::Number(number) = meetup.key().value else { return own };
    own.or_else(|| {
        let before =
            |other: &&&Meetup| matches!(other.key().value, EventKey::Number(n) if n < number) && other.date.is_some();
        let nearest = meetups.iter().filter(before).max_by_key(|other| other.key().value)?;
        date(&nearest.date)
    })
}
