//! Two hundred who watch one run.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::{PATIENT, Visitor, id, long, spec};
use crate::server::{PATIENCE, Server};

const WATCHERS: usize = 200;

/// A browser that listens to a run until the stream ends. It is there, and has been told of the present state, when the
/// barrier opens.
fn watch(server: &Server, run: &str, all_there: &Arc<Barrier>) -> JoinHandle<Vec<Value>> {
    let (address, run, all_there) =
        (server.base.trim_start_matches("http://").to_owned(), run.to_owned(), all_there.clone());
    thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET {run}events HTTP/1.1\r\nhost: vdlm.example\r\nconnection: close\r\n\r\n").unwrap();
        let lines = BufReader::new(stream).lines().map_while(Result::ok);
        let mut told = Vec::new();
        for line in lines {
            if let Some(data) = line.strip_prefix("data: ") {
                told.push(serde_json::from_str(data).unwrap());
                if told.len() == 1 {
                    all_there.wait();
                }
            }
        }
        told
    })
}

fn watch_all(server: &Server, run: &str) -> Vec<JoinHandle<Vec<Value>>> {
    let all_there = Arc::new(Barrier::new(WATCHERS + 1));
    let watchers = (0..WATCHERS).map(|_| watch(server, run, &all_there)).collect();
    all_there.wait();
    watchers
}

#[test]
fn two_hundred_watch_one_computation_and_all_hear_of_its_end() {
    let server = Server::start(&PATIENT);
    let (mut first, mut second) = (Visitor::new(&server), Visitor::new(&server));
    let before = first.start(&long(1));
    server.wait_for(&before, "Running on this server.");
    let run = first.start(&spec(30, 2));
    let watchers = watch_all(&server, &run);
    assert_eq!(second.start(&spec(30, 2)), run, "whoever asks for the same joins");
    first.stop(&before);
    let mut curves = 0;
    for watcher in watchers {
        let told = watcher.join().unwrap();
        assert_eq!(told[0]["message"], "Waiting: 1 run before it.");
        let done: Vec<u64> = told.iter().map(|state| state["done"].as_u64().unwrap()).collect();
        assert!(done.is_sorted(), "{done:?}");
        let last = told.last().unwrap();
        assert_eq!(
            (&last["final"], &last["message"], &last["done"]),
            (&Value::Bool(true), &"Done.".into(), &last["total"])
        );
        let running = told.iter().filter(|state| state["message"] == "Running on this server.");
        assert!(running.clone().count() > 0, "{told:?}");
        curves = curves.max(running.map(|state| state["curves"].as_u64().unwrap()).max().unwrap());
    }
    assert!(curves > 0, "curves have grown while it ran");
    let begun = format!("running the experiment {}", id(&run));
    assert_eq!(server.log().matches(&begun).count(), 1, "{}", server.log());
    assert!(server.get(&run).body.contains("Done."));
    let late = watch(&server, &run, &Arc::new(Barrier::new(1))).join().unwrap();
    assert_eq!((late.len(), &late[0]["message"]), (1, &"Done.".into()), "who comes late is told how it ended");
}

#[test]
fn a_stop_signal_ends_two_hundred_streams_at_once() {
    let mut server = Server::start(&PATIENT);
    let run = Visitor::new(&server).start(&long(1));
    server.wait_for(&run, "Running on this server.");
    let watchers = watch_all(&server, &run);
    let (code, took) = server.stop("-TERM");
    eprintln!("stopped in {took:?} with {WATCHERS} open streams");
    assert_eq!(code, Some(0));
    // A tenth of the time after which proxies and process managers give up; it is much less where nothing else runs.
    assert!(took < Duration::from_secs(5), "{took:?}");
    for watcher in watchers {
        let told = watcher.join().unwrap();
        assert!(told.iter().all(|state| state["final"] == false || state["message"] != "Done."), "{told:?}");
    }
}
