//! The lab over HTTP: its page, starting and stopping runs, and notifying all who watch.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, StreamExt};
use tokio_util::sync::CancellationToken;

use super::cache::{Audience, CachedResponse, Key, Rendering, Uncached, rendering};
use super::context::{RequestContext, canonical_path};
use super::job::{Job, JobStatus, State as Progress};
use super::lab::{Lab, Lookup, event, owns};
use super::limits::ClientLimit;
use super::negotiation::Encoding;
use super::responses::{event_stream, redirect, values};
use super::state::Shared;
use super::visitor::{Visitor, is_same_origin};
use crate::html::Html;
use crate::lab::{Experiment, recipe};
use crate::site::{self, Answer, CachePolicy, Desk, Known, Refusal, RunView, Stage};

/// Maximum length of a form, in bytes: a spec of the greatest length with every byte percent-encoded.
const MAX_FORM: usize = 16 << 10;
/// Bytes that a number takes in a record: a digit or two before the point, six behind it, a comma.
const BYTES_PER_NUMBER: u64 = 10;

/// What the lab's requests share.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) shared: Arc<Shared>,
    pub(super) lab: Arc<Lab>,
    pub(super) streams: Arc<ClientLimit>,
    pub(super) shutdown: CancellationToken,
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
        .route("/lab/results/{file}", get(result))
        .route("/lab/results/{id}/{file}", get(result))
        .layer(DefaultBodyLimit::max(MAX_FORM))
        .with_state(live)
}

async fn lab(State(live): State<Live>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    live.clone().run(move || live.page(query.as_deref().unwrap_or(""), &headers)).await
}

/// Starts a run, or leads to the one that exists.
async fn start(
    State(live): State<Live>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let refused = match &body {
        _ if !is_same_origin(&headers) => Some(Refusal::Elsewhere),
        Err(_) => Some(Refusal::TooLong(MAX_FORM)),
        Ok(_) => None,
    };
    let body = String::from_utf8_lossy(&body.unwrap_or_default()).into_owned();
    live.clone()
        .run(move || match refused {
            Some(refusal) => live.refuse(&refusal, None, &headers),
            None => live.start(&body, &headers, &context),
        })
        .await
}

async fn stop(
    State(live): State<Live>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Response {
    live.clone()
        .run(move || {
            let refused = match is_same_origin(&headers) {
                true => live.lab.stop(&id, Visitor::known(&headers, context.client).as_ref()).and_then(Result::err),
                false => Some(Refusal::Elsewhere),
            };
            refused.map_or_else(|| to_run(&id), |refusal| live.refuse(&refusal, None, &headers))
        })
        .await
}

/// The page of a run: how far it is, why it ended, or its result.
async fn run(
    State(live): State<Live>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
) -> Response {
    let lookup = live.lookup(&id).await;
    if let Some(Lookup::Done { pinned, computed, text }) = lookup {
        // Each of these changes what is shown.
        let revision = 4 * live.shared.snapshot().revision + 2 * u64::from(pinned) + u64::from(computed);
        let render = {
            let (live, id) = (live.clone(), id.clone());
            move || live.done(&id, text.as_deref())
        };
        return live.kept(run_path(&id), revision, render, &headers).await;
    }
    let curves = match &lookup {
        Some(Lookup::Active(job)) => live.curves(job).await,
        _ => None,
    };
    let curves = curves.map_or(String::new(), |curves| String::from_utf8_lossy(&curves.bytes).into_owned());
    live.clone()
        .run(move || match lookup {
            Some(Lookup::Active(job)) => {
                let is_owner = owns(&job, Visitor::known(&headers, context.client).as_ref());
                let stage = stage(&job, Html::trusted(curves));
                respond(live.show(&id, &job.experiment, job.text.as_deref(), stage, is_owner), &headers)
            }
            Some(Lookup::Ended(entry)) => match site::read_spec(&entry.spec) {
                Ok(experiment) => {
                    let stage = Stage::Ended(entry.reason);
                    respond(live.show(&id, &experiment, Some(&entry.spec), stage, false), &headers)
                }
                Err(_) => live.missing(&run_path(&id), &headers),
            },
            _ => live.missing(&run_path(&id), &headers),
        })
        .await
}

async fn curves(State(live): State<Live>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    let curves = match live.lab.active(&id) {
        Some(job) => live.curves(&job).await,
        None => None,
    };
    curves.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |curves| curves.respond(&headers))
}

