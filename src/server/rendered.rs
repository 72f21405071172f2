//! A page as bytes, with its compressed forms and their headers, ready to be sent any number of times.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::accept;
use super::negotiate::{Accepted, Coding, Span, has_it, is_for_another};
use crate::compress::{self, WORTH_COMPRESSING, is_text};
use crate::pages::{CONTENT_POLICY, CachePolicy};

/// Headers of every answer.
pub(super) const ALWAYS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// The bytes of an answer in each form.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) status: StatusCode,
    /// Whether another query may give another answer.
    pub(super) by_query: bool,
    media_type: &'static str,
    cache: CachePolicy,
    /// The entity tag without quotes and what tells forms apart.
    hash: String,
    plain: Form,
    gzip: OnceLock<Form>,
    zstd: OnceLock<Form>,
    brotli: OnceLock<Form>,
}

/// Bytes as they go over the wire, with all of their headers.
#[derive(Debug)]
struct Form {
    bytes: Bytes,
    etag: HeaderValue,
    headers: HeaderMap,
}

/// Head and body of an answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
}

impl Reply {
    /// The answer with a body made of the bytes.
    pub(super) fn into_response<B>(self, body: impl FnOnce(Bytes) -> B) -> Response<B> {
        let mut response = Response::new(body(self.bytes));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}

impl Rendered {
    pub(super) fn new(status: u16, media_type: &'static str, cache: CachePolicy, body: Vec<u8>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let hash = blake3::hash(&body).to_hex()[..20].to_owned();
        // It stays as long as its edition, so no more of it than is used.
        let plain = Form::new(Coding::Plain, Bytes::from(body.into_boxed_slice()), media_type, cache, &hash);
        let (gzip, zstd, brotli) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { status, by_query: false, media_type, cache, hash, plain, gzip, zstd, brotli }
    }

    /// Says whether another query may give another answer.
    pub(super) fn by_query(self, by_query: bool) -> Self {
        Self { by_query, ..self }
    }

    /// The answer to a GET or HEAD with these headers. (HTTP leaves the body out of the answer to HEAD.)
    pub(super) fn reply(&self, request: &HeaderMap) -> Reply {
        let gains = is_text(self.media_type) && self.plain.bytes.len() >= WORTH_COMPRESSING;
        let Some(coding) = Accepted::read(request).choose(gains) else {
            return Reply { status: StatusCode::NOT_ACCEPTABLE, headers: HeaderMap::new(), bytes: Bytes::new() };
        };
        let form = self.form(coding);
        let (status, mut headers) = (self.status, form.headers.clone());
        if status != StatusCode::OK {
            headers.remove(header::ACCEPT_RANGES);
            return Reply { status, headers, bytes: form.bytes.clone() };
        }
        if is_for_another(request, &form.etag) {
            return Reply { status: StatusCode::PRECONDITION_FAILED, headers: HeaderMap::new(), bytes: Bytes::new() };
        }
        if has_it(request, &form.etag, &self.hash) {
            headers.remove(header::CONTENT_TYPE);
            headers.remove(header::CONTENT_ENCODING);
            return Reply { status: StatusCode::NOT_MODIFIED, headers, bytes: Bytes::new() };
        }
        match Span::read(request, &form.etag, form.bytes.len()) {
            Span::Whole => Reply { status, headers, bytes: form.bytes.clone() },
            Span::Part(range) => {
                let told = format!("bytes {}-{}/{}", range.start, range.end - 1, form.bytes.len());
                headers.extend(HeaderValue::try_from(told).map(|value| (header::CONTENT_RANGE, value)));
                Reply { status: StatusCode::PARTIAL_CONTENT, headers, bytes: form.bytes.slice(range) }
            }
            Span::Nothing => {
                let told = format!("bytes */{}", form.bytes.len());
                let headers = HeaderValue::try_from(told).map(|value| (header::CONTENT_RANGE, value)).into_iter().collect();
                Reply { status: StatusCode::RANGE_NOT_SATISFIABLE, headers, bytes: Bytes::new() }
            }
        }
    }

    /// The bytes as they were made.
    pub(super) fn plain(&self) -> &[u8] {
        &self.plain.bytes
    }

    /// A form, made at the first request for it. Writing to memory does not fail; if it did, the plain form would stand in.
    fn form(&self, coding: Coding) -> &Form {
        let make = |compress: fn(&[u8]) -> std::io::Result<Vec<u8>>| match compress(&self.plain.bytes) {
            Ok(bytes) => Form::new(coding, Bytes::from(bytes), self.media_type, self.cache, &self.hash),
            Err(_) => Form::new(Coding::Plain, self.plain.bytes.clone(), self.media_type, self.cache, &self.hash),
        };
        match coding {
            Coding::Plain => &self.plain,
            Coding::Gzip => self.gzip.get_or_init(|| make(compress::gzip)),
            Coding::Zstd => self.zstd.get_or_init(|| make(compress::zstd)),
            Coding::Brotli => self.brotli.get_or_init(|| make(compress::brotli)),
        }
    }
}

impl Form {
    fn new(coding: Coding, bytes: Bytes, media_type: &'static str, cache: CachePolicy, hash: &str) -> Self {
        // A hash in hexadecimal between quotes is always a valid header.
        let etag = HeaderValue::try_from(format!("\"{hash}{}\"", coding.suffix())).unwrap_or(HeaderValue::from_static("\"\""));
        let mut headers: HeaderMap = ALWAYS.map(|(name, value)| (name, HeaderValue::from_static(value))).into_iter().collect();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::VARY, HeaderValue::from_static(accept::vary(media_type)));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control(cache)));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if is_data(media_type) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        headers.extend(coding.name().map(|name| (header::CONTENT_ENCODING, HeaderValue::from_static(name))));
        Self { bytes, etag, headers }
    }
}

/// Whether an answer is data for programs, which scripts of any site may read: all of it is public and the same for everybody.
fn is_data(media_type: &str) -> bool {
    let of_data = ["application/json", "application/schema+json", "application/atom+xml", "text/calendar"];
    media_type.split(';').next().is_some_and(|essence| of_data.contains(&essence))
}

fn cache_control(policy: CachePolicy) -> &'static str {
    match policy {
        // Browsers keep the bytes and ask each time whether they still hold; the ETag makes that one short answer.
        CachePolicy::Page => "no-cache",
        CachePolicy::Immutable => "public, max-age=31536000, immutable",
        CachePolicy::NoStore => "no-store",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_made_once_and_only_where_they_gain() {
        let page = Rendered::new(200, "text/html; charset=utf-8", CachePolicy::Page, b"<p>hello</p>".repeat(500));
        for coding in ["gzip", "br", "zstd"] {
            let asked: HeaderMap = [(header::ACCEPT_ENCODING, HeaderValue::from_static(coding))].into_iter().collect();
            let (first, again) = (page.reply(&asked), page.reply(&asked));
            assert_eq!(first.headers[header::CONTENT_ENCODING], coding);
            assert!(first.bytes.len() < 500 && first.bytes.as_ptr() == again.bytes.as_ptr());
            let short = Rendered::new(200, "text/html; charset=utf-8", CachePolicy::Page, b"<p>hello</p>".to_vec());
            assert_eq!(short.reply(&asked).bytes, short.plain.bytes);
        }
        let picture = Rendered::new(200, "image/png", CachePolicy::Immutable, vec![0; 5000]);
        let asked = [(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))].into_iter().collect();
        assert_eq!(picture.reply(&asked).bytes.len(), 5000);
    }
}
