//! An entry of a calendar (`VEVENT`, RFC 5545 §3.6.1).

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::content::Coordinates;
use crate::context::Site;
use crate::formats::ical::{self, Writer};
use crate::formats::times::{LocalTimes, Span, parse_hours};
use crate::formats::{EPOCH, uuid};
use crate::markdown;
use crate::views::{AnnouncementView, ChangeView, EventView, SlotView, Status, Views, words};

/// An entry of a calendar.
pub(super) struct Entry<'a> {
    /// Path of its page, which also identifies it.
    path: &'a str,
    span: Span,
    summary: String,
    status: Status,
    revision: usize,
    changes: &'a [ChangeView],
    location: Option<String>,
    coordinates: Option<Coordinates>,
    /// Lines of the description.
    lines: Vec<String>,
    categories: Vec<&'a str>,
    /// Its page elsewhere, for a site without a base URL.
    url: Option<&'a str>,
}

impl<'a> Entry<'a> {
    /// Returns the entry of an event that has a date.
    pub(super) fn event(views: &'a Views, event: &'a EventView, zone: Option<&TimeZone>) -> Option<Self> {
        let (time, end_time) = event.clock;
        let end_date = event.end_date.map(|day| day.0);
        let span = LocalTimes { date: event.date?.0, end_date, time, end_time }.span(zone);
        // `Meetup 29` could be anybody's; an event outside the count has a name of its own.
        let summary = match event.number {
            Some(_) => format!("{} {}", views.site.short_name, event.name),
            None => event.name.clone(),
        };
        Some(Self {
            path: &event.url,
            span,
            summary,
            status: event.status,
            revision: event.revision,
            changes: &event.changes,
            location: event.place.clone(),
            coordinates: event.coordinates,
            lines: event_lines(views, event, span),
            categories: event.topics.iter().map(|topic| topic.name.as_str()).collect(),
            url: event.meetup_url.as_deref().or(event.web_page.as_deref()),
        })
    }

    /// Returns the entry of an announcement that has a date.
    pub(super) fn announcement(announcement: &'a AnnouncementView, zone: Option<&TimeZone>) -> Option<Self> {
        let (date, end_date) = (announcement.date?.0, announcement.end_date.map(|day| day.0));
        // The hours of several days are those of each day, not from the first to the last.
        let hours = announcement.time.as_deref().filter(|_| end_date.is_none_or(|last| last == date));
        let (time, end_time) = hours.and_then(parse_hours).unzip();
        let span = LocalTimes { date, end_date, time, end_time: end_time.flatten() }.span(zone);
        Some(Self {
            path: &announcement.url,
            span,
            summary: announcement.title.clone(),
            status: announcement.status,
            revision: announcement.revision,
            changes: &announcement.changes,
            location: announcement.location(),
            coordinates: None,
            lines: announcement_lines(announcement, span),
            categories: Vec::new(),
            url: announcement.web_page.as_deref(),
        })
    }

    pub(super) fn write(&self, site: &Site, out: &mut Writer) {
        let own_url = site.base.as_ref().map(|base| base.of(self.path));
        out.raw("BEGIN", "VEVENT");
        out.raw("UID", &uuid(&site.views.site, self.path));
        self.write_version(site.views.site.first_day.map_or(EPOCH, |first| first.0), out);
        // What was postponed does not take place on this day either. With a new day it is held, in a later version.
        out.raw("STATUS", if self.status == Status::Held { "CONFIRMED" } else { "CANCELLED" });
        out.text("SUMMARY", &self.status.before(&self.summary));
        self.write_span(out);
        if let Some(location) = &self.location {
            out.text("LOCATION", location);
        }
        if let Some(Coordinates { latitude, longitude }) = self.coordinates {
            out.raw("GEO", &format!("{latitude};{longitude}"));
        }
        let changes = self.changes.iter().map(ChangeView::line);
        let lines: Vec<String> = changes.chain(self.lines.iter().cloned()).chain(own_url.clone()).collect();
        if !lines.is_empty() {
            out.text("DESCRIPTION", &lines.join("\n"));
        }
        if let Some(url) = own_url.as_deref().or(self.url) {
            out.raw("URL", url);
        }
        out.texts("CATEGORIES", self.categories.iter().copied());
        out.raw("END", "VEVENT");
    }

