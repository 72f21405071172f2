//! Paths over a function: pictures, words and a table.

mod pictures;

use super::Drawing;
use super::table::Table;
use super::words::{count, or_none, short, variants, written};
use crate::lab::{Figure, Path, PathsSpec, labels};

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &PathsSpec, paths: &[Path], figures: &[Figure], id: &str) -> Drawing {
    let names = labels(&spec.optimizers);
    let mut pictures = Vec::new();
    for figure in figures {
        match figure {
            Figure::Paths => pictures.extend(pictures::panels(spec, paths, &names, id)),
            Figure::Values => pictures.extend(pictures::values(spec, paths, &names, id)),
            _ => {}
        }
    }
    let mut caption = caption(spec, paths, &names);
    if figures.contains(&Figure::Paths) {
        caption.push_str(" Crosses mark the least value, contours are equally far from each other on a logarithmic scale, and an arrowhead at the edge is a path that leaves.");
    }
    let is_beyond = |value: &f64| value - spec.objective.minimum() > pictures::FARTHEST;
    if figures.contains(&Figure::Values) && paths.iter().flat_map(|path| &path.values).any(is_beyond) {
        caption.push_str(" Values above 10⁶ are drawn at the upper edge; the CSV has them as they are.");
    }
    Drawing { pictures, caption, table: table(spec, paths, &names), details: Vec::new() }
}

fn caption(spec: &PathsSpec, paths: &[Path], names: &[String]) -> String {
    let [x, y] = spec.start;
    let clipped = spec.clip.map_or(String::new(), |clip| format!(", gradients clipped to the norm {clip}"));
    let arrived: Vec<(u64, &Path)> = paths.iter().filter_map(|path| Some((path.reached_at?, path))).collect();
    let fastest = arrived.iter().min_by_key(|(step, _)| *step).map_or(String::new(), |(step, path)| {
        let (name, rate) = (&names[path.optimizer], written(path.learning_rate));
        format!(", the fastest of them {name} at learning rate {rate} after {step} steps")
    });
    let number = |has: fn(&Path) -> bool| paths.iter().filter(|path| has(path)).count();
    let (left, diverged) = (number(|path| path.left_at.is_some()), number(|path| path.diverged_at.is_some()));
    format!(
        "Descents on {} from ({x}, {y}), {}{clipped}. Of {}, {} within {} of the least value{fastest}; {} the usual domain of the function on the \
         way, {}.{}",
        spec.objective.title(),
        count(spec.steps, "step"),
        count(paths.len() as u64, "path"),
        some(arrived.len(), "comes", "come"),
        spec.tolerance,
        some(left, "leaves", "leave"),
        some(diverged, "diverges", "diverge"),
        variants(&spec.optimizers),
    )
}

/// How many do something: `none come`, `1 comes`, `2 come`.
fn some(count: usize, one: &str, more: &str) -> String {
    match count {
        0 => format!("none {more}"),
        1 => format!("1 {one}"),
        _ => format!("{count} {more}"),
    }
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
            written(path.learning_rate),
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
