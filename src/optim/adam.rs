//! Adam.

use super::definition::{Block, Choice, Definition, EvaluatedAt, Key, Method};
use super::range::Range;
use super::wide::each;
use super::{Decay, Optimizer, Scalar, bias_correction};

/// Adam as the paper and PyTorch have it.
pub static ADAM: Definition = Definition {
    name: "adam",
    title: "Adam",
    family: "adam",
    description: "Adam of Kingma & Ba (arXiv 1412.6980), Algorithm 1; a decay is L2 unless said otherwise, \
                  as in PyTorch",
    keys: &keys((0.0, "PyTorch"), ("l2", "PyTorch")),
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: Some("beta2"),
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

/// The keys of Adam and of AdamW, with the defaults in which they differ and where those are from.
pub(super) const fn keys(weight_decay: (f64, &'static str), decay: (&'static str, &'static str)) -> [Key; 5] {
    [
        BETA1,
        BETA2,
        Key::number("eps", "ε", Range::NOT_NEGATIVE, 1e-8).is("stands beside √v̂, outside the root", "paper"),
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, weight_decay.0)
            .is("strength of the decay", weight_decay.1),
        Key::choice("decay", &DECAYS, decay.0).is("how the decay enters", decay.1).needs("weight_decay"),
    ]
}

/// β₁ of the methods that are like Adam.
pub(super) const BETA1: Key =
    Key::number("beta1", "β₁", Range::BELOW_ONE, 0.9).is("decay rate of the mean of gradients", "paper");
/// β₂ of the methods that are like Adam.
pub(super) const BETA2: Key =
    Key::number("beta2", "β₂", Range::BELOW_ONE, 0.999).is("decay rate of the mean of squared gradients", "paper");
/// The two ways of a weight decay.
pub(super) const DECAYS: [Choice; 2] =
    [Choice { word: "l2", caption: "L2 decay" }, Choice { word: "decoupled", caption: "decoupled decay" }];

pub(super) fn start<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(Adam::new(AdamConfig::of(options), theta0.len()))
}

/// What can be chosen about [`Adam`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AdamConfig {
    /// β₁, from 0 to below 1.
    pub beta1: f64,
    /// β₂, from 0 to below 1.
    pub beta2: f64,
    /// ε, at least 0; it stands outside the root.
    pub eps: f64,
    /// λ, at least 0.
    pub weight_decay: f64,
    /// How λ enters.
    pub decay: Decay,
}

impl AdamConfig {
    pub(super) fn of(options: &Method) -> Self {
        Self {
            beta1: options.number("beta1"),
            beta2: options.number("beta2"),
            eps: options.number("eps"),
            weight_decay: options.number("weight_decay"),
            decay: options.choice("decay"),
        }
    }
}

impl Default for AdamConfig {
    /// The defaults of [`ADAM`].
    fn default() -> Self {
        Self::of(&Method::new(&ADAM))
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
/// with t from 1 and ε outside the root and beside v̂, as the paper's algorithm has it (the "ε̂" of its section 2
/// stands beside √v and is another ε). PyTorch's `Adam` computes the same, as √v/√(1 − β₂ᵗ) + ε. optax's `adam`
/// computes the same with `eps_root` 0; it has no L2 decay: there one adds it to the gradients first.
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
        let (l2, alpha_lambda) = decay.factors::<S>(weight_decay, lr);
        // α·m̂ = alpha_hat·m and v̂ = v·inv_bias2.
        let alpha_hat = S::from_f64(lr / bias_correction(beta1, self.t));
        let inv_bias2 = S::from_f64(1.0 / bias_correction(beta2, self.t));
        let (one_minus_beta1, one_minus_beta2) = (S::from_f64(1.0 - beta1), S::from_f64(1.0 - beta2));
        let (beta1, beta2, eps) = (S::from_f64(beta1), S::from_f64(beta2), S::from_f64(eps));
        each([theta, &mut self.m, &mut self.v], g, |[theta, m, v], g| {
            let g = g + l2 * theta;
            let m = beta1 * m + one_minus_beta1 * g;
            let v = beta2 * v + one_minus_beta2 * (g * g);
            [theta - (alpha_hat * m / ((inv_bias2 * v).sqrt() + eps) + alpha_lambda * theta), m, v]
        });
    }
}
