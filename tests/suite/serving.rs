//! The server's headers, forms and parts, as they go over the wire.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::server::{Answer, PATIENCE, Server};

const ELSEWHERE: (&str, &str) = ("host", "vdlm.example");

pub(crate) fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends bytes and gives all that comes back until the server closes.
pub(crate) fn exchange(server: &Server, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(server);
    // Whoever sends too much may be cut off before it is all gone.
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// The status line and headers of a raw answer, and its body.
pub(crate) fn split(answer: &[u8]) -> (String, Vec<u8>) {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
    (String::from_utf8(answer[..at].to_vec()).unwrap(), answer[at + 4..].to_vec())
}

pub(crate) fn raw(server: &Server, method: &str, path: &str, headers: &str) -> (String, Vec<u8>) {
    let request = format!("{method} {path} HTTP/1.1\r\nhost: vdlm.example\r\nconnection: close\r\n{headers}\r\n");
    split(&exchange(server, request.as_bytes()))
}

pub(crate) fn status(head: &str) -> u16 {
    head.split(' ').nth(1).unwrap().parse().unwrap()
}

fn decode(coding: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match coding {
        "gzip" => libflate::gzip::Decoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
        "br" => brotli_decompressor::Decompressor::new(bytes, 4096).read_to_end(&mut plain).unwrap(),
        "zstd" => ruzstd::decoding::StreamingDecoder::new(bytes).unwrap().read_to_end(&mut plain).unwrap(),
        _ => bytes.to_vec().as_slice().read_to_end(&mut plain).unwrap(),
    };
    plain
}

#[test]
fn each_form_is_the_page_and_has_its_own_tag() {
    let server = Server::start(&["--no-experiments"]);
    let (_, plain) = raw(&server, "GET", "/talks/", "");
    let mut tags = std::collections::BTreeSet::new();
    for (accepted, coding) in [
        ("identity", ""),
        ("gzip", "gzip"),
        ("zstd, gzip", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("br;q=0, zstd;q=0, *", "gzip"),
        ("*;q=0, zstd", "zstd"),
        ("deflate", ""),
    ] {
        // Once from the router and once from memory.
        for _ in 0..2 {
            let (head, body) = raw(&server, "GET", "/talks/", &format!("accept-encoding: {accepted}\r\n"));
            let name = head.lines().find_map(|line| line.strip_prefix("content-encoding: ")).unwrap_or("");
            assert_eq!((name, status(&head)), (coding, 200), "{accepted}");
            assert!(head.contains("vary: accept, accept-encoding"), "{head}");
            assert!(decode(name, &body) == plain, "{accepted}");
            let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap();
            tags.insert((etag.to_owned(), coding));
        }
    }
    assert_eq!(tags.len(), 4, "a tag for each form: {tags:?}");
    let (head, body) = raw(&server, "GET", "/talks/", "accept-encoding: identity;q=0, *;q=0\r\n");
    assert_eq!(status(&head), 406);
    assert!(String::from_utf8_lossy(&body).contains("No form of this page will do"));
}

#[test]
fn tags_strong_weak_and_in_lists_spare_the_body() {
    let server = Server::start(&["--no-experiments"]);
    let ask = |headers: &[(&str, &str)]| server.request("GET", "/talks/", &[&[ELSEWHERE], headers].concat());
    let plain = ask(&[]).header("etag").to_owned();
    let gzip = ask(&[("accept-encoding", "gzip")]).header("etag").to_owned();
    for (tags, coding, expected) in [
        (plain.clone(), "identity", 304),
        (format!("W/{plain}"), "identity", 304),
        (format!("\"x\", W/\"y\", {plain}"), "identity", 304),
        ("*".to_owned(), "identity", 304),
        (format!("W/{plain}"), "gzip", 304),
        (gzip.clone(), "gzip", 304),
        (gzip, "identity", 200),
        (plain, "gzip", 200),
        ("\"x\"".to_owned(), "identity", 200),
    ] {
        let answer = ask(&[("if-none-match", &tags), ("accept-encoding", coding)]);
        assert_eq!((answer.status, answer.body.is_empty()), (expected, expected == 304), "{tags} {coding}");
        assert!(!answer.header("etag").is_empty() && answer.header("cache-control") == "no-cache");
        // The length of nothing is not that of the page.
        let head = format!("if-none-match: {tags}\r\naccept-encoding: {coding}\r\n");
        let (head, _) = raw(&server, "HEAD", "/talks/", &head);
        assert_eq!((status(&head), head.contains("content-length: ")), (expected, expected == 200), "{tags} {coding}: {head}");
    }
}

#[test]
fn a_request_for_another_version_fails() {
    let server = Server::start(&["--no-experiments"]);
    let tag = server.get("/talks/").header("etag").to_owned();
    // The second time the page is in memory.
    for _ in 0..2 {
        for (tags, expected) in [("\"x\"", 412), (&format!("W/{tag}"), 412), (&format!("\"x\", {tag}"), 200), ("*", 200)] {
            for method in ["GET", "HEAD"] {
                let answer = server.request(method, "/talks/", &[ELSEWHERE, ("if-match", tags)]);
                assert_eq!(answer.status, expected, "{method} {tags}");
            }
        }
    }
    assert_eq!(server.request("GET", "/nowhere/", &[ELSEWHERE, ("if-match", "\"x\"")]).status, 404);
    let refused = server.request("GET", "/talks/", &[ELSEWHERE, ("if-match", "\"x\"")]);
    assert!(refused.body.contains("This page is another by now"));
}

#[test]
fn a_request_names_one_host() {
    let server = Server::start(&["--no-experiments"]);
    let (one, none, two) = ("host: vdlm.example\r\n", "", "host: vdlm.example\r\nhost: vdlm.example\r\n");
    for path in ["/", "/nowhere/", "/healthz"] {
        let usual = if path == "/nowhere/" { 404 } else { 200 };
        for (version, hosts, expected) in [
            ("1.1", one, usual),
            ("1.1", none, 400),
            ("1.1", two, 400),
            ("1.0", none, usual),
            ("1.0", one, usual),
            ("1.0", two, 400),
            ("1.1", "host:\r\n", usual),
            ("1.1", "host: [::1]:3000\r\n", usual),
            ("1.1", "host: a b/<x>\r\n", 400),
            ("1.1", "host: me@vdlm.example\r\n", 400),
            ("1.1", "host: vdlm.example/a\r\n", 400),
        ] {
            // The page is in memory from the first one on.
            let request = format!("GET {path} HTTP/{version}\r\n{hosts}connection: close\r\n\r\n");
            let (head, _) = split(&exchange(&server, request.as_bytes()));
            assert_eq!(status(&head), expected, "{path} HTTP/{version} {hosts:?}");
        }
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let server =
        Server::start_with(&["--no-experiments"], |content| std::fs::write(content.join("meetups/x.pdf"), [7; 3000]).unwrap());
    let style = asset(&server);
    for path in ["/", "/talks/", "/talks/?q=music", &style, "/files/meetups/x.pdf", "/nowhere/", "/healthz", "/talks"] {
        for headers in ["", "accept-encoding: br\r\n", "range: bytes=0-1\r\n"] {
            let own = |head: &str| {
                let lines = head.lines().filter(|line| !line.starts_with("date: "));
                lines.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
            };
            let (head, body) = raw(&server, "HEAD", path, headers);
            assert!(body.is_empty(), "{path}");
            // A range is nothing to HEAD: it says what the whole would be.
            let (get, _) = raw(&server, "GET", path, if headers.starts_with("range") { "" } else { headers });
            assert_eq!(own(&head), own(&get), "{path} {headers}");
        }
    }
}

fn asset(server: &Server) -> String {
    let page = server.get("/").body;
    let at = page.find("/static/").unwrap();
    page[at..].split('"').next().unwrap().to_owned()
}

#[test]
fn parts_of_pages_assets_and_files_are_sent() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        std::fs::write(content.join("meetups/x.pdf"), (0..3000).map(|n| n as u8).collect::<Vec<u8>>()).unwrap();
    });
    for path in ["/talks/", &asset(&server), "/files/meetups/x.pdf"] {
        let (head, whole) = raw(&server, "GET", path, "");
        assert!(head.contains("accept-ranges: bytes"), "{head}");
        let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
        let length = whole.len();
        for (range, condition, part) in [
            ("bytes=0-99", "", Some(0..100)),
            ("bytes=100-", "", Some(100..length)),
            ("bytes=-7", "", Some(length - 7..length)),
            ("bytes=5-99999999", "", Some(5..length)),
            ("bytes=5-9", etag.as_str(), Some(5..10)),
            ("bytes=5-9", "\"another\"", None),
            ("lines=5-9", "", None),
            ("bytes=0-1,4-5", "", None),
            ("bytes=9-5", "", None),
        ] {
            let condition = if condition.is_empty() { String::new() } else { format!("if-range: {condition}\r\n") };
            let (head, body) = raw(&server, "GET", path, &format!("range: {range}\r\n{condition}"));
            match part {
                Some(part) => {
                    assert_eq!(status(&head), 206, "{path} {range}");
                    let told = format!("content-range: bytes {}-{}/{length}", part.start, part.end - 1);
                    assert!(head.contains(&told), "{told} in\n{head}");
                    assert!(body == whole[part], "{path} {range}");
                }
                None => {
                    assert_eq!((status(&head), body.len()), (200, length), "{path} {range} {head}")
                }
            }
        }
        let (head, _) = raw(&server, "GET", path, &format!("range: bytes={length}-\r\n"));
        assert_eq!(status(&head), 416, "{path}");
        assert!(head.contains(&format!("content-range: bytes */{length}")), "{head}");
    }
    let parts = server.request("GET", "/talks/", &[ELSEWHERE, ("range", "bytes=0-9"), ("accept-encoding", "gzip")]);
    assert_eq!((parts.status, parts.header("content-encoding"), parts.header("content-length")), (206, "gzip", "10"));
    let file = server.get("/files/meetups/x.pdf");
    let same = [ELSEWHERE, ("if-modified-since", file.header("last-modified"))];
    assert_eq!(server.request("GET", "/files/meetups/x.pdf", &same).status, 304);
}

