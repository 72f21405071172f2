//! `/hot-topics/<slug>/`: one article.

use std::collections::BTreeMap;

use askama::Template;

use super::{Answer, Kind, Request, articles, frame::Frame, prose};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::html::Html;
use crate::markdown::Heading;
use crate::views::{ArticleView, Ref, Views};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.articles.iter().map(|article| article.url.clone()).collect() };

#[derive(Template)]
#[template(path = "article.html")]
struct ArticlePage<'a> {
    frame: Frame<'a>,
    article: &'a ArticleView,
    text: Html,
    contents: Vec<Heading>,
    others: Vec<&'a ArticleView>,
}

/// Maximum number of other articles; the list of articles has all.
const OTHERS: usize = 12;

fn answer(request: &Request<'_>) -> Option<Answer> {
    let (site, views) = (request.site, request.views);
    let Some(Target::Article(id)) = request.target else { return None };
    let article = &views[id];
    let rendered = prose::render(site, &article.body);
    let general = || format!("{}, a hot topic at {}.", article.title, views.site.name);
    let frame = Frame::new(request, article.title.clone(), article.summary.clone().unwrap_or_else(general))
        .within(articles::PATH)
        .subscriptions([subscriptions::hot_topics()])
        .published(article.date.filter(|date| date.0 <= request.day))
        .about(json_ld::article(site, article, request.day));
    let contents = rendered.headings.into_iter().filter(|heading| heading.level == 2).collect();
    Some(Answer::html(
        200,
        &ArticlePage { frame, article, text: rendered.html, contents, others: others(views, article) },
    ))
}

/// Some other articles, newest first: those on the same topics, and if these are few the newest of all.
fn others<'v>(views: &'v Views, article: &ArticleView) -> Vec<&'v ArticleView> {
    let topics = views.topics_of(&article.topics);
    let refs: Vec<Ref> = topics.iter().flat_map(|topic| topic.articles.iter().cloned()).collect();
    let alike = views.articles_of(&refs).into_iter().chain(&views.articles).filter(|other| other.key != article.key);
    let mut others = BTreeMap::new();
    for other in alike {
        if others.len() == OTHERS {
            break;
        }
        others.entry(other.key).or_insert(other);
    }
    others.into_values().collect()
}
