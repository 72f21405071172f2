//! RAdam, in each of the variants that carry the name.

use super::adam::{BETA1, BETA2, DECAYS};
use super::definition::{Block, Choice, Definition, EvaluatedAt, Key, Method};
use super::range::Range;
use super::wide::each;
use super::{Decay, Optimizer, Scalar, bias_correction};
use crate::yaml::choices;

/// RAdam as its paper has it.
pub static RADAM: Definition = Definition {
    name: "radam",
    title: "RAdam",
    description: "RAdam of Liu et al. (arXiv 1908.03265), Algorithm 2, with an ε that the paper's box does not have: \
                  `eps: 0` is the paper to the letter",
    keys: &keys(Defaults { source: "paper", ..PAPER }),
    ..FAMILY
};

/// RAdam as PyTorch has it.
pub static RADAM_PYTORCH: Definition = Definition {
    name: "radam-pytorch",
    title: "RAdam (PyTorch)",
    description: "RAdam as `torch.optim.RAdam`, which adapts from ρ_t > 5 on: the same at every β₂ in use",
    keys: &keys(Defaults { source: "PyTorch", decay: "l2", gate: "5", eps_at: "v", ..PAPER }),
    ..FAMILY
};

/// RAdam as its authors' code has it.
pub static RADAM_AUTHOR: Definition = Definition {
    name: "radam-author",
    title: "RAdam (author)",
    description: "RAdam as the authors' repository LiyuanLucasLiu/RAdam has it since 2021",
    keys: &keys(Defaults { source: "authors' code", gate: "5", before: "skip", eps_at: "v", ..PAPER }),
    ..FAMILY
};

/// RAdam as optax has it.
pub static RADAM_OPTAX: Definition = Definition {
    name: "radam-optax",
    title: "RAdam (optax)",
    description: "RAdam as `optax.radam` with its threshold of 5; a decay, if any, is chained on and thus decoupled",
    keys: &keys(Defaults { source: "optax", gate: "5", ..PAPER }),
    ..FAMILY
};

/// What all variants have in common.
const FAMILY: Definition = Definition {
    name: "",
    title: "",
    family: "radam",
    description: "",
    keys: &[],
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: Some("beta2"),
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

/// In what the variants differ.
#[derive(Clone, Copy)]
pub(super) struct Defaults {
    pub(super) source: &'static str,
    pub(super) beta1: f64,
    pub(super) eps: f64,
    pub(super) decay: &'static str,
    pub(super) gate: &'static str,
    pub(super) before: &'static str,
    pub(super) eps_at: &'static str,
}

/// The paper: momentum until ρ_t > 4. The decay is decoupled, as in its experiments, and 0.
pub(super) const PAPER: Defaults = Defaults {
    source: "paper",
    beta1: 0.9,
    eps: 1e-8,
    decay: "decoupled",
    gate: "4",
    before: "momentum",
    eps_at: "vhat",
};

pub(super) const fn keys(defaults: Defaults) -> [Key; 8] {
    let Defaults { source, beta1, eps, decay, gate, before, eps_at } = defaults;
    [
        Key::number("beta1", "β₁", Range::BELOW_ONE, beta1).is(BETA1.description, source),
        BETA2.is(BETA2.description, source),
        Key::number("eps", "ε", Range::NOT_NEGATIVE, eps).is("stands outside the root", "Adam's paper, PyTorch, optax"),
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, 0.0).is("strength of the decay", source),
        Key::choice("decay", &DECAYS, decay).is("how the decay enters", source).needs("weight_decay"),
        Key::choice("gate", &GATES, gate).is("when the adaptive step is trusted", source),
        Key::choice("before", &BEFORE, before).is("what happens until then", source),
        Key::choice("eps_at", &EPS_AT, eps_at).is("where ε stands", source),
    ]
}

const GATES: [Choice; 2] =
    [Choice { word: "4", caption: "adapts when ρₜ > 4" }, Choice { word: "5", caption: "adapts when ρₜ ≥ 5" }];
const BEFORE: [Choice; 2] =
    [Choice { word: "momentum", caption: "momentum before" }, Choice { word: "skip", caption: "no move before" }];
