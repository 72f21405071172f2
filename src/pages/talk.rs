//! `/talks/<slug>/`: one talk.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, talks};
use crate::archive::Target;
use crate::formats::json_ld;
use crate::html::Html;
use crate::prose;
use crate::views::{EventView, Ref, TalkView, Views};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.talks.iter().map(|talk| talk.url.clone()).collect() };

#[derive(Template)]
#[template(path = "talk.html")]
struct TalkPage<'a> {
    frame: Frame<'a>,
    talk: &'a TalkView,
    event: &'a EventView,
    /// What it is about.
    summary: Option<Html>,
    /// True if its event is over or does not take place.
    past: bool,
    /// The other talks of the event.
    beside: Vec<&'a TalkView>,
    /// Talks on the same topics, latest first.
    related: Vec<&'a TalkView>,
}

/// More than this is a list to search, which the topic's page is.
const RELATED: usize = 6;

fn answer(request: &Request<'_>) -> Option<Answer> {
    let views = request.views;
    let Some(Target::Talk(id)) = request.target else { return None };
    let talk = &views[id];
    let event = views.event_of(talk);
    let by = if talk.speakers.is_empty() { String::new() } else { format!(" by {}", talk.by()) };
    let on = event.date.map_or_else(String::new, |date| format!(", {}", date.words()));
    let description = format!("A talk{by} at {}, {}{on}.", event.label, views.site.name);
    let frame = Frame::new(request, talk.title.clone(), description)
        .within(talks::PATH)
        .below(event.url.clone(), event.label.clone())
        .about(json_ld::talk(request.site, talk));
    let past = !event.is_open(request.day);
    let beside = views.talks_of(&event.talks).into_iter().filter(|other| other.key != id).collect();
    let summary = prose::part(request.site, talk.summary.as_ref(), &talk.url);
    Some(Answer::html(200, &TalkPage { frame, talk, event, summary, past, beside, related: related(views, talk) }))
}

/// Talks on the same topics at other events, latest first.
fn related<'v>(views: &'v Views, talk: &TalkView) -> Vec<&'v TalkView> {
    let topics = views.topics_of(&talk.topics);
    let refs: Vec<Ref> = topics.iter().flat_map(|topic| topic.talks.iter().cloned()).collect();
    let mut alike = views.talks_of(&refs);
    alike.retain(|other| other.event.key != talk.event.key);
    alike.sort_by_key(|other| std::cmp::Reverse(other.key));
    alike.dedup_by_key(|other| other.key);
    alike.truncate(RELATED);
    alike
}
