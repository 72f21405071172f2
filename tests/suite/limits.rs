//! The server's limits of length, time and number, as clients that do not keep to them meet them.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::server::{PATIENCE, Server, wait};
use crate::serving::{connect, exchange, metrics, raw, split, status, value};

#[test]
fn what_is_too_long_is_refused() {
    let server = Server::start(&["--no-experiments", "--base-url", "http://vdlm.example"]);
    let path = format!("/{}", "x".repeat(9000));
    let page = |(head, body): (String, Vec<u8>)| {
        assert!(String::from_utf8_lossy(&body).contains("<main"), "{head}");
        status(&head)
    };
    assert_eq!(page(raw(&server, "GET", &path, "")), 414);
    assert_eq!(page(raw(&server, "GET", "/", &format!("x-long: {}\r\n", "y".repeat(40_000)))), 431);
    let many: String = (0..200).map(|n| format!("x-{n}: y\r\n")).collect();
    assert_eq!(status(&raw(&server, "GET", "/", &many).0), 431);
    let (head, _) = raw(&server, "POST", "/", "content-length: 10000000\r\n");
    assert_eq!(status(&head), 413);
    assert!(head.contains("connection: close"), "{head}");
    // One byte decides; a body that might do is not refused for its length, and nobody waits for it where none is
    // wanted.
    assert_eq!(status(&raw(&server, "POST", "/", "content-length: 65537\r\n").0), 413);
    assert_eq!(status(&raw(&server, "POST", "/", "content-length: 65536\r\n").0), 405);
    // And it is still there.
    assert_eq!(server.get("/").status, 200);
}

#[test]
fn clients_that_are_too_slow_are_cut_off() {
    let server = Server::start(&[
        "--no-experiments",
        "--metrics",
        "local",
        "--header-timeout",
        "0.3",
        "--stall-timeout",
        "300ms",
    ]);
    for beginning in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: vdlm.example\r\nx-slow: "] {
        let answer = exchange(&server, beginning.as_bytes());
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{beginning}");
    }
    // One that asks for much and takes nothing.
    let greedy = connect(&server);
    let requests = "GET /talks/ HTTP/1.1\r\nhost: vdlm.example\r\n\r\n".repeat(1000);
    (&greedy).write_all(requests.as_bytes()).unwrap();
    let cut = || value(&metrics(&server), "vdlm_http_connections_cut_total", None);
    // The head that never began is an idle connection's end, or counts as well.
    wait(|| cut() >= 3.0, || format!("three connections cut off, not {}", cut()));
}

/// Bytes that one writes who never comes to an end, and the time between them: a minute in all, far beyond every
/// limit set here.
const DRIPS: usize = 3000;
const BETWEEN: Duration = Duration::from_millis(20);

/// Writes a byte now and then. Says in the end whether the connection was cut before all were gone.
fn drip(stream: &TcpStream) -> JoinHandle<bool> {
    let mut stream = stream.try_clone().unwrap();
    std::thread::spawn(move || {
        (0..DRIPS).any(|_| {
            std::thread::sleep(BETWEEN);
            stream.write_all(b"x").is_err()
        })
    })
}

#[test]
fn a_byte_now_and_then_wins_no_time() {
    let server =
        Server::start(&["--base-url", "http://vdlm.example", "--header-timeout", "0.3", "--request-timeout", "1"]);
    let mut head = connect(&server);
    head.write_all(b"GET / HTTP/1.1\r\nhost: vdlm.example\r\nx-slow: ").unwrap();
    let mut body = connect(&server);
    body.write_all(b"POST /lab/runs/ HTTP/1.1\r\nhost: vdlm.example\r\ncontent-length: 10000\r\n\r\nspec=").unwrap();
    let (slow_head, slow_body) = (drip(&head), drip(&body));
    let mut line = String::new();
    BufReader::new(body).read_line(&mut line).unwrap();
    assert_eq!(status(&line), 408);
    let mut answer = Vec::new();
    let _ = head.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1.1 200"));
    assert!(slow_head.join().unwrap() && slow_body.join().unwrap(), "a connection was not cut");
}

#[test]
fn an_idle_connection_is_closed() {
    let server = Server::start(&["--no-experiments", "--header-timeout", "0.3"]);
    let mut stream = connect(&server);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: vdlm.example\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the end of the connection, and not of the test's patience");
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n") && !answer.contains("connection: close"),
        "{answer}"
    );
}

