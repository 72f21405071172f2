//! Limits on what one client, and all clients together, may hold open: connections and event streams.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;

/// One client may hold the whole divided by this: an audience behind one router is many visitors.
const SHARE: usize = 4;
/// When a refused client may ask again, in seconds: runs of visitors last a minute or two.
const RETRY_AFTER: u16 = 60;

/// Counts what is open, by client.
#[derive(Debug)]
pub(super) struct ClientLimit {
    max: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
    released: Notify,
}

/// A place below the limit, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Permit {
    limit: Arc<ClientLimit>,
    client: IpAddr,
}

/// Which limit has been reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitExceeded {
    /// The client holds its share.
    PerClient,
    /// All clients together hold everything.
    Global,
}

impl ClientLimit {
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, open: Mutex::default(), released: Notify::new() })
    }

    pub(super) fn max(&self) -> usize {
        self.max
    }

    /// Number of places taken by all clients.
    pub(super) fn total(&self) -> usize {
        self.lock().values().sum()
    }

    /// Number of places taken by one client.
    pub(super) fn held_by(&self, client: IpAddr) -> usize {
        self.lock().get(&client).copied().unwrap_or(0)
    }

    /// Takes a place within the usual share of a client.
    ///
    /// # Errors
    /// When no place is left.
    pub(super) fn acquire(self: &Arc<Self>, client: IpAddr) -> Result<Permit, LimitExceeded> {
        self.acquire_within(client, self.max.div_ceil(SHARE))
    }

    /// Takes a place for a client that may hold `share` of them.
    ///
    /// # Errors
    /// When no place is left.
    pub(super) fn acquire_within(self: &Arc<Self>, client: IpAddr, share: usize) -> Result<Permit, LimitExceeded> {
        let mut open = self.lock();
        let own = open.get(&client).copied().unwrap_or(0);
        if own >= share {
            return Err(LimitExceeded::PerClient);
        }
        if open.values().sum::<usize>() >= self.max {
            return Err(LimitExceeded::Global);
        }
        open.insert(client, own + 1);
        Ok(Permit { limit: self.clone(), client })
    }

    /// Waits until a place has been given back.
    pub(super) async fn released(&self) {
        self.released.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        // Counts are complete after each statement, so a panic elsewhere cannot have left them half changed.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.limit.lock();
        let own = open.remove(&self.client).unwrap_or(0);
        // Clients that hold nothing are forgotten, since there is no end of addresses.
        if own > 1 {
            open.insert(self.client, own - 1);
        }
        drop(open);
        self.limit.released.notify_one();
    }
}

impl IntoResponse for LimitExceeded {
    fn into_response(self) -> Response {
        let status = match self {
            LimitExceeded::PerClient => StatusCode::TOO_MANY_REQUESTS,
            LimitExceeded::Global => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, [(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER))]).into_response()
    }
}

/// Returns the address by which a client is counted: of IPv6 the network, because one host has all 2⁶⁴ addresses of
/// its /64.
pub(super) fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_have_a_share_and_places_come_back() {
        let limit = ClientLimit::new(8);
        let address = |n: u8| IpAddr::from([192, 0, 2, n]);
        let mut permits: Vec<Permit> = (0..2).map(|_| limit.acquire(address(1)).unwrap()).collect();
        assert_eq!(limit.acquire(address(1)).unwrap_err(), LimitExceeded::PerClient);
        permits.extend((0..6).map(|n| limit.acquire(address(2 + n / 2)).unwrap()));
        assert_eq!(limit.acquire(address(9)).unwrap_err(), LimitExceeded::Global);
        assert_eq!((limit.total(), limit.held_by(address(1))), (8, 2));
        drop(permits.remove(0));
        let again = limit.acquire(address(1)).unwrap();
        drop((permits, again));
        assert_eq!((limit.total(), limit.lock().len()), (0, 0));
    }

    #[test]
    fn one_ipv6_network_is_one_client() {
        let network = |address: &str| client_network(address.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:ffff::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(network("::1"), "::1");
    }
}
