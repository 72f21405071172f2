//! Connections: how many, for how long, and how they end.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::front::{Front, Visit};
use super::options::Options;
use super::socket::Socket;

/// After a failure to accept, as when there are no file descriptors left, until the next attempt.
const RESPITE: Duration = Duration::from_millis(100);
/// File descriptors for everything but connections: content, results, the watcher.
const OTHER_FILES: u64 = 256;

/// Accepts connections until the server stops, and ends when the last of them has.
pub(super) async fn serve(listener: TcpListener, front: Arc<Front>, mut stopping: watch::Receiver<bool>) {
    let most = u32::try_from(front.options.connections).unwrap_or(u32::MAX);
    allow_files(u64::from(most) + OTHER_FILES);
    let room = Arc::new(Semaphore::new(most as usize));
    loop {
        let next = next(&listener, &room);
        let (stream, peer, permit) = tokio::select! {
            accepted = next => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(RESPITE).await;
                    continue;
                }
            },
            () = stopped(&mut stopping) => break,
        };
        tokio::spawn(connection(stream, peer, front.clone(), permit, stopping.clone()));
    }
    drop(listener);
    // All permits are back when all connections have ended.
    let _ = room.acquire_many(most).await;
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // An error means that the sender is gone, which is a stop as well.
    let _ = stopping.wait_for(|stop| *stop).await;
}

/// A connection, and its place among those that may be open. While there is no place, connections wait in the system's queue.
async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let permit = room.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Answers are written whole; nothing is gained by waiting for more.
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    front: Arc<Front>,
    _permit: OwnedSemaphorePermit,
    mut stopping: watch::Receiver<bool>,
) {
    let metrics = front.metrics.clone();
    metrics.opened();
    let socket = Socket::new(stream, metrics.clone(), front.options.stall_time);
    let protocol = protocol(&front.options);
    let mut connection = pin!(protocol.serve_connection(TokioIo::new(socket), Visit::new(front, peer)));
    let ended = tokio::select! {
        biased;
        ended = connection.as_mut() => ended,
        () = stopped(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    let slow = |error: &hyper::Error| {
        let of_socket = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
        error.is_timeout() || of_socket.is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
    };
    metrics.ended(ended.is_err_and(|error| slow(&error)));
}

fn protocol(options: &Options) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(options.header_time).max_header_size(options.header_bytes);
    protocol
}

/// Raises this process's own limit on open files, as far as it may.
fn allow_files(wanted: u64) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(limit.maximum.map_or(wanted, |maximum| maximum.min(wanted)));
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!("the limit on open files stays too low for {wanted}: {error}");
        }
    }
}
