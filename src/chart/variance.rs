//! Scatter on a noisy quadratic, in words and a table.

use super::table::Table;
use super::words::{NONE, or_none, short};
use crate::html::Html;
use crate::lab::{VarianceRun, VarianceSpec};

/// The pictures, the caption and the table.
pub(super) fn draw(spec: &VarianceSpec, runs: &[VarianceRun]) -> (Vec<Html>, String, Table) {
    (Vec::new(), caption(spec, runs), table(spec, runs))
}

fn caption(spec: &VarianceSpec, runs: &[VarianceRun]) -> String {
    let farthest = runs.iter().filter_map(|run| run.deviation(spec)).map(f64::abs).max_by(f64::total_cmp);
    let agreement = farthest.map_or(String::new(), |farthest| {
        format!(" The measured variances at the end differ from the closed form by at most {farthest:.1} standard errors.")
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
        "{} descents on ½·a·(θ − c)² with c drawn anew from N(0, {}²) at each step, learning rate {}, {} steps; Lookahead every {} steps with a {}.{agreement}{ratios}",
        spec.seeds, spec.sigma, spec.learning_rate, spec.steps, spec.k, spec.alpha
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
        "Variance of θ over {} seeds. A standard error of such a variance V is V·√(2/(n − 1)), for θ is normally distributed. The limit is the closed form's for \
         infinitely many steps.",
        spec.seeds
    );
    Table { caption, head: head.map(String::from).to_vec(), rows: runs.iter().map(row).collect() }
}
