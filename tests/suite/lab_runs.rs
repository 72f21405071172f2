//! Runs of visitors: one computation for all who ask, limits that say what fits, and ends of every kind.

mod sound;
mod watchers;

use std::path::Path;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use scraper::{Html, Selector};

use crate::server::{Answer, Server, wait};
use crate::serving::{metrics, value};

/// Runs take as long as they take in a build for tests, so the limit is far.
const PATIENT: [&str; 6] = ["--lab-seconds", "86400", "--lab-threads", "2", "--streams", "1000"];

/// A comparison of two optimizers, short or long by its epochs; two specs with different seeds are different runs.
fn spec(epochs: u32, seeds: u32) -> String {
    format!(
        "title: A comparison\nexperiment: train\ntask: digits-mlp\noptimizers: [adam, radam]\nlearning_rates: [0.01]\nepochs: {epochs}\n\
         seeds: {seeds}\n"
    )
}

/// Longer than any test waits.
fn long(seeds: u32) -> String {
    spec(1_000, seeds)
}

/// A browser: it keeps the cookie that it was given.
struct Visitor<'a> {
    server: &'a Server,
    cookie: String,
}

impl<'a> Visitor<'a> {
    fn new(server: &'a Server) -> Self {
        Self { server, cookie: String::new() }
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(path, fields, &[])
    }

    fn post_with(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded"), ("cookie", self.cookie.as_str())];
        all.extend(headers);
        let answer = self.server.send("POST", path, &all, &body.join("&"));
        if let Some(cookie) = answer.header("set-cookie").split(';').next().filter(|cookie| !cookie.is_empty()) {
            self.cookie = cookie.to_owned();
        }
        answer
    }

    fn get(&self, path: &str) -> Answer {
        self.server.request("GET", path, &[("host", "vdlm.example"), ("cookie", &self.cookie)])
    }

