//! Events: meetups, their talks, and what was announced at them.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{described, end_of_day, group_ref, moment, organization, people, place, reference, topics, venue, with};
use crate::context::Site;
use crate::formats::preview;
use crate::formats::times::parse_hours;
use crate::views::{
    AnnouncementView, EventVenueView, EventView, FormatView, LinkView, PriceView, Ref, SlotView, Status, TalkView,
};

/// A meetup with its talks, as of a day.
pub(crate) fn event(site: &Site, event: &EventView, day: Date) -> Value {
    let mut organizers = vec![group_ref(site)];
    organizers.extend(event.organisers.iter().map(|credit| reference(site, "Person", &credit.person)));
    let offer = event.last_day().filter(|_| event.is_open(day)).and_then(|last| {
        let url = event.registration.as_ref().or(event.meetup_url.as_ref());
        offer(site, url, event.price.as_ref(), last.0)
    });
    let talks = site.views.talks_of(&event.talks);
    with(
        summary(site, event),
        json!({
            "description": described(event.text.as_ref()).unwrap_or_else(|| event.description(&site.views.site.name)),
            "offers": offer,
            "isAccessibleForFree": event.price.as_ref().map(PriceView::is_free),
            "organizer": organizers,
            "performer": people(site, &performers(event)),
            "subEvent": talks.into_iter().map(|talk| part(site, event, talk)).collect::<Vec<_>>(),
            "workFeatured": works("PresentationDigitalDocument", &event.slides, &event.label),
            "recordedIn": works("CreativeWork", &event.videos, &event.label),
            "about": topics(site, &event.topics),
            "sameAs": event.meetup_url.iter().chain(&event.web_page).collect::<Vec<_>>(),
            "image": image(site, &event.url),
        }),
    )
}

/// A talk as an event of its own, with its material.
pub(crate) fn talk(site: &Site, talk: &TalkView) -> Value {
    let event = &site.views[talk.event.key];
    with(
        part(site, event, talk),
        json!({
            "description": described(talk.summary.as_ref()),
            "superEvent": summary(site, event),
            "workFeatured": works("PresentationDigitalDocument", &talk.slides, &talk.title),
            "recordedIn": works("CreativeWork", &talk.videos, &talk.title),
            "about": topics(site, &talk.topics),
            "organizer": [group_ref(site)],
            "image": image(site, &talk.url),
        }),
    )
}

/// A talk within its event. It has the day and place of the event, so that it can be read alone; its own time is not
/// known.
fn part(site: &Site, event: &EventView, talk: &TalkView) -> Value {
    let address = site.address(&talk.url);
    with(
        summary(site, event),
        json!({
            "@id": address,
            "name": talk.title,
            "url": address,
            // An event that is called off takes its talks with it.
            "eventStatus": status(if event.takes_place() { talk.status } else { event.status }),
            "startDate": event.date,
            "performer": people(site, &talk.speakers),
        }),
    )
}

/// An event without its programme.
fn summary(site: &Site, event: &EventView) -> Value {
    let (time, end_time) = event.clock;
    let last = event.end_date.or(event.date.filter(|_| end_time.is_some()));
    let address = site.address(&event.url);
    json!({
        "@type": "Event",
        "@id": address,
        "name": event.name,
        "url": address,
        "startDate": event.date.map(|date| moment(site, date.0, time)),
        "endDate": last.map(|last| moment(site, last.0, end_time)),
        "eventStatus": status(event.status),
        "eventAttendanceMode": match event.format {
            FormatView::InPerson => "https://schema.org/OfflineEventAttendanceMode",
            FormatView::Online => "https://schema.org/OnlineEventAttendanceMode",
            FormatView::Hybrid => "https://schema.org/MixedEventAttendanceMode",
        },
        "location": location(site, event),
    })
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Held => "https://schema.org/EventScheduled",
        Status::Cancelled => "https://schema.org/EventCancelled",
        // Not for good as far as is known, which is what postponed without a new day means.
        Status::Postponed | Status::CancelledOrPostponed => "https://schema.org/EventPostponed",
    }
}

/// The venues. An online event without one takes place where it was announced, because sources keep no address of a
/// call.
fn location(site: &Site, event: &EventView) -> Vec<Value> {
    if event.venues.is_empty() && event.format != FormatView::InPerson {
        let url = event.meetup_url.as_ref().or(event.web_page.as_ref());
        return vec![json!({ "@type": "VirtualLocation", "name": "Online", "url": url })];
    }
    let address = event.address.as_ref().filter(|_| event.venues.len() == 1);
    let location = |given: &EventVenueView| {
        let known = given.venue.map(|id| &site.views[id]);
        if let Some(call) = known.filter(|venue| venue.online) {
            let mut location = venue(site, call);
            location["name"] = json!(given.name);
            return location;
        }
        let page = given.url.as_ref().map(|url| site.address(url));
        let address = address.or(known.and_then(|venue| venue.address.as_ref()));
        json!({ "@type": "Place", "@id": page, "name": given.name, "address": address, "url": page })
    };
    event.venues.iter().map(location).collect()
}

