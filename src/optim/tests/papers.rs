//! Against naive transcriptions of the papers in f64: whole vectors of history, no running state, nothing shared with
//! the code but names.

use crate::optim::*;

const STEPS: usize = 2_000;
pub(super) const LR: f64 = 0.01;

/// Gradients of the given order: a slow wave with a sharp one on it, never periodic, of both signs.
fn gradients(order: f64, theta: f64) -> impl Iterator<Item = f64> {
    (1..=STEPS).map(move |t| order * ((0.013 * t as f64 + theta).sin() + 0.5 * (1.7 * (t * t % 97) as f64).cos()))
}

/// What a step may ask of the past: all gradients so far, the last of them at t.
fn moving_average(beta: f64, history: &[f64], power: i32) -> f64 {
    let t = history.len() as i32;
    let term = |(i, g): (usize, &f64)| beta.powi(t - 1 - i as i32) * g.powi(power);
    // Terms below 1e-40 of the first cannot be seen.
    let from = history.len().saturating_sub((-92.0 / beta.ln()).min(1e9) as usize);
    (1.0 - beta) * history.iter().enumerate().skip(from).map(term).sum::<f64>()
}

pub(super) struct Averages {
    m_hat: f64,
    pub(super) v_hat: f64,
    pub(super) v: f64,
}

pub(super) fn averages(history: &[f64], beta1: f64, beta2: f64) -> Averages {
    let t = history.len() as i32;
    let v = moving_average(beta2, history, 2);
    Averages { m_hat: moving_average(beta1, history, 1) / (1.0 - beta1.powi(t)), v_hat: v / (1.0 - beta2.powi(t)), v }
}

fn adam(theta: f64, history: &[f64]) -> f64 {
    let Averages { m_hat, v_hat, .. } = averages(history, 0.9, 0.999);
    theta - LR * m_hat / (v_hat.sqrt() + 1e-8)
}

fn adamw(theta: f64, history: &[f64]) -> f64 {
    adam(theta, history) - LR * 0.01 * theta
}

fn radam(theta: f64, history: &[f64], variant: &RAdamConfig) -> f64 {
    let (t, RAdamConfig { beta1, beta2, eps, .. }) = (history.len(), *variant);
    let Averages { m_hat, v_hat, v } = averages(history, beta1, beta2);
    let rho_inf = 2.0 / (1.0 - beta2) - 1.0;
    let rho_t = rho_inf - 2.0 * t as f64 * beta2.powi(t as i32) / (1.0 - beta2.powi(t as i32));
    let threshold = if variant.threshold == Threshold::Four { 4.0 } else { 5.0 };
    if rho_t > threshold {
        let over = (rho_t - 4.0) * (rho_t - 2.0) * rho_inf;
        let r = (over / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho_t)).sqrt();
        let l = match variant.eps_at {
            EpsAt::Vhat => 1.0 / (v_hat.sqrt() + eps),
            EpsAt::V => (1.0 - beta2.powi(t as i32)).sqrt() / (v.sqrt() + eps),
        };
        theta - LR * r * m_hat * l
    } else if variant.fallback == Fallback::Momentum {
        theta - LR * m_hat
    } else {
        theta
    }
}

/// Largest difference of the two paths, in units of the largest |θ| seen: a bound on the relative error of each
/// step's sum.
pub(super) fn largest_difference(
    mut method: impl Optimizer<f64>,
    order: f64,
    mut paper: impl FnMut(f64, &[f64]) -> f64,
    start: f64,
) -> f64 {
    let (mut theta, mut naive, mut history) = ([start], start, Vec::new());
    let (mut difference, mut largest) = (0.0_f64, 0.0_f64);
    for g in gradients(order, start) {
        history.push(g);
        naive = paper(naive, &history);
        method.step(&mut theta, &[g], LR);
        difference = difference.max((theta[0] - naive).abs());
        largest = largest.max((naive - start).abs());
    }
    assert!(largest > 0.0, "nothing moved");
    difference / largest
}

#[track_caller]
fn agrees(make: impl Fn() -> Box<dyn Optimizer<f64>>, paper: impl Fn(f64, &[f64]) -> f64 + Copy) {
    for order in [1.0, 1e-4, 1e-7] {
        let difference = largest_difference(make(), order, paper, 0.0);
        assert!(difference <= 1e-12, "gradients of order {order}: {difference:e}");
    }
}

#[test]
fn adam_is_algorithm_1() {
    agrees(|| Box::new(Adam::new(AdamConfig::default(), 1)), adam);
}

#[test]
fn adamw_is_algorithm_2() {
    agrees(|| Box::new(AdamW::new(AdamConfig::adamw(), 1)), adamw);
    let difference = largest_difference(AdamW::new(AdamConfig::adamw(), 1), 1e-4, adamw, 1.0);
    assert!(difference <= 1e-12, "with a parameter that decays: {difference:e}");
}

#[test]
fn every_radam_is_its_paper_or_library() {
    let variants = [
        RAdamConfig::default(),
        RAdamConfig::pytorch(),
        RAdamConfig::author(),
        RAdamConfig::optax(),
        RAdamConfig::ranger(),
    ];
    for variant in variants {
        agrees(|| Box::new(RAdam::new(variant, 1)), |theta, history| radam(theta, history, &variant));
    }
}

#[test]
fn sgd_is_the_sum_of_its_gradients() {
    for (order, momentum) in [(1.0, 0.9), (1e-4, 0.9), (1e-7, 0.5), (1.0, 0.0)] {
        let config = SgdConfig { momentum, ..SgdConfig::default() };
        let velocity = |history: &[f64]| {
            history.iter().rev().take(400).enumerate().map(|(age, g)| momentum.powi(age as i32) * g).sum::<f64>()
        };
        let difference =
            largest_difference(Sgd::new(config, 1), order, |theta, history| theta - LR * velocity(history), 0.0);
        assert!(difference <= 1e-12, "{order} {momentum}: {difference:e}");
    }
}

#[test]
fn lion_is_algorithm_2() {
    let (lambda, beta1, beta2) = (0.1, 0.9, 0.99);
    let paper = |theta: f64, history: &[f64]| {
        let (g, past) = history.split_last().unwrap();
        let c = beta1 * moving_average(beta2, past, 1) + (1.0 - beta1) * g;
        theta - LR * (c.signum() + lambda * theta)
    };
    let config = LionConfig { beta1, beta2, weight_decay: lambda };
    agrees(|| Box::new(Lion::new(config, 1)), paper);
    let difference = largest_difference(Lion::new(config, 1), 1e-4, paper, 1.0);
    assert!(difference <= 1e-12, "with a parameter that decays: {difference:e}");
}

#[test]
fn ranger_is_lookahead_around_its_radam() {
    for order in [1.0, 1e-4, 1e-7] {
        let mut phi = 0.0;
        let config = RAdamConfig::ranger();
        let paper = |theta, history: &[f64]| {
            let theta = radam(theta, history, &config);
            if history.len().is_multiple_of(6) {
                phi += 0.5 * (theta - phi);
                return phi;
            }
            theta
        };
        let difference = largest_difference(ranger(&[0.0]), order, paper, 0.0);
        assert!(difference <= 1e-12, "gradients of order {order}: {difference:e}");
    }
}