#[test]
fn strict_transport_is_told_behind_tls_only() {
    let asked = |server: &Server, scheme: Option<&str>, path: &str| {
        let scheme = scheme.map(|scheme| ("x-forwarded-proto", scheme));
        let headers: Vec<_> = [ELSEWHERE].into_iter().chain(scheme).collect();
        // Twice: through the router and from memory.
        let answers = [0, 1].map(|_| server.request("GET", path, &headers).header("strict-transport-security").to_owned());
        assert_eq!(answers[0], answers[1]);
        !answers[0].is_empty()
    };
    let plain = Server::start(&["--no-experiments"]);
    let secure = Server::start(&["--no-experiments", "--base-url", "https://vdlm.example/"]);
    for path in ["/", "/nowhere/"] {
        assert!(asked(&plain, Some("https"), path) && asked(&secure, Some("https"), path) && asked(&secure, None, path));
        // Of several proxies the first is the one that the visitor speaks with.
        assert!(asked(&plain, Some("HTTPS, http"), path) && !asked(&secure, Some("http, https"), path));
        assert!(!asked(&plain, None, path) && !asked(&plain, Some("http"), path) && !asked(&secure, Some("http"), path));
    }
}

#[test]
fn every_answer_has_the_policies_and_kinds_have_their_time() {
    let server = Server::start(&["--no-experiments"]);
    let style = asset(&server);
    for (path, code, cache) in [
        ("/", 200, "no-cache"),
        (&style, 200, "public, max-age=31536000, immutable"),
        ("/healthz", 200, "no-store"),
        ("/files/none", 404, "no-store"),
        ("/..", 400, "no-store"),
    ] {
        for _ in 0..2 {
            let page = server.get(path);
            assert_eq!((page.status, page.header("cache-control")), (code, cache), "{path}");
            assert!(!page.header("content-security-policy").contains("unsafe"), "{path}");
            for name in ["content-security-policy", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"] {
                assert!(!page.header(name).is_empty(), "{path} {name}");
            }
            assert_eq!(page.header("x-content-type-options"), "nosniff");
        }
    }
    for path in ["/", "/talks/", "/healthz", "/metrics", "/files/x", "/-/changes", "/nowhere/"] {
        let refused = server.request("DELETE", path, &[ELSEWHERE]);
        assert_eq!(refused.status, 405, "{path}");
        assert!(refused.header("allow").contains("GET"), "{path}");
    }
}

