//! A comparison of training runs as pictures, words and a table.

mod rates;
mod told;

use super::Drawing;
use super::paint::{Look, Paint, looks};
use super::picture::Picture;
use super::plot::{Anchor, Axis, Key, Plot, SIZE, Series, Shape};
use super::table::Table;
use super::words::{count, written};
use crate::lab::{Experiment, Figure, Group, Measured, Run, Statistics, TrainSpec, Window, labels};

/// The pictures that are asked for, the caption and the table; `id` is the prefix of all ids.
pub(super) fn draw(
    spec: &TrainSpec,
    runs: &[Run],
    measured: Option<&Measured>,
    experiment: &Experiment,
    id: &str,
) -> Drawing {
    let seconds = measured.map(|measured| seconds_a_step(spec, runs, measured)).unwrap_or_default();
    let window = experiment.window.as_ref();
    let study = Study { window, seconds, ..Study::of(spec, runs, id) };
    let figures = &experiment.figures;
    let mut pictures = Vec::new();
    for figure in figures {
        match figure {
            Figure::Curves => pictures.extend(study.curves()),
            Figure::Best => pictures.push(study.best()),
            Figure::Sensitivity => pictures.push(study.sensitivity()),
            Figure::Rates => pictures.extend(study.by_rate()),
            // The numbers stand below every figure; a block that asks for nothing else gets them alone.
            _ => {}
        }
    }
    Drawing { pictures, caption: study.caption(), table: study.table(), details: study.judged().into_iter().collect() }
}

/// The numbers of a comparison, one in each cell.
pub(super) fn data(spec: &TrainSpec, runs: &[Run]) -> Table {
    Study::of(spec, runs, "").data()
}

/// The curves of a comparison that is not finished, of those runs that have begun.
pub(super) fn draw_partial(spec: &TrainSpec, runs: &[Run], id: &str) -> Vec<Picture> {
    Study { finished: false, ..Study::of(spec, runs, id) }.curves()
}

/// Width of a chart beside its plane, in CSS pixels.
const MARGINS: f64 = 70.0;

/// From a cross to the next, in CSS pixels.
const CROSS: i32 = 10;

struct Study<'a> {
    spec: &'a TrainSpec,
    statistics: Statistics,
    names: Vec<String>,
    /// Looks of the optimizers.
    looks: Vec<Look>,
    /// Learning rates to be pointed out.
    window: Option<&'a Window>,
    /// Seconds that a step of each optimizer took where it was measured, evaluations included.
    seconds: Vec<Option<f64>>,
    /// Whether all runs are there to their ends.
    finished: bool,
    id: &'a str,
}

/// For each optimizer the seconds of its runs over their steps.
fn seconds_a_step(spec: &TrainSpec, runs: &[Run], measured: &Measured) -> Vec<Option<f64>> {
    let of = |optimizer: usize| {
        let own = runs.iter().zip(&measured.each).filter(|(run, _)| run.optimizer == optimizer);
        let (steps, seconds) = own.fold((0, 0.0), |(steps, sum), (run, seconds)| {
            (steps + run.diverged_at.unwrap_or(spec.steps()), sum + seconds)
        });
        (steps > 0 && measured.each.len() == runs.len()).then(|| seconds / steps as f64)
    };
    (0..spec.optimizers.len()).map(of).collect()
}

impl<'a> Study<'a> {
    fn of(spec: &'a TrainSpec, runs: &[Run], id: &'a str) -> Self {
        let (statistics, names) = (Statistics::of(spec, runs), labels(&spec.optimizers));
        let looks = looks(&spec.optimizers);
        Self { spec, statistics, names, looks, window: None, seconds: Vec::new(), finished: true, id }
    }
}

