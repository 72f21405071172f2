//! What every kind of experiment shows.

use super::*;
use crate::diagnostics::SourceFile;
use crate::lab::{self, Datasets};

const DIGITS: &[u8] = include_bytes!("../../content/data/digits.csv.gz");

fn ran(text: &str) -> (Record, Experiment) {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    let (experiment, problems) = Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0);
    let experiment = experiment.unwrap_or_else(|| panic!("{problems:?}"));
    (lab::run(&experiment.spec, &data, 2, &()).unwrap(), experiment)
}

fn drawn(text: &str) -> Drawing {
    let (record, experiment) = ran(text);
    draw(&record, &experiment, "figure-1")
}

/// Checks the caption's words, the number of rows, and that no number went wrong.
#[track_caller]
fn check(text: &str, rows: usize, words: &[&str]) -> Drawing {
    let drawing = drawn(text);
    let told = format!("{} {:?}", drawing.caption, drawing.details);
    for word in words {
        assert!(told.contains(word), "{word}: {told}");
    }
    let all = format!("{told} {} {:?}", drawing.table.caption, drawing.table.rows);
    assert!(!all.contains("NaN") && !all.contains("inf,"), "{all}");
    assert_eq!(drawing.table.rows.len(), rows, "{:?}", drawing.table);
    assert!(drawing.table.rows.iter().all(|row| row.len() == drawing.table.head.len()), "{:?}", drawing.table);
    for picture in &drawing.pictures {
        let svg = picture.file().to_string();
        assert!(svg.contains("<desc") && !svg.contains("NaN"), "{}: {svg}", picture.name());
        let data = picture.data();
        assert!(data.rows.iter().all(|row| row.len() == data.head.len()), "{}", picture.name());
        assert!(!data.csv().contains("NaN"));
    }
    assert!(drawing.details.iter().any(|(name, _)| name == "Optimizers"));
    drawing
}

#[test]
fn gradients_are_told_with_their_zeros() {
    let text = "experiment: gradients\ntask: digits-mlp\noptimizers: [adam, sgd: {schedule: {name: warmup-linear, steps: 9}}]\nlearning_rate: 0.01\n\
                steps: 20\ndrawn: 10\nseeds: 2\n";
    let drawing = check(text, 8, &["at step 1 and at step 10", "Adam 3.", "after 20 steps: Adam"]);
    assert_eq!(drawing.table.rows[0][..2], ["Adam", "1"]);
    assert_eq!(drawing.table.rows[7][..2], ["SGD, linear warm-up over 9 steps", "10"]);
    let diverged =
        "experiment: gradients\ntask: digits-mlp\noptimizers: [sgd]\nlearning_rate: 1e30\nsteps: 9\nseeds: 2\n";
    check(diverged, 1, &["SGD diverged before", "after 9 steps: SGD diverged"]);
}

#[test]
fn runs_that_diverged_are_named_below_their_lines() {
    let spec = |rates: &str, seeds: u32| {
        format!(
            "experiment: train\ntask: digits-mlp\noptimizers: [sgd, adam]\nlearning_rates: [{rates}]\nepochs: 1\nbatch: 500\nseeds: {seeds}\n"
        )
    };
    let pictures = drawn(&spec("0.01, 1e9", 1)).pictures;
    for (picture, is_lost) in pictures.iter().zip([false, true]) {
        let svg = picture.file();
        assert_eq!(svg.as_str().contains("\nruns diverged\n"), is_lost, "{svg}");
        // The marks of the legend are rectangles and circles; a cross is the one polygon in the colour of its line.
        let crosses = svg.as_str().lines().filter(|line| line.contains("<polygon") && line.contains("#0072B2"));
        assert_eq!(crosses.count(), usize::from(is_lost), "{svg}");
    }
    let one = drawn(&spec("0.01, 1e9", 1)).caption;
    assert!(one.ends_with("Each line is one run. Runs diverged of SGD at learning rate 1e9 (1 of 1)."), "{one}");
    assert!(one.contains("from one seed, with the same initial weights"), "{one}");
    let two = drawn(&spec("0.01", 2)).caption;
    assert!(
        two.contains("from 2 seeds, with the same initial weights") && two.ends_with("the upper quartile."),
        "{two}"
    );
}

/// The names of the pictures.
fn pictures(drawing: &Drawing) -> Vec<&str> {
    drawing.pictures.iter().map(|picture| picture.name()).collect()
}

