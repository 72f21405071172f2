//! What records say. Of training runs: bands over seeds, intervals, targets reached, and which rate was best.

mod gradients;
mod surface;
#[cfg(test)]
mod tests;

pub use gradients::GradientStatistics;
pub use surface::{Average, Averages};

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::train::{Run, TrainSpec, runs_of};

/// The training runs of a record in numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// One for each optimizer and learning rate, in the order of the spec.
    pub groups: Vec<Group>,
    /// For each optimizer the rate it did best at; `None` when all its runs diverged.
    pub best: Vec<Option<Best>>,
    /// Number of learning rates: group (o, r) stands at o · rates + r.
    pub rates: usize,
}

/// The runs of one optimizer at one learning rate, which differ by their seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Index into the spec's optimizers.
    pub optimizer: usize,
    /// Learning rate.
    pub learning_rate: f64,
    /// Number of runs.
    pub runs: usize,
    /// How many of them diverged. They count in curves as far as they go, and in no final value.
    pub diverged: usize,
    /// The last epoch that all of them came to, where one diverged.
    pub lost_after: Option<usize>,
    /// Loss on the training rows.
    pub train_loss: Curve,
    /// Loss on the test rows.
    pub test_loss: Curve,
    /// Accuracy on the test rows, 0 to 1.
    pub test_accuracy: Curve,
    /// Training loss after the last epoch.
    pub final_train_loss: Option<Interval>,
    /// Test accuracy after the last epoch, 0 to 1.
    pub final_accuracy: Option<Interval>,
    /// The same of each seed, in their order; `None` where the run diverged.
    pub accuracy_by_seed: Vec<Option<f64>>,
    /// Median over seeds of the best test accuracy that a run had at any epoch: an optimistic number, for it looks at
    /// the test rows.
    pub best_accuracy: Option<f64>,
    /// When the task's target was reached.
    pub target: Target,
}

impl Group {
    /// Share of runs that diverged, 0 to 1.
    pub fn share_diverged(&self) -> f64 {
        self.diverged as f64 / self.runs as f64
    }
}

/// A curve with its spread over seeds, one value an epoch from 0. It ends where no run is left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// Median over the runs that go so far.
    pub median: Vec<f64>,
    /// Mean over them.
    pub mean: Vec<f64>,
    /// Lower quartile.
    pub lower: Vec<f64>,
    /// Upper quartile.
    pub upper: Vec<f64>,
    /// Number of runs that go so far: when it falls, what follows is about the survivors only.
    pub survivors: Vec<usize>,
}

/// A value over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Number of runs that have the value.
    pub n: usize,
    /// Their median.
    pub median: f64,
    /// Their mean.
    pub mean: f64,
    /// Lower end of the 95 % confidence interval of the mean by Student's t; `None` with fewer than two runs.
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
}

/// The task's target of test accuracy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// The accuracy to reach, 0 to 1.
    pub accuracy: f64,
    /// Number of runs that reached it at the end of some epoch.
    pub reached: usize,
    /// Median over all runs of the steps until then, where a run that never does counts as infinitely long: `None` when
    /// that is the median. Measured at ends of epochs, so a multiple of an epoch's steps, or between two of them.
    pub median_steps: Option<f64>,
}

/// The learning rate that an optimizer did best at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// Index into the spec's learning rates.
    pub rate: usize,
    /// The largest or smallest rate of several: a better one may lie outside the grid.
    pub at_edge: bool,
}

impl Statistics {
    /// Of the runs of a spec, all of them.
    ///
    /// The best rate has the fewest diverged runs, and among those the lowest median of final training loss. It is
    /// chosen by training rows because a choice by test rows would make the test results of the chosen too good.
    pub fn of(spec: &TrainSpec, runs: &[Run]) -> Statistics {
        let epoch = spec.task.steps_per_epoch(spec.batch);
        let rates = &spec.learning_rates;
        let group = |(optimizer, rate): (usize, f64)| {
            let runs: Vec<&Run> = runs_of(runs, optimizer, rate).collect();
            Group::of(optimizer, rate, &runs, spec.task.target, epoch)
        };
        let keys = (0..spec.optimizers.len()).flat_map(|optimizer| rates.iter().map(move |rate| (optimizer, *rate)));
        let groups: Vec<Group> = keys.map(group).collect();
        let best = groups.chunks(rates.len().max(1)).map(|groups| best(groups, rates)).collect();
        Statistics { groups, best, rates: rates.len() }
    }

    /// The paired difference in final accuracy between a group and the one with the highest mean at its learning rate;
    /// `None` for that group itself, and where no seed has both.
    pub fn behind_best(&self, group: &Group) -> Option<Interval> {
        let rivals = self.groups.iter().filter(|rival| rival.learning_rate == group.learning_rate);
        let ranked = rivals.filter_map(|rival| Some((rival, rival.final_accuracy?.mean)));
        let (best, _) = ranked.max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        let difference = || paired_difference(&group.accuracy_by_seed, &best.accuracy_by_seed);
        (best.optimizer != group.optimizer).then(difference)?
    }

    /// The group of an optimizer and a learning rate, by their indices in the spec.
    pub fn group(&self, optimizer: usize, rate: usize) -> Option<&Group> {
        self.groups.get(optimizer * self.rates + rate).filter(|_| rate < self.rates)
    }
}

