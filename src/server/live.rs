//! The lab over HTTP: its page, starting and stopping runs, and telling all who watch.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Extension, Path, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tokio::sync::{mpsc, watch};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

use super::http::send;
use super::job::{Job, Stage, State as Moment};
use super::lab::{Found, Lab, event, owns};
use super::path::encoded;
use super::rendered::Rendered;
use super::state::Shared;
use super::streams::Streams;
use super::visitor::{Scheme, Visitor, is_from_here};
use crate::html::Html;
use crate::lab::{Experiment, recipe};
use crate::pages::{self, Answer, Body, CachePolicy, Desk, Known, Refusal, RunView, Stage as Shown};

/// Longest body of a form, in bytes: a spec of the greatest length with every byte percent-encoded.
const LONGEST_BODY: usize = 16 << 10;
/// Bytes that a number takes in a record: a digit or two before the point, six behind it, a comma.
const NUMBER: u64 = 10;
/// An open stream says so often that it is still there; proxies give up on silence after a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What the lab's requests look at.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) shared: Arc<Shared>,
    pub(super) lab: Arc<Lab>,
    pub(super) streams: Arc<Streams>,
    pub(super) stopping: watch::Receiver<bool>,
}

pub(super) fn router(live: Live) -> Router {
    Router::new()
        .route("/lab/", get(lab))
        .route("/lab/runs/", post(start).get(|| async { Redirect::to("/lab/") }))
        .route("/lab/runs/{id}", get(|Path(id): Path<String>| async move { to(&id) }))
        .route("/lab/runs/{id}/", get(run))
        .route("/lab/runs/{id}/events", get(events))
        .route("/lab/runs/{id}/stop", post(stop))
        .route("/lab/runs/{id}/curves", get(curves))
        .route("/lab/results/{file}", get(result))
        .route("/lab/results/{id}/{file}", get(result))
        .with_state(live)
}

/// Work that draws or reads files, on threads that may wait.
async fn blocking(work: impl FnOnce() -> Response + Send + 'static) -> Response {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn lab(State(live): State<Live>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    blocking(move || live.page(query.as_deref().unwrap_or(""), &headers)).await
}

/// Starts a run, or leads to the one that is there.
async fn start(
    State(live): State<Live>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(scheme): Extension<Scheme>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    if !is_from_here(&parts.headers) {
        return live.refuse(&Refusal::Elsewhere, None, &parts.headers);
    }
    let Ok(body) = axum::body::to_bytes(body, LONGEST_BODY).await else {
        return live.refuse(&Refusal::TooLong(LONGEST_BODY), None, &parts.headers);
    };
    let body = String::from_utf8_lossy(&body).into_owned();
    blocking(move || live.start(&body, &parts.headers, (scheme, peer.ip()))).await
}

async fn stop(
    State(live): State<Live>,
    Path(id): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let refused = if is_from_here(&headers) {
        live.lab.stop(&id, Visitor::known(&headers, peer.ip()).as_ref()).and_then(Result::err)
    } else {
        Some(Refusal::Elsewhere)
    };
    match refused {
        Some(refusal) => live.refuse(&refusal, None, &headers),
        None => to(&id),
    }
}

async fn run(
    State(live): State<Live>,
    Path(id): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    blocking(move || live.run(&id, &headers, peer.ip())).await
}

async fn curves(State(live): State<Live>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    blocking(move || {
        let drawn = live.lab.active(&id).and_then(|job| live.curves(&job));
        drawn.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| send(&page, &headers))
    })
    .await
}

/// A file of a result: of those that articles show, and of those that visitors have made.
async fn result(State(live): State<Live>, uri: Uri, headers: HeaderMap) -> Response {
    blocking(move || live.result(uri.path(), &headers)).await
}

