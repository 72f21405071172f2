//! Open event streams: how many there may be, in all and from one address.
//!
//! A stream keeps its connection for as long as a run or a visit lasts, so that without a limit a few clients would take every place.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// One address has at most the whole divided by this: an audience behind one router is many visitors.
const SHARE: usize = 4;
/// When a client may ask again, in seconds: runs of visitors last a minute or two.
const RETRY: u16 = 60;

/// The streams that are open.
#[derive(Debug)]
pub(super) struct Streams {
    most: usize,
    open: Mutex<HashMap<IpAddr, usize>>,
}

/// The place of an open stream; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place {
    streams: Arc<Streams>,
    address: IpAddr,
}

/// Why a stream is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// The address has as many as it may.
    Yours,
    /// All places are taken.
    All,
}

impl Streams {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, open: Mutex::default() })
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.lock().values().sum()
    }

    /// A place for a stream to this address.
    ///
    /// # Errors
    /// When there is none left.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<Place, Taken> {
        let mut open = self.lock();
        if open.values().sum::<usize>() >= self.most {
            return Err(Taken::All);
        }
        let own = open.entry(address).or_default();
        if *own >= self.most.div_ceil(SHARE) {
            return Err(Taken::Yours);
        }
        *own += 1;
        Ok(Place { streams: self.clone(), address })
    }

    /// Counts are whole after each statement.
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.lock();
        let left = open.get(&self.address).map_or(0, |own| own - 1);
        // Addresses that have none are forgotten: there are without number.
        match left {
            0 => drop(open.remove(&self.address)),
            left => drop(open.insert(self.address, left)),
        }
    }
}

impl IntoResponse for Taken {
    fn into_response(self) -> Response {
        let status = match self {
            Taken::Yours => StatusCode::TOO_MANY_REQUESTS,
            Taken::All => StatusCode::SERVICE_UNAVAILABLE,
        };
        (status, [(header::RETRY_AFTER, HeaderValue::from(RETRY))]).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_and_all_together_have_their_limits_and_places_come_back() {
        let streams = Streams::new(8);
        let address = |n: u8| IpAddr::from([192, 0, 2, n]);
        let mut places: Vec<Place> = (0..2).map(|_| streams.enter(address(1)).unwrap()).collect();
        assert_eq!(streams.enter(address(1)).unwrap_err(), Taken::Yours);
        places.extend((0..6).map(|n| streams.enter(address(2 + n / 2)).unwrap()));
        assert_eq!(streams.enter(address(9)).unwrap_err(), Taken::All);
        assert_eq!(streams.count(), 8);
        drop(places.remove(0));
        assert_eq!(streams.count(), 7);
        let again = streams.enter(address(1)).unwrap();
        assert_eq!(streams.enter(address(1)).unwrap_err(), Taken::All);
        drop((places, again));
        assert_eq!((streams.count(), streams.lock().len()), (0, 0));
        assert_eq!(Taken::Yours.into_response().status(), 429);
        assert_eq!(Taken::All.into_response().headers()[header::RETRY_AFTER], "60");
    }
}
