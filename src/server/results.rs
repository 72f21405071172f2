//! The results at hand: those pinned beside the content, and those that this server has computed for its articles.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::archive::Archive;
use crate::lab::{DataFolder, DataName, Datasets, Experiment, Record, Store};
use crate::site;

/// The results that articles show. Those of visitors' runs stay on the disk until somebody looks at them.
#[derive(Debug)]
pub(super) struct Results {
    pinned: Store,
    /// What is pinned, as it was last read.
    read: BTreeMap<String, Arc<Record>>,
    computed: Store,
    /// What articles ask for, by id.
    wanted: BTreeMap<String, Experiment>,
    present: site::Results,
}

impl Results {
    /// What is pinned, and what was computed. Nothing is read but the digits until [`Results::read_pinned`]; without
    /// its data an experiment waits, and what is in the folder `data` is read when an experiment needs it.
    pub(super) fn open(content: &Path, data: &Path, pinned: Store, computed: Store, live: bool) -> Self {
        let datasets = Datasets::read(&content.join("data")).with_files(DataFolder::new(data));
        if let Err(error) = datasets.id(DataName::Digits) {
            tracing::warn!("{error}; experiments that need the data wait for it");
        }
        let present = site::Results { datasets: Arc::new(datasets), live, ..site::Results::default() };
        Self { pinned, read: BTreeMap::new(), computed, wanted: BTreeMap::new(), present }
    }

    /// Reads what is pinned, at the start and when a result has been pinned by hand; [`Results::show`] uses it.
    /// Broken files are told and passed over.
    pub(super) fn read_pinned(&mut self) {
        self.read.clear();
        match self.pinned.load() {
            Ok((found, broken)) => {
                broken.iter().for_each(|file| tracing::warn!("{}: {}", file.path.display(), file.why));
                self.read.extend(found.into_iter().map(|record| (record.id.clone(), Arc::new(record))));
            }
            Err(error) => tracing::warn!("results cannot be read: {error}"),
        }
    }

    /// Shows what is pinned, and what was computed of that which these articles ask for.
    pub(super) fn show(&mut self, archive: &Archive) {
        self.present.records = Arc::new(self.read.clone());
        let experiments = site::experiments(archive).into_iter();
        self.wanted =
            experiments.filter_map(|(_, experiment)| Some((self.present.id(&experiment).ok()?, experiment))).collect();
        for id in self.wanted.keys().filter(|id| !self.present.records.contains_key(*id)).cloned().collect::<Vec<_>>() {
            // A pinned result wins: it is the one that a repository vouches for.
            if let Some(record) = self.computed.find(&id) {
                Arc::make_mut(&mut self.present.records).insert(id, Arc::new(record));
            }
        }
    }

    /// What pages see.
    pub(super) fn present(&self) -> site::Results {
        self.present.clone()
    }

    /// What articles ask for and has neither a result nor a failure.
    pub(super) fn missing(&self) -> Vec<(String, Experiment)> {
        let known = |id: &String| self.present.records.contains_key(id) || self.present.failed.contains_key(id);
        self.wanted
            .iter()
            .filter(|(id, _)| !known(id))
            .map(|(id, experiment)| (id.clone(), experiment.clone()))
            .collect()
    }

    /// An experiment has begun. Says whether an article shows it.
    pub(super) fn begin(&mut self, id: &str) -> bool {
        self.present.running = Some(id.to_owned());
        self.wanted.contains_key(id)
    }

    /// An experiment has ended, with a record, with the reason why there is none, or with neither when it was
    /// stopped. Says whether an article shows it.
    pub(super) fn end(&mut self, id: &str, outcome: Option<Result<Record, String>>) -> bool {
        self.present.running = None;
        if !self.wanted.contains_key(id) {
            return false;
        }
        match outcome {
            Some(Ok(record)) => {
                Arc::make_mut(&mut self.present.records).entry(id.to_owned()).or_insert_with(|| Arc::new(record));
            }
            Some(Err(error)) => drop(self.present.failed.insert(id.to_owned(), error)),
            None => {}
        }
        true
    }
}
