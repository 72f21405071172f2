//! `/jobs/<slug>/`: one offer. A closed one stays reachable, says that it is closed, and is kept out of search engines.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, jobs, prose};
use crate::archive::Target;
use crate::formats::json_ld;
use crate::html::Html;
use crate::views::JobView;

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.jobs.iter().map(|job| job.url.clone()).collect() };

#[derive(Template)]
#[template(path = "job.html")]
struct JobPage<'a> {
    frame: Frame<'a>,
    job: &'a JobView,
    open: bool,
    text: Html,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let (site, views) = (request.site, request.views);
    let Some(Target::Job(id)) = request.target else { return None };
    let job = &views[id];
    let open = job.is_open(request.day);
    let text = prose::render(site, &job.body).html;
    let state = if open { "open until" } else { "closed since" };
    let (group, closes) = (&views.site.name, job.closes.words());
    let description = format!("{} at {}, announced at {group}; {state} {closes}.", job.title, job.company);
    let mut frame =
        Frame::new(request, format!("{}, {}", job.title, job.company), description).within(jobs::PATH).unlisted(!open);
    if open {
        // Search engines keep what they were told, so they are told when it ends.
        let text = prose::standalone::render(site, &job.body, &job.url);
        frame = frame.listed_until(job.closes).about(json_ld::job(site, job, &text));
    }
    Some(Answer::html(200, &JobPage { frame, job, open, text }))
}
