//! The schedule-free methods: by hand, against the paper, and by algebra.

use super::papers::{LR, averages, largest_difference};
use crate::optim::*;

/// θ and the average after each step of one parameter from `start`, with the given gradients and rates.
fn path(mut method: impl Optimizer<f64>, start: f64, steps: &[(f64, f64)]) -> Vec<[f64; 2]> {
    let mut theta = [start];
    let step = |(g, lr): &(f64, f64)| {
        method.step(&mut theta, &[*g], *lr);
        [theta[0], method.eval_params(&theta)[0]]
    };
    steps.iter().map(step).collect()
}

#[track_caller]
fn near(found: &[[f64; 2]], expected: &[[f64; 2]]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
        assert!((found - expected).abs() <= 1e-14 * (1.0 + expected.abs()), "{found} {expected}");
    }
}

#[test]
fn sgd_by_hand() {
    let config = ScheduleFreeSgdConfig { beta1: 0.5, weight_decay: 0.0 };
    // z = −1, −2, −3; c = 1, ½, ⅓; x = −1, −3/2, −2; y halfway between them.
    let found = path(ScheduleFreeSgd::new(config, &[0.0]), 0.0, &[(1.0, 1.0); 3]);
    near(&found, &[[-1.0, -1.0], [-1.75, -1.5], [-2.5, -2.0]]);
    // Rates 1, 2, 1: z = −1, −3, −4; c = 1, 4/5, 1/6; x = −1, −13/5, −17/6.
    let found = path(ScheduleFreeSgd::new(config, &[0.0]), 0.0, &[(1.0, 1.0), (1.0, 2.0), (1.0, 1.0)]);
    near(&found, &[[-1.0, -1.0], [-2.8, -2.6], [-41.0 / 12.0, -17.0 / 6.0]]);
    // Decay ½ at y, from 4: z = 4 − (0 + 2) = 2 = x = y, then z = 2 − (2 + 1) = −1, x = ½, y = −¼, then z = −1 + ⅛, x
    // = 1/24.
    let decayed = ScheduleFreeSgdConfig { weight_decay: 0.5, ..config };
    let found = path(ScheduleFreeSgd::new(decayed, &[4.0]), 4.0, &[(0.0, 1.0), (2.0, 1.0), (0.0, 1.0)]);
    near(&found, &[[2.0, 2.0], [-0.25, 0.5], [-5.0 / 12.0, 1.0 / 24.0]]);
}

#[test]
fn the_first_step_of_adamw_depends_on_where_the_correction_is() {
    // v = (1 − β₂)·g². In the rate: √(1 − β₂)·g / (√(1 − β₂)·|g| + ε); in v̂: g / (|g| + ε).
    for g in [1.0, -1e-4, 1e-7] {
        let root = 0.001_f64.sqrt();
        for (correction, expected) in [
            (Correction::Rate, -0.01 * root * g / (root * g.abs() + 1e-8)),
            (Correction::Vhat, -0.01 * g / (g.abs() + 1e-8)),
        ] {
            let config = ScheduleFreeAdamWConfig { correction, ..ScheduleFreeAdamWConfig::default() };
            let [[theta, average]] = path(ScheduleFreeAdamW::new(config, &[0.0]), 0.0, &[(g, 0.01)])[..] else {
                panic!()
            };
            assert!((theta / expected - 1.0).abs() < 1e-12, "{g} {correction:?}: {theta} {expected}");
            assert_eq!(theta, average, "the first average is its only member");
        }
    }
}

/// Equation 23 written out: x is the mean of all z after the first, weighed by γ². Gives y of the last step.
fn y(beta: f64, z: &[f64], gammas: &[f64]) -> f64 {
    let sum: f64 = gammas.iter().map(|gamma| gamma * gamma).sum();
    let x = z[1..].iter().zip(gammas).map(|(z, gamma)| gamma * gamma * z).sum::<f64>() / sum;
    (1.0 - beta) * z[z.len() - 1] + beta * x
}

