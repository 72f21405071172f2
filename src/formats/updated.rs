//! Dates of the last changes that the content knows of, for feeds and the sitemap.
//!
//! They follow from the content and the day alone, so that a build gives the same bytes again, and none is later than
//! the day.

use jiff::civil::Date;

use crate::views::{AnnouncementView, ArticleView, EventView, JobView, Views};

/// Dates of last changes as of a day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Updated {
    day: Date,
    /// The day after the last event that is over.
    ///
    /// Content that is prepared for a later event counts as published then. The content does not say when it was, but
    /// readers who know the past event must see it as newer than that.
    news: Option<Date>,
}

impl Updated {
    pub(super) fn on(day: Date, views: &Views) -> Self {
        let last_days = views.events.iter().filter_map(|event| event.last_day()).map(|last| last.0);
        let news = last_days.filter(|last| *last < day).max().and_then(|last| last.tomorrow().ok());
        Self { day, news }
    }

    /// The last change of an event: its end, when its material is there, or a change on record.
    pub(super) fn change(self, event: &EventView) -> Option<Date> {
        let over = event.last_day().map(|last| last.0).filter(|last| *last < self.day);
        over.max(event.changes.last().map(|change| change.date.0))
    }

    /// The last change of an event, or when it was published.
    pub(super) fn event(self, event: &EventView) -> Option<Date> {
        self.change(event).or(self.news)
    }

    /// Day of publication of an article: the day on which it was presented.
    pub(super) fn article(self, article: &ArticleView) -> Option<Date> {
        self.published(article.date.or_else(|| article.event.as_ref()?.date)?.0)
    }

    /// The last change of an announcement, or when it was made.
    pub(super) fn announcement(self, announcement: &AnnouncementView) -> Option<Date> {
        let made = announcement.event.as_ref().and_then(|event| event.date);
        match announcement.changes.last().map(|change| change.date).max(made) {
            Some(known) => self.published(known.0),
            None => announcement.last_day().map(|last| last.0).filter(|last| *last < self.day),
        }
    }

    /// Day on which a job offer was announced.
    pub(super) fn job(self, job: &JobView) -> Option<Date> {
        self.published(job.date.0)
    }

    /// The date, unless it is still to come: what is there already cannot be of a later day.
    fn published(self, date: Date) -> Option<Date> {
        if date <= self.day { Some(date) } else { self.news }
    }
}