/// A file of a result: of those that articles show, and of those that visitors have made.
async fn result(State(live): State<Live>, uri: Uri, headers: HeaderMap) -> Response {
    let snapshot = live.shared.snapshot();
    let (revision, path) = (snapshot.revision, uri.path().to_owned());
    let render = {
        let live = live.clone();
        move || {
            let record = |id: &str| live.lab.records(id).into_iter().flatten().next();
            site::result_file(&snapshot.site, uri.path(), record).map_or_else(|| live.nothing(uri.path()), rendering)
        }
    };
    live.kept(path, revision, render, &headers).await
}

/// Streams the state of a run and each later one, until the run or the server ends.
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
        Some(Lookup::Active(job)) => values(job.watch(), |state| state.status.is_final()).left_stream(),
        Some(lookup) => {
            let status =
                if let Lookup::Ended(entry) = lookup { JobStatus::Ended(entry.reason) } else { JobStatus::Done };
            stream::iter([Progress { status, done: 1, total: 1, left: 0.0, curves: 0 }]).right_stream()
        }
    };
    event_stream(states.map(|state| Event::default().event("state").data(event(&state))), permit, live.shutdown)
}

/// Leads to the page of a run.
fn to_run(id: &str) -> Response {
    Redirect::to(&canonical_path(&run_path(id))).into_response()
}

fn run_path(id: &str) -> String {
    format!("/lab/runs/{id}/")
}

/// How far a run is, with its curves.
fn stage(job: &Job, curves: Html) -> Stage<'static> {
    let Progress { status, done, total, left, .. } = job.state();
    match status {
        JobStatus::Waiting(before) => Stage::Waiting(before, left),
        JobStatus::Ended(reason) => Stage::Ended(reason),
        // Once it is done it is no longer active.
        JobStatus::Running | JobStatus::Done => Stage::Running { done, total, left, curves },
    }
}

impl Live {
    /// Runs work that draws or reads files, on a thread that may be blocked.
    async fn run(self, work: impl FnOnce() -> Response + Send + 'static) -> Response {
        self.shared.cache.run(work).await
    }

    /// Finds a run; results are looked for on the disk.
    async fn lookup(&self, id: &str) -> Option<Lookup> {
        let (lab, id) = (self.lab.clone(), id.to_owned());
        self.shared.cache.run(move || lab.find(&id)).await
    }

    /// Answers with what is kept for a path and revision, or else rendered.
    async fn kept(
        &self,
        path: String,
        revision: u64,
        render: impl FnOnce() -> Rendering + Send + 'static,
        headers: &HeaderMap,
    ) -> Response {
        let key = Key { path, audience: Audience::Public, revision };
        match self.shared.cache.get(key, Encoding::preferred(headers), render).await {
            Ok(page) => page.respond(headers),
            Err(uncached) => match &*uncached {
                Uncached::Response(page) => page.respond(headers),
                Uncached::Redirect(to) => redirect(to, ""),
            },
        }
    }

    fn page(&self, query: &str, headers: &HeaderMap) -> Response {
        let snapshot = self.shared.snapshot();
        let (active, wait, recent) = self.lab.look();
        let known = |id: &str| self.lab.known(id);
        let (limits, threads) = (self.lab.limits, self.lab.threads);
        let desk = Desk { limits, threads, active, wait, recent, known: &known };
        respond(site::lab_page(&snapshot.site, snapshot.day, query, &desk), headers)
    }

