//! The live server: pages from memory, edits in the open browser, experiments in the background.

mod accept;
mod clock;
mod edit;
mod front;
mod http;
mod job;
mod journal;
mod lab;
mod listen;
mod live;
mod metrics;
mod negotiate;
mod options;
mod path;
mod queue;
mod rendered;
mod results;
mod socket;
mod state;
mod streams;
mod tally;
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
use tokio::sync::watch as signal;

use crate::content::Folder;
use crate::lab::Store;
use crate::pages::Limits;
use crate::workspace::Workspace;
use front::Front;
use journal::Journal;
use lab::Lab;
use metrics::Metrics;
use results::Results;
use state::Shared;
use streams::Streams;

pub use options::{MetricsFor, Options};

/// How long open connections have after a stop signal; event streams end at once, so this is for slow downloads.
const GRACE: Duration = Duration::from_millis(700);

/// What the server is told.
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
    /// Whether visitors on this machine see problems and changes as they are saved.
    pub editing: bool,
    /// Whether missing results are computed, and visitors may run experiments of their own.
    pub experiments: bool,
    /// How much visitors may ask for.
    pub lab: LabSettings,
    /// How it speaks HTTP.
    pub http: Options,
    /// Gives memory that is free back to the system; called after the content was read. What there is to do depends on the allocator, which is the
    /// program's choice.
    pub give_back: fn(),
}

impl Config {
    /// Makes the cache folder where it is not there yet, and tries whether results can be kept in it.
    ///
    /// # Errors
    /// When they cannot: it is a file, or not to be made, or not to be written to.
    pub fn try_cache(&self) -> io::Result<()> {
        fs::create_dir_all(&self.cache)?;
        let probe = self.cache.join(format!(".vdlm-{}", std::process::id()));
        fs::write(&probe, "")?;
        fs::remove_file(&probe)
    }

    /// For tests: a server on any port of this machine, whose lab takes some runs of a minute.
    #[cfg(test)]
    fn of_test(content: &std::path::Path, cache: &std::path::Path) -> Self {
        let limits = Limits { queue: 8, visitor: 8, seconds: 60.0 };
        Self {
            address: [127, 0, 0, 1].into(),
            port: 0,
            content: content.to_owned(),
            data: content.join("data"),
            cache: cache.to_owned(),
            as_of: None,
            editing: false,
            experiments: true,
            lab: LabSettings { limits, threads: 1, store_bytes: 1 << 20 },
            http: Options::default(),
            give_back: || {},
        }
    }
}

/// What the lab may use.
#[derive(Debug, Clone, Copy)]
pub struct LabSettings {
    /// What a visitor may ask for.
    pub limits: Limits,
    /// Threads of a run; its numbers do not depend on them.
    pub threads: usize,
    /// Most bytes of results in the cache folder; the oldest go first. A comparison of 80 runs is about 100 KB.
    pub store_bytes: u64,
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// When the content folder cannot be read, there is no usable site in it, or the address is taken.
pub fn serve(config: Config) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut runtime = match config.http.threads {
        0 | 1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(config.http.threads.max(1)).enable_all().build();
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
    let watch = watch::start(&config.content);
    let (shared, workspace) = Shared::open(workspace, results, &config)?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen at {address}: stop the program that does, or choose another port with --port"))?;
    let bound = listener.local_addr()?;
    // Before anybody can know that the server is up: a signal that comes without a handler would end it ungracefully.
    let asked_to_stop = asked_to_stop().context("cannot wait for signals")?;
    tracing::info!("http://{bound} is up after {:.0?} with {}", started.elapsed(), shared.summary());
    let (stop, stopping) = signal::channel(false);
    let shared = Arc::new(shared);
    let lab = config.experiments.then(|| Arc::new(Lab::new(&config.lab, pinned, computed, Journal::open(&config.cache))));
    if let Some(lab) = &lab {
        worker::start(shared.clone(), lab.clone(), crate::lab::run)?;
        tokio::spawn(worker::follow(shared.clone(), lab.clone()));
        tokio::spawn(worker::remind(lab.clone()));
    }
    let _watcher = watch?.follow(shared.clone(), workspace, config.give_back)?;
    let (metrics, options, editing) = (Arc::new(Metrics::new()), config.http, config.editing);
    let streams = Streams::new(options.streams);
    let app = http::App { shared, lab: lab.clone(), metrics, streams, metrics_for: options.metrics, stopping, editing };
    let front = Arc::new(Front::new(&app, options));
    let server = tokio::spawn(listen::serve(listener, front, app.stopping));
    asked_to_stop.await;
    tracing::info!("stopping");
    stop.send_replace(true);
    if let Some(lab) = &lab {
        lab.close();
    }
    // Whoever is still downloading after that is cut off: a restart must not wait for the slowest visitor.
    let _ = tokio::time::timeout(GRACE, server).await;
    Ok(())
}

/// Begins at once to wait for SIGTERM and Ctrl-C; what it gives ends with the first of them.
fn asked_to_stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
