//! Lion.

use super::definition::{Block, Definition, EvaluatedAt, Key, Method};
use super::range::Range;
use super::wide::each;
use super::{Decay, Optimizer, Scalar};

/// Lion as its paper has it.
pub static LION: Definition = Definition {
    name: "lion",
    title: "Lion",
    family: "lion",
    description: "Lion of Chen et al. (arXiv 2302.06675), Algorithm 2; its decay is decoupled",
    keys: &[
        Key::number("beta1", "β₁", Range::BELOW_ONE, 0.9)
            .is("how much of the momentum is in a step's direction", "paper"),
        Key::number("beta2", "β₂", Range::BELOW_ONE, 0.99).is("how much of the momentum is kept", "paper"),
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, 0.0)
            .is("strength of a decoupled decay", "the authors' code; optax has 1e-3"),
    ],
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: None,
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

fn start<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(Lion::new(LionConfig::of(options), theta0.len()))
}

/// What can be chosen about [`Lion`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LionConfig {
    /// β₁, from 0 to below 1: how much of the momentum is in the direction of a step.
    pub beta1: f64,
    /// β₂, from 0 to below 1: how much of the momentum is kept.
    pub beta2: f64,
    /// λ of the decoupled decay, at least 0.
    pub weight_decay: f64,
}

impl LionConfig {
    fn of(options: &Method) -> Self {
        let number = |key| options.number(key);
        Self { beta1: number("beta1"), beta2: number("beta2"), weight_decay: number("weight_decay") }
    }
}

impl Default for LionConfig {
    /// The defaults of [`LION`].
    fn default() -> Self {
        Self::of(&Method::new(&LION))
    }
}

/// Chen et al., "Symbolic Discovery of Optimization Algorithms" (arXiv 2302.06675), Algorithm 2:
///
/// ```text
/// c ← β₁·m + (1 − β₁)·g
/// θ ← θ − α·(sign(c) + λ·θ)
/// m ← β₂·m + (1 − β₂)·g
/// ```
///
/// with m from 0 and sign(0) = 0. Every parameter moves by α or not at all, so the paper advises a rate of a third to
/// a tenth of AdamW's, and a λ that is larger by as much. The sign of NaN is NaN: a run that has diverged shows it at
/// once and does not walk on by α.
///
/// PyTorch has no Lion in `torch.optim`; `optax.lion` is this with a λ of 1e-3 unless said otherwise.
#[derive(Debug, Clone)]
pub struct Lion<S> {
    config: LionConfig,
    m: Vec<S>,
}

impl<S: Scalar> Lion<S> {
    /// A method for `n` parameters.
    pub fn new(config: LionConfig, n: usize) -> Self {
        Self { config, m: vec![S::default(); n] }
    }
}

impl<S: Scalar> Optimizer<S> for Lion<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.m.len() && g.len() == self.m.len(), "made for {} parameters", self.m.len());
        let LionConfig { beta1, beta2, weight_decay } = self.config;
        let (_, alpha_lambda) = Decay::Decoupled.factors::<S>(weight_decay, lr);
        let alpha = S::from_f64(lr);
        let (one_minus_beta1, one_minus_beta2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2) = (S::from_f64(beta1), S::from_f64(beta2));
        each([theta, &mut self.m], g, |[theta, m], g| {
            let c = beta1 * m + one_minus_beta1 * g;
            [theta - (alpha * sign(c) + alpha_lambda * theta), beta2 * m + one_minus_beta2 * g]
        });
    }
}

/// 1, −1, or what is neither above nor below zero as it is: ±0 and NaN.
fn sign<S: Scalar>(c: S) -> S {
    let zero = S::default();
    if c > zero {
        S::from_f64(1.0)
    } else if c < zero {
        S::from_f64(-1.0)
    } else {
        c
    }
}
