//! Scatter on a noisy quadratic: pictures, words and a table.

use super::Drawing;
use super::paint::Look;
use super::picture::Picture;
use super::plot::{Axis, Plot, SIZE, Series};
use super::table::Table;
use super::words::{NONE, count, or_none, short, written};
use crate::lab::{Figure, VarianceRun, VarianceSpec};

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &VarianceSpec, runs: &[VarianceRun], figures: &[Figure], id: &str) -> Drawing {
    let curved = figures.contains(&Figure::Curves);
    let pictures =
        runs.chunks(2).enumerate().filter(|_| curved).map(|(index, pair)| curves(spec, pair, index, id)).collect();
    let mut caption = caption(spec, runs);
    if curved {
        caption.push_str(" Marks are measured, with bands of two standard errors; lines are the closed form.");
    }
    Drawing { pictures, caption, table: table(spec, runs), details: Vec::new() }
}

/// Both methods on one curvature: what was measured against the closed form.
fn curves(spec: &VarianceSpec, pair: &[VarianceRun], index: usize, id: &str) -> Picture {
    let curvature = pair.first().map_or(0.0, |run| run.curvature);
    let steps = |at: usize| (at as u64 * spec.k) as f64;
    let all: Vec<f64> =
        pair.iter().flat_map(|run| run.variance.iter().skip(1)).copied().filter(|variance| *variance > 0.0).collect();
    let (low, high) = all.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let (low, high) = if low < high { (low, high) } else { (0.1, 1.0) };
    let relative = 2.0 * (2.0 / (f64::from(spec.seeds) - 1.0)).sqrt();
    let mut series = Vec::new();
    for run in pair {
        let look = Look::of(run.method.name().to_lowercase().as_str());
        let shown: Vec<usize> = spread(run.variance.len()).into_iter().filter(|at| run.variance[*at] > 0.0).collect();
        let edge = |at: usize, share: f64| run.variance[at] * share.max(0.1);
        series.push(Series {
            name: format!("{}, measured", run.method.name()),
            look,
            points: shown.iter().map(|at| (steps(*at), run.variance[*at])).collect(),
            band: shown.iter().map(|at| (steps(*at), edge(*at, 1.0 - relative), edge(*at, 1.0 + relative))).collect(),
            mark_every: 1,
            dotted: true,
            ..Series::default()
        });
        let expected = |at: &usize| spec.expected(run.curvature, run.method, *at as u64);
        series.push(Series {
            name: format!("{}, closed form", run.method.name()),
            look,
            points: shown.iter().filter(|at| expected(at) > 0.0).map(|at| (steps(*at), expected(at))).collect(),
            ..Series::default()
        });
    }
    let told = pair.iter().filter_map(|run| {
        let expected = short(spec.expected(run.curvature, run.method, run.variance.len().saturating_sub(1) as u64));
        Some(format!("{} {} where the closed form has {expected}", run.method.name(), short(*run.variance.last()?)))
    });
    let plot = Plot {
        name: format!("curves-{curvature}"),
        title: format!("Curvature {curvature}"),
        description: format!("Variance after {}: {}.", count(spec.steps, "step"), told.collect::<Vec<_>>().join(", ")),
        id: format!("{id}-curvature-{}", index + 1),
        size: SIZE,
        x: Axis::logarithmic("step", (spec.k as f64 * 0.85, spec.steps as f64 * 1.18)),
        y: Axis::logarithmic("variance of θ", (low / 1.3, high * 1.3)),
        under: Vec::new(),
        series,
        over: Vec::new(),
        keys: Vec::new(),
    };
    plot.picture()
}

/// Indices from 1 that are about equally far from each other on a logarithmic scale, the last one among them.
fn spread(length: usize) -> Vec<usize> {
    let (mut found, mut at) = (Vec::new(), 1);
    while at < length {
        found.push(at);
        at = (at + 1).max(at * 5 / 4);
    }
    if length > 1 && found.last() != Some(&(length - 1)) {
        found.push(length - 1);
    }
    found
}

fn caption(spec: &VarianceSpec, runs: &[VarianceRun]) -> String {
    let farthest = runs.iter().filter_map(|run| run.deviation(spec)).map(f64::abs).max_by(f64::total_cmp);
    let agreement = farthest.map_or(String::new(), |farthest| {
        format!(
            " The measured variances at the end differ from the closed form by at most {farthest:.1} standard errors."
        )
    });
    let ratios = runs.chunks(2).filter_map(|pair| match pair {
        [sgd, lookahead] => Some((sgd.curvature, lookahead.limit? / sgd.limit?)),
        _ => None,
    });
    let ratios: Vec<String> = ratios.map(|(a, ratio)| format!("{ratio:.2} at curvature {a}")).collect();
    let ratios = if ratios.is_empty() {
        " At none of these curvatures the variance has a limit.".to_owned()
    } else {
        format!(" In the limit Lookahead's variance is this share of SGD's: {}.", ratios.join(", "))
    };
    format!(
        "{} on ½·a·(θ − c)² with c drawn anew from N(0, {}²) at each step, learning rate {}, {}; Lookahead every {} \
         with α {}.{agreement}{ratios}",
        count(spec.seeds, "descent"),
        spec.sigma,
        written(spec.learning_rate),
        count(spec.steps, "step"),
        count(spec.k, "step"),
        spec.alpha
    )
}

fn table(spec: &VarianceSpec, runs: &[VarianceRun]) -> Table {
    let head = [
        "Method",
        "Curvature",
        "Mean at the end",
        "Variance at the end",
        "Closed form",
        "Difference in standard errors",
        "Limit",
        "Diverged at step",
    ];
    let row = |run: &VarianceRun| {
        let loops = (run.variance.len() as u64).checked_sub(1);
        vec![
            run.method.name().to_owned(),
            run.curvature.to_string(),
            or_none(run.mean.last().copied().map(short)),
            or_none(run.variance.last().copied().map(short)),
            or_none(loops.map(|loops| short(spec.expected(run.curvature, run.method, loops)))),
            or_none(run.deviation(spec).map(|deviation| format!("{deviation:.2}"))),
            run.limit.map_or(NONE.to_owned(), short),
            or_none(run.diverged_at),
        ]
    };
    let caption = format!(
        "Variance of θ over {}. A standard error of such a variance V is V·√(2/(n − 1)), for θ is normally distributed. The limit is the closed form's for \
         infinitely many steps.",
        count(spec.seeds, "seed")
    );
    Table { caption, head: head.map(String::from).to_vec(), rows: runs.iter().map(row).collect() }
}
