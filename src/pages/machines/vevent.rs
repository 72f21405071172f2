//! An event as a calendar shows it (RFC 5545 §3.6.1).

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::ical::{self, Writer};
use super::ids;
use super::span::{Span, When, hours};
use crate::archive::{Announcement, AnnouncementId, Archive, Event, EventId, TalkId};
use crate::content::{Change, Coordinates, EventKey, Format, Status};
use crate::pages::{Site, words};
use crate::problem::Text;

/// What all kinds of events have in a calendar.
struct Entry<'a> {
    /// The path of its page, which names it.
    path: &'a str,
    span: Span,
    summary: String,
    status: Status,
    /// How often it was changed.
    revision: usize,
    changes: &'a [Change],
    location: Option<String>,
    coordinates: Option<Coordinates>,
    /// Lines of the description.
    lines: Vec<String>,
    categories: Vec<&'a str>,
    /// Its page elsewhere, for a site that does not know its own address.
    url: Option<&'a str>,
}

/// A meetup with a day.
pub(super) fn of_event(site: &Site, id: EventId, zone: Option<&TimeZone>, out: &mut Writer) {
    let archive = &*site.archive;
    let event = &archive[id];
    let Some(date) = event.date else { return };
    let when = When { date, end_date: event.end_date, time: event.time, end_time: event.end_time };
    let (meetup, subject) = (words::meetup(event), words::subject(archive, event));
    let subject = if meetup == subject { meetup } else { format!("{meetup}: {subject}") };
    // An event outside the count has a name of its own; `Meetup 29` is somebody's.
    let summary = match event.key {
        EventKey::Number(_) => format!("{} {subject}", archive.site.short_name),
        EventKey::Code(_) => subject,
    };
    let coordinates = match &event.venues[..] {
        [only] => archive[only.venue].coordinates,
        _ => None,
    };
    let span = Span::of(when, zone);
    Entry {
        path: event.route.as_str(),
        span,
        summary,
        status: event.status,
        revision: event.revision(),
        changes: &event.changes,
        location: location(archive, event),
        coordinates,
        lines: programme(archive, event, span),
        categories: event.tags.iter().map(|tag| archive[*tag].name.as_str()).collect(),
        url: event.meetup_url.as_deref().or(event.web_page.as_deref()),
    }
    .write(site, out);
}

/// An announced event with a day.
pub(super) fn of_announcement(site: &Site, id: AnnouncementId, zone: Option<&TimeZone>, out: &mut Writer) {
    let archive = &*site.archive;
    let announcement = &archive[id];
    let Some(date) = announcement.date else { return };
    let (time, end_time) = announcement.time.as_deref().and_then(hours).unzip();
    // The hours of several days are those of each of them, not from the first to the last.
    let one_day = announcement.end_date.is_none_or(|last| last == date);
    let when = When { date, end_date: announcement.end_date, time: time.filter(|_| one_day), end_time: end_time.flatten() };
    let span = Span::of(when, zone);
    let place = [announcement.place.as_deref(), announcement.address.as_deref()];
    let place: Vec<&str> = place.into_iter().flatten().collect();
    Entry {
        path: announcement.route.as_str(),
        span,
        summary: announcement.title.to_string(),
        status: announcement.status,
        revision: announcement.revision(),
        changes: &announcement.changes,
        location: (!place.is_empty()).then(|| place.join(", ")),
        coordinates: None,
        lines: announced(archive, announcement, span),
        categories: Vec::new(),
        url: announcement.url.as_deref(),
    }
    .write(site, out);
}