impl Study<'_> {
    fn rates(&self) -> &[f64] {
        &self.spec.learning_rates
    }

    fn group(&self, optimizer: usize, rate: usize) -> &Group {
        &self.statistics.groups[optimizer * self.statistics.rates + rate]
    }

    /// One chart a learning rate: test error over epochs, a line an optimizer. Before the first epoch all are equal.
    fn curves(&self) -> Vec<Picture> {
        let (x, y) = (self.epoch_axis(), self.error_axis());
        let panel = |rate: usize| {
            let series: Vec<Series> = (0..self.names.len()).map(|optimizer| self.curve(optimizer, rate)).collect();
            let over = crosses((0..self.names.len()).filter_map(|optimizer| self.lost(optimizer, rate)), (&x, &y));
            let title = format!("Learning rate {}", written(self.rates()[rate]));
            let plot = Plot {
                description: self.describe_curves(rate),
                name: format!("curves-{}", self.rates()[rate]),
                id: format!("{}-rate-{}", self.id, rate + 1),
                size: SIZE,
                x: x.clone(),
                y: y.clone(),
                title,
                under: Vec::new(),
                series,
                keys: keys(&over),
                over,
            };
            plot.picture()
        };
        (0..self.rates().len()).map(panel).collect()
    }

    /// Test error over epochs, each optimizer at its own best learning rate. So many lines have no room for bands.
    fn best(&self) -> Picture {
        let best = |optimizer: usize| Some((optimizer, self.statistics.best[optimizer]?.rate));
        let chosen: Vec<(usize, usize)> = (0..self.names.len()).filter_map(best).collect();
        let line = |(optimizer, rate): &(usize, usize)| Series {
            name: format!("{}, {}", self.names[*optimizer], written(self.rates()[*rate])),
            band: Vec::new(),
            ..self.curve(*optimizer, *rate)
        };
        // An optimizer that never came to the end has no line; without an entry it would seem not to have been run.
        let lost: Vec<usize> =
            (0..self.names.len()).filter(|optimizer| self.statistics.best[*optimizer].is_none()).collect();
        let absent = |optimizer: &usize| Series {
            name: format!("{}: diverged at every rate", self.names[*optimizer]),
            look: self.looks[*optimizer],
            ..Series::default()
        };
        let ends = chosen.iter().map(|(optimizer, rate)| {
            format!("at learning rate {} {}", written(self.rates()[*rate]), self.end_in_words(*optimizer, *rate))
        });
        let told: Vec<String> =
            ends.chain(lost.iter().map(|at| format!("{} diverged at every learning rate", self.names[*at]))).collect();
        let (x, y) = (self.epoch_axis(), self.error_axis());
        let over = crosses(chosen.iter().filter_map(|(optimizer, rate)| self.lost(*optimizer, *rate)), (&x, &y));
        let plot = Plot {
            name: "best".to_owned(),
            title: "Each at its best learning rate".to_owned(),
            description: format!("Median test error after {}: {}.", count(self.spec.epochs, "epoch"), told.join(", ")),
            id: format!("{}-best", self.id),
            size: SIZE,
            x,
            y,
            under: Vec::new(),
            series: chosen.iter().map(line).chain(lost.iter().map(absent)).collect(),
            keys: keys(&over),
            over,
        };
        plot.picture()
    }

    fn curve(&self, optimizer: usize, rate: usize) -> Series {
        let accuracy = &self.group(optimizer, rate).test_accuracy;
        let epochs = accuracy.median.iter().enumerate().skip(1).map(|(epoch, median)| (epoch as f64, error(*median)));
        let band = accuracy.lower.iter().zip(&accuracy.upper).enumerate().skip(1);
        Series {
            name: self.names[optimizer].clone(),
            look: self.looks[optimizer],
            points: epochs.collect(),
            // More accuracy is less error, so the edges change places.
            band: band.map(|(epoch, (low, high))| (epoch as f64, error(*high), error(*low))).collect(),
            mark_every: (accuracy.median.len() / 5).max(1),
            ..Series::default()
        }
    }

    /// Where the curve of an optimizer lost a run, if it did: the last epoch that all came to, and its look.
    fn lost(&self, optimizer: usize, rate: usize) -> Option<(f64, Look)> {
        Some((self.group(optimizer, rate).lost_after?.max(1) as f64, self.looks[optimizer]))
    }

    /// Final test error over learning rates, a line an optimizer.
    fn sensitivity(&self) -> Picture {
        let mut order: Vec<usize> = (0..self.rates().len()).collect();
        order.sort_by(|a, b| self.rates()[*a].total_cmp(&self.rates()[*b]));
        let line = |optimizer: usize| {
            let ends = order.iter().filter_map(|rate| Some((self.rates()[*rate], self.last(optimizer, *rate)?)));
            let ends: Vec<(f64, [f64; 3])> = ends.collect();
            Series {
                name: self.names[optimizer].clone(),
                look: self.looks[optimizer],
                points: ends.iter().map(|(x, [_, median, _])| (*x, *median)).collect(),
                band: ends.iter().map(|(x, [low, _, high])| (*x, *low, *high)).collect(),
                mark_every: 1,
                ..Series::default()
            }
        };
        let ticks: Vec<(f64, String)> =
            order.iter().map(|rate| self.rates()[*rate]).map(|rate| (rate, written(rate))).collect();
        let ends = (ticks[0].0 / 1.4, ticks[ticks.len() - 1].0 * 1.4);
        let x = Axis::logarithmic_with("learning rate", ends, ticks).thinned(f64::from(SIZE.0) - MARGINS);
        let y = self.error_axis();
        let (name, under) = self.shaded(ends, y.ends);
        let lost = self.statistics.groups.iter().filter(|group| group.diverged > 0);
        let over = crosses(lost.map(|group| (group.learning_rate, self.looks[group.optimizer])), (&x, &y));
        let plot = Plot {
            name,
            title: format!("Test error after {}, by learning rate", count(self.spec.epochs, "epoch")),
            description: self.describe_sensitivity(),
            id: format!("{}-sensitivity", self.id),
            size: SIZE,
            x,
            y,
            under,
            series: (0..self.names.len()).map(line).collect(),
            keys: keys(&over),
            over,
        };
        plot.picture()
    }

    /// The window of rates as a shaded stretch with its label, and what the picture is called with it.
    fn shaded(&self, (left, right): (f64, f64), (bottom, top): (f64, f64)) -> (String, Vec<Shape>) {
        let Some(Window { from, to, label }) = self.window else { return ("sensitivity".to_owned(), Vec::new()) };
        // A little beyond its ends, so that marks at them lie inside.
        let (low, high) = ((from / 1.2).max(left), (to * 1.2).min(right));
        let words = Shape::Words(((low * high).sqrt(), top), label.clone(), Anchor::Below);
        (format!("sensitivity-{from}-to-{to}"), vec![Shape::Tile((low, bottom), (high, top), Paint::Shade), words])
    }

    /// The final error's quartiles and median in percent, if all runs came to the end.
    fn last(&self, optimizer: usize, rate: usize) -> Option<[f64; 3]> {
        let group = self.group(optimizer, rate);
        let accuracy = &group.test_accuracy;
        let (low, median, high) = (accuracy.lower.last()?, accuracy.median.last()?, accuracy.upper.last()?);
        (group.diverged == 0).then(|| [error(*high), error(*median), error(*low)])
    }

    fn epoch_axis(&self) -> Axis {
        Axis::counting("epoch", (1.0, f64::from(self.spec.epochs)))
    }

    /// From the best quartile after the first epoch to the worst, the same in every chart of the figure.
    fn error_axis(&self) -> Axis {
        let curves = || self.statistics.groups.iter().map(|group| &group.test_accuracy);
        let best = curves().flat_map(|curve| curve.upper.iter().skip(1)).map(|accuracy| error(*accuracy));
        let worst = curves().flat_map(|curve| curve.lower.iter().skip(1)).map(|accuracy| error(*accuracy));
        let (least, most) = (best.fold(100.0, f64::min), worst.fold(0.0, f64::max));
        let marks = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        let first = marks.iter().rposition(|mark| *mark <= least).unwrap_or(0).min(marks.len() - 2);
        let last = marks.iter().position(|mark| *mark >= most).unwrap_or(marks.len() - 1).max(first + 1);
        let ticks: Vec<(f64, String)> = marks[first..=last].iter().map(|mark| (*mark, mark.to_string())).collect();
        Axis::logarithmic_with("test error, %", (marks[first], marks[last]), ticks)
    }
}

/// Crosses at the upper edge of a plane for runs that diverged, so that a line that ends or is not there is not
/// overlooked. Those of one place stand side by side, around it or, at the left edge, right of the label of the axis.
fn crosses(lost: impl Iterator<Item = (f64, Look)>, (x, y): (&Axis, &Axis)) -> Vec<Shape> {
    let lost: Vec<(f64, Look)> = lost.collect();
    let beside = |index: usize| {
        let (at, look) = lost[index];
        let here = |others: &[(f64, Look)]| others.iter().filter(|(other, _)| *other == at).count() as i32;
        let first = if at <= x.ends.0 { CROSS } else { -CROSS * (here(&lost) - 1) / 2 };
        Shape::Cross((at, y.ends.1), first + CROSS * here(&lost[..index]), look)
    };
    (0..lost.len()).map(beside).collect()
}

/// What the legend says of crosses.
fn keys(crosses: &[Shape]) -> Vec<Key> {
    crosses.iter().take(1).map(|_| Key::diverged()).collect()
}

/// The error that belongs to an accuracy, in percent.
fn error(accuracy: f64) -> f64 {
    100.0 * (1.0 - accuracy)
}
