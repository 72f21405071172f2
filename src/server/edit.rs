//! What organisers see in pages on their own machine: problems, and changes as they are saved.
//!
//! It is added to the bytes of a page on their way out, so that everybody else gets the page as it is exported.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};

use crate::html::escape;
use crate::problem::{Level, Problem};

/// The script that fetches a page anew when the content has changed.
pub(super) const SCRIPT: &str = include_str!("edit.js");
/// Its address; the part before it can be no page, because slugs hold no lone dash.
pub(super) const SCRIPT_PATH: &str = "/-/edit.js";
/// The address of the event stream that tells of changes.
pub(super) const STREAM_PATH: &str = "/-/changes";

/// Whether a request comes from a person at this machine and not through a proxy: the address, no header that proxies
/// add, and a host name that means this machine.
pub(super) fn is_local(peer: IpAddr, headers: &HeaderMap) -> bool {
    peer.is_loopback() && names_this_machine(headers) && !PROXIES_ADD.iter().any(|name| headers.contains_key(*name))
}

/// Headers that proxies add.
const PROXIES_ADD: [&str; 4] = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];

fn names_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let name =
        host.strip_suffix(|c: char| c.is_ascii_digit()).map_or(host, |_| host.rsplit_once(':').map_or(host, |(name, _)| name));
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|here| name.eq_ignore_ascii_case(here))
}

/// The page with the script and the list of problems before the end of its body.
pub(super) fn annotate(page: Vec<u8>, problems: &[Problem], revision: u64) -> Vec<u8> {
    const END: &[u8] = b"</body>";
    let Some(at) = page.windows(END.len()).rposition(|window| window == END) else { return page };
    let mut out = page[..at].to_vec();
    out.extend(panel(problems).into_bytes());
    out.extend(format!(r#"<script type="module" src="{SCRIPT_PATH}" data-revision="{revision}"></script>"#).into_bytes());
    out.extend(&page[at..]);
    out
}

/// The problems that need somebody: errors and warnings. Hints are for `vdlm check`.
fn panel(problems: &[Problem]) -> String {
    let shown: Vec<&Problem> = problems.iter().filter(|problem| problem.level != Level::Hint).collect();
    if shown.is_empty() {
        return r#"<aside id="problems" hidden></aside>"#.to_owned();
    }
    let errors = shown.iter().filter(|problem| problem.level == Level::Error).count();
    let mut out =
        String::from(r#"<aside id="problems" class="problems" aria-label="Problems in the content"><details open><summary>"#);
    out.push_str(&summary(errors, shown.len() - errors));
    out.push_str("</summary>");
    for problem in shown {
        out.push_str(&format!("<pre class=\"{}\" tabindex=\"0\">{}</pre>", problem.level, escape(&problem.render(false))));
    }
    out.push_str("</details></aside>");
    out
}

fn summary(errors: usize, warnings: usize) -> String {
    match (errors, warnings) {
        (0, warnings) => Level::Warning.counted(warnings),
        (errors, 0) => format!("{}: visitors still see the last good version", Level::Error.counted(errors)),
        (errors, warnings) => format!("{} and {}", Level::Error.counted(errors), Level::Warning.counted(warnings)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{Place, SourceFile};

    fn headers(host: &str, more: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        for (name, value) in more {
            headers.insert(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_people_at_this_machine_are_local() {
        let here: IpAddr = [127, 0, 0, 1].into();
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost", "LocalHost:3000"] {
            assert!(is_local(here, &headers(host, &[])), "{host}");
        }
        assert!(!is_local([192, 168, 1, 2].into(), &headers("127.0.0.1:3000", &[])));
        assert!(!is_local(here, &headers("vdlm.example", &[])));
        assert!(!is_local(here, &headers("localhost:3000", &[("x-forwarded-for", "1.2.3.4")])));
    }

    #[test]
    fn what_the_yaml_says_is_shown_and_not_obeyed() {
        let file = SourceFile::new("a.yaml", "venue: <script>alert(1)</script>\n");
        let place = Place { file, line: 1, column: 8, width: 5 };
        let problem = Problem::error(place, "unknown venue `<script>alert(1)</script>`");
        let page = annotate(b"<html><body><p>x</p></body></html>".to_vec(), &[problem], 3);
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains("&lt;script&gt;alert(1)"), "{page}");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.ends_with("</script></body></html>"));
    }
}
