//! Numbers at which a naive evaluation loses its digits, and values of options at the edge of what is allowed.

use crate::optim::*;

/// Runs a method on ½ Σ i²·x_i² and gives the parameters after each step.
fn descend(method: &Method, start: &[f64], lr: f64, steps: usize) -> Vec<Vec<f64>> {
    let (mut theta, mut method) = (start.to_vec(), method.start(start));
    let step = |_| {
        let g: Vec<f64> = theta.iter().zip(1..).map(|(x, i)| f64::from(i * i) * x).collect();
        method.step(&mut theta, &g, lr);
        theta.clone()
    };
    (0..steps).map(step).collect()
}

#[track_caller]
fn near(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!((found - expected).abs() <= tolerance, "{found} and {expected}");
    }
}

#[test]
fn radam_without_eps_is_algorithm_2_to_the_letter() {
    // Algorithm 2 with 40 digits.
    let points = descend(&Method::new(&RADAM).with("eps", 0.0), &[1.0, -2.0], 0.05, 30);
    near(&points[0], &[0.95, -1.6], 1e-15);
    near(&points[5], &[0.805_847_4, -0.643_789_6], 1e-7);
    near(&points[29], &[0.716_048_6, -0.570_814_3], 1e-7);
}

#[test]
fn radam_without_a_second_moment_is_momentum() {
    // ρ_t = 1 at every step. m̂₁ = 1, m̂₂ = (0.09·1 + 0.1·0.9)/0.19 = 18/19.
    let points = descend(&Method::new(&RADAM).with("beta2", 0.0), &[1.0], 0.1, 8);
    near(&points[0], &[0.9], 1e-15);
    near(&points[1], &[0.9 - 0.1 * 18.0 / 19.0], 1e-15);
    near(&points[2], &[0.715_77], 1e-5);
    assert_eq!((rho(1, 0.0), rho(100, 0.0)), (1.0, 1.0));
}

#[test]
fn radam_keeps_its_digits_near_one() {
    // Algorithm 2 with 80 digits.
    let expected = [0.9, 0.80526315789, 0.71577005244, 0.63148663009, 0.63143383918, 0.63135583363];
    let points = descend(&Method::new(&RADAM).with("beta2", 0.999_999), &[1.0], 0.1, 6);
    near(&points.concat(), &expected, 1e-11);
}

#[test]
fn rho_has_all_its_digits_at_every_beta() {
    // With 60 digits, β₂ as the f64 that it is.
    let expected = RHO;
    for (t, beta2, value) in expected {
        let found = rho(t, beta2);
        assert!((found / value - 1.0).abs() < 1e-13, "t {t}, β₂ {beta2}: {found} and {value}");
    }
    for exponent in 1..=15 {
        let beta2 = 1.0 - 10_f64.powi(-exponent);
        assert!(rho(4, beta2) <= 4.0 && rho(5, beta2) > 4.0, "β₂ {beta2}: {}", rho(4, beta2));
    }
}

const RHO: [(u64, f64, f64); 10] = [
    (1, 0.999, 1.0),
    (4, 0.9999, 3.999749987499875),
    (5, 0.999, 4.995998000401602),
    (4, 0.999999, 3.99999749999875),
    (5, 0.99999999, 4.999999959999999),
    (4, 0.999999999999, 3.9999999999975),
    (100, 0.99, 83.5264939828789),
    (1000, 0.999, 835.9673756107934),
    (100000, 0.999, 1998.9999999999982),
    (10, 0.5, 2.9804496578690127),
];

#[test]
fn bias_corrections_have_all_their_digits() {
    // 1 − (1 − 2⁻⁴⁰)³ = 3·2⁻⁴⁰ − 3·2⁻⁸⁰ + 2⁻¹²⁰.
    let beta = 1.0 - 2_f64.powi(-40);
    let expected = 3.0 * 2_f64.powi(-40) - 3.0 * 2_f64.powi(-80);
    assert!((bias_correction(beta, 3) / expected - 1.0).abs() < 1e-15);
    assert_eq!((bias_correction(0.0, 1), bias_correction(0.0, 7)), (1.0, 1.0));
}

#[test]
fn a_threshold_of_five_includes_five() {
    assert!(Threshold::Five.is_reached(5.0) && !Threshold::Four.is_reached(4.0));
    assert!(Threshold::Four.is_reached(4.000_001) && !Threshold::Five.is_reached(4.999_999));
}

#[test]
fn a_decoupled_decay_in_small_steps_is_not_lost() {
    // α·λ = 1e-8 of each weight a step. 1 − αλ is 1 in f32, and a weight of 0.1 has steps of 7e-9.
    let n = 1_000;
    let plain = Method::new(&ADAM);
    let decayed = plain.clone().with("weight_decay", 0.001).with("decay", "decoupled");
    let end = |method: &Method| {
        let mut theta: Vec<f32> = (0..n).map(|i| 0.1 + i as f32 * 1e-4).collect();
        let mut method = method.start(&theta);
        for t in 0..200 {
            let g: Vec<f32> = (0..n).map(|i| ((t * 7 + i * 3) as f32).sin()).collect();
            method.step(&mut theta, &g, 1e-5);
        }
        theta.iter().map(|x| f64::from(*x)).sum::<f64>() / n as f64
    };
    // 200 steps take 2e-6 of a mean weight of 0.15.
    let lost = end(&plain) - end(&decayed);
    assert!((1.5e-7..6e-7).contains(&lost), "{lost:e}");
}

#[test]
fn a_fork_goes_on_to_the_same_bits() {
    let start = [0.5, -1.0, 2.0];
    for name in Method::NAMES {
        let (mut method, mut theta) = (Method::named(name).unwrap().start(&start), start);
        let gradient = |theta: &[f64; 3]| theta.map(|x| x.sin());
        for _ in 0..7 {
            let g = gradient(&theta);
            method.step(&mut theta, &g, 0.01);
        }
        let (mut other, mut there) = (method.clone(), theta);
        for _ in 0..9 {
            let g = gradient(&theta);
            method.step(&mut theta, &g, 0.01);
            other.step(&mut there, &g, 0.01);
            assert_eq!((theta, method.eval_params(&theta)), (there, other.eval_params(&there)), "{name}");
        }
        // They are two: a step of one moves nothing of the other.
        let before = other.eval_params(&there).to_vec();
        (0..6).for_each(|_| method.step(&mut theta, &[1.0; 3], 0.5));
        assert_eq!(other.eval_params(&there), before, "{name}");
    }
}
