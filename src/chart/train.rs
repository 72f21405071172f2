//! A comparison of training runs as pictures, words and a table.

use super::paint::Paint;
use super::picture::Picture;
use super::plot::{Anchor, Axis, Plot, SIZE, Series, Shape};
use super::table::Table;
use super::words::{NONE, short};
use crate::lab::{Experiment, Figure, Group, Measured, Method, Run, Statistics, TrainSpec, Window, labels};

/// The pictures that are asked for, the caption and the table; `id` is the prefix of all ids.
pub(super) fn draw(
    spec: &TrainSpec,
    runs: &[Run],
    measured: Option<&Measured>,
    experiment: &Experiment,
    id: &str,
) -> (Vec<Picture>, String, Table) {
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
            // The numbers stand below every figure; a block that asks for nothing else gets them alone.
            _ => {}
        }
    }
    (pictures, study.caption(), study.table())
}

/// The curves of a comparison that is not finished, of those runs that have begun.
pub(super) fn draw_partial(spec: &TrainSpec, runs: &[Run], id: &str) -> Vec<Picture> {
    Study { finished: false, ..Study::of(spec, runs, id) }.curves()
}

/// Smallest error that the logarithmic axis shows, in percent: half of one image in 500.
const SMALLEST_ERROR: f64 = 0.1;

struct Study<'a> {
    spec: &'a TrainSpec,
    statistics: Statistics,
    names: Vec<String>,
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
        let (steps, seconds) =
            own.fold((0, 0.0), |(steps, sum), (run, seconds)| (steps + run.diverged_at.unwrap_or(spec.steps()), sum + seconds));
        (steps > 0 && measured.each.len() == runs.len()).then(|| seconds / steps as f64)
    };
    (0..spec.optimizers.len()).map(of).collect()
}

impl<'a> Study<'a> {
    fn of(spec: &'a TrainSpec, runs: &[Run], id: &'a str) -> Self {
        let (statistics, names) = (Statistics::of(spec, runs), labels(&spec.optimizers));
        Self { spec, statistics, names, window: None, seconds: Vec::new(), finished: true, id }
    }
}

