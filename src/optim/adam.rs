//! Adam.

use serde::{Deserialize, Serialize};

use super::state::{check_length, other_method};
use super::wide::each;
use super::{Decay, Optimizer, Scalar, State, StateError, power};

/// What can be chosen about [`Adam`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdamConfig {
    /// β₁, from 0 to below 1.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε, above 0; it stands outside the root.
    pub eps: f64,
    /// λ, at least 0.
    pub weight_decay: f64,
    /// How λ enters.
    pub decay: Decay,
}

impl Default for AdamConfig {
    /// β 0.9 and 0.999, ε 1e-8 (the paper's Algorithm 1), no decay; a decay that is asked for is L2 (PyTorch's `Adam`).
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0, decay: Decay::L2 }
    }
}

/// Kingma & Ba, "Adam: A Method for Stochastic Optimization" (arXiv 1412.6980), Algorithm 1:
///
/// ```text
/// m ← β₁·m + (1 − β₁)·g          m̂ = m / (1 − β₁ᵗ)
/// v ← β₂·v + (1 − β₂)·g²         v̂ = v / (1 − β₂ᵗ)
/// θ ← θ − α·m̂ / (√v̂ + ε)
/// ```
///
/// with t from 1 and ε outside the root and beside v̂, as the paper's algorithm has it (the "ε̂" of its section 2 stands beside √v and is
/// another ε). PyTorch's `Adam` computes the same, as √v/√(1 − β₂ᵗ) + ε. optax's `adam` computes the same with `eps_root` 0; it has no L2 decay:
/// there one adds it to the gradients first.
#[derive(Debug, Clone)]
pub struct Adam<S> {
    config: AdamConfig,
    m: Vec<S>,
    v: Vec<S>,
    t: u64,
}

impl<S: Scalar> Adam<S> {
    /// A method for `n` parameters.
    pub fn new(config: AdamConfig, n: usize) -> Self {
        Self { config, m: vec![S::default(); n], v: vec![S::default(); n], t: 0 }
    }
}

impl<S: Scalar> Optimizer<S> for Adam<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.m.len() && g.len() == self.m.len(), "made for {} parameters", self.m.len());
        let AdamConfig { beta1, beta2, eps, weight_decay, decay } = self.config;
        self.t += 1;
        let (l2, shrink) = decay.factors(weight_decay, lr);
        let (l2, shrink) = (S::from_f64(l2), S::from_f64(shrink));
        let alpha_hat = S::from_f64(lr / (1.0 - power(beta1, self.t))); // α·m̂ = alpha_hat·m
        let v_hat = S::from_f64(1.0 / (1.0 - power(beta2, self.t))); // v̂ = v_hat·v
        let (new1, new2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2, eps) = (S::from_f64(beta1), S::from_f64(beta2), S::from_f64(eps));
        each([theta, &mut self.m, &mut self.v], g, |[theta, m, v], g| {
            let g = g + l2 * theta;
            let m = beta1 * m + new1 * g;
            let v = beta2 * v + new2 * (g * g);
            [shrink * theta - alpha_hat * m / ((v_hat * v).sqrt() + eps), m, v]
        });
    }

    fn save(&self) -> State<S> {
        State::Adam { t: self.t, m: self.m.clone(), v: self.v.clone() }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::Adam { t, m, v } = state else { return other_method("adam", &state) };
        check_length("m", &m, self.m.len())?;
        check_length("v", &v, self.v.len())?;
        (self.t, self.m, self.v) = (t, m, v);
        Ok(())
    }
}
