//! `/hot-topics/<slug>/`: one article.

use std::collections::BTreeSet;

use askama::Template;

use super::machines::feeds;
use super::{Answer, Kind, Request, articles, frame::Frame, prose, schema, words};
use crate::archive::{Archive, Article, ArticleId, Target};
use crate::content::Paper;
use crate::html::Html;
use crate::markdown::Heading;
use crate::problem::Text;

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.articles.iter().map(|article| article.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    frame: Frame<'a>,
    article: &'a Article,
    text: Html,
    contents: Vec<Heading>,
    others: BTreeSet<ArticleId>,
}

/// The list of articles has all. With each page naming all others, an archive would grow with the square of their number.
const OTHERS: usize = 12;

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Article(id)) = request.target else { return None };
    let article = &archive[id];
    let rendered = prose::render(request.site, &article.body);
    let description = article
        .summary
        .as_ref()
        .map_or_else(|| format!("{}, a hot topic at {}.", article.title, archive.site.name), Text::to_string);
    let frame = Frame::new(request, article.title.clone(), description)
        .within(articles::PATH)
        .offering(feeds::Of::HotTopics.offer(archive))
        .about(schema::article(request.site, article, request.day));
    let contents = rendered.headings.into_iter().filter(|heading| heading.level == 2).collect();
    let others = others(archive, id);
    Some(Answer::html(200, &ArticlePage { frame, article, text: rendered.html, contents, others }))
}

/// Some other articles, newest first: those on the same topics, and if these are few the newest of all.
pub(super) fn others(archive: &Archive, id: ArticleId) -> BTreeSet<ArticleId> {
    let alike = archive[id].tags.iter().flat_map(|topic| archive[*topic].articles.iter().copied().take(OTHERS + 1));
    let alike: BTreeSet<ArticleId> = alike.filter(|other| *other != id).collect();
    let mut others: BTreeSet<ArticleId> = alike.into_iter().take(OTHERS).collect();
    for other in archive.article_ids().filter(|other| *other != id) {
        if others.len() >= OTHERS {
            break;
        }
        others.insert(other);
    }
    others
}

impl ArticlePage<'_> {
    fn address(&self, paper: &Paper) -> Option<String> {
        read_at(paper)
    }
}

/// Where a paper can be read.
pub(super) fn read_at(paper: &Paper) -> Option<String> {
    paper
        .url
        .as_ref()
        .map(Text::to_string)
        .or_else(|| paper.arxiv.as_ref().map(|number| format!("https://arxiv.org/abs/{number}")))
}
