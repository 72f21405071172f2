//! Schedule-free descent: SGD and AdamW.

use serde::{Deserialize, Serialize};

use super::state::{check_length, other_method};
use super::wide::each;
use super::{Optimizer, Scalar, State, StateError, power};

/// What can be chosen about [`ScheduleFreeSgd`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScheduleFreeSgdConfig {
    /// β, from 0 to 1: how far from z to its average x gradients are taken. At 0 this is Polyak–Ruppert averaging, at 1 primal averaging.
    pub beta1: f64,
    /// λ of a decay at y, at least 0.
    pub weight_decay: f64,
}

impl Default for ScheduleFreeSgdConfig {
    /// β 0.9, no decay (the authors' `SGDScheduleFree`).
    fn default() -> Self {
        Self { beta1: 0.9, weight_decay: 0.0 }
    }
}

/// Defazio et al., "The Road Less Scheduled" (arXiv 2405.15682), equations 3 to 5 with the weights of its equation 23:
///
/// ```text
/// y = (1 − β)·z + β·x                      where g is taken
/// z ← z − γ·(g + λ·y)
/// c = γ² / (γ₁² + … + γ_t²)
/// x ← (1 − c)·x + c·z                      where the method is judged
/// ```
///
/// with x = z = θ₀ at first and γ the rate of step t. While γ is constant c is 1/t and x the plain average of all z; a warm-up comes from the
/// [`Schedule`](super::Schedule) outside, and its small steps weigh little. Rates that fall are allowed and not needed.
///
/// **Memory.** The caller's θ is y. z and x are kept here, two numbers a parameter, so that [`Optimizer::judged`] can lend x. y is made anew in every step from
/// z and x and is read for the decay only: what somebody else does to θ between steps is lost. So a [`Lookahead`](super::Lookahead) around it makes no sense.
///
/// **Others.** The authors' package `schedulefree` keeps y and z and gets x back as (y − (1 − β)·z)/β when asked for (`optimizer.eval()`), which is one number a
/// parameter less, costs a rounding, and cannot have β = 0; its `SGDScheduleFreeReference` keeps x, y and z. `optax.contrib.schedule_free_sgd` keeps z and gets x
/// back the same way in each step. Both weigh by the largest γ so far, which is γ unless it falls. PyTorch itself has none.
#[derive(Debug, Clone)]
pub struct ScheduleFreeSgd<S> {
    config: ScheduleFreeSgdConfig,
    z: Vec<S>,
    x: Vec<S>,
    weight_sum: f64,
}

impl<S: Scalar> ScheduleFreeSgd<S> {
    /// A method for parameters that start at `theta0`.
    pub fn new(config: ScheduleFreeSgdConfig, theta0: &[S]) -> Self {
        Self { config, z: theta0.to_vec(), x: theta0.to_vec(), weight_sum: 0.0 }
    }
}

impl<S: Scalar> Optimizer<S> for ScheduleFreeSgd<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.z.len() && g.len() == self.z.len(), "made for {} parameters", self.z.len());
        let ScheduleFreeSgdConfig { beta1, weight_decay } = self.config;
        let c = S::from_f64(weight(&mut self.weight_sum, lr));
        let (gamma, beta, lambda) = (S::from_f64(lr), S::from_f64(beta1), S::from_f64(weight_decay));
        each([theta, &mut self.z, &mut self.x], g, |[y, z, x], g| {
            let z = z - gamma * (g + lambda * y);
            let x = x + c * (z - x);
            [z + beta * (x - z), z, x]
        });
    }

    fn judged<'a>(&'a self, _theta: &'a [S]) -> &'a [S] {
        &self.x
    }

    fn save(&self) -> State<S> {
        State::ScheduleFreeSgd { weight_sum: self.weight_sum, z: self.z.clone(), x: self.x.clone() }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::ScheduleFreeSgd { weight_sum, z, x } = state else {
            return other_method("schedule-free-sgd", &state);
        };
        check_length("z", &z, self.z.len())?;
        check_length("x", &x, self.x.len())?;
        (self.weight_sum, self.z, self.x) = (weight_sum, z, x);
        Ok(())
    }
}

/// Where Adam's bias correction 1 − β₂ᵗ enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Correction {
    /// In the rate, γ = α·√(1 − β₂ᵗ), and so in the decay and in the weights of the average too; ε is beside √v. The paper.
    Rate,
    /// In v̂ = v / (1 − β₂ᵗ), as in Adam; γ = α, and ε is beside √v̂. The authors' `AdamWScheduleFree` of today, optax.
    Vhat,
}

/// What can be chosen about [`ScheduleFreeAdamW`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ScheduleFreeAdamWConfig {
    /// β₁, from 0 to 1: how far from z to its average x gradients are taken. It stands in for Adam's momentum.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε, above 0; it stands outside the root.
    pub eps: f64,
    /// λ of a decoupled decay at y, at least 0.
    pub weight_decay: f64,
    /// Where the bias correction enters.
    pub correction: Correction,
}

