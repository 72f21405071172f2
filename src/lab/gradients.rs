//! The experiment `gradients`: how large gradients are over the first steps of training.
//!
//! Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (arXiv 1908.03265), show histograms of the
//! absolute gradient of a Transformer trained by Adam without warm-up, by Adam with it and by RAdam (their figures 2
//! and 3), one row a step and |g| on a logarithmic axis: without warm-up the distribution is distorted within ten
//! steps. Here the same is counted on a network of the lab's tasks. Exact zeros have no logarithm and are counted
//! apart: in a ReLU network they say how much of it is dead. Pixels that are dark in all training rows make some zeros
//! at any time, so it is the change that counts.

mod bins;
#[cfg(test)]
mod tests;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use bins::Bins;

use super::blocks::blocks;
use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::lists::{read_optimizers, read_task};
use super::method::OptimizerSpec;
use super::numbers::{POSITIVE, count, number, set};
use super::reader::{Cursor, Fields};
use super::task::Task;
use super::trainer::{Trainer, Work};

/// Gradients to be counted over the first steps of training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradientsSpec {
    /// What is learned.
    pub task: Task,
    /// The methods to compare, each different, at least one; a warm-up is an optimizer's own schedule.
    pub optimizers: Vec<OptimizerSpec>,
    /// The learning rate of all of them.
    pub learning_rate: f64,
    /// Rows in a batch.
    pub batch: u32,
    /// Steps of training.
    pub steps: u64,
    /// Steps, from the first, whose gradients are counted; at most `steps`.
    pub drawn: u64,
    /// Number of repetitions; their seeds are 0, 1, 2 ….
    pub seeds: u32,
    /// How ln |g| is counted.
    pub bins: Bins,
}

/// What one optimizer did, from all seeds. In lists over seeds, seed 0 stands first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradientRun {
    /// Index into the spec's optimizers.
    pub optimizer: usize,
    /// Number of parameters, weights and biases: so many gradients has a step.
    pub parameters: u64,
    /// For each seed the step, from 1, at which a loss, a gradient or a parameter was no finite number any more.
    pub diverged_at: Vec<Option<u64>>,
    /// For each seed mean cross-entropy over all training rows after the last step, in nats; none when it diverged.
    pub final_train_loss: Vec<Option<f32>>,
    /// For each seed share of test rows that are classified rightly after the last step, 0 to 1; none when it diverged.
    pub final_test_accuracy: Vec<Option<f64>>,
    /// For each seed and drawn step mean cross-entropy over the batch of the step, in nats, before the step.
    pub batch_loss: Vec<Vec<f32>>,
    /// For each seed and drawn step how many gradients are exactly 0.
    pub zeros: Vec<Vec<u64>>,
    /// For each drawn step how many of the other gradients have their ln |g| below the bins, in each bin, and above
    /// them, of all seeds together that go so far.
    pub counts: Vec<Vec<u64>>,
}

/// Default and largest values of a spec.
impl GradientsSpec {
    /// Rows in a batch, when nothing is said.
    pub const BATCH: u32 = 32;
    /// Steps of training, when nothing is said.
    pub const STEPS: u64 = 600;
    /// Counted steps, when nothing is said; never more than there are.
    pub const DRAWN: u64 = 100;
    /// Repetitions, when nothing is said.
    pub const SEEDS: u32 = 10;
    /// Most steps of training.
    pub const MOST_STEPS: u64 = 100_000;
    /// Most counted steps.
    pub const MOST_DRAWN: u64 = 1_000;
    /// Most repetitions.
    pub const MOST_SEEDS: u32 = 100;
}

impl Plan for GradientsSpec {
    fn task(&self) -> Option<Task> {
        Some(self.task)
    }

    fn variants(&self) -> Vec<String> {
        self.optimizers.iter().map(OptimizerSpec::describe).collect()
    }

    fn runs(&self) -> usize {
        self.optimizers.len() * self.seeds as usize
    }

    /// All rows go forward once after the last step; a logarithm counts as a hundred multiply-adds.
    fn cost(&self) -> Cost {
        let work = Work::of(self.task);
        let logarithms = self.drawn.saturating_mul(100 * self.task.network.parameters() as u64);
        let multiply_adds =
            work.steps(self.steps, self.batch).saturating_add(work.evaluations(1)).saturating_add(logarithms);
        let cost = Cost { steps: self.steps, multiply_adds, numbers: 2 * self.drawn + 3 }.times(self.runs());
        let histograms = self.drawn * (self.bins.len() as u64 + 2) * self.optimizers.len() as u64;
        Cost { numbers: cost.numbers + histograms, ..cost }
    }
}

