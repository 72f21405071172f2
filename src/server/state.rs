//! The snapshot of the site that all requests share, and how it is replaced.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::bail;
use arc_swap::ArcSwap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::Config;
use super::cache::{Audience, CachedResponse, Key, Rendering, ResponseCache, Uncached, rendering};
use super::clock::{Clock, Hours};
use super::edit;
use super::negotiation::Encoding;
use super::results::Results;
use crate::archive::Archive;
use crate::derived::Derived;
use crate::diagnostics::{Diagnostic, Level};
use crate::lab::Experiment;
use crate::preview;
use crate::site::{self, BaseUrl, Blocks, Body, Delivery, Extras, Search, Site};
use crate::views::Views;
use crate::workspace::{self, Workspace};

/// Maximum size of the pages in memory, in bytes.
const PAGE_BYTES: u64 = 96 << 20;
/// Maximum size of the lab's pages and files in memory, in bytes.
const LAB_BYTES: u64 = 16 << 20;

/// Shared by requests, the watcher and the worker.
#[derive(Debug)]
pub(super) struct Shared {
    current: ArcSwap<Snapshot>,
    /// Responses of the current snapshot.
    pub(super) cache: ResponseCache,
    /// Responses of the lab, apart so that results of visitors displace no pages and drawing them delays none.
    pub(super) lab_cache: ResponseCache,
    clock: Clock,
    /// Number of the current snapshot; browsers are notified by it.
    revision: watch::Sender<u64>,
    /// Locked while the snapshot is replaced, so that the watcher and the worker do not undo each other's change.
    replacing: Mutex<Results>,
    overrides: Overrides,
    content: PathBuf,
    derived: Arc<Derived>,
}

/// Settings that are used instead of what `site.yaml` says.
#[derive(Debug)]
struct Overrides {
    base: Option<BaseUrl>,
    time_zone: Option<String>,
}

/// Everything served at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) site: Arc<Site>,
    problems: Arc<Vec<Diagnostic>>,
    pub(super) day: Date,
    pub(super) revision: u64,
    /// Until when the day is this one.
    hours: Hours,
    derived: Arc<Derived>,
    /// Read when they are first needed; the same for each snapshot of the same archive.
    blocks: Arc<OnceLock<Blocks>>,
}

/// Result of looking up a path and query.
pub(super) enum Lookup {
    Page(Arc<CachedResponse>),
    Redirect(String),
}

impl Shared {
    /// Reads the content for the first time.
    pub(super) fn open(
        mut workspace: Workspace,
        mut results: Results,
        config: &Config,
    ) -> anyhow::Result<(Self, Workspace)> {
        let read = workspace.refresh(site::lint)?;
        report(&[], &read.diagnostics);
        let Some(archive) = read.archive else {
            bail!("there is no site to serve in {}: fix the errors above", config.content.display());
        };
        let clock = Clock::new(config.as_of);
        let overrides = Overrides { base: config.http.base.clone(), time_zone: config.http.time_zone.clone() };
        let archive = overrides.archive(archive);
        results.read_pinned();
        results.show(&archive);
        let site = overrides.site(archive, &results, Arc::default());
        if site.base.is_none() {
            tracing::info!("hint: {}", BaseUrl::MISSING);
        }
        if let Some(base) = site.base.as_ref().filter(|base| base.path() != "/") {
            tracing::warn!("links of the live server start at the root of its host; under {base} use an export");
        }
        let derived = Arc::new(Derived::new(&config.cache));
        let shared = Self {
            current: ArcSwap::from_pointee(Snapshot::new(
                Arc::new(site),
                Arc::new(read.diagnostics),
                &clock,
                1,
                derived.clone(),
                Arc::default(),
            )),
            cache: ResponseCache::new(config.http.threads, PAGE_BYTES),
            lab_cache: ResponseCache::new(config.http.threads.div_ceil(2), LAB_BYTES),
            clock,
            revision: watch::Sender::new(1),
            replacing: Mutex::new(results),
            overrides,
            content: config.content.clone(),
            derived,
        };
        Ok((shared, workspace))
    }

    /// Returns the content folder.
    pub(super) fn content(&self) -> &Path {
        &self.content
    }