#[test]
fn every_gradient_is_drawn() {
    let drawing =
        drawn("experiment: gradients\ntask: digits-mlp\noptimizers: [adam]\nlearning_rate: 0.01\nsteps: 5\nseeds: 2\n");
    assert_eq!(pictures(&drawing), ["histogram-1", "zeros"]);
    let ridges = drawing.pictures[0].data();
    for step in ["1", "2", "3", "5"] {
        let share = |row: &Vec<String>| row[3].parse::<f64>().unwrap();
        let all: f64 = ridges.rows.iter().filter(|row| row[1] == step).map(share).sum();
        assert!((all - 100.0).abs() < 1e-3, "step {step}: {all}");
    }
    let zeros = drawing.pictures[1].data();
    let zeros = zeros.rows.iter().find(|row| row[1] == "5").unwrap();
    let cell = drawing.table.rows.iter().find(|row| row[1] == "5").unwrap();
    assert_eq!(format!("{:.1}", zeros[2].parse::<f64>().unwrap()), cell[2]);
}

#[test]
fn a_comparison_shows_its_window_and_the_errors_of_its_table() {
    let text = "experiment: train\ntask: digits-mlp\noptimizers: [adam, sgd]\nlearning_rates: [0.01, 0.1]\nepochs: 2\nseeds: 3\nfigures: [best, sensitivity, curves]\n\
                window: {rates: [0.01, 0.1], label: here}\n";
    let drawing = check(text, 4, &["2 epochs"]);
    assert_eq!(pictures(&drawing), ["best", "sensitivity-0.01-to-0.1", "curves-0.01", "curves-0.1"]);
    let sensitivity = &drawing.pictures[1];
    let svg = sensitivity.file().to_string();
    assert!(svg.contains("opacity=\"0.12\"") && svg.contains("here"), "{svg}");
    let data = sensitivity.data();
    for row in &drawing.table.rows {
        let rate = row[1].split(' ').next().unwrap();
        let point = data.rows.iter().find(|point| point[0] == row[0] && point[1] == rate).unwrap();
        let error: f64 = point[2].parse().unwrap();
        assert_eq!(format!("{:.1}", 100.0 - error), row[4], "{row:?}");
    }
    let plain = drawn(&text.replace("window", "# window"));
    assert!(
        plain.pictures[1].name() == "sensitivity" && !plain.pictures[1].file().as_str().contains("opacity=\"0.12\"")
    );
}

#[test]
fn factors_are_told() {
    let drawing = check("experiment: warmup\nsteps: 1000\n", 9, &["defined from step 5", "reached one half by step 5"]);
    assert_eq!(pictures(&drawing), ["curves-0.999"]);
}

#[test]
fn a_surface_is_told_with_its_distances_and_averages() {
    let text = "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.05\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 2\nseeds: 2\n";
    check(
        text,
        4,
        &["every 4 steps, α 0.5", "Of seed 0: test accuracy", "off its plane", "Over 6 inner loops", "over 2 seeds"],
    );
    check(&text.replace("0.05", "1e30"), 0, &["No inner loop could be drawn", "No inner loop was measured"]);
}

#[test]
fn pictures_of_every_other_kind_are_there() {
    let drawing = drawn(
        "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.05\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 4\nseeds: 1\n",
    );
    assert_eq!(pictures(&drawing), ["panel-loop", "panel-alone", "panel-lookahead", "average"]);
    let svg = drawing.pictures[0].file().to_string();
    assert!(svg.contains("opacity=\"0.1\"") && svg.contains("slow weights"), "{svg}");
    assert_eq!(drawing.pictures[0].data().rows.iter().filter(|row| row[0] == "plane").count(), 16);
    let drawing = drawn(
        "experiment: trace\nobjective: himmelblau\nstart: [0, 0]\noptimizers: [adam]\nlearning_rates: [0.1]\nsteps: 9\n",
    );
    assert_eq!(pictures(&drawing), ["paths-0.1", "values-0.1"]);
    assert_eq!(drawing.pictures[0].data().rows.len(), 10);
    assert!(drawing.pictures[0].file().as_str().contains("stroke=\"#B3AD9F\""));
}

