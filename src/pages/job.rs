//! `/jobs/<slug>/`: one offer. A closed one stays reachable, says that it is closed, and is kept out of search engines.

use askama::Template;

use super::{Answer, Kind, Request, away, frame::Frame, jobs, prose, schema, words};
use crate::archive::{Job, Target};
use crate::html::Html;

pub(super) const KIND: Kind = Kind { answer, paths: |site| site.archive.jobs.iter().map(|job| job.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage<'a> {
    frame: Frame<'a>,
    job: &'a Job,
    open: bool,
    text: Html,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Job(id)) = request.target else { return None };
    let job = &archive[id];
    let open = job.is_open(request.day);
    let text = prose::render(request.site, &job.offer.body).html;
    let state = if open { "open until" } else { "closed since" };
    let closes = words::plain_day(&job.closes);
    let description =
        format!("{} at {}, announced at {}; {state} {closes}.", job.offer.title, job.offer.company, archive.site.name);
    let mut frame = Frame::new(request, format!("{}, {}", job.offer.title, job.offer.company), description)
        .within(jobs::PATH)
        .unlisted(!open);
    if open {
        // What is asked of search engines once stays true.
        let away = away::render(request.site, &job.offer.body, job.route.as_str());
        frame = frame.listed_until(job.closes).about(schema::job(request.site, job, &away));
    }
    Some(Answer::html(200, &JobPage { frame, job, open, text }))
}

impl JobPage<'_> {
    /// For how many days the offer counts as open.
    fn days(&self) -> i32 {
        (self.job.closes - self.job.offer.date).get_days()
    }
}
