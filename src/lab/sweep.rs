//! Sweeps beyond one machine: the runs of an experiment as parts in a folder that several machines write to.
//!
//! A run depends on its recipe and its index alone, so any machine can make any of them. A shard makes every n-th run,
//! passes over those that the folder has, and writes each as a file of its own, which nothing ever replaces. Two
//! machines that make the same run must come to the same bytes; if they do not, that is an error that names both.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::data::{DataId, Datasets};
use super::experiment::RunError;
use super::record::{Measured, Recipe, Record};
use super::run::{Progress, recipe, run_entries};
use super::spec::Spec;

#[cfg(test)]
mod tests;

/// One of several equal shares of the runs of an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Makes a share of `count` (at least 1). Indices that differ by `count` name the same share, so counting may
    /// begin at 0 or at 1.
    pub fn new(index: usize, count: usize) -> Self {
        let count = count.max(1);
        Self { index: index % count, count }
    }

    /// Returns whether the run at an index belongs to this share.
    pub fn has(self, run: usize) -> bool {
        run % self.count == self.index
    }
}

/// Reads `3/16`.
impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match numbers {
            Some((index, count)) if count > 0 && index <= count => Ok(Self::new(index, count)),
            _ => Err("write the number of the shard and how many there are: 3/16".to_owned()),
        }
    }
}

/// A run of a plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedRun {
    /// Index in the plan, from 0.
    pub run: usize,
    /// The run in words: `adam at learning rate 0.1, seed 3`.
    pub name: String,
    /// Estimated time on one thread, in seconds: an equal share of the estimate for the whole experiment.
    pub seconds: f64,
}

/// Lists the runs of an experiment.
pub fn plan(spec: &Spec) -> Vec<PlannedRun> {
    let names = spec.names();
    let seconds = spec.cost().seconds(1) / names.len().max(1) as f64;
    names.into_iter().enumerate().map(|(run, name)| PlannedRun { run, name, seconds }).collect()
}

/// Error of a shard or of joining parts.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The run itself failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A file of the store cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Cause.
        source: io::Error,
    },
    /// A file is not a part of this experiment.
    #[error("{}: {reason}; remove the file and run its shard again", path.display())]
    NotAPart {
        /// The file.
        path: PathBuf,
        /// Reason, without a full stop.
        reason: String,
    },
    /// Two machines came to different results.
    #[error("{}: {name} has other numbers on {here} than on {there}; the results of one of them do not reproduce", path.display())]
    Differs {
        /// The file that was there first.
        path: PathBuf,
        /// The run in words.
        name: String,
        /// Machine that made the run now.
        here: String,
        /// Machine that wrote the file.
        there: String,
    },
    /// Some runs have no part.
    #[error("{} of {total} runs are missing, the first of them {} ({}){hint}", missing.len(), missing[0].run, missing[0].name)]
    Missing {
        /// The runs without a part.
        missing: Vec<PlannedRun>,
        /// Number of all runs.
        total: usize,
        /// Sentence about parts of the same experiment from another engine or other data; empty if there are none.
        hint: String,
    },
}

/// First line of a part: what the run belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    recipe: String,
    engine: u32,
    data: Vec<DataId>,
    run: usize,
}

/// Last line of a part: how the run went. It does not reproduce.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Made {
    machine: String,
    seconds: f64,
}

/// The folder with the parts of one recipe: `STORE/ID/RUN.jsonl`, three lines of JSON each, and `recipe.json`.
#[derive(Debug)]
pub struct Parts {
    recipe: Recipe,
    folder: PathBuf,
}

const RECIPE: &str = "recipe.json";

impl Parts {
    /// Names the folder of an experiment in a store. Nothing is read or written yet.
    ///
    /// # Errors
    /// When the data of its task are not at hand.
    pub fn new(store: &Path, spec: &Spec, data: &Datasets) -> Result<Self, SweepError> {
        let recipe = recipe(spec, data)?;
        Ok(Self { folder: store.join(recipe.id()), recipe })
    }

    /// Makes the runs of a shard, each on one of so many threads, and writes them. Runs that the folder has are passed
    /// over unless `again` is set; then they are made once more and compared. Returns how many were made.
    ///
    /// # Errors
    /// When a run fails, a file cannot be written, or another machine came to another result.
    pub fn run(
        &self,
        shard: Shard,
        again: bool,
        (data, threads, machine): (&Datasets, usize, &str),
        progress: &dyn Progress,
    ) -> Result<usize, SweepError> {
        let io = |source| SweepError::Io { path: self.folder.clone(), source };
        fs::create_dir_all(&self.folder).map_err(io)?;
        let text = serde_json::to_string_pretty(&self.recipe).expect("recipes have string keys and finite numbers");
        self.create(RECIPE, &text).map_err(io)?;
        let wanted = |run: &usize| shard.has(*run) && (again || !self.path(*run).exists());
        let runs: Vec<usize> = (0..self.recipe.spec.names().len()).filter(wanted).collect();
        run_entries(&self.recipe.spec, data, threads, &runs, progress, &|run, entry, seconds| {
            let made = Made { machine: machine.to_owned(), seconds };
            self.write(run, &entry.lines().concat(), &made).map_err(|error| RunError::Sink(error.to_string()))
        })?;
        Ok(runs.len())
    }

