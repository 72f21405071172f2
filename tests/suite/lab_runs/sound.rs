//! What must not happen to runs: results without a page, watchers without an end, one visitor in everybody's way.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::{PATIENT, Visitor, address, id, long, spec, texts};
use crate::server::{PATIENCE, Server, wait};

/// A descent on Rosenbrock's function with large files.
fn descents(steps: u32) -> String {
    format!(
        "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [sgd, {{lookahead: {{inner: adam}}}}]\n\
         learning_rates: [0.0001]\nsteps: {steps}\n"
    )
}

#[test]
fn a_result_whose_file_was_cut_is_computed_again() {
    let server = Server::start(&PATIENT);
    let run = Visitor::new(&server).start(&spec(1, 1));
    server.wait_for(&run, "Done.");
    std::fs::write(server.cache().join(format!("results/{}.json", id(&run))), "{").unwrap();
    let server = server.restart(&PATIENT);
    let page = server.get(&run);
    assert!(page.status == 200 && page.body.contains("no longer kept") && page.body.contains("Run it again"));
    assert_eq!(Visitor::new(&server).start(&spec(1, 1)), run);
    server.wait_for(&run, "Done.");
    assert!(server.get(&run).body.contains("<svg"));
    assert!(server.log().contains(&format!("running the experiment {}", id(&run))));
}

#[test]
fn a_run_that_its_article_no_longer_asks_for_ends_for_those_who_watch() {
    let article = |blocks: &[String]| {
        let blocks: Vec<String> = blocks.iter().map(|block| format!("```lab\n{block}```\n")).collect();
        format!("---\ntitle: RAdam\ndate: 2019-09-24\n---\n\n{}", blocks.join("\n"))
    };
    let blocks = [long(1), long(2)];
    let server = Server::start_with(&PATIENT, |content| {
        std::fs::write(content.join("hot-topics/radam.md"), article(&blocks)).unwrap()
    });
    let run_of = |block: &str| {
        let page = server.get(&address(block)).body;
        let link =
            page.split("href=\"").find(|link| link.starts_with("/lab/runs/")).unwrap_or_else(|| panic!("{page}"));
        link[..link.find('"').unwrap()].to_owned()
    };
    let runs = [run_of(&blocks[0]), run_of(&blocks[1])];
    let waits = |run: &String| server.get(run).body.contains("Waiting: 1 run before it.");
    wait(|| runs.iter().any(waits), || server.get("/lab/").body);
    let waiting = runs.iter().position(waits).unwrap();
    let run = &runs[waiting];
    let mut stream = TcpStream::connect(server.base.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "GET {run}events HTTP/1.1\r\nhost: vdlm.example\r\nconnection: close\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("Waiting")));
    server.edit("hot-topics/radam.md", |_| article(&blocks[1 - waiting..][..1]));
    // Reading gives up after a while, so a stream that stays open fails here.
    let last = lines.filter(|line| line.starts_with("data: ")).last().unwrap();
    assert!(last.contains("\"final\":true") && last.contains("no longer asks for this experiment"), "{last}");
}

#[test]
fn names_that_no_result_has_keep_nobody_waiting() {
    let server = Server::start(&PATIENT);
    let run = Visitor::new(&server).start(&descents(20_000));
    server.wait_for(&run, "Done.");
    let folder = format!("/lab/results/{}", id(&run));
    let table = format!("{folder}/table.csv");
    assert_eq!(server.get(&table).status, 200);
    let stop = AtomicBool::new(false);
    let mut times = std::thread::scope(|scope| {
        for client in 0..16 {
            let (server, stop, folder) = (&server, &stop, &folder);
            scope.spawn(move || {
                let mut n = client;
                while !stop.load(Ordering::Relaxed) {
                    for name in [format!("n{n}.svg"), format!("n{n}.csv"), format!("n{n}")] {
                        assert_eq!(server.get(&format!("{folder}/{name}")).status, 404);
                    }
                    n += 16;
                    std::thread::sleep(Duration::from_millis(300));
                }
            });
        }
        let times: Vec<Duration> = (0..50)
            .map(|_| {
                std::thread::sleep(Duration::from_millis(20));
                let start = Instant::now();
                assert_eq!(server.get(&table).status, 200);
                start.elapsed()
            })
            .collect();
        stop.store(true, Ordering::Relaxed);
        times
    });
    times.sort_unstable();
    eprintln!("the table takes {:?} among requests for unknown names, at most {:?}", times[25], times[49]);
    assert!(times[25] < Duration::from_millis(500), "{times:?}");
}

#[test]
fn numbers_without_a_limit_never_give_a_run_that_is_done_and_has_no_page() {
    let server = Server::start(&PATIENT);
    for text in [
        "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.1\nwarm_epochs: 1\nloops: 2\ngrid: 5\nseeds: 1\nmargin: 1e308\n",
        "experiment: variance\ncurvatures: [1]\nlearning_rate: 1\nstart: 1e308\nsteps: 100\nseeds: 50\n",
    ] {
        let mut visitor = Visitor::new(&server);
        let answer = visitor.post("/lab/runs/", &[("spec", text)]);
        if answer.status == 422 {
            continue;
        }
        let run = answer.header("location");
        let ends = |page: &str| page.contains("Failed: ") || page.contains("Done.");
        wait(|| ends(&server.get(run).body), || server.get(run).body);
        assert_eq!(server.get(run).status, 200, "{text}");
    }
    let listed = texts(&server.get("/lab/").body, ".entry-meta");
    let done = listed.iter().filter(|state| *state == "Done").count();
    assert_eq!(std::fs::read_dir(server.cache().join("results")).map_or(0, Iterator::count), done, "{listed:?}");
}

#[test]
fn a_result_larger_than_the_store_is_refused_and_a_small_one_stays() {
    let server = Server::start(&["--lab-store", "1"]);
    let mut visitor = Visitor::new(&server);
    let refused = visitor.post("/lab/runs/", &[("spec", &descents(20_000))]);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("the limit for all results together is 1024 KB"), "{}", refused.body);
    let run = visitor.start(&descents(4_000));
    server.wait_for(&run, "Done.");
}

