//! The path of a request, as it is meant.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// A path with its percent-encoding undone. `None` for one that no page can have and somebody may hope to be misread: it is not UTF-8,
/// steps up or stands still (`..`, `.`), or holds a control character, a backslash, or a slash that is encoded.
pub(super) fn decoded(path: &str) -> Option<Cow<'_, str>> {
    let hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let bytes = path.as_bytes();
    let mut escapes = (0..bytes.len()).filter(|at| bytes[*at] == b'%');
    if !escapes.all(|at| hex(bytes.get(at + 1)) && hex(bytes.get(at + 2))) {
        return None;
    }
    let meant = percent_decode_str(path).decode_utf8().ok()?;
    let same_steps = meant.matches('/').count() == path.matches('/').count();
    let sound =
        !meant.contains(|c: char| c.is_control() || c == '\\') && !meant.split('/').any(|step| step == ".." || step == ".");
    (meant.starts_with('/') && same_steps && sound).then_some(meant)
}

/// How a path is spelt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spelt<'a> {
    /// As the address of a page is; this is what it means.
    Well(Cow<'a, str>),
    /// With percent signs where none need be, or in small letters behind them; this is how it should be.
    Otherwise(String),
    /// As no path.
    Badly,
}

/// What may stand in a path as it is (RFC 3986 §3.3); slashes do.
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

/// How the path of a request is spelt, which RFC 3986 §6.2.2 calls its normal form.
pub(super) fn spelt(path: &str) -> Spelt<'_> {
    let Some(meant) = decoded(path) else { return Spelt::Badly };
    if matches!(meant, Cow::Borrowed(_)) {
        return Spelt::Well(meant);
    }
    let normal = encoded(&meant);
    if normal == path { Spelt::Well(meant) } else { Spelt::Otherwise(normal) }
}

/// The normal form of a path that means this.
pub(super) fn encoded(meant: &str) -> String {
    utf8_percent_encode(meant, ENCODED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_once_and_tricks_refused() {
        for (path, meant) in [
            ("/", Some("/")),
            ("/talks/", Some("/talks/")),
            ("/people/jan-schl%C3%BCter/", Some("/people/jan-schlüter/")),
            ("/a%20b/", Some("/a b/")),
            ("/%2541/", Some("/%41/")),
            ("/files/a..b/...", Some("/files/a..b/...")),
            ("//talks//", Some("//talks//")),
            ("/a%2Fb", None),
            ("/a%2fb", None),
            ("/a%5Cb", None),
            ("/a\\b", None),
            ("/files/../site.yaml", None),
            ("/files/%2e%2E/site.yaml", None),
            ("/./", None),
            ("/..", None),
            ("/people/%00/", None),
            ("/a%0d%0ab", None),
            ("/%7f", None),
            ("/%ff", None),
            ("/%c3", None),
            ("/%", None),
            ("/%4", None),
            ("/%zz", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(decoded(path).as_deref(), meant, "{path}");
        }
    }

    #[test]
    fn an_address_has_one_spelling() {
        for path in ["/", "/talks/", "/people/jan-schl%C3%BCter/", "/a%20b/", "/%2541/", "/a:b@c;d=e,f!$&'()*+~/"] {
            assert_eq!(spelt(path), Spelt::Well(decoded(path).unwrap()), "{path}");
        }
        for (path, normal) in [
            ("/%6Cab/", "/lab/"),
            ("/jan-schl%c3%bcter/", "/jan-schl%C3%BCter/"),
            ("/jan-schlüter%20/", "/jan-schl%C3%BCter%20/"),
            ("/%41%2541%3F%23/", "/A%2541%3F%23/"),
        ] {
            assert_eq!(spelt(path), Spelt::Otherwise(normal.to_owned()), "{path}");
            assert_eq!(spelt(normal), Spelt::Well(decoded(path).unwrap()), "{path}");
        }
        assert_eq!(spelt("/%zz"), Spelt::Badly);
    }
}
