//! The head of a request: client, scheme and path, checked before anything is answered.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, StatusCode, Uri, Version, header};
use axum::response::{IntoResponse, Response};
use axum_extra::headers::{HeaderMapExt, Host};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::limits::client_network;
use super::options::Options;
use super::responses::redirect;
use crate::site::BaseUrl;

/// Maximum length of a path with its query, in bytes. RFC 9110 §4.1 asks for at least 8000.
const MAX_TARGET: usize = 8192;
/// Maximum length of all headers together, in bytes.
const MAX_HEADERS: usize = 32 << 10;
/// Headers that proxies add.
const PROXY_HEADERS: [&str; 4] = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];
/// Characters that are percent-encoded in a path (RFC 3986 §3.3).
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Facts about a request, for handlers.
#[derive(Debug, Clone)]
pub(super) struct RequestContext {
    /// The client's address, or network for IPv6.
    pub(super) client: IpAddr,
    pub(super) scheme: Scheme,
    /// Set if it comes from a person at this machine and through no proxy.
    pub(super) is_local: bool,
    /// The path, percent-decoded.
    pub(super) path: String,
}

/// The protocol between a visitor's browser and this site, or the proxy in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    Http,
    Https,
}

impl RequestContext {
    /// Reads the head of a request.
    ///
    /// # Errors
    /// When the request is refused, or leads to the canonical form of its path.
    pub(super) fn new(
        (uri, version, headers): (&Uri, Version, &HeaderMap),
        peer: SocketAddr,
        options: &Options,
        base: Option<&BaseUrl>,
    ) -> (Scheme, Result<Self, Response>) {
        let is_proxy = options.trusts(peer.ip());
        let scheme = scheme(headers, is_proxy, base);
        let context = match check_head(uri, version, headers) {
            Ok(Path::Canonical(path)) => Ok(Self {
                client: client_network(client(headers, peer.ip(), options)),
                scheme,
                is_local: is_local(peer.ip(), headers),
                path: path.into_owned(),
            }),
            Ok(Path::Other(canonical)) => Err(redirect(&canonical, uri.query().unwrap_or(""))),
            Err(status) => Err(status.into_response()),
        };
        (scheme, context)
    }
}

/// Refuses heads that are too long, and those that do not name one host (RFC 9112 §3.2) and a path.
fn check_head<'a>(uri: &'a Uri, version: Version, headers: &HeaderMap) -> Result<Path<'a>, StatusCode> {
    if uri.path_and_query().map_or(0, |target| target.as_str().len()) > MAX_TARGET {
        return Err(StatusCode::URI_TOO_LONG);
    }
    if headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>() > MAX_HEADERS {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    let hosts = headers.get_all(header::HOST).iter().count();
    let valid_host =
        headers.get(header::HOST).is_none_or(|host| host.is_empty() || headers.typed_get::<Host>().is_some());
    let has_user_info = headers.get(header::HOST).is_some_and(|host| host.as_bytes().contains(&b'@'));
    if hosts > 1 || hosts == 0 && version >= Version::HTTP_11 || !valid_host || has_user_info {
        return Err(StatusCode::BAD_REQUEST);
    }
    Path::parse(uri.path()).ok_or(StatusCode::BAD_REQUEST)
}

/// Returns how the client speaks with the first proxy before this server, or else what the base URL says.
fn scheme(headers: &HeaderMap, is_proxy: bool, base: Option<&BaseUrl>) -> Scheme {
    let forwarded = is_proxy.then(|| headers.get("x-forwarded-proto")).flatten();
    let first = forwarded.and_then(|list| list.as_bytes().split(|byte| *byte == b',').next());
    let is_https = match first {
        Some(first) => first.trim_ascii().eq_ignore_ascii_case(b"https"),
        None => base.is_some_and(BaseUrl::is_https),
    };
    if is_https { Scheme::Https } else { Scheme::Http }
}

