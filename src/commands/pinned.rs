//! Results that are kept beside the content.

use std::path::Path;
use std::sync::Arc;

use vdlm::lab::{DataFolder, Datasets, Store};
use vdlm::site::Results;

/// Reads the results pinned in a content folder, and says which of their files are broken and why. Data other than the
/// digits are read from the folder `data`, or from the one in the content.
///
/// # Errors
/// Returns an error if the folder of results cannot be listed.
pub(super) fn pinned(content: &Path, data: Option<&Path>) -> anyhow::Result<(Results, Vec<String>)> {
    let shipped = content.join("data");
    let datasets = Datasets::read(&shipped).with_files(DataFolder::new(data.unwrap_or(&shipped)));
    let (records, broken) = Store::new(content.join("results")).load()?;
    let records = records.into_iter().map(|record| (record.id.clone(), Arc::new(record))).collect();
    let broken = broken.iter().map(|file| format!("{}: {}", file.path.display(), file.why)).collect();
    Ok((Results { datasets: Arc::new(datasets), records: Arc::new(records), ..Results::default() }, broken))
}