#[test]
fn sgd_is_the_paper() {
    for (order, start, lambda) in [(1.0, 0.0, 0.0), (1e-4, 0.0, 0.0), (1e-7, 0.0, 0.0), (1e-4, 1.0, 0.01)] {
        let (mut z, mut gammas) = (vec![start], Vec::new());
        let paper = |theta: f64, history: &[f64]| {
            z.push(z[z.len() - 1] - LR * (history[history.len() - 1] + lambda * theta));
            gammas.push(LR);
            y(0.9, &z, &gammas)
        };
        let config = ScheduleFreeSgdConfig { beta1: 0.9, weight_decay: lambda };
        let difference = largest_difference(ScheduleFreeSgd::new(config, &[start]), order, paper, start);
        assert!(difference <= 1e-11, "{order} {start} {lambda}: {difference:e}");
    }
}

#[test]
fn adamw_is_algorithm_1() {
    let cases = [(1.0, 0.0, 0.0), (1e-4, 0.0, 0.0), (1e-7, 0.0, 0.0), (1e-4, 1.0, 0.01)];
    for (correction, (order, start, lambda)) in
        [Correction::Rate, Correction::Vhat].into_iter().flat_map(|c| cases.map(|case| (c, case)))
    {
        let (mut z, mut gammas) = (vec![start], Vec::new());
        let paper = |theta: f64, history: &[f64]| {
            let (g, bias) = (history[history.len() - 1], 1.0 - 0.999_f64.powi(history.len() as i32));
            let averages = averages(history, 0.9, 0.999);
            let (gamma, root) = match correction {
                Correction::Rate => (LR * bias.sqrt(), averages.v.sqrt()),
                Correction::Vhat => (LR, averages.v_hat.sqrt()),
            };
            z.push(z[z.len() - 1] - gamma * g / (root + 1e-8) - gamma * lambda * theta);
            gammas.push(gamma);
            y(0.9, &z, &gammas)
        };
        let config = ScheduleFreeAdamWConfig { weight_decay: lambda, correction, ..ScheduleFreeAdamWConfig::default() };
        let difference = largest_difference(ScheduleFreeAdamW::new(config, &[start]), order, paper, start);
        assert!(difference <= 1e-11, "{correction:?} {order} {start} {lambda}: {difference:e}");
    }
}

#[test]
fn at_its_ends_beta_is_two_known_methods() {
    let gradients: Vec<(f64, f64)> = (0..200).map(|t| ((0.7 * f64::from(t)).sin() + 0.2, 0.01)).collect();
    let run =
        |beta1| path(ScheduleFreeSgd::new(ScheduleFreeSgdConfig { beta1, weight_decay: 0.0 }, &[3.0]), 3.0, &gradients);
    let (mut z, mut sum) = (3.0, 0.0);
    for (t, ([polyak, average], [primal, same])) in run(0.0).into_iter().zip(run(1.0)).enumerate() {
        z -= gradients[t].1 * gradients[t].0;
        sum += z;
        assert_eq!(polyak, z, "at 0 the steps are those of SGD");
        assert!((average - sum / (t + 1) as f64).abs() < 1e-13, "and it is judged at their mean");
        assert_eq!(average, same, "which does not depend on β, given the gradients");
        assert!((primal - same).abs() < 1e-15, "at 1 gradients are taken there");
    }
}

#[test]
fn without_gradients_nothing_moves() {
    let start = [0.1, -1e-300, 1e300, 1.0 / 3.0];
    let methods: [Box<dyn Optimizer<f64>>; 2] = [
        Box::new(ScheduleFreeSgd::new(ScheduleFreeSgdConfig::default(), &start)),
        Box::new(ScheduleFreeAdamW::new(ScheduleFreeAdamWConfig::default(), &start)),
    ];
    for mut method in methods {
        let mut theta = start;
        for t in 0..100 {
            // A schedule may be at 0, also at its first step.
            method.step(&mut theta, &[0.0; 4], 0.01 * f64::from(t));
            assert_eq!((theta, method.eval_params(&theta)), (start, &start[..]));
        }
    }
}
