//! `hot-topics/*.md`: articles on what was presented in an event's hot topics.

use jiff::civil::Date;

use super::Body;
use super::link::url_text;
use super::meetup::EventKey;
use crate::problem::{At, Text};
use crate::yaml::{Cursor, Fields};

/// An article.
#[derive(Debug, Clone)]
pub struct Article {
    /// Its title.
    pub title: Text,
    /// One sentence that says what it tells.
    pub summary: Option<Text>,
    /// The day on which it was presented.
    pub date: Option<Date>,
    /// The event at which it was presented.
    pub meetup: Option<At<EventKey>>,
    /// Who presented it.
    pub presenters: Vec<Text>,
    /// Its topics.
    pub tags: Vec<Text>,
    /// What it is about.
    pub papers: Vec<Paper>,
    /// The text.
    pub body: Body,
}

/// A paper or post.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Its title.
    pub title: Text,
    /// Its authors, as written.
    pub authors: Option<Text>,
    /// Where it can be read.
    pub url: Option<Text>,
    /// Its arXiv number.
    pub arxiv: Option<Text>,
}

pub(super) fn read(f: &mut Fields<'_>, body: Body) -> Option<Article> {
    let title = f.need_text("title");
    let summary = f.text("summary");
    let date = f.date("date").map(|date| date.it);
    let meetup = f.parse("meetup", "a meetup");
    let (presenters, tags) = (f.texts("presenters"), f.texts("tags"));
    let papers = f.list("papers", paper);
    Some(Article { title: title?, summary, date, meetup, presenters, tags, papers, body })
}

fn paper(cursor: Cursor<'_>) -> Option<Paper> {
    cursor.fields("a paper", |f| {
        let title = f.need_text("title");
        let authors = f.text("authors");
        let url = url_text(f, "url");
        let arxiv = f.text("arxiv");
        Some(Paper { title: title?, authors, url, arxiv })
    })
}
