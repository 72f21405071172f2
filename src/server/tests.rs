use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::cache::{Audience, CachedResponse};
use super::limits::ClientLimit;
use super::metrics::Metrics;
use super::negotiation::Encoding;
use super::results::Results;
use super::router::{App, with_layers};
use super::state::{Lookup, Shared};
use super::{Config, Options};
use crate::content::Folder;
use crate::lab::Store;
use crate::workspace::Workspace;

/// The server's state on the real content.
fn app(options: Options) -> Arc<App> {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let cache = tempfile::tempdir().unwrap();
    let config = Config { http: options, ..Config::of_test(&content, cache.path()) };
    let store = Store::new(content.join("results"));
    let results = Results::open(&content, &config.data, store.clone(), store, false);
    let (shared, _) = Shared::open(Workspace::new(Folder::new(&content)), results, &config).unwrap();
    Arc::new(App {
        shared: Arc::new(shared),
        lab: None,
        metrics: Arc::new(Metrics::new()),
        streams: ClientLimit::new(1),
        options: Arc::new(config.http),
        listening: config.address,
        shutdown: CancellationToken::new(),
        editing: false,
    })
}

async fn ask(router: &Router, path: &str) -> (StatusCode, String) {
    let mut request = Request::get(path).header(header::HOST, "vdlm.example").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_panic_becomes_a_page_that_does_not_show_its_message() {
    async fn faulty() -> &'static str {
        panic!("the secret of the fault")
    }
    let app = app(Options::default());
    let shared = app.shared.clone();
    let drawing = get(move || async move { shared.cache.run(|| -> &'static str { panic!("a secret") }).await });
    let routes = Router::new().route("/faulty", get(faulty)).route("/sound", get(|| async { "sound" }));
    let router = with_layers(routes.route("/drawing", drawing), &app);
    for path in ["/faulty", "/drawing"] {
        let (status, page) = ask(&router, path).await;
        assert_eq!(status, 500, "{path}");
        assert!(
            page.contains("Something went wrong") && page.contains("<main") && page.contains("/hot-topics/"),
            "{page}"
        );
        assert!(!page.contains("secret"), "{page}");
    }
    assert_eq!(ask(&router, "/sound").await, (StatusCode::OK, "sound".to_owned()));
    assert!(app.metrics.text().contains("vdlm_http_panics_total 2\n"));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    let app = app(Options { request_timeout: Duration::from_millis(1), ..Options::default() });
    let router = with_layers(Router::new().route("/never", get(std::future::pending::<&'static str>)), &app);
    assert_eq!(ask(&router, "/never").await.0, 503);
}

#[tokio::test]
async fn a_query_that_a_page_does_not_ask_for_renders_nothing_anew() {
    let app = app(Options::default());
    let snapshot = app.shared.snapshot();
    let page = async |path: &str, query: &str| -> Arc<CachedResponse> {
        match app.shared.find(&snapshot, (path, query), Audience::Public, Encoding::Identity).await {
            Lookup::Page(page) => page,
            Lookup::Redirect(to) => panic!("{path} leads to {to}"),
        }
    };
    for path in ["/meetups/29/", "/api/all.json", "/"] {
        page(path, "utm_source=mail").await;
        let kept = page(path, "").await;
        assert!(Arc::ptr_eq(&kept, &page(path, "x=1&y").await), "{path}");
    }
    for (path, query) in [("/talks/", "q=adam"), ("/meetups/", "sort=subject"), ("/search/", "q=adam")] {
        let (all, some) = (page(path, "").await, page(path, query).await);
        assert!(Arc::ptr_eq(&all, &page(path, "").await), "{path}");
        assert!(some.bytes != all.bytes, "{path}");
    }
}

#[tokio::test]
async fn many_who_ask_at_once_have_a_page_rendered_once() {
    let app = app(Options::default());
    let snapshot = app.shared.snapshot();
    let ask = || app.shared.find(&snapshot, ("/talks/", ""), Audience::Public, Encoding::Gzip);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    let pages = [first, second, third].map(|lookup| match lookup {
        Lookup::Page(page) => page,
        Lookup::Redirect(to) => panic!("redirect to {to}"),
    });
    assert!(Arc::ptr_eq(&pages[0], &pages[1]) && Arc::ptr_eq(&pages[1], &pages[2]));
    let plain = app.shared.find(&snapshot, ("/talks/", ""), Audience::Public, Encoding::Identity).await;
    let Lookup::Page(plain) = plain else { panic!("a redirect") };
    assert!(pages[0].bytes.len() * 3 < plain.bytes.len());
}
