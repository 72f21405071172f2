//! `/events/<slug>/`: one announced event with its programme.

use askama::Template;
use jiff::civil::Date;

use super::machines::calendar;
use super::{Answer, Kind, Request, announcements, frame::Frame, prose, schema, words};
use crate::archive::{Announcement, PersonId, Target};
use crate::content::Slot;
use crate::html::Html;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.announcements.iter().map(|announcement| announcement.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "announcement.html")]
struct AnnouncementPage<'a> {
    frame: Frame<'a>,
    announcement: &'a Announcement,
    past: bool,
    /// The programme by day.
    days: Vec<Day<'a>>,
    text: Html,
}

struct Day<'a> {
    date: Option<Date>,
    slots: Vec<Line<'a>>,
}

/// An item of the programme.
struct Line<'a> {
    slot: &'a Slot,
    /// Its speakers by name, those with a page of their own with it.
    speakers: Vec<(&'a str, Option<PersonId>)>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Announcement(id)) = request.target else { return None };
    let announcement = &archive[id];
    let text = prose::render(request.site, &announcement.body).html;
    let kind = words::capital(announcement.kind.word());
    let on = announcement.date.map_or_else(String::new, |date| format!(", {}", words::plain_day(&date)));
    let description = format!("{kind}{on}, announced at {}.", archive.site.name);
    let mut frame = Frame::new(request, announcement.title.clone(), description)
        .within(announcements::PATH)
        .offering(calendar::Of::Announcement(id).offer(archive));
    if let Some(whole) = announcement.part_of {
        frame = frame.below(&archive[whole].route, archive[whole].title.clone());
    }
    if let Some(thing) = schema::announcement(request.site, announcement, request.day) {
        frame = frame.about(thing);
    }
    let past = announcement.is_past(request.day);
    Some(Answer::html(200, &AnnouncementPage { frame, announcement, past, days: days(announcement), text }))
}

fn days(announcement: &Announcement) -> Vec<Day<'_>> {
    let chunks = announcement.programme.chunk_by(|(a, _), (b, _)| a.day == b.day);
    let day = |chunk: &'_ [(Slot, Vec<Option<PersonId>>)]| chunk[0].0.day;
    let lines = chunks.map(|chunk| (day(chunk), chunk.iter().map(|(slot, people)| line(slot, people)).collect()));
    lines.map(|(date, slots)| Day { date, slots }).collect()
}

fn line<'a>(slot: &'a Slot, people: &[Option<PersonId>]) -> Line<'a> {
    let speakers = slot.speakers.iter().zip(people).map(|(name, person)| (name.as_str(), *person));
    Line { slot, speakers: speakers.collect() }
}
