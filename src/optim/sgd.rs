//! Stochastic gradient descent, with momentum.

use serde::{Deserialize, Serialize};

use super::state::{check_length, other_method};
use super::wide::each;
use super::{Optimizer, Scalar, State, StateError};

/// What can be chosen about [`Sgd`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SgdConfig {
    /// μ, from 0 to below 1.
    pub momentum: f64,
    /// What is held back of every gradient but the first, from 0 to 1.
    pub dampening: f64,
    /// Whether to look one momentum step ahead; wants momentum, and no dampening.
    pub nesterov: bool,
    /// λ of an L2 decay, at least 0.
    pub weight_decay: f64,
}

impl Default for SgdConfig {
    /// Plain descent: μ 0, dampening 0, no Nesterov, λ 0 (PyTorch's defaults).
    fn default() -> Self {
        Self { momentum: 0.0, dampening: 0.0, nesterov: false, weight_decay: 0.0 }
    }
}

/// θ ← θ − α·d, where
///
/// ```text
/// g ← g + λ·θ
/// b ← g                              at the first step
/// b ← μ·b + (1 − dampening)·g        after it
/// d = g + μ·b  (Nesterov)   or   d = b
/// ```
///
/// This is PyTorch's form (`torch.optim.SGD`): the rate multiplies the whole velocity, so a change of α acts at once. Sutskever et al. 2013
/// (v ← μ·v − α·g, θ ← θ + v) is the same while α is constant. optax's `sgd(momentum)` (`trace`) is this form with dampening 0.
///
/// Without momentum no velocity is kept.
#[derive(Debug, Clone)]
pub struct Sgd<S> {
    config: SgdConfig,
    n: usize,
    b: Vec<S>,
    started: bool,
}

impl<S: Scalar> Sgd<S> {
    /// A method for `n` parameters.
    pub fn new(config: SgdConfig, n: usize) -> Self {
        let kept = if config.momentum == 0.0 { 0 } else { n };
        Self { config, n, b: vec![S::default(); kept], started: false }
    }
}

impl<S: Scalar> Optimizer<S> for Sgd<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.n && g.len() == self.n, "made for {} parameters", self.n);
        let SgdConfig { momentum, dampening, nesterov, weight_decay } = self.config;
        // b starts at zero, so that μ·b + 1·g is the first step's b = g.
        let fresh = S::from_f64(if self.started { 1.0 - dampening } else { 1.0 });
        self.started = true;
        let (alpha, mu, lambda) = (S::from_f64(lr), S::from_f64(momentum), S::from_f64(weight_decay));
        if momentum == 0.0 {
            let fresh = if nesterov { S::from_f64(1.0) } else { fresh }; // d = g + 0·b has the whole gradient
            each([theta], g, |[theta], g| [theta - alpha * (fresh * (g + lambda * theta))]);
        } else if nesterov {
            each([theta, &mut self.b], g, |[theta, b], g| {
                let g = g + lambda * theta;
                let b = mu * b + fresh * g;
                [theta - alpha * (g + mu * b), b]
            });
        } else {
            each([theta, &mut self.b], g, |[theta, b], g| {
                let b = mu * b + fresh * (g + lambda * theta);
                [theta - alpha * b, b]
            });
        }
    }

    fn save(&self) -> State<S> {
        State::Sgd { started: self.started, b: self.b.clone() }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::Sgd { started, b } = state else { return other_method("sgd", &state) };
        check_length("b", &b, self.b.len())?;
        (self.started, self.b) = (started, b);
        Ok(())
    }
}
