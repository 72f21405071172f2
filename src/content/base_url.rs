//! The address of the whole site.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use url::Url;

use crate::yaml::{Invalid, Scalar};

/// Address of the home page, for addresses that must be whole: `https://example.org/meetup/`. It ends with a slash.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
pub struct BaseUrl(#[schemars(with = "String", extend("format" = "uri"))] Url);

/// Error for a text that is no base URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the address of a site: write it as https://example.org/ or https://example.org/folder/")]
pub struct InvalidBaseUrl(String);

impl BaseUrl {
    /// Message for a site without one.
    pub const MISSING: &str = "no base URL is set, so canonical links, preview tags and the sitemap are left out; \
                               set it with --base-url, VDLM_BASE_URL or `base_url` in site.yaml";

    /// Returns the name of the host, without a port.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Returns whether visitors read the site over TLS.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Returns the path of the home page on its host: `/`, `/meetup/`.
    pub fn path(&self) -> &str {
        self.0.path()
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
        // The URL standard also reads `https:example.org` and `https:///example.org`, which are slips here.
        let has_host = text.split_once("://").is_some_and(|(_, rest)| !rest.starts_with('/'));
        let url = Url::parse(&format!("{}/", text.trim_end_matches('/'))).map_err(|_| refused())?;
        let is_plain = url.query().or(url.fragment()).is_none() && url.username().is_empty();
        // An empty part would make relative links count wrong.
        let is_counted = !url.path().contains("//");
        let fits = has_host && is_plain && is_counted && ["http", "https"].contains(&url.scheme());
        fits.then_some(Self(url)).ok_or_else(refused)
    }
}

impl Scalar for BaseUrl {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        text.parse().map_err(|error: InvalidBaseUrl| Invalid::new(error.to_string()))
    }

    fn placeholder() -> Self {
        Self(Url::parse("https://example.org/").expect("this is a URL"))
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
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
            ("HTTPS://Bücher.example", "https://xn--bcher-kva.example/", "/", "xn--bcher-kva.example"),
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
            "https:example.org",
            "https://me@a/",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text}");
        }
    }
}
