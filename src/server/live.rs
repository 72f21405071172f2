//! The lab over HTTP: its page, starting and stopping runs, progress, and the files of results.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, StreamExt};
use moka::future::Cache;
use tokio_util::sync::CancellationToken;

use super::cache::{Audience, CachedResponse, Key, Rendering, Uncached, rendering};
use super::context::{RequestContext, canonical_path};
use super::job::{Job, JobStatus, Progress};
use super::lab::{Lab, Lookup, owns};
use super::limits::ClientLimit;
use super::negotiation::Encoding;
use super::responses::{event_stream, redirect, values};
use super::state::{Shared, Snapshot};
use super::visitor::{Visitor, is_same_origin};
use crate::html::Html;
use crate::lab::{Experiment, is_id};
use crate::site::{self, Answer, CachePolicy, LabStatus, Refusal, ResultStatus, RunStatus, RunView};

/// Maximum length of a form, in bytes: a spec of the greatest length with every byte percent-encoded.
const MAX_FORM: usize = 16 << 10;
/// Number of results whose file names are kept.
const MAX_NAMES: u64 = 1000;

/// State that the lab's requests share.
#[derive(Debug, Clone)]
pub(super) struct Live {
    shared: Arc<Shared>,
    lab: Arc<Lab>,
    streams: Arc<ClientLimit>,
    shutdown: CancellationToken,
    /// Names of the files of a result, by the revision of the site and the id.
    names: Cache<(u64, String), Arc<BTreeSet<String>>>,
}

impl Live {
    pub(super) fn new(
        shared: Arc<Shared>,
        lab: Arc<Lab>,
        streams: Arc<ClientLimit>,
        shutdown: CancellationToken,
    ) -> Self {
        Self { shared, lab, streams, shutdown, names: Cache::new(MAX_NAMES) }
    }
}

pub(super) fn router(live: Live) -> Router {
    Router::new()
        .route("/lab/", get(lab))
        .route("/lab/runs/", post(start).get(|| async { Redirect::to("/lab/") }))
        .route("/lab/runs/{id}", get(|Path(id): Path<String>| async move { to_run(&id) }))
        .route("/lab/runs/{id}/", get(run))
        .route("/lab/runs/{id}/events", get(events))
        .route("/lab/runs/{id}/stop", post(stop))
        .route("/lab/runs/{id}/curves", get(curves))
        .route("/lab/results/{file}", get(record))
        .route("/lab/results/{id}/{file}", get(result_file))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .with_state(live)
}

/// Answers with the lab's page, which comes from memory while neither the site nor the queue has changed.
async fn lab(State(live): State<Live>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if let Some(query) = query {
        return live.clone().run(move || respond(live.lab_page(&query), &headers)).await;
    }
    let revision = (live.shared.snapshot().revision << 32) | (live.lab.version() & u64::from(u32::MAX));
    let render = {
        let live = live.clone();
        move || rendering(live.lab_page(""))
    };
    live.cached("/lab/".to_owned(), revision, render, &headers).await
}

/// Starts a run, or leads to the one that exists.
async fn start(
    State(live): State<Live>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match body {
        _ if !is_same_origin(&headers) => live.refuse(&Refusal::OtherSite, None, &headers),
        Err(_) => live.refuse(&Refusal::TooLong(MAX_FORM), None, &headers),
        Ok(body) => live.clone().run(move || live.start(&String::from_utf8_lossy(&body), &headers, &context)).await,
    }
}

