//! What every request meets first. A page in memory is answered here at once, with headers and bytes made before; everything else goes through
//! the router, under limits of size and time, and a fault becomes a page that says so.

use std::convert::Infallible;
use std::future::Ready;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header};
use hyper::body::{Body as _, Frame, Incoming, SizeHint};
use hyper::service::Service;
use tower::ServiceExt;

use super::accept;
use super::edit;
use super::http::{self, App};
use super::metrics::Metrics;
use super::options::Options;
use super::path::{Spelt, decoded, spelt};
use super::rendered::{ALWAYS, Rendered};
use super::state::{Reader, Shared};
use super::visitor::Scheme;
use crate::pages;

/// Longest path with its query, in bytes. RFC 9110 §4.1 asks for 8000 at least.
const LONGEST_TARGET: usize = 8192;
/// Most bytes of a body; the only ones that are awaited are the lab's forms.
const LONGEST_BODY: u64 = 64 << 10;
/// A year, for this host only: what else is under its domain is not ours to decide (RFC 6797 §6.1).
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What all connections share.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) shared: Arc<Shared>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) options: Options,
    pub(super) router: Router,
    /// Whether people at this machine may be organisers.
    pub(super) editing: bool,
}

/// The requests of one connection.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    front: Arc<Front>,
    peer: SocketAddr,
    /// Whether the other end is a proxy whose headers are believed.
    proxy: bool,
}

impl Front {
    pub(super) fn new(app: &App, options: Options) -> Self {
        let (shared, metrics) = (app.shared.clone(), app.metrics.clone());
        Self { shared, metrics, options, router: http::router(app), editing: app.editing }
    }
}

impl Visit {
    pub(super) fn new(front: Arc<Front>, peer: SocketAddr) -> Self {
        let proxy = front.options.believes(peer.ip());
        Self { front, peer, proxy }
    }

    /// The page asked for, if it is in memory and nothing about the request is out of the ordinary.
    fn in_memory<B>(&self, request: &Request<B>) -> Option<Arc<Rendered>> {
        let (headers, path) = (request.headers(), request.uri().path());
        let plain = request.method() == Method::GET && request.uri().query().is_none() && !path.contains('%');
        if !plain || !names_its_host(request) || accept::wants_markdown(headers) {
            return None;
        }
        let local = self.front.editing && edit::is_local(self.peer.ip(), headers);
        self.front.shared.cached(path, if local { Reader::Organiser } else { Reader::Visitor })
    }

    /// How the client speaks with the first proxy before this server, which begins the list. One that does not say so is taken at the word of the base URL.
    fn scheme(&self, headers: &HeaderMap) -> Scheme {
        let list = self.proxy.then(|| headers.get("x-forwarded-proto")).flatten();
        let first = list.and_then(|list| list.as_bytes().split(|byte| *byte == b',').next());
        let is_https = first.map_or(self.front.options.is_https(), |first| first.trim_ascii().eq_ignore_ascii_case(b"https"));
        if is_https { Scheme::Https } else { Scheme::Http }
    }

    /// The address that a request comes from. Proxies add that of their client at the end of a list; the last that is no proxy's counts.
    fn client(&self, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").into_iter().filter_map(|line| line.to_str().ok());
        let named: Option<Vec<IpAddr>> =
            lines.flat_map(|line| line.split(',')).map(|address| address.trim().parse().ok()).collect();
        let named = named.filter(|_| self.proxy).unwrap_or_default();
        let client = named.iter().rev().find(|address| !self.front.options.believes(**address)).or(named.first());
        client.map_or(self.peer.ip(), IpAddr::to_canonical)
    }

    async fn through_router(self, mut request: Request<Body>, start: Instant) -> Response<Outgoing> {
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let scheme = self.scheme(request.headers());
        request.extensions_mut().insert(scheme);
        if method != Method::GET {
            // Ranges are defined for GET only (RFC 9110 §14.2).
            request.headers_mut().remove(header::RANGE);
        }
        let mut response = match (refusal(&request), other_spelling(&request)) {
            (Some(status), _) => answer_of(status),
            (None, Some(to)) => http::moved(&to, uri.query().unwrap_or("")),
            (None, None) => self.routed(request).await,
        };
        if is_bare_failure(&response) {
            self.explain(&mut response);
        }
        let headers = response.headers_mut();
        ALWAYS.into_iter().for_each(|(name, value)| drop(headers.insert(name, HeaderValue::from_static(value))));
        if scheme == Scheme::Https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
        if response.status() == StatusCode::NOT_MODIFIED {
            // To HEAD the router answers with the length of the body that is not sent, which here is not that of the page (RFC 9110 §8.6).
            response.headers_mut().remove(header::CONTENT_LENGTH);
        }
        self.front.metrics.answered(response.status(), start.elapsed());
        tracing::info!("{} {method} {uri} in {:.1?}", response.status().as_u16(), start.elapsed());
        response.map(Outgoing::Other)
    }

