//! Requests and answers.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::watch;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::services::ServeFile;

use super::accept;
use super::edit;
use super::lab::Lab;
use super::live::{self, Live};
use super::metrics::{self, Family, Metrics};
use super::negotiate::Span;
use super::options::MetricsFor;
use super::path::decoded;
use super::rendered::Rendered;
use super::state::{Edition, Found, Reader, Shared};
use super::streams::Streams;
use crate::pages;

/// What the handlers look at.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) shared: Arc<Shared>,
    /// None when nobody may run experiments.
    pub(super) lab: Option<Arc<Lab>>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) streams: Arc<Streams>,
    pub(super) metrics_for: MetricsFor,
    pub(super) stopping: watch::Receiver<bool>,
    /// Whether people at this machine may be organisers.
    pub(super) editing: bool,
}

/// All routes: a few of the server's own, those of the lab, and pages for everything else.
pub(super) fn router(app: &App) -> Router {
    let App { shared, lab, streams, stopping, .. } = app.clone();
    let live = lab.map(|lab| live::router(Live { shared, lab, streams, stopping }));
    let routes = Router::new()
        .route("/healthz", get(healthy))
        .route("/metrics", get(measured))
        .route(edit::SCRIPT_PATH, get(script))
        .route(edit::STREAM_PATH, get(changes))
        .route("/files/{*path}", get(file))
        .fallback(page)
        .with_state(app.clone())
        .merge(live.unwrap_or_default());
    guarded(routes, app.metrics.clone())
}

/// Routes of which a panic does not get further than the request that it was met by.
pub(super) fn guarded(routes: Router, metrics: Arc<Metrics>) -> Router {
    routes.layer(CatchPanicLayer::custom(move |fault: Box<dyn Any + Send>| panicked(&metrics, &*fault)))
}

/// A panic was told of where it happened; who asked gets a page that says no more than that there was one.
fn panicked(metrics: &Metrics, fault: &(dyn Any + Send)) -> Response {
    let what = fault.downcast_ref::<String>().map(String::as_str).or_else(|| fault.downcast_ref::<&str>().copied());
    tracing::error!("a request ended in a panic: {}", what.unwrap_or("of no words"));
    metrics.panicked();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn healthy() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}

async fn measured(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, headers: HeaderMap) -> Response {
    let may = match app.metrics_for {
        MetricsFor::Nobody => false,
        MetricsFor::Local => edit::is_local(peer.ip(), &headers),
        MetricsFor::All => true,
    };
    if !may {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], app.metrics.text(&families(&app)))
        .into_response()
}

/// What is not counted with requests.
fn families(app: &App) -> Vec<Family> {
    let edition = app.shared.edition().revision as f64;
    let streams = app.streams.count() as f64;
    let mut families = vec![
        Family::gauge("vdlm_edition", "Number of the edition that is served; it grows with each change.", edition),
        Family::gauge("vdlm_http_event_streams_open", "Event streams open now: of runs, and of changes.", streams),
    ];
    families.extend(app.lab.as_ref().map(|lab| lab.tally().families()).into_iter().flatten());
    families
}

