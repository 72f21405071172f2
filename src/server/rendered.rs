//! A page as bytes, with its compressed forms, ready to be sent any number of times.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::HeaderValue;

use crate::compress::{self, is_text};
use crate::pages::CachePolicy;

/// Shorter answers gain nothing by compression: they fit one packet anyway.
const WORTH_COMPRESSING: usize = 1024;
/// The bytes of an answer.
#[derive(Debug)]
pub(super) struct Rendered {
    pub(super) status: u16,
    pub(super) media_type: &'static str,
    pub(super) cache: CachePolicy,
    pub(super) etag: HeaderValue,
    plain: Bytes,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

/// A form in which bytes can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Gzip,
    Brotli,
}

impl Coding {
    /// The best form that an `Accept-Encoding` header allows (RFC 9110 §12.5.3); `q=0` forbids one.
    pub(super) fn accepted(header: &str) -> Self {
        let allows = |name: &str| {
            header.split(',').any(|item| {
                let mut parts = item.split(';').map(str::trim);
                let named = parts.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name));
                let forbidden = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32)));
                named && !forbidden
            })
        };
        match (allows("br"), allows("gzip")) {
            (true, _) => Coding::Brotli,
            (_, true) => Coding::Gzip,
            _ => Coding::Plain,
        }
    }

    pub(super) fn header(self) -> Option<HeaderValue> {
        match self {
            Coding::Plain => None,
            Coding::Gzip => Some(HeaderValue::from_static("gzip")),
            Coding::Brotli => Some(HeaderValue::from_static("br")),
        }
    }
}

impl Rendered {
    pub(super) fn new(status: u16, media_type: &'static str, cache: CachePolicy, body: Vec<u8>) -> Self {
        let digest = blake3::hash(&body).to_hex();
        // A hash in hexadecimal between quotes is always a valid header.
        let etag = HeaderValue::from_str(&format!("\"{}\"", &digest[..20])).unwrap_or(HeaderValue::from_static("\"\""));
        let plain = Bytes::from(body);
        Self { status, media_type, cache, etag, plain, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// The bytes in a form, made at the first request for it, and the form that they really have.
    pub(super) fn body(&self, coding: Coding) -> (Bytes, Coding) {
        let coding = if is_text(self.media_type) && self.plain.len() >= WORTH_COMPRESSING { coding } else { Coding::Plain };
        let bytes = match coding {
            Coding::Plain => &self.plain,
            Coding::Gzip => self.gzip.get_or_init(|| compressed(compress::gzip(&self.plain), &self.plain)),
            Coding::Brotli => self.brotli.get_or_init(|| compressed(compress::brotli(&self.plain), &self.plain)),
        };
        // Plain bytes that stand in must not be called compressed.
        let coding = if bytes.as_ptr() == self.plain.as_ptr() { Coding::Plain } else { coding };
        (bytes.clone(), coding)
    }
}

/// Writing to memory does not fail; if it did, the plain bytes would stand in.
fn compressed(bytes: std::io::Result<Vec<u8>>, plain: &Bytes) -> Bytes {
    bytes.map_or_else(|_| plain.clone(), Bytes::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_allowed_coding_is_chosen() {
        for (header, coding) in [
            ("gzip, deflate, br, zstd", Coding::Brotli),
            ("gzip;q=1.0, br;q=0", Coding::Gzip),
            ("GZIP", Coding::Gzip),
            ("identity", Coding::Plain),
            ("", Coding::Plain),
        ] {
            assert_eq!(Coding::accepted(header), coding, "{header}");
        }
    }

    #[test]
    fn compressed_forms_are_smaller_and_short_ones_stay_plain() {
        let page = Rendered::new(200, "text/html; charset=utf-8", CachePolicy::Page, b"<p>hello</p>".repeat(500));
        for coding in [Coding::Gzip, Coding::Brotli] {
            let (bytes, got) = page.body(coding);
            assert_eq!(got, coding);
            assert!(bytes.len() < 500, "{}", bytes.len());
        }
        let short = Rendered::new(200, "text/html; charset=utf-8", CachePolicy::Page, b"<p>hello</p>".to_vec());
        assert_eq!(short.body(Coding::Brotli).1, Coding::Plain);
    }
}
