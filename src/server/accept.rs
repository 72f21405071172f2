//! Whether a client would rather have the Markdown of a page than its HTML: `Accept` of RFC 9110 §12.5.1.

use axum::http::{HeaderMap, header};

/// Value of `Vary` for an answer of this media type: what pages are chosen by, and what everything else is.
pub(super) fn vary(media_type: &str) -> &'static str {
    let page = media_type.starts_with("text/html") || media_type.starts_with("text/markdown");
    if page { "accept, accept-encoding" } else { "accept-encoding" }
}

/// Whether Markdown is asked for: by its name, which no browser does, and HTML is liked no better. `*/*` and `text/*` mean the page as
/// everybody knows it.
pub(super) fn wants_markdown(headers: &HeaderMap) -> bool {
    let items = || {
        let lines = headers.get_all(header::ACCEPT).into_iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).filter_map(item)
    };
    let liking = |range: &str| items().filter(|(name, _)| name.eq_ignore_ascii_case(range)).map(|(_, weight)| weight).max();
    let Some(markdown) = liking("text/markdown") else { return false };
    // The most specific range counts.
    let html = liking("text/html").or_else(|| liking("text/*")).or_else(|| liking("*/*")).unwrap_or(0);
    markdown > 0 && markdown >= html
}

/// A media range and its weight in thousandths. An item whose weight is none does not count.
fn item(text: &str) -> Option<(&str, u16)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    // Other parameters, such as a charset, make no difference: there is one form of each type.
    let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let weight = weight.map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
    (0.0..=1.0).contains(&weight).then(|| (name, (weight * 1000.0).round() as u16))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn markdown_is_for_those_who_name_it() {
        for (accept, markdown) in [
            ("text/markdown", true),
            ("Text/Markdown; charset=utf-8", true),
            ("text/markdown, text/html;q=0.9, */*;q=0.1", true),
            ("text/markdown, text/html, */*", true),
            ("text/html;q=0.2, text/markdown;q=0.25", true),
            ("text/markdown;q=0.5, text/*;q=0.4", true),
            ("text/html, text/markdown;q=0.5", false),
            ("text/markdown;q=0.3, */*;q=0.8", false),
            ("text/markdown;q=0", false),
            ("text/markdown;q=0, */*", false),
            ("text/markdown;q=2", false),
            ("text/markdown;q=x", false),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", false),
            ("*/*", false),
            ("text/*", false),
            ("text/plain", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_str(accept).unwrap())]);
            assert_eq!(wants_markdown(&headers), markdown, "{accept}");
        }
        assert!(!wants_markdown(&HeaderMap::new()));
        let lines = ["text/html;q=0.5", "text/markdown"].map(|line| (header::ACCEPT, HeaderValue::from_static(line)));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        assert!(wants_markdown(&headers), "several lines are one list");
    }
}
