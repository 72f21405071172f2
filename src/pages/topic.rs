//! `/topics/<slug>/`: everything on one topic.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, topics};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::views::{ArticleView, EventView, TalkView, TopicView, words};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.topics.iter().map(|topic| topic.url.clone()).collect() };

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    frame: Frame<'a>,
    topic: &'a TopicView,
    articles: Vec<&'a ArticleView>,
    /// Latest first.
    talks: Vec<&'a TalkView>,
    /// Latest first.
    events: Vec<&'a EventView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let views = request.views;
    let Some(Target::Topic(id)) = request.target else { return None };
    let topic = &views[id];
    let general = || format!("Talks and meetups of {} on {}.", views.site.name, topic.name);
    let frame = Frame::new(request, topic.name.clone(), topic.about.clone().unwrap_or_else(general))
        .within(topics::PATH)
        .subscriptions(subscriptions::of_topic(views, topic))
        .about(json_ld::topic(request.site, topic));
    Some(Answer::html(
        200,
        &TopicPage {
            frame,
            topic,
            articles: views.articles_of(&topic.articles),
            talks: views.talks_of(&topic.talks).into_iter().rev().collect(),
            events: views.events_of(&topic.events).into_iter().rev().collect(),
        },
    ))
}
