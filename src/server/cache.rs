//! Responses made once and kept in memory with their compressed forms, up to a number of bytes.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{ETag, HeaderMapExt, IfNoneMatch};
use moka::future::Cache;
use moka::policy::EvictionPolicy;
use tokio::sync::Semaphore;

use super::negotiation::Encoding;
use crate::compress::{self, WORTH_COMPRESSING};
use crate::preview;
use crate::site::{self, Answer, CONTENT_POLICY, CachePolicy};

/// Size of a kept response beside its path and body, in bytes.
const OVERHEAD: usize = 1024;

/// Headers of every response that has no other value for them.
pub(super) const SECURITY_HEADERS: [(HeaderName, HeaderValue); 5] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Audience of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Audience {
    /// Anybody.
    Public,
    /// Somebody at this machine, who may be editing the content.
    Local,
}

/// Key of a cached response.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) path: String,
    pub(super) audience: Audience,
    /// Changes when what is at the path may have changed.
    pub(super) revision: u64,
}

/// The bytes and headers of a response in one encoding.
#[derive(Debug, Clone)]
pub(super) struct CachedResponse {
    pub(super) status: StatusCode,
    /// Set if another query may give another response.
    pub(super) by_query: bool,
    pub(super) bytes: Bytes,
    headers: HeaderMap,
    is_text: bool,
}

/// A result of rendering that is not cached.
#[derive(Debug, Clone)]
pub(super) enum Uncached {
    /// A response for this request only.
    Response(Arc<CachedResponse>),
    /// The path of the page that was meant.
    Redirect(String),
}

/// The result of rendering: a response to be cached, or one that is not.
pub(super) type Rendering = Result<CachedResponse, Uncached>;

/// Caches responses, and renders each of them once, on threads that may be blocked.
#[derive(Debug)]
pub(super) struct ResponseCache {
    kept: Cache<(Key, Encoding), Arc<CachedResponse>>,
    /// Limits how many renderings run at once.
    renderers: Arc<Semaphore>,
}

impl ResponseCache {
    /// Creates a cache of at most so many bytes, whose responses are rendered by at most so many threads.
    pub(super) fn new(threads: usize, max_bytes: u64) -> Self {
        let weight = |key: &(Key, Encoding), response: &Arc<CachedResponse>| {
            u32::try_from(key.0.path.len() + response.bytes.len() + OVERHEAD).unwrap_or(u32::MAX)
        };
        // Least recently used, so that pages of a new revision displace those of an old one at once.
        let kept =
            Cache::builder().max_capacity(max_bytes).weigher(weight).eviction_policy(EvictionPolicy::lru()).build();
        Self { kept, renderers: Arc::new(Semaphore::new(threads.max(1))) }
    }

    /// Drops everything that was kept until now.
    pub(super) fn clear(&self) {
        self.kept.invalidate_all();
    }

    /// Returns a response that is kept, in an encoding or uncompressed.
    pub(super) async fn kept(&self, key: &Key) -> Option<Arc<CachedResponse>> {
        self.kept.get(&(key.clone(), Encoding::Identity)).await
    }

    /// Keeps a response that was made elsewhere.
    pub(super) async fn insert(&self, key: Key, response: CachedResponse) {
        self.kept.insert((key, Encoding::Identity), Arc::new(response)).await;
    }

    /// Returns the response for a key in an encoding. What is not kept is rendered once, however many ask for it.
    ///
    /// # Errors
    /// The response or redirect that is not cached.
    pub(super) async fn get(
        &self,
        key: Key,
        encoding: Encoding,
        render: impl FnOnce() -> Rendering + Send + 'static,
    ) -> Result<Arc<CachedResponse>, Arc<Uncached>> {
        let key = (key, encoding);
        if let Some(kept) = self.kept.get(&key).await {
            return Ok(kept);
        }
        let render = self.run(move || render().map(Arc::new));
        let plain = self.kept.try_get_with((key.0.clone(), Encoding::Identity), render).await?;
        if encoding == Encoding::Identity || !plain.is_compressible() {
            return Ok(plain);
        }
        let compressed = self.run(move || Arc::new(plain.encoded(encoding)));
        Ok(self.kept.get_with(key, compressed).await)
    }