#[test]
fn texts_beside_the_content_say_that_they_are_utf_8() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        for ending in ["txt", "csv", "json"] {
            std::fs::write(content.join(format!("meetups/x.{ending}")), "Grüße").unwrap();
        }
    });
    for (ending, kind) in [("txt", "text/plain; charset=utf-8"), ("csv", "text/csv; charset=utf-8"), ("json", "application/json")]
    {
        let answer = server.get(&format!("/files/meetups/x.{ending}"));
        assert_eq!((answer.header("content-type"), answer.body.as_str()), (kind, "Grüße"));
    }
}

#[test]
fn scripts_of_other_sites_may_read_data_and_nothing_else() {
    let server = Server::start(&["--no-experiments"]);
    let style = asset(&server);
    for (path, open) in [
        ("/api/all.json", true),
        ("/api/schema.json", true),
        ("/feed.xml", true),
        ("/hot-topics/feed.xml", true),
        ("/meetups.ics", true),
        ("/meetups/29.ics", true),
        ("/", false),
        ("/index.md", false),
        (&style, false),
        ("/healthz", false),
        ("/api/none.json", false),
    ] {
        // From the router, from memory, and to one who has it.
        let first = server.get(path);
        let tag = first.header("etag").to_owned();
        let same = server.request("GET", path, &[ELSEWHERE, ("if-none-match", &tag), ("origin", "https://other.example")]);
        for answer in [first, server.get(path), same] {
            assert_eq!(answer.header("access-control-allow-origin"), if open { "*" } else { "" }, "{path}");
            // Nothing is answered for somebody in particular.
            assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        }
    }
    assert!(server.get("/api/").body.contains("Access-Control-Allow-Origin"));
}

