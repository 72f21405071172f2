//! Watches the content folder and publishes a new snapshot when something in it has been saved.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer};

use super::state::Shared;
use crate::content::Folder;
use crate::site;
use crate::workspace::Workspace;

/// A save is several events within a moment (truncate and write, or write beside and rename). An event counts when
/// it is this old.
const DEBOUNCE: Duration = Duration::from_millis(20);

/// Interval at which events are looked through. The default, a quarter of [`DEBOUNCE`], would keep an idle server busy.
const TICK: Duration = DEBOUNCE;

/// A watched folder. Its changes are queued until [`Watch::follow`].
pub(super) struct Watch {
    watcher: Watcher,
    changes: Receiver<Change>,
}

type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Kinds of files that have been saved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Change {
    /// Files that pages are made of.
    content: bool,
    /// Results beside the content.
    results: bool,
}

impl Change {
    fn of(event: &DebouncedEvent, folder: &Folder, results: &Path) -> Self {
        // Events were lost.
        if event.need_rescan() || event.paths.is_empty() {
            return Change { content: true, results: true };
        }
        if event.kind.is_access() {
            return Change::default();
        }
        let results = event.paths.iter().any(|path| path.starts_with(results));
        Change { content: results || event.paths.iter().any(|path| !folder.ignores(path)), results }
    }

    fn and(self, other: Self) -> Self {
        Self { content: self.content || other.content, results: self.results || other.results }
    }
}

/// Starts watching, before the folder is read for the first time, so that no change can fall between the two.
pub(super) fn start(folder: &Path) -> anyhow::Result<Watch> {
    let (sender, changes) = channel();
    // Events have absolute paths.
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let (content, results) = (Folder::new(&absolute), absolute.join("results"));
    let on_events = move |events: DebounceEventResult| {
        let change = match events {
            Ok(events) => {
                let changes = events.iter().map(|event| Change::of(event, &content, &results));
                changes.fold(Change::default(), Change::and)
            }
            Err(_) => Change { content: true, results: true },
        };
        if change.content {
            // The receiver is gone only when the server is stopping.
            let _ = sender.send(change);
        }
    };
    let mut watcher = new_debouncer(DEBOUNCE, Some(TICK), on_events).context("cannot watch files on this system")?;
    // The folder, not its files: editors save by renaming a new file into place.
    watcher.watch(&absolute, RecursiveMode::Recursive).with_context(|| format!("cannot watch {}", folder.display()))?;
    Ok(Watch { watcher, changes })
}

impl Watch {
    /// Publishes each change since the start, until the watcher is dropped.
    pub(super) fn follow(self, shared: Arc<Shared>, mut workspace: Workspace) -> anyhow::Result<Watcher> {
        let Watch { watcher, changes } = self;
        let mut refresh = move |change: Change| {
            shared.replace_content(workspace.refresh(site::lint)?, change.results);
            Ok(())
        };
        std::thread::Builder::new().name("watch".to_owned()).spawn(move || follow(&changes, &mut refresh))?;
        Ok(watcher)
    }
}

/// Refreshes after each change. A panic is reported, and the next change is tried again.
fn follow(changes: &Receiver<Change>, refresh: &mut dyn FnMut(Change) -> anyhow::Result<()>) {
    while let Ok(first) = changes.recv() {
        let started = Instant::now();
        let change = changes.try_iter().fold(first, Change::and);
        match catch_unwind(AssertUnwindSafe(|| refresh(change))) {
            Ok(Ok(())) => tracing::info!("content read again in {:.1?}", started.elapsed()),
            Ok(Err(error)) => tracing::error!("{error:#}"),
            Err(panic) => {
                tracing::error!("reading the content failed, the site stays as it was: {}", message(panic.as_ref()));
            }
        }
    }
}

fn message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no reason is known")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_does_not_end_the_watcher() {
        let (sender, changes) = channel();
        for results in [true, false] {
            sender.send(Change { content: true, results }).unwrap();
        }
        let (mut sender, mut seen) = (Some(sender), Vec::new());
        follow(&changes, &mut |change| {
            seen.push(change.results);
            if seen.len() == 1 {
                sender.take().unwrap().send(Change { content: true, results: false }).unwrap();
                panic!("a fault while reading");
            }
            Ok(())
        });
        // The first two changes are taken together.
        assert_eq!(seen, [true, false]);
    }
}