    /// Puts all parts together to the record that one run of the experiment would have made.
    ///
    /// # Errors
    /// When runs are missing, or a file is not a part of this experiment.
    pub fn join(&self) -> Result<Record, SweepError> {
        let planned = plan(&self.recipe.spec);
        let total = planned.len();
        let (mut entries, mut made, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for planned in planned {
            match self.read(planned.run)? {
                Some((entry, how)) => {
                    entries.push(entry);
                    made.push(how);
                }
                None => missing.push(planned),
            }
        }
        if !missing.is_empty() {
            return Err(SweepError::Missing { missing, total, hint: self.hint() });
        }
        let not_a_part = |reason| SweepError::NotAPart { path: self.folder.clone(), reason };
        let text = format!("{{\"runs\":[{}]}}", entries.join(","));
        let outcome = self.recipe.spec.outcome_from(&text).map_err(|error| not_a_part(error.to_string()))?;
        let machines: BTreeSet<&str> = made.iter().map(|made| made.machine.as_str()).collect();
        let measured = Measured {
            machine: machines.into_iter().collect::<Vec<_>>().join(", "),
            threads: 1,
            seconds: made.iter().map(|made| made.seconds).sum(),
            each: made.iter().map(|made| made.seconds).collect(),
        };
        let record = Record { id: self.recipe.id(), recipe: self.recipe.clone(), outcome, measured: Some(measured) };
        record.view().check().map_err(not_a_part)?;
        Ok(record)
    }

    fn path(&self, run: usize) -> PathBuf {
        self.folder.join(format!("{run}.jsonl"))
    }

    fn header(&self, run: usize) -> Header {
        let Recipe { engine, data, .. } = &self.recipe;
        Header { recipe: self.recipe.id(), engine: *engine, data: data.clone(), run }
    }

    /// Writes a part unless it is there, in which case its numbers must be the same.
    fn write(&self, run: usize, entry: &str, made: &Made) -> Result<(), SweepError> {
        let line = |json: serde_json::Result<String>| json.expect("parts have string keys and finite numbers");
        let header = line(serde_json::to_string(&self.header(run)));
        let text = format!("{header}\n{entry}\n{}\n", line(serde_json::to_string(made)));
        let path = self.path(run);
        let is_new = self.create(&format!("{run}.jsonl"), &text);
        if is_new.map_err(|source| SweepError::Io { path: path.clone(), source })? {
            return Ok(());
        }
        match self.read(run)? {
            Some((other, first)) if other != entry => Err(SweepError::Differs {
                path,
                name: self.recipe.spec.names().swap_remove(run),
                here: made.machine.clone(),
                there: first.machine,
            }),
            _ => Ok(()),
        }
    }

    /// Creates a file with all of its text at once. Returns false if there is one of that name already.
    fn create(&self, name: &str, text: &str) -> io::Result<bool> {
        let mut file = tempfile::Builder::new().prefix(".part-").tempfile_in(&self.folder)?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        match file.persist_noclobber(self.folder.join(name)) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        }
    }

    /// Reads the entry of a run as JSON text, and how it was made.
    fn read(&self, run: usize) -> Result<Option<(String, Made)>, SweepError> {
        let path = self.path(run);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(SweepError::Io { path, source }),
        };
        let not_a_part = |reason: String| SweepError::NotAPart { path: path.clone(), reason };
        let lines: Vec<&str> = text.lines().collect();
        let [header, entry, made] = lines[..] else {
            return Err(not_a_part(format!("it has {} lines and not three", lines.len())));
        };
        let header: Header = serde_json::from_str(header).map_err(|error| not_a_part(error.to_string()))?;
        if header != self.header(run) {
            return Err(not_a_part("it belongs to another run, engine or data set".to_owned()));
        }
        let made = serde_json::from_str(made).map_err(|error| not_a_part(error.to_string()))?;
        Ok(Some((entry.to_owned(), made)))
    }

    /// Says which other folders of the store hold parts of the same experiment.
    fn hint(&self) -> String {
        let siblings = self.folder.parent().and_then(|store| fs::read_dir(store).ok()).into_iter().flatten().flatten();
        let other = siblings.filter(|entry| entry.path() != self.folder).find_map(|entry| {
            let text = fs::read_to_string(entry.path().join(RECIPE)).ok()?;
            let recipe: Recipe = serde_json::from_str(&text).ok()?;
            (recipe.spec == self.recipe.spec).then(|| (entry.path(), recipe))
        });
        let Some((folder, recipe)) = other else { return String::new() };
        let why = if recipe.engine == self.recipe.engine {
            "other data".to_owned()
        } else {
            format!("engine {}, and this program has engine {}", recipe.engine, self.recipe.engine)
        };
        format!("; the runs in {} are of the same experiment with {why}", folder.display())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}
