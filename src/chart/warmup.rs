//! Factors on the learning rate by step: pictures, words and a table.

use super::Drawing;
use super::paint::Look;
use super::picture::Picture;
use super::plot::{Axis, Plot, SIZE, Series};
use super::table::Table;
use super::words::{or_none, short};
use crate::lab::{Figure, Warmup, WarmupSpec};

/// Steps that stand in the table, as far as they are kept; the last one always.
const SHOWN_STEPS: [u64; 9] = [1, 5, 6, 10, 20, 40, 100, 500, 1000];

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &WarmupSpec, warmups: &[Warmup], figures: &[Figure], id: &str) -> Drawing {
    let curved = figures.contains(&Figure::Curves);
    let pictures =
        warmups.iter().enumerate().filter(|_| curved).map(|(index, warmup)| curves(spec, warmup, index, id)).collect();
    Drawing { pictures, caption: caption(spec, warmups), table: table(spec, warmups), details: Vec::new() }
}

fn curves(spec: &WarmupSpec, warmup: &Warmup, index: usize, id: &str) -> Picture {
    let steps = spec.shown();
    let line = |name: &str, look: Look, factors: &[Option<f64>]| {
        let points = steps.iter().zip(factors).filter_map(|(step, factor)| Some((*step as f64, (*factor)?)));
        let points: Vec<(f64, f64)> = points.collect();
        Series { name: name.to_owned(), look, mark_every: (points.len() / 5).max(1), points, ..Series::default() }
    };
    let all = |factors: &[f64]| factors.iter().copied().map(Some).collect::<Vec<_>>();
    let plot = Plot {
        name: format!("curves-{}", warmup.beta2),
        title: format!("Factor on the learning rate, β₂ = {}", warmup.beta2),
        description: describe(spec, warmup),
        id: format!("{id}-beta2-{}", index + 1),
        size: SIZE,
        x: Axis::logarithmic("step", (1.0, (spec.steps as f64).max(2.0))),
        y: Axis::linear("factor", (0.0, 1.0)),
        under: Vec::new(),
        series: vec![
            line("RAdam, rₜ", Look::of("radam"), &warmup.rectification),
            line("untuned linear", Look::of("adam"), &all(&warmup.linear)),
            line("untuned exponential", Look::of("adamw"), &all(&warmup.exponential)),
        ],
        over: Vec::new(),
        keys: Vec::new(),
    };
    plot.picture()
}

fn describe(spec: &WarmupSpec, warmup: &Warmup) -> String {
    let steps = spec.shown();
    let rows = rows(&steps);
    let told = rows.iter().map(|at| {
        let r = or_none(warmup.rectification[*at].map(short));
        format!(
            "step {}: rₜ {r}, linear {}, exponential {}",
            steps[*at],
            short(warmup.linear[*at]),
            short(warmup.exponential[*at])
        )
    });
    format!("Factors for β₂ {}. {}.", warmup.beta2, told.collect::<Vec<_>>().join("; "))
}

/// The indices of the steps that are told.
fn rows(steps: &[u64]) -> Vec<usize> {
    let near = |step: u64| steps.iter().position(|kept| *kept >= step);
    let mut rows: Vec<usize> = SHOWN_STEPS.into_iter().filter_map(near).chain([steps.len() - 1]).collect();
    rows.dedup();
    rows
}

fn caption(spec: &WarmupSpec, warmups: &[Warmup]) -> String {
    let steps = spec.shown();
    let told = warmups.iter().map(|warmup| {
        let first = warmup.rectification.iter().position(Option::is_some).map(|at| steps[at]);
        let half = warmup.rectification.iter().position(|r| r.is_some_and(|r| r >= 0.5)).map(|at| steps[at]);
        let half = half.map_or("not within these steps".to_owned(), |step| format!("by step {step}"));
        let last = or_none(warmup.rectification.last().copied().flatten().map(short));
        let mean = or_none(warmup.mean.last().copied().map(short));
        format!(
            "For β₂ {} it is defined from step {}, has reached one half {half}, is {last} at step {}, and its mean over these steps is {mean}",
            warmup.beta2,
            or_none(first),
            spec.steps
        )
    });
    format!(
        "Pure arithmetic, nothing is trained: the rectification rₜ of RAdam beside the untuned warm-ups. {}.",
        told.collect::<Vec<_>>().join(". ")
    )
}

fn table(spec: &WarmupSpec, warmups: &[Warmup]) -> Table {
    let head = ["β₂", "Step", "rₜ", "Mean of r₁ … rₜ", "Untuned linear", "Untuned exponential"];
    let steps = spec.shown();
    let row = |warmup: &Warmup, at: usize| {
        vec![
            warmup.beta2.to_string(),
            steps[at].to_string(),
            or_none(warmup.rectification[at].map(short)),
            short(warmup.mean[at]),
            short(warmup.linear[at]),
            short(warmup.exponential[at]),
        ]
    };
    let rows = warmups.iter().flat_map(|warmup| rows(&steps).into_iter().map(move |at| (warmup, at)));
    Table {
        caption: "Factors on the learning rate. Where rₜ is not defined, RAdam makes a step that is not adapted; it counts as 0 in the mean.".to_owned(),
        head: head.map(String::from).to_vec(),
        rows: rows.map(|(warmup, at)| row(warmup, at)).collect(),
    }
}
