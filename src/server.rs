//! The live server: pages from memory, edits in the open browser, experiments in the background.

mod cache;
mod clock;
mod connections;
mod context;
mod edit;
mod job;
mod journal;
mod lab;
mod limits;
mod live;
mod metrics;
mod negotiation;
mod options;
mod queue;
mod responses;
mod results;
mod router;
mod state;
mod visitor;
mod watch;
mod worker;

use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::civil::Date;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::content::Folder;
use crate::lab::{Estimator, Store};
use crate::site::Limits;
use crate::workspace::Workspace;
use connections::Connections;
use journal::Journal;
use lab::Lab;
use limits::ClientLimit;
use metrics::Metrics;
use results::Results;
use router::{App, router};
use state::Shared;

pub use options::{MetricsAccess, Options};

/// Time for open connections to end after a stop signal; event streams end at once, so this is for slow downloads.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(700);
/// Threads that read files, beside those that render.
const FILE_THREADS: usize = 8;

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Address to listen at.
    pub address: IpAddr,
    /// Port to listen at; 0 takes a free one.
    pub port: u16,
    /// The content folder.
    pub content: PathBuf,
    /// The folder of data sets other than the digits.
    pub data: PathBuf,
    /// Folder for results that the server computes itself.
    pub cache: PathBuf,
    /// The day to show instead of today.
    pub as_of: Option<Date>,
    /// Shows people at this machine problems, and changes as they are saved.
    pub editing: bool,
    /// Computes missing results, and lets visitors run experiments of their own.
    pub experiments: bool,
    /// Limits of the lab.
    pub lab: LabSettings,
    /// Limits and trust of the HTTP side.
    pub http: Options,
}

impl Config {
    /// Creates the cache folder if necessary, and checks that results can be kept in it.
    ///
    /// # Errors
    /// When they cannot: it is a file, or cannot be created or written to.
    pub fn try_cache(&self) -> io::Result<()> {
        fs::create_dir_all(&self.cache)?;
        let probe = self.cache.join(format!(".vdlm-{}", std::process::id()));
        fs::write(&probe, "")?;
        fs::remove_file(&probe)
    }

    /// A server for tests on any port of this machine, whose lab takes some runs of a minute.
    #[cfg(test)]
    fn of_test(content: &std::path::Path, cache: &std::path::Path) -> Self {
        let limits = Limits { queue: 8, per_visitor: 8, per_hour: 100, seconds: 60.0, store_bytes: 1 << 20 };
        Self {
            address: [127, 0, 0, 1].into(),
            port: 0,
            content: content.to_owned(),
            data: content.join("data"),
            cache: cache.to_owned(),
            as_of: None,
            editing: false,
            experiments: true,
            lab: LabSettings { limits, threads: 1 },
            http: Options::default(),
        }
    }
}

/// Limits of the lab.
#[derive(Debug, Clone, Copy)]
pub struct LabSettings {
    /// Limits of what visitors may ask for.
    pub limits: Limits,
    /// Threads of a run; its results do not depend on them.
    pub threads: usize,
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the content folder cannot be read, there is no usable site in it, or the address is taken.
pub fn serve(config: Config) -> anyhow::Result<()> {
    let started = Instant::now();
    let threads = config.http.threads.max(1);
    let mut runtime = match threads {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(threads).max_blocking_threads(2 * threads + FILE_THREADS).enable_all().build();
    let runtime = runtime.context("cannot start the server's threads")?;
    let ended = runtime.block_on(run(config, started));
    // A chart that is being drawn for somebody who has been cut off is not waited for.
    runtime.shutdown_background();
    ended
}

async fn run(config: Config, started: Instant) -> anyhow::Result<()> {
    let (pinned, computed) = (Store::new(config.content.join("results")), Store::new(config.cache.join("results")));
    let results = Results::open(&config.content, &config.data, pinned.clone(), computed.clone(), config.experiments);
    let workspace = Workspace::new(Folder::new(&config.content));
    let address = SocketAddr::new(config.address, config.port);
    let watch = watch::start(&config.content)?;
    let (shared, workspace) = Shared::open(workspace, results, &config)?;
    let shared = Arc::new(shared);
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen at {address}: stop the program that does, or choose another port with --port")
    })?;
    let bound = listener.local_addr()?;
    // Before anybody can know that the server is up: a signal that comes without a handler would end it ungracefully.
    let stop_signal = stop_signal().context("cannot wait for signals")?;
    tracing::info!("http://{bound} is up after {:.0?} with {}", started.elapsed(), shared.summary());
    let mut metrics = Metrics::new();
    let mut lab = None;
    if config.experiments {
        metrics = metrics.with_lab();
        let journal = Journal::open(&config.cache, &config.content);
        let mut estimator = Estimator::new(config.lab.threads);
        shared.snapshot().site.results.records.values().for_each(|record| estimator.learn(record));
        let stores = (pinned, computed);
        let opened = Arc::new(Lab::new(config.lab.limits, estimator, stores, journal, metrics.lab.clone()));
        worker::start(shared.clone(), opened.clone(), config.lab.threads, crate::lab::run)?;
        tokio::spawn(worker::follow_content(shared.clone(), opened.clone()));
        tokio::spawn(worker::broadcast_eta(opened.clone()));
        lab = Some(opened);
    }
    let _watcher = watch.follow(shared.clone(), workspace)?;
    let shutdown = CancellationToken::new();
    let app = Arc::new(App {
        shared,
        lab: lab.clone(),
        metrics: Arc::new(metrics),
        streams: ClientLimit::new(config.http.streams),
        options: Arc::new(config.http),
        listening: bound.ip(),
        shutdown: shutdown.clone(),
        editing: config.editing,
    });
    let connections = Connections::new(router(&app), app.options.clone(), app.metrics.clone(), shutdown.clone());
    let serving = tokio::spawn(connections.serve(listener));
    stop_signal.await;
    tracing::info!("stopping");
    shutdown.cancel();
    if let Some(lab) = &lab {
        lab.close();
    }
    // Whoever is still downloading after that is cut off: a restart must not wait for the slowest visitor.
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, serving).await;
    Ok(())
}

/// Begins at once to wait for SIGTERM and Ctrl-C. The future ends with the first of them.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests;
