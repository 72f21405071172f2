//! Sequences short enough to be worked out on paper.

use crate::optim::*;

/// Runs a method on one parameter with the given gradients and gives θ after each step.
fn path(mut method: impl Optimizer<f64>, start: f64, lr: f64, gradients: &[f64]) -> Vec<f64> {
    let mut theta = [start];
    let step = |g: &f64| {
        method.step(&mut theta, &[*g], lr);
        theta[0]
    };
    gradients.iter().map(step).collect()
}

#[test]
fn lookahead_goes_two_steps_forward_and_one_back() {
    // Fast 3 → 2 → 1, back halfway to 2; fast 2 → 1 → 0, back halfway to 1.
    let method = Lookahead::new(Sgd::new(SgdConfig::default(), 1), &[3.0], 2, 0.5);
    assert_eq!(path(method, 3.0, 1.0, &[1.0; 4]), [2.0, 2.0, 1.0, 1.0]);
}

#[test]
fn lookahead_is_evaluated_at_its_slow_weights() {
    let mut method = Lookahead::new(Sgd::new(SgdConfig::default(), 1), &[3.0], 2, 0.5);
    let mut theta = [3.0];
    let mut seen = vec![(theta[0], method.eval_params(&theta)[0])];
    for _ in 0..4 {
        method.step(&mut theta, &[1.0], 1.0);
        seen.push((theta[0], method.eval_params(&theta)[0]));
    }
    assert_eq!(seen, [(3.0, 3.0), (2.0, 3.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)]);
}

#[test]
fn lookahead_keeps_the_inner_momentum_when_it_synchronises() {
    // μ ½, g 1: velocities 1, 3/2, 7/4. With k = 2: θ 0 → −1 → −5/2, half the way: −5/4, then −5/4 − 7/4 = −3.
    let inner = Sgd::new(SgdConfig { momentum: 0.5, ..SgdConfig::default() }, 1);
    assert_eq!(path(Lookahead::new(inner, &[0.0], 2, 0.5), 0.0, 1.0, &[1.0; 3]), [-1.0, -1.25, -3.0]);
}

#[test]
fn sgd_in_its_variants() {
    let config =
        |momentum, dampening, nesterov, weight_decay| SgdConfig { momentum, dampening, nesterov, weight_decay };
    let sgd = |config| path(Sgd::new(config, 1), 1.0, 0.5, &[1.0, 1.0]);
    assert_eq!(sgd(config(0.0, 0.0, false, 0.0)), [0.5, 0.0]);
    // b = 1, 3/2.
    assert_eq!(sgd(config(0.5, 0.0, false, 0.0)), [0.5, -0.25]);
    // b = 1 (the first gradient is not dampened), then ½ + ¼ = ¾.
    assert_eq!(sgd(config(0.5, 0.75, false, 0.0)), [0.5, 0.125]);
    // d = 1 + ½ = 3/2, then 1 + ½·3/2 = 7/4.
    assert_eq!(sgd(config(0.5, 0.0, true, 0.0)), [0.25, -0.625]);
    // g = 1 + 2·1 = 3, then 1 + 2·(−½) = 0.
    assert_eq!(sgd(config(0.0, 0.0, false, 2.0)), [-0.5, -0.5]);
}

#[test]
fn the_first_step_of_adam_is_the_learning_rate_with_the_sign_of_the_gradient() {
    // m̂ = g and v̂ = g², so the step is α·g/(|g| + ε).
    for g in [1.0, -1e-4, 1e-7] {
        let theta = path(Adam::new(AdamConfig::default(), 1), 0.0, 0.01, &[g])[0];
        let expected = -0.01 * g / (g.abs() + 1e-8);
        assert!((theta / expected - 1.0).abs() < 1e-13, "{g}: {theta} {expected}");
    }
}

#[test]
fn lion_moves_by_its_rate_or_not_at_all() {
    // β ½, ½. m = 0, ½, ⅛, 0; c = ½, ⅛, 0, and 0 of zeros.
    let config = LionConfig { beta1: 0.5, beta2: 0.5, weight_decay: 0.0 };
    assert_eq!(path(Lion::new(config, 1), 0.0, 0.25, &[1.0, -0.25, -0.125, 0.0]), [-0.25, -0.5, -0.5, -0.5]);
    // ¾·2 − ½, ¾·1 − ½.
    let decayed = LionConfig { weight_decay: 0.5, ..config };
    assert_eq!(path(Lion::new(decayed, 1), 2.0, 0.5, &[1.0, 1.0]), [1.0, 0.25]);
}

#[test]
fn lion_uses_each_beta_where_it_belongs() {
    // After a gradient of 1, m = 1 − β₂ = 0.01, and c of −g turns at g = 0.9·0.01/0.1 = 0.09.
    let second = |g| path(Lion::new(LionConfig::default(), 1), 0.0, 1.0, &[1.0, g])[1];
    assert_eq!((second(-0.0899), second(-0.0901)), (-2.0, 0.0));
}

#[test]
fn lion_shows_that_it_has_diverged() {
    assert!(path(Lion::new(LionConfig::default(), 1), 0.0, 0.1, &[f64::NAN])[0].is_nan());
    // ∞ has a sign, and ∞ − ∞ after it has none.
    let path = path(Lion::new(LionConfig::default(), 1), 0.0, 0.1, &[f64::INFINITY, f64::NEG_INFINITY]);
    assert!(path[0] == -0.1 && path[1].is_nan(), "{path:?}");
}

