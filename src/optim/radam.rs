//! RAdam, in each of the variants that carry the name.

use serde::{Deserialize, Serialize};

use super::state::{check_length, other_method};
use super::wide::each;
use super::{Decay, Optimizer, Scalar, State, StateError, power};

/// When the adaptive step is trusted. For β₂ from 0.9 to 0.9999 the two differ at one step, t = 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Gate {
    /// ρ_t > 4: the paper; r_t is real from there on.
    Four,
    /// ρ_t > 5: the author's code ("since it's an approximated value, be more conservative"), PyTorch, optax.
    Five,
}

impl Gate {
    fn opens(self, rho: f64) -> bool {
        rho > f64::from(u8::from(self))
    }
}

impl From<Gate> for u8 {
    fn from(gate: Gate) -> u8 {
        match gate {
            Gate::Four => 4,
            Gate::Five => 5,
        }
    }
}

impl TryFrom<u8> for Gate {
    type Error = String;

    fn try_from(gate: u8) -> Result<Self, String> {
        match gate {
            4 => Ok(Gate::Four),
            5 => Ok(Gate::Five),
            _ => Err(format!("the gate is 4 or 5, not {gate}")),
        }
    }
}

/// What happens before the gate opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Before {
    /// θ ← θ − α·m̂: the paper, PyTorch, optax.
    Momentum,
    /// θ stays, m and v accumulate: the author's code since 2021 (`degenerated_to_sgd=False`).
    Skip,
}

/// Where ε stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EpsAt {
    /// 1 / (√v̂ + ε), as in Adam: optax.
    Vhat,
    /// √(1 − β₂ᵗ) / (√v + ε), larger by 1/√(1 − β₂ᵗ) at first: PyTorch, the author's code, Ranger.
    V,
}

/// What can be chosen about [`RAdam`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RAdamConfig {
    /// β₁, from 0 to below 1.
    pub beta1: f64,
    /// β₂, above 0 and below 1.
    pub beta2: f64,
    /// ε, above 0.
    pub eps: f64,
    /// λ, at least 0.
    pub weight_decay: f64,
    /// How λ enters.
    pub decay: Decay,
    /// When the adaptive step is trusted.
    pub gate: Gate,
    /// What happens until then.
    pub before: Before,
    /// Where ε stands.
    pub eps_at: EpsAt,
}

impl Default for RAdamConfig {
    /// The paper: gate 4, momentum before it; β 0.9 and 0.999. Its Algorithm 2 has no ε; ours is 1e-8 beside √v̂. The decay is decoupled, as
    /// in its experiments, and 0.
    fn default() -> Self {
        Self {
            beta1: 0.9,
            beta2: 0.999,
            eps: 1e-8,
            weight_decay: 0.0,
            decay: Decay::Decoupled,
            gate: Gate::Four,
            before: Before::Momentum,
            eps_at: EpsAt::Vhat,
        }
    }
}

impl RAdamConfig {
    /// `torch.optim.RAdam`: gate 5, ε beside √v, L2 decay.
    pub fn pytorch() -> Self {
        Self { decay: Decay::L2, gate: Gate::Five, eps_at: EpsAt::V, ..Self::default() }
    }

    /// The authors' repository LiyuanLucasLiu/RAdam since 2021: gate 5, no move before it, ε beside √v, decoupled decay.
    pub fn author() -> Self {
        Self { gate: Gate::Five, before: Before::Skip, eps_at: EpsAt::V, ..Self::default() }
    }

    /// `optax.radam` (threshold 5.0): gate 5, ε beside √v̂; its decay, if any, is chained on and thus decoupled.
    pub fn optax() -> Self {
        Self { gate: Gate::Five, ..Self::default() }
    }
}

/// ρ_∞ = 2 / (1 − β₂) − 1, the length of the moving average after long: the first line of Algorithm 2.
pub fn rho_infinity(beta2: f64) -> f64 {
    2.0 / (1.0 - beta2) - 1.0
}

/// ρ_t = ρ_∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ), its length at step t ≥ 1, as in Algorithm 2.
pub fn rho(t: u64, beta2: f64) -> f64 {
    let beta2_t = power(beta2, t);
    rho_infinity(beta2) - 2.0 * t as f64 * beta2_t / (1.0 - beta2_t)
}