    fn start(&self, body: &str, headers: &HeaderMap, context: &RequestContext) -> Response {
        let Some(text) = site::form_field(body, "spec") else { return Redirect::to("/lab/").into_response() };
        let text = format!("{}\n", text.replace("\r\n", "\n"));
        // The page that a link with it would show says what is wrong with it.
        let Ok(experiment) = site::read_spec(&text) else { return self.page(body, headers) };
        let again = site::form_field(body, "again").is_some();
        let id = match self.admit(&experiment, again) {
            Ok(id) => id,
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
        let mut response = match self.lab.enter(job, &visitor, again) {
            Ok(()) => to_run(&id),
            Err(refusal) => self.refuse(&refusal, Some(&text), headers),
        };
        if let Some(cookie) = cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Returns the id of an experiment that can be run here or has been; with `again`, one that is only pinned counts
    /// as not run.
    fn admit(&self, experiment: &Experiment, again: bool) -> Result<String, Refusal> {
        let results = &self.shared.snapshot().site.results;
        let id = results.id(experiment).map_err(|error| Refusal::NoData(error.to_string()))?;
        let known = match self.lab.known(&id) {
            Known::Computed => true,
            Known::Pinned => !again,
            Known::Nothing => false,
        };
        if known || self.lab.active(&id).is_some() {
            return Ok(id);
        }
        recipe(&experiment.spec, &results.datasets).map_err(|error| Refusal::NoData(error.to_string()))?;
        let (cost, limit, threads) = (experiment.spec.cost(), self.lab.limits.seconds, self.lab.threads);
        if experiment.spec.seconds(threads) > limit {
            return Err(Refusal::TooLarge { limit, threads, spec: Box::new(experiment.spec.clone()) });
        }
        let (bytes, max) = (cost.numbers.saturating_mul(BYTES_PER_NUMBER), self.lab.max_bytes);
        if bytes > max { Err(Refusal::NoRoom { bytes, most: max }) } else { Ok(id) }
    }

    /// Renders the page of a result.
    fn done(&self, id: &str, text: Option<&str>) -> Rendering {
        let [pinned, computed] = self.lab.records(id);
        let compared = pinned.as_ref().zip(computed.as_ref()).map(|(pinned, computed)| {
            let seconds = computed.measured.as_ref().map_or(0.0, |measured| measured.seconds);
            (seconds, computed.compare(pinned).err().map(|difference| difference.to_string()))
        });
        let Some(record) = pinned.as_ref().or(computed.as_ref()) else { return self.nothing(&run_path(id)) };
        let written = text.and_then(|text| site::read_spec(text).ok());
        let experiment = written.unwrap_or_else(|| site::shown(&self.shared.snapshot().site, record));
        let stage = Stage::Done { record, pinned: pinned.is_some(), compared };
        rendering(self.show(id, &experiment, text, stage, false))
    }

    fn show(&self, id: &str, experiment: &Experiment, text: Option<&str>, stage: Stage<'_>, is_owner: bool) -> Answer {
        let snapshot = self.shared.snapshot();
        site::run_page(
            &snapshot.site,
            snapshot.day,
            &RunView { id, experiment, text, stage, mine: is_owner, live: true },
        )
    }

    /// The curves of an unfinished run, drawn once for all who watch.
    async fn curves(&self, job: &Arc<Job>) -> Option<Arc<CachedResponse>> {
        let revision = job.curves_to_show();
        if revision == 0 {
            return None;
        }
        let key = Key { path: format!("{}curves", run_path(&job.id)), audience: Audience::Public, revision };
        let job = job.clone();
        let draw = move || {
            let outcome = job.partial();
            let curves =
                outcome.map(|outcome| site::partial_curves(&job.experiment.spec, &outcome)).unwrap_or_default();
            let bytes = curves.as_str().as_bytes().to_vec();
            Ok(CachedResponse::new(200, "text/html; charset=utf-8", CachePolicy::NoStore, bytes))
        };
        self.shared.cache.get(key, Encoding::Identity, draw).await.ok()
    }

    /// Renders the page that says that there is nothing.
    fn nothing(&self, path: &str) -> Rendering {
        let snapshot = self.shared.snapshot();
        rendering(site::answer(&snapshot.site, snapshot.day, path, ""))
    }

    fn missing(&self, path: &str, headers: &HeaderMap) -> Response {
        let snapshot = self.shared.snapshot();
        respond(site::answer(&snapshot.site, snapshot.day, path, ""), headers)
    }

    fn refuse(&self, refusal: &Refusal, text: Option<&str>, headers: &HeaderMap) -> Response {
        let snapshot = self.shared.snapshot();
        let mut response = respond(site::refusal(&snapshot.site, snapshot.day, refusal, text), headers);
        if let Some(seconds) = refusal.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Sends an answer that is for this request only.
fn respond(answer: Answer, headers: &HeaderMap) -> Response {
    match rendering(answer) {
        Ok(page) => page.encoded(Encoding::preferred(headers)).respond(headers),
        Err(Uncached::Response(page)) => page.encoded(Encoding::preferred(headers)).respond(headers),
        Err(Uncached::Redirect(to)) => Redirect::to(&to).into_response(),
    }
}