impl Kind for GradientsSpec {
    const NAME: &'static str = "gradients";
    const FIGURES: &'static [Figure] = &[Figure::Histogram, Figure::Zeros, Figure::Table];
    const SHOWN: &'static [Figure] = Self::FIGURES;
    const ADVICE: &'static str = "choose fewer steps, drawn steps, seeds or optimizers";
    type Entry = GradientRun;

    fn defaults() -> serde_json::Value {
        serde_json::json!({
            "batch": Self::BATCH, "steps": Self::STEPS, "drawn": Self::DRAWN, "seeds": Self::SEEDS, "bins": Bins::DEFAULT,
        })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let task = read_task(fields);
        let (mut batch, mut steps, mut seeds, mut bins) = (Self::BATCH, Self::STEPS, Self::SEEDS, Bins::DEFAULT);
        let rows = task.map_or(u32::MAX, |task| task.max_batch());
        let fine = set(fields, "batch", &mut batch, |c| count(c, "rows in a batch", rows))
            & set(fields, "steps", &mut steps, |c| count(c, "steps", Self::MOST_STEPS))
            & set(fields, "seeds", &mut seeds, |c| count(c, "seeds", Self::MOST_SEEDS))
            & set(fields, "bins", &mut bins, Bins::read);
        let mut drawn = Self::DRAWN.min(steps);
        let fine = fine & set(fields, "drawn", &mut drawn, |c| read_drawn(c, steps));
        let optimizers = read_optimizers(fields, task.map(|task| task.steps_per_epoch(batch)));
        let rate = fields.need("learning_rate").and_then(|cursor| number(cursor, &POSITIVE));
        let (task, optimizers, learning_rate) = (task?, optimizers?, rate?.value);
        fine.then_some(GradientsSpec { task, optimizers, learning_rate, batch, steps, drawn, seeds, bins })
    }

    fn entries(&self) -> usize {
        self.optimizers.len()
    }

    fn run(&self, index: usize, bench: &Bench<'_, GradientRun>) -> Result<GradientRun, RunError> {
        let seeds = (0..self.seeds).into_par_iter().with_max_len(1).map(|seed| self.train(index, seed, bench));
        let seeds = seeds.collect::<Result<Vec<Counted>, RunError>>()?;
        let mut run = GradientRun {
            optimizer: index,
            parameters: seeds.first().map_or(0, |seed| seed.parameters),
            diverged_at: seeds.iter().map(|seed| seed.diverged_at).collect(),
            final_train_loss: seeds.iter().map(|seed| seed.finals.map(|(loss, _)| loss)).collect(),
            final_test_accuracy: seeds.iter().map(|seed| seed.finals.map(|(_, accuracy)| accuracy)).collect(),
            counts: vec![vec![0; self.bins.len() + 2]; seeds.iter().map(|seed| seed.counts.len()).max().unwrap_or(0)],
            batch_loss: Vec::new(),
            zeros: Vec::new(),
        };
        for seed in seeds {
            for (sums, counts) in run.counts.iter_mut().zip(&seed.counts) {
                sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            }
            run.batch_loss.push(seed.batch_loss);
            run.zeros.push(seed.zeros);
        }
        Ok(run)
    }

    fn name_of(&self, index: usize) -> String {
        self.optimizers[index].name().to_owned()
    }

    fn is_at(&self, index: usize, run: &GradientRun) -> bool {
        index < self.entries() && run.optimizer == index
    }

    fn is_whole(&self, run: &GradientRun) -> bool {
        let seeds = self.seeds as usize;
        let lists =
            [run.diverged_at.len(), run.final_train_loss.len(), run.final_test_accuracy.len(), run.batch_loss.len()];
        if lists.iter().any(|length| *length != seeds) || run.zeros.len() != seeds {
            return false;
        }
        let (drawn, bins) = (self.drawn as usize, self.bins.len() + 2);
        let seed_is_whole = |seed: usize| {
            let (length, diverged) = (run.zeros[seed].len(), run.diverged_at[seed].is_some());
            let finals = [run.final_train_loss[seed].is_none(), run.final_test_accuracy[seed].is_none()];
            let reached = length == drawn || diverged && length < drawn;
            reached && run.batch_loss[seed].len() == length && finals == [diverged; 2]
        };
        // Every gradient is counted once, in a bin or among the zeros.
        let counted = |step: usize| {
            let zeros: Vec<u64> = run.zeros.iter().filter_map(|zeros| zeros.get(step).copied()).collect();
            let sum = run.counts[step].iter().sum::<u64>() + zeros.iter().sum::<u64>();
            run.counts[step].len() == bins && sum == run.parameters * zeros.len() as u64
        };
        let longest = run.zeros.iter().map(Vec::len).max().unwrap_or(0);
        (0..seeds).all(seed_is_whole) && run.counts.len() == longest && (0..longest).all(counted)
    }

