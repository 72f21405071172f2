//! Settings of the HTTP side: limits, and who is trusted.

use std::net::IpAddr;
use std::time::Duration;

use crate::site::BaseUrl;

/// Limits and trust.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that answer requests, and threads that render.
    pub threads: usize,
    /// Maximum number of open connections. Beyond it, idle ones are closed; if there are none, others wait.
    pub connections: usize,
    /// Maximum number of open event streams, of which one client may hold a quarter.
    pub streams: usize,
    /// Time for a client to send the head of a request, and for a connection to be idle.
    pub header_timeout: Duration,
    /// Time until a response begins, including the receipt of the request's body.
    pub request_timeout: Duration,
    /// Time in which a client may take no byte of its response.
    pub stall_timeout: Duration,
    /// Access to `/metrics`.
    pub metrics: MetricsAccess,
    /// Proxies elsewhere whose `X-Forwarded-For` and `X-Forwarded-Proto` are trusted; those on this machine always
    /// are.
    pub proxies: Vec<IpAddr>,
    /// Base URL that is used instead of the one in `site.yaml`.
    pub base: Option<BaseUrl>,
    /// IANA name of a time zone that is used instead of the one in `site.yaml`.
    pub time_zone: Option<String>,
}

/// Access to `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricsAccess {
    /// Nobody.
    Off,
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
            header_timeout: Duration::from_secs(15),
            request_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(30),
            metrics: MetricsAccess::Off,
            proxies: Vec::new(),
            base: None,
            time_zone: None,
        }
    }
}

impl Options {
    /// Returns whether headers about the client are trusted when they come from this address.
    pub(super) fn trusts(&self, peer: IpAddr) -> bool {
        peer.to_canonical().is_loopback() || self.proxies.contains(&peer.to_canonical())
    }
}
