use super::super::kind::tests::{all_complain, complaints, digits, spec};
use super::super::run::run;
use super::super::spec::{Outcome, Spec};
use super::super::trainer::Trainer;
use super::*;

const BASE: &str = "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.1\n";
const SMALL: &str =
    "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.05\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 5\nseeds: 1\n";

fn read(text: &str) -> SurfaceSpec {
    match spec(text) {
        Spec::Surface(spec) => spec,
        other => panic!("{other:?}"),
    }
}

fn runs(text: &str) -> (SurfaceSpec, Vec<SurfaceRun>) {
    match run(&spec(text), &digits(), 2, &()).unwrap().outcome {
        Outcome::Surface(runs) => (read(text), runs),
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_those_of_the_documentation() {
    let spec = read(BASE);
    assert_eq!((spec.batch, spec.k, spec.alpha, spec.grid, spec.loops, spec.seeds), (16, 10, 0.5, 25, 100, 3));
    assert_eq!(spec.optimizer.method, Method::new(&SGD).with("momentum", 0.9));
    // The trained network makes 17 inner loops before the picture and 100 after it; what is drawn goes on from copies.
    assert_eq!(spec.scheduled_steps(), 117 * 10);
    // 82 steps an epoch, two epochs.
    assert_eq!(spec.warm_loops(), 17);
    let adam =
        read(&format!("{BASE}optimizer: adam: {{beta1: 0.8}}\n").replace("adam: {beta1: 0.8}", "{adam: {beta1: 0.8}}"));
    assert_eq!(adam.optimizer.name(), "adam");
    assert_eq!(spec.variants(), ["Lookahead (every 10 steps, α 0.5) around SGD, momentum 0.9"]);
}

#[test]
fn problems_stand_where_they_are() {
    all_complain(
        BASE,
        &[
            ("task: digits-mpl", "1:7 there is no task `digits-mpl`", "did you mean `digits-mlp`?"),
            ("optimizer: radm", "1:12 there is no optimizer `radm`", "did you mean `radam`?"),
            (
                "optimizer: ranger",
                "1:12 the surface shows Lookahead around a method, and `ranger` has slow",
                "sgd, adam or radam",
            ),
            ("optimizer: schedule-free", "1:12 the surface shows Lookahead around a method", "such as"),
            ("optimizers: [sgd]", "1:1 unknown key `optimizers` in an experiment", "did you mean `optimizer`?"),
            ("learning_rate: NaN", "1:16 expected a number above 0, found `NaN`", ""),
            ("learning_rate: -1", "1:16 expected a number above 0, found `-1`", ""),
            ("k: 0", "1:4 `0` is no number of steps of an inner loop", ""),
            ("k: 1", "1:4 expected at least two steps of an inner loop", "from 2 to 1000"),
            ("alpha: 0", "1:8 expected a number above 0 and at most 1, found `0`", ""),
            ("grid: 1", "1:7 expected at least two places along a side", "from 2 to 101"),
            ("grid: 500", "1:7 500 places along a side are more than the limit of 101", "smaller"),
            ("margin: -0.1", "1:9 expected a number of at least 0, found `-0.1`", ""),
            ("margin: 1e308", "1:9 `1e308` is above the limit of 10", "smaller number"),
            ("seeds: 0", "1:8 `0` is no number of seeds", ""),
            ("loops: 0", "1:8 `0` is no number of inner loops", ""),
        ],
    );
}

#[test]
fn what_is_too_large_is_told_with_its_limit() {
    let found =
        complaints(&format!("{}seeds: 100\nwarm_epochs: 1000", BASE.replace("digits-mlp", "mnist-mlp")), "batch: 1");
    assert!(
        found[0].0.contains("100 runs of 600") && found[0].0.contains("where the limit is 20000 billion"),
        "{found:?}"
    );
    let found = complaints(&format!("{BASE}seeds: 30"), "grid: 101");
    assert!(found[0].0.contains("the result of this experiment is too large: it would hold 6"), "{found:?}");
    assert!(found[0].1.contains("smaller grid"), "{found:?}");
}

#[test]
fn cost_by_hand() {
    // 82 steps before, as 21 loops of 4; 3 loops for the picture and 3 measured; 25 places, 4 tracks of 5 + 3 + 5 + 5
    // weights, 7 levels.
    let spec = read(SMALL);
    let (steps, evaluations) = ((21 + 6) * 4, 25 + 18 + 7);
    let multiply_adds = steps * 16 * (3 * 3392 - 2048) + evaluations * 1797 * 3392;
    let numbers = 2 * 25 + 2 * 5 + 5 * 18 + 4 * 7;
    assert_eq!(spec.cost(), Cost { steps: steps + 25, multiply_adds, numbers });
}

/// The same training by the optimizer [`crate::optim::Lookahead`]: its weights after each of so many steps, and its
/// slow weights.
fn by_lookahead(spec: &SurfaceSpec, steps: u64) -> Vec<(Vec<f32>, Vec<f32>)> {
    let data = digits();
    let set = data.get(spec.task.data).unwrap();
    let (mut trainer, mut theta) = Trainer::new(spec.task, &set, 0, spec.batch);
    let lookahead = Method::named("lookahead").unwrap().with("k", spec.k).with("alpha", spec.alpha);
    let mut method = lookahead.with("inner", spec.optimizer.method.clone()).start(&theta);
    let mut after = vec![(theta.clone(), theta.clone())];
    for _ in 0..steps {
        trainer.gradient(&theta);
        method.step(&mut theta, &trainer.gradient, spec.learning_rate);
        after.push((theta.clone(), method.eval_params(&theta).to_vec()));
    }
    after
}

#[test]
fn loops_are_those_of_lookahead() {
    let (spec, runs) = runs(SMALL);
    let run = &runs[0];
    let (warm, k) = (spec.warm_loops() * spec.k, spec.k as usize);
    let weights = by_lookahead(&spec, warm + 3 * spec.k);
    let data = digits();
    let set = data.get(spec.task.data).unwrap();
    let (mut trainer, _) = Trainer::new(spec.task, &set, 0, spec.batch);
    assert_eq!((run.slow.train_loss.len(), run.fast.train_loss.len(), run.diverged_at), (4, 3, None));
    for index in 0..=3 {
        let scores = trainer.evaluate(&weights[warm as usize + index * k].1, || Ok(())).unwrap();
        let expected = (scores.train.loss as f32, scores.test.accuracy);
        assert_eq!((run.slow.train_loss[index], run.slow.test_accuracy[index]), expected, "loop {index}");
    }
    // The network has learned something before, so that there is something to see.
    assert!(run.slow.test_accuracy[0] > 0.5, "{:?}", run.slow);
    assert_ne!(run.fast.train_loss[0], run.slow.train_loss[1]);
}

#[test]
fn the_picture_is_of_the_first_loop() {
    let (spec, runs) = runs(SMALL);
    let picture = runs[0].picture.as_ref().unwrap();
    let Picture { fast, slow, inner, next, .. } = picture;
    assert_eq!((fast.x.len(), slow.x.len(), inner.x.len(), next.x.len()), (5, 3, 5, 5));
    // The plane goes through the first, the middle and the last fast weights: f32 rounding is far below their distance.
    let length = fast.x[4];
    assert!(length > 1e-3 && (fast.x[0], fast.y[0], fast.off[0]) == (0.0, 0.0, 0.0));
    for index in [2, 4] {
        assert!(fast.off[index] < 1e-6 * length, "{fast:?}");
    }
    assert!(fast.y[4].abs() < 1e-6 * length && fast.y[2] > 0.0 && fast.off[1] > 1e-3 * length, "{fast:?}");
    // The slow weights lie on the line from first to last, a share of α on the way.
    assert!((slow.x[1] - 0.5 * length).abs() < 1e-6 * length && slow.off[1] < 1e-6 * length, "{slow:?}");
    // Both branches start where they should, and go elsewhere.
    assert_eq!((inner.x[0], next.x[0], next.y[0]), (fast.x[4], slow.x[1], slow.y[1]));
    assert!(inner.off[4] > 1e-3 * length && next.off[4] > 1e-3 * length);
    // Accuracies on the tracks are those that were measured.
    let run = &runs[0];
    assert_eq!((fast.test_accuracy[4], slow.test_accuracy[1]), (run.fast.test_accuracy[0], run.slow.test_accuracy[1]));
    assert_eq!((slow.test_accuracy[2], next.test_accuracy[4]), (run.slow.test_accuracy[2], run.fast.test_accuracy[1]));
    // The grid holds all of it and the margin of a fifth on each side.
    let all: Vec<f64> = [fast, slow, inner, next].iter().flat_map(|track| track.x.clone()).collect();
    let (low, high) = all.iter().fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
    let margin = spec.margin * (high - low);
    assert!((picture.x[0] - (low - margin)).abs() < 1e-12 && (picture.x[4] - (high + margin)).abs() < 1e-12);
    assert!(picture.y.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn the_surface_is_that_of_the_plane() {
    let (spec, runs) = runs(SMALL);
    let picture = runs[0].picture.as_ref().unwrap();
    let weights = by_lookahead(&spec, (spec.warm_loops() + 1) * spec.k);
    let warm = (spec.warm_loops() * spec.k) as usize;
    let middle = &weights[warm + 2].0;
    // The last fast weights of the loop are hidden by the synchronisation: φ₁ = φ₀ + ½·(θ − φ₀).
    let (first, slow) = (&weights[warm].1, &weights[warm + 4].1);
    let last: Vec<f32> = first.iter().zip(slow).map(|(first, slow)| 2.0 * slow - first).collect();
    let plane = plane::Plane::through(first, middle, &last).unwrap();
    let data = digits();
    let set = data.get(spec.task.data).unwrap();
    let (mut trainer, _) = Trainer::new(spec.task, &set, 0, spec.batch);
    let mut different = 0;
    for (row, y) in picture.y.iter().enumerate() {
        for (column, x) in picture.x.iter().enumerate() {
            let scores = trainer.evaluate(&plane.at(*x, *y), || Ok(())).unwrap();
            let found = picture.test_accuracy[row * 5 + column];
            // The last weights are known to a rounding here, which may tip a row or two of 500.
            assert!((found - scores.test.accuracy).abs() <= 0.0041, "{x} {y}: {found} {}", scores.test.accuracy);
            different += usize::from((found - picture.fast.test_accuracy[0]).abs() > 0.01);
        }
    }
    assert!(different > 5, "the surface is not flat: {:?}", picture.test_accuracy);
}

#[test]
fn a_divergence_is_a_result() {
    let (spec, runs) = runs(&SMALL.replace("0.05", "1e30"));
    let run = &runs[0];
    assert!(run.diverged_at.is_some_and(|step| step <= 4) && run.picture.is_none(), "{run:?}");
    assert!(run.slow.train_loss.is_empty() && run.fast.train_loss.is_empty() && spec.is_whole(run));
}
