//! `/venues/`: all places.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame};
use crate::views::{EventView, VenueView, words};

pub(super) const PATH: &str = "/venues/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "venues.html")]
struct Venues<'a> {
    frame: Frame<'a>,
    /// Those with most events first; of as many, the earlier first.
    venues: Vec<(&'a VenueView, Vec<&'a EventView>)>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let mut venues: Vec<_> = views.venues.iter().map(|venue| (venue, views.events_of(&venue.events))).collect();
    venues.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
    let description = format!("{} at which {} met.", words::count(venues.len(), "venue"), views.site.name);
    Some(Answer::html(200, &Venues { frame: Frame::new(request, "Venues", description), venues }))
}
