//! Paths over a function, in words and a table.

use super::table::Table;
use super::words::{or_none, short};
use crate::html::Html;
use crate::lab::{Path, PathsSpec, labels};

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &PathsSpec, paths: &[Path]) -> (Vec<Html>, String, Table) {
    let names = labels(&spec.optimizers);
    (Vec::new(), caption(spec, paths, &names), table(spec, paths, &names))
}

fn caption(spec: &PathsSpec, paths: &[Path], names: &[String]) -> String {
    let [x, y] = spec.start;
    let clipped = spec.clip.map_or(String::new(), |clip| format!(", gradients clipped to the norm {clip}"));
    let arrived: Vec<(u64, &Path)> = paths.iter().filter_map(|path| Some((path.reached_at?, path))).collect();
    let fastest = arrived.iter().min_by_key(|(step, _)| *step).map_or(String::new(), |(step, path)| {
        let (name, rate) = (&names[path.optimizer], path.learning_rate);
        format!(", the fastest of them {name} at learning rate {rate} after {step} steps")
    });
    let count = |has: fn(&Path) -> bool| paths.iter().filter(|path| has(path)).count();
    let (left, diverged) = (count(|path| path.left_at.is_some()), count(|path| path.diverged_at.is_some()));
    format!(
        "Descents on {} from ({x}, {y}), {} steps{clipped}. {} of {} come within {} of the least value{fastest}; {left} leave the usual domain of the function on their \
         way, {diverged} diverge.",
        spec.objective.title(),
        spec.steps,
        arrived.len(),
        paths.len(),
        spec.tolerance,
    )
}

fn table(spec: &PathsSpec, paths: &[Path], names: &[String]) -> Table {
    let head = [
        "Optimizer",
        "Learning rate",
        "Last value",
        "Least value",
        "Arrived at step",
        "Left the domain at step",
        "Diverged at step",
    ];
    let mut head = head.map(String::from).to_vec();
    head.extend(spec.clip.map(|_| "Clipped gradients".to_owned()));
    let row = |path: &Path| {
        let mut row = vec![
            names[path.optimizer].clone(),
            path.learning_rate.to_string(),
            or_none(path.values.last().copied().map(short)),
            or_none(path.values.iter().copied().min_by(f64::total_cmp).map(short)),
            or_none(path.reached_at),
            or_none(path.left_at),
            or_none(path.diverged_at),
        ];
        row.extend(spec.clip.map(|_| path.clipped.to_string()));
        row
    };
    let caption = format!(
        "Values are those where a method wants to be judged, such as slow weights; the least value of the function is {}.",
        short(spec.objective.minimum())
    );
    Table { caption, head, rows: paths.iter().map(row).collect() }
}
