//! Time and size of an experiment, estimated before it runs.

use std::collections::BTreeMap;

use super::network::Layer;
use super::record::Record;
use super::spec::Spec;

/// Bytes of a number in a record, as measured on the pinned results: of doubles, of singles, and of counts.
const BYTES_PER_DOUBLE: u64 = 20;
const BYTES_PER_SINGLE: u64 = 12;
const BYTES_PER_COUNT: u64 = 5;
/// Time of a network with convolutions divided by what its work suggests, as measured with `digits-cnn`.
const CONVOLUTION_RATIO: f64 = 3.5;
/// Shorter runs tell more about the start of threads than about speed, in seconds.
const SHORTEST_MEASUREMENT: f64 = 0.01;

/// Estimates for one machine, whose speed is learned from finished runs.
#[derive(Debug, Clone)]
pub struct Estimator {
    threads: usize,
    /// Measured time divided by the time to be expected of a usual machine, by kind and task.
    ratios: BTreeMap<(&'static str, &'static str), f64>,
}

impl Estimator {
    /// Creates an estimator for runs on so many threads.
    pub fn new(threads: usize) -> Self {
        Self { threads: threads.max(1), ratios: BTreeMap::new() }
    }

    /// Returns the number of threads of a run.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Learns from how long a run took. The latest run counts as much as all before it together.
    pub fn learn(&mut self, record: &Record) {
        let Some(measured) = &record.measured else { return };
        let expected = seconds(&record.recipe.spec, measured.threads) * usual_ratio(&record.recipe.spec);
        if measured.seconds.min(expected) < SHORTEST_MEASUREMENT {
            return;
        }
        let ratio = measured.seconds / expected;
        self.ratios.entry(key(&record.recipe.spec)).and_modify(|old| *old = (*old * ratio).sqrt()).or_insert(ratio);
    }

    /// Returns about how many seconds an experiment takes.
    pub fn seconds(&self, spec: &Spec) -> f64 {
        let ratio = self.ratios.get(&key(spec)).copied().unwrap_or_else(|| self.of_other_kinds());
        seconds(spec, self.threads) * usual_ratio(spec) * ratio
    }

    /// Returns how slow this machine has been with other kinds: the geometric mean, 1 if nothing has run yet.
    fn of_other_kinds(&self) -> f64 {
        let logarithms: f64 = self.ratios.values().map(|ratio| ratio.ln()).sum();
        (logarithms / self.ratios.len().max(1) as f64).exp()
    }

    /// Returns about how many bytes the record of an experiment has.
    pub fn bytes(spec: &Spec) -> u64 {
        let each = match spec {
            Spec::Trace(_) | Spec::Variance(_) | Spec::Warmup(_) => BYTES_PER_DOUBLE,
            Spec::Train(_) | Spec::Surface(_) => BYTES_PER_SINGLE,
            Spec::Gradients(_) => BYTES_PER_COUNT,
        };
        spec.cost().numbers.saturating_mul(each)
    }
}

fn key(spec: &Spec) -> (&'static str, &'static str) {
    (spec.kind(), spec.plan().task().map_or("", |task| task.name))
}

/// Returns the ratio for a machine of which nothing is known yet.
fn usual_ratio(spec: &Spec) -> f64 {
    let layers = spec.plan().task().map_or(&[][..], |task| task.network.layers);
    let has_convolutions = layers.iter().any(|layer| matches!(layer, Layer::Convolution { .. }));
    if has_convolutions { CONVOLUTION_RATIO } else { 1.0 }
}

/// Returns the time that the work suggests: its parts go side by side, each on one thread.
fn seconds(spec: &Spec, threads: usize) -> f64 {
    let parts = match spec {
        // All seeds of a method at a curvature are one descent.
        Spec::Variance(of) => 2 * of.curvatures.len(),
        _ => spec.runs(),
    };
    let parts = parts.max(1);
    spec.cost().seconds(1) * parts.div_ceil(threads.max(1)) as f64 / parts as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Store;

    fn pinned() -> Vec<Record> {
        Store::new(concat!(env!("CARGO_MANIFEST_DIR"), "/content/results")).load().unwrap().0
    }

    #[test]
    fn times_are_within_a_factor_of_two_of_the_measured_ones_when_others_were_learned() {
        let records = pinned();
        for record in &records {
            let measured = record.measured.as_ref().unwrap();
            if measured.seconds.min(seconds(&record.recipe.spec, measured.threads)) < SHORTEST_MEASUREMENT {
                continue;
            }
            let mut estimator = Estimator::new(measured.threads);
            records.iter().filter(|other| other.id != record.id).for_each(|other| estimator.learn(other));
            let learned = estimator.seconds(&record.recipe.spec) / measured.seconds;
            assert!((0.5..2.0).contains(&learned), "{} {}: {learned}", record.id, record.recipe.spec.kind());
        }
    }

    #[test]
    fn sizes_are_within_a_factor_of_two_of_the_pinned_files() {
        for record in pinned() {
            let ratio = Estimator::bytes(&record.recipe.spec) as f64 / record.to_json().len() as f64;
            assert!((0.5..2.0).contains(&ratio), "{} {}: {ratio}", record.id, record.recipe.spec.kind());
        }
    }

    #[test]
    fn a_slow_machine_is_learned_from_its_runs() {
        let mut record = pinned().into_iter().find(|record| record.recipe.spec.kind() == "surface").unwrap();
        let mut estimator = Estimator::new(2);
        let before = estimator.seconds(&record.recipe.spec);
        record.measured.as_mut().unwrap().seconds = 7.0 * before;
        estimator.learn(&record);
        assert!((estimator.seconds(&record.recipe.spec) / before - 7.0).abs() < 1e-9);
    }
}