#[test]
fn a_comparison_says_where_its_methods_are_judged() {
    for (optimizers, judged) in [
        ("[adam]", None),
        ("[ranger, adam]", Some("Lookahead and Ranger at their slow weights")),
        ("[schedule-free-sgd]", Some("schedule-free methods at their average")),
        (
            "[{lookahead: {inner: {name: adam}}}, schedule-free]",
            Some("Lookahead and Ranger at their slow weights, schedule-free methods at their average"),
        ),
    ] {
        let text = format!(
            "experiment: train\ntask: digits-mlp\noptimizers: {optimizers}\nlearning_rates: [0.01]\nepochs: 1\nseeds: 1\n"
        );
        let drawing = drawn(&text);
        let found = drawing.details.iter().find(|(name, _)| name == "Judged").map(|(_, value)| value.as_str());
        assert_eq!(found, judged);
    }
}

#[test]
fn a_caption_says_which_variant_and_which_schedule_it_is() {
    let caption = |rest: &str| {
        let text =
            format!("experiment: train\ntask: digits-mlp\nlearning_rates: [0.01]\nepochs: 1\nseeds: 1\n{rest}\n");
        drawn(&text).caption
    };
    let (four, five) = (caption("optimizers: [radam]"), caption("optimizers: [radam: {gate: 5}]"));
    assert!(four.contains("adapts when ρₜ > 4"), "{four}");
    assert!(five.contains("adapts when ρₜ ≥ 5"), "{five}");
    let shared = caption("optimizers: [sgd]\nschedule: cosine");
    assert!(shared.contains("for 1 epoch, cosine schedule,"), "{shared}");
    let text = "experiment: train\ntask: digits-mlp\noptimizers: [adam: {schedule: {name: warmup-linear, steps: 9}}]\n\
                learning_rates: [0.01]\nepochs: 1\nseeds: 1\n";
    let own = panels(&drawn(text).pictures).to_string();
    assert!(own.contains("</svg> Adam, linear warm-up over 9 steps</li>"), "{own}");
}

/// In a table for programs each column holds words alone, or numbers and empty cells alone.
#[test]
fn a_column_of_numbers_holds_nothing_else() {
    let texts = [
        "experiment: gradients\ntask: digits-mlp\noptimizers: [adam]\nlearning_rate: 0.01\nsteps: 5\ndrawn: 5\nseeds: 2\n",
        "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.05\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 2\nseeds: 2\n",
    ];
    for (text, rows) in texts.into_iter().zip([5, 4]) {
        let data = data(&ran(text).0);
        assert_eq!(data.rows.len(), rows, "{data:?}");
        for row in &data.rows {
            assert_eq!(row.len(), data.head.len());
            assert!(
                row[0].parse::<f64>().is_err() && row[1..].iter().all(|cell| cell.parse::<f64>().is_ok()),
                "{row:?}"
            );
        }
    }
}

#[test]
fn paths_are_told_with_where_they_end() {
    let text = "experiment: trace\nobjective: rosenbrock\nstart: [-1.5, 1.5]\noptimizers: [adam, radam, sgd]\nlearning_rates: [0.01, 1]\nsteps: 60\n";
    let drawing =
        check(text, 6, &["Rosenbrock's function from (-1.5, 1.5), 60 steps. Of 6 paths, none come within", "diverge"]);
    assert!(!drawing.table.head.iter().any(|name| name.contains("Clipped")));
    let drawing = check(&format!("{text}clip: 5\n"), 6, &["gradients clipped to the norm 5."]);
    assert!(drawing.table.head.iter().any(|name| name.contains("Clipped")));
    let text = text.replace("rosenbrock", "quadratic").replace("[0.01, 1]", "[0.2]");
    check(
        &text,
        3,
        &[
            "Of 3 paths, 3 come within 0.001 of the least value, the fastest of them SGD at learning rate 0.2 after",
            "none leave",
            "none diverge",
        ],
    );
}

#[test]
fn scatter_is_told_beside_its_closed_form() {
    let text = "experiment: variance\ncurvatures: [1, 0.1]\nlearning_rate: 0.5\nsteps: 100\nseeds: 300\n";
    let drawing = check(text, 4, &["300 descents", "standard errors", "In the limit", "at curvature 1, "]);
    assert_eq!(drawing.table.rows[1][0], "Lookahead");
    check(&text.replace("0.5", "1e9"), 4, &["At none of these curvatures"]);
}