/// One event for each state, the present one first, until the run or the server ends.
async fn events(State(live): State<Live>, Path(id): Path<String>, ConnectInfo(client): ConnectInfo<SocketAddr>) -> Response {
    let place = match live.streams.enter(client.ip()) {
        Ok(place) => place,
        Err(taken) => return taken.into_response(),
    };
    let (sender, receiver) = mpsc::channel(4);
    match live.lab.find(&id) {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(Found::Active(job)) => drop(tokio::spawn(tell(job, sender, live.stopping))),
        Some(found) => {
            let stage = if let Found::Ended(entry) = found { Stage::Ended(entry.reason) } else { Stage::Done };
            let last = Moment { stage, done: 1, total: 1, left: 0.0, curves: 0 };
            let _ = sender.send(as_event(&last)).await;
        }
    }
    let told = ReceiverStream::new(receiver).map(move |event| {
        let _while_open = &place;
        event
    });
    let stream = Sse::new(told).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    // nginx holds answers back until it has a buffer full, unless it is told.
    ([(header::CACHE_CONTROL, "no-store"), (header::HeaderName::from_static("x-accel-buffering"), "no")], stream).into_response()
}

type Told = Result<Event, Infallible>;

async fn tell(job: Arc<Job>, sender: mpsc::Sender<Told>, mut stopping: watch::Receiver<bool>) {
    let mut state = job.watch();
    loop {
        let now = state.borrow_and_update().clone();
        if sender.send(as_event(&now)).await.is_err() || now.stage.is_final() {
            return;
        }
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return },
            _ = stopping.wait_for(|stop| *stop) => return,
            () = sender.closed() => return,
        }
    }
}

fn as_event(state: &Moment) -> Told {
    Ok(Event::default().event("state").data(event(state)))
}

/// Leads to the page of a run.
fn to(id: &str) -> Response {
    Redirect::to(&encoded(&at(id))).into_response()
}

fn at(id: &str) -> String {
    format!("/lab/runs/{id}/")
}

impl Live {
    fn page(&self, query: &str, headers: &HeaderMap) -> Response {
        let edition = self.shared.edition();
        let (active, wait, recent) = self.lab.look();
        let known = |id: &str| self.lab.known(id);
        let (limits, threads) = (self.lab.limits, self.lab.threads);
        let desk = Desk { limits, threads, active, wait, recent, known: &known };
        respond(pages::lab_page(&edition.site, edition.day, query, &desk), headers)
    }

