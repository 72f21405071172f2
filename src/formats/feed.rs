//! `/feed.xml` and the feeds of hot topics, jobs, a topic and a person, as Atom (RFC 4287).

mod entry;

use std::cmp::Reverse;
use std::collections::HashSet;

use askama::Template;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::updated::Updated;
use super::{EPOCH, links, time_zone, uuid, xml};
use crate::archive::{EventId, PersonId, Target, TopicId};
use crate::context::{Answer, Kind, Request, Site};
use crate::views::{Ref, Views};
use entry::{Entry, Item};

pub(crate) const KIND: Kind = Kind { answer, paths };

/// Maximum number of entries; the pages have all.
const MAX_ENTRIES: usize = 30;
/// Maximum size of all contents in bytes, before escaping: readers refuse feeds of megabytes.
const MAX_BYTES: usize = 400_000;

/// A feed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Feed {
    /// Meetups, articles, jobs and announcements.
    Everything,
    /// Articles.
    HotTopics,
    /// Open job offers.
    Jobs,
    /// Everything on a topic.
    Topic(TopicId),
    /// Talks of a person, and articles on what the person presented.
    Person(PersonId),
}

#[derive(Template)]
#[template(path = "feed.xml")]
struct Atom<'a> {
    language: &'a str,
    author: &'a str,
    id: String,
    title: String,
    updated: String,
    self_address: String,
    page_address: String,
    entries: Vec<Entry>,
}

impl Feed {
    /// Returns the feed at a path.
    pub(super) fn at(views: &Views, path: &str) -> Option<Self> {
        let feed = match path.strip_suffix("feed.xml")? {
            "/" => Feed::Everything,
            "/hot-topics/" => Feed::HotTopics,
            "/jobs/" => Feed::Jobs,
            page => match views.at(page)? {
                Target::Topic(id) => Feed::Topic(id),
                Target::Person(id) => Feed::Person(id),
                _ => return None,
            },
        };
        feed.path(views).is_some().then_some(feed)
    }

    /// Returns the path, if the feed exists. That of a person or topic does if there is something in it.
    pub(super) fn path(self, views: &Views) -> Option<String> {
        match self {
            Feed::Everything | Feed::HotTopics | Feed::Jobs => Some(format!("{}feed.xml", self.page(views))),
            Feed::Topic(id) => views[id].feed.clone(),
            Feed::Person(id) => views[id].feed.clone(),
        }
    }

    /// The page that the feed belongs to.
    fn page(self, views: &Views) -> &str {
        match self {
            Feed::Everything => "/",
            Feed::HotTopics => "/hot-topics/",
            Feed::Jobs => "/jobs/",
            Feed::Topic(id) => &views[id].url,
            Feed::Person(id) => &views[id].url,
        }
    }

    fn title(self, views: &Views) -> String {
        let site = &views.site;
        match self {
            Feed::Everything => site.name.clone(),
            Feed::HotTopics => format!("{}: hot topics", site.short_name),
            Feed::Jobs => format!("{}: jobs", site.short_name),
            Feed::Topic(id) => format!("{}: {}", site.short_name, views[id].name),
            Feed::Person(id) => format!("{}: {}", site.short_name, views[id].name),
        }
    }

    /// Returns whether a site has it, if it exists: it always has the feed of everything.
    fn is_offered(self, site: &Site) -> bool {
        site.extras.data || matches!(self, Feed::Everything)
    }

    /// Everything that may be in it.
    fn items(self, views: &Views) -> Vec<Item<'_>> {
        let articles = |refs: &[Ref]| views.articles_of(refs).into_iter().map(Item::Article);
        let talks = |refs: &[Ref]| views.talks_of(refs).into_iter().rev().map(Item::Talk);
        match self {
            Feed::Everything => {
                let events = views.events.iter().rev().map(Item::Event);
                let jobs = views.jobs.iter().map(Item::Job);
                let announcements = views.announcements.iter().map(Item::Announcement);
                events.chain(views.articles.iter().map(Item::Article)).chain(jobs).chain(announcements).collect()
            }
            Feed::HotTopics => views.articles.iter().map(Item::Article).collect(),
            Feed::Jobs => views.jobs.iter().map(Item::Job).collect(),
            Feed::Topic(id) => {
                let topic = &views[id];
                // An event with a talk on the topic is represented by the talk.
                let by_talk: HashSet<EventId> =
                    views.talks_of(&topic.talks).iter().map(|talk| talk.event.key).collect();
                let events = views.events_of(&topic.events).into_iter().rev();
                let events = events.filter(|event| !by_talk.contains(&event.key)).map(Item::Event);
                articles(&topic.articles).chain(talks(&topic.talks)).chain(events).collect()
            }
            Feed::Person(id) => articles(&views[id].articles).chain(talks(&views[id].talks)).collect(),
        }
    }

    fn atom<'a>(self, site: &'a Site, day: Date, path: &str) -> Atom<'a> {
        let views = &*site.views;
        let updated = Updated::on(day, views);
        let mut dated: Vec<(Date, Item<'_>)> =
            self.items(views).into_iter().filter_map(|item| Some((item.updated(views, updated)?, item))).collect();
        // What has the same date keeps its order; of what is still to come, the next is first.
        dated.sort_by_key(|(date, item)| (Reverse(*date), item.upcoming(views, day)));
        let newest = dated.first().map(|(date, _)| *date).or(views.site.first_day.map(|first| first.0));
        dated.retain(|(_, item)| item.is_shown(day));

        let zone = time_zone(&views.site).unwrap_or(TimeZone::UTC);
        let mut bytes = 0;
        let mut entries = Vec::new();
        for (date, item) in dated.into_iter().take(MAX_ENTRIES) {
            let entry = Entry::new(site, path, item, midnight(date, &zone));
            bytes += entry.content.len();
            if bytes > MAX_BYTES {
                break;
            }
            entries.push(entry);
        }
        Atom {
            language: &views.site.language,
            author: &views.site.name,
            id: uuid(&views.site, path),
            title: self.title(views),
            updated: midnight(newest.unwrap_or(EPOCH), &zone),
            self_address: links::address(site, path, path),
            page_address: links::address(site, path, self.page(views)),
            entries,
        }
    }
}

fn paths(site: &Site) -> Vec<String> {
    let views = &*site.views;
    let topics = views.topics.iter().map(|topic| Feed::Topic(topic.key));
    let people = views.people.iter().map(|person| Feed::Person(person.key));
    let all = [Feed::Everything, Feed::HotTopics, Feed::Jobs].into_iter().chain(topics).chain(people);
    all.filter(|feed| feed.is_offered(site)).filter_map(|feed| feed.path(views)).collect()
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let feed = Feed::at(&request.site.views, request.path).filter(|feed| feed.is_offered(request.site))?;
    Some(xml("application/atom+xml; charset=utf-8", &feed.atom(request.site, request.day, request.path)))
}

/// The beginning of a day as in RFC 3339: `2019-09-24T00:00:00+02:00`.
fn midnight(day: Date, zone: &TimeZone) -> String {
    match day.to_zoned(zone.clone()) {
        Ok(start) => start.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        Err(_) => format!("{day}T00:00:00Z"),
    }
}
