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
    /// Pinned records, as they were last read.
    read: BTreeMap<String, Arc<Record>>,
    computed: Store,
    /// Experiments of the articles, by id.
    requested: BTreeMap<String, Experiment>,
    current: site::Results,
}

impl Results {
    /// Uses the pinned and the computed records. Only the digits are read now: records by [`Results::read_pinned`],
    /// other data when an experiment needs them.
    pub(super) fn open(content: &Path, data: &Path, pinned: Store, computed: Store, live: bool) -> Self {
        let datasets = Datasets::read(&content.join("data")).with_files(DataFolder::new(data).called("data"));
        if let Err(error) = datasets.id(DataName::Digits) {
            tracing::warn!("{error}; experiments that need the data wait for it");
        }
        let current = site::Results { datasets: Arc::new(datasets), live, ..site::Results::default() };
        Self { pinned, read: BTreeMap::new(), computed, requested: BTreeMap::new(), current }
    }

    /// Reads what is pinned, at the start and when a result has been pinned by hand; [`Results::show`] uses it.
    /// Broken files are reported and skipped.
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
        self.current.records = Arc::new(self.read.clone());
        let experiments = site::experiments(archive).into_iter();
        self.requested =
            experiments.filter_map(|(_, experiment)| Some((self.current.id(&experiment).ok()?, experiment))).collect();
        for id in
            self.requested.keys().filter(|id| !self.current.records.contains_key(*id)).cloned().collect::<Vec<_>>()
        {
            // A pinned result wins: it is the one that a repository vouches for.
            if let Some(record) = self.computed.find(&id) {
                Arc::make_mut(&mut self.current.records).insert(id, Arc::new(record));
            }
        }
    }

    /// Returns the results that pages show.
    pub(super) fn current(&self) -> site::Results {
        self.current.clone()
    }

    /// Returns the experiments of articles that have neither a result nor a failure.
    pub(super) fn missing(&self) -> Vec<(String, Experiment)> {
        let known = |id: &String| self.current.records.contains_key(id) || self.current.failed.contains_key(id);
        self.requested
            .iter()
            .filter(|(id, _)| !known(id))
            .map(|(id, experiment)| (id.clone(), experiment.clone()))
            .collect()
    }

    /// Marks an experiment as running. Returns whether an article shows it.
    pub(super) fn begin(&mut self, id: &str) -> bool {
        self.current.running = Some(id.to_owned());
        self.requested.contains_key(id)
    }

    /// Ends an experiment with a record, with the reason why there is none, or with neither when it was stopped.
    /// Returns whether an article shows it.
    pub(super) fn end(&mut self, id: &str, outcome: Option<Result<Record, String>>) -> bool {
        self.current.running = None;
        if !self.requested.contains_key(id) {
            return false;
        }
        match outcome {
            Some(Ok(record)) => {
                Arc::make_mut(&mut self.current.records).entry(id.to_owned()).or_insert_with(|| Arc::new(record));
            }
            Some(Err(error)) => drop(self.current.failed.insert(id.to_owned(), error)),
            None => {}
        }
        true
    }
}
