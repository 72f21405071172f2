//! `/topics/`: what the talks are about.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, listing::sortable};
use crate::views::{TopicView, words};

pub(super) const PATH: &str = "/topics/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "topics.html")]
struct Topics<'a> {
    frame: Frame<'a>,
    topics: Vec<&'a TopicView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let mut topics: Vec<&TopicView> = views.topics.iter().collect();
    topics.sort_by_cached_key(|topic| sortable(&topic.name));
    let description = format!("Talks, meetups and articles of {} by topic.", views.site.name);
    Some(Answer::html(200, &Topics { frame: Frame::new(request, "Topics", description), topics }))
}
