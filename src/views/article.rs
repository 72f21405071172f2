//! An article on a hot topic.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::event::HotTopicView;
use super::parts::{Day, EventRef, Ref, slug, text};
use crate::archive::{Archive, ArticleId};
use crate::content::{self, Body};

/// An article.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "Article")]
pub struct ArticleView {
    /// The article itself.
    #[serde(skip)]
    pub key: ArticleId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Its title.
    pub title: String,
    /// Summary, in a sentence.
    pub summary: Option<String>,
    /// Day on which it was presented.
    pub date: Option<Day>,
    /// Meetup at which it was presented.
    pub event: Option<EventRef>,
    /// People who presented the topic on stage.
    pub presenters: Vec<Ref>,
    /// Its topics.
    pub topics: Vec<Ref>,
    /// Papers that it is about.
    pub papers: Vec<PaperView>,
    /// Hot topics of events that name it, oldest first.
    #[serde(skip)]
    pub entries: Vec<HotTopicView>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}

/// A paper or post.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Paper")]
pub struct PaperView {
    /// Its title.
    pub title: String,
    /// As written.
    pub authors: Option<String>,
    /// Address.
    #[schemars(extend("format" = "uri"))]
    pub url: Option<String>,
    /// Its arXiv number.
    pub arxiv: Option<String>,
}

impl ArticleView {
    pub(super) fn new(archive: &Archive, id: ArticleId) -> Self {
        let article = &archive[id];
        Self {
            key: id,
            id: slug(&article.route).to_owned(),
            url: article.route.to_string(),
            title: article.source.title.to_string(),
            summary: text(article.source.summary.as_ref()),
            date: article.source.date.as_deref().copied().map(Day),
            event: article.event.map(|event| EventRef::new(archive, event)),
            presenters: Ref::people(archive, &article.presenters),
            topics: Ref::topics(archive, &article.tags),
            papers: article.source.papers.iter().map(PaperView::new).collect(),
            entries: article.entries.iter().map(|id| HotTopicView::new(archive, *id)).collect(),
            body: article.source.body.clone(),
        }
    }
}

impl PaperView {
    fn new(paper: &content::Paper) -> Self {
        Self {
            title: paper.title.to_string(),
            authors: text(paper.authors.as_ref()),
            url: text(paper.url.as_ref()),
            arxiv: text(paper.arxiv.as_ref()),
        }
    }

    /// Returns where it can be read: its own address, or that of its arXiv number.
    pub fn read_at(&self) -> Option<String> {
        self.url.clone().or_else(|| self.arxiv.as_ref().map(|number| format!("https://arxiv.org/abs/{number}")))
    }
}