const EPS_AT: [Choice; 2] =
    [Choice { word: "vhat", caption: "ε beside √v̂" }, Choice { word: "v", caption: "ε beside √v" }];

fn start<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(RAdam::new(RAdamConfig::of(options), theta0.len()))
}

choices! {
    /// When the adaptive step is trusted. For β₂ from 0.9 to 0.9999 the two differ at one step, t = 5.
    pub enum Threshold {
        /// ρ_t > 4: the paper; r_t is real from there on.
        Four = "4",
        /// ρ_t ≥ 5: the authors' code ("more conservative since it's an approximated value") and optax. PyTorch has
        /// ρ_t > 5, which is the same at every β₂ in use.
        Five = "5",
    }
}

impl Threshold {
    pub(super) fn is_reached(self, rho_t: f64) -> bool {
        match self {
            Threshold::Four => rho_t > 4.0,
            Threshold::Five => rho_t >= 5.0,
        }
    }
}

choices! {
    /// What happens below the threshold.
    pub enum Fallback {
        /// θ ← θ − α·m̂: the paper, PyTorch, optax.
        Momentum = "momentum",
        /// θ stays, m and v accumulate: the authors' code since 2021 (`degenerated_to_sgd=False`).
        Skip = "skip",
    }
}

choices! {
    /// Where ε stands.
    pub enum EpsAt {
        /// 1 / (√v̂ + ε), as in Adam: optax.
        Vhat = "vhat",
        /// √(1 − β₂ᵗ) / (√v + ε), larger by 1/√(1 − β₂ᵗ) at first: PyTorch, the authors' code, Ranger.
        V = "v",
    }
}

/// What can be chosen about [`RAdam`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RAdamConfig {
    /// β₁, from 0 to below 1.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε, at least 0.
    pub eps: f64,
    /// λ, at least 0.
    pub weight_decay: f64,
    /// How λ enters.
    pub decay: Decay,
    /// When the adaptive step is trusted: `gate` in specs.
    pub threshold: Threshold,
    /// What happens until then: `before` in specs.
    pub fallback: Fallback,
    /// Where ε stands.
    pub eps_at: EpsAt,
}

impl RAdamConfig {
    pub(super) fn of(options: &Method) -> Self {
        Self {
            beta1: options.number("beta1"),
            beta2: options.number("beta2"),
            eps: options.number("eps"),
            weight_decay: options.number("weight_decay"),
            decay: options.choice("decay"),
            threshold: options.choice("gate"),
            fallback: options.choice("before"),
            eps_at: options.choice("eps_at"),
        }
    }

    /// The defaults of [`RADAM_PYTORCH`].
    pub fn pytorch() -> Self {
        Self::of(&Method::new(&RADAM_PYTORCH))
    }

    /// The defaults of [`RADAM_AUTHOR`].
    pub fn author() -> Self {
        Self::of(&Method::new(&RADAM_AUTHOR))
    }

    /// The defaults of [`RADAM_OPTAX`].
    pub fn optax() -> Self {
        Self::of(&Method::new(&RADAM_OPTAX))
    }
}

impl Default for RAdamConfig {
    /// The defaults of [`RADAM`].
    fn default() -> Self {
        Self::of(&Method::new(&RADAM))
    }
}

/// ρ_∞ = 2 / (1 − β₂) − 1, the length of the moving average after long: the first line of Algorithm 2.
pub fn rho_infinity(beta2: f64) -> f64 {
    2.0 / (1.0 - beta2) - 1.0
}

/// ρ_t = ρ_∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ), its length at step t ≥ 1, as in Algorithm 2.
///
/// Near β₂ = 1 both terms are large and nearly equal. With y = −ln β₂ the formula is coth(y/2) + t − t·coth(t·y/2),
/// where what is large, 2/y, stands in both and falls out: ρ_t = t + L(y/2) − t·L(t·y/2) with L(z) = coth z − 1/z.
pub fn rho(t: u64, beta2: f64) -> f64 {
    let (t, y) = (t as f64, -libm::log(beta2));
    if t * y < 1.0 {
        t + langevin(y / 2.0) - t * langevin(t * y / 2.0)
    } else {
        // β₂ᵗ / (1 − β₂ᵗ) = 1 / (e^(t·y) − 1)
        rho_infinity(beta2) - 2.0 * t / libm::expm1(t * y)
    }
}

