use std::path::Path;

use axum::routing::get;

use super::*;
use crate::content::Folder;
use crate::lab::Store;
use crate::server::http::guarded;
use crate::server::results::Results;
use crate::server::{Config, state};
use crate::workspace::Workspace;

/// A visit to routes of a test's own, on the real content.
fn visit(routes: Router) -> Visit {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let cache = tempfile::tempdir().unwrap();
    let config = Config::of_test(&content, cache.path());
    let store = Store::new(content.join("results"));
    let results = Results::open(&content, &config.data, store.clone(), store, false);
    let (shared, _) = state::Shared::open(Workspace::new(Folder::new(&content)), results, &config).unwrap();
    let metrics = Arc::new(Metrics::new());
    let router = guarded(routes, metrics.clone());
    let front = Front { shared: Arc::new(shared), metrics, options: config.http, router, editing: false };
    Visit::new(Arc::new(front), ([192, 0, 2, 1], 1).into())
}

async fn ask(visit: &Visit, path: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::HOST, "vdlm.example").body(Body::empty()).unwrap();
    let response = visit.clone().through_router(request, Instant::now()).await;
    let status = response.status();
    assert_eq!(response.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    let Outgoing::Other(body) = response.into_body() else { panic!("a page from memory") };
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

#[tokio::test]
async fn a_panic_becomes_a_page_that_tells_nothing_of_it() {
    async fn faulty() -> &'static str {
        panic!("the secret of the fault")
    }
    let visit = visit(Router::new().route("/faulty", get(faulty)).route("/sound", get(|| async { "sound" })));
    let (status, page) = ask(&visit, "/faulty").await;
    assert_eq!(status, 500);
    assert!(page.contains("Something went wrong here") && page.contains("<main") && page.contains("/hot-topics/"), "{page}");
    assert!(!page.contains("secret"), "{page}");
    assert_eq!(ask(&visit, "/sound").await, (StatusCode::OK, "sound".to_owned()));
    assert!(visit.front.metrics.text(&[]).contains("vdlm_http_panics_total 1\n"));
}

#[test]
fn a_query_that_no_page_asks_for_has_nothing_made_anew() {
    let here = visit(Router::new());
    let edition = here.front.shared.edition();
    let page = |path: &str, query: &str| match edition.find(path, query, Reader::Visitor) {
        state::Found::Page(page) => page,
        state::Found::Redirect(to) => panic!("{path} leads to {to}"),
    };
    for path in ["/meetups/29/", "/api/all.json", "/"] {
        let first = page(path, "utm_source=mail");
        assert!(Arc::ptr_eq(&first, &page(path, "")) && Arc::ptr_eq(&first, &page(path, "x=1&y")), "{path}");
    }
    for (path, query) in [("/talks/", "q=adam"), ("/meetups/", "sort=subject"), ("/search/", "q=adam")] {
        let (all, some) = (page(path, ""), page(path, query));
        assert!(Arc::ptr_eq(&all, &page(path, "")), "{path}");
        assert!(some.reply(&HeaderMap::new()).bytes != all.reply(&HeaderMap::new()).bytes, "{path}");
    }
}

#[test]
fn only_believed_proxies_name_their_clients() {
    let mut here = visit(Router::new());
    let front = Arc::get_mut(&mut here.front).unwrap();
    front.options.proxies = vec![[192, 0, 2, 7].into()];
    let named = |peer: [u8; 4], list: &str| {
        let headers = [("x-forwarded-for".parse().unwrap(), list.parse().unwrap())].into_iter().collect();
        Visit::new(here.front.clone(), (peer, 1).into()).client(&headers).to_string()
    };
    assert_eq!(named([127, 0, 0, 1], "198.51.100.1"), "198.51.100.1");
    assert_eq!(named([192, 0, 2, 7], "203.0.113.9, 198.51.100.1"), "198.51.100.1");
    assert_eq!(named([127, 0, 0, 1], "203.0.113.9, 198.51.100.1, 192.0.2.7"), "198.51.100.1");
    assert_eq!(named([127, 0, 0, 1], "127.0.0.1"), "127.0.0.1");
    assert_eq!(named([127, 0, 0, 1], "unknown"), "127.0.0.1");
    assert_eq!(named([192, 0, 2, 8], "198.51.100.1"), "192.0.2.8", "anybody can write a header");
}

#[tokio::test]
async fn who_waits_too_long_is_told_so() {
    let mut visit = visit(Router::new().route("/never", get(std::future::pending::<&'static str>)));
    Arc::get_mut(&mut visit.front).unwrap().options.request_time = std::time::Duration::from_millis(1);
    assert_eq!(ask(&visit, "/never").await.0, 503);
}
