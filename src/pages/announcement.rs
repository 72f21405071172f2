//! `/events/<slug>/`: one announced event with its programme.

use askama::Template;

use super::{Answer, Kind, Request, announcements, frame::Frame, prose};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::html::Html;
use crate::views::{AnnouncementView, SlotView, words};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.announcements.iter().map(|item| item.url.clone()).collect() };

#[derive(Template)]
#[template(path = "announcement.html")]
struct AnnouncementPage<'a> {
    frame: Frame<'a>,
    announcement: &'a AnnouncementView,
    past: bool,
    /// The programme by day.
    days: Vec<&'a [SlotView]>,
    parts: Vec<&'a AnnouncementView>,
    text: Html,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let (site, views) = (request.site, request.views);
    let Some(Target::Announcement(id)) = request.target else { return None };
    let announcement = &views[id];
    let text = prose::render(site, &announcement.body).html;
    let on = announcement.date.map_or_else(String::new, |date| format!(", {}", date.words()));
    let description = format!("{}{on}, announced at {}.", announcement.kind_name(), views.site.name);
    let mut frame = Frame::new(request, announcement.title.clone(), description)
        .within(announcements::PATH)
        .subscriptions(subscriptions::of_announcement(announcement));
    if let Some(whole) = &announcement.part_of {
        frame = frame.below(whole.url.clone(), whole.name.clone());
    }
    if let Some(thing) = json_ld::announcement(site, announcement, request.day) {
        frame = frame.about(thing);
    }
    Some(Answer::html(
        200,
        &AnnouncementPage {
            frame,
            announcement,
            past: announcement.is_past(request.day),
            days: announcement.programme.chunk_by(|a, b| a.day == b.day).collect(),
            parts: views.announcements_of(&announcement.parts),
            text,
        },
    ))
}