#[test]
fn two_sites_with_one_cache_folder_know_nothing_of_each_others_runs() {
    let first = Server::start(&PATIENT);
    let run = Visitor::new(&first).start(&long(1));
    first.wait_for(&run, "Running on this server.");
    let second = first.start_neighbour(&PATIENT);
    assert!(!second.get("/lab/").body.contains("Interrupted"));
    let other = Visitor::new(&second).start(&spec(1, 2));
    second.wait_for(&other, "Done.");
    let listed = |server: &Server| texts(&server.get("/lab/").body, ".entry-meta");
    assert_eq!(listed(&second), ["Done"]);
    assert_eq!(listed(&first), ["Running"]);
    let first = first.restart(&PATIENT);
    assert!(first.get(&run).body.contains("Interrupted"));
    assert_eq!(listed(&second.restart(&PATIENT)), ["Done"]);
}

#[test]
fn one_ipv6_network_is_one_address_whose_runs_are_counted_for_an_hour() {
    let server = Server::start(&[&PATIENT[..], &["--lab-hourly-runs", "6"]].concat());
    let start = |client: &str, seeds: u32| {
        let headers = [("x-forwarded-for", client)];
        Visitor::new(&server).post_with("/lab/runs/", &[("spec", &long(seeds))], &headers)
    };
    let answers: Vec<_> = (1..=16).map(|n| start(&format!("2001:db8:1:2::{n:x}"), n)).collect();
    assert!(answers[..6].iter().all(|answer| answer.status == 303));
    for refused in &answers[6..] {
        assert_eq!(refused.status, 429);
        assert!(refused.body.contains("may start 6 runs in an hour"), "{}", refused.body);
        assert!(refused.header("retry-after").parse::<u64>().unwrap() > 3000);
    }
    assert_eq!(start("2001:db8:9:9::1", 17).status, 303);
    let server = Server::start(&PATIENT);
    let start = |n: u32| {
        let client = format!("2001:db8:1:2::{n:x}");
        Visitor::new(&server).post_with("/lab/runs/", &[("spec", &long(n))], &[("x-forwarded-for", &client)]).status
    };
    assert_eq!((1..=16).filter(|n| start(*n) == 303).count(), 8, "four times the runs of a visitor");
}

#[test]
fn the_curves_of_a_stopped_run_stay() {
    let server = Server::start(&PATIENT);
    let mut visitor = Visitor::new(&server);
    let run = visitor.start(&long(1));
    server.wait_for(&run, "id=\"run-curves\" class=\"run-curves\"><ul class=\"legend\">");
    visitor.stop(&run);
    server.wait_for(&run, "Stopped by the person who started it.");
    let page = server.get(&run).body;
    assert!(page.contains("class=\"run-curves\"><ul class=\"legend\">"), "{page}");
}

#[test]
fn a_task_without_its_data_cannot_be_chosen_and_no_page_names_a_folder() {
    let server = Server::start(&["--base-url", "http://vdlm.example"]);
    let form = server.get("/lab/").body;
    let options = texts(&form, "#task option[disabled]");
    assert!(options.iter().any(|option| option.starts_with("mnist-mlp: ")), "{options:?}");
    assert!(texts(&form, "#task option:not([disabled])").iter().any(|option| option.starts_with("digits-mlp: ")));
    let mnist = spec(1, 1).replace("digits-mlp", "mnist-mlp");
    let pages = [server.get(&address(&mnist)), Visitor::new(&server).post("/lab/runs/", &[("spec", &mnist)])];
    for page in pages {
        assert_eq!(page.status, 422);
        assert!(page.body.contains("The data set `mnist` is not on this server."), "{}", page.body);
        assert!(!page.body.contains(server.content.to_str().unwrap()) && !page.body.contains("VDLM_DATA"));
    }
}
