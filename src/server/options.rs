//! How the server speaks HTTP: its limits, and whom it believes what.

use std::net::IpAddr;
use std::time::Duration;

use crate::pages::BaseUrl;

/// Limits and trust.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that answer requests.
    pub threads: usize,
    /// Most connections that are open at once; others wait in the system's queue until one has ended.
    pub connections: usize,
    /// Most event streams that are open at once; of one address a quarter of them.
    pub streams: usize,
    /// How long a client may take over the head of a request, and a connection may be idle.
    pub header_time: Duration,
    /// How long a request may take until its answer begins, the receipt of its body included.
    pub request_time: Duration,
    /// How long a client may take no byte of its answer.
    pub stall_time: Duration,
    /// Most bytes of the head of a request.
    pub header_bytes: usize,
    /// Who may read `/metrics`.
    pub metrics: MetricsFor,
    /// Proxies elsewhere whose `X-Forwarded-Proto` is believed; those on this machine always are.
    pub proxies: Vec<IpAddr>,
    /// The address of the home page, for addresses that must be whole.
    pub base: Option<BaseUrl>,
    /// IANA name of a time zone that counts instead of the one in `site.yaml`.
    pub time_zone: Option<String>,
}

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsFor {
    /// Nobody.
    Nobody,
    /// Requests from this machine that came through no proxy.
    Local,
    /// Anybody.
    All,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            connections: 1024,
            streams: 512,
            header_time: Duration::from_secs(15),
            request_time: Duration::from_secs(30),
            stall_time: Duration::from_secs(30),
            header_bytes: 32 << 10,
            metrics: MetricsFor::Local,
            proxies: Vec::new(),
            base: None,
            time_zone: None,
        }
    }
}

impl Options {
    /// Whether headers about the client are believed when they come from this address.
    pub(super) fn believes(&self, peer: IpAddr) -> bool {
        peer.to_canonical().is_loopback() || self.proxies.contains(&peer.to_canonical())
    }

    /// Whether the site's own address says that it is read over TLS.
    pub(super) fn is_https(&self) -> bool {
        self.base.as_ref().is_some_and(|base| base.of("").get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:")))
    }
}
