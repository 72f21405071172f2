//! Events: meetups, their talks, and what was announced at them.

use jiff::civil::{Date, Time, time};
use jiff::tz::TimeZoneDatabase;

use super::{Event, Offer, Place, Thing, Work, group, who};
use crate::archive::{self, Link, TalkId};
use crate::content::{Format, Price, Slot, Status};
use crate::pages::Site;
use crate::pages::cards;
use crate::pages::words;
use crate::problem::Text;

const SCHEDULED: &str = "https://schema.org/EventScheduled";
const CANCELLED: &str = "https://schema.org/EventCancelled";
const POSTPONED: &str = "https://schema.org/EventPostponed";

/// A meetup with its talks, as it is on that day.
pub(in crate::pages) fn event<'a>(site: &'a Site, event: &'a archive::Event, day: Date) -> Thing<'a> {
    let archive = &site.archive;
    let address = site.address(event.route.as_str());
    let elsewhere = event.meetup_url.iter().chain(&event.web_page).map(|url| (&**url).into());
    let organisers = event.organisers.iter().map(|seat| who::mention(site, seat.person));
    Thing::Event(Box::new(Event {
        id: Some(address.clone()),
        name: name(event).into(),
        url: Some(address),
        start_date: event.date.map(|date| moment(site, date, event.time)),
        end_date: end(site, event),
        event_status: status(event.status),
        event_attendance_mode: Some(mode(event)),
        location: location(site, event),
        offers: event.last_day().filter(|_| event.is_open(day)).and_then(|last| {
            let url = event.registration.as_ref().or(event.meetup_url.as_ref());
            offer(site, url, event.price.as_ref(), last)
        }),
        is_accessible_for_free: event.price.as_ref().map(|price| *price == Price::Free),
        organizer: std::iter::once(group::mention(site)).chain(organisers).collect(),
        performer: performers(site, event),
        sub_event: event.talks.iter().map(|id| Thing::Event(Box::new(part(site, *id)))).collect(),
        work_featured: works(&event.slides, "Slides", &words::meetup(event), Thing::PresentationDigitalDocument),
        recorded_in: works(&event.videos, "Recording", &words::meetup(event), Thing::CreativeWork),
        about: who::topics(site, &event.tags),
        same_as: elsewhere.collect(),
        image: cards::address(site, event.route.as_str()).map(|path| site.address(&path)),
        description: Some(crate::pages::event::describe(archive, event).into()),
        ..Event::default()
    }))
}

/// A talk as an event of its own, with its material.
pub(in crate::pages) fn talk(site: &Site, id: TalkId) -> Thing<'_> {
    let talk = &site.archive[id];
    let event = &site.archive[talk.event];
    let whole = Event { id: Some(site.address(event.route.as_str())), ..around(site, event) };
    Thing::Event(Box::new(Event {
        super_event: Some(Box::new(Thing::Event(Box::new(whole)))),
        work_featured: works(&talk.slides, "Slides", &talk.title, Thing::PresentationDigitalDocument),
        recorded_in: works(&talk.videos, "Recording", &talk.title, Thing::CreativeWork),
        about: who::topics(site, &talk.tags),
        organizer: vec![group::mention(site)],
        image: cards::address(site, talk.route.as_str()).map(|path| site.address(&path)),
        ..part(site, id)
    }))
}

/// A talk within its event. It has the event's day and place, so that it can be read alone; when in the evening it begins is not known.
fn part(site: &Site, id: TalkId) -> Event<'_> {
    let talk = &site.archive[id];
    let event = &site.archive[talk.event];
    let address = site.address(talk.route.as_str());
    Event {
        id: Some(address.clone()),
        name: (&*talk.title).into(),
        url: Some(address),
        // An evening that was called off takes its talks with it.
        event_status: if event.takes_place() { status(talk.status) } else { status(event.status) },
        start_date: event.date.map(|date| date.to_string()),
        performer: talk.speakers.iter().map(|person| who::mention(site, *person)).collect(),
        ..around(site, event)
    }
}

