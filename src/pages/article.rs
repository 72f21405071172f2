//! `/hot-topics/<slug>/`: one article.

use askama::Template;

use super::machines::feeds;
use super::{Answer, Kind, Request, articles, frame::Frame, prose, schema, words};
use crate::archive::{Article, ArticleId, HotTopicId, Target};
use crate::content::Paper;
use crate::html::Html;
use crate::markdown::Heading;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.articles.iter().map(|article| article.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    frame: Frame<'a>,
    article: &'a Article,
    text: Html,
    contents: Vec<Heading>,
    /// Where in the hot topics of the events it stands.
    entries: Vec<HotTopicId>,
    others: Vec<ArticleId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Article(id)) = request.target else { return None };
    let article = &archive[id];
    let rendered = prose::render(request.site, &article.body);
    let description =
        article.summary.clone().unwrap_or_else(|| format!("{}, a hot topic at {}.", article.title, archive.site.name));
    let frame = Frame::new(request, article.title.clone(), description)
        .within(articles::PATH)
        .offering(feeds::Of::HotTopics.offer(archive))
        .about(schema::article(request.site, article));
    let contents = rendered.headings.into_iter().filter(|heading| heading.level == 2).collect();
    let entries = archive.hot_topic_ids().filter(|entry| archive[*entry].articles.contains(&id)).collect();
    let others = archive.article_ids().filter(|other| *other != id).collect();
    Some(Answer::html(200, &ArticlePage { frame, article, text: rendered.html, contents, entries, others }))
}

impl ArticlePage<'_> {
    fn address(&self, paper: &Paper) -> Option<String> {
        read_at(paper)
    }
}

/// Where a paper can be read.
pub(super) fn read_at(paper: &Paper) -> Option<String> {
    paper.url.clone().or_else(|| paper.arxiv.as_ref().map(|number| format!("https://arxiv.org/abs/{number}")))
}
