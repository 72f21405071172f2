//! Entries of feeds.

use askama::Template;
use jiff::civil::Date;

use crate::content::Body;
use crate::context::Site;
use crate::formats::updated::Updated;
use crate::formats::{links, uuid};
use crate::html::Html;
use crate::prose::{self, standalone};
use crate::views::{AnnouncementView, ArticleView, ChangeView, EventView, JobView, Ref, TalkView, Views, words};

/// Maximum size of a text in bytes of HTML; longer ones are left to their page.
const MAX_TEXT: usize = 100_000;

/// The subject of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    Event(&'a EventView),
    Talk(&'a TalkView),
    Article(&'a ArticleView),
    Job(&'a JobView),
    Announcement(&'a AnnouncementView),
}

/// An entry of a feed.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) id: String,
    /// Address of its page, for readers of the feed.
    pub(super) address: String,
    pub(super) title: String,
    /// In RFC 3339.
    pub(super) updated: String,
    /// Names; where there are none, the author is the group, as of the whole feed.
    pub(super) authors: Vec<String>,
    /// Names of those whose work it is about.
    pub(super) contributors: Vec<String>,
    /// Topics.
    pub(super) categories: Vec<String>,
    pub(super) summary: Option<String>,
    /// HTML.
    pub(super) content: String,
}

#[derive(Template)]
#[template(path = "entry-event.html")]
struct EventEntry<'a> {
    event: &'a EventView,
    text: Option<Html>,
    talks: Vec<&'a TalkView>,
}

#[derive(Template)]
#[template(path = "entry-talk.html")]
struct TalkEntry<'a> {
    talk: &'a TalkView,
    summary: Option<Html>,
    event: &'a EventView,
}

/// A text below some facts.
#[derive(Template)]
#[template(path = "entry-text.html")]
struct TextEntry<'a> {
    facts: Vec<String>,
    /// None if it is too long.
    text: Option<Html>,
    page: &'a str,
}

impl Item<'_> {
    /// The date of its last change. What has no date of any kind cannot be in a feed.
    pub(super) fn updated(self, views: &Views, updated: Updated) -> Option<Date> {
        match self {
            Item::Article(article) => updated.article(article),
            Item::Job(job) => updated.job(job),
            Item::Announcement(announcement) => updated.announcement(announcement),
            Item::Event(_) | Item::Talk(_) => {
                let event = self.event(views)?;
                updated.event(event).or(event.date.map(|date| date.0))
            }
        }
    }

    /// The date of an event that is still to come.
    pub(super) fn upcoming(self, views: &Views, day: Date) -> Option<Date> {
        let event = self.event(views).filter(|event| !event.is_past(day))?;
        event.date.map(|date| date.0)
    }

    /// Returns whether it is in a feed: neither closed offers are, nor events without a date.
    pub(super) fn is_shown(self, day: Date) -> bool {
        match self {
            Item::Job(job) => job.is_open(day),
            Item::Event(event) => event.date.is_some(),
            Item::Talk(talk) => talk.date.is_some(),
            Item::Article(_) | Item::Announcement(_) => true,
        }
    }

    fn event(self, views: &Views) -> Option<&EventView> {
        match self {
            Item::Event(event) => Some(&views[event.key]),
            Item::Talk(talk) => Some(&views[talk.event.key]),
            Item::Article(_) | Item::Job(_) | Item::Announcement(_) => None,
        }
    }

    /// The path of its page, which also identifies it.
    fn page(&self) -> &str {
        match self {
            Item::Event(event) => &event.url,
            Item::Talk(talk) => &talk.url,
            Item::Article(article) => &article.url,
            Item::Job(job) => &job.url,
            Item::Announcement(announcement) => &announcement.url,
        }
    }
}

impl Entry {
    /// Makes the entry of an item for the feed at the path `feed`.
    pub(super) fn new(site: &Site, feed: &str, item: Item<'_>, updated: String) -> Self {
        let page = item.page();
        let entry = match item {
            Item::Event(event) => Self::event(site, event),
            Item::Talk(talk) => Self::talk(site, talk),
            Item::Article(article) => Self::article(site, article),
            Item::Job(job) => Self::job(site, job),
            Item::Announcement(announcement) => Self::announcement(site, announcement),
        };
        Self {
            id: uuid(&site.views.site, page),
            address: links::address(site, feed, page),
            updated,
            content: links::absolutize_links(&entry.content, site, feed, page),
            ..entry
        }
    }

    fn event(site: &Site, event: &EventView) -> Self {
        let text = prose::part(site, event.text.as_ref(), &event.url);
        Self {
            title: event.status.before(&event.name),
            categories: names(&event.topics),
            content: html(&EventEntry { event, text, talks: site.views.talks_of(&event.talks) }),
            ..Self::default()
        }
    }

    fn talk(site: &Site, talk: &TalkView) -> Self {
        let event = &site.views[talk.event.key];
        let summary = prose::part(site, talk.summary.as_ref(), &talk.url);
        Self {
            title: talk.status.before(&talk.title),
            authors: names(&talk.speakers),
            categories: names(&talk.topics),
            content: html(&TalkEntry { talk, summary, event }),
            ..Self::default()
        }
    }

    /// As in JSON-LD, the group is the author of an article, and those who presented its topic on stage have
    /// contributed.
    fn article(site: &Site, article: &ArticleView) -> Self {
        Self {
            title: article.title.clone(),
            contributors: names(&article.presenters),
            categories: names(&article.topics),
            summary: article.summary.clone(),
            content: text(site, Vec::new(), &article.body, &article.url),
            ..Self::default()
        }
    }

    fn job(site: &Site, job: &JobView) -> Self {
        let mut facts = vec![job.employer()];
        facts.extend(job.roles.iter().cloned());
        facts.extend((!job.closes_by_rule).then(|| format!("Open until {}", job.closes.words())));
        Self {
            title: format!("{}, {}", job.title, job.company),
            content: text(site, facts, &job.body, &job.url),
            ..Self::default()
        }
    }

    fn announcement(site: &Site, announcement: &AnnouncementView) -> Self {
        let mut facts: Vec<String> = announcement.when.iter().cloned().collect();
        facts.extend(announcement.time.as_deref().map(words::hours));
        facts.extend(announcement.place.iter().chain(&announcement.address).cloned());
        facts.extend(announcement.changes.iter().map(ChangeView::line));
        Self {
            title: announcement.status.before(&announcement.title),
            content: text(site, facts, &announcement.body, &announcement.url),
            ..Self::default()
        }
    }
}

fn text(site: &Site, facts: Vec<String>, body: &Body, page: &str) -> String {
    let text = Some(standalone::render(site, body, page)).filter(|text| text.as_str().len() <= MAX_TEXT);
    html(&TextEntry { facts, text, page })
}

/// Templates write to a string, and nothing in them can fail.
fn html(template: &impl Template) -> String {
    template.render().unwrap_or_default()
}

fn names(refs: &[Ref]) -> Vec<String> {
    refs.iter().map(|to| to.name.clone()).collect()
}
