//! Entries of feeds: what stands in them of an event, a talk, an article, a job or an announcement.

use askama::Template;
use jiff::civil::Date;

use super::atom::Entry;
use crate::archive::{
    AnnouncementId, Archive, Article, ArticleId, Event, EventId, HotTopicId, Job, JobId, PersonId, Talk, TalkId, TopicId,
};
use crate::html::Html;
use crate::pages::{Site, away, words};
use crate::problem::Text;

/// What an entry is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    Event(EventId),
    Talk(TalkId),
    Article(ArticleId),
    Job(JobId),
    Announcement(AnnouncementId),
}

/// Longer texts are left to their page: bytes of HTML.
const LONGEST: usize = 100_000;

impl Item {
    /// Since when it is as it is, on that day. What has no date of any kind has no place in a feed.
    pub(super) fn dated(self, archive: &Archive, day: Date) -> Option<Date> {
        match self {
            Item::Event(id) => archive.event_dated(id, day).or(archive[id].date),
            Item::Talk(id) => archive.event_dated(archive[id].event, day).or(archive[archive[id].event].date),
            Item::Article(id) => archive.article_dated(&archive[id], day),
            Item::Job(id) => archive.job_dated(&archive[id], day),
            Item::Announcement(id) => archive.announcement_dated(&archive[id], day),
        }
    }

    /// The day of an event that is still to come on that day.
    pub(super) fn comes(self, archive: &Archive, day: Date) -> Option<Date> {
        let event = match self {
            Item::Event(id) => id,
            Item::Talk(id) => archive[id].event,
            Item::Article(_) | Item::Job(_) | Item::Announcement(_) => return None,
        };
        archive[event].date.filter(|_| !archive[event].is_past(day))
    }

    /// Whether a feed of that day has it: nobody is led to an offer that is closed, nor to an evening that nothing dates.
    pub(super) fn is_shown(self, archive: &Archive, day: Date) -> bool {
        match self {
            Item::Job(id) => archive[id].is_open(day),
            Item::Event(id) => archive[id].date.is_some(),
            Item::Talk(id) => archive[archive[id].event].date.is_some(),
            Item::Article(_) | Item::Announcement(_) => true,
        }
    }
}

/// The entry of an item.
pub(super) fn entry(site: &Site, item: Item, updated: Date) -> Entry {
    let archive = &*site.archive;
    match item {
        Item::Event(id) => of_event(archive, &archive[id], updated),
        Item::Talk(id) => of_talk(archive, &archive[id], updated),
        Item::Article(id) => of_article(site, &archive[id], updated),
        Item::Job(id) => of_job(site, &archive[id], updated),
        Item::Announcement(id) => of_announcement(site, id, updated),
    }
}

#[derive(Template)]
#[template(path = "entry-event.html")]
struct EventEntry<'a> {
    archive: &'a Archive,
    event: &'a Event,
}

#[derive(Template)]
#[template(path = "entry-talk.html")]
struct TalkEntry<'a> {
    archive: &'a Archive,
    talk: &'a Talk,
    event: &'a Event,
}

/// A text below some facts.
#[derive(Template)]
#[template(path = "entry-text.html")]
struct TextEntry<'a> {
    facts: Vec<String>,
    /// Nothing where it is too long.
    text: Option<Html>,
    page: &'a str,
}

fn of_event(archive: &Archive, event: &Event, updated: Date) -> Entry {
    let (meetup, subject) = (words::meetup(event), words::subject(archive, event));
    let title = if meetup == subject { meetup } else { format!("{meetup}: {subject}") };
    Entry {
        page: event.route.to_string(),
        title: event.status.words().map_or_else(|| title.clone(), |status| format!("{}: {title}", words::capital(status))),
        updated,
        authors: Vec::new(),
        contributors: Vec::new(),
        categories: topics(archive, &event.tags),
        summary: None,
        content: html(&EventEntry { archive, event }),
    }
}

fn of_talk(archive: &Archive, talk: &Talk, updated: Date) -> Entry {
    let title = talk.status.words().map_or_else(String::new, |status| format!("{}: ", words::capital(status)));
    Entry {
        page: talk.route.to_string(),
        title: format!("{title}{}", talk.title),
        updated,
        authors: names(archive, &talk.speakers),
        contributors: Vec::new(),
        categories: topics(archive, &talk.tags),
        summary: None,
        content: html(&TalkEntry { archive, talk, event: &archive[talk.event] }),
    }
}

fn of_article(site: &Site, article: &Article, updated: Date) -> Entry {
    let archive = &site.archive;
    let page = article.route.as_str();
    Entry {
        page: page.to_owned(),
        title: article.title.to_string(),
        updated,
        // As JSON-LD has it: the article speaks for the group, and tells of what they presented.
        authors: Vec::new(),
        contributors: names(archive, &article.presenters),
        categories: topics(archive, &article.tags),
        summary: article.summary.as_ref().map(Text::to_string),
        content: html(&TextEntry { facts: Vec::new(), text: short(away::render(site, &article.body, page)), page }),
    }
}

fn of_job(site: &Site, job: &Job, updated: Date) -> Entry {
    let offer = &job.offer;
    let page = job.route.as_str();
    let mut facts = vec![match &offer.place {
        Some(place) => format!("{}, {place}", offer.company),
        None => offer.company.to_string(),
    }];
    facts.extend(offer.roles.iter().map(Text::to_string));
    facts.extend((!job.closes_by_rule).then(|| format!("Open until {}", words::plain_day(&job.closes))));
    Entry {
        page: page.to_owned(),
        title: format!("{}, {}", offer.title, offer.company),
        updated,
        authors: Vec::new(),
        contributors: Vec::new(),
        categories: Vec::new(),
        summary: None,
        content: html(&TextEntry { facts, text: short(away::render(site, &offer.body, page)), page }),
    }
}

fn of_announcement(site: &Site, id: AnnouncementId, updated: Date) -> Entry {
    let announcement = &site.archive[id];
    let page = announcement.route.as_str();
    let days = announcement.date.iter().chain(&announcement.end_date).map(words::plain_day);
    let mut facts = vec![days.collect::<Vec<_>>().join(" – ")];
    facts.retain(|days| !days.is_empty());
    facts.extend(announcement.time.as_ref().map(|time| time.replace('-', "–")));
    facts.extend(announcement.place.iter().chain(&announcement.address).map(Text::to_string));
    facts.extend(announcement.changes.iter().map(|change| format!("{}: {}", words::plain_day(&change.date), change.what)));
    let status = announcement.status.words().map_or_else(String::new, |status| format!("{}: ", words::capital(status)));
    Entry {
        page: page.to_owned(),
        title: format!("{status}{}", announcement.title),
        updated,
        authors: Vec::new(),
        contributors: Vec::new(),
        categories: Vec::new(),
        summary: None,
        content: html(&TextEntry { facts, text: short(away::render(site, &announcement.body, page)), page }),
    }
}

/// Templates write to a string, and nothing in them can fail.
fn html(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn short(text: Html) -> Option<Html> {
    Some(text).filter(|text| text.as_str().len() <= LONGEST)
}

fn names(archive: &Archive, people: &[PersonId]) -> Vec<String> {
    people.iter().map(|id| archive[*id].name.to_string()).collect()
}

fn topics(archive: &Archive, topics: &[TopicId]) -> Vec<String> {
    topics.iter().map(|id| archive[*id].name.to_string()).collect()
}

impl EventEntry<'_> {
    fn articles(&self, id: &HotTopicId) -> Vec<&Article> {
        self.archive[*id].articles.iter().map(|article| &self.archive[*article]).collect()
    }
}
