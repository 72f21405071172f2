//! Visitors: a token in a cookie, a network address, and the check that a request comes from this site.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue};
use axum_extra::headers::{Cookie, HeaderMapExt};

use super::context::Scheme;

/// The cookie with the token. It says nothing of its owner but that it is the same browser.
const COOKIE: &str = "vdlm-visitor";
/// Lifetime of the cookie in seconds: a week, longer than any run.
const MAX_AGE: u32 = 7 * 24 * 3600;

/// A person who starts runs, as far as the server can tell people apart.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// Hash of the token: compared in constant time, and useless to whoever reads it.
    token: blake3::Hash,
    pub(super) address: IpAddr,
}

impl Visitor {
    pub(super) fn new(token: &str, address: IpAddr) -> Self {
        Self { token: blake3::hash(token.as_bytes()), address }
    }

    /// Returns whether both have the same token.
    pub(super) fn is(&self, other: &Visitor) -> bool {
        self.token == other.token
    }

    /// Returns the visitor whose token a request has.
    pub(super) fn known(headers: &HeaderMap, address: IpAddr) -> Option<Self> {
        let cookies = headers.typed_get::<Cookie>()?;
        cookies.get(COOKIE).filter(|token| token.len() == 32).map(|token| Self::new(token, address))
    }

    /// Creates a visitor, and the cookie to be set.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub(super) fn create(scheme: Scheme, address: IpAddr) -> std::io::Result<(Self, HeaderValue)> {
        let mut bytes = [0; 16];
        rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
        let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let secure = if scheme == Scheme::Https { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={token}; Path=/lab/; Max-Age={MAX_AGE}; HttpOnly; SameSite=Lax{secure}");
        let cookie = HeaderValue::from_str(&cookie).map_err(std::io::Error::other)?;
        Ok((Self::new(&token, address), cookie))
    }
}

/// Returns whether a request that changes something was made by a page of this site, or by no page at all.
///
/// Browsers say so in `Sec-Fetch-Site` (Fetch Metadata); those that do not, send an `Origin` with every POST (Fetch
/// §3.2).
pub(super) fn is_same_origin(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return ["same-origin", "none"].contains(&site);
    }
    match (text("origin"), text("host")) {
        (None, _) => true,
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, of)| of.eq_ignore_ascii_case(host)),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_pages_of_this_site_may_ask_for_changes() {
        for (pairs, fine) in [
            (vec![("sec-fetch-site", "same-origin"), ("origin", "https://other.example")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
            (vec![("origin", "http://vdlm.example:3000"), ("host", "vdlm.example:3000")], true),
            (vec![("origin", "http://vdlm.example"), ("host", "vdlm.example:3000")], false),
            (vec![("origin", "null"), ("host", "vdlm.example")], false),
            (vec![("host", "vdlm.example")], true),
        ] {
            assert_eq!(is_same_origin(&headers(&pairs)), fine, "{pairs:?}");
        }
    }

    #[test]
    fn a_visitor_comes_back_by_the_cookie_and_nobody_else_does() {
        let here: IpAddr = [127, 0, 0, 1].into();
        let (first, cookie) = Visitor::create(Scheme::Http, here).unwrap();
        let cookie = cookie.to_str().unwrap();
        assert!(
            cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"),
            "{cookie}"
        );
        let sent = format!("a=b; {}", cookie.split(';').next().unwrap());
        let again = Visitor::known(&headers(&[("cookie", &sent)]), here).unwrap();
        assert!(again.is(&first));
        assert!(!Visitor::create(Scheme::Http, here).unwrap().0.is(&first));
        assert!(Visitor::known(&headers(&[("cookie", "vdlm-visitor=")]), here).is_none());
        let (_, cookie) = Visitor::create(Scheme::Https, here).unwrap();
        assert!(cookie.to_str().unwrap().ends_with("Secure"));
    }
}
