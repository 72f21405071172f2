//! The results of experiments that pages are drawn from, and how far missing ones are.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lab::{self, Datasets, Experiment, Recipe, Record};

/// The folder of all results.
pub(crate) const FOLDER: &str = "/lab/results/";
/// File name of the table of all numbers.
pub(crate) const TABLE: &str = "table";

/// Returns the address of a record.
pub(crate) fn json(id: &str) -> String {
    format!("{FOLDER}{id}.json")
}

/// Returns the address of the table of a record.
pub(crate) fn table(id: &str) -> String {
    format!("{FOLDER}{id}/{TABLE}.csv")
}

/// Returns the address of a picture of a record, without the ending `.svg` for the drawing and `.csv` for its numbers.
pub(crate) fn picture(id: &str, name: &str) -> String {
    format!("{FOLDER}{id}/{name}")
}

/// Records by id, with the data they can be recognised by. A clone is cheap.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// The data at hand, whose checksums are part of every id.
    pub datasets: Arc<Datasets>,
    /// All records at hand.
    pub records: Arc<BTreeMap<String, Arc<Record>>>,
    /// Experiments that are being run.
    pub running: Option<String>,
    /// Experiments that could not be run, with the reasons.
    pub failed: BTreeMap<String, String>,
    /// True if missing results are going to be computed.
    pub live: bool,
}

impl Results {
    /// The id of an experiment's record, or why it has none. Where the data it needs is not at hand, that is the id of
    /// a record of this spec and engine, if there is one: somebody had the data.
    ///
    /// # Errors
    /// Returns an error if the data is not at hand and there is no such record.
    pub fn id(&self, experiment: &Experiment) -> Result<String, lab::RunError> {
        lab::recipe(&experiment.spec, &self.datasets).map(|recipe| recipe.id()).or_else(|error| {
            let same = |recipe: &Recipe| recipe.engine == lab::ENGINE && recipe.spec == experiment.spec;
            self.records.values().find(|record| same(&record.recipe)).map(|record| record.id.clone()).ok_or(error)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::SourceFile;

    const PINNED: &str = include_str!("../../content/results/378029bb8192c0f857a2.json");

    fn experiment(task: &str, epochs: u32) -> Experiment {
        let text = format!(
            "experiment: train\ntask: {task}\noptimizers: [sgd: {{momentum: 0.9}}, adam, radam, ranger]\n\
             learning_rates: [0.1, 0.03, 0.01, 0.003]\nepochs: {epochs}\nseeds: 20\n"
        );
        let (experiment, diagnostics) = Experiment::parse(&SourceFile::new("block", text.as_str()), &text, 0);
        experiment.unwrap_or_else(|| panic!("{diagnostics:?}"))
    }

    #[test]
    fn a_result_is_shown_where_its_data_are_not() {
        let record = Arc::new(Record::from_json(PINNED).unwrap());
        let pinned = experiment("digits-mlp", 30);
        assert_eq!(record.recipe.spec, pinned.spec);
        let records = Arc::new(BTreeMap::from([(record.id.clone(), record.clone())]));
        let results = Results { records, ..Results::default() };
        assert_eq!(results.id(&pinned).as_ref(), Ok(&record.id));
        assert!(results.id(&experiment("digits-mlp", 31)).is_err(), "another spec");
    }
}