/// What an event and its parts have in common.
fn around<'a>(site: &'a Site, event: &'a archive::Event) -> Event<'a> {
    Event {
        name: name(event).into(),
        url: Some(site.address(event.route.as_str())),
        start_date: event.date.map(|date| moment(site, date, event.time)),
        end_date: end(site, event),
        event_status: status(event.status),
        event_attendance_mode: Some(mode(event)),
        location: location(site, event),
        ..Event::default()
    }
}

/// The last day, with the hour where one is known.
fn end(site: &Site, event: &archive::Event) -> Option<String> {
    let last = event.end_date.or(event.date.filter(|_| event.end_time.is_some()))?;
    Some(moment(site, last, event.end_time))
}

/// `Meetup 29: Recommender Systems`
fn name(event: &archive::Event) -> String {
    let (meetup, headline) = (words::meetup(event), words::headline(event));
    if meetup == headline { meetup } else { format!("{meetup}: {headline}") }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Held => SCHEDULED,
        Status::Cancelled => CANCELLED,
        // Not for good as far as is known, which is what postponed without a new day means.
        Status::Postponed | Status::CancelledOrPostponed => POSTPONED,
    }
}

fn mode(event: &archive::Event) -> &'static str {
    match event.format {
        Format::InPerson => "https://schema.org/OfflineEventAttendanceMode",
        Format::Online => "https://schema.org/OnlineEventAttendanceMode",
        Format::Hybrid => "https://schema.org/MixedEventAttendanceMode",
    }
}

/// Its venues. An online event without one takes place where it was announced: sources keep no address of a call.
fn location<'a>(site: &'a Site, event: &'a archive::Event) -> Vec<Thing<'a>> {
    let venues: Vec<Thing> = event.venues.iter().map(|at| who::venue_of(site, event, at)).collect();
    if !venues.is_empty() || event.format == Format::InPerson {
        return venues;
    }
    let url = event.meetup_url.as_ref().or(event.web_page.as_ref()).map(Text::to_string);
    vec![Thing::VirtualLocation(Place { name: "Online".into(), url, ..Place::default() })]
}

/// How one can take part until the end of a day, as far as it is known. No availability is: places are counted elsewhere.
fn offer<'a>(site: &Site, url: Option<&'a Text>, price: Option<&'a Price>, last: Date) -> Option<Box<Thing<'a>>> {
    if url.is_none() && price.is_none() {
        return None;
    }
    let (price, currency) = match price {
        Some(Price::Sum { amount, currency }) => (Some(&**amount), Some(&**currency)),
        Some(Price::Free) => (Some("0"), None),
        None => (None, None),
    };
    Some(Box::new(Thing::Offer(Offer {
        url: url.map(|url| (&**url).into()),
        price: price.map(Into::into),
        price_currency: currency.map(Into::into),
        valid_through: end_of(site, last),
    })))
}

/// Who speaks: in talks that are or were to be held, and on the panel; each once.
fn performers<'a>(site: &'a Site, event: &'a archive::Event) -> Vec<Thing<'a>> {
    let mut people = crate::pages::event::speakers(&site.archive, event);
    for seat in event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator)) {
        if !people.contains(&seat.person) {
            people.push(seat.person);
        }
    }
    people.into_iter().map(|person| who::mention(site, person)).collect()
}

fn works<'a>(links: &'a [Link], what: &str, of: &str, kind: fn(Work<'a>) -> Thing<'a>) -> Vec<Thing<'a>> {
    // Files beside the content have an address of this site, which other sites could not follow without its host.
    let elsewhere = links.iter().filter(|link| link.external());
    elsewhere
        .map(|link| kind(Work { name: format!("{} of {of}", words::link_name(link, what)).into(), url: (&*link.href).into() }))
        .collect()
}