async fn stop(
    State(live): State<Live>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Response {
    let stopped = match is_same_origin(&headers) {
        true => live.lab.stop(&id, Visitor::known(&headers, context.client).as_ref()),
        false => Err(Refusal::OtherSite),
    };
    stopped.map_or_else(|refusal| live.refuse(&refusal, None, &headers), |()| to_run(&id))
}

/// Answers with the page of a run: how far it is, why it ended, or its result.
async fn run(
    State(live): State<Live>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Response {
    let (experiment, text, status, is_owner) = match live.lookup(&id).await {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(Lookup::Done { pinned, computed, text }) => {
            // Each of these changes what is shown.
            let revision = 4 * live.shared.snapshot().revision + 2 * u64::from(pinned) + u64::from(computed);
            let render = {
                let (live, id) = (live.clone(), id.clone());
                move || live.done(&id, text.as_deref())
            };
            return live.cached(run_path(&id), revision, render, &headers).await;
        }
        Some(Lookup::Active(job)) => {
            let curves = live.curves_so_far(&job).await;
            let is_owner = owns(&job, Visitor::known(&headers, context.client).as_ref());
            (job.experiment.clone(), job.text.clone(), run_status(job.progress(), curves), is_owner)
        }
        Some(Lookup::Ended(entry, job)) => {
            let Ok(experiment) = site::read_spec(&entry.spec) else { return StatusCode::NOT_FOUND.into_response() };
            let curves = match job {
                Some(job) => live.curves_so_far(&job).await,
                None => Html::default(),
            };
            (experiment, Some(entry.spec), RunStatus::Ended { reason: entry.reason, curves }, false)
        }
    };
    let page = live.clone();
    live.run(move || respond(page.show(&id, &experiment, text.as_deref(), status, is_owner), &headers)).await
}

/// Returns the status of a job that has no record yet.
fn run_status(progress: Progress, curves: Html) -> RunStatus<'static> {
    let Progress { status, done, total, seconds_left, .. } = progress;
    match status {
        JobStatus::Waiting(before) => RunStatus::Waiting(before, seconds_left),
        JobStatus::Ended(reason) => RunStatus::Ended { reason, curves },
        JobStatus::Running | JobStatus::Done => RunStatus::Running { done, total, seconds_left, curves },
    }
}

async fn curves(State(live): State<Live>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let curves = match live.lab.job(&id) {
        Some(job) => live.curves(&job).await,
        None => None,
    };
    curves.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |curves| curves.respond(&headers))
}

