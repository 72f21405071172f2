//! From records to pictures: SVG drawn by plotters, with the words and the tables that say the same.

mod contour;
mod gradients;
mod paint;
mod paths;
mod picture;
mod plot;
mod surface;
mod table;
#[cfg(test)]
mod tests;
mod train;
mod values;
mod variance;
mod warmup;
mod words;

use crate::lab::{Experiment, Outcome, Record, Spec, View};

pub use picture::{Picture, panels};
pub use table::Table;
pub use values::Values;

/// Everything that shows a record, in the order in which the article asked for it.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The charts, each with its accessible name and a description made of its numbers.
    pub pictures: Vec<Picture>,
    /// What was run, with how lines and bands are to be read: a few sentences.
    pub caption: String,
    /// The numbers behind the charts, for people; [`data`] has them for programs.
    pub table: Table,
    /// What there is to say beyond the caption, and how to get the same numbers again: names and values.
    pub details: Vec<(String, String)>,
}

/// Draws what the experiment's block asks for; `id` is the prefix of all ids, unique in the page.
pub fn draw(record: &Record, experiment: &Experiment, id: &str) -> Drawing {
    let mut drawing = match record.view() {
        View::Train(spec, runs) => train::draw(spec, runs, record.measured.as_ref(), experiment, id),
        View::Gradients(spec, runs) => gradients::draw(spec, runs, &experiment.figures, id),
        View::Surface(spec, runs) => surface::draw(spec, runs, &experiment.figures, id),
        View::Trace(spec, paths) => paths::draw(spec, paths, &experiment.figures, id),
        View::Variance(spec, runs) => variance::draw(spec, runs, &experiment.figures, id),
        View::Warmup(spec, warmups) => warmup::draw(spec, warmups, &experiment.figures, id),
    };
    drawing.details.extend(recipe(record));
    drawing
}

/// The numbers of a record for programs, one in each cell.
pub fn data(record: &Record) -> Table {
    match record.view() {
        View::Train(spec, runs) => train::data(spec, runs),
        View::Gradients(spec, runs) => gradients::data(spec, runs),
        View::Surface(_, runs) => surface::data(runs),
        // Their tables have one number in each cell as they are.
        View::Trace(..) | View::Variance(..) | View::Warmup(..) => {
            draw(record, &Experiment { figures: Vec::new(), ..Experiment::of(record.recipe.spec.clone()) }, "").table
        }
    }
}

/// The curves of a run that is not finished, of those entries that have begun; none for kinds whose pictures need all
/// of it.
pub fn draw_partial(spec: &Spec, so_far: &Outcome, id: &str) -> Vec<Picture> {
    match (spec, so_far) {
        (Spec::Train(spec), Outcome::Train(runs)) => train::draw_partial(spec, runs, id),
        _ => Vec::new(),
    }
}

/// The numbers of the spec; methods and data have lines of their own.
fn settings(record: &Record) -> String {
    let Ok(serde_json::Value::Object(spec)) = serde_json::to_value(&record.recipe.spec) else { return String::new() };
    let apart = ["optimizers", "optimizer"];
    let told = |(key, value): (&String, &serde_json::Value)| match value {
        serde_json::Value::Object(parts) => format!("{key} {}", parts.get("name").unwrap_or(value)),
        value => format!("{key} {value}"),
    };
    let lines: Vec<String> = spec.iter().filter(|(key, _)| !apart.contains(&key.as_str())).map(told).collect();
    lines.join("; ").replace('"', "").replace('_', " ")
}

fn recipe(record: &Record) -> Vec<(String, String)> {
    let recipe = &record.recipe;
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut lines = vec![
        pair("Experiment", record.id.clone()),
        pair("Settings", settings(record)),
        pair("Engine", format!("revision {}", recipe.engine)),
        pair("Optimizers", recipe.variants.join("; ")),
    ];
    lines.extend(
        recipe
            .data
            .iter()
            .map(|data| pair("Data", format!("{}, {} rows, BLAKE3 {}", data.name, data.rows, data.blake3))),
    );
    lines.extend(record.measured.iter().map(|m| {
        pair("Measured", format!("{:.1} s on {} ({} threads), no part of the result", m.seconds, m.machine, m.threads))
    }));
    lines
}