/// Offers for taking part until the end of a day. Availability is not known: places are counted elsewhere.
fn offer(site: &Site, url: Option<&String>, price: Option<&PriceView>, last: Date) -> Option<Value> {
    (url.is_some() || price.is_some()).then(|| {
        json!({
            "@type": "Offer",
            "url": url,
            "price": price.map(|price| &price.amount),
            "priceCurrency": price.and_then(|price| price.currency.as_ref()),
            "validThrough": end_of_day(site, last),
        })
    })
}

/// Those who speak, in talks that are or were to be held and on the panel, each once.
fn performers(event: &EventView) -> Vec<Ref> {
    let mut people = event.speakers.clone();
    for credit in event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator)) {
        if !people.contains(&credit.person) {
            people.push(credit.person.clone());
        }
    }
    people
}

/// Material elsewhere. Files beside the content are left out: other sites could not follow their paths without the
/// host.
fn works(kind: &str, links: &[LinkView], of: &str) -> Vec<Value> {
    let links = links.iter().filter(|link| link.is_external());
    links.map(|link| json!({ "@type": kind, "name": format!("{} of {of}", link.name), "url": link.url })).collect()
}

fn image(site: &Site, page: &str) -> Option<String> {
    preview::address(site, page).map(|path| site.address(&path))
}

/// An announcement as of a day; none for news without a date, which are not an event.
pub(crate) fn announcement(site: &Site, announcement: &AnnouncementView, day: Date) -> Option<Value> {
    announcement.date?;
    let whole = site.views.announcements_of(announcement.part_of.as_slice()).pop();
    let parts = site.views.announcements_of(&announcement.parts).into_iter().filter(|part| part.date.is_some());
    let slots = announcement.programme.iter().map(|item| slot(site, announcement, item));
    let offer = announcement
        .last_day()
        .filter(|_| announcement.is_open(day))
        .and_then(|last| offer(site, announcement.registration.as_ref(), announcement.price.as_ref(), last.0));
    Some(with(
        announced(site, announcement),
        json!({
            "superEvent": whole.map(|whole| announced(site, whole)),
            "offers": offer,
            "isAccessibleForFree": announcement.price.as_ref().map(PriceView::is_free),
            "subEvent": slots.chain(parts.map(|part| announced(site, part))).collect::<Vec<_>>(),
            "sameAs": announcement.web_page.as_slice(),
            "image": image(site, &announcement.url),
        }),
    ))
}

/// An announcement without its programme.
fn announced(site: &Site, announcement: &AnnouncementView) -> Value {
    let days = [announcement.date, announcement.end_date].map(|day| day.map(|day| day.0));
    let [start, end] = span(site, days, announcement.time.as_deref());
    let name = announcement.place.as_deref().or(announcement.address.as_deref());
    let address = site.address(&announcement.url);
    json!({
        "@type": "Event",
        "@id": address,
        "name": announcement.title,
        "url": address,
        "startDate": start,
        "endDate": end,
        "eventStatus": status(announcement.status),
        "location": name.map(|name| vec![with(place(name), json!({ "address": announcement.address }))]),
        "organizer": announcement.host.iter().map(|host| organization(host)).collect::<Vec<_>>(),
    })
}

/// An item of a programme, at the place of the whole.
fn slot(site: &Site, announcement: &AnnouncementView, slot: &SlotView) -> Value {
    let speaker = |speaker: &crate::views::SpeakerView| match &speaker.person {
        Some(person) => reference(site, "Person", person),
        None => json!({ "@type": "Person", "name": speaker.name }),
    };
    let days = [slot.day.or(announcement.date), slot.day].map(|day| day.map(|day| day.0));
    let [start, end] = span(site, days, slot.time.as_deref());
    with(
        announced(site, announcement),
        json!({
            "@id": null,
            "url": null,
            "name": slot.title,
            "startDate": start,
            "endDate": end,
            "performer": slot.speakers.iter().map(speaker).collect::<Vec<_>>(),
        }),
    )
}

/// Start and end of something on these days, with the hours if they can be parsed.
fn span(site: &Site, [first, last]: [Option<Date>; 2], hours: Option<&str>) -> [Option<String>; 2] {
    let (from, to) = hours.and_then(parse_hours).unzip();
    let to = to.flatten();
    let last = last.or(first.filter(|_| to.is_some()));
    [first.map(|day| moment(site, day, from)), last.map(|day| moment(site, day, to))]
}