/// Sends the record of a result: `<id>.json`.
async fn record(State(live): State<Live>, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(id) = file.strip_suffix(".json").filter(|id| is_id(id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    live.file(id, &file, &headers).await
}

/// Sends a picture or table of a result. Whether there is one of this name is known without drawing it.
async fn result_file(
    State(live): State<Live>,
    Path((id, file)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let is_name = file.ends_with(".svg") || file.ends_with(".csv");
    if !is_name || !is_id(&id) || !live.file_names(&id).await.is_some_and(|names| names.contains(&file)) {
        return StatusCode::NOT_FOUND.into_response();
    }
    live.file(&id, &format!("{id}/{file}"), &headers).await
}

/// Streams the progress of a run until the run or the server ends.
async fn events(
    State(live): State<Live>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
) -> Response {
    let permit = match live.streams.acquire(context.client) {
        Ok(permit) => permit,
        Err(exceeded) => return exceeded.into_response(),
    };
    let states = match live.lookup(&id).await {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(Lookup::Active(job)) => values(job.watch(), |progress| progress.status.is_final()).left_stream(),
        Some(lookup) => {
            let status =
                if let Lookup::Ended(entry, _) = lookup { JobStatus::Ended(entry.reason) } else { JobStatus::Done };
            stream::iter([Progress { status, done: 1, total: 1, seconds_left: 0.0, curves: 0 }]).right_stream()
        }
    };
    event_stream(states.map(|progress| event(&progress)), permit, live.shutdown)
}

/// Writes progress as an event with JSON on one line.
fn event(progress: &Progress) -> Event {
    let is_done = progress.status == JobStatus::Done;
    let status = run_status(progress.clone(), Html::default());
    let fields = serde_json::json!({
        "message": if is_done { "Done.".to_owned() } else { status.message() },
        "time_left": if is_done { String::new() } else { status.time_left() },
        "done": progress.done,
        "total": progress.total,
        "curves": progress.curves,
        "final": progress.status.is_final(),
    });
    Event::default().event("state").data(fields.to_string())
}

/// Leads to the page of a run.
fn to_run(id: &str) -> Response {
    Redirect::to(&canonical_path(&run_path(id))).into_response()
}

fn run_path(id: &str) -> String {
    format!("/lab/runs/{id}/")
}

impl Live {
    /// Runs work that draws or reads files, on a thread that may be blocked.
    async fn run(self, work: impl FnOnce() -> Response + Send + 'static) -> Response {
        self.shared.lab_cache.run(work).await
    }

    /// Finds a run; results are looked for on the disk.
    async fn lookup(&self, id: &str) -> Option<Lookup> {
        let (lab, id) = (self.lab.clone(), id.to_owned());
        self.shared.cache.run(move || lab.find(&id)).await
    }

    /// Answers with the cached response for a path and revision, or renders it.
    async fn cached(
        &self,
        path: String,
        revision: u64,
        render: impl FnOnce() -> Rendering + Send + 'static,
        headers: &HeaderMap,
    ) -> Response {
        let key = Key { path, audience: Audience::Public, revision };
        match self.shared.lab_cache.get(key, Encoding::preferred(headers), render).await {
            Ok(page) => page.respond(headers),
            Err(uncached) => match &*uncached {
                Uncached::Response(page) => page.respond(headers),
                Uncached::Redirect(to) => redirect(to, ""),
            },
        }
    }

    /// Sends a file below `/lab/results/`.
    async fn file(&self, id: &str, file: &str, headers: &HeaderMap) -> Response {
        let (live, snapshot) = (self.clone(), self.shared.snapshot());
        let (id, path, revision) = (id.to_owned(), format!("/lab/results/{file}"), snapshot.revision);
        let render = {
            let path = path.clone();
            move || {
                let answer = site::result_file(&snapshot.site, &path, |_| live.record(&snapshot, &id));
                answer.map_or_else(|| live.missing(&path), rendering)
            }
        };
        self.cached(path, revision, render, headers).await
    }

    /// Returns the names of the files of a result, for which it is drawn once.
    async fn file_names(&self, id: &str) -> Option<Arc<BTreeSet<String>>> {
        let snapshot = self.shared.snapshot();
        let key = (snapshot.revision, id.to_owned());
        let draw = async {
            let (live, id) = (self.clone(), id.to_owned());
            let names =
                move || live.record(&snapshot, &id).map(|record| Arc::new(site::file_names(&snapshot.site, &record)));
            self.shared.lab_cache.run(names).await
        };
        self.names.optionally_get_with(key, draw).await
    }

    /// Returns the record of an id: one that pages show, or one on the disk.
    fn record(&self, snapshot: &Snapshot, id: &str) -> Option<crate::lab::Record> {
        let shown = snapshot.site.results.records.get(id).map(|record| crate::lab::Record::clone(record));
        shown.or_else(|| self.lab.pinned(id)).or_else(|| self.lab.computed(id))
    }

    fn lab_page(&self, query: &str) -> Answer {
        let snapshot = self.shared.snapshot();
        let overview = self.lab.overview();
        let status = LabStatus {
            limits: self.lab.limits,
            estimator: &overview.estimator,
            blocks: snapshot.blocks(),
            active: overview.active,
            seconds: overview.seconds,
            recent: overview.recent,
            result_status: &|id| self.lab.result_status(id),
        };
        site::lab_page(&snapshot.site, snapshot.day, query, &status)
    }

    /// Starts the run of a form with a `spec`. With `again`, a pinned experiment is run too, to compare both.
    fn start(&self, form: &str, headers: &HeaderMap, context: &RequestContext) -> Response {
        let Some(text) = site::form_field(form, "spec") else { return Redirect::to("/lab/").into_response() };
        let text = format!("{}\n", text.replace("\r\n", "\n"));
        let experiment = match site::read_spec(&text) {
            Ok(experiment) => experiment,
            // The page that a link with it would show says what is wrong with it.
            Err(_) => return respond(self.lab_page(form), headers),
        };
        let id = match self.admit(&experiment, site::form_field(form, "again").is_some()) {
            Ok((id, true)) => return to_run(&id),
            Ok((id, false)) => id,
            Err(refusal) => return self.refuse(&refusal, Some(&text), headers),
        };
        let (visitor, cookie) = match Visitor::known(headers, context.client) {
            Some(visitor) => (visitor, None),
            None => match Visitor::create(context.scheme, context.client) {
                Ok((visitor, cookie)) => (visitor, Some(cookie)),
                Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
        };
        let job = Job::new(id.clone(), experiment, Some(text.clone()), Some(visitor.clone()));
        let mut response = match self.lab.add(job, &visitor) {
            Ok(()) => to_run(&id),
            Err(refusal) => self.refuse(&refusal, Some(&text), headers),
        };
        response.headers_mut().extend(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
        response
    }

    /// Returns the id of an experiment that can be run here, and whether there is a result already. With `again`, a
    /// pinned result does not count.
    fn admit(&self, experiment: &Experiment, again: bool) -> Result<(String, bool), Refusal> {
        let snapshot = self.shared.snapshot();
        let admitted = self.lab.limits.admit(&snapshot.site, &experiment.spec, &self.lab.estimator());
        let Ok(id) = snapshot.site.results.id(experiment) else {
            return admitted.map(|()| (String::new(), false));
        };
        if self.lab.is_active(&id) {
            return Ok((id, false));
        }
        // They are read to their end: one that is broken is computed again.
        let is_there = match self.lab.result_status(&id) {
            ResultStatus::Missing => false,
            _ => self.lab.computed(&id).is_some() || !again && self.lab.pinned(&id).is_some(),
        };
        if is_there { Ok((id, true)) } else { admitted.map(|()| (id, false)) }
    }

    /// Renders the page of a result.
    fn done(&self, id: &str, text: Option<&str>) -> Rendering {
        let (pinned, computed) = (self.lab.pinned(id), self.lab.computed(id));
        let compared = pinned.as_ref().zip(computed.as_ref()).map(|(pinned, computed)| {
            let seconds = computed.measured.as_ref().map_or(0.0, |measured| measured.seconds);
            (seconds, computed.compare(pinned).err().map(|difference| difference.to_string()))
        });
        let written = text.and_then(|text| site::read_spec(text).ok());
        let Some(record) = pinned.as_ref().or(computed.as_ref()) else {
            let Some(experiment) = written else { return self.missing(&run_path(id)) };
            let reason = "The result can no longer be read.".to_owned();
            let status = RunStatus::Ended { reason, curves: Html::default() };
            return uncached(self.show(id, &experiment, text, status, false));
        };
        let experiment = written.unwrap_or_else(|| self.shared.snapshot().blocks().experiment_of(record));
        let status = RunStatus::Done { record, pinned: pinned.is_some(), compared };
        rendering(self.show(id, &experiment, text, status, false))
    }

    fn show(
        &self,
        id: &str,
        experiment: &Experiment,
        text: Option<&str>,
        status: RunStatus<'_>,
        is_owner: bool,
    ) -> Answer {
        let snapshot = self.shared.snapshot();
        let blocks = snapshot.blocks();
        let view = RunView { id, experiment, text, status, is_owner, is_live: true, blocks };
        site::run_page(&snapshot.site, snapshot.day, &view)
    }

    /// Returns the curves of a run without a result, drawn once for all who watch.
    async fn curves(&self, job: &Arc<Job>) -> Option<Arc<CachedResponse>> {
        let revision = job.curves_to_show();
        if revision == 0 {
            return None;
        }
        let key = Key { path: format!("{}curves", run_path(&job.id)), audience: Audience::Public, revision };
        let job = job.clone();
        let draw = move || {
            let outcome = job.partial();
            let curves = outcome.map(|outcome| site::partial_curves(&job.experiment.spec, &outcome));
            let bytes = curves.unwrap_or_default().as_str().as_bytes().to_vec();
            Ok(CachedResponse::new(200, "text/html; charset=utf-8", CachePolicy::NoStore, bytes))
        };
        self.shared.lab_cache.get(key, Encoding::Identity, draw).await.ok()
    }

    async fn curves_so_far(&self, job: &Arc<Job>) -> Html {
        let curves = self.curves(job).await;
        Html::trusted(curves.map_or_else(String::new, |page| String::from_utf8_lossy(&page.bytes).into_owned()))
    }

    /// Renders the page for a path without a page.
    fn missing(&self, path: &str) -> Rendering {
        let snapshot = self.shared.snapshot();
        rendering(site::answer(&snapshot.site, snapshot.day, path, ""))
    }

    fn refuse(&self, refusal: &Refusal, text: Option<&str>, headers: &HeaderMap) -> Response {
        let snapshot = self.shared.snapshot();
        let mut response = respond(site::refusal(&snapshot.site, snapshot.day, refusal, text), headers);
        let retry_after = refusal.retry_after().map(|seconds| (header::RETRY_AFTER, HeaderValue::from(seconds)));
        response.headers_mut().extend(retry_after);
        response
    }
}

/// Renders an answer that is for this request only.
fn uncached(answer: Answer) -> Rendering {
    Err(match rendering(answer) {
        Ok(page) => Uncached::Response(Arc::new(page)),
        Err(uncached) => uncached,
    })
}

/// Sends an answer that is for this request only.
fn respond(answer: Answer, headers: &HeaderMap) -> Response {
    match rendering(answer) {
        Ok(page) => page.encoded(Encoding::preferred(headers)).respond(headers),
        Err(Uncached::Response(page)) => page.encoded(Encoding::preferred(headers)).respond(headers),
        Err(Uncached::Redirect(to)) => Redirect::to(&to).into_response(),
    }
}