impl Default for ScheduleFreeAdamWConfig {
    /// β 0.9 and 0.999, ε 1e-8, no decay (the authors' `AdamWScheduleFree`); the correction is in the rate, as in the paper.
    fn default() -> Self {
        Self { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0, correction: Correction::Rate }
    }
}

/// Defazio et al., "The Road Less Scheduled" (arXiv 2405.15682), Algorithm 1:
///
/// ```text
/// y = (1 − β₁)·z + β₁·x                    where g is taken
/// v ← β₂·v + (1 − β₂)·g²
/// γ = α·√(1 − β₂ᵗ)
/// z ← z − γ·g / (√v + ε) − γ·λ·y
/// c = γ² / (γ₁² + … + γ_t²)
/// x ← (1 − c)·x + c·z                      where the method is judged
/// ```
///
/// with t from 1, x = z = θ₀ and v = 0 at first. The paper's warm-up is a factor of its γ; ours comes with α from the [`Schedule`](super::Schedule) outside, which is
/// the same. [`Correction::Vhat`] puts v̂ into the root instead and has γ = α.
///
/// **Memory.** As [`ScheduleFreeSgd`]: the caller's θ is y, and z and x are kept here, with v three numbers a parameter.
///
/// **Others.** The authors' package `schedulefree` keeps y, z and v and gets x back from y and z, see [`ScheduleFreeSgd`]; its `AdamWScheduleFreePaper` is
/// [`Correction::Rate`], its `AdamWScheduleFree` is [`Correction::Vhat`]. `optax.contrib.schedule_free_adamw` is [`Correction::Vhat`]. Both weigh by the largest γ so
/// far, which is γ unless it falls. PyTorch itself has none.
#[derive(Debug, Clone)]
pub struct ScheduleFreeAdamW<S> {
    config: ScheduleFreeAdamWConfig,
    z: Vec<S>,
    x: Vec<S>,
    v: Vec<S>,
    weight_sum: f64,
    t: u64,
}

impl<S: Scalar> ScheduleFreeAdamW<S> {
    /// A method for parameters that start at `theta0`.
    pub fn new(config: ScheduleFreeAdamWConfig, theta0: &[S]) -> Self {
        let v = vec![S::default(); theta0.len()];
        Self { config, z: theta0.to_vec(), x: theta0.to_vec(), v, weight_sum: 0.0, t: 0 }
    }
}

impl<S: Scalar> Optimizer<S> for ScheduleFreeAdamW<S> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert!(theta.len() == self.z.len() && g.len() == self.z.len(), "made for {} parameters", self.z.len());
        let ScheduleFreeAdamWConfig { beta1, beta2, eps, weight_decay, correction } = self.config;
        self.t += 1;
        let bias2 = 1.0 - power(beta2, self.t);
        let (gamma, scale) = match correction {
            Correction::Rate => (lr * bias2.sqrt(), 1.0),
            Correction::Vhat => (lr, 1.0 / bias2),
        };
        let c = S::from_f64(weight(&mut self.weight_sum, gamma));
        let (gamma, scale, new2) = (S::from_f64(gamma), S::from_f64(scale), S::from_f64(1.0 - beta2));
        let (beta1, beta2) = (S::from_f64(beta1), S::from_f64(beta2));
        let (eps, lambda) = (S::from_f64(eps), S::from_f64(weight_decay));
        each([theta, &mut self.z, &mut self.x, &mut self.v], g, |[y, z, x, v], g| {
            let v = beta2 * v + new2 * (g * g);
            let z = z - gamma * (g / ((scale * v).sqrt() + eps) + lambda * y);
            let x = x + c * (z - x);
            [z + beta1 * (x - z), z, x, v]
        });
    }

    fn judged<'a>(&'a self, _theta: &'a [S]) -> &'a [S] {
        &self.x
    }

    fn save(&self) -> State<S> {
        let (z, x, v) = (self.z.clone(), self.x.clone(), self.v.clone());
        State::ScheduleFreeAdamw { t: self.t, weight_sum: self.weight_sum, z, x, v }
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        let State::ScheduleFreeAdamw { t, weight_sum, z, x, v } = state else {
            return other_method("schedule-free-adamw", &state);
        };
        check_length("z", &z, self.z.len())?;
        check_length("x", &x, self.x.len())?;
        check_length("v", &v, self.v.len())?;
        (self.t, self.weight_sum, self.z, self.x, self.v) = (t, weight_sum, z, x, v);
        Ok(())
    }
}

/// c = γ² / Σγ², after this step's γ² has been added to the sum. A rate of 0 weighs nothing, also as the first.
fn weight(sum: &mut f64, gamma: f64) -> f64 {
    *sum += gamma * gamma;
    if *sum > 0.0 { gamma * gamma / *sum } else { 0.0 }
}
