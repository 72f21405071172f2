//! Requests and answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use percent_encoding::percent_decode_str;
use tokio::sync::watch;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::services::ServeFile;

use super::edit;
use super::lab::Lab;
use super::live::{self, Live};
use super::rendered::{Coding, Rendered};
use super::state::{Found, Reader, Shared};
use crate::pages::{CONTENT_POLICY, CachePolicy};

/// Headers of every answer.
const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

#[derive(Debug, Clone)]
struct App {
    shared: Arc<Shared>,
    stopping: watch::Receiver<bool>,
    editing: bool,
}

/// All routes: a few of the server's own, and pages for everything else.
pub(super) fn router(shared: Arc<Shared>, lab: Option<Arc<Lab>>, stopping: watch::Receiver<bool>, editing: bool) -> Router {
    let live = lab.map(|lab| live::router(Live { shared: shared.clone(), lab, stopping: stopping.clone() }));
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route(edit::SCRIPT_PATH, get(script))
        .route(edit::STREAM_PATH, get(changes))
        .route("/files/{*path}", get(file))
        .fallback(page)
        .with_state(App { shared, stopping, editing })
        .merge(live.unwrap_or_default())
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::map_response(always))
        .layer(axum::middleware::from_fn(log))
}

async fn always(mut response: Response) -> Response {
    for (name, value) in ALWAYS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// One line for each request: what was asked for, what came of it, how long it took until the first byte.
async fn log(request: Request, next: Next) -> Response {
    let (method, path, start) = (request.method().clone(), request.uri().clone(), Instant::now());
    let response = next.run(request).await;
    tracing::info!("{} {method} {path} in {:.1?}", response.status().as_u16(), start.elapsed());
    response
}

async fn page(State(app): State<App>, ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let local = app.editing && edit::is_local(peer.ip(), request.headers());
    let reader = if local { Reader::Organiser } else { Reader::Visitor };
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy();
    let query = request.uri().query().unwrap_or("");
    match app.shared.edition().find(&path, query, reader) {
        Found::Page(page) => send(&page, request.headers()),
        Found::Redirect(to) => moved(&to, query),
    }
}

fn moved(to: &str, query: &str) -> Response {
    let to = if query.is_empty() { to.to_owned() } else { format!("{to}?{query}") };
    match HeaderValue::from_str(&to) {
        Ok(location) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

pub(super) fn send(page: &Rendered, request: &HeaderMap) -> Response {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    let (bytes, coding) = page.body(Coding::accepted(accepted));
    let unchanged = request
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == page.etag.as_bytes()));
    let mut response = if unchanged { Response::new(Body::empty()) } else { Response::new(Body::from(bytes)) };
    *response.status_mut() = match unchanged {
        true => StatusCode::NOT_MODIFIED,
        false => StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(page.media_type));
    headers.insert(header::ETAG, page.etag.clone());
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(page.cache)));
    if let Some(coding) = coding.header() {
        headers.insert(header::CONTENT_ENCODING, coding);
    }
    response
}

fn cache_control(policy: CachePolicy) -> &'static str {
    match policy {
        // Browsers keep the bytes and ask each time whether they still hold; the ETag makes that one short answer.
        CachePolicy::Page => "no-cache",
        CachePolicy::Immutable => "public, max-age=31536000, immutable",
        CachePolicy::NoStore => "no-store",
    }
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], edit::SCRIPT)
}

/// One event for each new edition, until the server stops: open streams must not hold up a shutdown.
async fn changes(State(app): State<App>) -> impl IntoResponse {
    let revisions = WatchStream::new(app.shared.revisions()).map(Some);
    let end = WatchStream::new(app.stopping).filter(|stop| *stop).map(|_| None);
    let events = revisions.merge(end).take_while(Option::is_some).map(|revision| {
        let revision = revision.unwrap_or_default();
        Ok::<_, std::convert::Infallible>(Event::default().event("change").data(revision.to_string()))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// A file kept beside the content, with ranges for long ones.
async fn file(State(app): State<App>, request: Request) -> Response {
    let path = percent_decode_str(request.uri().path().trim_start_matches("/files/")).decode_utf8_lossy().into_owned();
    // Names come from the archive's list and are compared with it whole, so that no path can leave the folder.
    if !app.shared.edition().site.archive.files.contains(&path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match ServeFile::new(app.shared.content().join(path)).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    }
}
