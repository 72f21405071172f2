//! Responses that several handlers send: redirects and streams of events.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::limits::Permit;

/// Open streams send a comment this often; proxies give up on silence after a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Leads to another path of this site.
pub(super) fn redirect(to: &str, query: &str) -> Response {
    // A path that begins with two slashes would be the name of another host (RFC 3986 §4.2).
    let to = format!("/{}", to.trim_start_matches('/'));
    let to = if query.is_empty() { to } else { format!("{to}?{query}") };
    match HeaderValue::from_str(&to) {
        // Aliases come and go with the content, so browsers must not keep them.
        Ok(location) => {
            let headers = [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))];
            (StatusCode::MOVED_PERMANENTLY, headers).into_response()
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Streams the value of a channel and each later one, up to the last.
pub(super) fn values<T: Clone + Send + Sync + 'static>(
    mut receiver: watch::Receiver<T>,
    is_last: fn(&T) -> bool,
) -> impl Stream<Item = T> + Send {
    receiver.mark_changed();
    stream::unfold(Some(receiver), move |receiver| async move {
        let mut receiver = receiver?;
        receiver.changed().await.ok()?;
        let value = receiver.borrow_and_update().clone();
        let rest = (!is_last(&value)).then_some(receiver);
        Some((value, rest))
    })
}

/// Answers with a stream of events that ends with the server: open streams must not hold up a shutdown.
pub(super) fn event_stream(
    events: impl Stream<Item = Event> + Send + 'static,
    permit: Permit,
    shutdown: CancellationToken,
) -> Response {
    let events = events.take_until(shutdown.cancelled_owned()).map(move |event| {
        let _while_open = &permit;
        Ok::<_, Infallible>(event)
    });
    // nginx holds responses back until its buffer is full, unless it is told not to.
    let headers = [(header::CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT))).into_response()
}