async fn page(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let local = app.editing && edit::is_local(peer.ip(), request.headers());
    let reader = if local { Reader::Organiser } else { Reader::Visitor };
    let query = request.uri().query().unwrap_or("");
    let Some(path) = decoded(request.uri().path()) else { return StatusCode::BAD_REQUEST.into_response() };
    let edition = app.shared.edition();
    if !pages::takes_long(&edition.site, &path) {
        return answer(&edition, &path, query, reader, request.headers());
    }
    let (path, query, headers) = (path.into_owned(), query.to_owned(), request.headers().clone());
    let answered = tokio::task::spawn_blocking(move || answer(&edition, &path, &query, reader, &headers));
    answered.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn answer(edition: &Edition, path: &str, query: &str, reader: Reader, request: &HeaderMap) -> Response {
    if let Some(markdown) = pages::markdown_of(path).filter(|_| query.is_empty()) {
        return in_either_form(edition, (path, &markdown), reader, request);
    }
    match edition.find(path, query, reader) {
        Found::Page(page) => send(&page, request),
        Found::Redirect(to) => moved(&to, query),
    }
}

/// A page, or its Markdown for those who would rather have it, where there is one.
fn in_either_form(edition: &Edition, (path, markdown): (&str, &str), reader: Reader, request: &HeaderMap) -> Response {
    let chosen = accept::wants_markdown(request).then(|| edition.find(markdown, "", reader));
    match chosen {
        Some(Found::Page(page)) if page.status == 200 => {
            let mut response = send(&page, request);
            let location = HeaderValue::from_str(markdown).ok();
            location.and_then(|location| response.headers_mut().insert(header::CONTENT_LOCATION, location));
            response
        }
        _ => match edition.find(path, "", reader) {
            Found::Page(page) => send(&page, request),
            Found::Redirect(to) => moved(&to, ""),
        },
    }
}

/// Leads to another path of this site.
pub(super) fn moved(to: &str, query: &str) -> Response {
    // What begins with two slashes is the name of another host (RFC 3986 §4.2).
    let to = format!("/{}", to.trim_start_matches('/'));
    let to = if query.is_empty() { to } else { format!("{to}?{query}") };
    match HeaderValue::from_str(&to) {
        // Aliases come and go with the content, so browsers must not keep what they were.
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
            (StatusCode::MOVED_PERMANENTLY, headers).into_response()
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// The answer to a GET or HEAD with these headers.
pub(super) fn send(page: &Rendered, request: &HeaderMap) -> Response {
    page.reply(request).into_response(Body::from)
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], edit::SCRIPT)
}

/// One event for each new edition, until the server stops: open streams must not hold up a shutdown.
async fn changes(State(app): State<App>, ConnectInfo(client): ConnectInfo<SocketAddr>) -> Response {
    let place = match app.streams.enter(client.ip()) {
        Ok(place) => place,
        Err(taken) => return taken.into_response(),
    };
    let revisions = WatchStream::new(app.shared.revisions()).map(Some);
    let end = WatchStream::new(app.stopping).filter(|stop| *stop).map(|_| None);
    let events = revisions.merge(end).take_while(Option::is_some).map(move |revision| {
        let _while_open = &place;
        let revision = revision.unwrap_or_default();
        Ok::<_, std::convert::Infallible>(Event::default().event("change").data(revision.to_string()))
    });
    // nginx holds answers back until it has a buffer full, unless it is told.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

/// A file kept beside the content, with ranges for long ones.
async fn file(State(app): State<App>, mut request: Request) -> Response {
    let Some(path) = decoded(request.uri().path()) else { return StatusCode::BAD_REQUEST.into_response() };
    let path = path.trim_start_matches("/files/").to_owned();
    // Names come from the archive's list and are compared with it whole, so that no path can leave the folder.
    if !app.shared.edition().site.archive.files.contains(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let file = ServeFile::new(app.shared.content().join(path));
    if let Some(condition) = request.headers_mut().remove(header::IF_RANGE)
        && !still(file.clone(), &condition).await
    {
        request.headers_mut().remove(header::RANGE);
    }
    // As with pages; the service would refuse several at once.
    if request.headers().get(header::RANGE).is_some_and(|range| !Span::is_one(range)) {
        request.headers_mut().remove(header::RANGE);
    }
    let mut response = sent(file, request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    name_charset(response.headers_mut());
    response
}

/// Texts are UTF-8, as pages are; where nothing says so, browsers take them for what was usual in their country.
fn name_charset(headers: &mut HeaderMap) {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let unsaid = kind.filter(|kind| kind.starts_with("text/") && !kind.contains(';'));
    if let Some(Ok(kind)) = unsaid.map(|kind| HeaderValue::try_from(format!("{kind}; charset=utf-8"))) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
}

/// Whether a file is still the one that `If-Range` names by its tag or the time of its last change (RFC 9110 §13.1.5).
async fn still(file: ServeFile, condition: &HeaderValue) -> bool {
    let Ok(request) = Request::head("/").body(Body::empty()) else { return false };
    let now = sent(file, request).await;
    [header::ETAG, header::LAST_MODIFIED].iter().any(|name| now.headers().get(name) == Some(condition))
}

async fn sent(file: ServeFile, request: Request) -> Response {
    match file.oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}
