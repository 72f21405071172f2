//! From records to pictures: SVG drawn by plotters, with the words and the tables that say the same.

mod gradients;
mod paint;
mod paths;
mod plot;
mod surface;
mod table;
#[cfg(test)]
mod tests;
mod train;
mod variance;
mod words;

use crate::html::Html;
use crate::lab::{Experiment, Record, View};

pub use paint::SERIES;
pub use plot::{Axis, Plot, Series};
pub use table::Table;

/// Everything that shows a record, in the order in which the article asked for it.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The charts, each with its accessible name and a description made of its numbers.
    pub pictures: Vec<Html>,
    /// What was run and what came out, with how lines and bands are to be read.
    pub caption: String,
    /// The numbers behind the charts.
    pub table: Table,
    /// How to get the same numbers again: names and values.
    pub recipe: Vec<(String, String)>,
}

/// Draws what the experiment's block asks for; `id` is the prefix of all ids, unique in the page.
pub fn draw(record: &Record, experiment: &Experiment, id: &str) -> Drawing {
    let (pictures, caption, table) = match record.view() {
        View::Train(spec, runs) => train::draw(spec, runs, &experiment.figures, id),
        View::Gradients(spec, runs) => gradients::draw(spec, runs),
        View::Surface(spec, runs) => surface::draw(spec, runs),
        View::Trace(spec, paths) => paths::draw(spec, paths),
        View::Variance(spec, runs) => variance::draw(spec, runs),
    };
    Drawing { pictures, caption, table, recipe: recipe(record) }
}

fn recipe(record: &Record) -> Vec<(String, String)> {
    let recipe = &record.recipe;
    let pair = |name: &str, value: String| (name.to_owned(), value);
    let mut lines = vec![
        pair("Experiment", record.id.clone()),
        pair("Engine", format!("revision {}", recipe.engine)),
        pair("Optimizers", recipe.variants.join("; ")),
    ];
    lines.extend(
        recipe.data.iter().map(|data| pair("Data", format!("{}, {} rows, BLAKE3 {}", data.name, data.rows, data.blake3))),
    );
    lines.extend(record.measured.iter().map(|m| {
        pair("Measured", format!("{:.1} s on {} ({} threads), no part of the result", m.seconds, m.machine, m.threads))
    }));
    lines
}
