//! The numbers of a record by name, for sentences about it.
//!
//! A name is `subject at place measure`; where there is only one place, `subject measure`. Subjects are optimizers by
//! the name of the block (`radam`), with what tells two of one name apart behind a plus sign
//! (`adam+warmup-untuned-linear`, `lookahead+adam`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::words::{interval, percent, short, signed};
use crate::lab::{
    Average, Averages, GradientStatistics, Interval, OptimizerSpec, Record, Statistics, SurfaceRun, SurfaceSpec,
    TrainSpec, View, paired_difference,
};

/// Numbers by name, as they stand in a sentence, with their units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    by_name: BTreeMap<String, String>,
    /// Final accuracies by seed of `radam at 0.01`, for differences.
    accuracies: BTreeMap<String, Vec<Option<f64>>>,
}

impl Values {
    /// All numbers of a record that have a name.
    pub fn of(record: &Record) -> Values {
        let mut values = Values::default();
        match record.view() {
            View::Train(spec, runs) => values.train(spec, &Statistics::of(spec, runs)),
            View::Gradients(spec, runs) => {
                let each =
                    keys(&spec.optimizers).into_iter().zip(runs.iter().map(|run| GradientStatistics::of(spec, run)));
                each.for_each(|(key, of)| values.gradients(&key, &of));
            }
            View::Surface(spec, runs) => values.surface(spec, runs),
            View::Trace(spec, paths) => {
                let keys = keys(&spec.optimizers);
                for path in paths {
                    let at = format!("{} at {}", keys[path.optimizer], path.learning_rate);
                    values.add(&at, "last_value", path.values.last().copied().map(short));
                    values.add(&at, "least_value", path.values.iter().copied().min_by(f64::total_cmp).map(short));
                    values.add(&at, "arrived_at", path.reached_at);
                    values.add(&at, "left_at", path.left_at);
                    values.add(&at, "diverged_at", path.diverged_at);
                    values.add(&at, "clipped", Some(path.clipped));
                }
            }
            View::Variance(spec, runs) => {
                let farthest = runs.iter().filter_map(|run| run.deviation(spec)).map(f64::abs).max_by(f64::total_cmp);
                values.add("largest", "deviation", farthest.map(|errors| format!("{errors:.1}")));
                for run in runs {
                    let at = format!("{} at {}", run.method.name().to_lowercase(), run.curvature);
                    let loops = run.variance.len().saturating_sub(1) as u64;
                    values.add(&at, "variance", run.variance.last().copied().map(short));
                    values.add(&at, "closed_form", Some(short(spec.expected(run.curvature, run.method, loops))));
                    values.add(&at, "limit", run.limit.map(short));
                    values.add(&at, "deviation", run.deviation(spec).map(|errors| format!("{errors:.1}")));
                }
            }
            View::Warmup(spec, warmups) => {
                for warmup in warmups {
                    for (at, step) in spec.shown().into_iter().enumerate() {
                        let place = format!("{} at {step}", warmup.beta2);
                        values.add(&place, "r", warmup.rectification[at].map(short));
                        values.add(&place, "mean", Some(short(warmup.mean[at])));
                        values.add(&place, "linear", Some(short(warmup.linear[at])));
                        values.add(&place, "exponential", Some(short(warmup.exponential[at])));
                    }
                }
            }
        }
        values
    }

    /// The number of a name. White space between its words counts as one space, and numbers are compared as numbers:
    /// `at 1e-2` is `at 0.01`.
    ///
    /// `A minus B difference` is the mean over seeds of the difference in final accuracy, `difference_interval` its
    /// 95 % interval and `pairs` the number of seeds in which neither of the two runs diverged.
    pub fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let words: Vec<Cow<'_, str>> = name.split_whitespace().map(plain_number).collect();
        let name = words.join(" ");
        let Some((left, rest)) = name.split_once(" minus ") else {
            return self.by_name.get(&name).map(|text| Cow::Borrowed(text.as_str()));
        };
        let (right, measure) = rest.rsplit_once(' ')?;
        let difference = paired_difference(self.accuracies.get(left)?, self.accuracies.get(right)?)?;
        match measure {
            "difference" => Some(format!("{}\u{a0}percentage points", signed(difference.mean))),
            "difference_interval" => Some(format!("{} to {}", signed(difference.low?), signed(difference.high?))),
            "pairs" => Some(difference.n.to_string()),
            _ => None,
        }
        .map(Cow::Owned)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    fn add(&mut self, subject: &str, measure: &str, text: Option<impl ToString>) {
        self.by_name.extend(text.map(|text| (format!("{subject} {measure}"), text.to_string())));
    }

    fn accuracy(&mut self, subject: &str, accuracy: Option<&Interval>) {
        self.add(subject, "final_accuracy", accuracy.map(|a| unit(percent(a.mean))));
        self.add(subject, "final_error", accuracy.map(|a| unit(percent(1.0 - a.mean))));
        self.add(subject, "interval", accuracy.filter(|a| a.low.is_some()).map(|a| unit(interval(a, percent))));
    }