    fn start(&self, body: &str, headers: &HeaderMap, (scheme, peer): (Scheme, IpAddr)) -> Response {
        let Some(text) = pages::form_field(body, "spec") else { return Redirect::to("/lab/").into_response() };
        let text = format!("{}\n", text.replace("\r\n", "\n"));
        // What is wrong with it is told by the page that a link with it would show.
        let Ok(experiment) = pages::read_spec(&text) else { return self.page(body, headers) };
        let again = pages::form_field(body, "again").is_some();
        let id = match self.admit(&experiment, again) {
            Ok(id) => id,
            Err(refusal) => return self.refuse(&refusal, Some(&text), headers),
        };
        let (visitor, cookie) = match Visitor::known(headers, peer) {
            Some(visitor) => (visitor, None),
            None => match Visitor::welcome(scheme, peer) {
                Ok((visitor, cookie)) => (visitor, Some(cookie)),
                Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            },
        };
        let job = Job::new(id.clone(), experiment, Some(text.clone()), Some(visitor.clone()));
        let mut response = match self.lab.enter(job, &visitor, again) {
            Ok(()) => to(&id),
            Err(refusal) => self.refuse(&refusal, Some(&text), headers),
        };
        if let Some(cookie) = cookie {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The id of an experiment that can be run here or has been; with `again` one that is only pinned counts as not run.
    fn admit(&self, experiment: &Experiment, again: bool) -> Result<String, Refusal> {
        let results = &self.shared.edition().site.results;
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
        let (bytes, most) = (cost.numbers.saturating_mul(NUMBER), self.lab.most_bytes);
        if bytes > most { Err(Refusal::NoRoom { bytes, most }) } else { Ok(id) }
    }

    fn run(&self, id: &str, headers: &HeaderMap, peer: IpAddr) -> Response {
        match self.lab.find(id) {
            None => self.missing(&at(id), headers),
            Some(Found::Active(job)) => {
                let visitor = Visitor::known(headers, peer);
                let mine = owns(&job, visitor.as_ref());
                respond(self.show(&job.id, &job.experiment, job.text.as_deref(), self.stage(&job), mine), headers)
            }
            Some(Found::Ended(entry)) => match pages::read_spec(&entry.spec) {
                Ok(experiment) => {
                    respond(self.show(id, &experiment, Some(&entry.spec), Shown::Ended(entry.reason), false), headers)
                }
                Err(_) => self.missing(&at(id), headers),
            },
            Some(Found::Done { pinned, computed, text }) => {
                // Both change what is shown; an edition more or less does too.
                let number = 4 * self.shared.edition().revision + 2 * u64::from(pinned) + u64::from(computed);
                let page = self.lab.kept(&format!("{id}/"), number, false, || self.done(id, text.as_deref()));
                page.map_or_else(|| self.missing(&at(id), headers), |page| send(&page, headers))
            }
        }
    }

    /// The page of a result.
    fn done(&self, id: &str, text: Option<&str>) -> Option<Rendered> {
        let [pinned, computed] = self.lab.records(id);
        let compared = pinned.as_ref().zip(computed.as_ref()).map(|(pinned, computed)| {
            let seconds = computed.measured.as_ref().map_or(0.0, |measured| measured.seconds);
            (seconds, computed.compare(pinned).err().map(|difference| difference.to_string()))
        });
        let record = pinned.as_ref().or(computed.as_ref())?;
        let written = text.and_then(|text| pages::read_spec(text).ok());
        let experiment = written.unwrap_or_else(|| pages::shown(&self.shared.edition().site, record));
        let stage = Shown::Done { record, pinned: pinned.is_some(), compared };
        rendered(self.show(id, &experiment, text, stage, false))
    }

    fn show(&self, id: &str, experiment: &Experiment, text: Option<&str>, stage: Shown<'_>, mine: bool) -> Answer {
        let edition = self.shared.edition();
        pages::run_page(&edition.site, edition.day, &RunView { id, experiment, text, stage, mine, live: true })
    }

    /// How far a run is, with its curves.
    fn stage(&self, job: &Arc<Job>) -> Shown<'static> {
        let Moment { stage, done, total, left, .. } = job.state();
        match stage {
            Stage::Waiting(before) => Shown::Waiting(before, left),
            Stage::Ended(reason) => Shown::Ended(reason),
            // When it is done it is not found here any more.
            Stage::Running | Stage::Done => {
                let curves =
                    self.curves(job).map_or(String::new(), |curves| String::from_utf8_lossy(curves.plain()).into_owned());
                Shown::Running { done, total, left, curves: Html::trusted(curves) }
            }
        }
    }

    /// The curves of an unfinished run, drawn once for all who watch.
    fn curves(&self, job: &Arc<Job>) -> Option<Arc<Rendered>> {
        let number = job.state().curves;
        self.lab.kept(&format!("{}/curves", job.id), number, true, || {
            let curves = pages::partial_curves(&job.experiment.spec, &job.so_far().0?);
            let bytes = curves.as_str().as_bytes().to_vec();
            Some(Rendered::new(200, "text/html; charset=utf-8", CachePolicy::NoStore, bytes))
        })
    }

    fn result(&self, path: &str, headers: &HeaderMap) -> Response {
        let edition = self.shared.edition();
        let page = self.lab.kept(path, edition.revision, false, || {
            let site = &edition.site;
            let record = |id: &str| self.lab.records(id).into_iter().flatten().next();
            rendered(pages::result_file(site, path, record)?)
        });
        page.map_or_else(|| self.missing(path, headers), |page| send(&page, headers))
    }

    /// The page that says that there is nothing.
    fn missing(&self, path: &str, headers: &HeaderMap) -> Response {
        let edition = self.shared.edition();
        respond(pages::answer(&edition.site, edition.day, path, ""), headers)
    }

    fn refuse(&self, refusal: &Refusal, text: Option<&str>, headers: &HeaderMap) -> Response {
        let edition = self.shared.edition();
        let mut response = respond(pages::refusal(&edition.site, edition.day, refusal, text), headers);
        if let Some(seconds) = refusal.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn rendered(answer: Answer) -> Option<Rendered> {
    match answer.body {
        Body::Bytes(bytes) => Some(Rendered::new(answer.status, answer.media_type, answer.cache, bytes)),
        Body::Redirect(_) => None,
    }
}

fn respond(answer: Answer, headers: &HeaderMap) -> Response {
    if let Body::Redirect(to) = &answer.body {
        return Redirect::to(to).into_response();
    }
    rendered(answer).map_or_else(|| StatusCode::NOT_FOUND.into_response(), |page| send(&page, headers))
}
