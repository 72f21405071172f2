//! `/venues/<slug>/`: one place.

use askama::Template;

use super::machines::calendar;
use super::{Answer, Kind, Request, frame::Frame, schema, venues, words};
use crate::archive::{EventId, Target, Venue};

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.venues.iter().map(|venue| venue.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "venue.html")]
struct VenuePage<'a> {
    frame: Frame<'a>,
    venue: &'a Venue,
    /// Latest first.
    events: Vec<EventId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Venue(id)) = request.target else { return None };
    let venue = &archive[id];
    let events: Vec<EventId> = venue.events.iter().rev().copied().collect();
    let description =
        format!("{} of {} at {}.", words::capital(&words::count(events.len(), "meetup")), archive.site.name, venue.name);
    let frame = Frame::new(request, venue.name.clone(), description)
        .within(venues::PATH)
        .offering(calendar::Of::Venue(id).offer(archive))
        .about(schema::venue(request.site, venue));
    Some(Answer::html(200, &VenuePage { frame, venue, events }))
}
