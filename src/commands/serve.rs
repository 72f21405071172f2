//! `vdlm serve`

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use vdlm::pages::Limits;
use vdlm::server::{self, Config, LabSettings};

/// Flags of the live server.
#[derive(Debug, clap::Parser)]
pub(crate) struct Serve {
    /// The content folder
    #[arg(long, env = "VDLM_CONTENT", default_value = "content")]
    content: PathBuf,
    /// Folder with the data of experiments: mnist, fashion-mnist, cifar-10 [default: data in the content folder]
    #[arg(long, env = "VDLM_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Port to listen at; 0 takes a free one
    #[arg(long, env = "VDLM_PORT", default_value_t = 3000)]
    port: u16,
    /// Address to listen at; 0.0.0.0 for all
    #[arg(long, env = "VDLM_ADDRESS", default_value = "127.0.0.1")]
    address: IpAddr,
    /// Show the site as it is on this day: 2019-09-24
    #[arg(long, env = "VDLM_AS_OF", value_name = "DATE")]
    as_of: Option<Date>,
    /// Folder for results that are computed here [default: vdlm in the user's cache folder]
    #[arg(long, env = "VDLM_CACHE", value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Do not show problems and changes to visitors on this machine (use it behind a proxy)
    #[arg(long)]
    no_editing: bool,
    /// Do not compute missing results, and let nobody run experiments
    #[arg(long)]
    no_experiments: bool,
    /// Most runs of visitors that wait in the lab
    #[arg(long, env = "VDLM_LAB_QUEUE", value_name = "RUNS", default_value_t = 16)]
    lab_queue: usize,
    /// Most runs of one visitor that wait or run
    #[arg(long, env = "VDLM_LAB_VISITOR_RUNS", value_name = "RUNS", default_value_t = 2)]
    lab_visitor_runs: usize,
    /// Longest run of a visitor, in seconds that are estimated before it begins
    #[arg(long, env = "VDLM_LAB_SECONDS", value_name = "SECONDS", default_value_t = 120.0)]
    lab_seconds: f64,
    /// Most megabytes of computed results in the cache folder; the oldest go first
    #[arg(long, env = "VDLM_LAB_STORE", value_name = "MB", default_value_t = 256)]
    lab_store: u64,
    /// Threads of a run [default: one for each core]
    #[arg(long, env = "VDLM_LAB_THREADS", value_name = "THREADS")]
    lab_threads: Option<NonZeroUsize>,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let limits = Limits { queue: self.lab_queue, visitor: self.lab_visitor_runs, seconds: self.lab_seconds };
        let threads = self.lab_threads.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
        server::serve(Config {
            address: self.address,
            port: self.port,
            data: self.data.unwrap_or_else(|| self.content.join("data")),
            content: self.content,
            cache: self.cache.unwrap_or_else(cache_folder),
            as_of: self.as_of,
            editing: !self.no_editing,
            experiments: !self.no_experiments,
            lab: LabSettings { limits, threads, store_bytes: self.lab_store << 20 },
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Where the XDG base directory specification puts what can be computed again.
fn cache_folder() -> PathBuf {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = of("XDG_CACHE_HOME").or_else(|| of("HOME").map(|home| home.join(".cache")));
    home.unwrap_or_else(std::env::temp_dir).join("vdlm")
}