pub(crate) fn metrics(server: &Server) -> prometheus_parse::Scrape {
    let answer = server.get_local("/metrics");
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/plain; version=0.0.4; charset=utf-8"));
    let lines = answer.body.lines().map(|line| Ok(line.to_owned()));
    prometheus_parse::Scrape::parse(lines).unwrap()
}

pub(crate) fn value(scrape: &prometheus_parse::Scrape, name: &str, label: Option<(&str, &str)>) -> f64 {
    use prometheus_parse::Value;
    let fits = |sample: &&prometheus_parse::Sample| {
        sample.metric == name && label.is_none_or(|(label, value)| sample.labels.get(label) == Some(value))
    };
    match &scrape.samples.iter().find(fits).unwrap_or_else(|| panic!("{name} is measured")).value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => *value,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn metrics_count_what_was_served_and_are_for_this_machine() {
    let server = Server::start(&["--no-experiments"]);
    let sizes: usize = (0..5).map(|_| server.get("/talks/")).map(|page: Answer| page.body.len()).sum();
    server.get("/nowhere/");
    let scrape = metrics(&server);
    assert_eq!(value(&scrape, "vdlm_http_requests_total", Some(("status", "2xx"))), 5.0);
    assert_eq!(value(&scrape, "vdlm_http_requests_total", Some(("status", "4xx"))), 1.0);
    assert_eq!(value(&scrape, "vdlm_http_panics_total", None), 0.0);
    assert_eq!(value(&scrape, "vdlm_edition", None), 1.0);
    assert_eq!(value(&scrape, "vdlm_build_info", Some(("version", env!("CARGO_PKG_VERSION")))), 1.0);
    assert!(value(&scrape, "vdlm_http_sent_bytes_total", None) > sizes as f64);
    assert!(value(&scrape, "vdlm_http_connections_open", None) >= 1.0);
    let times = scrape.samples.iter().find(|sample| sample.metric == "vdlm_http_request_duration_seconds").unwrap();
    let prometheus_parse::Value::Histogram(buckets) = &times.value else { panic!("{times:?}") };
    assert!(buckets.windows(2).all(|two| two[0].count <= two[1].count && two[0].less_than < two[1].less_than));
    assert_eq!((buckets.last().unwrap().less_than, buckets.last().unwrap().count), (f64::INFINITY, 6.0));
    // From elsewhere, and through a proxy, there is no such page.
    assert_eq!(server.get("/metrics").status, 404);
    assert_eq!(server.request("GET", "/metrics", &[("x-forwarded-for", "192.0.2.1")]).status, 404);
    assert_eq!(server.get("/healthz").body, "ok\n");
}

#[test]
fn an_address_has_one_spelling_and_others_lead_to_it() {
    let server = Server::start(&["--no-experiments"]);
    for (path, to) in [
        ("/%74alks/", "/talks/"),
        ("/%6Cab/?q=%41", "/lab/?q=%41"),
        ("/%66iles/x", "/files/x"),
        ("/files/%78", "/files/x"),
        ("/lab/runs/%41/", "/lab/runs/A/"),
        ("/a%c3%bc/", "/a%C3%BC/"),
        // A path that begins with two slashes would be the name of another host.
        ("//evil.example/%41", "/evil.example/A"),
        ("///evil.example/%41?q=//b", "/evil.example/A?q=//b"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, to), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
    for (path, to) in [
        ("/talks", "/talks/"),
        ("/Talks/", "/talks/"),
        ("/talks?q=a", "/talks/?q=a"),
        ("/LAB", "/lab/"),
        ("/feed.xml/", "/feed.xml"),
        ("/people/tom-lidy/", "/people/thomas-lidy/"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, to), "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
}
