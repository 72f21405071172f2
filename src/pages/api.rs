//! `/api/`: what programs can read.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame};
use crate::formats::api;
use crate::formats::subscriptions::{self, FeedLink};

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![api::PATH.to_owned()] };

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage<'a> {
    frame: Frame<'a>,
    /// Path and contents of each file.
    files: Vec<(String, String)>,
    subscriptions: Vec<FeedLink>,
    schema: &'static str,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != api::PATH {
        return None;
    }
    let views = request.views;
    let description = format!("The archive of {} as calendars, feeds and JSON.", views.site.name);
    let frame = Frame::new(request, "Data", description).subscriptions(subscriptions::of_site(views));
    let (files, subscriptions) = (api::files(request.site), subscriptions::of_lists(views));
    Some(Answer::html(200, &ApiPage { frame, files, subscriptions, schema: api::SCHEMA }))
}
