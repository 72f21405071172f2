//! `/events/`: what was announced at the meetups, coming first.

use askama::Template;
use jiff::civil::Date;

use super::machines::calendar;
use super::{Answer, Kind, Request, frame::Frame, words};
use crate::archive::{AnnouncementId, Archive};

pub(super) const PATH: &str = "/events/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "announcements.html")]
struct Announcements<'a> {
    frame: Frame<'a>,
    /// The next one first.
    coming: Vec<AnnouncementId>,
    /// News without a day of its own.
    news: Vec<AnnouncementId>,
    /// The latest first.
    past: Vec<AnnouncementId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let (coming, news, past) = by_time(archive, request.day);
    let description = format!("Festivals, workshops and other events that were announced at {}.", archive.site.name);
    let frame = Frame::new(request, "Events", description).offering(calendar::Of::Announcements.offer(archive));
    Some(Answer::html(200, &Announcements { frame, coming, news, past }))
}

/// What is to come, the next first; news; what is past, the latest first.
pub(super) fn by_time(archive: &Archive, day: Date) -> (Vec<AnnouncementId>, Vec<AnnouncementId>, Vec<AnnouncementId>) {
    let (news, dated): (Vec<_>, Vec<_>) = archive.announcement_ids().partition(|id| archive[*id].date.is_none());
    let (past, mut coming): (Vec<_>, Vec<_>) = dated.into_iter().partition(|id| archive[*id].is_past(day));
    coming.reverse();
    (coming, news, past)
}
