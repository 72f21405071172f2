//! Running an experiment of any kind.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;

use super::data::{DataId, Dataset, Datasets};
use super::experiment::{Bench, RunError, Watch};
use super::kind::Kind;
use super::network::Examples;
use super::record::{ENGINE, Measured, Recipe, Record};
use super::spec::{Outcome, Spec, Visitor};
use super::task::Task;

/// How a run tells how far it is, and learns that it is not wanted any more.
pub trait Progress: Sync {
    /// `done` of `total` steps are made, of all runs together; comes about once an epoch of each run, from any worker
    /// thread.
    fn advance(&self, done: u64, total: u64);

    /// The entry at this index of the outcome has grown, or is complete: comes after each epoch of a training run,
    /// and at the end of an entry of any kind, from any worker thread. `part` makes an outcome of what it is so far,
    /// with this one entry; who does not ask for it pays nothing.
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

/// What decides the numbers of this experiment; [`Recipe::id`] then names its record, run or not. An experiment
/// without a task needs no data.
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
    let execution = Execution { set: set.as_deref(), progress, total: spec.cost().steps, times: Mutex::default() };
    let outcome = pool.install(|| spec.visit(&execution))?;
    let each = execution.times();
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    let measured = Measured { machine, threads: threads.max(1), seconds: start.elapsed().as_secs_f64(), each };
    Ok(Record { id: recipe.id(), recipe, outcome, measured: Some(measured) })
}

fn dataset(task: Task, data: &Datasets) -> Result<Arc<Dataset>, RunError> {
    let set = data.get(task.data)?;
    let has = |examples: &Examples<f32>, rows| {
        examples.labels.len() == rows && examples.inputs.len() == rows * task.network.inputs.size()
    };
    if has(&set.train, task.train_rows) && has(&set.test, task.test_rows) {
        Ok(set)
    } else {
        Err(RunError::OtherData(task.data))
    }
}

/// Runs a spec of whatever kind on the threads of the present pool.
struct Execution<'a> {
    set: Option<&'a Dataset>,
    progress: &'a dyn Progress,
    total: u64,
    /// Seconds of the entries that are done, in no order.
    times: Mutex<Vec<(usize, f64)>>,
}

impl Visitor for Execution<'_> {
    type Output = Result<Outcome, RunError>;

    fn visit<K: Kind>(&self, spec: &K, outcome: fn(Vec<K::Entry>) -> Outcome) -> Result<Outcome, RunError> {
        let advance = |done, total| self.progress.advance(done, total);
        let grown = |index, part: &dyn Fn() -> K::Entry| self.progress.grown(index, &|| outcome(vec![part()]));
        let cancelled = || self.progress.cancelled();
        let watch = Watch { advance: &advance, grown: &grown, cancelled: &cancelled };
        let bench = Bench::new(self.set, watch, self.total);
        let run = |index| {
            let start = Instant::now();
            let entry = spec.run(index, &bench)?;
            self.took(index, start.elapsed().as_secs_f64());
            bench.show(index, || entry.clone());
            Ok(entry)
        };
        // Entries in their order, whichever is done first.
        let entries: Result<Vec<K::Entry>, RunError> =
            (0..spec.entries()).into_par_iter().with_max_len(1).map(run).collect();
        entries.map(outcome)
    }
}

impl Execution<'_> {
    fn took(&self, index: usize, seconds: f64) {
        // Four digits say all: what is behind them is another run's noise.
        let rounded = format!("{seconds:.3e}").parse().unwrap_or(seconds);
        self.times.lock().unwrap_or_else(PoisonError::into_inner).push((index, rounded));
    }

    /// Seconds of each entry.
    fn times(self) -> Vec<f64> {
        let mut times = self.times.into_inner().unwrap_or_else(PoisonError::into_inner);
        times.sort_by_key(|(index, _)| *index);
        times.into_iter().map(|(_, seconds)| seconds).collect()
    }
}