#[test]
fn a_connection_in_use_is_waited_for_and_an_idle_one_is_given_up() {
    let server = Server::start(&["--no-experiments", "--connections", "1"]);
    let (status, first) = stream(&server, "192.0.2.1");
    assert_eq!(status, 200);
    let mut second = connect(&server);
    second.write_all(b"GET /healthz HTTP/1.1\r\nhost: vdlm.example\r\n\r\n").unwrap();
    second.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let mut byte = [0];
    let waiting = second.read(&mut byte).unwrap_err();
    assert!(matches!(waiting.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waiting}");
    drop(first);
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    second.read_exact(&mut byte).unwrap();
    // The second is idle now, and open for further requests.
    let (head, body) = raw(&server, "GET", "/healthz", "");
    assert_eq!((crate::serving::status(&head), &body[..]), (200, &b"ok\n"[..]));
    let mut rest = Vec::new();
    second.read_to_end(&mut rest).unwrap();
    assert!(rest.ends_with(b"ok\n"), "answered before it was closed");
}

#[test]
fn silent_connections_from_one_address_keep_nobody_out() {
    let server = Server::start(&["--no-experiments", "--connections", "50"]);
    let silent: Vec<TcpStream> = (0..60).map(|_| connect(&server)).collect();
    let start = std::time::Instant::now();
    for _ in 0..20 {
        assert_eq!(server.get("/healthz").status, 200);
    }
    assert!(start.elapsed() < Duration::from_secs(10), "long before the silent ones time out: {:?}", start.elapsed());
    drop(silent);
}

#[test]
fn a_slow_client_keeps_its_place_for_no_longer_than_its_time() {
    let server = Server::start(&["--no-experiments", "--connections", "1", "--header-timeout", "0.3"]);
    let mut slow = connect(&server);
    slow.write_all(b"GET / HT").unwrap();
    let (head, body) = raw(&server, "GET", "/healthz", "");
    assert_eq!((status(&head), &body[..]), (200, &b"ok\n"[..]));
}

/// An event stream for a client behind a proxy here: the status of the answer, and what comes of it.
fn stream(server: &Server, client: &str) -> (u16, BufReader<TcpStream>) {
    let mut stream = connect(server);
    let head = format!("GET /-/changes HTTP/1.1\r\nhost: vdlm.example\r\nx-forwarded-for: {client}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    (status(&line), reader)
}

#[test]
fn event_streams_have_a_limit_for_an_address_and_for_all() {
    let server = Server::start(&["--no-experiments", "--metrics", "local", "--streams", "4"]);
    let mut open: Vec<_> = (1..=3).map(|n| stream(&server, &format!("192.0.2.{n}"))).collect();
    assert!(open.iter().all(|(status, _)| *status == 200));
    // A client can send any beginning of the list; the entry of the proxy counts.
    let (refused, answer) = stream(&server, "x, 192.0.2.1");
    let head: String =
        answer.lines().map_while(Result::ok).take_while(|line| !line.is_empty()).map(|line| line + "\n").collect();
    assert!(refused == 429 && head.contains("retry-after: 60"), "{refused} {head}");
    open.push(stream(&server, "192.0.2.4"));
    assert_eq!(stream(&server, "192.0.2.5").0, 503);
    let count = || value(&metrics(&server), "vdlm_http_event_streams_open", None);
    assert_eq!(count(), 4.0);
    assert_eq!(server.get("/talks/").status, 200, "pages are no streams");
    drop(open.remove(0));
    wait(|| count() <= 3.0, || format!("a place is free again: {}", count()));
    assert_eq!(stream(&server, "192.0.2.5").0, 200);
}

#[test]
fn event_streams_outlive_the_limits_of_requests() {
    let limits = ["--request-timeout", "2", "--header-timeout", "2", "--stall-timeout", "2"];
    let server = Server::start(&[&["--no-experiments"], &limits[..]].concat());
    let (status, reader) = stream(&server, "192.0.2.1");
    assert_eq!(status, 200);
    std::thread::sleep(Duration::from_secs(5));
    server.edit("site.yaml", |text| format!("{text}\n# a comment more\n"));
    let mut lines = reader.lines().map_while(Result::ok);
    let told = lines.any(|line| line.strip_prefix("data: ").is_some_and(|edition| edition != "1"));
    assert!(told, "the stream has ended");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let server = Server::start(&["--base-url", "http://vdlm.example", "--request-timeout", "1"]);
    let answer =
        exchange(&server, b"POST /lab/runs/ HTTP/1.1\r\nhost: vdlm.example\r\ncontent-length: 100\r\n\r\nspec=");
    let (head, body) = split(&answer);
    assert_eq!(status(&head), 408);
    assert!(
        head.contains("connection: close") && String::from_utf8_lossy(&body).contains("That took too long"),
        "{head}"
    );
    // One whose length is not told is cut off at the limit of the form.
    let server = Server::start(&["--base-url", "http://vdlm.example"]);
    let chunks = format!("1000\r\n{}\r\n", "x".repeat(0x1000)).repeat(4);
    let begun =
        "POST /lab/runs/ HTTP/1.1\r\nhost: vdlm.example\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
    let (head, _) = split(&exchange(&server, format!("{begun}{chunks}1\r\nx").as_bytes()));
    assert_eq!(status(&head), 413);
}