    /// Writes the version. Its date comes from the content, so that the same content gives the same bytes. The original
    /// version has the `first` date of the archive, so that no later version can have an earlier one.
    fn write_version(&self, first: Date, out: &mut Writer) {
        let midnight = |date: Date| format!("{}T000000Z", ical::date(date));
        let changed = self.changes.last().map(|change| change.date.0);
        out.raw("DTSTAMP", &midnight(changed.unwrap_or(first)));
        if let Some(changed) = changed {
            out.raw("LAST-MODIFIED", &midnight(changed));
        }
        out.raw("SEQUENCE", &self.revision.to_string());
    }

    fn write_span(&self, out: &mut Writer) {
        match self.span {
            Span::Days(first, last) => {
                out.raw("DTSTART;VALUE=DATE", &ical::date(first));
                // Whole days end on the day after (RFC 5545 §3.6.1).
                if let Ok(after) = last.tomorrow() {
                    out.raw("DTEND;VALUE=DATE", &ical::date(after));
                }
                // A meetup in the evening does not keep anybody busy all day.
                out.raw("TRANSP", "TRANSPARENT");
            }
            Span::Instants(start, end) => {
                out.raw("DTSTART", &ical::instant(start));
                if let Some(end) = end {
                    out.raw("DTEND", &ical::instant(end));
                }
            }
        }
    }
}

fn event_lines(views: &Views, event: &EventView, span: Span) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(time), Span::Days(..)) = (&event.time, span) {
        lines.push(format!("Begins at {time}"));
    }
    lines.extend(event.format.word().map(|format| format!("Format: {}", format.to_lowercase())));
    lines.extend(event.text.as_ref().map(|text| markdown::plain(&text.markdown)));
    lines.extend(views.talks_of(&event.talks).into_iter().map(|talk| talk.line()));
    if let Some(panel) = &event.panel {
        let panelists = panel.panelists.iter().map(|credit| credit.person.name.as_str());
        lines.push(line(&format!("Panel: {}", panel.title), panelists));
    }
    for topic in &event.hot_topics {
        let presenters = topic.presenters.iter().map(|person| person.name.as_str());
        lines.push(line(&format!("Hot topic: {}", topic.title), presenters));
    }
    lines.extend(event.meetup_url.iter().zip(event.announced_on()).map(|(url, site)| format!("On {site}: {url}")));
    lines
}

fn announcement_lines(announcement: &AnnouncementView, span: Span) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(time), Span::Days(..)) = (&announcement.time, span) {
        lines.push(format!("Hours: {}", words::hours(time)));
    }
    lines.extend(announcement.host.as_ref().map(|host| format!("Hosted by {host}")));
    lines.extend(announcement.event.as_ref().map(|event| format!("Announced at {}", event.name)));
    lines.extend(Some(markdown::plain(&announcement.body.markdown)).filter(|text| !text.is_empty()));
    lines.extend(announcement.programme.iter().map(slot_line));
    lines
}

fn slot_line(slot: &SlotView) -> String {
    let when: Vec<String> = slot.day.map(|day| day.words()).into_iter().chain(slot.time.clone()).collect();
    let what = line(&slot.title, slot.speakers.iter().map(|speaker| speaker.name.as_str()));
    if when.is_empty() { what } else { format!("{}: {what}", when.join(", ")) }
}

/// `Title (Ada, Ben)`
fn line<'a>(title: &str, names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { title.to_owned() } else { format!("{title} ({})", names.join(", ")) }
}
