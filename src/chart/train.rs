//! A comparison of training runs as pictures, words and a table.

use super::plot::{Axis, Plot, Series};
use super::table::Table;
use crate::html::Html;
use crate::lab::{Figure, Group, Method, Run, Statistics, TrainSpec, labels};

/// The pictures that are asked for, the caption and the table; `id` is the prefix of all ids.
pub(super) fn draw(spec: &TrainSpec, runs: &[Run], figures: &[Figure], id: &str) -> (Vec<Html>, String, Table) {
    let study = Study { spec, statistics: Statistics::of(spec, runs), names: labels(&spec.optimizers), id };
    let mut pictures = Vec::new();
    for figure in figures {
        match figure {
            Figure::Curves => pictures.extend(study.curves()),
            Figure::Sensitivity => pictures.push(study.sensitivity()),
            // The numbers stand below every figure; a block that asks for nothing else gets them alone.
            _ => {}
        }
    }
    (pictures, study.caption(), study.table())
}

/// Smallest error that the logarithmic axis shows, in percent: half of one image in 500.
const SMALLEST_ERROR: f64 = 0.1;

struct Study<'a> {
    spec: &'a TrainSpec,
    statistics: Statistics,
    names: Vec<String>,
    id: &'a str,
}

impl Study<'_> {
    fn rates(&self) -> &[f64] {
        &self.spec.learning_rates
    }

    fn group(&self, optimizer: usize, rate: usize) -> &Group {
        &self.statistics.groups[optimizer * self.statistics.rates + rate]
    }

    /// One chart a learning rate: test error over epochs, a line an optimizer.
    fn curves(&self) -> Vec<Html> {
        let y = self.error_axis();
        let panel = |rate: usize| {
            let series: Vec<Series> = (0..self.names.len()).map(|optimizer| self.curve(optimizer, rate)).collect();
            let title = format!("Learning rate {}", self.rates()[rate]);
            let plot = Plot {
                description: self.describe_curves(rate),
                id: format!("{}-rate-{}", self.id, rate + 1),
                size: (420, 300),
                x: self.epoch_axis(),
                y: y.clone(),
                title,
                series,
            };
            plot.draw()
        };
        (0..self.rates().len()).map(panel).collect()
    }

    fn curve(&self, optimizer: usize, rate: usize) -> Series {
        let accuracy = &self.group(optimizer, rate).test_accuracy;
        let epochs = accuracy.median.iter().enumerate().map(|(epoch, median)| (epoch as f64, log_error(*median)));
        let band = accuracy.lower.iter().zip(&accuracy.upper).enumerate();
        Series {
            name: self.names[optimizer].clone(),
            look: optimizer,
            points: epochs.collect(),
            // More accuracy is less error, so the edges change places.
            band: band.map(|(epoch, (low, high))| (epoch as f64, log_error(*high), log_error(*low))).collect(),
            mark_every: (accuracy.median.len() / 5).max(1),
        }
    }

    /// Final test error over learning rates, a line an optimizer.
    fn sensitivity(&self) -> Html {
        let mut order: Vec<usize> = (0..self.rates().len()).collect();
        order.sort_by(|a, b| self.rates()[*a].total_cmp(&self.rates()[*b]));
        let line = |optimizer: usize| {
            let ends = order.iter().filter_map(|rate| Some((self.rates()[*rate].log10(), self.last(optimizer, *rate)?)));
            let ends: Vec<(f64, [f64; 3])> = ends.collect();
            Series {
                name: self.names[optimizer].clone(),
                look: optimizer,
                points: ends.iter().map(|(x, [_, median, _])| (*x, *median)).collect(),
                band: ends.iter().map(|(x, [low, _, high])| (*x, *low, *high)).collect(),
                mark_every: 1,
            }
        };
        let ticks: Vec<(f64, String)> =
            order.iter().map(|rate| (self.rates()[*rate].log10(), self.rates()[*rate].to_string())).collect();
        let edge = 0.15;
        let ends = (ticks[0].0 - edge, ticks[ticks.len() - 1].0 + edge);
        let plot = Plot {
            title: format!("Test error after {} epochs, by learning rate", self.spec.epochs),
            description: self.describe_sensitivity(),
            id: format!("{}-sensitivity", self.id),
            size: (420, 300),
            x: Axis { label: "learning rate (logarithmic)".to_owned(), ends, ticks },
            y: self.error_axis(),
            series: (0..self.names.len()).map(line).collect(),
        };
        plot.draw()
    }

    /// The final error's quartiles and median on the logarithmic axis, if all runs came to the end.
    fn last(&self, optimizer: usize, rate: usize) -> Option<[f64; 3]> {
        let group = self.group(optimizer, rate);
        let accuracy = &group.test_accuracy;
        let (low, median, high) = (accuracy.lower.last()?, accuracy.median.last()?, accuracy.upper.last()?);
        (group.diverged == 0).then(|| [log_error(*high), log_error(*median), log_error(*low)])
    }

    fn epoch_axis(&self) -> Axis {
        let epochs = f64::from(self.spec.epochs);
        let step = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0].into_iter().find(|step| epochs / step <= 7.0).unwrap_or(500.0);
        let ticks = (0..=(epochs / step) as u32).map(|n| f64::from(n) * step).map(|at| (at, at.to_string())).collect();
        Axis { label: "epoch".to_owned(), ends: (0.0, epochs), ticks }
    }

    /// From the best quartile of all to 100 %, on a logarithmic scale, the same in every chart of the figure.
    fn error_axis(&self) -> Axis {
        let best = self.statistics.groups.iter().flat_map(|group| group.test_accuracy.upper.iter());
        let lowest = best.map(|accuracy| log_error(*accuracy)).fold(2.0, f64::min);
        let marks = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        let first = marks.iter().rposition(|mark: &f64| mark.log10() <= lowest + 1e-9).unwrap_or(0);
        let ticks: Vec<(f64, String)> = marks[first..].iter().map(|mark| (mark.log10(), mark.to_string())).collect();
        Axis { label: "test error (%, logarithmic)".to_owned(), ends: (ticks[0].0, 2.0), ticks }
    }

    fn describe_curves(&self, rate: usize) -> String {
        let ends: Vec<String> = (0..self.names.len()).map(|optimizer| self.end_in_words(optimizer, rate)).collect();
        let epochs = self.spec.epochs;
        format!("Median test error after {epochs} epochs at learning rate {}: {}.", self.rates()[rate], ends.join(", "))
    }

    fn describe_sensitivity(&self) -> String {
        let by_rate = (0..self.rates().len()).map(|rate| self.describe_curves(rate));
        by_rate.collect::<Vec<_>>().join(" ")
    }

    fn end_in_words(&self, optimizer: usize, rate: usize) -> String {
        let group = self.group(optimizer, rate);
        let name = &self.names[optimizer];
        match group.test_accuracy.median.last() {
            _ if group.diverged == group.runs => format!("{name} diverged in all {} runs", group.runs),
            Some(median) if group.diverged > 0 => {
                format!("{name} {} with {} of {} runs diverged", error_percent(*median), group.diverged, group.runs)
            }
            Some(median) => format!("{name} {}", error_percent(*median)),
            None => format!("{name} without a value"),
        }
    }

    fn caption(&self) -> String {
        let spec = self.spec;
        let slow = spec.optimizers.iter().any(|optimizer| matches!(optimizer.method, Method::Lookahead { .. }));
        let judged = if slow { " Lookahead and Ranger are judged at their slow weights." } else { "" };
        format!(
            "Trained on this server: {}, batches of {}, {} epochs; every optimizer from the same {} initial weights and in the same order of \
             batches. Lines are medians over the seeds, bands reach from the lower to the upper quartile.{judged}",
            spec.task.title, spec.batch, spec.epochs, spec.seeds
        )
    }

    fn table(&self) -> Table {
        let percent = format!("{:.0} %", self.spec.task.target * 100.0);
        let head =
            ["Optimizer", "Learning rate", "Mean test accuracy (%)", "95 % interval (%)", "Median (%)", "Best epoch, median (%)"];
        let head = head.map(String::from).into_iter().chain([format!("Steps to {percent}, median"), "Diverged".to_owned()]);
        let groups = &self.statistics.groups;
        Table {
            caption: format!(
                "Test accuracy after the last epoch. ★ marks each optimizer's best learning rate by its training loss, ★ edge one at the end of the \
                 grid, where a better one may lie outside. The interval is Student's t over {} seeds.",
                self.spec.seeds
            ),
            head: head.collect(),
            rows: groups.iter().map(|group| self.row(group)).collect(),
        }
    }

    fn row(&self, group: &Group) -> Vec<String> {
        let best = self.statistics.best[group.optimizer].as_ref().filter(|best| self.rates()[best.rate] == group.learning_rate);
        let star = best.map_or("", |best| if best.at_edge { " ★ edge" } else { " ★" });
        let accuracy = group.final_accuracy.as_ref();
        let share = |value: f64| format!("{:.1}", value * 100.0);
        let interval = accuracy.and_then(|a| Some(format!("{} – {}", share(a.low?.max(0.0)), share(a.high?.min(1.0)))));
        let steps = group.target.median_steps.map(|steps| match group.target.reached == group.runs {
            true => format!("{steps:.0}"),
            false => format!("{steps:.0} (in {} of {})", group.target.reached, group.runs),
        });
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "–".to_owned());
        vec![
            self.names[group.optimizer].clone(),
            format!("{}{star}", group.learning_rate),
            or_dash(accuracy.map(|a| share(a.mean))),
            or_dash(interval),
            or_dash(accuracy.map(|a| share(a.median))),
            or_dash(group.best_accuracy.map(share)),
            steps.unwrap_or_else(|| "not reached".to_owned()),
            format!("{} of {}", group.diverged, group.runs),
        ]
    }
}

/// The error that belongs to an accuracy, as the exponent of ten of its percent.
fn log_error(accuracy: f64) -> f64 {
    (100.0 * (1.0 - accuracy)).max(SMALLEST_ERROR).log10()
}

fn error_percent(accuracy: f64) -> String {
    format!("{:.1} %", 100.0 * (1.0 - accuracy))
}