/// r_t = √( (ρ_t − 4)(ρ_t − 2)·ρ_∞ / ((ρ_∞ − 4)(ρ_∞ − 2)·ρ_t) ), the rectification at step t ≥ 1, as in Algorithm 2. `None` where it
/// is not defined, which is where ρ_t ≤ 4.
pub fn rectification(t: u64, beta2: f64) -> Option<f64> {
    let (rho_inf, rho_t) = (rho_infinity(beta2), rho(t, beta2));
    let squared = (rho_t - 4.0) * (rho_t - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho_t);
    (rho_t > 4.0).then(|| squared.sqrt())
}

/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (arXiv 1908.03265), Algorithm 2:
///
/// ```text
/// m ← β₁·m + (1 − β₁)·g          m̂ = m / (1 − β₁ᵗ)
/// v ← β₂·v + (1 − β₂)·g²
/// ρ_t = ρ_∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ)
/// if ρ_t > 4:   l = √((1 − β₂ᵗ) / v)      θ ← θ − α·r_t·m̂·l
/// else:         θ ← θ − α·m̂
/// ```
///
/// "RAdam" is at least five algorithms; [`RAdamConfig`] says which: [`RAdamConfig::default`] is the paper, and [`RAdamConfig::pytorch`], [`RAdamConfig::author`] and [`RAdamConfig::optax`] say what those do
/// otherwise. A decoupled decay acts only in steps that move θ, as in the authors' code.
#[derive(Debug, Clone)]
pub struct RAdam<S> {
    config: RAdamConfig,
    m: Vec<S>,
    v: Vec<S>,
    t: u64,
}

impl<S: Scalar> RAdam<S> {
    /// A method for `n` parameters.
    pub fn new(config: RAdamConfig, n: usize) -> Self {
        Self { config, m: vec![S::default(); n], v: vec![S::default(); n], t: 0 }
    }
}

impl<S: Scalar> Optimizer<S> for RAdam<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.m.len() && g.len() == self.m.len(), "made for {} parameters", self.m.len());
        let RAdamConfig { beta1, beta2, eps, weight_decay, decay, gate, before, eps_at } = self.config;
        self.t += 1;
        let (l2, shrink) = decay.factors(weight_decay, lr);
        let (l2, shrink) = (S::from_f64(l2), S::from_f64(shrink));
        let alpha_hat = lr / (1.0 - power(beta1, self.t)); // α·m̂ = alpha_hat·m
        let bias2 = 1.0 - power(beta2, self.t);
        let r = rectification(self.t, beta2).filter(|_| gate.opens(rho(self.t, beta2)));
        let (new1, new2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2, eps) = (S::from_f64(beta1), S::from_f64(beta2), S::from_f64(eps));
        let moments = |theta: S, m: S, v: S, g: S| {
            let g = g + l2 * theta;
            (beta1 * m + new1 * g, beta2 * v + new2 * (g * g))
        };
        let arrays = [theta, &mut self.m, &mut self.v];
        match (r, before) {
            (Some(r), _) => {
                // Both places of ε are l = top / (√(scale·v) + ε).
                let (scale, top) = match eps_at {
                    EpsAt::Vhat => (1.0 / bias2, 1.0),
                    EpsAt::V => (1.0, bias2.sqrt()),
                };
                let (scale, rate) = (S::from_f64(scale), S::from_f64(alpha_hat * r * top));
                each(arrays, g, |[theta, m, v], g| {
                    let (m, v) = moments(theta, m, v, g);
                    [shrink * theta - rate * m / ((scale * v).sqrt() + eps), m, v]
                });
            }
            (None, Before::Momentum) => {
                let rate = S::from_f64(alpha_hat);
                each(arrays, g, |[theta, m, v], g| {
                    let (m, v) = moments(theta, m, v, g);
                    [shrink * theta - rate * m, m, v]
                });
            }
            (None, Before::Skip) => each(arrays, g, |[theta, m, v], g| {
                let (m, v) = moments(theta, m, v, g);
                [theta, m, v]
            }),
        }
    }

    fn save(&self) -> State<S> {
        State::Radam { t: self.t, m: self.m.clone(), v: self.v.clone() }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::Radam { t, m, v } = state else { return other_method("radam", &state) };
        check_length("m", &m, self.m.len())?;
        check_length("v", &v, self.v.len())?;
        (self.t, self.m, self.v) = (t, m, v);
        Ok(())
    }
}
