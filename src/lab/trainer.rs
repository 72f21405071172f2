//! A network that is being trained on a task: where it starts, which samples come next, and how well it does.

use super::data::Dataset;
use super::experiment::{Cost, RunError};
use super::network::{Architecture, Evaluation, Network};
use super::seeds;
use super::task::Task;

/// The network and the data of one run. Runs with the same task, seed and batch start alike and see the same batches.
pub(super) struct Trainer<'a> {
    task: Task,
    network: Network<f32>,
    set: &'a Dataset,
    batches: Batches,
    /// The gradient that [`Trainer::gradient`] found.
    pub(super) gradient: Vec<f32>,
}

/// How well parameters do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scores {
    pub(super) train: Evaluation,
    pub(super) test: Evaluation,
}

impl Scores {
    /// Returns whether both losses are finite as the f32 that records keep.
    pub(super) fn are_finite(&self) -> bool {
        (self.train.loss as f32).is_finite() && (self.test.loss as f32).is_finite()
    }
}

impl<'a> Trainer<'a> {
    /// Makes the trainer of a seed, and the parameters that it starts from.
    pub(super) fn new(task: Task, set: &'a Dataset, seed: u32, batch: u32) -> (Self, Vec<f32>) {
        let network = network(task, batch as usize);
        let mut weights = seeds::stream("initial weights", &[u64::from(seed)]);
        let theta = network.he_init(|| seeds::normal(&mut weights));
        let gradient = vec![0.0; theta.len()];
        (Self { task, network, set, batches: Batches::new(set.train.labels.len(), seed, batch), gradient }, theta)
    }

    /// Makes another one that goes on from here with the same batches.
    pub(super) fn fork(&self) -> Self {
        let network = network(self.task, self.batches.batch);
        Self { network, batches: self.batches.clone(), gradient: self.gradient.clone(), ..*self }
    }

    /// Computes the mean loss over the next batch, whose gradient is then in `gradient`.
    pub(super) fn gradient(&mut self, theta: &[f32]) -> f64 {
        self.network.gradient(theta, &self.set.train, self.batches.next(), &mut self.gradient)
    }

    /// Computes loss and accuracy over all samples. `check` is called before each batch of them, and its error ends
    /// the evaluation.
    pub(super) fn evaluate(
        &mut self,
        theta: &[f32],
        check: impl Fn() -> Result<(), RunError>,
    ) -> Result<Scores, RunError> {
        Ok(Scores {
            train: self.network.try_evaluate(theta, &self.set.train, &check)?,
            test: self.network.try_evaluate(theta, &self.set.test, &check)?,
        })
    }
}

fn network(task: Task, batch: usize) -> Network<f32> {
    let Architecture { inputs, layers } = task.network;
    Network::new(inputs, layers, batch.max(task.network.eval_batch()))
}

/// The batches of a seed, epoch after epoch, each epoch in an order of its own; the last batch of an epoch has what is
/// left.
#[derive(Debug, Clone)]
struct Batches {
    seed: u32,
    batch: usize,
    epoch: u64,
    order: Vec<u32>,
    next: usize,
}

impl Batches {
    fn new(samples: usize, seed: u32, batch: u32) -> Self {
        let mut batches = Self { seed, batch: batch as usize, epoch: 0, order: vec![0; samples], next: 0 };
        batches.shuffle();
        batches
    }

    fn next(&mut self) -> &[u32] {
        if self.next == self.order.len() {
            self.epoch += 1;
            self.next = 0;
            self.shuffle();
        }
        let first = self.next;
        self.next = (first + self.batch).min(self.order.len());
        &self.order[first..self.next]
    }

    fn shuffle(&mut self) {
        self.order.iter_mut().zip(0..).for_each(|(sample, index)| *sample = index);
        seeds::shuffle(&mut self.order, &mut seeds::stream("batch order", &[u64::from(self.seed), self.epoch]));
    }
}

/// Multiply-adds of work on a task.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    forward: u64,
    gradient: u64,
    train: u64,
    all: u64,
}

impl Work {
    pub(super) fn of(task: Task) -> Self {
        let (forward, backward) = (task.network.forward(), task.network.backward());
        let (train, all) = (task.train_samples as u64, (task.train_samples + task.test_samples) as u64);
        Self { forward, gradient: forward + backward, train, all }
    }

    /// Multiply-adds of so many passes of training over the training samples.
    pub(super) fn epochs(self, epochs: u64) -> u64 {
        epochs.saturating_mul(self.train * self.gradient)
    }

    /// Multiply-adds of so many steps with so many samples each.
    pub(super) fn steps(self, steps: u64, batch: u32) -> u64 {
        steps.saturating_mul(u64::from(batch) * self.gradient)
    }

    /// Multiply-adds of so many evaluations over all samples.
    pub(super) fn evaluations(self, times: u64) -> u64 {
        times.saturating_mul(self.all * self.forward)
    }
}

impl Cost {
    /// The cost of `self` so many times.
    pub(super) fn times(self, runs: usize) -> Cost {
        let times = |x: u64| x.saturating_mul(runs as u64);
        Cost { steps: times(self.steps), multiply_adds: times(self.multiply_adds), numbers: times(self.numbers) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_epoch_has_all_samples_once_in_an_order_of_its_own() {
        let mut batches = Batches::new(10, 3, 4);
        let mut epochs = Vec::new();
        for _ in 0..3 {
            let sizes: Vec<Vec<u32>> = (0..3).map(|_| batches.next().to_vec()).collect();
            assert_eq!(sizes.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 2]);
            epochs.push(sizes.concat());
        }
        for epoch in &epochs {
            let mut samples = epoch.clone();
            samples.sort_unstable();
            assert_eq!(samples, (0..10).collect::<Vec<u32>>());
        }
        assert!(epochs[0] != epochs[1] && epochs[1] != epochs[2], "{epochs:?}");
        let mut expected: Vec<u32> = (0..10).collect();
        seeds::shuffle(&mut expected, &mut seeds::stream("batch order", &[3, 1]));
        assert_eq!(epochs[1], expected);
    }
}
