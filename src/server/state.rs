//! What all requests share: the present snapshot and the pages made of it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use anyhow::bail;
use arc_swap::ArcSwap;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use super::Config;
use super::clock::{Clock, Hours};
use super::edit;
use super::options::Options;
use super::rendered::Rendered;
use super::results::Results;
use crate::archive::Archive;
use crate::lab::Experiment;
use crate::pages::{self, Answer, BaseUrl, Body, Door, Extras, Search, Site};
use crate::problem::{Level, Problem, Text};
use crate::workspace::{Snapshot, Workspace};

/// Shared by requests, the watcher and the worker.
#[derive(Debug)]
pub(super) struct Shared {
    present: ArcSwap<Edition>,
    clock: Clock,
    /// The number of the present edition; browsers are told by it that there is a new one.
    revision: watch::Sender<u64>,
    /// Held while an edition is being replaced, so that the watcher and the worker do not undo each other's change.
    replacing: Mutex<Results>,
    view: View,
    content: PathBuf,
}

/// What settings say about the whole site.
#[derive(Debug)]
struct View {
    base: Option<BaseUrl>,
    /// The time zone that counts instead of the content's.
    time_zone: Option<String>,
}

/// Everything served at one moment, and the bytes made of it so far.
#[derive(Debug)]
pub(super) struct Edition {
    pub(super) site: Arc<Site>,
    problems: Arc<Vec<Problem>>,
    pub(super) day: Date,
    pub(super) revision: u64,
    /// Until when the day is this one.
    hours: Hours,
    /// The pages made so far, by their paths: those of visitors, and those of organisers.
    pages: [RwLock<HashMap<String, Arc<Rendered>>>; 2],
}

/// Who a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reader {
    /// Anybody.
    Visitor,
    /// Somebody at this machine, who may be editing.
    Organiser,
}

/// What a path and query lead to.
pub(super) enum Found {
    Page(Arc<Rendered>),
    Redirect(String),
}

impl Shared {
    /// Reads the content for the first time.
    pub(super) fn open(mut workspace: Workspace, mut results: Results, config: &Config) -> anyhow::Result<(Self, Workspace)> {
        let snapshot = workspace.refresh(pages::vet)?;
        report(&[], &snapshot.problems);
        let Some(archive) = snapshot.archive else {
            bail!("there is no site to serve in {}: mend the errors above", config.content.display());
        };
        let clock = Clock::new(config.as_of);
        let view = View::new(&config.http);
        let archive = view.archive(archive);
        results.read_pinned();
        results.show(&archive);
        let site = view.site(archive, &results, Arc::default());
        let edition = Edition::new(Arc::new(site), Arc::new(snapshot.problems), &clock, 1);
        let shared = Self {
            present: ArcSwap::from_pointee(edition),
            clock,
            revision: watch::Sender::new(1),
            replacing: Mutex::new(results),
            view,
            content: config.content.clone(),
        };
        Ok((shared, workspace))
    }

    /// The content folder.
    pub(super) fn content(&self) -> &Path {
        &self.content
    }

    /// The page at a path, if it has been made already and the day is still the same. This is what most requests come to: it waits for nothing
    /// but a lock that is held for the time of an insertion, and allocates nothing.
    pub(super) fn cached(&self, path: &str, reader: Reader) -> Option<Arc<Rendered>> {
        let present = self.present.load();
        present.hours.hold().then(|| present.cached(path, reader))?
    }

    /// The present edition; at midnight, when the day has changed, a new one of the same content.
    pub(super) fn edition(&self) -> Arc<Edition> {
        let present = self.present.load_full();
        if present.hours.hold() {
            return present;
        }
        let _replacing = lock(&self.replacing);
        let present = self.present.load_full();
        self.publish(present.site.clone(), present.problems.clone());
        self.present.load_full()
    }

    /// Tells of new editions.
    pub(super) fn revisions(&self) -> watch::Receiver<u64> {
        self.revision.subscribe()
    }

    /// Puts a snapshot of the content in place and reports what is wrong with it. `pinned` says that results beside the content may have changed.
    pub(super) fn replace_content(&self, snapshot: Snapshot, pinned: bool) {
        let mut results = lock(&self.replacing);
        let present = self.present.load_full();
        let archive = snapshot.archive.map_or_else(|| present.site.archive.clone(), |archive| self.view.archive(archive));
        if pinned {
            results.read_pinned();
        }
        results.show(&archive);
        let (site, problems) = (self.view.site(archive, &results, Arc::default()), Arc::new(snapshot.problems));
        self.publish(Arc::new(site), problems.clone());
        // Only now: what the terminal tells of must be what the browser shows.
        report(&present.problems, &problems);
    }

