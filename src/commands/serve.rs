//! `vdlm serve`

use std::net::IpAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use vdlm::server::{self, Config};

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
    /// Do not compute missing results
    #[arg(long)]
    no_experiments: bool,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        server::serve(Config {
            address: self.address,
            port: self.port,
            data: self.data.unwrap_or_else(|| self.content.join("data")),
            content: self.content,
            cache: self.cache.unwrap_or_else(cache_folder),
            as_of: self.as_of,
            editing: !self.no_editing,
            experiments: !self.no_experiments,
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
