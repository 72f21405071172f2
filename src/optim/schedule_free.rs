//! Schedule-free descent: SGD and AdamW.

use super::adam::BETA2;
use super::definition::{Block, Choice, Definition, EvaluatedAt, Key, Method};
use super::range::Range;
use super::wide::each;
use super::{Optimizer, Scalar, bias_correction};
use crate::yaml::choices;

/// Schedule-free SGD with its authors' defaults.
pub static SCHEDULE_FREE_SGD: Definition = Definition {
    name: "schedule-free-sgd",
    title: "Schedule-free SGD",
    family: "schedule-free-sgd",
    description: "schedule-free SGD of Defazio et al. (arXiv 2405.15682), equations 3 to 5",
    keys: &[
        MIX,
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, 0.0).is("strength of a decay at y", "the authors' code"),
    ],
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: None,
    evaluated_at: EvaluatedAt::Average,
    start: (start_sgd, start_sgd),
};

/// Schedule-free AdamW with its authors' defaults.
pub static SCHEDULE_FREE_ADAMW: Definition = Definition {
    name: "schedule-free-adamw",
    title: "Schedule-free AdamW",
    family: "schedule-free-adamw",
    description: "schedule-free AdamW of Defazio et al. (arXiv 2405.15682), Algorithm 1; \
                  `schedule-free` is short for it",
    keys: &[
        MIX,
        BETA2,
        Key::number("eps", "ε", Range::NOT_NEGATIVE, 1e-8).is("stands outside the root", "paper"),
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, 0.0)
            .is("strength of a decoupled decay at y", "the authors' code"),
        Key::choice("correction", &CORRECTIONS, "rate").is("where the bias correction 1 − β₂ᵗ enters", "paper"),
    ],
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: Some("beta2"),
    evaluated_at: EvaluatedAt::Average,
    start: (start_adamw, start_adamw),
};

const MIX: Key = Key::number("beta1", "β", Range::SHARE, 0.9)
    .is("how far from z to its average gradients are taken", "the authors' code");
const CORRECTIONS: [Choice; 2] = [
    Choice { word: "rate", caption: "bias correction in the rate" },
    Choice { word: "vhat", caption: "bias correction in v̂" },
];

fn start_sgd<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(ScheduleFreeSgd::new(ScheduleFreeSgdConfig::of(options), theta0))
}

fn start_adamw<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(ScheduleFreeAdamW::new(ScheduleFreeAdamWConfig::of(options), theta0))
}

/// What can be chosen about [`ScheduleFreeSgd`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScheduleFreeSgdConfig {
    /// β, from 0 to 1: how far from z to its average x gradients are taken. At 0 this is Polyak–Ruppert averaging, at
    /// 1 primal averaging.
    pub beta1: f64,
    /// λ of a decay at y, at least 0.
    pub weight_decay: f64,
}

impl ScheduleFreeSgdConfig {
    fn of(options: &Method) -> Self {
        Self { beta1: options.number("beta1"), weight_decay: options.number("weight_decay") }
    }
}

impl Default for ScheduleFreeSgdConfig {
    /// The defaults of [`SCHEDULE_FREE_SGD`].
    fn default() -> Self {
        Self::of(&Method::new(&SCHEDULE_FREE_SGD))
    }
}

/// Defazio et al., "The Road Less Scheduled" (arXiv 2405.15682), equations 3 to 5 with the weights of its equation 23:
///
/// ```text
/// y = (1 − β)·z + β·x                      where g is taken
/// z ← z − γ·(g + λ·y)
/// c = γ² / (γ₁² + … + γ_t²)
/// x ← (1 − c)·x + c·z                      where the method is evaluated
/// ```
///
/// with x = z = θ₀ at first and γ the rate of step t. While γ is constant c is 1/t and x the plain average of all z;
/// a warm-up comes from the [`Schedule`](super::Schedule) outside, and its small steps weigh little. Rates that fall
/// are allowed and not needed.
///
/// **Memory.** The caller's θ is y. z and x are kept here, two numbers a parameter, so that
/// [`Optimizer::eval_params`] can lend x. y is made anew in every step from z and x and is read for the decay only:
/// what somebody else does to θ between steps is lost. So a [`Lookahead`](super::Lookahead) around it makes no sense.
///
/// **Others.** The authors' package `schedulefree` keeps y and z and gets x back as (y − (1 − β)·z)/β when asked for
/// (`optimizer.eval()`), which is one number a parameter less, costs a rounding, and cannot have β = 0; its
/// `SGDScheduleFreeReference` keeps x, y and z. `optax.contrib.schedule_free_sgd` keeps z and gets x back the same
/// way in each step. Both weigh by the largest γ so far, which is γ unless it falls. PyTorch itself has none.
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

    fn eval_params<'a>(&'a self, _theta: &'a [S]) -> &'a [S] {
        &self.x
    }
}

