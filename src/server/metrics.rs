//! Counts what has been served, in the OpenMetrics text format that Prometheus reads.

use std::time::{Duration, SystemTime};

use axum::http::StatusCode;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;

/// Media type of the text format.
pub(super) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds of the histogram in seconds, from a page in memory to one that waits for a long computation.
const BUCKETS: [f64; 12] = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 0.025, 0.1, 1.0, 10.0];

/// A label with its value.
type Label = [(&'static str, &'static str); 1];

/// All metrics of the server.
#[derive(Debug)]
pub(super) struct Metrics {
    registry: Registry,
    /// Responses by the first digit of their status, 1 to 5.
    responses: [Counter; 5],
    durations: Histogram,
    pub(super) sent_bytes: Counter,
    pub(super) connections: Counter,
    pub(super) connections_open: Gauge,
    pub(super) connections_cut: Counter,
    pub(super) panics: Counter,
    /// Revision of the snapshot, set when metrics are read.
    pub(super) revision: Gauge,
    /// Open event streams, set when metrics are read.
    pub(super) streams: Gauge,
    pub(super) lab: LabMetrics,
}

/// Counts the runs of the lab.
#[derive(Debug, Clone, Default)]
pub(super) struct LabMetrics {
    active: Family<Label, Gauge>,
    total: Family<Label, Counter>,
}

impl LabMetrics {
    /// Adds a run to those that came to an end: `done`, `failed`, `stopped` or `refused`.
    pub(super) fn count(&self, outcome: &'static str) {
        self.total.get_or_create(&[("outcome", outcome)]).inc();
    }

    pub(super) fn set_active(&self, waiting: usize, running: usize) {
        for (state, count) in [("waiting", waiting), ("running", running)] {
            self.active.get_or_create(&[("state", state)]).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
}

impl Metrics {
    pub(super) fn new() -> Self {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let responses = Family::<Label, Counter>::default();
        let lab = LabMetrics::default();
        for outcome in ["done", "failed", "stopped", "refused"] {
            drop(lab.total.get_or_create(&[("outcome", outcome)]));
        }
        lab.set_active(0, 0);
        let metrics = Self {
            registry: Registry::default(),
            responses: ["1xx", "2xx", "3xx", "4xx", "5xx"]
                .map(|class| responses.get_or_create_owned(&[("status", class)])),
            durations: Histogram::new(BUCKETS),
            sent_bytes: Counter::default(),
            connections: Counter::default(),
            connections_open: Gauge::default(),
            connections_cut: Counter::default(),
            panics: Counter::default(),
            revision: Gauge::default(),
            streams: Gauge::default(),
            lab,
        };
        let mut registry = Registry::default();
        registry.register("vdlm_build", "Version of the program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
        let started = ConstGauge::new(started);
        registry.register("process_start_time_seconds", "Start of the process in seconds since 1970", started);
        registry.register("vdlm_http_requests", "Requests answered, by class of status", responses);
        let durations = metrics.durations.clone();
        registry.register("vdlm_http_request_duration_seconds", "Time from request head to response head", durations);
        registry.register("vdlm_http_sent_bytes", "Bytes in response bodies", metrics.sent_bytes.clone());
        registry.register("vdlm_http_connections", "Connections accepted", metrics.connections.clone());
        registry.register("vdlm_http_connections_open", "Connections open now", metrics.connections_open.clone());
        let cut = metrics.connections_cut.clone();
        registry.register("vdlm_http_connections_cut", "Connections closed because they were too slow", cut);
        registry.register("vdlm_http_panics", "Requests that ended in a panic", metrics.panics.clone());
        registry.register(
            "vdlm_snapshot_revision",
            "Revision of the site; it grows with each change",
            metrics.revision.clone(),
        );
        registry.register("vdlm_http_event_streams_open", "Event streams open now", metrics.streams.clone());
        Self { registry, ..metrics }
    }

    /// Adds the runs of the lab to what is shown.
    pub(super) fn with_lab(mut self) -> Self {
        self.registry.register("vdlm_lab_runs_active", "Runs that wait or are running", self.lab.active.clone());
        self.registry.register("vdlm_lab_runs", "Runs that came to an end, by how", self.lab.total.clone());
        self
    }

    /// Counts a response; `time` is from the head of the request to that of the response, `bytes` the length of its
    /// body if it is known.
    pub(super) fn observe(&self, status: StatusCode, time: Duration, bytes: Option<u64>) {
        self.responses[usize::from(status.as_u16() / 100).clamp(1, 5) - 1].inc();
        self.durations.observe(time.as_secs_f64());
        self.sent_bytes.inc_by(bytes.unwrap_or(0));
    }

    /// Writes everything as text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
