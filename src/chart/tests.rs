//! What every kind of experiment shows.

use super::*;
use crate::lab::{self, Datasets};
use crate::problem::SourceFile;

const DIGITS: &[u8] = include_bytes!("../../content/data/digits.csv.gz");

fn drawn(text: &str) -> Drawing {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    let (experiment, problems) = Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0);
    let experiment = experiment.unwrap_or_else(|| panic!("{problems:?}"));
    draw(&lab::run(&experiment.spec, &data, 2, &()).unwrap(), &experiment, "figure-1")
}

/// Checks the caption's words, the number of rows, and that no number went wrong.
#[track_caller]
fn check(text: &str, rows: usize, words: &[&str]) -> Drawing {
    let drawing = drawn(text);
    for word in words {
        assert!(drawing.caption.contains(word), "{word}: {}", drawing.caption);
    }
    let all = format!("{} {} {:?}", drawing.caption, drawing.table.caption, drawing.table.rows);
    assert!(!all.contains("NaN") && !all.contains("inf,"), "{all}");
    assert_eq!(drawing.table.rows.len(), rows, "{:?}", drawing.table);
    assert!(drawing.table.rows.iter().all(|row| row.len() == drawing.table.head.len()), "{:?}", drawing.table);
    assert!(drawing.recipe.iter().any(|(name, _)| name == "Optimizers"));
    drawing
}

#[test]
fn gradients_are_told_with_their_zeros() {
    let text = "experiment: gradients\ntask: digits-mlp\noptimizers: [adam, sgd: {schedule: {name: warmup-linear, steps: 9}}]\nlearning_rate: 0.01\n\
                steps: 20\ndrawn: 10\nseeds: 2\n";
    let drawing = check(text, 8, &["at step 1 and at step 10", "Adam 3.", "after 20 steps: Adam"]);
    assert_eq!(drawing.table.rows[0][..2], ["Adam", "1"]);
    assert_eq!(drawing.table.rows[7][..2], ["SGD, linear warm-up over 9 steps", "10"]);
    let diverged = "experiment: gradients\ntask: digits-mlp\noptimizers: [sgd]\nlearning_rate: 1e30\nsteps: 9\nseeds: 2\n";
    check(diverged, 1, &["SGD diverged before", "after 9 steps: SGD diverged."]);
}

#[test]
fn a_surface_is_told_with_its_distances_and_averages() {
    let text = "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.05\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 2\nseeds: 2\n";
    check(
        text,
        4,
        &["every 4 steps, a 0.5", "In the inner loop of seed 0", "off its plane", "Over 6 inner loops", "over 2 seeds"],
    );
    check(&text.replace("0.05", "1e30"), 0, &["No inner loop could be drawn", "No inner loop was measured"]);
}

#[test]
fn paths_are_told_with_where_they_end() {
    let text = "experiment: trace\nobjective: rosenbrock\nstart: [-1.5, 1.5]\noptimizers: [adam, radam, sgd]\nlearning_rates: [0.01, 1]\nsteps: 60\n";
    let drawing = check(text, 6, &["Rosenbrock's function from (-1.5, 1.5), 60 steps. 0 of 6", "diverge"]);
    assert!(!drawing.table.head.iter().any(|name| name.contains("Clipped")));
    let drawing = check(&format!("{text}clip: 5\n"), 6, &["gradients clipped to the norm 5."]);
    assert!(drawing.table.head.iter().any(|name| name.contains("Clipped")));
    let text = text.replace("rosenbrock", "quadratic").replace("[0.01, 1]", "[0.2]");
    check(&text, 3, &["come within 0.001 of the least value, the fastest of them SGD at learning rate 0.2 after"]);
}

#[test]
fn scatter_is_told_beside_its_closed_form() {
    let text = "experiment: variance\ncurvatures: [1, 0.1]\nlearning_rate: 0.5\nsteps: 100\nseeds: 300\n";
    let drawing = check(text, 4, &["300 descents", "standard errors", "In the limit", "at curvature 1, "]);
    assert_eq!(drawing.table.rows[1][0], "Lookahead");
    check(&text.replace("0.5", "1e9"), 4, &["At none of these curvatures"]);
}
