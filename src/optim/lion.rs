//! Lion.

use serde::{Deserialize, Serialize};

use super::state::{check_length, other_method};
use super::wide::each;
use super::{Decay, Optimizer, Scalar, State, StateError};

/// What can be chosen about [`Lion`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LionConfig {
    /// β₁, from 0 to below 1: how much of the momentum is in the direction of a step.
    pub beta1: f64,
    /// β₂, from 0 to below 1: how much of the momentum is kept.
    pub beta2: f64,
    /// λ of the decoupled decay, at least 0.
    pub weight_decay: f64,
}

impl Default for LionConfig {
    /// β 0.9 and 0.99 (the paper's Algorithm 2), no decay (the authors' PyTorch code in google/automl; optax has 1e-3).
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.99, weight_decay: 0.0 }
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
/// with m from 0 and sign(0) = 0. Every parameter moves by α or not at all, so the paper advises a rate of a third to a tenth of AdamW's, and a λ that is larger by as
/// much. The sign of NaN is NaN: a run that has diverged shows it at once and does not walk on by α.
///
/// The decay is decoupled and stands as (1 − α·λ)·θ, as in the authors' code. PyTorch has no Lion in `torch.optim`; `optax.lion` is this with a λ of 1e-3 unless
/// said otherwise.
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
        let (_, shrink) = Decay::Decoupled.factors(weight_decay, lr);
        let (alpha, shrink) = (S::from_f64(lr), S::from_f64(shrink));
        let (new1, new2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2) = (S::from_f64(beta1), S::from_f64(beta2));
        each([theta, &mut self.m], g, |[theta, m], g| {
            let c = beta1 * m + new1 * g;
            [shrink * theta - alpha * sign(c), beta2 * m + new2 * g]
        });
    }

    fn save(&self) -> State<S> {
        State::Lion { m: self.m.clone() }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::Lion { m } = state else { return other_method("lion", &state) };
        check_length("m", &m, self.m.len())?;
        self.m = m;
        Ok(())
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
