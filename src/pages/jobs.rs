//! `/jobs/`: positions that were offered, open ones first.

use askama::Template;

use super::machines::feeds;
use super::{Answer, Kind, Request, frame::Frame, words};
use crate::archive::JobId;

pub(super) const PATH: &str = "/jobs/";

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

#[derive(Template)]
#[template(path = "jobs.html")]
struct Jobs<'a> {
    frame: Frame<'a>,
    open: Vec<JobId>,
    closed: Vec<JobId>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    if request.path != PATH {
        return None;
    }
    let archive = request.archive;
    let (open, closed) = archive.job_ids().partition(|id| archive[*id].is_open(request.day));
    let frame = Frame::new(request, "Jobs", format!("Positions that were announced at {}.", archive.site.name))
        .offering(feeds::Of::Jobs.offer(archive));
    Some(Answer::html(200, &Jobs { frame, open, closed }))
}