impl Study<'_> {
    fn rates(&self) -> &[f64] {
        &self.spec.learning_rates
    }

    fn group(&self, optimizer: usize, rate: usize) -> &Group {
        &self.statistics.groups[optimizer * self.statistics.rates + rate]
    }

    /// One chart a learning rate: test error over epochs, a line an optimizer.
    fn curves(&self) -> Vec<Picture> {
        let y = self.error_axis();
        let panel = |rate: usize| {
            let series: Vec<Series> = (0..self.names.len()).map(|optimizer| self.curve(optimizer, rate)).collect();
            let title = format!("Learning rate {}", self.rates()[rate]);
            let plot = Plot {
                description: self.describe_curves(rate),
                name: format!("curves-{}", self.rates()[rate]),
                id: format!("{}-rate-{}", self.id, rate + 1),
                size: SIZE,
                x: self.epoch_axis(),
                y: y.clone(),
                title,
                under: Vec::new(),
                series,
                over: Vec::new(),
                keys: Vec::new(),
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
            name: format!("{}, {}", self.names[*optimizer], self.rates()[*rate]),
            band: Vec::new(),
            ..self.curve(*optimizer, *rate)
        };
        let told: Vec<String> = chosen
            .iter()
            .map(|(optimizer, rate)| format!("at learning rate {} {}", self.rates()[*rate], self.end_in_words(*optimizer, *rate)))
            .collect();
        let plot = Plot {
            name: "best".to_owned(),
            title: "Each at its best learning rate".to_owned(),
            description: format!("Median test error after {} epochs: {}.", self.spec.epochs, told.join(", ")),
            id: format!("{}-best", self.id),
            size: (SIZE.0, SIZE.1 + 60),
            x: self.epoch_axis(),
            y: self.error_axis(),
            under: Vec::new(),
            series: chosen.iter().map(line).collect(),
            over: Vec::new(),
            keys: Vec::new(),
        };
        plot.picture()
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
            dotted: false,
        }
    }

    /// Final test error over learning rates, a line an optimizer.
    fn sensitivity(&self) -> Picture {
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
                dotted: false,
            }
        };
        let ticks: Vec<(f64, String)> =
            order.iter().map(|rate| (self.rates()[*rate].log10(), self.rates()[*rate].to_string())).collect();
        let edge = 0.15;
        let ends = (ticks[0].0 - edge, ticks[ticks.len() - 1].0 + edge);
        let y = self.error_axis();
        let (name, under) = self.shaded(ends, y.ends);
        let plot = Plot {
            name,
            title: format!("Test error after {} epochs, by learning rate", self.spec.epochs),
            description: self.describe_sensitivity(),
            id: format!("{}-sensitivity", self.id),
            size: SIZE,
            x: Axis { label: "learning rate (logarithmic)".to_owned(), ends, ticks, logarithmic: true },
            y,
            under,
            series: (0..self.names.len()).map(line).collect(),
            over: Vec::new(),
            keys: Vec::new(),
        };
        plot.picture()
    }

    /// The window of rates as a shaded stretch with its label, and what the picture is called with it.
    fn shaded(&self, (left, right): (f64, f64), (bottom, top): (f64, f64)) -> (String, Vec<Shape>) {
        let Some(Window { from, to, label }) = self.window else { return ("sensitivity".to_owned(), Vec::new()) };
        // A little beyond its ends, so that marks at them lie inside.
        let (low, high) = ((from.log10() - 0.08).max(left), (to.log10() + 0.08).min(right));
        let words = Shape::Words(((low + high) / 2.0, top), label.clone(), Anchor::Below);
        (format!("sensitivity-{from}-to-{to}"), vec![Shape::Tile((low, bottom), (high, top), Paint::Shade), words])
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
        Axis { label: "epoch".to_owned(), ends: (0.0, epochs), ticks, logarithmic: false }
    }

    /// From the best quartile of all to 100 %, on a logarithmic scale, the same in every chart of the figure.
    fn error_axis(&self) -> Axis {
        let best = self.statistics.groups.iter().flat_map(|group| group.test_accuracy.upper.iter());
        let lowest = best.map(|accuracy| log_error(*accuracy)).fold(2.0, f64::min);
        let marks = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];
        let first = marks.iter().rposition(|mark: &f64| mark.log10() <= lowest + 1e-9).unwrap_or(0);
        let ticks: Vec<(f64, String)> = marks[first..].iter().map(|mark| (mark.log10(), mark.to_string())).collect();
        Axis { label: "test error (%, logarithmic)".to_owned(), ends: (ticks[0].0, 2.0), ticks, logarithmic: true }
    }

    fn describe_curves(&self, rate: usize) -> String {
        let ends: Vec<String> = (0..self.names.len()).map(|optimizer| self.end_in_words(optimizer, rate)).collect();
        let when = if self.finished { format!("after {} epochs", self.spec.epochs) } else { "so far".to_owned() };
        format!("Median test error {when} at learning rate {}: {}.", self.rates()[rate], ends.join(", "))
    }

    fn describe_sensitivity(&self) -> String {
        let by_rate = (0..self.rates().len()).map(|rate| self.describe_curves(rate));
        let window = self.window.map(|window| format!(" Shaded: {}, from {} to {}.", window.label, window.from, window.to));
        by_rate.collect::<Vec<_>>().join(" ") + &window.unwrap_or_default()
    }

    fn end_in_words(&self, optimizer: usize, rate: usize) -> String {
        let group = self.group(optimizer, rate);
        let name = &self.names[optimizer];
        match group.test_accuracy.median.last() {
            _ if group.runs == 0 => format!("{name} has not begun"),
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
        let any = |is: fn(&Method) -> bool| spec.optimizers.iter().any(|optimizer| is(&optimizer.method));
        let slow = any(|method| matches!(method, Method::Lookahead { .. }));
        let average = any(|method| matches!(method, Method::ScheduleFreeSgd(_) | Method::ScheduleFreeAdamw(_)));
        let judged = match (slow, average) {
            (true, true) => " Lookahead and Ranger are judged at their slow weights, schedule-free methods at their average.",
            (true, false) => " Lookahead and Ranger are judged at their slow weights.",
            (false, true) => " Schedule-free methods are judged at their average.",
            (false, false) => "",
        };
        let (weights, lines) = match spec.seeds {
            1 => ("initial weights".to_owned(), "Each line is one run."),
            seeds => (
                format!("{seeds} initial weights"),
                "Lines are medians over the seeds, bands reach from the lower to the upper quartile.",
            ),
        };
        format!(
            "Trained on this server: {}, batches of {}, {} epochs; every optimizer from the same {weights} and in the same order of batches. \
             {lines}{judged}{}",
            spec.task.title,
            spec.batch,
            spec.epochs,
            self.diverged()
        )
    }

    /// Which runs diverged: a line that is not there says nothing by itself.
    fn diverged(&self) -> String {
        let groups = self.statistics.groups.iter().filter(|group| group.diverged > 0);
        let told = groups.map(|group| {
            let (name, rate) = (&self.names[group.optimizer], group.learning_rate);
            format!("{name} at learning rate {rate} ({} of {})", group.diverged, group.runs)
        });
        match told.collect::<Vec<_>>() {
            none if none.is_empty() => String::new(),
            told => format!(" Runs diverged of {}.", told.join(", ")),
        }
    }

    fn table(&self) -> Table {
        let percent = format!("{:.0} %", self.spec.task.target * 100.0);
        let head =
            ["Optimizer", "Learning rate", "Mean test accuracy (%)", "95 % interval (%)", "Median (%)", "Best epoch, median (%)"];
        let timed = self.seconds.iter().any(Option::is_some);
        let time = timed.then(|| format!("Seconds to {percent}"));
        let last = [format!("Steps to {percent}, median")].into_iter().chain(time).chain(["Diverged".to_owned()]);
        let head = head.map(String::from).into_iter().chain(last);
        let seconds = match timed {
            true => {
                " Seconds are those steps times the mean time of a step on the machine that ran them, evaluations after each epoch included; they are no part of the result."
            }
            false => "",
        };
        let groups = &self.statistics.groups;
        Table {
            caption: format!(
                "Test accuracy after the last epoch. ★ marks each optimizer's best learning rate by its training loss, ★ edge one at the end of the \
                 grid, where a better one may lie outside. The interval is Student's t over {} seeds.{seconds}",
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
        let time = self.seconds.get(group.optimizer).copied().flatten();
        let time = time.map(|each| group.target.median_steps.map_or(NONE.to_owned(), |steps| short(steps * each)));
        let mut row = vec![
            self.names[group.optimizer].clone(),
            format!("{}{star}", group.learning_rate),
            or_dash(accuracy.map(|a| share(a.mean))),
            or_dash(interval),
            or_dash(accuracy.map(|a| share(a.median))),
            or_dash(group.best_accuracy.map(share)),
            steps.unwrap_or_else(|| "not reached".to_owned()),
        ];
        // Where one is timed all are, so that rows have the same length.
        row.extend(if self.seconds.iter().any(Option::is_some) { Some(time.unwrap_or_else(|| NONE.to_owned())) } else { None });
        row.push(format!("{} of {}", group.diverged, group.runs));
        row
    }
}

/// The error that belongs to an accuracy, as the exponent of ten of its percent.
fn log_error(accuracy: f64) -> f64 {
    (100.0 * (1.0 - accuracy)).max(SMALLEST_ERROR).log10()
}

fn error_percent(accuracy: f64) -> String {
    format!("{:.1} %", 100.0 * (1.0 - accuracy))
}
