//! What an experiment is: the types, and how much work it asks for. [`Experiment::decode`] reads them from YAML.

mod decode;
pub(super) mod fields;
mod method;
mod schedule;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use method::read_optimizer;
pub use method::{Method, OptimizerSpec};

use super::task::Task;
use crate::optim::Schedule;

/// A `lab` block: what to run, and how to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Heading of the figure. No part of the experiment's identity.
    pub title: Option<String>,
    /// What to draw, in this order. No part of the experiment's identity.
    pub figures: Vec<Figure>,
    /// What is run, and nothing else: two blocks with the same spec have the same record.
    pub spec: TrainSpec,
}

/// A way to show a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Loss and accuracy over epochs, one line an optimizer, with a band over seeds.
    Curves,
    /// Final values over learning rates.
    Sensitivity,
    /// The numbers.
    Table,
}

/// The only experiment there is yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Train a network with each optimizer at each learning rate from each seed.
    Train,
}

/// Training runs to compare; all defaults are filled in, so that it is its own canonical form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainSpec {
    /// What kind of experiment it is.
    pub experiment: Kind,
    /// What is learned.
    pub task: Task,
    /// The methods to compare, each different, at least one.
    pub optimizers: Vec<OptimizerSpec>,
    /// The learning rates that each is run with: positive, each different, at least one; in the order they were written in.
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

/// Default and largest values of a spec.
impl TrainSpec {
    /// Passes over the data, when nothing is said.
    pub const EPOCHS: u32 = 30;
    /// Repetitions, when nothing is said; fewer say little about spread.
    pub const SEEDS: u32 = 5;
    /// Rows in a batch, when nothing is said.
    pub const BATCH: u32 = 32;
    /// Most optimizers: more lines than that cannot be told apart.
    pub const MOST_OPTIMIZERS: usize = 12;
    /// Most learning rates.
    pub const MOST_RATES: usize = 24;
    /// Most passes over the data.
    pub const MOST_EPOCHS: u32 = 1_000;
    /// Most repetitions.
    pub const MOST_SEEDS: u32 = 100;
    /// Most work in one experiment, in multiply-adds: some minutes on two cores, about forty times the digits comparison of four
    /// optimizers, four rates and five seeds.
    pub const MOST_MULTIPLY_ADDS: u64 = 2_000_000_000_000;

    /// Number of training runs.
    pub fn runs(&self) -> usize {
        self.optimizers.len() * self.learning_rates.len() * self.seeds as usize
    }

    /// All runs in their order: index of the optimizer, learning rate, seed.
    pub fn run_keys(&self) -> impl Iterator<Item = (usize, f64, u32)> {
        let rates = move |optimizer| self.learning_rates.iter().map(move |rate| (optimizer, *rate));
        let keys = (0..self.optimizers.len()).flat_map(rates);
        keys.flat_map(|(optimizer, rate)| (0..self.seeds).map(move |seed| (optimizer, rate, seed)))
    }

    /// Number of steps in one run.
    pub fn steps(&self) -> u64 {
        self.task.steps_per_epoch(self.batch) * u64::from(self.epochs)
    }

    /// How much work the experiment is.
    ///
    /// Each training row goes forward and backward once an epoch; after each epoch, and before the first, all rows go forward once for the
    /// curves.
    pub fn cost(&self) -> Cost {
        let (forward, backward) = (self.task.network.forward(), self.task.network.backward());
        let (train, all) = (self.task.train_rows as u64, (self.task.train_rows + self.task.test_rows) as u64);
        let epochs = u64::from(self.epochs);
        let run = (train * epochs).saturating_mul(forward + backward) + (epochs + 1) * all * forward;
        let runs = self.runs() as u64;
        Cost { steps: self.steps().saturating_mul(runs), multiply_adds: run.saturating_mul(runs) }
    }
}

/// How much work an experiment is, known before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Optimizer steps of all runs together.
    pub steps: u64,
    /// Multiplications that are added up, of all runs together.
    pub multiply_adds: u64,
}

impl Cost {
    /// Multiply-adds a second and thread on the two-core server (AMD EPYC, SSE2 code) this was measured on, all else of a run included.
    pub const RATE: f64 = 4.0e9;

    /// About how many seconds it takes on so many free cores.
    pub fn seconds(&self, threads: usize) -> f64 {
        self.multiply_adds as f64 / Self::RATE / threads.max(1) as f64
    }
}