fn best(groups: &[Group], rates: &[f64]) -> Option<Best> {
    let value = |group: &Group| Some((group.diverged, group.final_train_loss?.median));
    let candidates = groups.iter().enumerate().filter_map(|(index, group)| Some((value(group)?, index)));
    let (_, rate) = candidates.min_by(|((d1, loss1), _), ((d2, loss2), _)| d1.cmp(d2).then(loss1.total_cmp(loss2)))?;
    let (least, most) =
        rates.iter().fold((f64::MAX, f64::MIN), |(least, most), rate| (least.min(*rate), most.max(*rate)));
    Some(Best { rate, at_edge: rates.len() > 1 && (rates[rate] == least || rates[rate] == most) })
}

impl Group {
    fn of(optimizer: usize, learning_rate: f64, runs: &[&Run], target: f64, epoch: u64) -> Group {
        let finished: Vec<&Run> = runs.iter().copied().filter(|run| run.diverged_at.is_none()).collect();
        let lost = runs.iter().filter(|run| run.diverged_at.is_some());
        let last = |value: fn(&Run) -> Option<f64>| finished.iter().filter_map(|run| value(run)).collect::<Vec<f64>>();
        let best = |run: &&Run| run.test_accuracy.iter().copied().max_by(f64::total_cmp);
        Group {
            optimizer,
            learning_rate,
            runs: runs.len(),
            diverged: runs.len() - finished.len(),
            lost_after: lost.map(|run| run.test_accuracy.len().saturating_sub(1)).min(),
            train_loss: Curve::of(runs, |run| run.train_loss.iter().copied().map(f64::from).collect()),
            test_loss: Curve::of(runs, |run| run.test_loss.iter().copied().map(f64::from).collect()),
            test_accuracy: Curve::of(runs, |run| run.test_accuracy.clone()),
            final_train_loss: Interval::of(&last(|run| run.train_loss.last().copied().map(f64::from))),
            final_accuracy: Interval::of(&last(|run| run.test_accuracy.last().copied())).map(Interval::of_share),
            accuracy_by_seed: runs
                .iter()
                .map(|run| run.test_accuracy.last().copied().filter(|_| run.diverged_at.is_none()))
                .collect(),
            best_accuracy: quantile(&sorted(finished.iter().filter_map(best).collect()), 0.5),
            target: Target::of(runs, target, epoch),
        }
    }
}

impl Target {
    fn of(runs: &[&Run], accuracy: f64, epoch: u64) -> Target {
        let first = |run: &&Run| run.test_accuracy.iter().position(|value| *value >= accuracy);
        let steps = |run| first(run).map_or(f64::INFINITY, |epochs| epochs as f64 * epoch as f64);
        let steps = sorted(runs.iter().map(steps).collect());
        let reached = steps.iter().filter(|steps| steps.is_finite()).count();
        Target { accuracy, reached, median_steps: quantile(&steps, 0.5).filter(|steps| steps.is_finite()) }
    }
}

impl Curve {
    fn of(runs: &[&Run], values: impl Fn(&Run) -> Vec<f64>) -> Curve {
        Curve::over(&runs.iter().map(|run| values(run)).collect::<Vec<Vec<f64>>>())
    }

    /// Over runs, given as their values, which may end early.
    pub fn over(runs: &[Vec<f64>]) -> Curve {
        let length = runs.iter().map(Vec::len).max().unwrap_or(0);
        let mut curve = Curve::default();
        for epoch in 0..length {
            let here = sorted(runs.iter().filter_map(|run| run.get(epoch).copied()).collect());
            curve.median.extend(quantile(&here, 0.5));
            curve.mean.push(here.iter().sum::<f64>() / here.len() as f64);
            curve.lower.extend(quantile(&here, 0.25));
            curve.upper.extend(quantile(&here, 0.75));
            curve.survivors.push(here.len());
        }
        curve
    }
}

impl Interval {
    /// The same for a share, which is from 0 to 1: an interval is symmetric and may pass these ends.
    pub(super) fn of_share(self) -> Interval {
        Interval { low: self.low.map(|low| low.max(0.0)), high: self.high.map(|high| high.min(1.0)), ..self }
    }

    /// Median, and mean ± t_{0.975, n−1} · s / √n; `None` for no values.
    pub fn of(values: &[f64]) -> Option<Interval> {
        let median = quantile(&sorted(values.to_vec()), 0.5)?;
        let n = values.len();
        let mean = values.iter().sum::<f64>() / n as f64;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n as f64 - 1.0);
        let student = StudentsT::new(0.0, 1.0, n as f64 - 1.0).ok();
        let half = student.map(|student| student.inverse_cdf(0.975) * (variance / n as f64).sqrt());
        Some(Interval { n, median, mean, low: half.map(|half| mean - half), high: half.map(|half| mean + half) })
    }
}

/// The mean over seeds of the differences `left − right`, with its interval. Both are given by seed, in the same order:
/// a seed stands for the same initial weights and batches, so that what it contributes to both cancels. Seeds of which
/// one of the two has no value are left out; `None` if that is all of them.
pub fn paired_difference(left: &[Option<f64>], right: &[Option<f64>]) -> Option<Interval> {
    let differences: Vec<f64> = left.iter().zip(right).filter_map(|(left, right)| Some((*left)? - (*right)?)).collect();
    Interval::of(&differences)
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

/// The quantile `q` (0 to 1) of sorted values, linear between neighbours: type 7 of Hyndman & Fan 1996, the default of
/// R and NumPy.
fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let place = (sorted.len().checked_sub(1)?) as f64 * q;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    // Without the first case two infinite neighbours would give NaN.
    Some(if below == above { below } else { below + (above - below) * place.fract() })
}
