//! The experiment `train`: a network trained with each optimizer at each learning rate from each seed.

use serde::{Deserialize, Serialize};

use super::blocks::blocks;
use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::lists::{read_optimizers, read_rates, read_task};
use super::method::OptimizerSpec;
use super::numbers::{count, set};
use super::reader::Fields;
use super::schedules::read_schedule;
use super::task::Task;
use super::trainer::{Scores, Trainer, Work};
use crate::optim::Schedule;

#[cfg(test)]
mod tests;

/// Training runs to compare.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// What is learned.
    pub task: Task,
    /// The methods to compare, each different, at least one.
    pub optimizers: Vec<OptimizerSpec>,
    /// The learning rates that each is run with: positive, each different, at least one; in the order they were written
    /// in.
    pub learning_rates: Vec<f64>,
    /// Factor on the rates that all optimizers share; it multiplies an optimizer's own.
    pub schedule: Schedule,
    /// Passes over the training data.
    pub epochs: u32,
    /// Number of repetitions; their seeds are 0, 1, 2 ….
    pub seeds: u32,
    /// Rows in a batch; the last batch of an epoch has what is left.
    pub batch: u32,
}

/// One training run. Its curves have one value an epoch, the first of them before any step (epoch 0).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Index into the spec's optimizers.
    pub optimizer: usize,
    /// Learning rate, one of the spec's.
    pub learning_rate: f64,
    /// Seed, from 0.
    pub seed: u32,
    /// The step, from 1, at which a loss or a parameter was no finite number any more; curves end with the last epoch
    /// before it.
    pub diverged_at: Option<u64>,
    /// Mean cross-entropy over all training rows, in nats.
    pub train_loss: Vec<f32>,
    /// Mean cross-entropy over all test rows, in nats.
    pub test_loss: Vec<f32>,
    /// Share of test rows that are classified rightly, 0 to 1.
    pub test_accuracy: Vec<f64>,
}

/// Default and largest values of a spec.
impl TrainSpec {
    /// Passes over the data, when nothing is said.
    pub const EPOCHS: u32 = 30;
    /// Repetitions, when nothing is said; fewer say little about spread.
    pub const SEEDS: u32 = 5;
    /// Rows in a batch, when nothing is said.
    pub const BATCH: u32 = 32;
    /// Most passes over the data.
    pub const MOST_EPOCHS: u32 = 1_000;
    /// Most repetitions.
    pub const MOST_SEEDS: u32 = 100;

    /// All runs in their order: index of the optimizer, learning rate, seed.
    pub fn run_keys(&self) -> impl Iterator<Item = (usize, f64, u32)> {
        (0..self.runs()).map(|index| self.key(index))
    }

    fn key(&self, index: usize) -> (usize, f64, u32) {
        let (seeds, rates) = (self.seeds as usize, self.learning_rates.len());
        (index / seeds / rates, self.learning_rates[index / seeds % rates], (index % seeds) as u32)
    }

    /// Number of steps in one run.
    pub fn steps(&self) -> u64 {
        self.task.steps_per_epoch(self.batch) * u64::from(self.epochs)
    }
}

impl Plan for TrainSpec {
    fn task(&self) -> Option<Task> {
        Some(self.task)
    }

    fn variants(&self) -> Vec<String> {
        self.optimizers.iter().map(OptimizerSpec::describe).collect()
    }

    fn runs(&self) -> usize {
        self.optimizers.len() * self.learning_rates.len() * self.seeds as usize
    }

    /// After each epoch, and before the first, all rows go forward once for the curves.
    fn cost(&self) -> Cost {
        let (work, epochs) = (Work::of(self.task), u64::from(self.epochs));
        let multiply_adds = work.epochs(epochs).saturating_add(work.evaluations(epochs + 1));
        Cost { steps: self.steps(), multiply_adds, numbers: 3 * (epochs + 1) }.times(self.runs())
    }
}

impl Kind for TrainSpec {
    const NAME: &'static str = "train";
    const FIGURES: &'static [Figure] =
        &[Figure::Curves, Figure::Best, Figure::Sensitivity, Figure::Rates, Figure::Table];
    const SHOWN: &'static [Figure] = &[Figure::Curves, Figure::Table];
    const ADVICE: &'static str = "choose fewer epochs, seeds, learning rates or optimizers";
    type Entry = Run;

