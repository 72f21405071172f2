//! `/hot-topics/`: the articles, and what else was presented as a hot topic.

use askama::Template;

use super::machines::feeds;
use super::{Answer, Kind, Request, frame::Frame, words};
use crate::archive::{ArticleId, HotTopicId};

pub(super) const PATH: &str = "/hot-topics/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "articles.html")]
struct Articles<'a> {
    frame: Frame<'a>,
    articles: Vec<ArticleId>,
    /// Latest first.
    hot_topics: Vec<HotTopicId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let description = format!("Recent papers and news presented at {}, and articles on some of them.", archive.site.name);
    let frame = Frame::new(request, "Hot topics", description).offering(feeds::Of::HotTopics.offer(archive));
    let hot_topics = archive.hot_topic_ids().rev().collect();
    Some(Answer::html(200, &Articles { frame, articles: archive.article_ids().collect(), hot_topics }))
}
