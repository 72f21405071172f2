//! `/events/`: what was announced at the meetups, coming first.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame};
use crate::formats::subscriptions;
use crate::views::AnnouncementView;

pub(super) const PATH: &str = "/events/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "announcements.html")]
struct Announcements<'a> {
    frame: Frame<'a>,
    /// The next one first.
    coming: Vec<&'a AnnouncementView>,
    /// News without a day of its own.
    news: Vec<&'a AnnouncementView>,
    /// The latest first.
    past: Vec<&'a AnnouncementView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let (news, dated): (Vec<_>, Vec<_>) = views.announcements.iter().partition(|item| item.date.is_none());
    let (past, mut coming): (Vec<_>, Vec<_>) = dated.into_iter().partition(|item| item.is_past(request.day));
    coming.reverse();
    let description = format!("Festivals, workshops and other events that were announced at {}.", views.site.name);
    let frame = Frame::new(request, "Events", description).subscriptions(subscriptions::announcements(views));
    Some(Answer::html(200, &Announcements { frame, coming, news, past }))
}
