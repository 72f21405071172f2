//! Routes of the server, and what happens to each request before and after its handler.

use std::any::Any;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, Extension, RawQuery, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Router, body};
use futures_util::stream::StreamExt;
use tokio_util::sync::CancellationToken;
use tower::{ServiceBuilder, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeFile;
use tower_http::timeout::TimeoutLayer;

use super::cache::{Audience, SECURITY_HEADERS};
use super::context::{RequestContext, Scheme, names_this_server};
use super::edit;
use super::lab::Lab;
use super::limits::ClientLimit;
use super::live::{self, Live};
use super::metrics::{self, Metrics};
use super::negotiation::{Encoding, prefers_markdown};
use super::options::{MetricsAccess, Options};
use super::responses::{event_stream, redirect, values};
use super::state::{Lookup, Shared};
use crate::site;

/// Maximum length of a body, in bytes; the only ones that are read are the forms of the lab.
const MAX_BODY: usize = 64 << 10;
/// A year, for this host only: what else is under its domain is not ours to decide (RFC 6797 §6.1).
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");
/// Policy of documents beside the content, which may bring scripts of their own: they run, but not with the rights of
/// the site.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox allow-scripts");
/// Number of bytes of a path and query that the log shows.
const LOGGED_TARGET: usize = 200;
/// Time for the page of a failure; after it, a line of text has to do.
const FAILURE_TIMEOUT: Duration = Duration::from_secs(1);

/// State that handlers share.
#[derive(Debug)]
pub(super) struct App {
    pub(super) shared: Arc<Shared>,
    /// `None` if nobody may run experiments.
    pub(super) lab: Option<Arc<Lab>>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) streams: Arc<ClientLimit>,
    pub(super) options: Arc<Options>,
    /// The address that the server listens at.
    pub(super) listening: IpAddr,
    pub(super) shutdown: CancellationToken,
    /// Shows people at this machine problems, and changes as they are saved.
    pub(super) editing: bool,
}

/// All routes: a few of the server's own, those of the lab, and pages for everything else.
pub(super) fn router(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .route(edit::SCRIPT_PATH, get(script))
        .route(edit::STREAM_PATH, get(changes))
        .route("/files/{*path}", get(file))
        .fallback_service(get(page).with_state(app.clone()))
        .with_state(app.clone());
    let App { shared, streams, shutdown, .. } = &**app;
    let (shared, streams, shutdown) = (shared.clone(), streams.clone(), shutdown.clone());
    let lab = app.lab.clone().map(|lab| live::router(Live::new(shared, lab, streams, shutdown)));
    with_layers(routes.merge(lab.unwrap_or_default()), app)
}

/// Adds limits and failure pages to routes.
pub(super) fn with_layers(routes: Router, app: &Arc<App>) -> Router {
    let metrics = app.metrics.clone();
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(app.clone(), handle))
        .layer(CatchPanicLayer::custom(move |panic: Box<dyn Any + Send>| panicked(&metrics, &*panic)))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, app.options.request_timeout));
    routes.layer(layers)
}

/// Answers a request: refuses what cannot be answered, gives failures a page, adds the headers of every response,
/// counts and logs.
async fn handle(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let start = Instant::now();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let is_read = matches!(method, Method::GET | Method::HEAD);
    let snapshot = app.shared.snapshot();
    let base = snapshot.site.base.as_ref();
    let head = (&uri, request.version(), request.headers());
    let (scheme, context) = RequestContext::new(head, peer, &app.options, base);
    let mut response = match context {
        Err(response) => response,
        Ok(_) if method == Method::POST && !names_this_server(request.headers(), app.listening, base) => {
            tracing::warn!(
                "{method} refused: the host of the request is neither the address of the server nor its --base-url"
            );
            StatusCode::FORBIDDEN.into_response()
        }
        Ok(context) => {
            request.extensions_mut().insert(context);
            next.run(request).await
        }
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE
        && !is_read
        && !response.headers().contains_key(header::RETRY_AFTER)
    {
        // Whoever sends a body was slow, and not the server.
        *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
    }
    let mut response = explain_failure(&app.shared, response).await;
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.entry(name).or_insert(value);
    }
    if scheme == Scheme::Https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    let (status, time) = (response.status(), start.elapsed());
    app.metrics.observe(status, time, response.body().size_hint().exact().filter(|_| method != Method::HEAD));
    log(&method, &uri, status, time);
    response
}

/// Logs a response; pages that were read and what was not found only at level `debug`, since there may be many in a
/// second.
fn log(method: &Method, uri: &Uri, status: StatusCode, time: Duration) {
    let target = uri.path_and_query().map_or("", |target| target.as_str()).as_bytes();
    let short = || String::from_utf8_lossy(&target[..target.len().min(LOGGED_TARGET)]);
    if matches!(*method, Method::GET | Method::HEAD) && !status.is_server_error() {
        tracing::debug!("{} {method} {} in {time:.1?}", status.as_u16(), short());
    } else {
        tracing::info!("{} {method} {} in {time:.1?}", status.as_u16(), short());
    }
}

