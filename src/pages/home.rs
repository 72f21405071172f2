//! `/`: what is next, what is new, and the ways into the archive.

use askama::Template;
use jiff::civil::Date;

use super::machines::subscribe;
use super::{Answer, Door, Kind, Request, Site, frame::Frame, schema, words};
use crate::archive::{AnnouncementId, Archive, ArticleId, EventId, JobId, TalkId, TopicId};
use crate::html::Html;

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec!["/".to_owned()] };

/// Rows of each list; the lists' own pages have the rest.
pub(super) const LATEST: usize = 5;
/// Topics offered as ways in.
const TOPICS: usize = 14;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    /// The next event, or else the latest.
    hero: Option<EventId>,
    /// Whether the hero is still to come.
    coming: bool,
    /// Events after the next one.
    later: Vec<EventId>,
    talks: Vec<TalkId>,
    articles: Vec<ArticleId>,
    jobs: Vec<JobId>,
    announcements: Vec<AnnouncementId>,
    topics: Vec<TopicId>,
    counts: Vec<Count>,
    years: Vec<Year>,
    first: Option<Date>,
}

/// How much there is of something.
pub(super) struct Count {
    pub(super) number: usize,
    pub(super) what: &'static str,
    pub(super) path: &'static str,
}

/// The events of a year.
struct Year {
    label: String,
    events: Vec<EventId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/" {
        return None;
    }
    let (archive, day) = (request.archive, request.day);
    let next = archive.next_event(day);
    let home = Home {
        frame: Frame::new(request, "", archive.site.description.clone())
            .offering(subscribe::of_site(archive))
            .about(schema::group(request.site))
            .about(schema::site(request.site)),
        hero: next.or_else(|| archive.latest_event(day)),
        coming: next.is_some(),
        later: archive.coming_events(day).into_iter().skip(1).take(LATEST).collect(),
        talks: latest_talks(archive, day),
        articles: archive.article_ids().take(LATEST).collect(),
        jobs: archive.job_ids().filter(|id| archive[*id].is_open(day)).take(LATEST).collect(),
        announcements: coming_announcements(archive, day),
        topics: popular_topics(archive),
        counts: counts(request.site),
        years: years(archive),
        first: archive.site.first_meetup.or_else(|| archive.events.iter().find_map(|event| event.date)),
    };
    Some(Answer::html(200, &home))
}

impl Home<'_> {
    // The day on which the last thing of a section has passed, and the section with it.

    fn until_events(&self) -> Html {
        self.frame.until_any(self.later.iter().map(|id| self.frame.archive[*id].last_day()).max().flatten())
    }

    fn until_announcements(&self) -> Html {
        self.frame.until_any(self.announcements.iter().map(|id| self.frame.archive[*id].last_day()).max().flatten())
    }

    fn until_jobs(&self) -> Html {
        self.frame.until_any(self.jobs.iter().map(|id| self.frame.archive[*id].last_day()).max().flatten())
    }
}

/// The talks of the last evenings that are over.
pub(super) fn latest_talks(archive: &Archive, day: Date) -> Vec<TalkId> {
    let held = |id: &TalkId| archive[archive[*id].event].is_past(day) && archive[*id].status.words().is_none();
    archive.talk_ids().rev().filter(held).take(LATEST).collect()
}

/// What has a day that is not over; the next first.
pub(super) fn coming_announcements(archive: &Archive, day: Date) -> Vec<AnnouncementId> {
    let mut coming: Vec<AnnouncementId> =
        archive.announcement_ids().filter(|id| archive[*id].date.is_some() && !archive[*id].is_past(day)).collect();
    coming.reverse();
    coming
}

pub(super) fn popular_topics(archive: &Archive) -> Vec<TopicId> {
    let mut topics: Vec<TopicId> = archive.topic_ids().filter(|id| !archive[*id].talks.is_empty()).collect();
    topics.sort_by_key(|id| std::cmp::Reverse(archive[*id].talks.len()));
    topics.truncate(TOPICS);
    topics
}

pub(super) fn counts(site: &Site) -> Vec<Count> {
    let archive = &site.archive;
    // Only the live server can show some of the talks.
    let slides = if site.door == Door::Live { "/talks/?with=slides" } else { "/talks/" };
    let count = |number, what, path| Count { number, what, path };
    let with_slides = archive.talks.iter().filter(|talk| !talk.slides.is_empty()).count();
    vec![
        count(archive.events.len(), "meetups", "/meetups/"),
        count(archive.talks.len(), "talks", "/talks/"),
        count(with_slides, "with slides", slides),
        count(archive.people.len(), "people", "/people/"),
        count(archive.venues.len(), "venues", "/venues/"),
    ]
}

fn years(archive: &Archive) -> Vec<Year> {
    let events: Vec<EventId> = archive.event_ids().collect();
    let chunks = events.chunk_by(|a, b| archive[*a].listed_under == archive[*b].listed_under);
    let label = |id: EventId| archive[id].listed_under.map_or("No date".to_owned(), |year| year.to_string());
    chunks.map(|chunk| Year { label: label(chunk[0]), events: chunk.to_vec() }).collect()
}
