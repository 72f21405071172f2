//! The form of an answer that a client prefers: `Accept-Encoding` and `Accept` (RFC 9110 §12.5).

use axum::http::{HeaderMap, HeaderName, header};

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Encoding {
    Identity,
    Gzip,
    Brotli,
}

impl Encoding {
    /// Returns the coding that a client likes best; of those it likes equally well, the one with the shortest result.
    pub(super) fn preferred(headers: &HeaderMap) -> Self {
        let weight = |names: &[&str]| weight(headers, header::ACCEPT_ENCODING, names).unwrap_or(0.0);
        let (brotli, gzip) = (weight(&["br", "*"]), weight(&["gzip", "*"]));
        // What is not listed may be sent, but is liked least.
        let identity = weight(&["identity"]);
        if brotli > 0.0 && brotli >= gzip.max(identity) {
            Encoding::Brotli
        } else if gzip > 0.0 && gzip >= identity {
            Encoding::Gzip
        } else {
            Encoding::Identity
        }
    }

    /// Returns the name in `Content-Encoding`.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Encoding::Identity => None,
            Encoding::Gzip => Some("gzip"),
            Encoding::Brotli => Some("br"),
        }
    }
}

/// Returns whether a client asks for Markdown by its name, which no browser does, and likes HTML no better.
pub(super) fn prefers_markdown(headers: &HeaderMap) -> bool {
    let Some(markdown) = weight(headers, header::ACCEPT, &["text/markdown"]) else { return false };
    let html = weight(headers, header::ACCEPT, &["text/html", "text/*", "*/*"]).unwrap_or(0.0);
    markdown > 0.0 && markdown >= html
}

/// Returns the weight of the first of some names that a header lists.
fn weight(headers: &HeaderMap, header: HeaderName, names: &[&str]) -> Option<f32> {
    let lines = headers.get_all(header).into_iter().filter_map(|line| line.to_str().ok());
    let items: Vec<(&str, f32)> = lines.flat_map(|line| line.split(',')).filter_map(weighted).collect();
    names.iter().find_map(|name| items.iter().find(|item| item.0.eq_ignore_ascii_case(name)).map(|item| item.1))
}

/// Splits `name;q=0.5`. An item with an invalid weight does not count.
fn weighted(item: &str) -> Option<(&str, f32)> {
    let mut parts = item.split(';').map(str::trim);
    let name = parts.next()?;
    let weight = match parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q="))) {
        Some(weight) => weight.parse().ok()?,
        None => 1.0,
    };
    (0.0..=1.0).contains(&weight).then_some((name, weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn the_encoding_liked_best_is_chosen() {
        use Encoding::{Brotli, Gzip, Identity};
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Brotli),
            ("gzip, deflate", Gzip),
            ("GZIP", Gzip),
            ("gzip;q=1.0, br;q=0", Gzip),
            ("gzip ; q=0.2 , br ;q=0.1", Gzip),
            ("br;q=0, *", Gzip),
            ("*", Brotli),
            ("identity;q=0.5, gzip;q=0.4", Identity),
            ("gzip;q=0, br;q=x", Identity),
            ("deflate", Identity),
            ("", Identity),
        ] {
            assert_eq!(Encoding::preferred(&headers(header::ACCEPT_ENCODING, accepted)), encoding, "{accepted}");
        }
        assert_eq!(Encoding::preferred(&HeaderMap::new()), Identity);
    }

    #[test]
    fn markdown_is_for_those_who_name_it() {
        for (accepted, markdown) in [
            ("text/markdown", true),
            ("Text/Markdown; charset=utf-8", true),
            ("text/markdown, text/html, */*", true),
            ("text/markdown;q=0.5, text/*;q=0.4", true),
            ("text/html, text/markdown;q=0.5", false),
            ("text/markdown;q=0.3, */*;q=0.8", false),
            ("text/markdown;q=0", false),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", false),
            ("*/*", false),
        ] {
            assert_eq!(prefers_markdown(&headers(header::ACCEPT, accepted)), markdown, "{accepted}");
        }
    }
}
