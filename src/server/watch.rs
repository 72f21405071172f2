//! Watches the content folder and puts a new edition in place when something in it has been saved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::state::Shared;
use crate::pages;
use crate::workspace::Workspace;

/// A save is several events within a moment (truncate and write, or write beside and rename); this long without another one
/// means that it is complete.
const QUIET: Duration = Duration::from_millis(8);
/// However busy the folder is, a new edition waits no longer than this.
const PATIENCE: Duration = Duration::from_millis(200);

/// A watched folder, whose changes wait until somebody follows them.
pub(super) struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<Touched>,
}

/// What has been touched.
enum Touched {
    /// These paths.
    Paths(BTreeSet<PathBuf>),
    /// Nobody knows: events were lost.
    Anything,
}

impl Touched {
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Touched::Paths(paths), Touched::Paths(more)) => Touched::Paths(paths.into_iter().chain(more).collect()),
            _ => Touched::Anything,
        }
    }

    /// Whether it may be something in a folder.
    fn within(&self, folder: &Path) -> bool {
        match self {
            Touched::Paths(paths) => paths.iter().any(|path| path.starts_with(folder)),
            Touched::Anything => true,
        }
    }
}

/// Starts watching. This comes before the folder is read for the first time, so that no change can fall between the two.
pub(super) fn start(folder: &Path) -> anyhow::Result<Watch> {
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let touched = match event {
            Ok(event) if event.need_rescan() => Touched::Anything,
            Ok(event) if matches!(event.kind, EventKind::Access(_)) => return,
            Ok(event) => Touched::Paths(event.paths.into_iter().collect()),
            Err(_) => Touched::Anything,
        };
        // The receiver is gone only when the server is stopping.
        let _ = sender.send(touched);
    })
    .context("cannot watch files on this system")?;
    // The folder, not its files: editors save by renaming a new file into place.
    watcher.watch(folder, RecursiveMode::Recursive).with_context(|| format!("cannot watch {}", folder.display()))?;
    Ok(Watch { watcher, events })
}

impl Watch {
    /// Shows each change from now on, and those since the start; ends when the watcher is dropped.
    pub(super) fn follow(self, shared: Arc<Shared>, workspace: Workspace, give_back: fn()) -> anyhow::Result<RecommendedWatcher> {
        let Watch { watcher, events } = self;
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || follow(&shared, workspace, &events, give_back))?;
        Ok(watcher)
    }
}

fn follow(shared: &Shared, mut workspace: Workspace, events: &Receiver<Touched>, give_back: fn()) {
    // Events have whole paths.
    let pinned = std::path::absolute(shared.content()).unwrap_or_default().join("results");
    workspace.forget_sources();
    give_back();
    while let Ok(first) = events.recv() {
        let touched = settle(first, events);
        let started = Instant::now();
        let snapshot = match &touched {
            Touched::Paths(paths) => workspace.refresh_files(paths, pages::vet),
            Touched::Anything => workspace.refresh(pages::vet),
        };
        match snapshot {
            Ok(snapshot) => {
                shared.replace_content(snapshot, touched.within(&pinned));
                tracing::info!("content read again in {:.1?}", started.elapsed());
            }
            Err(error) => tracing::error!("{error}"),
        }
        workspace.forget_sources();
        give_back();
    }
}

/// All that is touched until it is quiet.
fn settle(first: Touched, events: &Receiver<Touched>) -> Touched {
    let (begin, mut all) = (Instant::now(), first);
    while begin.elapsed() < PATIENCE {
        match events.recv_timeout(QUIET) {
            Ok(more) => all = all.and(more),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    all
}
