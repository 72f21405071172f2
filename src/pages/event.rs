//! `/meetups/<key>/`: one event.

use askama::Template;

use super::{Answer, Kind, Request, events, frame::Frame};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::html::Html;
use crate::prose;
use crate::views::{AnnouncementView, ArticleView, EventView, JobView, Ref, TalkView};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.events.iter().map(|event| event.url.clone()).collect() };

#[derive(Template)]
#[template(path = "event.html")]
struct EventPage<'a> {
    frame: Frame<'a>,
    event: &'a EventView,
    /// What it is about.
    text: Option<Html>,
    /// The talks, each with what it is about.
    talks: Vec<(&'a TalkView, Option<Html>)>,
    /// Articles on it that none of its hot topics links.
    articles: Vec<&'a ArticleView>,
    announcements: Vec<&'a AnnouncementView>,
    jobs: Vec<&'a JobView>,
    previous: Option<&'a EventView>,
    next: Option<&'a EventView>,
    /// True if it is over or does not take place.
    past: bool,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let (site, views, day) = (request.site, request.views, request.day);
    let Some(Target::Event(id)) = request.target else { return None };
    let event = &views[id];
    let mut frame = Frame::new(request, event.name.clone(), event.description(&views.site.name)).within(events::PATH);
    if let Some(year) = event.listed_under {
        frame = frame.below(format!("{}#y{year}", events::PATH), year.to_string());
    }
    let frame = frame.subscriptions(subscriptions::of_event(event)).about(json_ld::event(site, event, day));
    let talks = views.talks_of(&event.talks).into_iter();
    let is_linked =
        |article: &&Ref| event.hot_topics.iter().flat_map(|topic| &topic.articles).any(|it| it.url == article.url);
    let articles: Vec<Ref> = event.articles.iter().filter(|article| !is_linked(article)).cloned().collect();
    Some(Answer::html(
        200,
        &EventPage {
            frame,
            event,
            text: prose::part(site, event.text.as_ref(), &event.url),
            talks: talks.map(|talk| (talk, prose::part(site, talk.summary.as_ref(), &talk.url))).collect(),
            articles: views.articles_of(&articles),
            announcements: views.announcements_of(&event.announcements),
            jobs: views.jobs_of(&event.jobs),
            previous: event.previous.map(|id| &views[id]),
            next: event.next.map(|id| &views[id]),
            past: !event.is_open(day),
        },
    ))
}
