use super::super::kind::tests::{all_complain, complaints, spec};
use super::super::run::run;
use super::super::spec::{Outcome, Spec};
use super::*;
use crate::lab::Datasets;

const BASE: &str = "experiment: variance\ncurvatures: [1, 0.5]\nlearning_rate: 0.1\n";

fn read(text: &str) -> VarianceSpec {
    match spec(text) {
        Spec::Variance(spec) => spec,
        other => panic!("{other:?}"),
    }
}

fn runs(text: &str) -> (VarianceSpec, Vec<VarianceRun>) {
    match run(&spec(text), &Datasets::default(), 2, &()).unwrap().outcome {
        Outcome::Variance(runs) => (read(text), runs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let spec = read(BASE);
    assert_eq!((spec.sigma, spec.k, spec.alpha, spec.start, spec.steps, spec.seeds), (1.0, 5, 0.5, 1.0, 1000, 2000));
    assert_eq!(read(&format!("{BASE}k: 7\n")).steps, 1001, "whole inner loops");
}

#[test]
fn problems_stand_where_they_are() {
    all_complain(
        BASE,
        &[
            ("curvatures: []", "1:13 the list of curvatures is empty", "[1, 0.1]"),
            ("curvatures: [1, -1]", "1:17 expected a number above 0, found `-1`", ""),
            ("curvatures: [1, 1.0]", "1:17 the curvature 1 stands here twice", "leave one"),
            ("learning_rate: 0", "1:16 expected a number above 0, found `0`", ""),
            ("learning_rate: .nan", "1:16 expected a number above 0, found `.nan`", ""),
            ("sigma: NaN", "1:8 expected a number above 0, found `NaN`", ""),
            ("start: 1e308", "1:8 expected a number from -1000000 to 1000000, found `1e308`", "another value"),
            ("sigma: 1e200", "1:8 `1e200` is above the limit of 1000000", "smaller number"),
            ("curvatures: [1e7]", "1:14 `1e7` is above the limit of 1000000", "smaller number"),
            ("alpha: 0", "1:8 expected a number above 0 and at most 1, found `0`", ""),
            ("alpha: 1.5", "1:8 expected a number above 0 and at most 1, found `1.5`", ""),
            ("k: 0", "1:4 `0` is no number of steps of an inner loop", "from 1"),
            ("seeds: 0", "1:8 `0` is no number of seeds", ""),
            ("seeds: 1", "1:8 one seed has no variance", "from 2 to 100000"),
            ("steps: 1002", "1:8 1002 steps are no whole number of inner loops of 5", "write 1000 or 1005"),
            ("steps: 3", "1:8 3 steps are no whole number of inner loops of 5", "write 5"),
            ("optimizers: [adam]", "1:1 unknown key `optimizers` in an experiment", "known keys are"),
            ("curvature: [1]", "1:1 unknown key `curvature` in an experiment", "did you mean `curvatures`?"),
        ],
    );
}

#[test]
fn what_is_too_large_is_told_with_its_limit() {
    let found = complaints(&format!("{BASE}seeds: 100000"), "steps: 1000000");
    assert!(found[0].0.contains("400000 runs of 1000000 steps, about 440000 billion"), "{found:?}");
    let found = complaints(&format!("{BASE}seeds: 2\nk: 1"), "steps: 1000000");
    assert!(found[0].0.contains("it would hold 8000008 numbers, where the limit is 500000"), "{found:?}");
    assert!(found[0].1.contains("fewer steps"), "{found:?}");
}

#[test]
fn the_closed_form_by_hand() {
    // γa = ½, σ = 2: V_SGD = ½·4/1.5 = 4/3. k 2, α ½: r^k = ¼, r^2k = 1/16; own = ¼·15/16, mixed = ½·¾; 15/64 :
    // (15/64 + 24/64) = 15/39.
    let text = "experiment: variance\ncurvatures: [5]\nlearning_rate: 0.1\nsigma: 2\nk: 2\nsteps: 4\n";
    let spec = read(text);
    let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-14, "{found} {expected}");
    near(spec.limit(5.0, VarianceMethod::Sgd).unwrap(), 4.0 / 3.0);
    near(spec.limit(5.0, VarianceMethod::Lookahead).unwrap(), 15.0 / 39.0 * 4.0 / 3.0);
    // One step has γ²a²σ² = 1, two have 1 + ¼; half of the way of such a loop has a quarter of it.
    near(spec.expected(5.0, VarianceMethod::Sgd, 1), 1.25);
    near(spec.expected(5.0, VarianceMethod::Lookahead, 1), 1.25 / 4.0);
    // q = ½ + ½·¼ = 5/8.
    near(spec.expected(5.0, VarianceMethod::Lookahead, 2), 1.25 / 4.0 * (1.0 + 25.0 / 64.0));
    assert_eq!(spec.limit(20.0, VarianceMethod::Sgd), None, "|1 − γa| = 1");
    near(spec.expected(20.0, VarianceMethod::Sgd, 3), 6.0 * 16.0);
}

#[test]
fn the_closed_form_runs_into_its_limit() {
    let mut seen = 0;
    for (rate, k, alpha) in [(0.1, 5, 0.5), (0.9, 3, 0.2), (1.9, 4, 0.8), (0.03, 10, 1.0)] {
        let spec = VarianceSpec { learning_rate: rate, k, alpha, ..read(BASE) };
        for method in [VarianceMethod::Sgd, VarianceMethod::Lookahead] {
            let (limit, late) = (spec.limit(1.0, method).unwrap(), spec.expected(1.0, method, 100_000));
            assert!((late / limit - 1.0).abs() < 1e-9, "{rate} {k} {alpha}: {late} {limit}");
            seen += 1;
        }
        let ratio = spec.limit(1.0, VarianceMethod::Lookahead).unwrap() / spec.limit(1.0, VarianceMethod::Sgd).unwrap();
        assert!(if alpha < 1.0 { ratio < 0.999 } else { (ratio - 1.0).abs() < 1e-12 }, "{ratio}");
    }
    assert_eq!(seen, 8);
}

#[test]
fn measured_variances_meet_the_closed_form() {
    let (spec, runs) =
        runs("experiment: variance\ncurvatures: [1, 0.3, 5]\nlearning_rate: 0.3\nsigma: 2\nsteps: 60\nseeds: 20000\n");
    assert_eq!(runs.len(), 6);
    for run in &runs {
        assert_eq!((run.variance.len(), run.variance[0], run.mean[0], run.diverged_at), (13, 0.0, 1.0, None));
        for (loops, (variance, mean)) in run.variance.iter().zip(&run.mean).enumerate().skip(1) {
            let expected = spec.expected(run.curvature, run.method, loops as u64);
            // A standard error is 1 % with so many seeds; 72 values stay within four of them.
            let (error, variance_error) = ((expected / 20_000.0).sqrt(), expected * 0.01);
            assert!((variance - expected).abs() < 4.0 * variance_error, "{run:?} {loops}: {expected}");
            let r: f64 = 1.0 - 0.3 * run.curvature;
            let factor = match run.method {
                VarianceMethod::Sgd => r.powi(5),
                VarianceMethod::Lookahead => 0.5 + 0.5 * r.powi(5),
            };
            assert!((mean - factor.powi(loops as i32)).abs() < 4.0 * error, "{run:?} {loops}");
        }
        assert!(run.deviation(&spec).unwrap().abs() < 4.0);
    }
    // Lookahead's is the smaller by far more than the error: at curvature 1 the formula gives a third.
    assert!(runs[1].variance[12] < 0.5 * runs[0].variance[12]);
}

#[test]
fn both_methods_see_the_same_noise_whatever_their_company() {
    let text = |curvatures: &str| {
        format!(
            "experiment: variance\ncurvatures: {curvatures}\nlearning_rate: 0.1\nalpha: 1\nk: 2\nsteps: 8\nseeds: 50\n"
        )
    };
    let (_, many) = runs(&text("[1, 0.5]"));
    let (_, one) = runs(&text("[0.5]"));
    assert_eq!(many[2..], one[..]);
    // With α = 1 Lookahead is descent, to a rounding.
    for (a, b) in one[0].variance.iter().zip(&one[1].variance) {
        assert!((a - b).abs() <= 1e-14 * a, "{a} {b}");
    }
}

#[test]
fn a_divergence_is_a_result() {
    let (spec, runs) = runs("experiment: variance\ncurvatures: [1]\nlearning_rate: 1e9\nsteps: 100\nseeds: 3\n");
    for run in &runs {
        let step = run.diverged_at.unwrap();
        assert!(
            step % 5 == 0 && run.mean.len() as u64 == step / 5 && run.limit.is_none() && spec.is_whole(run),
            "{run:?}"
        );
    }
}
