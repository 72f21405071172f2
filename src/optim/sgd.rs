//! Stochastic gradient descent, with momentum.

use super::definition::{Block, Conflict, DefaultValue, Definition, EvaluatedAt, Key, KeyKind, Method};
use super::range::Range;
use super::wide::each;
use super::{Optimizer, Scalar};

/// Descent as PyTorch has it.
pub static SGD: Definition = Definition {
    name: "sgd",
    title: "SGD",
    family: "sgd",
    description: "stochastic gradient descent in PyTorch's form, with or without momentum",
    keys: &[
        Key::number("momentum", "momentum", Range::BELOW_ONE, 0.0).is("μ, what is kept of the velocity", "PyTorch"),
        Key::number("dampening", "dampening", Range::SHARE, 0.0)
            .is("what is held back of every gradient but the first", "PyTorch")
            .needs("momentum"),
        Key::new("nesterov", "Nesterov", KeyKind::Flag, DefaultValue::Flag(false))
            .is("looks one momentum step ahead; wants momentum and no dampening", "PyTorch"),
        Key::number("weight_decay", "λ", Range::NOT_NEGATIVE, 0.0).is("strength of an L2 decay", "PyTorch"),
    ],
    label,
    check,
    second_moment: None,
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

fn label(options: &Method) -> String {
    match (options.number("momentum"), options.flag("nesterov")) {
        (momentum, true) => format!("SGD with Nesterov momentum {momentum}"),
        (momentum, false) if momentum > 0.0 => format!("SGD with momentum {momentum}"),
        _ => "SGD".to_owned(),
    }
}

fn check(options: &Method) -> Result<(), Conflict> {
    let plain = options.number("momentum") > 0.0 && options.number("dampening") == 0.0;
    let (message, help) =
        ("Nesterov's step needs momentum and no dampening", "add `momentum: 0.9`, and leave `dampening` out");
    if options.flag("nesterov") && !plain { Err(Conflict { key: "nesterov", message, help }) } else { Ok(()) }
}

fn start<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(Sgd::new(SgdConfig::of(options), theta0.len()))
}

/// What can be chosen about [`Sgd`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SgdConfig {
    /// μ, from 0 to below 1.
    pub momentum: f64,
    /// What is held back of every gradient but the first, from 0 to 1; without momentum nothing is.
    pub dampening: f64,
    /// Whether to look one momentum step ahead; wants momentum, and no dampening.
    pub nesterov: bool,
    /// λ of an L2 decay, at least 0.
    pub weight_decay: f64,
}

impl SgdConfig {
    fn of(options: &Method) -> Self {
        Self {
            momentum: options.number("momentum"),
            dampening: options.number("dampening"),
            nesterov: options.flag("nesterov"),
            weight_decay: options.number("weight_decay"),
        }
    }
}

impl Default for SgdConfig {
    /// The defaults of [`SGD`]: plain descent.
    fn default() -> Self {
        Self::of(&Method::new(&SGD))
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
/// This is PyTorch's form (`torch.optim.SGD`): the rate multiplies the whole velocity, so a change of α acts at once.
/// Sutskever et al. 2013 (v ← μ·v − α·g, θ ← θ + v) is the same while α is constant. optax's `sgd(momentum)`
/// (`trace`) is this form with dampening 0.
///
/// Without momentum no velocity is kept, d = g, and dampening does nothing.
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
        let one_minus_dampening = S::from_f64(if self.started { 1.0 - dampening } else { 1.0 });
        self.started = true;
        let (alpha, mu, lambda) = (S::from_f64(lr), S::from_f64(momentum), S::from_f64(weight_decay));
        if momentum == 0.0 {
            each([theta], g, |[theta], g| [theta - alpha * (g + lambda * theta)]);
        } else if nesterov {
            each([theta, &mut self.b], g, |[theta, b], g| {
                let g = g + lambda * theta;
                let b = mu * b + one_minus_dampening * g;
                [theta - alpha * (g + mu * b), b]
            });
        } else {
            each([theta, &mut self.b], g, |[theta, b], g| {
                let b = mu * b + one_minus_dampening * (g + lambda * theta);
                [theta - alpha * b, b]
            });
        }
    }
}
