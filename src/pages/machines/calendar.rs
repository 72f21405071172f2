//! `/meetups.ics`, `/events.ics`, and the calendar of one meetup, announced event, venue or person.
//!
//! There is a calendar of everything that has an event with a day: without one it would be none (RFC 5545 §3.6 asks for a component).

use jiff::tz::TimeZone;

use super::ical::Writer;
use super::subscribe::{Medium, Offer};
use super::{ids, vevent};
use crate::archive::{AnnouncementId, Archive, EventId, PersonId, Route, Target, VenueId};
use crate::pages::{Answer, CachePolicy, Kind, Request, Site, words};

pub(in crate::pages) const KIND: Kind = Kind { answer, paths };

/// What a calendar is of.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages) enum Of {
    /// All meetups.
    Meetups,
    /// All events that were announced at them.
    Announcements,
    /// One meetup.
    Event(EventId),
    /// One announced event.
    Announcement(AnnouncementId),
    /// The meetups at a place.
    Venue(VenueId),
    /// The meetups at which somebody speaks.
    Person(PersonId),
}

/// How often a subscriber may look for news: once a day (RFC 7986 §5.7).
const REFRESH: &str = "P1D";

impl Of {
    /// Where the calendar is, if there is one: beside the folder of the page it belongs to.
    pub(in crate::pages) fn path(self, archive: &Archive) -> Option<String> {
        let there = match self {
            // Each page asks for this one, so it is not gathered.
            Of::Meetups => archive.events.iter().any(|event| event.date.is_some()),
            of => of.events(archive).next().is_some() || of.announcements(archive).next().is_some(),
        };
        there.then(|| format!("{}.ics", self.page(archive).trim_end_matches('/')))
    }

    /// The calendar as a page offers it, if there is one.
    pub(in crate::pages) fn offer(self, archive: &Archive) -> Option<Offer> {
        let title = match self {
            Of::Meetups => "Calendar of all meetups".to_owned(),
            Of::Announcements => "Calendar of announced events".to_owned(),
            Of::Event(_) | Of::Announcement(_) => "Calendar entry".to_owned(),
            Of::Venue(id) => format!("Calendar of the meetups at {}", archive[id].name),
            Of::Person(id) => format!("Calendar of the meetups with {}", archive[id].name),
        };
        Some(Offer { medium: Medium::Calendar, path: self.path(archive)?, title })
    }

    /// The page it belongs to.
    fn page(self, archive: &Archive) -> &str {
        let route: &Route = match self {
            Of::Meetups => return "/meetups/",
            Of::Announcements => return "/events/",
            Of::Event(id) => &archive[id].route,
            Of::Announcement(id) => &archive[id].route,
            Of::Venue(id) => &archive[id].route,
            Of::Person(id) => &archive[id].route,
        };
        route.as_str()
    }

    /// Its meetups, as far as they have a day.
    fn events(self, archive: &Archive) -> impl Iterator<Item = EventId> {
        let events: Vec<EventId> = match self {
            Of::Meetups => archive.event_ids().collect(),
            Of::Event(id) => vec![id],
            Of::Venue(id) => archive[id].events.clone(),
            Of::Person(id) => on_stage(archive, id),
            Of::Announcements | Of::Announcement(_) => Vec::new(),
        };
        events.into_iter().filter(|id| archive[*id].date.is_some())
    }

    /// Its announced events, as far as they have a day.
    fn announcements(self, archive: &Archive) -> impl Iterator<Item = AnnouncementId> {
        let announcements: Vec<AnnouncementId> = match self {
            Of::Announcements => archive.announcement_ids().rev().collect(),
            Of::Announcement(id) => vec![id],
            _ => Vec::new(),
        };
        announcements.into_iter().filter(|id| archive[*id].date.is_some())
    }