    /// Returns the current snapshot; after midnight, a new one of the same content.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        let current = self.current.load_full();
        if current.hours.hold() {
            return current;
        }
        // Whoever is replacing the snapshot now looks at the clock too; nobody has to wait for it.
        let Ok(_replacing) = self.replacing.try_lock() else { return current };
        let current = self.current.load_full();
        self.publish(current.site.clone(), current.problems.clone(), current.blocks.clone());
        self.current.load_full()
    }

    /// Subscribes to the numbers of new snapshots.
    pub(super) fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Shows content that has been read, and reports what is wrong with it. `pinned` says that results beside the
    /// content may have changed.
    pub(super) fn replace_content(&self, read: workspace::Snapshot, pinned: bool) {
        let mut results = lock(&self.replacing);
        let current = self.current.load_full();
        let archive =
            read.archive.map_or_else(|| current.site.archive.clone(), |archive| self.overrides.archive(archive));
        if pinned {
            results.read_pinned();
        }
        results.show(&archive);
        let (site, problems) = (self.overrides.site(archive, &results, Arc::default()), Arc::new(read.diagnostics));
        self.publish(Arc::new(site), problems.clone(), Arc::default());
        // Only now: what the terminal reports must be what the browser shows.
        report(&current.problems, &problems);
    }

    /// Changes the results, and shows them if the change returns that pages are made of them.
    pub(super) fn replace_results(&self, change: impl FnOnce(&mut Results) -> bool) {
        let mut results = lock(&self.replacing);
        if !change(&mut results) {
            return;
        }
        let current = self.current.load_full();
        let site = self.overrides.site(current.site.archive.clone(), &results, current.site.search.clone());
        self.publish(Arc::new(site), current.problems.clone(), current.blocks.clone());
    }

    fn publish(&self, site: Arc<Site>, problems: Arc<Vec<Diagnostic>>, blocks: Arc<OnceLock<Blocks>>) {
        let (revision, derived) = (*self.revision.borrow() + 1, self.derived.clone());
        self.current.store(Arc::new(Snapshot::new(site, problems, &self.clock, revision, derived, blocks)));
        self.cache.clear();
        // Only now: a browser that is notified of a snapshot must find it.
        self.revision.send_replace(revision);
    }

    /// Returns the experiments of articles that have neither a result nor a failure, with their ids.
    pub(super) fn missing(&self) -> Vec<(String, Experiment)> {
        lock(&self.replacing).missing()
    }

    /// Describes what the site holds, for the first line of the log.
    pub(super) fn summary(&self) -> String {
        let archive = &self.current.load().site.archive;
        format!("{} events, {} talks and {} people", archive.events.len(), archive.talks.len(), archive.people.len())
    }

    /// Looks up a page. Pages come from memory after the first time, but for those that depend on a query.
    pub(super) async fn find(
        &self,
        snapshot: &Arc<Snapshot>,
        (path, query): (&str, &str),
        audience: Audience,
        encoding: Encoding,
    ) -> Lookup {
        let key = Key { path: path.to_owned(), audience, revision: snapshot.revision };
        let render = {
            let (snapshot, path, query) = (snapshot.clone(), path.to_owned(), query.to_owned());
            move || snapshot.render(&path, &query, audience)
        };
        let depends_on_query = !query.is_empty() && self.cache.kept(&key).await.is_none_or(|page| page.by_query);
        let uncached = if depends_on_query {
            match self.cache.run(render).await {
                Ok(page) => {
                    if !page.by_query {
                        self.cache.insert(key, page.clone()).await;
                    }
                    Uncached::Response(Arc::new(page))
                }
                Err(uncached) => uncached,
            }
        } else {
            match self.cache.get(key, encoding, render).await {
                Ok(page) => return Lookup::Page(page),
                Err(uncached) => (*uncached).clone(),
            }
        };
        match uncached {
            Uncached::Response(page) => Lookup::Page(Arc::new(self.cache.run(move || page.encoded(encoding)).await)),
            Uncached::Redirect(to) => Lookup::Redirect(to),
        }
    }

    /// Returns the page for a request that failed with this status.
    pub(super) async fn failure(&self, status: u16) -> Option<Arc<CachedResponse>> {
        let snapshot = self.snapshot();
        let key = Key { path: format!("failure {status}"), audience: Audience::Public, revision: snapshot.revision };
        let render = move || match rendering(site::failure(&snapshot.site, snapshot.day, status)) {
            // It is always the same page, so it is kept.
            Err(Uncached::Response(page)) => Ok(Arc::unwrap_or_clone(page)),
            other => other,
        };
        self.cache.get(key, Encoding::Identity, render).await.ok()
    }
}

impl Snapshot {
    fn new(
        site: Arc<Site>,
        problems: Arc<Vec<Diagnostic>>,
        clock: &Clock,
        revision: u64,
        derived: Arc<Derived>,
        blocks: Arc<OnceLock<Blocks>>,
    ) -> Self {
        // The archive has reported an unknown zone already; until it is corrected, days begin with UTC's.
        let zone = TimeZone::get(&site.archive.site.source.time_zone).unwrap_or(TimeZone::UTC);
        let (day, hours) = clock.day(&zone);
        Self { site, problems, day, revision, hours, derived, blocks }
    }

    /// Returns the experiments of the articles.
    pub(super) fn blocks(&self) -> &Blocks {
        self.blocks.get_or_init(|| Blocks::of(&self.site))
    }

    fn render(&self, path: &str, query: &str, audience: Audience) -> Rendering {
        let mut answer = site::answer(&self.site, self.day, path, query);
        if let Body::Preview(svg) = &answer.body {
            answer.body = Body::Bytes(self.derived.get_or_make("png", svg.as_bytes(), |_| preview::png(svg)));
        }
        let is_html = answer.media_type.starts_with("text/html");
        if let (Body::Bytes(page), Audience::Local, true) = (&mut answer.body, audience, is_html) {
            *page = edit::annotate(std::mem::take(page), &self.problems, self.revision);
        }
        rendering(answer)
    }
}

impl Overrides {
    fn archive(&self, mut archive: Archive) -> Arc<Archive> {
        if let Some(zone) = &self.time_zone {
            archive.site.source.time_zone.value = zone.as_str().into();
        }
        Arc::new(archive)
    }

    fn site(&self, archive: Arc<Archive>, results: &Results, search: Arc<Search>) -> Site {
        let base = self.base.clone().or_else(|| archive.site.source.base_url.as_deref().cloned());
        let views = Arc::new(Views::new(&archive));
        Site { archive, views, results: results.current(), delivery: Delivery::Live, base, search, extras: Extras::ALL }
    }
}

/// Locks what is replaced in one step, so that a panic elsewhere cannot have left it half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints the errors and warnings that are new, and says when the last has gone.
fn report(before: &[Diagnostic], now: &[Diagnostic]) {
    let matters = |problem: &&Diagnostic| problem.level != Level::Hint;
    for problem in now.iter().filter(matters).filter(|problem| !before.contains(problem)) {
        eprintln!("{}\n", problem.render(std::io::IsTerminal::is_terminal(&std::io::stderr())));
    }
    if before.iter().any(|problem| matters(&problem)) && !now.iter().any(|problem| matters(&problem)) {
        tracing::info!("no problems left");
    }
}