#[test]
fn a_run_that_is_not_finished_shows_the_curves_of_what_has_begun() {
    let text =
        "experiment: train\ntask: digits-mlp\noptimizers: [adam, radam]\nlearning_rates: [0.01]\nepochs: 4\nseeds: 2\n";
    let spec = Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0).0.unwrap().spec;
    let curve = |points: usize| lab::Run {
        optimizer: 0,
        learning_rate: 0.01,
        seed: 0,
        diverged_at: None,
        train_loss: vec![1.0; points],
        test_loss: vec![1.0; points],
        test_accuracy: vec![0.5; points],
    };
    for points in [1, 3] {
        let pictures = draw_partial(&spec, &Outcome::Train(vec![curve(points)]), "so-far");
        let [picture] = pictures.as_slice() else { panic!("{pictures:?}") };
        let svg = picture.file().to_string();
        assert!(
            svg.contains("Median test error so far at learning rate 0.01: Adam 50.0 %, RAdam has not begun."),
            "{svg}"
        );
    }
    assert!(draw_partial(&spec, &Outcome::Trace(Vec::new()), "so-far").is_empty());
}

const FLIES_AWAY: &str = "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [sgd, radam]\n\
                          learning_rates: [0.01]\nsteps: 20\nfigures: [paths, values, table]\n";

#[test]
fn values_that_fly_away_are_whole_in_the_data_and_marked_in_the_picture() {
    let drawing = drawn(FLIES_AWAY);
    assert!(drawing.caption.contains("Values above 10⁶ are drawn at the upper edge"), "{}", drawing.caption);
    let values = drawing.pictures.iter().find(|picture| picture.name() == "values-0.01").unwrap();
    let csv = values.data().csv();
    // By hand from (−2, 2): the gradient is (−1606, −400), so step 1 is at (14.06, 6), and so on.
    for value in ["SGD,1,3674430", "SGD,2,1.34367e18", "SGD,3,6.21044e52"] {
        assert!(csv.contains(value), "{csv}");
    }
    let svg = values.file().to_string();
    assert!(svg.contains("SGD at learning rate 0.01: diverged at step 5"), "the description says which: {svg}");
    assert!(svg.contains("\nruns diverged\n"), "and a key explains the cross: {svg}");
}

#[test]
fn a_method_looks_alike_in_every_figure() {
    let looks = |optimizers: &str| {
        let text = format!(
            "experiment: train\ntask: digits-mlp\noptimizers: [{optimizers}]\nlearning_rates: [0.01]\nepochs: 1\nseeds: 1\n"
        );
        let (experiment, problems) = Experiment::parse(&SourceFile::new("lab.yaml", text.as_str()), &text, 0);
        let Spec::Train(spec) = experiment.unwrap_or_else(|| panic!("{problems:?}")).spec else { panic!("{text}") };
        paint::looks(&spec.optimizers).iter().map(|look| look.mark()).collect::<Vec<usize>>()
    };
    assert_eq!(looks("sgd, adam, radam"), [0, 1, 2]);
    assert_eq!(looks("radam, adam"), [2, 1]);
    let variants = looks("radam: {beta2: 0.99}, radam: {beta2: 0.999}, radam: {beta2: 0.9999}");
    assert_eq!(variants[..2], [2, 8], "the second one shares the colour");
    assert!(!variants[..2].contains(&variants[2]));
}

#[test]
fn an_optimizer_that_diverges_at_every_rate_is_in_the_legend() {
    let text = |optimizers: &str| {
        format!(
            "experiment: train\ntask: digits-mlp\noptimizers: [{optimizers}]\nlearning_rates: [100000, 1000000]\n\
             epochs: 2\nbatch: 500\nseeds: 2\nfigures: [best]\n"
        )
    };
    let both = drawn(&text("sgd: {momentum: 0.9}, adam")).pictures[0].file().to_string();
    assert!(both.contains("SGD with momentum 0.9: diverged at every rate"), "{both}");
    let alone = drawn(&text("sgd: {momentum: 0.9}")).pictures[0].file().to_string();
    assert!(alone.contains("Median test error after 2 epochs: SGD with momentum 0.9 diverged at every learning rate."));
}

