//! What has been served, counted, in the text format of Prometheus (version 0.0.4).

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, SystemTime};

use axum::http::StatusCode;

/// Media type of the text format.
pub(super) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
/// Upper bounds of the histogram in microseconds, from a page in memory to one that waits for a long computation.
const BOUNDS: [u64; 12] = [10, 25, 50, 100, 250, 500, 1_000, 5_000, 25_000, 100_000, 1_000_000, 10_000_000];

/// Counts since the start. Threads add to them without waiting for each other.
#[derive(Debug)]
pub(super) struct Metrics {
    /// Seconds since 1970 when counting began.
    started: f64,
    /// Answers by the first digit of their status, 1 to 5.
    answers: [AtomicU64; 5],
    /// Answers by time, each in the first bound that it keeps; the last place is for those beyond all bounds.
    times: [AtomicU64; BOUNDS.len() + 1],
    /// The sum of these times in nanoseconds.
    time: AtomicU64,
    /// Bytes written to sockets.
    bytes: AtomicU64,
    /// Connections accepted, closed, and cut off for a limit of time.
    accepted: AtomicU64,
    closed: AtomicU64,
    cut: AtomicU64,
    panics: AtomicU64,
}

/// What another part of the server counts: a name with one value, or one for each of some labels.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) help: &'static str,
    /// Labels as they are written, with their braces; empty where there are none.
    pub(super) values: Vec<(&'static str, f64)>,
}

impl Family {
    pub(super) fn gauge(name: &'static str, help: &'static str, value: f64) -> Self {
        Self { name, kind: "gauge", help, values: vec![("", value)] }
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let count = AtomicU64::default;
        Self {
            started,
            answers: Default::default(),
            times: Default::default(),
            time: count(),
            bytes: count(),
            accepted: count(),
            closed: count(),
            cut: count(),
            panics: count(),
        }
    }

    /// A request was answered; `time` is from its head to that of the answer.
    pub(super) fn answered(&self, status: StatusCode, time: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Relaxed);
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|bound| nanos <= bound * 1000).unwrap_or(BOUNDS.len());
        self.times[place].fetch_add(1, Relaxed);
        self.time.fetch_add(nanos, Relaxed);
    }

    pub(super) fn sent(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub(super) fn opened(&self) {
        self.accepted.fetch_add(1, Relaxed);
    }

    /// A connection has ended; `cut` when it was too slow.
    pub(super) fn ended(&self, cut: bool) {
        self.closed.fetch_add(1, Relaxed);
        self.cut.fetch_add(u64::from(cut), Relaxed);
    }

    pub(super) fn panicked(&self) {
        self.panics.fetch_add(1, Relaxed);
    }

    /// Everything as text, with what others know.
    pub(super) fn text(&self, families: &[Family]) -> String {
        let mut out = Text(String::new());
        out.family("vdlm_build_info", "gauge", "The program, by its version.");
        out.line("vdlm_build_info", &format!(r#"{{version="{}"}}"#, env!("CARGO_PKG_VERSION")), 1.0);
        out.single("process_start_time_seconds", "gauge", "When the process began, in seconds since 1970.", self.started);
        out.family("vdlm_http_requests_total", "counter", "Requests answered, by class of status.");
        for (class, count) in self.answers.iter().enumerate() {
            out.line("vdlm_http_requests_total", &format!(r#"{{status="{}xx"}}"#, class + 1), of(count));
        }
        self.histogram(&mut out);
        out.single("vdlm_http_sent_bytes_total", "counter", "Bytes written to connections.", of(&self.bytes));
        out.single("vdlm_http_connections_total", "counter", "Connections accepted.", of(&self.accepted));
        // Read in this order the difference cannot be negative.
        let closed = of(&self.closed);
        out.single("vdlm_http_connections_open", "gauge", "Connections open now.", of(&self.accepted) - closed);
        out.single(
            "vdlm_http_connections_cut_total",
            "counter",
            "Connections cut off because they were too slow.",
            of(&self.cut),
        );
        out.single("vdlm_http_panics_total", "counter", "Requests that ended in a panic.", of(&self.panics));
        for Family { name, kind, help, values } in families {
            out.family(name, kind, help);
            values.iter().for_each(|(labels, value)| out.line(name, labels, *value));
        }
        out.0
    }

    fn histogram(&self, out: &mut Text) {
        const NAME: &str = "vdlm_http_request_duration_seconds";
        out.family(NAME, "histogram", "Time from the head of a request to that of its answer.");
        let mut sum = 0.0;
        for (bound, count) in BOUNDS.iter().zip(&self.times) {
            sum += of(count);
            out.line(&format!("{NAME}_bucket"), &format!(r#"{{le="{}"}}"#, *bound as f64 / 1e6), sum);
        }
        sum += of(&self.times[BOUNDS.len()]);
        out.line(&format!("{NAME}_bucket"), r#"{le="+Inf"}"#, sum);
        out.line(&format!("{NAME}_sum"), "", of(&self.time) / 1e9);
        out.line(&format!("{NAME}_count"), "", sum);
    }
}

fn of(count: &AtomicU64) -> f64 {
    count.load(Relaxed) as f64
}

struct Text(String);

impl Text {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: f64) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    fn single(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.family(name, kind, help);
        self.line(name, "", value);
    }
}
