//! `/hot-topics/`: the articles, and what else was presented as a hot topic.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame};
use crate::formats::subscriptions;

pub(super) const PATH: &str = "/hot-topics/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "articles.html")]
struct Articles<'a> {
    frame: Frame<'a>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let group = &request.views.site.name;
    let description = format!("Recent papers and news presented at {group}, and articles on some of them.");
    let frame = Frame::new(request, "Hot topics", description).subscriptions([subscriptions::hot_topics()]);
    Some(Answer::html(200, &Articles { frame }))
}
