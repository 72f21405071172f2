//! Running an experiment.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use super::data::{DataError, DataName, Dataset, Datasets};
use super::network::{Examples, Network};
use super::record::{DataId, ENGINE, Measured, Recipe, Record, Run};
use super::seeds;
use super::spec::TrainSpec;

#[cfg(test)]
mod tests;

/// How a run tells how far it is, and learns that it is not wanted any more.
pub trait Progress: Sync {
    /// `done` of `total` steps are made, of all runs together; comes after each epoch of each run, from any worker thread.
    fn advance(&self, done: u64, total: u64);

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

/// What decides the numbers of this experiment; [`Recipe::id`] then names its record, run or not.
///
/// # Errors
/// When the task's data are not at hand.
pub fn recipe(spec: &TrainSpec, data: &Datasets) -> Result<Recipe, RunError> {
    Ok(recipe_of(spec, data.id(spec.task.data)?))
}

fn recipe_of(spec: &TrainSpec, data: DataId) -> Recipe {
    let variants = spec.optimizers.iter().map(|optimizer| optimizer.describe()).collect();
    Recipe { engine: ENGINE, spec: spec.clone(), data: vec![data], variants }
}

/// Runs an experiment on so many threads (at least one); their number changes the time and not a bit of the curves.
///
/// # Errors
/// When the data are not at hand, when it was cancelled, or when the system gives no threads.
pub fn run(spec: &TrainSpec, data: &Datasets, threads: usize, progress: &dyn Progress) -> Result<Record, RunError> {
    let set = &*dataset(spec, data)?;
    let recipe = recipe_of(spec, set.id.clone());
    let start = Instant::now();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).thread_name(|index| format!("lab-{index}")).build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let shared = Shared { spec, set, progress, done: AtomicU64::new(0), total: spec.cost().steps };
    let keys: Vec<(usize, f64, u32)> = spec.run_keys().collect();
    let runs = pool.install(|| {
        let runs = keys.par_iter().with_max_len(1).map(|(optimizer, rate, seed)| shared.train(*optimizer, *rate, *seed));
        runs.collect::<Result<Vec<Run>, RunError>>()
    })?;
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    let measured = Measured { machine, threads: threads.max(1), seconds: start.elapsed().as_secs_f64() };
    Ok(Record { id: recipe.id(), recipe, runs, measured: Some(measured) })
}

fn dataset(spec: &TrainSpec, data: &Datasets) -> Result<Arc<Dataset>, RunError> {
    let task = spec.task;
    let set = data.get(task.data)?;
    let has = |examples: &Examples<f32>, rows| {
        examples.labels.len() == rows && examples.inputs.len() == rows * task.network.inputs.size()
    };
    if has(&set.train, task.train_rows) && has(&set.test, task.test_rows) { Ok(set) } else { Err(RunError::OtherData(task.data)) }
}

/// What all training runs of an experiment look at.
struct Shared<'a> {
    spec: &'a TrainSpec,
    set: &'a Dataset,
    progress: &'a dyn Progress,
    done: AtomicU64,
    total: u64,
}

impl Shared<'_> {
    fn train(&self, optimizer: usize, learning_rate: f64, seed: u32) -> Result<Run, RunError> {
        let Shared { spec, set, .. } = self;
        let (batch, total, shape) = (spec.batch as usize, spec.steps(), &spec.task.network);
        let mut network = Network::<f32>::new(shape.inputs, shape.layers, batch.max(shape.evaluated_at_once()));
        let mut weights = seeds::stream("initial weights", &[u64::from(seed)]);
        let mut theta = network.he_init(|| seeds::normal(&mut weights));
        let mut gradient = vec![0.0; theta.len()];
        let chosen = &spec.optimizers[optimizer];
        let mut method = chosen.method.start(&theta);
        let (mut order, mut step) = (Vec::new(), 0);
        let mut curves = Curves::new(optimizer, learning_rate, seed);
        curves.evaluate(&mut network, &theta, set, step);
        for epoch in 0..u64::from(spec.epochs) {
            if curves.0.diverged_at.is_some() {
                break;
            }
            order.clear();
            order.extend(0..set.train.labels.len() as u32);
            seeds::shuffle(&mut order, &mut seeds::stream("batch order", &[u64::from(seed), epoch]));
            let before = step;
            for rows in order.chunks(batch) {
                if self.progress.cancelled() {
                    return Err(RunError::Cancelled);
                }
                step += 1;
                let loss = network.gradient(&theta, &set.train, rows, &mut gradient);
                if !loss.is_finite() {
                    curves.0.diverged_at = Some(step);
                    break;
                }
                let factor = spec.schedule.factor(step, total) * chosen.schedule.factor(step, total);
                method.step(&mut theta, &gradient, learning_rate * factor);
            }
            if curves.0.diverged_at.is_none() {
                curves.evaluate(&mut network, method.judged(&theta), set, step);
            }
            self.report(step - before);
        }
        self.report(total - step);
        Ok(curves.0)
    }

    fn report(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.progress.advance(done, self.total);
    }
}

/// A run while it grows.
struct Curves(Run);

impl Curves {
    fn new(optimizer: usize, learning_rate: f64, seed: u32) -> Self {
        let (train_loss, test_loss, test_accuracy) = (Vec::new(), Vec::new(), Vec::new());
        Curves(Run { optimizer, learning_rate, seed, diverged_at: None, train_loss, test_loss, test_accuracy })
    }

    /// Adds a point to the curves after `step` steps, or notes that the run has diverged.
    fn evaluate(&mut self, network: &mut Network<f32>, theta: &[f32], set: &Dataset, step: u64) {
        let (train, test) = (network.evaluate(theta, &set.train), network.evaluate(theta, &set.test));
        let (train_loss, test_loss) = (train.loss as f32, test.loss as f32);
        if !(train_loss.is_finite() && test_loss.is_finite() && theta.iter().all(|parameter| parameter.is_finite())) {
            self.0.diverged_at = Some(step);
            return;
        }
        self.0.train_loss.push(train_loss);
        self.0.test_loss.push(test_loss);
        self.0.test_accuracy.push(test.accuracy);
    }
}
