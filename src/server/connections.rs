//! Accepts connections: how many, from whom, for how long, and how they end.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::http::{StatusCode, header};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::limits::{ClientLimit, LimitExceeded, Permit, client_network};
use super::metrics::Metrics;
use super::options::Options;

/// Pause after a failure to accept, as when no file descriptors are left.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);
/// Interval at which a waiting connection looks for an idle one to close.
const ADMIT_INTERVAL: Duration = Duration::from_millis(50);
/// File descriptors for everything but connections: content, results, the watcher.
const OTHER_FILES: u64 = 256;
/// Maximum size of a request head that is read at all. It is more than the router allows, so that a head which is too
/// long is answered by a page.
const READ_BUFFER: usize = 64 << 10;

/// Serves a router to all who connect.
pub(super) struct Connections {
    router: Router,
    options: Arc<Options>,
    metrics: Arc<Metrics>,
    shutdown: CancellationToken,
    limit: Arc<ClientLimit>,
    /// Open connections by the address of the other end.
    open: Mutex<HashMap<SocketAddr, Arc<Connection>>>,
}

/// State of an open connection.
struct Connection {
    client: IpAddr,
    /// Requests whose response has not been taken over completely.
    in_flight: AtomicUsize,
    last_request: Mutex<Instant>,
    /// Cancelled to make room for another connection.
    evicted: CancellationToken,
    _permit: Permit,
}

impl Connections {
    pub(super) fn new(
        router: Router,
        options: Arc<Options>,
        metrics: Arc<Metrics>,
        shutdown: CancellationToken,
    ) -> Arc<Self> {
        let limit = ClientLimit::new(options.connections);
        Arc::new(Self { router, options, metrics, shutdown, limit, open: Mutex::default() })
    }

    /// Accepts connections until the server stops, and returns when the last of them has ended.
    pub(super) async fn serve(self: Arc<Self>, listener: TcpListener) {
        raise_file_limit(self.limit.max() as u64 + OTHER_FILES);
        let tasks = TaskTracker::new();
        loop {
            let accepted = tokio::select! {
                accepted = self.accept(&listener) => accepted,
                () = self.shutdown.cancelled() => break,
            };
            match accepted {
                Ok(Some((stream, peer, connection))) => drop(tasks.spawn(self.clone().run(stream, peer, connection))),
                // The client holds its share already; the stream is closed.
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(ACCEPT_BACKOFF).await;
                }
            }
        }
        drop(listener);
        tasks.close();
        tasks.wait().await;
    }

    async fn accept(&self, listener: &TcpListener) -> io::Result<Option<(TcpStream, SocketAddr, Arc<Connection>)>> {
        let (stream, peer) = listener.accept().await?;
        // Responses are written in one piece; nothing is gained by waiting for more.
        stream.set_nodelay(true)?;
        let Some(connection) = self.admit(peer).await else { return Ok(None) };
        self.lock().insert(peer, connection.clone());
        Ok(Some((stream, peer, connection)))
    }

    /// Waits for a place, and closes an idle connection if there is none. Returns `None` if the client holds its
    /// share and all of it is in use.
    async fn admit(&self, peer: SocketAddr) -> Option<Arc<Connection>> {
        let client = client_network(peer.ip());
        // A proxy brings the connections of everybody.
        let proxy = self.options.trusts(peer.ip());
        loop {
            let permit =
                if proxy { self.limit.acquire_within(client, self.limit.max()) } else { self.limit.acquire(client) };
            match permit {
                Ok(permit) => {
                    return Some(Arc::new(Connection {
                        client,
                        in_flight: AtomicUsize::new(0),
                        last_request: Mutex::new(Instant::now()),
                        evicted: CancellationToken::new(),
                        _permit: permit,
                    }));
                }
                Err(LimitExceeded::PerClient) if !proxy && !self.evict(Some(client)) => return None,
                Err(LimitExceeded::PerClient) if !proxy => {}
                Err(_) => drop(self.evict(None)),
            }
            let _ = tokio::time::timeout(ADMIT_INTERVAL, self.limit.released()).await;
        }
    }

    /// Closes the connection that has been idle for longest: of this client, or else of the client that holds most.
    /// Returns whether one is being closed.
    fn evict(&self, client: Option<IpAddr>) -> bool {
        let open = self.lock();
        let candidates = open.values().filter(|connection| client.is_none_or(|client| connection.client == client));
        let idle = candidates.filter(|connection| connection.is_idle());
        let key = |connection: &&Arc<Connection>| {
            (self.limit.held_by(connection.client), connection.last_request().elapsed())
        };
        let victim = idle.max_by_key(key);
        victim.inspect(|connection| connection.evicted.cancel()).is_some()
    }

    async fn run(self: Arc<Self>, stream: TcpStream, peer: SocketAddr, connection: Arc<Connection>) {
        self.metrics.connections.inc();
        self.metrics.connections_open.inc();
        let ended = tokio::select! {
            ended = self.serve_connection(stream, peer, &connection) => ended,
            () = connection.evicted.cancelled() => Ok(()),
        };
        self.lock().remove(&peer);
        self.metrics.connections_open.dec();
        if ended.is_err_and(|error| timed_out(&error)) {
            self.metrics.connections_cut.inc();
        }
    }

    async fn serve_connection(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        connection: &Arc<Connection>,
    ) -> hyper::Result<()> {
        let service = service_fn(|mut request: Request<Incoming>| {
            let in_flight = InFlight::new(connection.clone());
            request.extensions_mut().insert(ConnectInfo(peer));
            let responding = self.router.clone().oneshot(request);
            async move {
                let mut response = responding.await?;
                if response.status() == StatusCode::NOT_MODIFIED {
                    // The router has set the length of no body, which is not that of the page (RFC 9110 §8.6).
                    response.headers_mut().remove(header::CONTENT_LENGTH);
                }
                Ok::<_, Infallible>(response.map(|body| TrackedBody { body, _in_flight: in_flight }))
            }
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(self.options.stall_timeout));
        let mut protocol = http1::Builder::new();
        protocol.timer(TokioTimer::new()).header_read_timeout(self.options.header_timeout).max_header_size(READ_BUFFER);
        let mut serving = pin!(protocol.serve_connection(TokioIo::new(Box::pin(stream)), service));
        tokio::select! {
            biased;
            ended = serving.as_mut() => ended,
            () = self.shutdown.cancelled() => {
                if connection.is_idle() {
                    return Ok(());
                }
                serving.as_mut().graceful_shutdown();
                serving.await
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SocketAddr, Arc<Connection>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    fn is_idle(&self) -> bool {
        self.in_flight.load(Ordering::Relaxed) == 0 && !self.evicted.is_cancelled()
    }

    fn last_request(&self) -> Instant {
        *self.last_request.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks a connection as in use, from the head of a request to the end of the response.
struct InFlight(Arc<Connection>);

impl InFlight {
    fn new(connection: Arc<Connection>) -> Self {
        connection.in_flight.fetch_add(1, Ordering::Relaxed);
        Self(connection)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        *self.0.last_request.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A response body that keeps its connection marked as in use.
struct TrackedBody {
    body: Body,
    _in_flight: InFlight,
}

impl hyper::body::Body for TrackedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Returns whether a connection has been closed because the other end was too slow.
fn timed_out(error: &hyper::Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
    error.is_timeout() || source.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
}

/// Raises this process's own limit on open files as far as it may.
fn raise_file_limit(wanted: u64) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!("the limit on open files stays below {wanted}: {error}");
        }
    }
}
