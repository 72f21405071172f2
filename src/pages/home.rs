//! `/`: what is next, what is new, and the ways into the archive.

use askama::Template;
use jiff::civil::Date;

use super::events::by_year;
use super::{Answer, Delivery, Kind, Request, Site, frame::Frame};
use crate::formats::{json_ld, subscriptions};
use crate::views::{AnnouncementView, ArticleView, Day, EventView, JobView, Ref, TalkView, Views};

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec!["/".to_owned()] };

/// Rows of each list; the lists' own pages have the rest.
const LATEST: usize = 5;
/// Topics offered as ways in.
const TOPICS: usize = 14;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    frame: Frame<'a>,
    /// The next event, or else the latest.
    hero: Option<&'a EventView>,
    hero_talks: Vec<&'a TalkView>,
    /// True if the event at the top is still to come.
    coming: bool,
    /// Events that would come before it, and do not take place as announced.
    called_off: Vec<&'a EventView>,
    /// Events after the next one.
    later: Vec<&'a EventView>,
    talks: Vec<&'a TalkView>,
    articles: &'a [ArticleView],
    jobs: Vec<&'a JobView>,
    announcements: Vec<&'a AnnouncementView>,
    topics: Vec<Ref>,
    counts: [Count; 5],
    years: Vec<(String, Vec<&'a EventView>)>,
}

/// A count with a link.
struct Count {
    number: usize,
    what: &'static str,
    path: &'static str,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/" {
        return None;
    }
    let (site, views, day) = (request.site, request.views, request.day);
    let archive = request.archive;
    let next = archive.next_event(day);
    let hero = next.or_else(|| archive.latest_event(day)).map(|id| &views[id]);
    let home = Home {
        frame: Frame::new(request, "", views.site.description.clone())
            .subscriptions(subscriptions::of_site(views))
            .about(json_ld::group(site))
            .about(json_ld::website(site)),
        hero,
        hero_talks: hero.map_or_else(Vec::new, |event| views.talks_of(&event.talks)),
        coming: next.is_some(),
        called_off: called_off(views, day, next.and_then(|id| views[id].date)),
        later: archive.coming_events(day).into_iter().skip(1).take(LATEST).map(|id| &views[id]).collect(),
        talks: latest_talks(views, day),
        articles: &views.articles[..views.articles.len().min(LATEST)],
        jobs: views.jobs.iter().filter(|job| job.is_open(day)).take(LATEST).collect(),
        announcements: coming_announcements(views, day),
        topics: popular_topics(views),
        counts: counts(site),
        years: by_year(&views.events.iter().collect::<Vec<_>>()),
    };
    Some(Answer::html(200, &home))
}

impl Home<'_> {
    // The day on which the last thing of a section has passed, and the section with it.

    fn last_called_off(&self) -> Option<Day> {
        self.called_off.iter().filter_map(|event| event.last_day()).max()
    }

    fn last_of_events(&self) -> Option<Day> {
        self.later.iter().filter_map(|event| event.last_day()).max()
    }

    fn last_of_announcements(&self) -> Option<Day> {
        self.announcements.iter().filter_map(|item| item.last_day()).max()
    }

    fn last_of_jobs(&self) -> Option<Day> {
        self.jobs.iter().map(|job| job.closes).max()
    }
}

/// Events on or after a day, and before the next one that takes place, which were cancelled or postponed.
fn called_off(views: &Views, day: Date, next: Option<Day>) -> Vec<&EventView> {
    let is_before = |date: Day| next.is_none_or(|next| date.0 < next.0);
    let is_off = |event: &&EventView| !event.takes_place() && !event.is_past(day) && event.date.is_some_and(is_before);
    views.events.iter().filter(is_off).collect()
}

/// The talks of the last events that are over.
fn latest_talks(views: &Views, day: Date) -> Vec<&TalkView> {
    let past = |talk: &&TalkView| talk.status.words().is_none() && views.event_of(talk).is_past(day);
    views.talks.iter().rev().filter(past).take(LATEST).collect()
}

/// Announcements with a day that is not over; the next first.
fn coming_announcements(views: &Views, day: Date) -> Vec<&AnnouncementView> {
    views.announcements.iter().rev().filter(|item| item.date.is_some() && !item.is_past(day)).collect()
}

fn popular_topics(views: &Views) -> Vec<Ref> {
    let mut topics: Vec<_> = views.topics.iter().filter(|topic| !topic.talks.is_empty()).collect();
    topics.sort_by_key(|topic| std::cmp::Reverse(topic.talks.len()));
    topics.into_iter().take(TOPICS).map(|topic| topic.to_ref()).collect()
}

fn counts(site: &Site) -> [Count; 5] {
    let views = &site.views;
    // Only the live server can show some of the talks.
    let slides = if site.delivery == Delivery::Live { "/talks/?with=slides" } else { "/talks/" };
    let with_slides = views.talks.iter().filter(|talk| !talk.slides.is_empty()).count();
    let count = |number, what, path| Count { number, what, path };
    [
        count(views.events.len(), "meetups", "/meetups/"),
        count(views.talks.len(), "talks", "/talks/"),
        count(with_slides, "with slides", slides),
        count(views.people.len(), "people", "/people/"),
        count(views.venues.len(), "venues", "/venues/"),
    ]
}
