//! The results at hand: those pinned beside the content, and those that this server has computed.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::lab::{DataFolder, DataName, Datasets, Record, Store};
use crate::pages;

/// Most bytes of results kept in the cache folder; the oldest go first. A comparison of 80 runs is about 100 KB.
const MOST_CACHED: u64 = 256 << 20;

/// Results and where they are kept.
#[derive(Debug)]
pub(super) struct Results {
    pinned: Store,
    computed: Store,
    present: pages::Results,
}

impl Results {
    /// Reads what is pinned in `content` and what was computed into `cache`. Broken files are told and passed over; without its data an
    /// experiment waits. What is in the folder `data` is read when an experiment needs it.
    pub(super) fn open(content: &Path, data: &Path, cache: &Path, live: bool) -> Self {
        let datasets = Datasets::read(&content.join("data")).with_files(DataFolder::new(data));
        if let Err(error) = datasets.id(DataName::Digits) {
            tracing::warn!("{error}; experiments that need the data wait for it");
        }
        let present = pages::Results { datasets: Arc::new(datasets), live, ..pages::Results::default() };
        let mut results =
            Self { pinned: Store::new(content.join("results")), computed: Store::new(cache.join("results")), present };
        results.reload();
        results
    }

    /// Reads the folders again, as when a result has been pinned by hand.
    pub(super) fn reload(&mut self) {
        let mut records = BTreeMap::new();
        // A pinned result comes last and wins: it is the one that a repository vouches for.
        for store in [&self.computed, &self.pinned] {
            match store.load() {
                Ok((found, broken)) => {
                    broken.iter().for_each(|file| tracing::warn!("{}: {}", file.path.display(), file.why));
                    records.extend(found.into_iter().map(|record| (record.id.clone(), Arc::new(record))));
                }
                Err(error) => tracing::warn!("results cannot be read: {error}"),
            }
        }
        self.present.records = Arc::new(records);
    }

    /// What pages see.
    pub(super) fn present(&self) -> pages::Results {
        self.present.clone()
    }

    /// An experiment has begun.
    pub(super) fn begin(&mut self, id: &str) {
        self.present.running = Some(id.to_owned());
    }

    /// An experiment has ended, with a record or with the reason why there is none.
    pub(super) fn end(&mut self, id: &str, outcome: Result<Record, String>) {
        self.present.running = None;
        match outcome {
            Ok(record) => {
                let saved = self.computed.save(&record).and_then(|_| self.computed.shrink(MOST_CACHED));
                if let Err(error) = saved {
                    tracing::warn!("the result is shown and will be lost at the next start: {error}");
                }
                Arc::make_mut(&mut self.present.records).insert(id.to_owned(), Arc::new(record));
            }
            Err(error) => drop(self.present.failed.insert(id.to_owned(), error)),
        }
    }
}
