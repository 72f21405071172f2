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
        _ => bytes.to_vec().as_slice().read_to_end(&mut plain).unwrap(),
    };
    plain
}

#[test]
fn each_encoding_is_the_page_and_its_tag_spares_the_body() {
    let server = Server::start(&["--no-experiments"]);
    let (_, plain) = raw(&server, "GET", "/talks/", "");
    for (accepted, encoding) in [
        ("identity", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip;q=0.8", "gzip"),
        ("deflate", ""),
    ] {
        // First rendered, then from memory.
        for _ in 0..2 {
            let accepted = format!("accept-encoding: {accepted}\r\n");
            let (head, body) = raw(&server, "GET", "/talks/", &accepted);
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("").to_owned();
            assert_eq!((header("content-encoding: ").as_str(), status(&head)), (encoding, 200), "{accepted}");
            assert!(head.contains("vary: accept, accept-encoding"), "{head}");
            assert!(decode(encoding, &body) == plain, "{accepted}");
            let etag = header("etag: ");
            for (tags, expected) in
                [(etag.clone(), 304), (format!("\"x\", {etag}"), 304), ("*".to_owned(), 304), ("\"x\"".to_owned(), 200)]
            {
                for method in ["GET", "HEAD"] {
                    let (head, body) = raw(&server, method, "/talks/", &format!("{accepted}if-none-match: {tags}\r\n"));
                    assert_eq!(status(&head), expected, "{method} {tags}");
                    assert!(body.is_empty() || expected == 200 && method == "GET");
                    assert!(
                        head.contains(&format!("etag: {etag}")) && head.contains("cache-control: no-cache"),
                        "{head}"
                    );
                    // The length of nothing is not that of the page.
                    assert_eq!(head.contains("content-length: "), expected == 200, "{head}");
                }
            }
        }
    }
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
            ("1.1", "host: [::1]:3000\r\n", usual),
            ("1.1", "host: a b/<x>\r\n", 400),
            ("1.1", "host: me@vdlm.example\r\n", 400),
        ] {
            let request = format!("GET {path} HTTP/{version}\r\n{hosts}connection: close\r\n\r\n");
            let (head, _) = split(&exchange(&server, request.as_bytes()));
            assert_eq!(status(&head), expected, "{path} HTTP/{version} {hosts:?}");
        }
    }
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        std::fs::write(content.join("meetups/x.pdf"), [7; 3000]).unwrap()
    });
    let style = asset(&server);
    for path in ["/", "/talks/", "/talks/?q=music", &style, "/files/meetups/x.pdf", "/nowhere/", "/healthz", "/talks"] {
        for headers in ["", "accept-encoding: br\r\n"] {
            let own = |head: &str| {
                let lines = head.lines().filter(|line| !line.starts_with("date: "));
                lines.map(str::to_owned).collect::<std::collections::BTreeSet<_>>()
            };
            let (head, body) = raw(&server, "HEAD", path, headers);
            assert!(body.is_empty(), "{path}");
            let (get, _) = raw(&server, "GET", path, headers);
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
fn parts_of_files_are_sent() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        std::fs::write(content.join("meetups/x.pdf"), (0..3000).map(|n| n as u8).collect::<Vec<u8>>()).unwrap();
    });
    let path = "/files/meetups/x.pdf";
    let (head, whole) = raw(&server, "GET", path, "");
    assert!(head.contains("accept-ranges: bytes"), "{head}");
    for (range, part) in [("bytes=0-99", 0..100), ("bytes=100-", 100..3000), ("bytes=-7", 2993..3000)] {
        let (head, body) = raw(&server, "GET", path, &format!("range: {range}\r\n"));
        assert_eq!(status(&head), 206, "{range}");
        assert!(head.contains(&format!("content-range: bytes {}-{}/3000", part.start, part.end - 1)), "{head}");
        assert!(body == whole[part], "{range}");
        let (head, body) = raw(&server, "GET", path, &format!("range: {range}\r\nif-range: \"another\"\r\n"));
        assert!(status(&head) == 200 && body == whole, "a part of another file is of no use");
    }
    assert_eq!(status(&raw(&server, "GET", path, "range: bytes=3000-\r\n").0), 416);
    let file = server.get(path);
    let same = [ELSEWHERE, ("if-modified-since", file.header("last-modified"))];
    assert_eq!(server.request("GET", path, &same).status, 304);
}