/// Reports a panic. It has been printed where it happened; whoever asked gets a page that says no more than that
/// there was one.
fn panicked(metrics: &Metrics, panic: &(dyn Any + Send)) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!("a request ended in a panic: {}", message.unwrap_or("without a message"));
    metrics.panics.inc();
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Gives a bare failure a page in the style of the site.
async fn explain_failure(shared: &Arc<Shared>, response: Response) -> Response {
    let status = response.status();
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let has_page = media_type.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if has_page || !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    // In a task of its own, since this may meet the same panic again.
    let shared = shared.clone();
    let page = tokio::spawn(async move { shared.failure(status.as_u16()).await });
    let page = tokio::time::timeout(FAILURE_TIMEOUT, page).await.ok().and_then(Result::ok).flatten();
    let (media_type, body) = match page {
        Some(page) => ("text/html; charset=utf-8", page.bytes.clone()),
        None => ("text/plain; charset=utf-8", body::Bytes::from(format!("{status}\n"))),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        // What is left of the body is not worth waiting for.
        parts.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    Response::from_parts(parts, Body::from(body))
}

async fn health() -> impl IntoResponse {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n")
}

async fn metrics(State(app): State<Arc<App>>, Extension(context): Extension<RequestContext>) -> Response {
    let allowed = match app.options.metrics {
        MetricsAccess::Off => false,
        MetricsAccess::Local => context.is_local,
        MetricsAccess::All => true,
    };
    if !allowed {
        return StatusCode::NOT_FOUND.into_response();
    }
    app.metrics.revision.set(i64::try_from(app.shared.snapshot().revision).unwrap_or(i64::MAX));
    app.metrics.streams.set(i64::try_from(app.streams.total()).unwrap_or(i64::MAX));
    if let Some(lab) = &app.lab {
        let (waiting, running) = lab.active_counts();
        app.metrics.lab.set_active(waiting, running);
    }
    ([(header::CONTENT_TYPE, metrics::MEDIA_TYPE), (header::CACHE_CONTROL, "no-store")], app.metrics.text())
        .into_response()
}

/// Answers with a page, or with its Markdown for those who prefer that, if there is any.
async fn page(
    State(app): State<Arc<App>>,
    Extension(context): Extension<RequestContext>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let snapshot = app.shared.snapshot();
    let encoding = Encoding::preferred(&headers);
    let query = query.as_deref().unwrap_or("");
    if query.is_empty()
        && prefers_markdown(&headers)
        && let Some(markdown) = site::markdown_of(&context.path)
        && let Lookup::Page(page) = app.shared.find(&snapshot, (&markdown, ""), Audience::Public, encoding).await
        && page.status == StatusCode::OK
    {
        let location = HeaderValue::from_str(&markdown).map(|location| (header::CONTENT_LOCATION, location));
        return (HeaderMap::from_iter(location), page.respond(&headers)).into_response();
    }
    let audience = if app.editing && context.is_local { Audience::Local } else { Audience::Public };
    match app.shared.find(&snapshot, (&context.path, query), audience, encoding).await {
        Lookup::Page(page) => page.respond(&headers),
        Lookup::Redirect(to) => redirect(&to, query),
    }
}

async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], edit::SCRIPT)
}

/// Sends one event for each new snapshot.
async fn changes(State(app): State<Arc<App>>, Extension(context): Extension<RequestContext>) -> Response {
    let permit = match app.streams.acquire(context.client) {
        Ok(permit) => permit,
        Err(exceeded) => return exceeded.into_response(),
    };
    let event = |revision: u64| Event::default().event("change").data(revision.to_string());
    let events = values(app.shared.revisions(), |_| false).map(event);
    event_stream(events, permit, app.shutdown.clone())
}

/// Sends a file beside the content, with ranges for long ones.
async fn file(
    State(app): State<Arc<App>>,
    Extension(context): Extension<RequestContext>,
    mut request: Request,
) -> Response {
    let path = context.path.trim_start_matches("/files/");
    // Names come from the archive's list and are compared with it as a whole, so that no path can leave the folder.
    if !app.shared.snapshot().site.archive.files.contains(path) {
        return StatusCode::NOT_FOUND.into_response();
    }
    // The service does not look at `If-Range`; without a range the whole file is sent, which is always right.
    if request.headers().contains_key(header::IF_RANGE) || request.method() == Method::HEAD {
        request.headers_mut().remove(header::RANGE);
    }
    let mut response = match ServeFile::new(app.shared.content().join(path)).oneshot(request).await {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("").to_owned();
    if media_type.starts_with("text/html") || media_type.ends_with("xml") {
        headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    }
    // Texts are UTF-8, as pages are; unless that is said, browsers assume the encoding that was usual in their
    // country.
    if media_type.starts_with("text/") && !media_type.contains(';') {
        let utf8 = HeaderValue::try_from(format!("{media_type}; charset=utf-8"));
        utf8.into_iter().for_each(|media_type| drop(headers.insert(header::CONTENT_TYPE, media_type)));
    }
    response
}
