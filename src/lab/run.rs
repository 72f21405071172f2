//! Running an experiment of any kind.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;

use super::data::{DataError, DataName, Dataset, Datasets};
use super::kind::Kind;
use super::network::Examples;
use super::record::{DataId, ENGINE, Measured, Recipe, Record};
use super::spec::{Outcome, Spec};
use super::task::Task;

/// How a run tells how far it is, and learns that it is not wanted any more.
pub trait Progress: Sync {
    /// `done` of `total` steps are made, of all runs together; comes about once an epoch of each run, from any worker thread.
    fn advance(&self, done: u64, total: u64);

    /// The entry at this index of the outcome has grown, or is complete: comes after each epoch of a training run, and at the end
    /// of an entry of
    /// any kind, from any worker thread. `part` makes an outcome of what it is so far, with this one entry; who does not ask for
    /// it pays nothing.
    fn grown(&self, _index: usize, _part: &dyn Fn() -> Outcome) {}

    /// Whether to stop; asked before each batch.
    fn cancelled(&self) -> bool {
        false
    }
}

/// Nobody looks.
impl Progress for () {
    fn advance(&self, _done: u64, _total: u64) {}
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The task's data are not at hand, or cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data at hand have other sizes than the task says.
    #[error("the data set `{0}` has other sizes than its task")]
    OtherData(DataName),
    /// [`Progress::cancelled`] said so.
    #[error("cancelled")]
    Cancelled,
    /// The system gave no threads.
    #[error("cannot start worker threads: {0}")]
    Threads(String),
}

/// What decides the numbers of this experiment; [`Recipe::id`] then names its record, run or not. An experiment without a task
/// needs no data.
///
/// # Errors
/// When the task's data are not at hand.
pub fn recipe(spec: &Spec, data: &Datasets) -> Result<Recipe, RunError> {
    let id = spec.plan().task().map(|task| data.id(task.data)).transpose()?;
    Ok(recipe_of(spec, id))
}

fn recipe_of(spec: &Spec, data: Option<DataId>) -> Recipe {
    Recipe { engine: ENGINE, spec: spec.clone(), data: data.into_iter().collect(), variants: spec.plan().variants() }
}

/// Runs an experiment on so many threads (at least one); their number changes the time and not a bit of what comes out.
///
/// # Errors
/// When the data are not at hand, when it was cancelled, or when the system gives no threads.
pub fn run(spec: &Spec, data: &Datasets, threads: usize, progress: &dyn Progress) -> Result<Record, RunError> {
    let set = spec.plan().task().map(|task| dataset(task, data)).transpose()?;
    let recipe = recipe_of(spec, set.as_ref().map(|set| set.id.clone()));
    let start = Instant::now();
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).thread_name(|index| format!("lab-{index}")).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let bench = Bench {
        set: set.as_deref(),
        progress,
        done: AtomicU64::new(0),
        total: spec.cost().steps,
        times: Mutex::default(),
    };
    let outcome = pool.install(|| spec.execute(&bench))?;
    let each = bench.times();
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    let measured = Measured { machine, threads: threads.max(1), seconds: start.elapsed().as_secs_f64(), each };
    Ok(Record { id: recipe.id(), recipe, outcome, measured: Some(measured) })
}

fn dataset(task: Task, data: &Datasets) -> Result<Arc<Dataset>, RunError> {
    let set = data.get(task.data)?;
    let has = |examples: &Examples<f32>, rows| {
        examples.labels.len() == rows && examples.inputs.dim() == (rows, task.network.inputs.size())
    };
    if has(&set.train, task.train_samples) && has(&set.test, task.test_samples) {
        Ok(set)
    } else {
        Err(RunError::OtherData(task.data))
    }
}

/// All entries of an experiment, in their order, on the threads of the present pool; `outcome` makes one of such entries.
pub(super) fn execute<K: Kind>(
    spec: &K,
    bench: &Bench<'_>,
    outcome: fn(Vec<K::Entry>) -> Outcome,
) -> Result<Outcome, RunError> {
    let run = |index| {
        let start = Instant::now();
        let entry = spec.run(index, bench)?;
        bench.took(index, start.elapsed().as_secs_f64());
        bench.show(index, || outcome(vec![entry.clone()]));
        Ok(entry)
    };
    let entries: Result<Vec<K::Entry>, RunError> =
        (0..spec.entries()).into_par_iter().with_max_len(1).map(run).collect();
    entries.map(outcome)
}

/// What all runs of an experiment look at besides its spec.
pub(super) struct Bench<'a> {
    set: Option<&'a Dataset>,
    progress: &'a dyn Progress,
    done: AtomicU64,
    total: u64,
    /// Seconds of the entries that are done, in no order.
    times: Mutex<Vec<(usize, f64)>>,
}

impl<'a> Bench<'a> {
    /// The data of this task, which is the spec's.
    pub(super) fn set(&self, task: Task) -> Result<&'a Dataset, RunError> {
        self.set.ok_or(RunError::Data(DataError::Absent(task.data)))
    }

    fn took(&self, index: usize, seconds: f64) {
        // Four digits say all: what is behind them is another run's noise.
        let rounded = format!("{seconds:.3e}").parse().unwrap_or(seconds);
        self.times.lock().unwrap_or_else(PoisonError::into_inner).push((index, rounded));
    }

    /// Seconds of each entry.
    fn times(&self) -> Vec<f64> {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner).clone();
        times.sort_by_key(|(index, _)| *index);
        times.into_iter().map(|(_, seconds)| seconds).collect()
    }

    /// Tells that so many more steps are made, or will not have to be.
    pub(super) fn report(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.progress.advance(done, self.total);
    }

    /// Shows what an entry is so far. Nothing that looks can change what comes out.
    pub(super) fn show(&self, index: usize, part: impl Fn() -> Outcome) {
        self.progress.grown(index, &part);
    }

    /// Ends the run when it is not wanted any more. To be called before each batch.
    pub(super) fn go_on(&self) -> Result<(), RunError> {
        if self.progress.cancelled() { Err(RunError::Cancelled) } else { Ok(()) }
    }
}
