//! `/jobs/`: positions that were offered, open ones first.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame};
use crate::formats::subscriptions;
use crate::views::JobView;

pub(super) const PATH: &str = "/jobs/";

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "jobs.html")]
struct Jobs<'a> {
    frame: Frame<'a>,
    open: Vec<&'a JobView>,
    closed: Vec<&'a JobView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let views = request.views;
    let (open, closed) = views.jobs.iter().partition(|job| job.is_open(request.day));
    let description = format!("Positions that were announced at {}.", views.site.name);
    let frame = Frame::new(request, "Jobs", description).subscriptions([subscriptions::jobs()]);
    Some(Answer::html(200, &Jobs { frame, open, closed }))
}
