//! Events with their talks, panels and hot topics.

use jiff::civil::Date;

use super::assemble::{Builder, Parts};
use super::route::{Route, TALKS};
use super::{Agenda, AgendaItem, Credited, Event, EventId, HotTopic, HotTopicId, Panel, Talk, TalkId, VenueAs};
use crate::content::{self, EventKey, Meetup};
use crate::problem::{Problem, Text, closest};

/// An event with its talks and hot topics.
pub(super) struct Evening {
    pub(super) event: Event,
    pub(super) talks: Vec<Talk>,
    pub(super) hot_topics: Vec<HotTopic>,
}

impl Builder<'_> {
    pub(super) fn events(&mut self, parts: &Parts<'_>) {
        for (meetup, position) in in_order(&parts.meetups) {
            let id = EventId(self.archive.events.len());
            if let Some(first) = self.event_by_key.get(&meetup.key.it).copied() {
                let message = format!("meetup {} is here a second time", meetup.key.it);
                let other =
                    parts.meetups.iter().find(|other| other.key.it == meetup.key.it).map(|other| other.file.name.as_str());
                let help = format!("the first is in {}; give this one its own number", other.unwrap_or("another file"));
                debug_assert!(first < id);
                self.problems.push(Problem::error(meetup.key.place.clone(), message).help(help));
                continue;
            }
            self.event_by_key.insert(meetup.key.it.clone(), id);
            let Evening { event, talks, hot_topics } = self.new_event(id, meetup, position);
            self.archive.events.push(event);
            self.archive.talks.push(talks);
            self.archive.hot_topics.push(hot_topics);
        }
        let count = self.archive.events.len();
        for index in 0..count {
            self.archive.events[index].previous = index.checked_sub(1).map(EventId);
            self.archive.events[index].next = (index + 1 < count).then_some(EventId(index + 1));
        }
    }

    /// An event with its talks and hot topics.
    pub(super) fn new_event(&mut self, id: EventId, meetup: &Meetup, position: Option<Date>) -> Evening {
        let talks = self.talks(id, meetup);
        let hot_topics = self.hot_topics(id, meetup);
        let venues =
            meetup.venues.iter().filter_map(|name| self.venue(name).map(|venue| VenueAs { venue, name: name.clone() })).collect();
        let mut tags = self.tags(&meetup.tags);
        for talk in &talks {
            let more: Vec<_> = talk.tags.iter().filter(|tag| !tags.contains(tag)).copied().collect();
            tags.extend(more);
        }
        let links = |links: &[content::Link]| self.addresses.links(links);
        let link = |link: &Option<content::Link>| link.as_ref().map(|link| self.addresses.link(link));
        let event = Event {
            key: meetup.key.it.clone(),
            route: Route::new("meetups", &meetup.key.slug()),
            title: meetup.title.clone(),
            date: meetup.date.as_ref().map(|date| date.it),
            end_date: meetup.end_date.as_ref().map(|date| date.it),
            listed_under: position.map(Date::year),
            time: meetup.time,
            end_time: meetup.end_time,
            status: meetup.status,
            changes: meetup.changes.clone(),
            format: meetup.format,
            venues,
            address: meetup.address.clone(),
            topic: meetup.topic.clone(),
            tags,
            meetup_url: meetup.meetup_url.clone(),
            web_page: meetup.web_page.clone(),
            registration: meetup.registration.clone(),
            price: meetup.price.clone(),
            folder: link(&meetup.folder),
            hosts: meetup.hosts.clone(),
            slides: links(&meetup.slides),
            videos: links(&meetup.videos),
            photos: meetup.photos.iter().map(|photos| self.addresses.album(photos)).collect(),
            poster: link(&meetup.poster),
            banner: link(&meetup.banner),
            files: links(&meetup.files),
            links: links(&meetup.links),
            agenda: self.agenda(id, meetup),
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
            talks: (0..talks.len()).map(|at| TalkId::new(id.0, at)).collect(),
            hot_topics: (0..hot_topics.len()).map(|at| HotTopicId::new(id.0, at)).collect(),
            announcements: Vec::new(),
            jobs: Vec::new(),
            next_words: meetup.next.clone(),
            notes: meetup.notes.clone(),
            previous: None,
            next: None,
        };
        Evening { event, talks, hot_topics }
    }

    fn talks(&mut self, event: EventId, meetup: &Meetup) -> Vec<Talk> {
        meetup
            .talks
            .iter()
            .map(|talk| Talk {
                route: self.route(TALKS, &talk.title),
                title: talk.title.clone(),
                event,
                speakers: self.persons(&talk.speakers),
                affiliation: talk.affiliation.clone(),
                kind: talk.kind,
                status: talk.status,
                tags: self.tags(&talk.tags),
                slides: self.addresses.links(&talk.slides),
                videos: self.addresses.links(&talk.videos),
                listed_as: talk.listed_as.clone(),
                note: talk.note.clone(),
            })
            .collect()
    }

    fn hot_topics(&mut self, event: EventId, meetup: &Meetup) -> Vec<HotTopic> {
        meetup
            .hot_topics
            .iter()
            .map(|topic| HotTopic {
                title: topic.title.clone(),
                event,
                presenters: self.persons(&topic.presenters),
                slides: self.addresses.links(&topic.slides),
                articles: Vec::new(),
            })
            .collect()
    }

    fn named(&mut self, people: &[content::Named]) -> Vec<Credited> {
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

    fn agenda(&mut self, event: EventId, meetup: &Meetup) -> Vec<AgendaItem> {
        let mut agenda = Vec::with_capacity(meetup.agenda.len());
        for item in &meetup.agenda {
            let what = match &item.what {
                content::Agenda::Item { title, speakers } => {
                    Some(Agenda::Item { title: title.clone(), speakers: self.persons(speakers) })
                }
                content::Agenda::Talk { title, wording } => self.agenda_talk(event, meetup, title, wording.clone()),
                content::Agenda::Panel { title } => self.agenda_panel(meetup, title),
            };
            agenda.extend(what.map(|what| AgendaItem { time: item.time.clone(), what, status: item.status }));
        }
        agenda
    }

    fn agenda_talk(&mut self, event: EventId, meetup: &Meetup, title: &Text, wording: Option<Text>) -> Option<Agenda> {
        if let Some(position) = meetup.talks.iter().position(|talk| talk.title == *title) {
            return Some(Agenda::Talk { talk: TalkId::new(event.0, position), wording });
        }
        let titles = meetup.talks.iter().map(|talk| talk.title.as_str());
        let problem = Problem::error(title.place(), format!("this meetup has no talk `{title}`"));
        let help = "`talk` repeats the title of a talk below, letter by letter; use `title` for anything else";
        self.problems.push(match closest(title, titles) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(help),
        });
        None
    }

    fn agenda_panel(&mut self, meetup: &Meetup, title: &Text) -> Option<Agenda> {
        if meetup.panel.as_ref().is_some_and(|panel| panel.title == *title) {
            return Some(Agenda::Panel);
        }
        let problem = Problem::error(title.place(), format!("this meetup has no panel `{title}`"));
        self.problems.push(problem.help("`panel` repeats the title of the panel, letter by letter"));
        None
    }
}

/// The meetups from the oldest to the newest, each with the date at which it stands. One without a date stands after the
/// numbered one before it, as its number says, and borrows that one's date for its place.
fn in_order<'m>(meetups: &[&'m Meetup]) -> Vec<(&'m Meetup, Option<Date>)> {
    let mut placed: Vec<(&Meetup, Option<Date>)> = meetups.iter().map(|meetup| (*meetup, position(meetup, meetups))).collect();
    // Codes sort after numbers of the same day; an event that nothing places comes last.
    placed.sort_by_key(|(meetup, date)| (date.is_none(), *date, meetup.key.it.clone()));
    placed
}

fn position(meetup: &Meetup, meetups: &[&Meetup]) -> Option<Date> {
    let own = meetup.date.as_ref().map(|date| date.it);
    let EventKey::Number(number) = meetup.key.it else { return own };
    own.or_else(|| {
        let before = |other: &&&Meetup| matches!(other.key.it, EventKey::Number(n) if n < number) && other.date.is_some();
        let nearest = meetups.iter().filter(before).max_by_key(|other| other.key.it.clone())?;
        nearest.date.as_ref().map(|date| date.it)
    })
}
