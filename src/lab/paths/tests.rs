use super::super::kind::tests::{all_complain, complaints, spec};
use super::super::run::run;
use super::super::spec::{Outcome, Spec};
use super::super::trace::{TraceSpec, trace};
use super::*;
use crate::diagnostics::SourceFile;
use crate::lab::Datasets;

const BASE: &str = "experiment: trace\nobjective: beale\nstart: [1, 1]\noptimizers: [sgd]\nlearning_rates: [0.01]\n";

fn read(text: &str) -> PathsSpec {
    match spec(text) {
        Spec::Trace(spec) => spec,
        other => panic!("{other:?}"),
    }
}

fn paths(text: &str) -> Vec<Path> {
    match run(&spec(text), &Datasets::default(), 2, &()).unwrap().outcome {
        Outcome::Trace(paths) => paths,
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let spec = read(BASE);
    assert_eq!((spec.objective, spec.start, spec.steps), (Objective::Beale, [1.0, 1.0], 200));
    assert_eq!((spec.clip, spec.tolerance, spec.runs()), (None, 1e-3, 1));
    assert_eq!(read(&BASE.replace("beale", "quadratic")).objective, Objective::Quadratic { dim: 2 });
}

#[test]
fn problems_stand_where_they_are() {
    all_complain(
        BASE,
        &[
            ("objective: rosenbrok", "1:12 there is no objective `rosenbrok`", "did you mean `rosenbrock`?"),
            (
                "objective: {name: quadratic, dim: 3}",
                "1:12 paths are drawn over two parameters, and the objective has 3",
                "dim: 2",
            ),
            ("start: [1, 2, 3]", "1:8 the objective has 2 parameters, and the start has 3", "one number for each"),
            ("start: [1, .nan]", "1:12 expected a number from -1000000 to 1000000, found `.nan`", ""),
            ("start: [1e200, 1]", "1:9 expected a number from -1000000 to 1000000, found `1e200`", "another value"),
            ("clip: 1e300", "1:7 `1e300` is above the limit of 1e30", "smaller number"),
            ("optimizers: [radm]", "1:14 there is no optimizer `radm`", "did you mean `radam`?"),
            ("learning_rates: [-1]", "1:18 expected a number above 0, found `-1`", ""),
            ("steps: 0", "1:8 `0` is no number of steps", ""),
            ("clip: 0", "1:7 expected a number above 0, found `0`", ""),
            ("tolerance: inf", "1:12 expected a number above 0, found `inf`", ""),
            ("optimizers: [lookahead: {k: 0}]", "1:29 `0` is no number of steps between synchronisations", "from 1"),
            ("seeds: 3", "1:1 unknown key `seeds` in an experiment", "known keys are"),
            ("figures: [path]", "1:11 `path` is none of: paths, values, table", "did you mean `paths`?"),
        ],
    );
}

#[test]
fn what_is_too_large_is_told_with_its_limit() {
    let found = complaints(BASE, "steps: 100000");
    assert!(found[0].0.contains("it would hold 500009 numbers, where the limit is 500000"), "{found:?}");
    assert!(found[0].1.contains("fewer steps"), "{found:?}");
}

#[test]
fn a_path_is_the_trace_of_the_same_descent() {
    let text = "objective: rosenbrock\nstart: [-2, 2]\noptimizer: {name: ranger, lr: 0.001}\nsteps: 50\n";
    let points = trace(&TraceSpec::parse(&SourceFile::new("trace.yaml", text), text).0.unwrap()).points;
    let text = "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [ranger]\n\
                learning_rates: [0.001]\nsteps: 50\n";
    let path = &paths(text)[0];
    let expected: Vec<[f64; 2]> = points.iter().map(|point| [point.params[0], point.params[1]]).collect();
    assert_eq!((path.points.len(), &path.points), (51, &expected));
    // Judged at the slow weights, which move at every sixth step.
    assert_eq!((path.judged[5], path.judged[6], path.values[5]), ([-2.0, 2.0], path.points[6], 409.0));
    assert_eq!(path.values[6], points[6].value);
}

#[test]
fn leaving_arriving_and_clipping_by_hand() {
    // ½·x² + 2·y², rate ¼: x ← ¾·x, y ← 0. Values 10, 4.5, 2.53125, 1.423828125.
    let base =
        "experiment: trace\nobjective: quadratic\nstart: [4, 1]\noptimizers: [sgd]\nlearning_rates: [0.25]\nsteps: 3\n";
    let path = &paths(&format!("{base}tolerance: 3\n"))[0];
    assert_eq!(path.points, [[4.0, 1.0], [3.0, 0.0], [2.25, 0.0], [1.6875, 0.0]]);
    assert_eq!(path.values, [10.0, 4.5, 2.53125, 1.423_828_125]);
    assert_eq!((path.reached_at, path.left_at, path.diverged_at, path.clipped), (Some(2), None, None, 0));
    assert!(path.judged.is_empty());
    // The first gradient is (4, 4), of length √32, the second (4·(1 − 1/(4√32))…): both are shortened to 1.
    let clipped = &paths(&format!("{base}clip: 1\n"))[0];
    let share = 0.25 / 2.0_f64.sqrt();
    assert!(
        (clipped.points[1][0] - (4.0 - share)).abs() < 1e-15 && (clipped.points[1][1] - (1.0 - share)).abs() < 1e-15
    );
    assert_eq!((clipped.clipped, clipped.reached_at), (3, None));
    let unclipped = &paths(&format!("{base}clip: 100\n"))[0];
    assert_eq!((unclipped.clipped, &unclipped.points), (0, &path.points));
}

#[test]
fn radam_leaves_rosenbrocks_domain_where_adam_does_not() {
    // The first step of RAdam is momentum: θ − 0.01·(−1606, −400) = (14.06, 6).
    let base =
        "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [adam, radam]\nlearning_rates: [0.01]\n";
    let found = paths(base);
    assert_eq!((found[0].left_at, found[1].left_at), (None, Some(1)));
    assert!((found[1].points[1][0] - 14.06).abs() < 1e-12);
    let clipped = paths(&format!("{base}clip: 10\n"));
    assert_eq!(clipped[1].left_at, None);
    assert!(clipped[1].clipped > 0);
}

#[test]
fn a_divergence_is_a_result() {
    let text = "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [sgd]\n\
                learning_rates: [1, 0.0001]\nsteps: 40\n";
    let found = paths(text);
    let step = found[0].diverged_at.unwrap();
    assert!(step < 10 && found[0].points.len() as u64 == step && found[0].values.iter().all(|value| value.is_finite()));
    assert_eq!((found[1].diverged_at, found[1].points.len()), (None, 41));
    // Blocks do not start so far away; a record is whole even then.
    let far = Spec::Trace(PathsSpec { start: [1e200, 1.0], ..read(text) });
    let Outcome::Trace(far) = run(&far, &Datasets::default(), 1, &()).unwrap().outcome else { panic!() };
    assert_eq!((far[0].diverged_at, far[0].points.len()), (Some(0), 0));
}

#[test]
fn minima_and_domains_are_data() {
    let all = Objective::NAMES.map(|name| Objective::named(name, 2).unwrap());
    let mut seen = 0;
    for objective in all {
        for minimum in objective.minima() {
            let value = objective.value(minimum);
            assert!(
                (value - objective.minimum()).abs() < 1e-9 && objective.contains(*minimum),
                "{objective:?}: {value}"
            );
            let mut g = [1.0; 2];
            objective.gradient(minimum, &mut g);
            assert!(g.iter().all(|g| g.abs() < 1e-4), "{objective:?}: {g:?}");
            seen += 1;
        }
        let json = serde_json::to_string(&objective).unwrap();
        assert_eq!(serde_json::from_str::<Objective>(&json).unwrap(), objective);
        let outside = objective.domain().map(|[(low, _), (_, high)]| [low - 1e-9, high]);
        assert!(outside.is_none_or(|point| !objective.contains(point)));
    }
    assert_eq!(seen, 9);
    assert_eq!(serde_json::to_string(&all[5]).unwrap(), "\"styblinski-tang\"");
}
