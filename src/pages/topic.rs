//! `/topics/<slug>/`: everything on one topic.

use askama::Template;

use super::machines::subscribe;
use super::{Answer, Kind, Request, frame::Frame, schema, topics, words};
use crate::archive::{EventId, TalkId, Target, Topic};

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.topics.iter().map(|topic| topic.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "topic.html")]
struct TopicPage<'a> {
    frame: Frame<'a>,
    topic: &'a Topic,
    /// Latest first.
    talks: Vec<TalkId>,
    /// Latest first.
    events: Vec<EventId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Topic(id)) = request.target else { return None };
    let topic = &archive[id];
    let description = match &topic.about {
        Some(about) => about.to_string(),
        None => format!("Talks and meetups of {} on {}.", archive.site.name, topic.name),
    };
    let frame = Frame::new(request, topic.name.clone(), description)
        .within(topics::PATH)
        .offering(subscribe::of_topic(archive, id))
        .about(schema::topic(request.site, topic));
    let talks = topic.talks.iter().rev().copied().collect();
    let events = topic.events.iter().rev().copied().collect();
    Some(Answer::html(200, &TopicPage { frame, topic, talks, events }))
}
