//! What programs read, read by programs that are not this one.

mod api;
mod calendar;
mod cards;
mod feeds;
mod heads;
mod maps;
mod markdown;
mod one_name;
mod prose;
mod visits;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use jiff::civil::{Date, date};
use vdlm::archive::Archive;
use vdlm::content::{Folder, Source};
use vdlm::diagnostics::SourceFile;
use vdlm::lab::Store;
use vdlm::site::{self, Body, Delivery, Extras, Results, Site};
use vdlm::views::Views;
use vdlm::workspace::Workspace;

/// A day after all that is in the archive.
const LATE: Date = date(2026, 11, 23);
/// The day before the 29th meetup.
const BUSY: Date = date(2019, 9, 23);
const BASE: &str = "https://example.org/vdlm/";

/// The real content, under an address.
fn real(base: Option<&str>) -> Site {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let snapshot = Workspace::new(Folder::new(&content)).refresh(site::lint).unwrap();
    let (records, broken) = Store::new(content.join("results")).load().unwrap();
    assert!(broken.is_empty() && !records.is_empty());
    let records = records.into_iter().map(|record| (record.id.clone(), Arc::new(record)));
    let results = Results { records: Arc::new(records.collect()), ..Results::default() };
    let base = base.map(|base| base.parse().unwrap());
    let archive = Arc::new(snapshot.archive.unwrap());
    Site {
        views: Arc::new(Views::new(&archive)),
        archive,
        results,
        delivery: Delivery::Live,
        base,
        search: Arc::default(),
        extras: Extras::ALL,
    }
}

/// A small content of these files besides a site.
fn small(files: &[(&str, &str)], base: Option<&str>) -> Site {
    const SITE: &str = "name: Group, Inc; \\\nshort_name: G\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/files/\n";
    let mut sources = Vec::new();
    for (name, text) in [("site.yaml", SITE)].iter().chain(files) {
        let (source, problems) = Source::read(&SourceFile::new(*name, *text)).expect(name);
        sources.push(source.unwrap_or_else(|| panic!("{name}: {problems:?}")));
    }
    let (archive, problems) =
        Archive::assemble(&sources.iter().collect::<Vec<_>>(), &BTreeSet::new(), &Default::default());
    let archive = Arc::new(archive.unwrap_or_else(|| panic!("{problems:?}")));
    let base = base.map(|base| base.parse().unwrap());
    Site {
        views: Arc::new(Views::new(&archive)),
        archive,
        results: Results::default(),
        delivery: Delivery::Live,
        base,
        search: Arc::default(),
        extras: Extras::ALL,
    }
}

/// Status, media type and text of an address.
fn get(site: &Site, day: Date, path: &str) -> (u16, &'static str, String) {
    let answer = site::answer(site, day, path, "");
    match answer.body {
        Body::Bytes(bytes) => (answer.status, answer.media_type, String::from_utf8(bytes).unwrap()),
        Body::Preview(text) | Body::Redirect(text) => (answer.status, answer.media_type, text),
    }
}

fn text(site: &Site, day: Date, path: &str) -> String {
    let (status, _, text) = get(site, day, path);
    assert_eq!(status, 200, "{path}");
    text
}

/// The routes with an ending.
fn routes(site: &Site, ending: &str) -> Vec<String> {
    site::routes(site).into_iter().filter(|route| route.ends_with(ending)).collect()
}

/// The path in the site of an address that a file at `from` names; nothing for other sites.
fn path_in_site(address: &str, from: &str) -> Option<String> {
    let base = url::Url::parse(BASE).unwrap().join(from.trim_start_matches('/')).unwrap();
    let address = base.join(address).unwrap();
    let path = address.as_str().strip_prefix(BASE)?.split(['#', '?']).next().unwrap();
    Some(format!("/{path}"))
}