/// L(z) = coth z − 1/z for 0 < z < 1/2, by its power series: the terms that are left out are below 10⁻¹⁷ of the first.
fn langevin(z: f64) -> f64 {
    const TERMS: [f64; 12] = [
        1.0 / 3.0,
        -1.0 / 45.0,
        2.0 / 945.0,
        -1.0 / 4725.0,
        2.0 / 93_555.0,
        -1382.0 / 638_512_875.0,
        4.0 / 18_243_225.0,
        -3617.0 / 162_820_783_125.0,
        87_734.0 / 38_979_295_480_125.0,
        -349_222.0 / 1_531_329_465_290_625.0,
        310_732.0 / 13_447_856_940_643_125.0,
        -472_728_182.0 / 201_919_571_963_756_521_875.0,
    ];
    z * TERMS.iter().rev().fold(0.0, |sum, term| sum * (z * z) + term)
}

/// r_t = √( (ρ_t − 4)(ρ_t − 2)·ρ_∞ / ((ρ_∞ − 4)(ρ_∞ − 2)·ρ_t) ), the rectification at step t ≥ 1, as in Algorithm 2.
/// `None` where it is not defined, which is where ρ_t ≤ 4.
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
/// "RAdam" is at least five algorithms; [`RAdamConfig`] says which: [`RAdamConfig::default`] is the paper, and
/// [`RAdamConfig::pytorch`], [`RAdamConfig::author`] and [`RAdamConfig::optax`] say what those do otherwise. A
/// decoupled decay acts only in steps that move θ, as in the authors' code.
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
        let RAdamConfig { beta1, beta2, eps, weight_decay, decay, threshold, fallback, eps_at } = self.config;
        self.t += 1;
        let t = self.t;
        let (l2, alpha_lambda) = decay.factors::<S>(weight_decay, lr);
        let (bias_correction1, bias_correction2) = (bias_correction(beta1, t), bias_correction(beta2, t));
        let rho_t = rho(t, beta2);
        let r_t = rectification(t, beta2).filter(|_| threshold.is_reached(rho_t));
        let (one_minus_beta1, one_minus_beta2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let moments = {
            let (beta1, beta2) = (S::from_f64(beta1), S::from_f64(beta2));
            move |theta: S, m: S, v: S, g: S| {
                let g = g + l2 * theta;
                (beta1 * m + one_minus_beta1 * g, beta2 * v + one_minus_beta2 * (g * g))
            }
        };
        let arrays = [theta, &mut self.m, &mut self.v];
        match (r_t, fallback) {
            (Some(r_t), _) => {
                // l = 1 / (√v̂ + ε) with v̂ = v/(1 − β₂ᵗ), or l = √(1 − β₂ᵗ) / (√v + ε).
                let (inv_bias2, sqrt_bias_correction2) = match eps_at {
                    EpsAt::Vhat => (1.0 / bias_correction2, 1.0),
                    EpsAt::V => (1.0, bias_correction2.sqrt()),
                };
                // α·r_t·m̂ = alpha_hat·m
                let alpha_hat = S::from_f64(lr * r_t * sqrt_bias_correction2 / bias_correction1);
                let (inv_bias2, eps) = (S::from_f64(inv_bias2), S::from_f64(eps));
                each(arrays, g, |[theta, m, v], g| {
                    let (m, v) = moments(theta, m, v, g);
                    let v_hat = inv_bias2 * v;
                    [theta - (alpha_hat * m / (v_hat.sqrt() + eps) + alpha_lambda * theta), m, v]
                });
            }
            (None, Fallback::Momentum) => {
                let alpha_hat = S::from_f64(lr / bias_correction1); // α·m̂ = alpha_hat·m
                each(arrays, g, |[theta, m, v], g| {
                    let (m, v) = moments(theta, m, v, g);
                    [theta - (alpha_hat * m + alpha_lambda * theta), m, v]
                });
            }
            (None, Fallback::Skip) => each(arrays, g, |[theta, m, v], g| {
                let (m, v) = moments(theta, m, v, g);
                [theta, m, v]
            }),
        }
    }
}
