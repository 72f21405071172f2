//! The measure for serving speed: hyper and nothing else. It answers paths with heads and bodies that were made before.
//!
//! `bare_hyper PORT FOLDER`: for each `NAME.body` in the folder there is a `NAME.head` with a header a line; `NAME` is
//! what a path ends with, and `NAME.gzip` is sent to who accepts gzip.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{ACCEPT_ENCODING, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

struct Whole(Bytes);

impl Body for Whole {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.0);
        std::task::Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

type Answers = HashMap<String, (HeaderMap, Bytes)>;

fn read(folder: &Path) -> anyhow::Result<Answers> {
    let mut answers = Answers::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "body") {
            let mut headers = HeaderMap::new();
            for line in fs::read_to_string(path.with_extension("head"))?.lines() {
                let (name, value) = line.split_once(": ").unwrap_or((line, ""));
                headers.insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            answers.insert(name, (headers, Bytes::from(fs::read(&path)?)));
        }
    }
    Ok(answers)
}

async fn serve(port: u16, answers: Arc<Answers>) -> anyhow::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let answers = answers.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let gzip = request.headers().contains_key(ACCEPT_ENCODING);
            let name = request.uri().path().trim_matches('/');
            let found = if gzip { answers.get(&format!("{name}.gzip")) } else { answers.get(name) };
            let (headers, bytes) = found.map_or_else(Default::default, Clone::clone);
            let mut response = Response::new(Whole(bytes));
            *response.headers_mut() = headers;
            std::future::ready(Ok::<_, Infallible>(response))
        });
        tokio::spawn(async move {
            // A client that goes away is none of its business.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, port, folder] = &arguments[..] else { anyhow::bail!("usage: bare_hyper PORT FOLDER") };
    let answers = Arc::new(read(Path::new(folder))?);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(port.parse()?, answers))
}