    fn numbers(&self, run: &GradientRun) -> Vec<Numbers> {
        let mut numbers = vec![
            Numbers::one("number of parameters", run.parameters),
            Numbers::list("step of divergence", "seed", 0, run.diverged_at.iter().copied()),
        ];
        for (seed, losses) in run.batch_loss.iter().enumerate() {
            numbers.push(Numbers::list(format!("batch loss of seed {seed}"), "step", 1, losses.iter().copied()));
        }
        for (seed, zeros) in run.zeros.iter().enumerate() {
            numbers.push(Numbers::list(format!("number of zeros of seed {seed}"), "step", 1, zeros.iter().copied()));
        }
        for (index, counts) in run.counts.iter().enumerate() {
            numbers.push(Numbers::list(format!("histogram of step {}", index + 1), "bin", 0, counts.iter().copied()));
        }
        numbers.push(Numbers::list("final train loss", "seed", 0, run.final_train_loss.iter().copied()));
        numbers.push(Numbers::list("final test accuracy", "seed", 0, run.final_test_accuracy.iter().copied()));
        numbers
    }
}

fn read_drawn(cursor: Cursor<'_>, steps: u64) -> Option<u64> {
    let drawn = count(cursor, "drawn steps", GradientsSpec::MOST_DRAWN)?;
    if drawn > steps {
        cursor
            .error(format!("{drawn} steps cannot be drawn of {steps} that are made"), "choose fewer, or more `steps`");
        return None;
    }
    Some(drawn)
}

/// What one optimizer did from one seed.
struct Counted {
    parameters: u64,
    diverged_at: Option<u64>,
    finals: Option<(f32, f64)>,
    batch_loss: Vec<f32>,
    zeros: Vec<u64>,
    counts: Vec<Vec<u64>>,
}

/// Steps from one report of progress to the next, about an epoch of the digits.
const REPORTED: u64 = 50;

impl GradientsSpec {
    fn train(&self, optimizer: usize, seed: u32, bench: &Bench<'_, GradientRun>) -> Result<Counted, RunError> {
        let (mut trainer, mut theta) = Trainer::new(self.task, bench.set(self.task)?, seed, self.batch);
        let chosen = &self.optimizers[optimizer];
        let mut method = chosen.method.start_blocks(&theta, &blocks(self.task.network));
        let mut counted = Counted {
            parameters: theta.len() as u64,
            diverged_at: None,
            finals: None,
            batch_loss: Vec::new(),
            zeros: Vec::new(),
            counts: Vec::new(),
        };
        let mut reported = 0;
        for step in 1..=self.steps {
            bench.go_on()?;
            let loss = trainer.gradient(&theta);
            // What is drawn has to be finite in every gradient; later a loss shows soon enough what is not.
            let drawn = step <= self.drawn;
            if !(loss as f32).is_finite() || drawn && !trainer.gradient.iter().all(|g| g.is_finite()) {
                counted.diverged_at = Some(step);
                break;
            }
            if drawn {
                counted.count(loss as f32, &trainer.gradient, &self.bins);
            }
            method.step(&mut theta, &trainer.gradient, self.learning_rate * chosen.schedule.factor(step, self.steps));
            if step % REPORTED == 0 {
                bench.report(REPORTED);
                reported += REPORTED;
            }
        }
        if counted.diverged_at.is_none() {
            let judged = method.eval_params(&theta);
            let scores = trainer.evaluate(judged, || bench.go_on())?;
            let finite = scores.are_finite() && judged.iter().all(|parameter| parameter.is_finite());
            counted.finals = finite.then_some((scores.train.loss as f32, scores.test.accuracy));
            counted.diverged_at = (!finite).then_some(self.steps);
        }
        bench.report(self.steps - reported);
        Ok(counted)
    }
}

impl Counted {
    fn count(&mut self, loss: f32, gradient: &[f32], bins: &Bins) {
        let mut counts = vec![0; bins.len() + 2];
        let mut zeros = 0;
        for g in gradient {
            match *g == 0.0 {
                true => zeros += 1,
                false => counts[bins.index(*g)] += 1,
            }
        }
        self.batch_loss.push(loss);
        self.zeros.push(zeros);
        self.counts.push(counts);
    }
}