#[test]
fn one_is_singular_and_the_table_for_programs_has_numbers_alone() {
    let (record, experiment) =
        ran("experiment: train\ntask: digits-mlp\noptimizers: [sgd, adam]\nlearning_rates: [0.1, 100000]\nepochs: 1\n\
         batch: 500\nseeds: 1\nfigures: [curves, sensitivity, table]\n");
    let (drawing, data) = (draw(&record, &experiment, "figure-1"), data(&record));
    let pictures: String = drawing.pictures.iter().map(|picture| picture.file().to_string()).collect();
    let all = format!("{} {} {pictures}", drawing.caption, drawing.table.caption);
    for plural in ["1 epochs", "1 seeds", "1 steps"] {
        assert!(!all.contains(plural), "{plural}");
    }
    for row in &data.rows {
        // The name of the method, and whether its rate is the best one, are words.
        for (column, cell) in row.iter().enumerate().filter(|(column, _)| ![0, 2].contains(column)) {
            assert!(cell.is_empty() || cell.parse::<f64>().is_ok(), "{}: {cell}", data.head[column]);
        }
    }
}

#[test]
fn a_figure_has_one_legend_and_its_charts_the_same_frame() {
    let text = "experiment: train\ntask: digits-mlp\noptimizers: [sgd, adam]\nlearning_rates: [0.01, 1e9]\nepochs: 2\n\
                batch: 500\nseeds: 2\nfigures: [curves, rates]\n";
    let pictures = drawn(text).pictures;
    let names: Vec<&str> = pictures.iter().map(|picture| picture.name()).collect();
    let rates = ["rates-1-loss", "rates-1-accuracy", "rates-2-loss", "rates-2-accuracy"];
    assert_eq!(names, [&["curves-0.01", "curves-1000000000"], &rates[..]].concat());
    let page = panels(&pictures).to_string();
    let (legend, charts) = page.split_once("</ul>").unwrap();
    for name in ["SGD", "Adam", "learning rate 0.01", "learning rate 1e9", "runs diverged"] {
        assert_eq!(legend.matches(&format!("</svg> {name}</li>")).count(), 1, "{name}: {legend}");
        assert!(!charts.contains(&format!("\n{name}\n")), "{name} stands in a chart again");
    }
    let boxes: Vec<&str> = charts.split("viewBox=\"").skip(1).step_by(2).map(|rest| &rest[..15]).collect();
    assert!(boxes.len() == 6 && boxes.iter().all(|found| *found == boxes[0]), "{boxes:?}");
    let data = pictures[2].data();
    assert_eq!(data.head[..3], ["line", "epoch", "training loss"]);
    assert_eq!(
        (data.rows[0][0].as_str(), data.rows[0][1].as_str()),
        ("learning rate 0.01", "1"),
        "the first epoch, not before it"
    );
}

#[test]
fn more_lines_than_five_become_small_multiples() {
    let text = |optimizers: &str| {
        format!(
            "experiment: train\ntask: digits-mlp\noptimizers: [{optimizers}]\nlearning_rates: [0.01]\nepochs: 2\n\
             batch: 500\nseeds: 1\nfigures: [curves]\n"
        )
    };
    let grey = |optimizers: &str| {
        let picture = drawn(&text(optimizers)).pictures.remove(0);
        picture.file().as_str().matches("stroke=\"#B3AD9F\"").count()
    };
    assert_eq!(grey("sgd, adam, adamw, radam, ranger"), 0);
    // Six planes, in each of which all six stand behind the one that is meant.
    assert_eq!(grey("sgd, adam, adamw, radam, ranger, lion"), 36);
}

#[test]
fn differences_are_paired_and_from_the_best_at_the_same_rate() {
    let text =
        "experiment: train\ntask: digits-mlp\noptimizers: [sgd, adam]\nlearning_rates: [0.01]\nepochs: 2\nseeds: 3\n";
    let (record, experiment) = ran(text);
    let View::Train(_, runs) = record.view() else { panic!("{record:?}") };
    let last = |run: &lab::Run| *run.test_accuracy.last().unwrap();
    let differences: Vec<f64> = (0..3).map(|seed| last(&runs[seed]) - last(&runs[3 + seed])).collect();
    let mean = 100.0 * differences.iter().sum::<f64>() / 3.0;
    assert!(mean < 0.0, "Adam is ahead here: {mean}");
    let column = draw(&record, &experiment, "").table.head.iter().position(|name| name.contains("Difference")).unwrap();
    let cells: Vec<String> =
        draw(&record, &experiment, "").table.rows.into_iter().map(|row| row[column].clone()).collect();
    assert!(cells[0].starts_with(&format!("{mean:+.1} (").replace('-', "−")), "{mean}: {cells:?}");
    assert_eq!(cells[1], "–", "none for the best itself");
}