choices! {
    /// Where Adam's bias correction 1 − β₂ᵗ enters.
    pub enum Correction {
        /// In the rate, γ = α·√(1 − β₂ᵗ), and so in the decay and in the weights of the average too; ε is beside √v.
        /// The paper.
        Rate = "rate",
        /// In v̂ = v / (1 − β₂ᵗ), as in Adam; γ = α, and ε is beside √v̂. The authors' `AdamWScheduleFree` of today,
        /// optax.
        Vhat = "vhat",
    }
}

/// What can be chosen about [`ScheduleFreeAdamW`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScheduleFreeAdamWConfig {
    /// β₁, from 0 to 1: how far from z to its average x gradients are taken. It stands in for Adam's momentum.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε, at least 0; it stands outside the root.
    pub eps: f64,
    /// λ of a decoupled decay at y, at least 0.
    pub weight_decay: f64,
    /// Where the bias correction enters.
    pub correction: Correction,
}

impl ScheduleFreeAdamWConfig {
    fn of(options: &Method) -> Self {
        Self {
            beta1: options.number("beta1"),
            beta2: options.number("beta2"),
            eps: options.number("eps"),
            weight_decay: options.number("weight_decay"),
            correction: options.choice("correction"),
        }
    }
}

impl Default for ScheduleFreeAdamWConfig {
    /// The defaults of [`SCHEDULE_FREE_ADAMW`].
    fn default() -> Self {
        Self::of(&Method::new(&SCHEDULE_FREE_ADAMW))
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
/// x ← (1 − c)·x + c·z                      where the method is evaluated
/// ```
///
/// with t from 1, x = z = θ₀ and v = 0 at first. The paper's warm-up is a factor of its γ; ours comes with α from the
/// [`Schedule`](super::Schedule) outside, which is the same. [`Correction::Vhat`] puts v̂ into the root instead and
/// has γ = α.
///
/// **Memory.** As [`ScheduleFreeSgd`]: the caller's θ is y, and z and x are kept here, with v three numbers a
/// parameter.
///
/// **Others.** The authors' package `schedulefree` keeps y, z and v and gets x back from y and z, see
/// [`ScheduleFreeSgd`]; its `AdamWScheduleFreePaper` is [`Correction::Rate`], its `AdamWScheduleFree` is
/// [`Correction::Vhat`]. `optax.contrib.schedule_free_adamw` is [`Correction::Vhat`]. Both weigh by the largest γ so
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
        let bias_correction2 = bias_correction(beta2, self.t);
        let (gamma, inv_bias2) = match correction {
            Correction::Rate => (lr * bias_correction2.sqrt(), 1.0),
            Correction::Vhat => (lr, 1.0 / bias_correction2),
        };
        let c = S::from_f64(weight(&mut self.weight_sum, gamma));
        let (gamma, inv_bias2) = (S::from_f64(gamma), S::from_f64(inv_bias2));
        let one_minus_beta2 = S::from_f64(1.0 - beta2);
        let (beta1, beta2) = (S::from_f64(beta1), S::from_f64(beta2));
        let (eps, lambda) = (S::from_f64(eps), S::from_f64(weight_decay));
        each([theta, &mut self.z, &mut self.x, &mut self.v], g, |[y, z, x, v], g| {
            let v = beta2 * v + one_minus_beta2 * (g * g);
            let z = z - gamma * (g / ((inv_bias2 * v).sqrt() + eps) + lambda * y);
            let x = x + c * (z - x);
            [z + beta1 * (x - z), z, x, v]
        });
    }

    fn eval_params<'a>(&'a self, _theta: &'a [S]) -> &'a [S] {
        &self.x
    }
}

/// c = γ² / Σγ², after this step's γ² has been added to the sum. A rate of 0 weighs nothing, also as the first.
fn weight(sum: &mut f64, gamma: f64) -> f64 {
    *sum += gamma * gamma;
    if *sum > 0.0 { gamma * gamma / *sum } else { 0.0 }
}
