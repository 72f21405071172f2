//! `vdlm serve`

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use clap::builder::RangedU64ValueParser;
use jiff::civil::Date;
use vdlm::server::{self, Config, LabSettings, MetricsAccess, Options};
use vdlm::site::{BaseUrl, Limits};

use super::settings::{address, cache_folder, duration, time_zone};

/// Flags of the live server.
#[derive(Debug, clap::Parser)]
pub(crate) struct Serve {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", value_name = "FOLDER", default_value = "content")]
    content: PathBuf,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [default: data in the content folder]
    #[arg(long, env = "VDLM_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Port to listen at; 0 takes a free one
    #[arg(long, env = "VDLM_PORT", default_value_t = 3000)]
    port: u16,
    /// Address to listen at; 0.0.0.0 for all
    #[arg(long, env = "VDLM_ADDRESS", value_parser = address, default_value = "127.0.0.1")]
    address: IpAddr,
    /// Address of the home page as visitors have it: https://example.org/ [default: base_url in site.yaml]
    #[arg(long, env = "VDLM_BASE_URL", value_name = "URL")]
    base_url: Option<BaseUrl>,
    /// Time zone in which days begin and events start [default: time_zone in site.yaml]
    #[arg(long, env = "VDLM_TIME_ZONE", value_name = "NAME", value_parser = time_zone)]
    time_zone: Option<String>,
    /// Show the site as it is on this day: 2019-09-24 [default: today]
    #[arg(long, env = "VDLM_AS_OF", value_name = "DATE")]
    as_of: Option<Date>,
    /// Folder for results that are computed here [default: vdlm in the user's cache folder]
    #[arg(long, env = "VDLM_CACHE", value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Do not show diagnostics and changes to people at this machine (use it behind a proxy)
    #[arg(long)]
    no_editing: bool,
    /// Do not compute missing results, and let nobody run experiments
    #[arg(long)]
    no_experiments: bool,
    /// Threads that answer requests [default: one for each core]
    #[arg(long, env = "VDLM_THREADS", value_name = "NUMBER", value_parser = count(1, 1024))]
    threads: Option<usize>,
    /// Maximum number of connections; beyond it idle ones are closed. One address may hold a quarter of them, a proxy
    /// all
    #[arg(long, env = "VDLM_CONNECTIONS", value_name = "NUMBER", value_parser = count(1, 1_000_000), default_value_t = 1024)]
    connections: usize,
    /// Maximum number of open event streams, of runs and of changes, for all; a quarter of them for one address
    #[arg(long, env = "VDLM_STREAMS", value_name = "NUMBER", value_parser = count(1, 1_000_000), default_value_t = 512)]
    streams: usize,
    /// Time for the head of a request, and between requests
    #[arg(long, env = "VDLM_HEADER_TIMEOUT", value_name = "TIME", value_parser = duration, default_value = "15s")]
    header_timeout: Duration,
    /// Time until an answer begins, including the receipt of a body
    #[arg(long, env = "VDLM_REQUEST_TIMEOUT", value_name = "TIME", value_parser = duration, default_value = "30s")]
    request_timeout: Duration,
    /// Time in which a client may take nothing of its answer
    #[arg(long, env = "VDLM_STALL_TIMEOUT", value_name = "TIME", value_parser = duration, default_value = "30s")]
    stall_timeout: Duration,
    /// Readers of /metrics
    #[arg(long, env = "VDLM_METRICS", value_name = "WHO", value_enum, default_value_t = Metrics::Off)]
    metrics: Metrics,
    /// Proxies whose word on their clients is trusted, beside those on this machine
    #[arg(long, env = "VDLM_TRUST_PROXY", value_name = "ADDRESS", value_delimiter = ',', value_parser = address)]
    trust_proxy: Vec<IpAddr>,
    /// Maximum number of runs of visitors that wait in the lab
    #[arg(long, env = "VDLM_LAB_QUEUE", value_name = "RUNS", value_parser = count(0, 10_000), default_value_t = 16)]
    lab_queue: usize,
    /// Maximum number of runs of one visitor that wait or run
    #[arg(long, env = "VDLM_LAB_VISITOR_RUNS", value_name = "RUNS", value_parser = count(0, 10_000), default_value_t = 2)]
    lab_visitor_runs: usize,
    /// Maximum number of runs that one network address may start in an hour; it may also add a quarter of --lab-store
    #[arg(long, env = "VDLM_LAB_HOURLY_RUNS", value_name = "RUNS", value_parser = count(0, 1_000_000), default_value_t = 100)]
    lab_hourly_runs: usize,
    /// Longest run of a visitor, estimated before it begins; a run that takes twice as long is stopped
    #[arg(long, env = "VDLM_LAB_SECONDS", value_name = "TIME", value_parser = duration, default_value = "120s")]
    lab_seconds: Duration,
    /// Maximum size of computed results in the cache folder, in megabytes; the oldest are deleted first
    #[arg(long, env = "VDLM_LAB_STORE", value_name = "MB", value_parser = count(0, 1_000_000), default_value_t = 256)]
    lab_store: usize,
    /// Threads of a run [default: one for each core]
    #[arg(long, env = "VDLM_LAB_THREADS", value_name = "THREADS", value_parser = count(1, 1024))]
    lab_threads: Option<usize>,
}

/// Access to `/metrics`.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Metrics {
    /// Nobody
    Off,
    /// This machine, through no proxy
    Local,
    /// Everybody
    All,
}

fn count(min: u64, max: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(min..=max)
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config {
            address: self.address,
            port: self.port,
            data: self.data.clone().unwrap_or_else(|| self.content.join("data")),
            cache: self.cache.clone().unwrap_or_else(cache_folder),
            as_of: self.as_of,
            editing: !self.no_editing,
            experiments: !self.no_experiments,
            lab: self.lab(),
            http: self.http(),
            content: self.content,
        };
        // Results of an hour's work would be thrown away at its end.
        if config.experiments
            && let Err(error) = config.try_cache()
        {
            bail!(
                "no results can be kept in `{}`: {error}; choose a folder that can be written to with --cache, or start with \
                 --no-experiments",
                config.cache.display()
            );
        }
        server::serve(config)?;
        Ok(ExitCode::SUCCESS)
    }

    fn lab(&self) -> LabSettings {
        LabSettings {
            limits: Limits {
                queue: self.lab_queue,
                per_visitor: self.lab_visitor_runs,
                per_hour: self.lab_hourly_runs,
                seconds: self.lab_seconds.as_secs_f64(),
                store_bytes: (self.lab_store as u64) << 20,
            },
            threads: self.lab_threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }

    fn http(&self) -> Options {
        Options {
            threads: self.threads.unwrap_or(Options::default().threads),
            connections: self.connections,
            streams: self.streams,
            header_timeout: self.header_timeout,
            request_timeout: self.request_timeout,
            stall_timeout: self.stall_timeout,
            metrics: match self.metrics {
                Metrics::Off => MetricsAccess::Off,
                Metrics::Local => MetricsAccess::Local,
                Metrics::All => MetricsAccess::All,
            },
            proxies: self.trust_proxy.clone(),
            time_zone: self.time_zone.clone(),
            base: self.base_url.clone(),
        }
    }
}