    fn train(&mut self, spec: &TrainSpec, statistics: &Statistics) {
        for (optimizer, key) in keys(&spec.optimizers).iter().enumerate() {
            let best = statistics.best[optimizer].as_ref().map(|best| best.rate);
            self.add(key, "best_rate", best.map(|rate| spec.learning_rates[rate]));
            for (rate, value) in spec.learning_rates.iter().enumerate() {
                let Some(group) = statistics.group(optimizer, rate) else { continue };
                let mut places = vec![format!("{key} at {value}")];
                places.extend((best == Some(rate)).then(|| format!("{key} at best")));
                for place in places {
                    self.accuracies.insert(place.clone(), group.accuracy_by_seed.clone());
                    self.accuracy(&place, group.final_accuracy.as_ref());
                    self.add(
                        &place,
                        "median_error",
                        group.final_accuracy.map(|accuracy| unit(percent(1.0 - accuracy.median))),
                    );
                    let steps =
                        group.target.median_steps.map_or("not reached".to_owned(), |steps| format!("{steps:.0}"));
                    self.add(&place, "steps_to_target", Some(steps));
                    self.add(&place, "diverged", Some(format!("{} of {}", group.diverged, group.runs)));
                }
            }
        }
    }

    fn gradients(&mut self, key: &str, of: &GradientStatistics) {
        self.accuracy(key, of.final_accuracy.as_ref());
        self.add(key, "diverged", Some(of.diverged));
        for (at, share) in of.zeros.median.iter().enumerate() {
            let place = format!("{key} at {}", at + 1);
            self.add(&place, "zeros", Some(unit(percent(*share))));
            self.add(&place, "median_ln", of.median_ln[at].map(|ln| format!("{ln:.1}").replace('-', "−")));
        }
    }

    fn surface(&mut self, _spec: &SurfaceSpec, runs: &[SurfaceRun]) {
        if let Some(picture) = runs.iter().find_map(|run| run.picture.as_ref()) {
            let share = |accuracy: Option<&f64>| accuracy.map(|share| unit(percent(*share)));
            self.add("picture", "start_accuracy", share(picture.fast.test_accuracy.first()));
            self.add("picture", "fast_accuracy", share(picture.fast.test_accuracy.last()));
            self.add("picture", "slow_accuracy", share(picture.slow.test_accuracy.get(1)));
            self.add("picture", "alone_accuracy", share(picture.inner.test_accuracy.last()));
            self.add("picture", "next_fast_accuracy", share(picture.next.test_accuracy.last()));
            self.add("picture", "next_slow_accuracy", share(picture.slow.test_accuracy.get(2)));
            self.add("picture", "length", picture.fast.x.last().copied().map(short));
            self.add("picture", "off_plane", picture.fast.off.iter().copied().max_by(f64::total_cmp).map(short));
        }
        let Some(Averages { test_accuracy, train_accuracy, test_loss, train_loss }) = Averages::of(runs) else {
            return;
        };
        self.add("average", "loops", Some(test_accuracy.gain.n));
        let shares: [(&str, &Average); 2] = [("test_accuracy", &test_accuracy), ("train_accuracy", &train_accuracy)];
        for (name, average) in shares {
            self.average(name, average, |share| unit(percent(share)), percent);
        }
        for (name, average) in [("test_loss", &test_loss), ("train_loss", &train_loss)] {
            self.average(name, average, short, short);
        }
    }

    fn average(&mut self, name: &str, average: &Average, form: impl Fn(f64) -> String, plain: impl Fn(f64) -> String) {
        let subject = format!("average {name}");
        self.add(&subject, "fast", Some(form(average.fast.mean)));
        self.add(&subject, "slow", Some(form(average.slow.mean)));
        // A difference of shares is told in percentage points, which the sentence says.
        self.add(&subject, "gain", Some(plain(average.gain_by_seed.mean).replace('-', "−")));
        self.add(
            &subject,
            "interval",
            average.gain_by_seed.low.map(|_| interval(&average.gain_by_seed, plain).replace('-', "−")),
        );
    }
}

/// A number in the form that names have, and any other word as it is.
fn plain_number(word: &str) -> Cow<'_, str> {
    match word.parse::<f64>() {
        Ok(number) if number.is_finite() => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(word),
    }
}

/// A no-break space keeps number and unit together.
fn unit(percent: String) -> String {
    format!("{percent}\u{a0}%")
}

/// What each optimizer is called in names: its name, with its inner method or its schedule where others share it, and a
/// number where that does not help.
fn keys(optimizers: &[OptimizerSpec]) -> Vec<String> {
    let plain = |optimizer: &OptimizerSpec| optimizer.name().to_owned();
    let longer = |optimizer: &OptimizerSpec| {
        let inner = optimizer.method.inner().map(|inner| inner.definition().family);
        let schedule = optimizer.schedule.name().filter(|_| inner.is_none());
        inner.or(schedule).map_or(optimizer.name().to_owned(), |more| format!("{}+{more}", optimizer.name()))
    };
    let short: Vec<String> = optimizers.iter().map(plain).collect();
    let shared = |key: &str| short.iter().filter(|other| *other == key).count() > 1;
    let mut keys: Vec<String> = Vec::new();
    for optimizer in optimizers {
        let key = if shared(optimizer.name()) { longer(optimizer) } else { plain(optimizer) };
        let same = keys.iter().filter(|other| **other == key || other.starts_with(&format!("{key}#"))).count();
        keys.push(if same > 0 { format!("{key}#{}", same + 1) } else { key });
    }
    keys
}