    /// Runs work that computes or reads files on a thread that may be blocked. A panic goes on in the caller.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> T {
        let permit = self.renderers.clone().acquire_owned().await;
        let working = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        match working.await {
            Ok(result) => result,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

impl CachedResponse {
    /// Makes the uncompressed form.
    pub(super) fn new(status: u16, media_type: &'static str, cache: CachePolicy, body: Vec<u8>) -> Self {
        let hash = blake3::hash(&body).to_hex();
        let mut headers: HeaderMap = SECURITY_HEADERS.into_iter().collect();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(cache)));
        headers.insert(header::VARY, HeaderValue::from_static(vary(media_type)));
        // One weak tag for all encodings of the same text (RFC 9110 §8.8.1); what is between the quotes is always
        // valid.
        if let Ok(etag) = HeaderValue::try_from(format!("W/\"{}\"", &hash[..20])) {
            headers.insert(header::ETAG, etag);
        }
        if is_data(media_type) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            by_query: false,
            // It is kept for long, so no more memory than is used.
            bytes: Bytes::from(body.into_boxed_slice()),
            headers,
            is_text: compress::is_text(media_type),
        }
    }

    /// Returns whether a compressed form is worth its time.
    fn is_compressible(&self) -> bool {
        self.is_text && self.bytes.len() >= WORTH_COMPRESSING
    }

    /// Compresses the uncompressed form, if that is worth its time.
    pub(super) fn encoded(&self, encoding: Encoding) -> Self {
        let bytes = match encoding {
            Encoding::Gzip if self.is_compressible() => compress::gzip(&self.bytes),
            Encoding::Brotli if self.is_compressible() => compress::brotli(&self.bytes),
            _ => return self.clone(),
        };
        let mut headers = self.headers.clone();
        headers.extend(encoding.name().map(|name| (header::CONTENT_ENCODING, HeaderValue::from_static(name))));
        Self { bytes: Bytes::from(bytes), headers, ..self.clone() }
    }

    /// Answers a request with these headers: with 304 if the client has this response already.
    pub(super) fn respond(&self, request: &HeaderMap) -> Response {
        let mut headers = self.headers.clone();
        let condition = request.typed_get::<IfNoneMatch>().zip(self.headers.typed_get::<ETag>());
        if self.status == StatusCode::OK && condition.is_some_and(|(tags, own)| !tags.precondition_passes(&own)) {
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let mut response = Response::new(Body::from(self.bytes.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        response
    }
}

/// Turns the answer of the site into a response. It is kept if something was found.
pub(super) fn rendering(answer: Answer) -> Rendering {
    let Answer { status, media_type, cache, by_query, body } = answer;
    match body {
        site::Body::Redirect(to) => Err(Uncached::Redirect(to)),
        // Drawn before, where there is a cache for it.
        site::Body::Preview(svg) => Ok(CachedResponse::new(status, media_type, cache, preview::png(&svg))),
        site::Body::Bytes(bytes) => {
            let response = CachedResponse { by_query, ..CachedResponse::new(status, media_type, cache, bytes) };
            if status == 200 { Ok(response) } else { Err(Uncached::Response(Arc::new(response))) }
        }
    }
}

fn vary(media_type: &str) -> &'static str {
    let is_page = media_type.starts_with("text/html") || media_type.starts_with("text/markdown");
    if is_page { "accept, accept-encoding" } else { "accept-encoding" }
}

/// Returns whether a media type is of data for programs, which scripts of any site may read: all of it is public and
/// the same for everybody.
fn is_data(media_type: &str) -> bool {
    let data = ["application/json", "application/schema+json", "application/atom+xml", "text/calendar"];
    media_type.split(';').next().is_some_and(|essence| data.contains(&essence))
}

fn cache_control(policy: CachePolicy) -> &'static str {
    match policy {
        // Browsers keep the bytes and ask each time whether they are still current; the ETag makes that a short
        // answer.
        CachePolicy::Page => "no-cache",
        CachePolicy::Immutable => "public, max-age=31536000, immutable",
        CachePolicy::NoStore => "no-store",
    }
}