/// Returns the address that a request comes from. Each proxy adds its client at the end of a list, so the last entry
/// that is no trusted proxy counts; what stands before it has been written by anybody.
fn client(headers: &HeaderMap, peer: IpAddr, options: &Options) -> IpAddr {
    if !options.trusts(peer) {
        return peer;
    }
    let lines = headers.get_all("x-forwarded-for").into_iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let addresses = entries.iter().rev().map_while(|entry| entry.parse::<IpAddr>().ok());
    let mut farthest = peer;
    for address in addresses {
        farthest = address;
        if !options.trusts(address) {
            break;
        }
    }
    farthest
}

/// Returns whether a request comes from a person at this machine and not through a proxy: from a loopback address,
/// with a host name that means this machine, and without a header that proxies add.
fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.is_loopback()
        && headers.typed_get::<Host>().is_some_and(|host| is_local_name(host.hostname()))
        && !PROXY_HEADERS.iter().any(|name| headers.contains_key(*name))
}

fn is_local_name(name: &str) -> bool {
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| name.eq_ignore_ascii_case(local))
}

/// Returns whether a request names this server as its host. A browser takes the name from the address bar, so a page
/// of another site, whose name somebody has pointed at this server (DNS rebinding), gives itself away.
pub(super) fn names_this_server(headers: &HeaderMap, listening: IpAddr, base: Option<&BaseUrl>) -> bool {
    let Some(host) = headers.typed_get::<Host>() else {
        return false;
    };
    let name = host.hostname();
    // An address is no name, so nobody can point it elsewhere.
    let by_address =
        name.trim_matches(['[', ']']).parse().is_ok_and(|ip: IpAddr| listening.is_unspecified() || ip == listening);
    is_local_name(name) || by_address || base.is_some_and(|base| base.host().eq_ignore_ascii_case(name))
}

/// The path of a request.
#[derive(Debug, PartialEq, Eq)]
enum Path<'a> {
    /// In its canonical form; this is what it means, percent-decoded.
    Canonical(Cow<'a, str>),
    /// In another form of this canonical one.
    Other(String),
}

impl<'a> Path<'a> {
    /// Decodes a path. Returns `None` for one that no page has and that somebody may hope to be misread: not UTF-8,
    /// with `.` or `..` as a segment, with a control character, a backslash, or an encoded slash.
    fn parse(path: &'a str) -> Option<Self> {
        let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
        let bytes = path.as_bytes();
        let mut escapes = (0..bytes.len()).filter(|at| bytes[*at] == b'%');
        let valid_escapes = escapes.all(|at| hex(bytes.get(at + 1)) && hex(bytes.get(at + 2)));
        let decoded = percent_decode_str(path).decode_utf8().ok().filter(|_| valid_escapes && path.starts_with('/'))?;
        let same_segments = decoded.matches('/').count() == path.matches('/').count();
        let unsafe_char = |c: char| c.is_control() || c == '\\';
        if !same_segments || decoded.contains(unsafe_char) || decoded.split('/').any(|step| step == "." || step == "..")
        {
            return None;
        }
        let canonical = canonical_path(&decoded);
        // Most paths need no encoding and are decoded to themselves.
        Some(if canonical == path { Path::Canonical(decoded) } else { Path::Other(canonical) })
    }
}

