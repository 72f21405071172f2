//! What the server promises to browsers and proxies.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::server::Server;

#[test]
fn pages_carry_their_policies_and_answer_304_to_their_etag() {
    let server = Server::start(&["--no-experiments"]);
    let page = server.get("/meetups/29/");
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    let again =
        server.request("GET", "/meetups/29/", &[("host", "vdlm.example"), ("if-none-match", page.header("etag"))]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
    let other =
        server.request("GET", "/meetups/28/", &[("host", "vdlm.example"), ("if-none-match", page.header("etag"))]);
    assert_eq!(other.status, 200);
    let head = server.request("HEAD", "/meetups/29/", &[("host", "vdlm.example")]);
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn compressed_pages_are_smaller_and_say_how() {
    let server = Server::start(&["--no-experiments"]);
    let plain = server.get("/talks/").body.len();
    for coding in ["br", "gzip"] {
        // The client of these tests decodes nothing, so the length is that on the wire.
        let page = server.request("GET", "/talks/", &[("host", "vdlm.example"), ("accept-encoding", coding)]);
        assert_eq!(page.header("content-encoding"), coding);
        assert_eq!(page.header("vary"), "accept, accept-encoding");
        assert!(page.header("content-length").parse::<usize>().unwrap() * 3 < plain, "{coding}");
    }
}

#[test]
fn unknown_addresses_are_404_and_other_spellings_redirect() {
    let server = Server::start(&["--no-experiments"]);
    for path in ["/nowhere/", "/meetups/999/", "/static/none.css", "/files/site.yaml"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    for path in
        ["/files/../Cargo.toml", "/files/%2e%2e/Cargo.toml", "/people/%00/", "/%ff", "/talks%2F", "/a%5Cb", "/%zz"]
    {
        let page = server.get(path);
        assert_eq!(page.status, 400, "{path}");
        assert!(page.body.contains("<main"), "{path}");
    }
    assert!(server.get("/nowhere/").body.contains("<main"));
    for (from, to) in [
        ("/meetups/29", "/meetups/29/"),
        ("/meetups/029/", "/meetups/29/"),
        ("/Meetups/AI/", "/meetups/ai/"),
        ("/people/tom-lidy/", "/people/thomas-lidy/"),
        ("/venues/sector-5/", "/venues/sektor-5/"),
        ("/talks", "/talks/"),
        ("/Talks/", "/talks/"),
        ("//talks//", "/talks/"),
        ("/About", "/about/"),
        ("/llms.txt/", "/llms.txt"),
        ("/Robots.TXT", "/robots.txt"),
    ] {
        let page = server.get(from);
        assert_eq!((page.status, page.header("location")), (301, to), "{from}");
        assert_eq!(server.get(to).status, 200, "{to}");
    }
    assert_eq!(server.request("POST", "/", &[]).status, 405);
}

#[test]
fn a_stop_signal_ends_the_server_though_a_stream_is_open() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(&["--no-experiments"]);
        let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(b"GET /-/changes HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while !line.contains("data: 1") {
            line.clear();
            assert!(reader.read_line(&mut line).unwrap() > 0, "the stream tells the present revision first");
        }
        let (code, took) = server.stop(signal);
        assert_eq!(code, Some(0), "{signal} after {took:?}");
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        eprintln!("stopped in {took:?}");
    }
}

#[test]
fn a_saved_change_is_told_to_open_pages() {
    let server = Server::start(&["--no-experiments"]);
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"GET /-/changes HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut reader = BufReader::new(stream);
    let mut next = |wanted: &str| {
        let mut line = String::new();
        while !line.contains(wanted) {
            line.clear();
            assert!(reader.read_line(&mut line).unwrap() > 0, "{wanted}");
        }
    };
    next("data: 1");
    server.edit("meetups/075.yaml", |text| text.replace("topic: AI Manipulation", "topic: AI  Manipulation!"));
    next("data: 2");
    // Whoever hears of the new edition finds it.
    assert!(server.get("/meetups/75/").body.contains("Manipulation!"));
}

#[test]
fn a_page_is_sent_as_markdown_to_those_who_ask_for_it() {
    let server = Server::start(&["--no-experiments"]);
    let ask = |path: &str, accept: &str| server.request("GET", path, &[("host", "vdlm.example"), ("accept", accept)]);
    for path in ["/", "/meetups/29/", "/hot-topics/", "/people/thomas-lidy/"] {
        let text = server.get(&format!("{path}index.md"));
        assert_eq!((text.status, text.header("content-type")), (200, "text/markdown; charset=utf-8"), "{path}");
        assert!(text.body.starts_with("# "));
        for accept in ["text/markdown", "text/markdown, text/html;q=0.9, */*;q=0.1"] {
            let page = ask(path, accept);
            assert_eq!((page.status, &page.body), (200, &text.body), "{path}: {accept}");
            assert_eq!(page.header("content-location"), format!("{path}index.md"));
            assert_eq!(page.header("vary"), "accept, accept-encoding");
            assert_eq!(page.header("etag"), text.header("etag"));
        }
        for accept in
            ["*/*", "text/html,application/xhtml+xml,*/*;q=0.8", "text/markdown;q=0.5, text/html", "text/markdown;q=0"]
        {
            let page = ask(path, accept);
            assert_eq!(
                (page.status, page.header("content-type")),
                (200, "text/html; charset=utf-8"),
                "{path}: {accept}"
            );
            assert_eq!(page.header("vary"), "accept, accept-encoding");
            assert_ne!(page.header("etag"), text.header("etag"));
        }
    }
    assert_eq!(ask("/nowhere/", "text/markdown").status, 404);
    assert_eq!(ask("/meetups/029/", "text/markdown").status, 301);
    assert_eq!(ask("/talks/?q=vision", "text/markdown").header("content-type"), "text/html; charset=utf-8");
    // What has no Markdown is a page for everybody.
    assert_eq!(ask("/lab/", "text/markdown").header("content-type"), "text/html; charset=utf-8");
    let card = server.request("HEAD", "/meetups/29/card.png", &[("host", "vdlm.example")]);
    assert_eq!((card.status, card.header("content-type")), (200, "image/png"));
}
