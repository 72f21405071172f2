//! `vdlm serve`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use vdlm::pages::Limits;
use vdlm::server::{self, Config, LabSettings, Options};

use super::rules;
use super::settings::{NO_BASE, Settings};

const SOURCES: &str = "\
Settings with a variable are taken from the flag, else from the environment, else from site.yaml (`server:` with the name of the flag, dashes as \
underscores: `header_timeout: 10`; `base_url` and `time_zone` stand at its top level), else from the default. The content folder and the day are \
never in site.yaml.";

/// Flags of the live server.
#[derive(Debug, clap::Parser)]
#[command(after_help = SOURCES)]
pub(crate) struct Serve {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [env: VDLM_DATA] [default: data in the content folder]
    #[arg(long, value_name = "FOLDER")]
    data: Option<String>,
    /// Port to listen at; 0 takes a free one [env: VDLM_PORT] [default: 3000]
    #[arg(long, value_name = "PORT")]
    port: Option<String>,
    /// Address to listen at; 0.0.0.0 for all [env: VDLM_ADDRESS] [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS")]
    address: Option<String>,
    /// Where the site is, for addresses that must be whole: https://example.org/ [env: VDLM_BASE_URL]
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Time zone in which days begin and events start [env: VDLM_TIME_ZONE] [default: that of site.yaml]
    #[arg(long, value_name = "NAME")]
    time_zone: Option<String>,
    /// Show the site as it is on this day: 2019-09-24 [env: VDLM_AS_OF]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Folder for results that are computed here [env: VDLM_CACHE] [default: vdlm in the user's cache folder]
    #[arg(long, value_name = "FOLDER")]
    cache: Option<String>,
    /// Do not show problems and changes to visitors on this machine (use it behind a proxy)
    #[arg(long)]
    no_editing: bool,
    /// Do not compute missing results, and let nobody run experiments
    #[arg(long)]
    no_experiments: bool,
    /// Threads that answer requests [env: VDLM_THREADS] [default: one for each core]
    #[arg(long, value_name = "NUMBER")]
    threads: Option<String>,
    /// Most connections at once; more wait until one ends [env: VDLM_CONNECTIONS] [default: 1024]
    #[arg(long, value_name = "NUMBER")]
    connections: Option<String>,
    /// Most open event streams, of runs and of changes, for all; a quarter of them for one address [env: VDLM_STREAMS] [default: 512]
    #[arg(long, value_name = "NUMBER")]
    streams: Option<String>,
    /// Seconds for the head of a request, and between requests [env: VDLM_HEADER_TIMEOUT] [default: 15]
    #[arg(long, value_name = "SECONDS")]
    header_timeout: Option<String>,
    /// Seconds until an answer begins, the receipt of a body included [env: VDLM_REQUEST_TIMEOUT] [default: 30]
    #[arg(long, value_name = "SECONDS")]
    request_timeout: Option<String>,
    /// Seconds in which a client takes none of its answer [env: VDLM_STALL_TIMEOUT] [default: 30]
    #[arg(long, value_name = "SECONDS")]
    stall_timeout: Option<String>,
    /// Who may read /metrics: off, local (this machine, past no proxy) or all [env: VDLM_METRICS] [default: local]
    #[arg(long, value_name = "WHO")]
    metrics: Option<String>,
    /// Proxies that are believed what they say of their clients, beside those on this machine [env: VDLM_TRUST_PROXY]
    #[arg(long, value_name = "ADDRESS,…")]
    trust_proxy: Option<String>,
    /// Most runs of visitors that wait in the lab [env: VDLM_LAB_QUEUE] [default: 16]
    #[arg(long, value_name = "RUNS")]
    lab_queue: Option<String>,
    /// Most runs of one visitor that wait or run [env: VDLM_LAB_VISITOR_RUNS] [default: 2]
    #[arg(long, value_name = "RUNS")]
    lab_visitor_runs: Option<String>,
    /// Longest run of a visitor, in seconds that are estimated before it begins [env: VDLM_LAB_SECONDS] [default: 120]
    #[arg(long, value_name = "SECONDS")]
    lab_seconds: Option<String>,
    /// Most megabytes of computed results in the cache folder; the oldest go first [env: VDLM_LAB_STORE] [default: 256]
    #[arg(long, value_name = "MB")]
    lab_store: Option<String>,
    /// Threads of a run [env: VDLM_LAB_THREADS] [default: one for each core]
    #[arg(long, value_name = "THREADS")]
    lab_threads: Option<String>,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let settings = Settings::read(&self.content);
        let config = Config {
            address: settings.or(&rules::ADDRESS, self.address.as_deref(), [127, 0, 0, 1].into())?,
            port: settings.or(&rules::PORT, self.port.as_deref(), 3000)?,
            data: settings.get(&rules::DATA, self.data.as_deref())?.unwrap_or_else(|| self.content.join("data")),
            cache: settings.get(&rules::CACHE, self.cache.as_deref())?.unwrap_or_else(cache_folder),
            as_of: settings.get(&rules::AS_OF, self.as_of.as_deref())?,
            editing: !self.no_editing,
            experiments: !self.no_experiments,
            lab: self.lab(&settings)?,
            http: self.http(&settings)?,
            content: self.content,
            give_back: crate::allocator::give_back,
        };
        // Results of an hour's work would be thrown away at its end.
        if config.experiments
            && let Err(error) = config.try_cache()
        {
            let (folder, origin) = (config.cache.display(), settings.origin(&rules::CACHE, self.cache.as_deref()));
            bail!(
                "cache: no results can be kept in `{folder}` ({origin}): {error}; name a folder that can be made and written to, \
                 or start with --no-experiments"
            );
        }
        if config.http.base.is_none() {
            tracing::info!("hint: {NO_BASE}");
        }
        server::serve(config)?;
        Ok(ExitCode::SUCCESS)
    }

    fn lab(&self, settings: &Settings) -> anyhow::Result<LabSettings> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let time = settings.or(&rules::LAB_SECONDS, self.lab_seconds.as_deref(), Duration::from_secs(120))?;
        let megabytes = settings.or(&rules::LAB_STORE, self.lab_store.as_deref(), 256)?;
        Ok(LabSettings {
            limits: Limits {
                queue: settings.or(&rules::LAB_QUEUE, self.lab_queue.as_deref(), 16)?,
                visitor: settings.or(&rules::LAB_VISITOR_RUNS, self.lab_visitor_runs.as_deref(), 2)?,
                seconds: time.as_secs_f64(),
            },
            threads: settings.or(&rules::LAB_THREADS, self.lab_threads.as_deref(), cores)?,
            store_bytes: (megabytes as u64) << 20,
        })
    }

    fn http(&self, settings: &Settings) -> anyhow::Result<Options> {
        let usual = Options::default();
        Ok(Options {
            threads: settings.or(&rules::THREADS, self.threads.as_deref(), usual.threads)?,
            connections: settings.or(&rules::CONNECTIONS, self.connections.as_deref(), usual.connections)?,
            streams: settings.or(&rules::STREAMS, self.streams.as_deref(), usual.streams)?,
            header_time: settings.or(&rules::HEADER_TIMEOUT, self.header_timeout.as_deref(), usual.header_time)?,
            request_time: settings.or(&rules::REQUEST_TIMEOUT, self.request_timeout.as_deref(), usual.request_time)?,
            stall_time: settings.or(&rules::STALL_TIMEOUT, self.stall_timeout.as_deref(), usual.stall_time)?,
            header_bytes: usual.header_bytes,
            metrics: settings.or(&rules::METRICS, self.metrics.as_deref(), usual.metrics)?,
            proxies: settings.or(&rules::TRUST_PROXY, self.trust_proxy.as_deref(), usual.proxies)?,
            time_zone: settings.get(&rules::TIME_ZONE, self.time_zone.as_deref())?,
            base: settings.get(&rules::BASE_URL, self.base_url.as_deref())?,
        })
    }
}

/// Where the XDG base directory specification puts what can be computed again.
fn cache_folder() -> PathBuf {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")));
    home.unwrap_or_else(std::env::temp_dir).join("vdlm")
}