    /// Starts a run, or finds the same one. Gives the address of its page.
    fn start(&mut self, spec: &str) -> String {
        let answer = self.post("/lab/runs/", &[("spec", spec)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").to_owned()
    }

    fn stop(&mut self, run: &str) {
        assert_eq!(self.post(&format!("{run}stop"), &[]).status, 303);
    }
}

/// The id in the address of a run.
fn id(run: &str) -> &str {
    run.trim_start_matches("/lab/runs/").trim_end_matches('/')
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    page.select(&Selector::parse(selector).unwrap()).map(|element| element.text().collect()).collect()
}

/// The address of a spec, as a link has it.
fn address(spec: &str) -> String {
    format!("/lab/?spec={}", utf8_percent_encode(spec, NON_ALPHANUMERIC))
}

#[test]
fn a_run_begins_with_the_form_and_ends_with_table_and_files_that_agree() {
    let server = Server::start(&PATIENT);
    let form = "/lab/?task=digits-mlp&optimizer-1=adam&settings-1=beta1%3A+0.8&rates=0.01&schedule=cosine&epochs=2&batch=32&seeds=2";
    let answer = server.get(form);
    assert_eq!(answer.status, 303, "the form leads to the address of its spec");
    let plan = server.get(answer.header("location"));
    assert_eq!((plan.status, plan.header("cache-control")), (200, "no-store"));
    let terms = texts(&plan.body, "dl.spec dt");
    assert!(["Work", "Time", "Queue"].iter().all(|term| terms.contains(&(*term).to_owned())), "{terms:?}");
    let page = Html::parse_document(&plan.body);
    let hidden = Selector::parse("form.run-start input[name=spec]").unwrap();
    let text = page.select(&hidden).next().expect("it can be run").value().attr("value").unwrap().to_owned();
    let run = Visitor::new(&server).start(&text);
    server.wait_for(&run, "Done.");
    let page = server.get(&run).body;
    let csv = server.get(&format!("/lab/results/{}/table.csv", id(&run)));
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(csv.body.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let cells: Vec<String> =
        reader.records().flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    let column = |name: &str| &cells[head.iter().position(|head| head == name).expect(name)];
    let number = |name: &str| column(name).parse::<f64>().expect(name);
    // The same numbers: rounded for people, one in a cell for programs.
    let shown = texts(&page, ".figure tbody th, .figure tbody td");
    assert_eq!((cells.len(), shown[0].as_str(), column("optimizer").as_str()), (head.len(), "Adam", "Adam"));
    assert_eq!((shown[1].as_str(), number("learning_rate"), column("best_rate").as_str()), ("0.01 ★", 0.01, "yes"));
    assert_eq!(shown[2], format!("{:.1}", number("mean_test_accuracy_percent")));
    let interval = format!("{:.1} – {:.1}", number("interval_low_percent"), number("interval_high_percent"));
    assert_eq!((&shown[3], number("runs"), number("diverged")), (&interval, 2.0, 0.0));
    let record: serde_json::Value =
        serde_json::from_str(&server.get(&format!("/lab/results/{}.json", id(&run))).body).unwrap();
    let accuracy = record["runs"][0]["test_accuracy"].as_array().unwrap();
    assert_eq!(
        (accuracy.len(), record["runs"].as_array().unwrap().len()),
        (3, 2),
        "before training and after two epochs; two seeds"
    );
    let curve = format!("/lab/results/{}/curves-0.01.svg", id(&run));
    assert!(server.get(&curve).body.starts_with("<svg "), "{curve}");
    assert_eq!(server.get("/lab/results/0a/table.csv").status, 404);
    assert_eq!(server.get("/lab/runs/0a/").status, 404);
}

#[test]
fn each_limit_refuses_with_what_it_is_and_what_would_fit() {
    let server = Server::start(&[
        "--lab-queue",
        "2",
        "--lab-visitor-runs",
        "1",
        "--lab-seconds",
        "100",
        "--lab-threads",
        "2",
        "--lab-store",
        "1",
        "--metrics",
        "local",
    ]);
    let mut visitors: Vec<Visitor<'_>> = (0..4).map(|_| Visitor::new(&server)).collect();
    let hard = |seeds: u32| {
        format!(
            "experiment: train\ntask: digits-cnn\noptimizers: [adam]\nlearning_rates: [0.01]\nepochs: 20\nseeds: {seeds}\n"
        )
    };
    let first = visitors[0].start(&hard(1));
    server.wait_for(&first, "Running on this server.");
    let second = visitors[0].post("/lab/runs/", &[("spec", &hard(2))]);
    assert_eq!(second.status, 429);
    assert!(second.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(
        second.body.contains("A visitor may have 1 run at a time") && second.body.contains(&first),
        "{}",
        second.body
    );
    visitors[1].start(&hard(2));
    visitors[2].start(&hard(3));
    let full = visitors[3].post("/lab/runs/", &[("spec", &hard(4))]);
    assert_eq!((full.status, full.header("cache-control")), (429, "no-store"));
    assert!(full.body.contains("2 runs wait, which is the limit."), "{}", full.body);
    assert!(full.header("retry-after").parse::<u64>().unwrap() >= 1);
    let scrape = metrics(&server);
    for (name, label, count) in [
        ("vdlm_lab_runs_active", ("state", "waiting"), 2.0),
        ("vdlm_lab_runs_active", ("state", "running"), 1.0),
        ("vdlm_lab_runs_total", ("outcome", "refused"), 2.0),
        ("vdlm_lab_runs_total", ("outcome", "done"), 0.0),
    ] {
        assert_eq!(value(&scrape, name, Some(label)), count, "{name} {label:?}");
    }
    assert_eq!(visitors[3].start(&hard(3)), visitors[2].start(&hard(3)), "what is there already is refused to nobody");

    let large = hard(100).replace("epochs: 20", "epochs: 1000");
    let refused = visitors[3].post("/lab/runs/", &[("spec", &large)]);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("the limit is 2 minutes") && refused.body.contains("would fit"), "{}", refused.body);
    let looked = server.get(&address(&large));
    assert!(
        looked.status == 422
            && looked.body.contains("This run is too large.")
            && !looked.body.contains(">Run</button>")
    );
    // Little work, and a record of twenty thousand points.
    let wide = "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [lookahead: {inner: adam}]\n\
                learning_rates: [0.0001]\nsteps: 20000\n"
        .to_owned();
    let told = visitors[3].post("/lab/runs/", &[("spec", &wide)]);
    assert_eq!(told.status, 422, "{}", told.body);
    assert!(told.body.contains("the limit for all results together is 1024 KB"), "{}", told.body);

    let wrong = visitors[3].post("/lab/runs/", &[("spec", "experiment: train\ntask: digit-mlp\n")]);
    assert!(wrong.status == 422 && wrong.body.contains("did you mean `digits-mlp`?"), "{}", wrong.body);
    assert_eq!(visitors[3].post("/lab/runs/", &[("spec", &"x".repeat(20_000))]).status, 413);
    let foreign = visitors[3].post_with("/lab/runs/", &[("spec", &wide)], &[("sec-fetch-site", "cross-site")]);
    assert_eq!(foreign.status, 403);
    let stopped = visitors[1].post(&format!("{first}stop"), &[]);
    assert!(
        stopped.status == 403 && stopped.body.contains("Only the person who started a run can stop it"),
        "{}",
        stopped.body
    );
    for answer in [second, full, refused, told, wrong, foreign, stopped] {
        assert!(
            answer.body.contains("<main") && answer.body.contains("href=\"/lab/\""),
            "a page with a way on: {}",
            answer.body
        );
    }
}

#[test]
fn who_started_a_run_can_stop_it_and_nobody_else_sees_the_button() {
    let server = Server::start(&PATIENT);
    let (mut owner, other) = (Visitor::new(&server), Visitor::new(&server));
    let (run, waiting) = (owner.start(&long(1)), owner.start(&long(2)));
    server.wait_for(&run, "Running on this server.");
    let has_button = |answer: Answer| texts(&answer.body, "form.run-stop button").len() == 1;
    assert!(has_button(owner.get(&run)) && has_button(owner.get(&waiting)) && !has_button(other.get(&run)));
    assert!(server.get(&waiting).body.contains("Waiting: 1 run before it."));
    owner.stop(&waiting);
    assert!(
        server.get(&waiting).body.contains("Stopped by the person who started it."),
        "at once, for it had not begun"
    );
    owner.stop(&run);
    server.wait_for(&run, "Stopped by the person who started it.");
    assert!(!server.cache().join("results").exists(), "nothing is kept of it");
    let page = server.get("/lab/").body;
    assert!(texts(&page, ".entry-meta").iter().any(|state| state == "Stopped by the person who started it."), "{page}");
    assert_eq!(owner.start(&long(1)), run, "it can be started anew");
    server.wait_for(&run, "Running on this server.");
}

#[test]
fn the_cookie_is_for_tls_only_where_visitors_speak_it() {
    for (base, scheme, secure) in [
        ("http://vdlm.example", None, false),
        ("https://vdlm.example", None, true),
        ("https://vdlm.example", Some("http"), false),
        ("http://vdlm.example", Some("HTTPS, http"), true),
    ] {
        let server = Server::start(&["--base-url", base]);
        let scheme: Vec<_> = scheme.map(|scheme| ("x-forwarded-proto", scheme)).into_iter().collect();
        let answer = Visitor::new(&server).post_with("/lab/runs/", &[("spec", &long(1))], &scheme);
        let cookie = answer.header("set-cookie");
        assert!(cookie.contains("; HttpOnly"), "{cookie}");
        assert_eq!(cookie.ends_with("; Secure"), secure, "{base} {scheme:?}: {cookie}");
    }
}

#[test]
fn a_restart_keeps_what_is_finished_and_says_what_was_interrupted() {
    let mut server = Server::start(&PATIENT);
    let mut visitor = Visitor::new(&server);
    let (done, cut) = (visitor.start(&spec(1, 1)), visitor.start(&long(1)));
    server.wait_for(&done, "Done.");
    server.wait_for(&cut, "Running on this server.");
    assert_eq!(server.stop("-TERM").0, Some(0));
    let again = server.restart(&PATIENT);
    let page = again.get(&done).body;
    assert!(page.contains("Done.") && page.contains("A comparison") && page.contains("<svg"), "{page}");
    let page = again.get(&cut).body;
    assert!(
        page.contains("Interrupted: the server was stopped before it was done.") && page.contains("Run it again"),
        "{page}"
    );
    let listed = texts(&again.get("/lab/").body, ".entry-meta");
    assert!(
        ["Done", "Interrupted"].iter().all(|state| listed.iter().any(|told| told.starts_with(state))),
        "{listed:?}"
    );
    let run = Visitor::new(&again).start(&long(1));
    assert_eq!(run, cut);
    again.wait_for(&run, "Running on this server.");
    assert!(!again.log().contains(&format!("running the experiment {}", id(&done))), "{}", again.log());
}

/// Puts the records of another server's cache beside the content, as if they had been pinned; `change` changes them.
fn pin(content: &Path, cache: &Path, change: impl Fn(&str) -> String) {
    for file in std::fs::read_dir(cache.join("results")).unwrap() {
        let file = file.unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        std::fs::write(content.join("results").join(file.file_name()), change(&text)).unwrap();
    }
}

#[test]
fn a_pinned_result_can_be_run_again_and_compared() {
    let first = Server::start(&PATIENT);
    let mut visitor = Visitor::new(&first);
    let run = visitor.start(&spec(1, 1));
    first.wait_for(&run, "Done.");
    // The last digit of one number of the record is another one.
    let spoil = |text: &str| {
        let at = text.find("\"test_accuracy\":").unwrap();
        let end = at + text[at..].find(']').unwrap() - 1;
        let digit = if &text[end..=end] == "2" { "4" } else { "2" };
        format!("{}{digit}{}", &text[..end], &text[end + 1..])
    };
    for (spoilt, told) in
        [(false, "the same as the pinned result, bit for bit"), (true, "it differs from the pinned result")]
    {
        let change = |text: &str| if spoilt { spoil(text) } else { text.to_owned() };
        let server = Server::start_with(&PATIENT, |content| pin(content, &first.cache(), change));
        let page = server.get(&run).body;
        assert!(page.contains("Done: the result is kept with this site."), "{page}");
        let mut visitor = Visitor::new(&server);
        assert_eq!(visitor.start(&spec(1, 1)), run, "without being asked to, nothing is run again");
        assert!(!server.log().contains("running the experiment"), "{}", server.log());
        let answer = visitor.post("/lab/runs/", &[("spec", &spec(1, 1)), ("again", "yes")]);
        assert_eq!(answer.header("location"), run);
        server.wait_for(&run, told);
        wait(|| server.log().matches("running the experiment").count() == 1, || server.log());
    }
}