    fn defaults() -> serde_json::Value {
        serde_json::json!({
            "schedule": Schedule::Constant, "epochs": Self::EPOCHS, "seeds": Self::SEEDS, "batch": Self::BATCH,
        })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let task = read_task(fields);
        let (mut epochs, mut seeds, mut batch) = (Self::EPOCHS, Self::SEEDS, Self::BATCH);
        let rows = task.map_or(u32::MAX, |task| task.max_batch());
        let fine = set(fields, "epochs", &mut epochs, |c| count(c, "epochs", Self::MOST_EPOCHS))
            & set(fields, "seeds", &mut seeds, |c| count(c, "seeds", Self::MOST_SEEDS))
            & set(fields, "batch", &mut batch, |c| count(c, "rows in a batch", rows));
        let steps = task.map_or(1, |task| task.steps_per_epoch(batch));
        let optimizers = read_optimizers(fields, Some(steps));
        let learning_rates = read_rates(fields);
        let mut schedule = Schedule::Constant;
        let fine = fine & set(fields, "schedule", &mut schedule, |c| read_schedule(c, None, Some(steps)));
        let (task, optimizers, learning_rates) = (task?, optimizers?, learning_rates?);
        fine.then_some(TrainSpec { task, optimizers, learning_rates, schedule, epochs, seeds, batch })
    }

    fn entries(&self) -> usize {
        self.runs()
    }

    fn run(&self, index: usize, bench: &Bench<'_, Run>) -> Result<Run, RunError> {
        let (optimizer, learning_rate, seed) = self.key(index);
        let (mut trainer, mut theta) = Trainer::new(self.task, bench.set(self.task)?, seed, self.batch);
        let chosen = &self.optimizers[optimizer];
        let mut method = chosen.method.start_blocks(&theta, &blocks(self.task.network));
        let (total, mut step) = (self.steps(), 0);
        let mut run = Run::new(optimizer, learning_rate, seed);
        run.evaluate(trainer.evaluate(&theta, || bench.go_on())?, &theta, step);
        for _ in 0..self.epochs {
            if run.diverged_at.is_some() {
                break;
            }
            let before = step;
            for _ in 0..self.task.steps_per_epoch(self.batch) {
                bench.go_on()?;
                step += 1;
                if !trainer.gradient(&theta).is_finite() {
                    run.diverged_at = Some(step);
                    break;
                }
                let factor = self.schedule.factor(step, total) * chosen.schedule.factor(step, total);
                method.step(&mut theta, &trainer.gradient, learning_rate * factor);
            }
            if run.diverged_at.is_none() {
                let eval_params = method.eval_params(&theta);
                run.evaluate(trainer.evaluate(eval_params, || bench.go_on())?, eval_params, step);
                bench.show(index, || run.clone());
            }
            bench.report(step - before);
        }
        bench.report(total - step);
        Ok(run)
    }

    fn name_of(&self, index: usize) -> String {
        let (optimizer, learning_rate, seed) = self.key(index);
        format!("{} at learning rate {learning_rate}, seed {seed}", self.optimizers[optimizer].name())
    }

    fn is_at(&self, index: usize, run: &Run) -> bool {
        index < self.runs() && (run.optimizer, run.learning_rate, run.seed) == self.key(index)
    }

    fn is_whole(&self, run: &Run) -> bool {
        let (points, epochs) = (run.train_loss.len(), self.epochs as usize);
        let whole = if run.diverged_at.is_some() { points <= epochs } else { points == epochs + 1 };
        whole && run.test_loss.len() == points && run.test_accuracy.len() == points
    }

    fn numbers(&self, run: &Run) -> Vec<Numbers> {
        vec![
            Numbers::one("step of divergence", run.diverged_at),
            Numbers::list("train loss", "epoch", 0, run.train_loss.iter().copied()),
            Numbers::list("test loss", "epoch", 0, run.test_loss.iter().copied()),
            Numbers::list("test accuracy", "epoch", 0, run.test_accuracy.iter().copied()),
        ]
    }
}

impl Run {
    fn new(optimizer: usize, learning_rate: f64, seed: u32) -> Self {
        let (train_loss, test_loss, test_accuracy) = (Vec::new(), Vec::new(), Vec::new());
        Run { optimizer, learning_rate, seed, diverged_at: None, train_loss, test_loss, test_accuracy }
    }

    /// Adds a point to the curves after `step` steps, or notes that the run has diverged.
    fn evaluate(&mut self, scores: Scores, theta: &[f32], step: u64) {
        if !(scores.are_finite() && theta.iter().all(|parameter| parameter.is_finite())) {
            self.diverged_at = Some(step);
            return;
        }
        self.train_loss.push(scores.train.loss as f32);
        self.test_loss.push(scores.test.loss as f32);
        self.test_accuracy.push(scores.test.accuracy);
    }
}

/// The runs of one optimizer at one learning rate, by seed.
pub fn runs_of(runs: &[Run], optimizer: usize, learning_rate: f64) -> impl Iterator<Item = &Run> {
    runs.iter().filter(move |run| run.optimizer == optimizer && run.learning_rate == learning_rate)
}
