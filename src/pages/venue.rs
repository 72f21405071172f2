//! `/venues/<slug>/`: one place.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, venues};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::html::Html;
use crate::prose;
use crate::views::{EventView, VenueView, words};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.venues.iter().map(|venue| venue.url.clone()).collect() };

#[derive(Template)]
#[template(path = "venue.html")]
struct VenuePage<'a> {
    frame: Frame<'a>,
    venue: &'a VenueView,
    /// What it is and how one gets in.
    description: Option<Html>,
    /// Latest first.
    events: Vec<&'a EventView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let views = request.views;
    let Some(Target::Venue(id)) = request.target else { return None };
    let venue = &views[id];
    let count = words::count(venue.events.len(), "meetup");
    let frame = Frame::new(request, venue.name.clone(), format!("{count} of {} at {}.", views.site.name, venue.name))
        .within(venues::PATH)
        .subscriptions(subscriptions::of_venue(views, venue))
        .about(json_ld::venue(request.site, venue));
    let events = views.events_of(&venue.events).into_iter().rev().collect();
    let description = prose::part(request.site, venue.description.as_ref(), &venue.url);
    Some(Answer::html(200, &VenuePage { frame, venue, description, events }))
}
