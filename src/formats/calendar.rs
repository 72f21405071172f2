//! `/meetups.ics`, `/events.ics`, and the calendar of one event, announcement, venue or person (RFC 5545, RFC 7986).
//!
//! A calendar exists if it has an entry, because an empty one is not valid (RFC 5545 §3.6).

mod entry;

use super::ical::Writer;
use super::{time_zone, uuid};
use crate::archive::{AnnouncementId, EventId, PersonId, Target, VenueId};
use crate::context::{Answer, CachePolicy, Kind, Request, Site};
use crate::views::{AnnouncementView, EventView, Views};
use entry::Entry;

pub(crate) const KIND: Kind = Kind { answer, paths };

/// Suggested interval between two requests of a subscriber (RFC 7986 §5.7).
const REFRESH_INTERVAL: &str = "P1D";

/// A calendar.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Calendar {
    /// All meetups.
    Meetups,
    /// All events that were announced at meetups.
    Announcements,
    /// One meetup.
    Event(EventId),
    /// One announced event.
    Announcement(AnnouncementId),
    /// The meetups at a venue.
    Venue(VenueId),
    /// The meetups with a person on stage.
    Person(PersonId),
}

impl Calendar {
    /// Returns the calendar at a path.
    pub(super) fn at(views: &Views, path: &str) -> Option<Self> {
        let page = format!("{}/", path.strip_suffix(".ics")?);
        let calendar = match page.as_str() {
            "/meetups/" => Calendar::Meetups,
            "/events/" => Calendar::Announcements,
            page => match views.at(page)? {
                Target::Event(id) => Calendar::Event(id),
                Target::Announcement(id) => Calendar::Announcement(id),
                Target::Venue(id) => Calendar::Venue(id),
                Target::Person(id) => Calendar::Person(id),
                _ => return None,
            },
        };
        calendar.path(views).is_some().then_some(calendar)
    }

    /// Returns the path, beside the folder of the page that the calendar belongs to, if the calendar exists.
    pub(super) fn path(self, views: &Views) -> Option<String> {
        match self {
            Calendar::Meetups | Calendar::Announcements => {
                let exists = self.events(views).next().is_some() || self.announcements(views).next().is_some();
                exists.then(|| format!("{}.ics", self.page(views).trim_end_matches('/')))
            }
            Calendar::Event(id) => views[id].calendar.clone(),
            Calendar::Announcement(id) => views[id].calendar.clone(),
            Calendar::Venue(id) => views[id].calendar.clone(),
            Calendar::Person(id) => views[id].calendar.clone(),
        }
    }

    fn page(self, views: &Views) -> &str {
        match self {
            Calendar::Meetups => "/meetups/",
            Calendar::Announcements => "/events/",
            Calendar::Event(id) => &views[id].url,
            Calendar::Announcement(id) => &views[id].url,
            Calendar::Venue(id) => &views[id].url,
            Calendar::Person(id) => &views[id].url,
        }
    }

    /// Its meetups that have a date, oldest first.
    fn events(self, views: &Views) -> impl Iterator<Item = &EventView> {
        let events: Vec<&EventView> = match self {
            Calendar::Meetups => views.events.iter().collect(),
            Calendar::Event(id) => vec![&views[id]],
            Calendar::Venue(id) => views.events_of(&views[id].events),
            Calendar::Person(id) => views[id].on_stage.iter().map(|event| &views[*event]).collect(),
            Calendar::Announcements | Calendar::Announcement(_) => Vec::new(),
        };
        events.into_iter().filter(|event| event.date.is_some())
    }

    /// Its announcements that have a date, oldest first.
    fn announcements(self, views: &Views) -> impl Iterator<Item = &AnnouncementView> {
        let announcements: Vec<&AnnouncementView> = match self {
            Calendar::Announcements => views.announcements.iter().rev().collect(),
            Calendar::Announcement(id) => vec![&views[id]],
            _ => Vec::new(),
        };
        announcements.into_iter().filter(|announcement| announcement.date.is_some())
    }

    /// The name of the calendar in calendar programs.
    fn name(self, views: &Views) -> String {
        let site = &views.site;
        match self {
            Calendar::Meetups => site.name.clone(),
            Calendar::Announcements => format!("{}: announced events", site.short_name),
            Calendar::Event(id) => format!("{}: {}", site.short_name, views[id].label),
            Calendar::Announcement(id) => views[id].title.clone(),
            Calendar::Venue(id) => format!("{}: {}", site.short_name, views[id].name),
            Calendar::Person(id) => format!("{}: {}", site.short_name, views[id].name),
        }
    }

    fn write(self, site: &Site, path: &str) -> Vec<u8> {
        let views = &*site.views;
        let mut out = Writer::default();
        out.raw("BEGIN", "VCALENDAR");
        out.raw("VERSION", "2.0");
        out.text("PRODID", &format!("-//{}//vdlm//EN", views.site.name));
        // Without a METHOD: this is a calendar to look at, not an invitation to answer (RFC 5546 §1.4).
        out.raw("UID", &uuid(&views.site, path));
        let name = self.name(views);
        out.text("NAME", &name);
        // The older name of the same property, which most programs still read.
        out.text("X-WR-CALNAME", &name);
        out.raw("REFRESH-INTERVAL;VALUE=DURATION", REFRESH_INTERVAL);
        out.raw("X-PUBLISHED-TTL", REFRESH_INTERVAL);
        if let Some(base) = &site.base {
            out.raw("SOURCE;VALUE=URI", &base.of(path));
            out.raw("URL", &base.of(self.page(views)));
        }
        let zone = time_zone(&views.site);
        for entry in self.events(views).filter_map(|event| Entry::event(views, event, zone.as_ref())) {
            entry.write(site, &mut out);
        }
        let announced = self.announcements(views);
        for entry in announced.filter_map(|it| Entry::announcement(it, zone.as_ref())) {
            entry.write(site, &mut out);
        }
        out.raw("END", "VCALENDAR");
        out.into_bytes()
    }
}

fn paths(site: &Site) -> Vec<String> {
    let views = &*site.views;
    [Calendar::Meetups, Calendar::Announcements]
        .into_iter()
        .chain(views.events.iter().map(|event| Calendar::Event(event.key)))
        .chain(views.announcements.iter().map(|announcement| Calendar::Announcement(announcement.key)))
        .chain(views.venues.iter().map(|venue| Calendar::Venue(venue.key)))
        .chain(views.people.iter().map(|person| Calendar::Person(person.key)))
        .filter_map(|calendar| calendar.path(views))
        .collect()
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let calendar = Calendar::at(&request.site.views, request.path)?;
    Some(Answer::new(
        200,
        "text/calendar; charset=utf-8",
        CachePolicy::Page,
        calendar.write(request.site, request.path),
    ))
}
