//! The address of the whole site.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;

use crate::yaml::{Invalid, Scalar};

/// The address of the home page, for addresses that must be whole: `https://example.org/meetup/`. It ends with a
/// slash.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct BaseUrl(String);

/// Error for a text that is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no address of a site: write it as https://example.org/ or https://example.org/folder/")]
pub struct InvalidBaseUrl(String);

impl BaseUrl {
    /// Message for a site without one.
    pub const MISSING: &str = "no base URL is set, so there is no sitemap, and canonical links and previews do not work on \
         other sites; set it with --base-url, VDLM_BASE_URL or `base_url` in site.yaml";

    /// Returns the name of the host, without a port.
    pub fn host(&self) -> &str {
        let authority = self.0.split('/').nth(2).unwrap_or_default();
        let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
        &authority[..port.unwrap_or(authority.len())]
    }

    /// Returns whether visitors read the site over TLS.
    pub fn is_https(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// Returns the path of the home page on its host: `/`, `/meetup/`.
    pub fn path(&self) -> &str {
        let host = self.0.find("://").map_or(0, |at| at + 3);
        self.0[host..].find('/').map_or("/", |at| &self.0[host + at..])
    }

    /// Returns the whole address of a page, given its path in the site: `/talks/` gives
    /// `https://example.org/meetup/talks/`.
    pub fn of(&self, path: &str) -> String {
        format!("{}{}", self.0, path.trim_start_matches('/'))
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, InvalidBaseUrl> {
        let refused = || InvalidBaseUrl(text.to_owned());
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

impl Scalar for BaseUrl {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        text.parse().map_err(|error: InvalidBaseUrl| Invalid::new(error.to_string()))
    }

    fn placeholder() -> Self {
        Self("https://example.org/".to_owned())
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
        for (text, whole, path, host) in [
            ("https://example.org", "https://example.org/", "/", "example.org"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080/", "/", "127.0.0.1"),
            ("https://a.example/vdlm", "https://a.example/vdlm/", "/vdlm/", "a.example"),
            ("https://[::1]:80/a/b/", "https://[::1]:80/a/b/", "/a/b/", "[::1]"),
            ("https://[::1]/", "https://[::1]/", "/", "[::1]"),
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!((base.to_string().as_str(), base.path(), base.host()), (whole, path, host));
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