    async fn routed(&self, mut request: Request<Body>) -> Response<Body> {
        let client = SocketAddr::new(self.client(request.headers()), self.peer.port());
        request.extensions_mut().insert(ConnectInfo(client));
        let with_body = !matches!(*request.method(), Method::GET | Method::HEAD);
        let answering = self.front.router.clone().oneshot(request);
        match tokio::time::timeout(self.front.options.request_time, answering).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            // Slow is who sends a body, else it is the server itself.
            Err(_) if with_body => answer_of(StatusCode::REQUEST_TIMEOUT),
            Err(_) => answer_of(StatusCode::SERVICE_UNAVAILABLE),
        }
    }

    /// Gives an answer that is nothing but a status a page in the look of the site.
    fn explain(&self, response: &mut Response<Body>) {
        let status = response.status();
        let make = || {
            let edition = self.front.shared.edition();
            pages::failure(&edition.site, edition.day, status.as_u16())
        };
        // This is also the answer to a fault in the making of pages, which may be met here again.
        let page = std::panic::catch_unwind(std::panic::AssertUnwindSafe(make)).ok();
        let (media_type, bytes) = match page.map(|page| (page.media_type, page.body)) {
            Some((media_type, pages::Body::Bytes(bytes))) => (media_type, bytes),
            _ => ("text/plain; charset=utf-8", format!("{status}\n").into_bytes()),
        };
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        *response.body_mut() = Body::from(bytes);
    }
}

/// Why a request is not even looked at: it is too long, it does not say for which host it is, or its path is none.
fn refusal(request: &Request<Body>) -> Option<StatusCode> {
    let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
    if target > LONGEST_TARGET {
        return Some(StatusCode::URI_TOO_LONG);
    }
    if request.body().size_hint().lower() > LONGEST_BODY {
        return Some(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let fine = names_its_host(request) && decoded(request.uri().path()).is_some();
    (!fine).then_some(StatusCode::BAD_REQUEST)
}

/// Where a request to read leads whose path is not in its normal form. Routes are told apart by their letters, so that each address must have one
/// spelling only.
fn other_spelling(request: &Request<Body>) -> Option<String> {
    match spelt(request.uri().path()) {
        Spelt::Otherwise(to) if matches!(*request.method(), Method::GET | Method::HEAD) => Some(to),
        _ => None,
    }
}

/// Whether a request has the `Host` that HTTP/1.1 demands, and no second one (RFC 9112 §3.2).
fn names_its_host<B>(request: &Request<B>) -> bool {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let fine = hosts.next().map_or(request.version() < Version::HTTP_11, is_host);
    fine && hosts.next().is_none()
}

/// Whether it is a host with or without a port, or nothing, which stands for an address that has none (RFC 9110 §7.2).
fn is_host(value: &HeaderValue) -> bool {
    value.is_empty() || !value.as_bytes().contains(&b'@') && Authority::try_from(value.as_bytes()).is_ok()
}

fn answer_of(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
        // What is left of the body is not worth waiting for.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether an answer says that something failed and nothing more: it has no body, and not because the request was a HEAD.
fn is_bare_failure(response: &Response<Body>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error()) && !response.headers().contains_key(header::CONTENT_TYPE)
}

impl Service<Request<Incoming>> for Visit {
    type Response = Response<Outgoing>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        let start = Instant::now();
        let reply = self.in_memory(&request).map(|page| page.reply(request.headers()));
        // What failed is explained on the longer way.
        let Some(reply) = reply.filter(|reply| !reply.status.is_client_error()) else {
            return Answering::Later(Box::pin(self.clone().through_router(request.map(Body::new), start)));
        };
        let mut response = reply.into_response(Outgoing::Page);
        if self.scheme(request.headers()) == Scheme::Https {
            response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
        }
        self.front.metrics.answered(response.status(), start.elapsed());
        // A line for each of a hundred thousand in a second would be the most of the work.
        tracing::debug!("{} GET {} in {:.1?}", response.status().as_u16(), request.uri(), start.elapsed());
        Answering::Now(std::future::ready(Ok(response)))
    }
}

type Answer = Result<Response<Outgoing>, Infallible>;

/// An answer, at once or later.
pub(super) enum Answering {
    Now(Ready<Answer>),
    Later(Pin<Box<dyn Future<Output = Response<Outgoing>> + Send>>),
}

impl Future for Answering {
    type Output = Answer;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer> {
        match self.get_mut() {
            Answering::Now(ready) => Pin::new(ready).poll(cx),
            Answering::Later(later) => later.as_mut().poll(cx).map(Ok),
        }
    }
}

/// The body of an answer: bytes in memory, or what the router gives.
pub(super) enum Outgoing {
    Page(Bytes),
    Other(Body),
}

impl hyper::body::Body for Outgoing {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.get_mut() {
            Outgoing::Page(bytes) if bytes.is_empty() => Poll::Ready(None),
            Outgoing::Page(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Outgoing::Other(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Outgoing::Page(bytes) => bytes.is_empty(),
            Outgoing::Other(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Outgoing::Page(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Outgoing::Other(body) => body.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests;