    /// Changes the results, and shows them if the change says that pages are made of them.
    pub(super) fn replace_results(&self, change: impl FnOnce(&mut Results) -> bool) {
        let mut results = lock(&self.replacing);
        if !change(&mut results) {
            return;
        }
        let present = self.present.load_full();
        let site = self.view.site(present.site.archive.clone(), &results, present.site.search.clone());
        self.publish(Arc::new(site), present.problems.clone());
    }

    fn publish(&self, site: Arc<Site>, problems: Arc<Vec<Problem>>) {
        let revision = *self.revision.borrow() + 1;
        self.present.store(Arc::new(Edition::new(site, problems, &self.clock, revision)));
        // Only now: a browser that hears of an edition must find it.
        self.revision.send_replace(revision);
    }

    /// The experiments of articles that have neither a result nor a failure, with their ids.
    pub(super) fn missing(&self) -> Vec<(String, Experiment)> {
        lock(&self.replacing).missing()
    }

    /// What the site holds, for the first line of the log.
    pub(super) fn summary(&self) -> String {
        let archive = &self.present.load().site.archive;
        format!("{} events, {} talks and {} people", archive.events.len(), archive.talks.len(), archive.people.len())
    }
}

impl Edition {
    fn new(site: Arc<Site>, problems: Arc<Vec<Problem>>, clock: &Clock, revision: u64) -> Self {
        // The archive has told of an unknown zone already; until it is mended, days begin with UTC's.
        let zone = TimeZone::get(&site.archive.site.time_zone).unwrap_or(TimeZone::UTC);
        let (day, hours) = clock.day(&zone);
        Self { site, problems, day, revision, hours, pages: Default::default() }
    }

    fn cached(&self, path: &str, reader: Reader) -> Option<Arc<Rendered>> {
        self.pages[reader as usize].read().unwrap_or_else(PoisonError::into_inner).get(path).cloned()
    }

    /// The answer to a request: pages come from memory after the first time, but for those that depend on a query.
    pub(super) fn find(&self, path: &str, query: &str, reader: Reader) -> Found {
        if let Some(page) = self.cached(path, reader).filter(|page| query.is_empty() || !page.by_query) {
            return Found::Page(page);
        }
        let Answer { status, media_type, cache, by_query, body } = pages::answer(&self.site, self.day, path, query);
        let bytes = match body {
            Body::Redirect(to) => return Found::Redirect(to),
            Body::Bytes(bytes) => bytes,
        };
        let bytes = match reader {
            Reader::Organiser if media_type.starts_with("text/html") => edit::annotate(bytes, &self.problems, self.revision),
            _ => bytes,
        };
        let page = Arc::new(Rendered::new(status, media_type, cache, bytes).by_query(by_query));
        // Only what exists is kept: addresses that do not are without number, and so are queries.
        if (query.is_empty() || !by_query) && status == 200 {
            let mut pages = self.pages[reader as usize].write().unwrap_or_else(PoisonError::into_inner);
            pages.insert(path.to_owned(), page.clone());
        }
        Found::Page(page)
    }
}

impl View {
    fn new(options: &Options) -> Self {
        let base = options.base.clone();
        let folder = base.as_ref().filter(|base| base.path() != "/");
        if let Some(base) = folder {
            tracing::warn!(
                "links of the live server are from the root of its host; whoever reads it under {base} needs an export"
            );
        }
        Self { base, time_zone: options.time_zone.clone() }
    }

    /// The archive, in the time zone of the settings if they have one.
    fn archive(&self, mut archive: Archive) -> Arc<Archive> {
        if let Some(zone) = &self.time_zone {
            archive.site.time_zone = Text::from(zone.as_str());
        }
        Arc::new(archive)
    }

    fn site(&self, archive: Arc<Archive>, results: &Results, search: Arc<Search>) -> Site {
        Site { archive, results: results.present(), door: Door::Live, base: self.base.clone(), search, extras: Extras::ALL }
    }
}

/// What is behind a lock is replaced in one step, so that a panic elsewhere cannot have left it half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Prints the errors and warnings that are new, and says when the last has gone.
fn report(before: &[Problem], now: &[Problem]) {
    let matters = |problem: &&Problem| problem.level != Level::Hint;
    for problem in now.iter().filter(matters).filter(|problem| !before.contains(problem)) {
        eprintln!("{}\n", problem.render(std::io::IsTerminal::is_terminal(&std::io::stderr())));
    }
    if before.iter().any(|problem| matters(&problem)) && !now.iter().any(|problem| matters(&problem)) {
        tracing::info!("no problems left");
    }
}
