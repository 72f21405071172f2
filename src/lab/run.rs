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

    /// Whether to stop; asked before each batch, also while the data are evaluated.
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
    let all: Vec<usize> = (0..spec.names().len()).collect();
    let times = Mutex::new(vec![0.0; all.len()]);
    let execution = Execution {
        set: set.as_deref(),
        progress,
        total: spec.cost().steps,
        runs: &all,
        finished: &|index, _, seconds| {
            times.lock().unwrap_or_else(PoisonError::into_inner)[index] = seconds;
            Ok(())
        },
    };
    let outcome = pool(threads)?.install(|| spec.visit(&execution))?;
    let each = times.into_inner().unwrap_or_else(PoisonError::into_inner);
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    let measured = Measured { machine, threads: threads.max(1), seconds: start.elapsed().as_secs_f64(), each };
    Ok(Record { id: recipe.id(), recipe, outcome, measured: Some(measured) })
}

/// Makes single runs of an experiment, those at these indices, on so many threads. `finished` is given each when it is
/// done: its index, the outcome of it alone, and its seconds.
///
/// # Errors
/// As [`run`], and the first error that `finished` returns.
pub(super) fn run_entries(
    spec: &Spec,
    data: &Datasets,
    threads: usize,
    runs: &[usize],
    progress: &dyn Progress,
    finished: &(dyn Fn(usize, Outcome, f64) -> Result<(), RunError> + Sync),
) -> Result<(), RunError> {
    let set = spec.plan().task().map(|task| dataset(task, data)).transpose()?;
    let total = spec.cost().steps * runs.len() as u64 / spec.names().len().max(1) as u64;
    let finished = &|index, entry: &dyn Fn() -> Outcome, seconds| finished(index, entry(), seconds);
    let execution = Execution { set: set.as_deref(), progress, total, runs, finished };
    pool(threads)?.install(|| spec.visit(&execution)).map(drop)
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, RunError> {
    let name = |index| format!("lab-{index}");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).thread_name(name).build();
    pool.map_err(|error| RunError::Threads(error.to_string()))
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

/// Is given each run when it is done: its index, what makes an outcome of it alone, and its seconds.
type Finished<'a> = dyn Fn(usize, &dyn Fn() -> Outcome, f64) -> Result<(), RunError> + Sync + 'a;

/// Runs a spec of whatever kind on the threads of the present pool.
struct Execution<'a> {
    set: Option<&'a Dataset>,
    progress: &'a dyn Progress,
    /// Steps of all runs together.
    total: u64,
    /// Indices of the runs to make.
    runs: &'a [usize],
    finished: &'a Finished<'a>,
}

impl Visitor for Execution<'_> {
    type Output = Result<Outcome, RunError>;

    fn visit<K: Kind>(&self, spec: &K, outcome: fn(Vec<K::Entry>) -> Outcome) -> Result<Outcome, RunError> {
        let advance = |done, total| self.progress.advance(done, total);
        let grown = |index, part: &dyn Fn() -> K::Entry| self.progress.grown(index, &|| outcome(vec![part()]));
        let cancelled = || self.progress.cancelled();
        let watch = Watch { advance: &advance, grown: &grown, cancelled: &cancelled };
        let bench = Bench::new(self.set, watch, self.total);
        let run = |&index: &usize| {
            let start = Instant::now();
            let entry = spec.run(index, &bench)?;
            bench.show(index, || entry.clone());
            (self.finished)(index, &|| outcome(vec![entry.clone()]), four_digits(start.elapsed().as_secs_f64()))?;
            Ok(entry)
        };
        // Entries in their order, whichever is done first.
        let entries: Result<Vec<K::Entry>, RunError> = self.runs.par_iter().with_max_len(1).map(run).collect();
        entries.map(outcome)
    }
}

/// Rounds seconds to four digits: what is behind them is another run's noise.
fn four_digits(seconds: f64) -> f64 {
    format!("{seconds:.3e}").parse().unwrap_or(seconds)
}
