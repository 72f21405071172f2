//! `/feed.xml` and the feeds of hot topics, jobs, a topic and a person.

use std::collections::HashSet;

use jiff::civil::Date;

use super::atom::{Entry, Feed};
use super::entries::{Item, entry};
use super::subscribe::{Medium, Offer};
use crate::archive::{Archive, EventId, PersonId, Target, TopicId};
use crate::pages::{Answer, CachePolicy, Kind, Request, Site};

pub(in crate::pages) const KIND: Kind = Kind { answer, paths };

/// Where the feed of everything is, which every site has.
pub(in crate::pages) const MAIN: &str = "/feed.xml";

/// What a feed is of.
#[derive(Debug, Clone, Copy)]
pub(in crate::pages) enum Of {
    /// Meetups, articles, jobs and announcements.
    All,
    /// Articles.
    HotTopics,
    /// Job offers that are open.
    Jobs,
    /// What is on a topic.
    Topic(TopicId),
    /// Talks of a person, and articles on what the person presented.
    Person(PersonId),
}

/// Entries of a feed at most; the pages have all.
const ENTRIES: usize = 30;
/// Bytes of all contents of a feed at most, before escaping: readers refuse feeds of megabytes.
const BYTES: usize = 400_000;

impl Of {
    /// Where the feed is, if there is one. That of a person or topic is there when there is something in it.
    pub(in crate::pages) fn path(self, archive: &Archive) -> Option<String> {
        let there = match self {
            Of::All | Of::HotTopics | Of::Jobs => true,
            Of::Topic(id) => {
                let topic = &archive[id];
                !topic.articles.is_empty() || !topic.talks.is_empty() || !topic.events.is_empty()
            }
            Of::Person(id) => !archive[id].articles.is_empty() || !archive[id].talks.is_empty(),
        };
        there.then(|| format!("{}feed.xml", self.page(archive)))
    }

    /// The feed as a page offers it, if there is one.
    pub(in crate::pages) fn offer(self, archive: &Archive) -> Option<Offer> {
        let title = match self {
            Of::All => "Feed of everything new".to_owned(),
            Of::HotTopics => "Feed of articles".to_owned(),
            Of::Jobs => "Feed of open jobs".to_owned(),
            Of::Topic(id) => format!("Feed on {}", archive[id].name),
            Of::Person(id) => format!("Feed of {}", archive[id].name),
        };
        Some(Offer { medium: Medium::Feed, path: self.path(archive)?, title })
    }

    /// Whether a site has it: the feed of everything it always has.
    fn is_there(self, site: &Site) -> bool {
        site.extras.data || matches!(self, Of::All)
    }

    /// The page it belongs to.
    fn page(self, archive: &Archive) -> &str {
        match self {
            Of::All => "/",
            Of::HotTopics => "/hot-topics/",
            Of::Jobs => "/jobs/",
            Of::Topic(id) => archive[id].route.as_str(),
            Of::Person(id) => archive[id].route.as_str(),
        }
    }

    fn title(self, archive: &Archive) -> String {
        let site = &archive.site;
        match self {
            Of::All => site.name.to_string(),
            Of::HotTopics => format!("{}: hot topics", site.short_name),
            Of::Jobs => format!("{}: jobs", site.short_name),
            Of::Topic(id) => format!("{}: {}", site.short_name, archive[id].name),
            Of::Person(id) => format!("{}: {}", site.short_name, archive[id].name),
        }
    }

    /// All that could be in it.
    fn items(self, archive: &Archive) -> Vec<Item> {
        let articles = || archive.article_ids().map(Item::Article);
        match self {
            Of::All => {
                let events = archive.event_ids().rev().map(Item::Event);
                let others = archive.job_ids().map(Item::Job).chain(archive.announcement_ids().map(Item::Announcement));
                events.chain(articles()).chain(others).collect()
            }
            Of::HotTopics => articles().collect(),
            Of::Jobs => archive.job_ids().map(Item::Job).collect(),
            Of::Topic(id) => {
                let topic = &archive[id];
                // An evening with a talk on the topic is there by its talk.
                let by_talk: HashSet<EventId> = topic.talks.iter().map(|talk| archive[*talk].event).collect();
                let events = topic.events.iter().rev().copied().filter(|event| !by_talk.contains(event)).map(Item::Event);
                let talks = topic.talks.iter().rev().copied().map(Item::Talk);
                topic.articles.iter().copied().map(Item::Article).chain(talks).chain(events).collect()
            }
            Of::Person(id) => {
                let talks = archive[id].talks.iter().rev().copied().map(Item::Talk);
                archive[id].articles.iter().copied().map(Item::Article).chain(talks).collect()
            }
        }
    }

    fn write(self, site: &Site, day: Date, path: &str) -> String {
        let archive = &*site.archive;
        let mut dated: Vec<(Date, Item)> =
            self.items(archive).into_iter().filter_map(|item| Some((item.dated(archive, day)?, item))).collect();
        // What has the same day keeps its order; of what is still to come, the next is first.
        dated.sort_by_key(|(date, item)| (std::cmp::Reverse(*date), item.comes(archive, day)));
        let newest = dated.first().map(|(date, _)| *date).or(archive.first_day());
        dated.retain(|(_, item)| item.is_shown(archive, day));
        let mut entries: Vec<Entry> = Vec::new();
        let mut bytes = 0;
        for (date, item) in dated.into_iter().take(ENTRIES) {
            let entry = entry(site, item, date);
            bytes += entry.content.len();
            if bytes > BYTES {
                break;
            }
            entries.push(entry);
        }
        let title = self.title(archive);
        Feed { site, title, path, page: self.page(archive), updated: newest, entries }.xml()
    }
}

fn paths(site: &Site) -> Vec<String> {
    let archive = &site.archive;
    let all = [Of::All, Of::HotTopics, Of::Jobs].into_iter();
    let all = all.chain(archive.topic_ids().map(Of::Topic)).chain(archive.person_ids().map(Of::Person));
    all.filter(|of| of.is_there(site)).filter_map(|of| of.path(archive)).collect()
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let of = find(request.archive, request.path).filter(|of| of.is_there(request.site))?;
    let xml = of.write(request.site, request.day, request.path);
    Some(Answer::new(200, "application/atom+xml; charset=utf-8", CachePolicy::Page, xml.into_bytes()))
}

/// Whether a path is that of a feed.
pub(super) fn is_there(archive: &Archive, path: &str) -> bool {
    find(archive, path).is_some()
}

fn find(archive: &Archive, path: &str) -> Option<Of> {
    let page = path.strip_suffix("feed.xml")?;
    let of = match page {
        "/" => Some(Of::All),
        "/hot-topics/" => Some(Of::HotTopics),
        "/jobs/" => Some(Of::Jobs),
        page => match archive.at(page)? {
            Target::Topic(id) => Some(Of::Topic(id)),
            Target::Person(id) => Some(Of::Person(id)),
            _ => None,
        },
    };
    of.filter(|of| of.path(archive).is_some())
}
