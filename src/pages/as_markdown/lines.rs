//! Entries of lists, each a line.

use jiff::civil::Date;

use super::write::{escape, link, links, to};
use crate::archive::{AnnouncementId, ArticleId, Credited, Event, EventId, HotTopicId, JobId, PersonId, TalkId, TopicId};
use crate::content::Status;
use crate::pages::{Door, Site, words};

/// The pieces that are there, with a dot between.
fn dotted(pieces: impl IntoIterator<Item = String>) -> String {
    pieces.into_iter().filter(|piece| !piece.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// A title, and what is known beyond it.
fn titled(title: &str, beyond: &str) -> String {
    if beyond.is_empty() { title.to_owned() } else { format!("{title}: {beyond}") }
}

/// People, linked.
pub(super) fn people(site: &Site, ids: &[PersonId]) -> String {
    ids.iter().map(|id| to(site, &site.archive[*id].name, &site.archive[*id].route)).collect::<Vec<_>>().join(", ")
}

/// People and their institution at the time.
pub(super) fn speakers(site: &Site, ids: &[PersonId], affiliation: Option<&str>) -> String {
    let people = (!ids.is_empty()).then(|| people(site, ids));
    people.into_iter().chain(affiliation.map(escape)).collect::<Vec<_>>().join(", ")
}

/// Somebody in a role.
pub(super) fn credited(site: &Site, seat: &Credited) -> String {
    let role = seat.role.as_ref().map_or_else(String::new, |role| format!(" ({})", escape(role)));
    format!("{}{role}", speakers(site, &[seat.person], seat.affiliation.as_deref()))
}

pub(super) fn topics(site: &Site, ids: &[TopicId]) -> String {
    ids.iter().map(|id| to(site, &site.archive[*id].name, &site.archive[*id].route)).collect::<Vec<_>>().join(", ")
}

/// `Meetup 29`, linked.
pub(super) fn meetup(site: &Site, id: EventId) -> String {
    let event = &site.archive[id];
    to(site, &words::meetup(event), &event.route)
}

/// The day or days of an event.
pub(super) fn when(event: &Event) -> String {
    words::when(event).text()
}

pub(super) fn days(event: &Event) -> Option<String> {
    event.date.map(|date| words::days(&date, &event.end_date).text())
}

/// Its venues, linked, and how one could take part.
pub(super) fn place(site: &Site, event: &Event) -> String {
    let venues = event.venues.iter().map(|at| to(site, &at.name, &site.archive[at.venue].route)).collect::<Vec<_>>().join(", ");
    dotted([venues, words::format_beside_venues(&site.archive, event).unwrap_or("").to_owned()])
}

/// ` (cancelled)`
pub(super) fn status(status: Status) -> String {
    status.words().map_or_else(String::new, |words| format!(" ({words})"))
}

/// A title struck out where the talk was not held.
pub(super) fn talk_title(site: &Site, id: TalkId) -> String {
    let talk = &site.archive[id];
    format!("{}{}", to(site, &talk.title, &talk.route), status(talk.status))
}

pub(super) fn event(site: &Site, id: EventId) -> String {
    let event = &site.archive[id];
    let title = to(site, &words::subject(&site.archive, event), &event.route);
    let date = days(event).unwrap_or_else(|| "date not recorded".to_owned());
    let numbered = format!("{} {title}{}", escape(&event.key.to_string()), status(event.status));
    titled(&numbered, &dotted([date, place(site, event)]))
}

pub(super) fn talk(site: &Site, id: TalkId) -> String {
    let (archive, talk) = (&site.archive, &site.archive[id]);
    let event = &archive[talk.event];
    let kind = talk.kind.map_or_else(String::new, |kind| words::capital(kind.words()));
    let by = speakers(site, &talk.speakers, talk.affiliation.as_deref());
    let material = material(site, id).join(", ");
    let beyond = dotted([by, kind, meetup(site, talk.event), days(event).unwrap_or_default(), material]);
    titled(&talk_title(site, id), &beyond)
}

/// Decks and recordings of a talk.
pub(super) fn material(site: &Site, id: TalkId) -> Vec<String> {
    let talk = &site.archive[id];
    [links(site, &talk.slides, "Slides"), links(site, &talk.videos, "Video")].concat()
}

pub(super) fn hot_topic(site: &Site, id: HotTopicId) -> String {
    let topic = &site.archive[id];
    let date = days(&site.archive[topic.event]).unwrap_or_default();
    let beyond = [people(site, &topic.presenters), meetup(site, topic.event), date, articles_and_slides(site, id)];
    titled(&escape(&topic.title), &dotted(beyond))
}

pub(super) fn articles_and_slides(site: &Site, id: HotTopicId) -> String {
    let topic = &site.archive[id];
    let articles =
        topic.articles.iter().map(|id| format!("{} (article)", to(site, &site.archive[*id].title, &site.archive[*id].route)));
    articles.chain(links(site, &topic.slides, "Slides")).collect::<Vec<_>>().join(", ")
}

pub(super) fn article(site: &Site, id: ArticleId) -> String {
    let article = &site.archive[id];
    let event = article.event.map(|event| meetup(site, event)).unwrap_or_default();
    let date = article.date.map(|date| words::plain_day(&date)).unwrap_or_default();
    let summary = article.summary.as_deref().map(escape).unwrap_or_default();
    titled(&to(site, &article.title, &article.route), &dotted([summary, people(site, &article.presenters), event, date]))
}

pub(super) fn job(site: &Site, day: Date, id: JobId) -> String {
    let job = &site.archive[id];
    let place = job.offer.place.as_ref().map_or_else(String::new, |place| format!(", {}", escape(place)));
    let state = match (job.is_open(day), job.closes_by_rule) {
        (false, _) => format!("closed since {}", words::plain_day(&job.closes)),
        (true, true) => format!("announced {}", words::plain_day(&job.offer.date)),
        (true, false) => format!("open until {}", words::plain_day(&job.closes)),
    };
    let event = job.event.map(|event| meetup(site, event)).unwrap_or_default();
    let company = format!("{}{place}", escape(&job.offer.company));
    titled(&to(site, &job.offer.title, &job.route), &dotted([company, state, event]))
}

pub(super) fn announcement(site: &Site, id: AnnouncementId) -> String {
    let item = &site.archive[id];
    let date = item.date.map(|date| words::days(&date, &item.end_date).text()).unwrap_or_default();
    let place = item.place.as_deref().map(escape).unwrap_or_default();
    let event = item.event.map(|event| format!("announced at {}", meetup(site, event))).unwrap_or_default();
    let title = format!("{}{}", to(site, &item.title, &item.route), status(item.status));
    titled(&title, &dotted([words::capital(item.kind.word()), date, place, event]))
}

/// A mail address as a link.
pub(super) fn mail(address: &str) -> String {
    link(address, &format!("mailto:{address}"))
}

/// As of which day something is true, where a page may be read on another.
pub(super) fn as_of(site: &Site, day: Date) -> String {
    if site.door == Door::Live { String::new() } else { format!(" as of {}", words::plain_day(&day)) }
}