#[test]
fn documents_beside_the_content_do_not_run_with_the_rights_of_the_site() {
    let server = Server::start_with(&["--no-experiments"], |content| {
        for (name, text) in [("x.html", "<script>1</script>"), ("x.svg", "<svg/>"), ("x.xml", "<a/>"), ("x.mp3", "")] {
            std::fs::write(content.join("meetups").join(name), text).unwrap();
        }
    });
    for (name, sandboxed) in [("x.html", true), ("x.svg", true), ("x.xml", true), ("x.mp3", false)] {
        let policy = server.get(&format!("/files/meetups/{name}")).header("content-security-policy").to_owned();
        assert_eq!(policy == "sandbox allow-scripts", sandboxed, "{name}: {policy}");
    }
    assert!(server.get("/").header("content-security-policy").contains("media-src 'self'"), "recordings play");
}

#[test]
fn a_form_is_accepted_under_the_names_of_this_server_only() {
    let server = Server::start(&["--base-url", "https://vdlm.example/"]);
    let post = |host: &str| server.send("POST", "/lab/runs/", &[("host", host)], "spec=").status;
    for host in ["vdlm.example", "localhost:3000", "127.0.0.1"] {
        assert_ne!(post(host), 403, "{host}");
    }
    // A browser that was led here by a name that somebody else controls.
    let answer =
        server.send("POST", "/lab/runs/", &[("host", "evil.example"), ("origin", "http://evil.example")], "spec=");
    assert!(answer.status == 403 && answer.body.contains("<main"), "{}", answer.body);
    assert_eq!(server.request("GET", "/", &[("host", "evil.example")]).status, 200, "pages are for everybody");
}

#[test]
fn strict_transport_is_told_behind_tls_only() {
    let asked = |server: &Server, scheme: Option<&str>, path: &str| {
        let scheme = scheme.map(|scheme| ("x-forwarded-proto", scheme));
        let headers: Vec<_> = [ELSEWHERE].into_iter().chain(scheme).collect();
        // Twice: through the router and from memory.
        let answers =
            [0, 1].map(|_| server.request("GET", path, &headers).header("strict-transport-security").to_owned());
        assert_eq!(answers[0], answers[1]);
        !answers[0].is_empty()
    };
    let plain = Server::start(&["--no-experiments"]);
    let secure = Server::start(&["--no-experiments", "--base-url", "https://vdlm.example/"]);
    for path in ["/", "/nowhere/"] {
        assert!(
            asked(&plain, Some("https"), path) && asked(&secure, Some("https"), path) && asked(&secure, None, path)
        );
        // Of several proxies the first is the one that the visitor speaks with.
        assert!(asked(&plain, Some("HTTPS, http"), path) && !asked(&secure, Some("http, https"), path));
        assert!(
            !asked(&plain, None, path) && !asked(&plain, Some("http"), path) && !asked(&secure, Some("http"), path)
        );
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
            for name in
                ["content-security-policy", "referrer-policy", "permissions-policy", "cross-origin-opener-policy"]
            {
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
    for (ending, kind) in
        [("txt", "text/plain; charset=utf-8"), ("csv", "text/csv; charset=utf-8"), ("json", "application/json")]
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
        let same =
            server.request("GET", path, &[ELSEWHERE, ("if-none-match", &tag), ("origin", "https://other.example")]);
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
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
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
fn metrics_count_what_was_served_for_those_who_may_read_them() {
    assert_eq!(Server::start(&["--no-experiments"]).get_local("/metrics").status, 404, "off unless asked for");
    let server = Server::start(&["--no-experiments", "--metrics", "local"]);
    let sizes: usize = (0..5).map(|_| server.get("/talks/")).map(|page: Answer| page.body.len()).sum();
    server.get("/nowhere/");
    let scrape = metrics(&server);
    assert_eq!(value(&scrape, "vdlm_http_requests_total", Some(("status", "2xx"))), 5.0);
    assert_eq!(value(&scrape, "vdlm_http_requests_total", Some(("status", "4xx"))), 1.0);
    assert_eq!(value(&scrape, "vdlm_http_panics_total", None), 0.0);
    assert_eq!(value(&scrape, "vdlm_snapshot_revision", None), 1.0);
    assert_eq!(value(&scrape, "vdlm_build_info", Some(("version", env!("CARGO_PKG_VERSION")))), 1.0);
    assert!(value(&scrape, "vdlm_http_sent_bytes_total", None) > sizes as f64 - 1.0);
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
