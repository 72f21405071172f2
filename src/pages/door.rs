//! Through which door a page is read, and under which address its site is.

use std::fmt;
use std::str::FromStr;

/// How a page reaches its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Door {
    /// From the live server: it answers queries, and its pages are of today.
    #[default]
    Live,
    /// From a file that a static host sends, or a browser opens from disk, perhaps long after it was written. Nothing answers a query,
    /// so there is no form; what will turn false with time says as of which day it is true.
    Export,
}

/// The `Content-Security-Policy` of pages. It allows what they use and nothing else: their own style sheets, scripts, pictures and fonts,
/// and forms that lead back here.
pub const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; \
                                  connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy for a `meta` element: what browsers heed there. `frame-ancestors` counts in a header only (CSP 3 §3.3).
pub(super) fn policy_in_page() -> &'static str {
    CONTENT_POLICY.split_once("; frame-ancestors").map_or(CONTENT_POLICY, |(before, _)| before)
}

/// The address of the home page, for addresses that must be whole: `https://example.org/meetup/`. It ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// Why a text is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address of a site: write it as https://example.org/ or https://example.org/folder/")]
pub struct NoBaseUrl(String);

impl BaseUrl {
    /// The path of the home page on its host: `/`, `/meetup/`.
    pub fn path(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        self.0[host..].find('/').map_or("/", |at| &self.0[host + at..])
    }

    /// The whole address of a page, given its path in the site: `/talks/` gives `https://example.org/meetup/talks/`.
    pub fn of(&self, path: &str) -> String {
        format!("{}{}", self.0, path.trim_start_matches('/'))
    }
}

impl FromStr for BaseUrl {
    type Err = NoBaseUrl;

    fn from_str(text: &str) -> Result<Self, NoBaseUrl> {
        let refused = || NoBaseUrl(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(refused)?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let of_host = |c: char| c.is_ascii_alphanumeric() || ".-:[]".contains(c);
        let of_path = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@%/".contains(c);
        // Empty steps and dots would make relative links count wrong.
        let steps = path.trim_end_matches('/').split('/').all(|step| !["", ".", ".."].contains(&step));
        let fine = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
            && !host.is_empty()
            && host.chars().all(of_host)
            && path.chars().all(of_path)
            && (steps || path.is_empty());
        if !fine {
            return Err(refused());
        }
        Ok(Self(format!("{}/", text.trim_end_matches('/'))))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_ends_with_one_slash_and_knows_its_path() {
        for (text, whole, path) in [
            ("https://example.org", "https://example.org/", "/"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "/"),
            ("https://a.example/vdlm", "https://a.example/vdlm/", "/vdlm/"),
            ("https://a.example/a/b/", "https://a.example/a/b/", "/a/b/"),
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!((base.to_string().as_str(), base.path()), (whole, path));
            assert_eq!(base.of("/talks/"), format!("{whole}talks/"));
        }
    }

    #[test]
    fn what_is_no_address_of_a_site_is_refused() {
        for text in [
            "",
            "example.org",
            "/sub/",
            "ftp://example.org/",
            "https://",
            "https:///x",
            "https://a b/",
            "https://a/?q",
            "https://a/#x",
            "https://a/x//y/",
            "https://a/../",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