#[test]
fn without_momentum_dampening_does_nothing() {
    // As torch.optim.SGD(lr=0.5, dampening=0.75): 1 − ½, ½ − ½.
    let config = SgdConfig { dampening: 0.75, ..SgdConfig::default() };
    assert_eq!(path(Sgd::new(config, 1), 1.0, 0.5, &[1.0, 1.0]), [0.5, 0.0]);
}

#[test]
fn places_of_eps_differ_by_the_root_of_the_correction() {
    // The threshold 5 is reached at t = 6 for β₂ = 0.999. With all gradients g: v = (1 − β₂⁶)·g², so √v̂ = g, and √v
    // = √(1 − β₂⁶)·g.
    let g = 1e-7;
    let (root, r) = ((1.0 - 0.999_f64.powi(6)).sqrt(), rectification(6, 0.999).unwrap());
    let last = |config| {
        let path = path(RAdam::new(config, 1), 0.0, 1.0, &[g; 6]);
        path[5] - path[4]
    };
    let (vhat, v) = (last(RAdamConfig::optax()), last(RAdamConfig::pytorch()));
    assert!((vhat / (-r * g / (g + 1e-8)) - 1.0).abs() < 1e-9, "{vhat}");
    assert!((v / (-r * g * root / (root * g + 1e-8)) - 1.0).abs() < 1e-9, "{v}");
    assert!(v / vhat < 0.5, "at gradients like this the place of ε halves the step: {vhat} {v}");
}

#[test]
fn thresholds_differ_at_the_fifth_step_only() {
    for beta2 in [0.9, 0.99, 0.999, 0.9999] {
        let open = |threshold: f64| (1..100).find(|t| rho(*t, beta2) > threshold).unwrap();
        assert_eq!((open(4.0), open(5.0)), (5, 6), "β₂ {beta2}");
        assert!(rectification(4, beta2).is_none() && rectification(5, beta2).is_some());
    }
}

#[test]
fn rho_and_r_have_their_known_values() {
    assert!((rho_infinity(0.999) - 1999.0).abs() < 1e-9);
    // 1999 − 2·t·β₂ᵗ/(1 − β₂ᵗ) in 50 digits: t = 1 gives 1, and for t ≪ 1/(1 − β₂) nearly t.
    assert!((rho(1, 0.999) - 1.0).abs() < 1e-9);
    // In f32 this one comes out as 7.3.
    assert!((rho(4, 0.9999) - 4.0).abs() < 1e-3);
    assert!(rectification(1_000_000, 0.999).is_some_and(|r| (r - 1.0).abs() < 1e-9));
}

#[test]
fn radam_of_the_author_waits_for_its_threshold() {
    let decayed = RAdamConfig { weight_decay: 0.1, ..RAdamConfig::author() };
    for config in [RAdamConfig::author(), decayed] {
        let path = path(RAdam::new(config, 1), 1.0, 0.1, &[1.0; 6]);
        assert_eq!(path[..5], [1.0; 5], "neither step nor decay");
        assert!(path[5] < 1.0);
    }
}

#[test]
fn schedules_at_their_corners() {
    let at = |schedule: &Schedule, t| schedule.factor(t, 100);
    let near = |left: f64, right: f64| assert!((left - right).abs() < 1e-12, "{left} {right}");
    near(at(&Schedule::Constant, 7), 1.0);
    let warmup = Schedule::WarmupLinear { steps: 4 };
    [(1, 0.25), (2, 0.5), (4, 1.0), (5, 1.0)].iter().for_each(|(t, factor)| near(at(&warmup, *t), *factor));
    let untuned = Schedule::WarmupUntunedLinear { beta2: 0.9 };
    [(1, 0.05), (10, 0.5), (20, 1.0), (21, 1.0)].iter().for_each(|(t, factor)| near(at(&untuned, *t), *factor));
    near(at(&Schedule::WarmupUntunedExponential { beta2: 0.9 }, 10), 1.0 - (-1.0_f64).exp());
    let step = Schedule::Step { at: vec![10, 20], factor: 0.1 };
    [(10, 1.0), (11, 0.1), (20, 0.1), (21, 0.01)].iter().for_each(|(t, factor)| near(at(&step, *t), *factor));
    [(1, 1.0), (51, 0.5)].iter().for_each(|(t, factor)| near(at(&Schedule::Cosine, *t), *factor));
    near(Schedule::Cosine.factor(101, 100), 0.0);
    [(1, 1.0), (51, 1.0), (76, 0.5)]
        .iter()
        .for_each(|(t, factor)| near(at(&Schedule::FlatCosine { flat: 0.5 }, *t), *factor));
    // OneCycleLR(max_lr=1, total_steps=100): 0.04 first, 1 at its step 29 counted from 0, 4e-6 last.
    [(1, 0.04), (30, 1.0), (100, 4e-6)].iter().for_each(|(t, factor)| near(at(&Schedule::OneCycle, *t), *factor));
    for total in [1, 2, 3, 10] {
        let schedules = [Schedule::Cosine, Schedule::FlatCosine { flat: 0.75 }, Schedule::OneCycle];
        for (schedule, t) in schedules.iter().flat_map(|schedule| (1..=total).map(move |t| (schedule, t))) {
            assert!((0.0..=1.0).contains(&schedule.factor(t, total)), "{schedule:?} {t} of {total}");
        }
    }
}
