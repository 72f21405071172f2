//! What must hold whatever the numbers are.

use proptest::prelude::*;

use super::every_method;
use crate::optim::*;

/// Gradients of a bowl whose sides have different slopes.
fn bowl(theta: &[f64]) -> Vec<f64> {
    theta.iter().enumerate().map(|(i, x)| (i + 1) as f64 * (x - 1.0)).collect()
}

fn descend(method: &mut dyn Optimizer<f64>, theta: &mut [f64], lr: f64, steps: usize) {
    for _ in 0..steps {
        method.step(theta, &bowl(theta), lr);
    }
}

#[test]
fn every_method_goes_down() {
    let mut seen = 0;
    for (name, mut method) in every_method(&[0.0; 3]) {
        let mut theta = [0.0, 0.0, 0.0];
        descend(method.as_mut(), &mut theta, 0.03, 2_000);
        let far = method.eval_params(&theta).iter().map(|x| (x - 1.0).abs()).fold(0.0, f64::max);
        assert!(far < 0.05, "{name} stays {far} away");
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn the_first_moves_of_every_method_are_against_the_gradient() {
    for (name, mut method) in every_method(&[0.0]) {
        let (mut theta, mut before) = ([0.0], 0.0);
        for t in 1..=8 {
            method.step(&mut theta, &[1.0], 0.01);
            // A synchronisation takes a part of the way back; then the slow weights have to be below zero.
            assert!(theta[0] <= before || method.eval_params(&theta)[0] < 0.0, "{name} climbs at step {t}");
            before = theta[0];
        }
        assert!(theta[0] < 0.0, "{name}");
    }
}

#[test]
fn alpha_one_is_the_inner_method() {
    let inner = || Adam::<f64>::new(AdamConfig::default(), 3);
    let (mut plain, mut wrapped) = ([0.0, 3.0, -2.0], [0.0, 3.0, -2.0]);
    descend(&mut inner(), &mut plain, 0.01, 500);
    descend(&mut Lookahead::new(inner(), &wrapped.clone(), 5, 1.0), &mut wrapped, 0.01, 500);
    for (plain, wrapped) in plain.iter().zip(&wrapped) {
        assert!((plain - wrapped).abs() <= 1e-12 * plain.abs(), "{plain} {wrapped}");
    }
}

#[test]
fn alpha_zero_never_moves_the_slow_weights() {
    let start = [0.0, 3.0, -2.0];
    let (mut theta, mut method) = (start, Lookahead::new(Sgd::new(SgdConfig::default(), 3), &start, 5, 0.0));
    descend(&mut method, &mut theta, 0.01, 504);
    assert_eq!(method.eval_params(&theta), start);
    assert_ne!(theta, start, "the fast weights do move");
}

#[test]
fn below_its_threshold_radam_is_momentum() {
    // m̂ with bias correction is SGD's momentum with dampening β₁, divided by 1 − β₁ᵗ.
    let mut method = RAdam::new(RAdamConfig::default(), 1);
    let (mut theta, mut expected, mut m) = ([2.0], 2.0, 0.0);
    for t in 1..=4 {
        let g: f64 = theta[0] * 3.0 - 1.0;
        method.step(&mut theta, &[g], 0.05);
        m = 0.9 * m + 0.1 * g;
        expected -= 0.05 * m / (1.0 - 0.9_f64.powi(t));
        assert!((theta[0] - expected).abs() < 1e-14, "step {t}");
    }
    let before = theta[0];
    let m_hat = (0.9 * m + 0.1) / (1.0 - 0.9_f64.powi(5));
    method.step(&mut theta, &[1.0], 0.05);
    assert!((theta[0] - (before - 0.05 * m_hat)).abs() > 1e-4, "step 5 is rectified");
}

#[test]
fn a_decoupled_decay_of_zero_gradients_is_a_power() {
    let (lr, lambda) = (0.1, 0.3);
    let adam = AdamConfig { weight_decay: lambda, ..AdamConfig::adamw() };
    let radam = RAdamConfig { weight_decay: lambda, ..RAdamConfig::default() };
    let lion = LionConfig { weight_decay: lambda, ..LionConfig::default() };
    let methods: [Box<dyn Optimizer<f64>>; 3] =
        [Box::new(Adam::new(adam, 1)), Box::new(RAdam::new(radam, 1)), Box::new(Lion::new(lion, 1))];
    for mut method in methods {
        let (mut theta, mut expected) = ([5.0], 5.0);
        for _ in 0..50 {
            method.step(&mut theta, &[0.0], lr);
            expected *= 1.0 - lr * lambda;
            assert!((theta[0] / expected - 1.0).abs() < 1e-14, "{} {expected}", theta[0]);
        }
    }
}

#[test]
fn f32_follows_f64() {
    let mut wide = RAdam::<f64>::new(RAdamConfig::default(), 3);
    let mut narrow = RAdam::<f32>::new(RAdamConfig::default(), 3);
    let (mut theta, mut theta32) = ([0.0, 3.0, -2.0], [0.0_f32, 3.0, -2.0]);
    for _ in 0..200 {
        let g = bowl(&theta);
        let g32: Vec<f32> = g.iter().map(|g| *g as f32).collect();
        wide.step(&mut theta, &g, 0.01);
        narrow.step(&mut theta32, &g32, 0.01);
    }
    for (wide, narrow) in theta.iter().zip(theta32) {
        assert!((wide - f64::from(narrow)).abs() < 1e-4, "{wide} {narrow}");
    }
}

#[test]
#[should_panic(expected = "made for 3 parameters")]
fn a_gradient_of_another_length_is_refused() {
    Adam::new(AdamConfig::default(), 3).step(&mut [0.0; 3], &[0.0; 2], 0.1);
}

proptest! {
    /// Parameters do not see each other: a vector moves as its parts do, to the bit.
    #[test]
    fn parameters_move_alone(
        gradients in prop::collection::vec(prop::array::uniform5(-1e3..1e3_f64), 1..20),
        lr in 1e-4..1.0,
    ) {
        for ((name, mut whole), (_, mut part)) in every_method(&[0.0; 5]).into_iter().zip(every_method(&[0.0])) {
            let (mut theta, mut one) = ([0.0; 5], [0.0]);
            for g in &gradients {
                whole.step(&mut theta, g, lr);
                part.step(&mut one, &g[3..4], lr);
                prop_assert_eq!(theta[3].to_bits(), one[0].to_bits(), "{}", name);
            }
        }
    }

    /// A mirrored start and mirrored gradients give the mirrored path.
    #[test]
    fn methods_know_no_direction(
        start in -1e3..1e3_f64,
        gradients in prop::collection::vec(-1e3..1e3_f64, 1..30),
        lr in 1e-4..1.0,
    ) {
        for ((name, mut left), (_, mut right)) in every_method(&[start]).into_iter().zip(every_method(&[-start])) {
            let (mut there, mut back) = ([start], [-start]);
            for g in &gradients {
                left.step(&mut there, &[*g], lr);
                right.step(&mut back, &[-g], lr);
                prop_assert_eq!(there[0], -back[0], "{}", name);
                prop_assert_eq!(left.eval_params(&there)[0], -right.eval_params(&back)[0], "{}", name);
            }
        }
    }

    /// Gradients of any size that can be squared make no infinity and no NaN, and zeros among them do no harm.
    #[test]
    fn finite_gradients_make_finite_steps(
        start in -1e3..1e3_f64,
        gradients in prop::collection::vec((-1.0..1.0_f64, -150..150_i32, any::<bool>()), 1..30),
        lr in 1e-4..1.0,
    ) {
        for (name, mut method) in every_method(&[start]) {
            let mut theta = [start];
            for (digits, exponent, zero) in &gradients {
                let g = if *zero { 0.0 } else { digits * 10_f64.powi(*exponent) };
                method.step(&mut theta, &[g], lr);
                let is_finite = theta[0].is_finite() && method.eval_params(&theta)[0].is_finite();
                prop_assert!(is_finite, "{} at gradient {}", name, g);
            }
        }
    }

    /// Adam does not see the size of gradients that are far above ε.
    #[test]
    fn adam_does_not_see_scale(gradients in prop::collection::vec(1.0..9.0_f64, 1..30), scale in 10.0..1e6_f64) {
        let (mut plain, mut scaled) = (Adam::new(AdamConfig::default(), 1), Adam::new(AdamConfig::default(), 1));
        let (mut left, mut right) = ([0.0], [0.0]);
        for g in &gradients {
            plain.step(&mut left, &[*g], 0.01);
            scaled.step(&mut right, &[g * scale], 0.01);
        }
        prop_assert!((left[0] - right[0]).abs() < 1e-7 * left[0].abs());
    }
}
