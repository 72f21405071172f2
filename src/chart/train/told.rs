//! What is said of a comparison of training runs: descriptions of its pictures, the caption, and the table.

use super::Study;
use crate::chart::table::Table;
use crate::chart::words::{NONE, count, digits, interval, or_none, percent, short, signed, variants, written};
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

    /// Where methods are judged that want to be judged elsewhere than at their parameters.
    pub(super) fn judged(&self) -> Option<(String, String)> {
        let any = |at| self.spec.optimizers.iter().any(|optimizer| optimizer.method.evaluated_at() == at);
        let slow = any(EvaluatedAt::SlowWeights).then_some("Lookahead and Ranger at their slow weights");
        let average = any(EvaluatedAt::Average).then_some("schedule-free methods at their average");
        let told: Vec<&str> = slow.into_iter().chain(average).collect();
        (!told.is_empty()).then(|| ("Judged".to_owned(), told.join(", ")))
    }

    pub(super) fn caption(&self) -> String {
        let spec = self.spec;
        let (seeds, lines) = match spec.seeds {
            1 => ("one seed".to_owned(), "Each line is one run."),
            seeds => (
                format!("{seeds} seeds"),
                "Lines are medians over the seeds, bands reach from the lower to the upper quartile.",
            ),
        };
        let schedule = spec.schedule.caption().map_or(String::new(), |schedule| format!(", {schedule}"));
        format!(
            "Trained on {} in batches of {} for {}{schedule}, from {seeds}, with the same initial weights and batches for all.{} {lines}{}{}",
            spec.task.title,
            spec.batch,
            count(spec.epochs, "epoch"),
            variants(&spec.optimizers),
            if self.has_errors_of_zero() { " Errors of zero are drawn at the lower edge." } else { "" },
            self.diverged()
        )
    }

    /// A logarithmic axis has no place for them.
    fn has_errors_of_zero(&self) -> bool {
        self.statistics.groups.iter().any(|group| group.test_accuracy.upper.iter().any(|accuracy| *accuracy >= 1.0))
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
            "Difference from the best at this rate (points)",
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
                 grid, where a better one may lie outside. Intervals are Student's t over {}; differences are paired by seed. Steps are counted in whole epochs.{seconds}",
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
            "difference_from_best_at_rate_points",
            "difference_low_points",
            "difference_high_points",
            "target_percent",
            "reached_target",
            "median_steps_to_target",
        ];
        let in_percent = |value: Option<f64>| value.map_or(String::new(), |value| digits(100.0 * value));
        let row = |group: &Group| {
            let (accuracy, behind) = (group.final_accuracy.as_ref(), self.statistics.behind_best(group));
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
                in_percent(behind.map(|difference| difference.mean)),
                in_percent(behind.and_then(|difference| difference.low)),
                in_percent(behind.and_then(|difference| difference.high)),
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

    fn difference(&self, group: &Group) -> String {
        let told = self.statistics.behind_best(group).map(|difference| {
            let ends = interval(&difference, signed);
            if ends == NONE { signed(difference.mean) } else { format!("{} ({ends})", signed(difference.mean)) }
        });
        or_none(told)
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
            self.difference(group),
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