impl Entry<'_> {
    fn write(&self, site: &Site, out: &mut Writer) {
        let called_off = self.status.words();
        out.raw("BEGIN", "VEVENT");
        out.raw("UID", &ids::uuid(&site.archive.site, self.path));
        self.write_version(site.archive.first_day(), out);
        // Also what was postponed is not to be held on this day. With a new day it is an event that is held, in a later version.
        out.raw("STATUS", if called_off.is_some() { "CANCELLED" } else { "CONFIRMED" });
        match called_off {
            Some(words) => out.text("SUMMARY", &format!("{}: {}", words::capital(words), self.summary)),
            None => out.text("SUMMARY", &self.summary),
        }
        self.write_span(out);
        if let Some(location) = &self.location {
            out.text("LOCATION", location);
        }
        if let Some(Coordinates { latitude, longitude }) = self.coordinates {
            out.raw("GEO", &format!("{latitude};{longitude}"));
        }
        let own = site.base.as_ref().map(|base| base.of(self.path));
        self.write_description(own.as_deref(), out);
        if let Some(url) = own.as_deref().or(self.url) {
            out.raw("URL", url);
        }
        out.texts("CATEGORIES", self.categories.iter().copied());
        out.raw("END", "VEVENT");
    }

    /// Which version this is. The day comes from the content, so that the same content gives the same bytes; that of the first version is
    /// the `first` of the archive, so that no later version can have an earlier one.
    fn write_version(&self, first: Option<Date>, out: &mut Writer) {
        let midnight = |date: Date| format!("{}T000000Z", ical::date(date));
        let changed = self.changes.last().map(|change| change.date);
        // A day must be given, and where the content has none at all, none is right.
        out.raw("DTSTAMP", &midnight(changed.or(first).unwrap_or(jiff::civil::date(1970, 1, 1))));
        if let Some(changed) = changed {
            out.raw("LAST-MODIFIED", &midnight(changed));
        }
        out.raw("SEQUENCE", &self.revision.to_string());
    }

    fn write_span(&self, out: &mut Writer) {
        match self.span {
            Span::Days(first, last) => {
                out.raw("DTSTART;VALUE=DATE", &ical::date(first));
                // The end of whole days is the day after (RFC 5545 §3.6.1).
                if let Ok(after) = last.tomorrow() {
                    out.raw("DTEND;VALUE=DATE", &ical::date(after));
                }
                // Nobody is busy all day because of a meetup in the evening.
                out.raw("TRANSP", "TRANSPARENT");
            }
            Span::Times(start, end) => {
                out.raw("DTSTART", &ical::instant(start));
                if let Some(end) = end {
                    out.raw("DTEND", &ical::instant(end));
                }
            }
        }
    }

    fn write_description(&self, address: Option<&str>, out: &mut Writer) {
        let told = self.changes.iter().map(|change| format!("{}: {}", words::plain_day(&change.date), change.what));
        let lines: Vec<String> = told.chain(self.lines.iter().cloned()).chain(address.map(str::to_owned)).collect();
        if !lines.is_empty() {
            out.text("DESCRIPTION", &lines.join("\n"));
        }
    }
}

/// The places of an event, with its address or theirs.
fn location(archive: &Archive, event: &Event) -> Option<String> {
    let mut parts: Vec<String> = Vec::new();
    for at in &event.venues {
        let address = archive[at.venue].address.as_ref().filter(|_| event.address.is_none());
        parts.push(address.map_or_else(|| at.name.to_string(), |address| format!("{}, {address}", at.name)));
    }
    parts.extend(event.address.as_ref().map(Text::to_string));
    match (parts.is_empty(), event.format) {
        (false, _) => Some(parts.join("; ")),
        (true, Format::Online) => Some("Online".to_owned()),
        (true, _) => None,
    }
}

/// What an evening has, a line each.
fn programme(archive: &Archive, event: &Event, span: Span) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(time), Span::Days(..)) = (&event.time, span) {
        lines.push(format!("Begins at {}", words::clock(time)));
    }
    lines.extend(words::format(event).map(|format| format!("Format: {}", format.to_lowercase())));
    lines.extend(event.talks.iter().map(|talk| talk_line(archive, *talk)));
    if let Some(panel) = &event.panel {
        let seats: Vec<&str> = panel.panelists.iter().map(|seat| archive[seat.person].name.as_str()).collect();
        lines.push(by(&format!("Panel: {}", panel.title), &seats.join(", ")));
    }
    for topic in event.hot_topics.iter().map(|id| &archive[*id]) {
        let names: Vec<&str> = topic.presenters.iter().map(|person| archive[*person].name.as_str()).collect();
        lines.push(by(&format!("Hot topic: {}", topic.title), &names.join(", ")));
    }
    lines.extend(event.meetup_url.as_ref().map(|url| format!("On Meetup.com: {url}")));
    lines
}

fn talk_line(archive: &Archive, id: TalkId) -> String {
    let talk = &archive[id];
    let mut who: Vec<&str> = talk.speakers.iter().map(|person| archive[*person].name.as_str()).collect();
    who.extend(talk.affiliation.as_deref());
    let kind = talk.kind.map_or_else(|| "Talk".to_owned(), |kind| words::capital(kind.words()));
    let line = by(&format!("{kind}: {}", talk.title), &who.join(", "));
    talk.status.words().map_or_else(|| line.clone(), |status| format!("{line} [{status}]"))
}

fn by(what: &str, who: &str) -> String {
    if who.is_empty() { what.to_owned() } else { format!("{what} ({who})") }
}

/// What was announced, a line each.
fn announced(archive: &Archive, announcement: &Announcement, span: Span) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(time), Span::Days(..)) = (&announcement.time, span) {
        lines.push(format!("Hours: {}", time.replace('-', "–")));
    }
    lines.extend(announcement.host.as_ref().map(|host| format!("Hosted by {host}")));
    lines.extend(announcement.event.map(|event| format!("Announced at {}", words::meetup(&archive[event]))));
    let text = crate::markdown::plain(&announcement.body.markdown);
    lines.extend((!text.is_empty()).then_some(text));
    for (slot, _) in &announcement.programme {
        let when = [slot.day.as_ref().map(words::plain_day), slot.time.as_ref().map(Text::to_string)];
        let when: Vec<String> = when.into_iter().flatten().collect();
        let names: Vec<&str> = slot.speakers.iter().map(|name| name.as_str()).collect();
        let what = by(&slot.title, &names.join(", "));
        lines.push(if when.is_empty() { what } else { format!("{}: {what}", when.join(", ")) });
    }
    lines
}
