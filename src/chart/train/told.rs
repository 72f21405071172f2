//! What is said of a comparison of training runs: descriptions of its pictures, the caption, and the table.

use super::Study;
use crate::chart::table::Table;
use crate::chart::words::{count, digits, or_none, percent, short, variants, written};
use crate::lab::{Best, EvaluatedAt, Group};

impl Study<'_> {
    pub(super) fn describe_curves(&self, rate: usize) -> String {
        let ends: Vec<String> = (0..self.names.len()).map(|optimizer| self.end_in_words(optimizer, rate)).collect();
        let when =
            if self.finished { format!("after {}", count(self.spec.epochs, "epoch")) } else { "so far".to_owned() };
        format!("Median test error {when} at learning rate {}: {}.", written(self.rates()[rate]), ends.join(", "))
    }

    pub(super) fn describe_sensitivity(&self) -> String {
        let by_rate = (0..self.rates().len()).map(|rate| self.describe_curves(rate));
        let window = self.window.map(|window| {
            format!(" Shaded: {}, from {} to {}.", window.label, written(window.from), written(window.to))
        });
        by_rate.collect::<Vec<_>>().join(" ") + &window.unwrap_or_default()
    }

    pub(super) fn end_in_words(&self, optimizer: usize, rate: usize) -> String {
        let group = self.group(optimizer, rate);
        let name = &self.names[optimizer];
        match group.test_accuracy.median.last() {
            _ if group.runs == 0 => format!("{name} has not begun"),
            _ if group.diverged == group.runs => format!(
                "{name} diverged in {}",
                if group.runs == 1 { "its run".to_owned() } else { format!("all {} runs", group.runs) }
            ),
            Some(median) if group.diverged > 0 => {
                format!("{name} {} with {} of {} runs diverged", error_percent(*median), group.diverged, group.runs)
            }
            Some(median) => format!("{name} {}", error_percent(*median)),
            None => format!("{name} without a value"),
        }
    }

    pub(super) fn caption(&self) -> String {
        let spec = self.spec;
        let any = |at| spec.optimizers.iter().any(|optimizer| optimizer.method.evaluated_at() == at);
        let (slow, average) = (any(EvaluatedAt::SlowWeights), any(EvaluatedAt::Average));
        let judged = match (slow, average) {
            (true, true) => {
                " Lookahead and Ranger are judged at their slow weights, schedule-free methods at their average."
            }
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
        let schedule = spec.schedule.caption().map_or(String::new(), |schedule| format!(", {schedule} for all"));
        format!(
            "Trained on this server: {}, batches of {}, {}{schedule}; every optimizer from the same {weights} and in the same order of batches. \
             Methods: {}. {lines}{judged}{}",
            spec.task.title,
            spec.batch,
            count(spec.epochs, "epoch"),
            variants(&spec.optimizers),
            self.diverged()
        )
    }

    /// Which runs diverged: a line that is not there says nothing by itself.
    fn diverged(&self) -> String {
        let groups = self.statistics.groups.iter().filter(|group| group.diverged > 0);
        let told = groups.map(|group| {
            let (name, rate) = (&self.names[group.optimizer], written(group.learning_rate));
            format!("{name} at learning rate {rate} ({} of {})", group.diverged, group.runs)
        });
        match told.collect::<Vec<_>>() {
            none if none.is_empty() => String::new(),
            told => format!(" Runs diverged of {}.", told.join(", ")),
        }
    }

    pub(super) fn table(&self) -> Table {
        let percent = format!("{:.0} %", self.spec.task.target * 100.0);
        let head = [
            "Optimizer",
            "Learning rate",
            "Mean test accuracy (%)",
            "95 % interval (%)",
            "Median (%)",
            "Best epoch, median (%)",
        ];
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
                 grid, where a better one may lie outside. The interval is Student's t over {}. Steps are counted in whole epochs.{seconds}",
                count(self.spec.seeds, "seed")
            ),
            head: head.collect(),
            rows: groups.iter().map(|group| self.row(group)).collect(),
        }
    }

    /// The table for programs: one number in a cell, and empty cells where there is none.
    pub(super) fn data(&self) -> Table {
        let head = [
            "optimizer",
            "learning_rate",
            "best_rate",
            "runs",
            "diverged",
            "mean_test_accuracy_percent",
            "interval_low_percent",
            "interval_high_percent",
            "median_percent",
            "best_epoch_median_percent",
            "target_percent",
            "reached_target",
            "median_steps_to_target",
        ];
        let in_percent = |value: Option<f64>| value.map_or(String::new(), |value| digits(100.0 * value));
        let row = |group: &Group| {
            let accuracy = group.final_accuracy.as_ref();
            vec![
                self.names[group.optimizer].clone(),
                written(group.learning_rate),
                self.best_of(group).map_or("", |best| if best.at_edge { "at the edge" } else { "yes" }).to_owned(),
                group.runs.to_string(),
                group.diverged.to_string(),
                in_percent(accuracy.map(|a| a.mean)),
                in_percent(accuracy.and_then(|a| a.low)),
                in_percent(accuracy.and_then(|a| a.high)),
                in_percent(accuracy.map(|a| a.median)),
                in_percent(group.best_accuracy),
                in_percent(Some(group.target.accuracy)),
                group.target.reached.to_string(),
                group.target.median_steps.map_or(String::new(), digits),
            ]
        };
        let caption = "Test accuracy after the last epoch, with Student's 95 % interval".to_owned();
        let rows = self.statistics.groups.iter().map(row).collect();
        Table { caption, head: head.map(String::from).to_vec(), rows }
    }

    /// The best rate of the group's optimizer, if it is that of the group.
    fn best_of(&self, group: &Group) -> Option<&Best> {
        self.statistics.best[group.optimizer].as_ref().filter(|best| self.rates()[best.rate] == group.learning_rate)
    }

    fn row(&self, group: &Group) -> Vec<String> {
        let star = self.best_of(group).map_or("", |best| if best.at_edge { " ★ edge" } else { " ★" });
        let accuracy = group.final_accuracy.as_ref();
        let interval = accuracy.and_then(|a| Some(format!("{} – {}", percent(a.low?), percent(a.high?))));
        let steps = group.target.median_steps.map(|steps| match group.target.reached == group.runs {
            true => format!("{steps:.0}"),
            false => format!("{steps:.0} (in {} of {})", group.target.reached, group.runs),
        });
        let time = self.seconds.get(group.optimizer).copied().flatten();
        let time = time.map(|each| or_none(group.target.median_steps.map(|steps| short(steps * each))));
        let mut row = vec![
            self.names[group.optimizer].clone(),
            format!("{}{star}", written(group.learning_rate)),
            or_none(accuracy.map(|a| percent(a.mean))),
            or_none(interval),
            or_none(accuracy.map(|a| percent(a.median))),
            or_none(group.best_accuracy.map(percent)),
            steps.unwrap_or_else(|| "not reached".to_owned()),
        ];
        // Where one is timed all are, so that rows have the same length.
        row.extend(self.seconds.iter().any(Option::is_some).then(|| or_none(time)));
        row.push(format!("{} of {}", group.diverged, group.runs));
        row
    }
}

fn error_percent(accuracy: f64) -> String {
    format!("{} %", percent(1.0 - accuracy))
}
