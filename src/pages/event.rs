//! `/meetups/<key>/`: one event.

use askama::Template;
use jiff::civil::Date;

use super::machines::calendar;
use super::{Answer, Kind, Request, events, frame::Frame, schema, words};
use crate::archive::{Agenda, AnnouncementId, Archive, Event, JobId, PersonId, Target};
use crate::content::Status;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.events.iter().map(|event| event.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    frame: Frame<'a>,
    event: &'a Event,
    day: Date,
    /// Whether it is over, or does not take place.
    past: bool,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Event(id)) = request.target else { return None };
    let event = &archive[id];
    let (meetup, headline) = (words::meetup(event), words::headline(event));
    let title = if meetup == headline { meetup } else { format!("{meetup}: {headline}") };
    let mut frame = Frame::new(request, title, describe(archive, event)).within(events::PATH);
    if let Some(year) = event.listed_under {
        frame = frame.below(format!("{}#y{year}", events::PATH), year.to_string());
    }
    let (day, past) = (request.day, event.is_past(request.day) || !event.takes_place());
    let frame = frame.offering(calendar::Of::Event(id).offer(archive)).about(schema::event(request.site, event, request.day));
    Some(Answer::html(200, &EventPage { frame, event, day, past }))
}

pub(super) fn describe(archive: &Archive, event: &Event) -> String {
    let mut parts = vec![archive.site.name.to_string()];
    parts.extend(event.date.as_ref().map(words::plain_day));
    parts.extend(event.venues.first().map(|at| at.name.to_string()));
    let speakers: Vec<&str> = speakers(archive, event).into_iter().map(|person| archive[person].name.as_str()).collect();
    if !speakers.is_empty() {
        parts.push(format!("talks by {}", speakers.join(", ")));
    }
    format!("{}.", parts.join(", "))
}

/// Who speaks in talks that are or were to be held, each once.
pub(super) fn speakers(archive: &Archive, event: &Event) -> Vec<PersonId> {
    let mut people = Vec::new();
    for talk in event.talks.iter().map(|id| &archive[*id]).filter(|talk| talk.status == Status::Held) {
        for person in &talk.speakers {
            if !people.contains(person) {
                people.push(*person);
            }
        }
    }
    people
}

impl EventPage<'_> {
    /// Whether something announced here is over.
    fn over(&self, id: &AnnouncementId) -> bool {
        self.frame.archive[*id].is_past(self.day)
    }

    /// Whether a position offered here is still open.
    fn open(&self, id: &JobId) -> bool {
        self.frame.archive[*id].is_open(self.day)
    }

    fn has_agenda(&self) -> bool {
        has_agenda(self.event)
    }
}

/// Whether the agenda says more than the list of talks does.
pub(super) fn has_agenda(event: &Event) -> bool {
    event.agenda.iter().any(|item| item.time.is_some() || !matches!(item.what, Agenda::Talk { wording: None, .. }))
}