    /// What a calendar program calls it.
    fn name(self, archive: &Archive) -> String {
        let site = &archive.site;
        match self {
            Of::Meetups => site.name.to_string(),
            Of::Announcements => format!("{}: announced events", site.short_name),
            Of::Event(id) => format!("{}: {}", site.short_name, words::meetup(&archive[id])),
            Of::Announcement(id) => archive[id].title.to_string(),
            Of::Venue(id) => format!("{}: {}", site.short_name, archive[id].name),
            Of::Person(id) => format!("{}: {}", site.short_name, archive[id].name),
        }
    }
}

/// The meetups at which somebody gave a talk, presented a hot topic or was on the panel, oldest first. A talk that was called off is none.
fn on_stage(archive: &Archive, id: PersonId) -> Vec<EventId> {
    let person = &archive[id];
    let talks = person.talks.iter().map(|talk| &archive[*talk]).filter(|talk| talk.status.words().is_none());
    let topics = person.hot_topics.iter().map(|topic| archive[*topic].event);
    let panels = person.panels.iter().map(|(event, _)| *event);
    let mut events: Vec<EventId> = talks.map(|talk| talk.event).chain(topics).chain(panels).collect();
    events.sort_unstable();
    events.dedup();
    events
}

fn paths(site: &Site) -> Vec<String> {
    let archive = &site.archive;
    let all = [Of::Meetups, Of::Announcements].into_iter();
    all.chain(archive.event_ids().map(Of::Event))
        .chain(archive.announcement_ids().map(Of::Announcement))
        .chain(archive.venue_ids().map(Of::Venue))
        .chain(archive.person_ids().map(Of::Person))
        .filter_map(|of| of.path(archive))
        .collect()
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let of = find(request.archive, request.path)?;
    let calendar = write(request.site, of);
    Some(Answer::new(200, "text/calendar; charset=utf-8", CachePolicy::Page, calendar))
}

/// Whether a path is that of a calendar.
pub(super) fn is_there(archive: &Archive, path: &str) -> bool {
    find(archive, path).is_some()
}

fn find(archive: &Archive, path: &str) -> Option<Of> {
    let page = format!("{}/", path.strip_suffix(".ics")?);
    let of = match page.as_str() {
        "/meetups/" => Some(Of::Meetups),
        "/events/" => Some(Of::Announcements),
        page => match archive.at(page)? {
            Target::Event(id) => Some(Of::Event(id)),
            Target::Announcement(id) => Some(Of::Announcement(id)),
            Target::Venue(id) => Some(Of::Venue(id)),
            Target::Person(id) => Some(Of::Person(id)),
            _ => None,
        },
    };
    of.filter(|of| of.path(archive).is_some())
}

fn write(site: &Site, of: Of) -> Vec<u8> {
    let archive = &*site.archive;
    let mut out = Writer::default();
    out.raw("BEGIN", "VCALENDAR");
    out.raw("VERSION", "2.0");
    out.text("PRODID", &format!("-//{}//vdlm//EN", archive.site.name));
    // Without a METHOD: this is a calendar to be looked at, not an invitation that somebody answers (RFC 5546 §1.4).
    out.raw("UID", &ids::uuid(&archive.site, &of.path(archive).unwrap_or_default()));
    let name = of.name(archive);
    out.text("NAME", &name);
    // The older name of the same property, which most programs still read.
    out.text("X-WR-CALNAME", &name);
    out.raw("REFRESH-INTERVAL;VALUE=DURATION", REFRESH);
    out.raw("X-PUBLISHED-TTL", REFRESH);
    if let (Some(base), Some(path)) = (&site.base, of.path(archive)) {
        out.raw("SOURCE;VALUE=URI", &base.of(&path));
        out.raw("URL", &base.of(of.page(archive)));
    }
    let zone = TimeZone::get(&archive.site.time_zone).ok();
    for id in of.events(archive) {
        vevent::of_event(site, id, zone.as_ref(), &mut out);
    }
    for id in of.announcements(archive) {
        vevent::of_announcement(site, id, zone.as_ref(), &mut out);
    }
    out.raw("END", "VCALENDAR");
    out.into_bytes()
}