/// Encodes a path in its canonical form (RFC 3986 §6.2.2), with single slashes.
pub(super) fn canonical_path(decoded: &str) -> String {
    let mut encoded = utf8_percent_encode(decoded, ENCODED).to_string();
    while encoded.contains("//") {
        encoded = encoded.replace("//", "/");
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_people_at_this_machine_are_local() {
        let loopback: IpAddr = [127, 0, 0, 1].into();
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost", "LocalHost:3000"] {
            assert!(is_local(loopback, &headers(&[("host", host)])), "{host}");
        }
        assert!(!is_local([192, 168, 1, 2].into(), &headers(&[("host", "127.0.0.1:3000")])));
        assert!(!is_local(loopback, &headers(&[("host", "vdlm.example")])));
        assert!(!is_local(loopback, &headers(&[("host", "localhost:3000"), ("x-forwarded-for", "1.2.3.4")])));
    }

    #[test]
    fn only_trusted_proxies_name_their_clients() {
        let options = Options { proxies: vec![[192, 0, 2, 7].into()], ..Options::default() };
        let named = |peer: [u8; 4], list: &str| {
            client(&headers(&[("x-forwarded-for", list)]), peer.into(), &options).to_string()
        };
        assert_eq!(named([127, 0, 0, 1], "198.51.100.1"), "198.51.100.1");
        assert_eq!(named([192, 0, 2, 7], "203.0.113.9, 198.51.100.1"), "198.51.100.1");
        assert_eq!(named([127, 0, 0, 1], "203.0.113.9, 198.51.100.1, 192.0.2.7"), "198.51.100.1");
        assert_eq!(
            named([127, 0, 0, 1], "x, 203.0.113.9"),
            "203.0.113.9",
            "a client cannot spoil the proxy's own entry"
        );
        assert_eq!(named([127, 0, 0, 1], "127.0.0.1"), "127.0.0.1");
        assert_eq!(named([127, 0, 0, 1], "unknown"), "127.0.0.1");
        assert_eq!(named([192, 0, 2, 8], "198.51.100.1"), "192.0.2.8", "anybody can write a header");
    }

    #[test]
    fn a_host_that_was_pointed_here_is_not_this_server() {
        let base: BaseUrl = "https://vdlm.example/".parse().unwrap();
        let own = |host: &str, listening: [u8; 4]| {
            names_this_server(&headers(&[("host", host)]), listening.into(), Some(&base))
        };
        for host in ["localhost:3000", "127.0.0.1:3000", "vdlm.example", "VDLM.example:443", "192.0.2.1:3000"] {
            assert!(own(host, [192, 0, 2, 1]), "{host}");
        }
        for host in ["evil.example:3000", "vdlm.example.evil.example", "192.0.2.9", "", "127.0.0.1.evil.example"] {
            assert!(!own(host, [192, 0, 2, 1]), "{host}");
        }
        assert!(own("192.0.2.9:3000", [0, 0, 0, 0]) && !own("evil.example", [0, 0, 0, 0]));
    }

    #[test]
    fn paths_are_decoded_once_and_tricks_refused() {
        for (path, meant) in [
            ("/", "/"),
            ("/people/jan-schl%C3%BCter/", "/people/jan-schlüter/"),
            ("/a%20b/", "/a b/"),
            ("/%2541/", "/%41/"),
            ("/files/a..b/...", "/files/a..b/..."),
            ("/a:b@c;d=e,f!$&'()*+~/", "/a:b@c;d=e,f!$&'()*+~/"),
        ] {
            assert_eq!(Path::parse(path), Some(Path::Canonical(meant.into())), "{path}");
        }
        for (path, canonical) in [
            ("/%6Cab/", "/lab/"),
            ("/jan-schl%c3%bcter/", "/jan-schl%C3%BCter/"),
            ("/%41%2541%3F%23/", "/A%2541%3F%23/"),
            ("//evil.example/", "/evil.example/"),
            ("/talks///", "/talks/"),
        ] {
            assert_eq!(Path::parse(path), Some(Path::Other(canonical.to_owned())), "{path}");
        }
        for path in [
            "/a%2Fb",
            "/a%5Cb",
            "/a\\b",
            "/files/../site.yaml",
            "/files/%2e%2E/site.yaml",
            "/./",
            "/..",
            "/people/%00/",
            "/a%0d%0ab",
            "/%7f",
            "/%ff",
            "/%c3",
            "/%",
            "/%4",
            "/%zz",
            "*",
            "",
        ] {
            assert_eq!(Path::parse(path), None, "{path}");
        }
    }
}