/// What was announced, if it has a day: news are no event.
pub(in crate::pages) fn announcement<'a>(
    site: &'a Site,
    announcement: &'a archive::Announcement,
    day: Date,
) -> Option<Thing<'a>> {
    announcement.date?;
    let slot = |(slot, people): &'a (Slot, Vec<Option<archive::PersonId>>)| {
        let speakers = slot.speakers.iter().zip(people);
        let performer = speakers.map(|(name, id)| id.map_or_else(|| who::stranger(name), |id| who::mention(site, id)));
        let (start_date, end_date) = hours(site, slot.day.or(announcement.date), slot.day, slot.time.as_deref());
        let around = in_short(site, announcement);
        let name = (&*slot.title).into();
        Thing::Event(Box::new(Event {
            id: None,
            url: None,
            name,
            start_date,
            end_date,
            performer: performer.collect(),
            ..around
        }))
    };
    let whole = announcement.part_of.map(|id| Box::new(Thing::Event(Box::new(in_short(site, &site.archive[id])))));
    let parts = announcement.parts.iter().map(|id| &site.archive[*id]).filter(|part| part.date.is_some());
    let parts = parts.map(|part| Thing::Event(Box::new(in_short(site, part))));
    Some(Thing::Event(Box::new(Event {
        super_event: whole,
        offers: announcement
            .last_day()
            .filter(|_| announcement.is_open(day))
            .and_then(|last| offer(site, announcement.registration.as_ref(), announcement.price.as_ref(), last)),
        is_accessible_for_free: announcement.price.as_ref().map(|price| *price == Price::Free),
        sub_event: announcement.programme.iter().map(slot).chain(parts).collect(),
        same_as: announcement.url.iter().map(|url| (&**url).into()).collect(),
        image: cards::address(site, announcement.route.as_str()).map(|path| site.address(&path)),
        ..in_short(site, announcement)
    })))
}

fn in_short<'a>(site: &'a Site, announcement: &'a archive::Announcement) -> Event<'a> {
    let address = site.address(announcement.route.as_str());
    let (start_date, end_date) = hours(site, announcement.date, announcement.end_date, announcement.time.as_deref());
    let name = announcement.place.as_deref().or(announcement.address.as_deref());
    let place = name.map(|name| {
        Thing::Place(Place { name: name.into(), address: announcement.address.as_deref().map(Into::into), ..Place::default() })
    });
    Event {
        id: Some(address.clone()),
        name: (&*announcement.title).into(),
        url: Some(address),
        start_date,
        end_date,
        event_status: status(announcement.status),
        location: place.into_iter().collect(),
        organizer: announcement.host.iter().map(|host| who::named(host)).collect(),
        ..Event::default()
    }
}

/// Begin and end of something on these days, with the hours where they are written as `14:30-18:00` or `14:30`.
fn hours(site: &Site, first: Option<Date>, last: Option<Date>, written: Option<&str>) -> (Option<String>, Option<String>) {
    let (from, to) = written.map_or((None, None), |written| {
        let (from, to) = written.split_once(['-', '–']).unwrap_or((written, ""));
        (clock(from), clock(to))
    });
    let end = last.or(first.filter(|_| to.is_some()));
    (first.map(|day| moment(site, day, from)), end.map(|day| moment(site, day, to)))
}

fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

/// The last second of a day: a bare date would be read as its first.
pub(super) fn end_of(site: &Site, day: Date) -> String {
    moment(site, day, Some(time(23, 59, 59, 0)))
}

/// A day, or a time on it with the offset that the site's zone has then: `2019-09-24T18:30:00+02:00`.
fn moment(site: &Site, day: Date, time: Option<Time>) -> String {
    // The zones that ship with the program: the same page on every machine.
    let zone = || TimeZoneDatabase::bundled().get(&site.archive.site.time_zone).ok();
    match time.and_then(|time| day.to_datetime(time).to_zoned(zone()?).ok()) {
        Some(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        None => day.to_string(),
    }
}
