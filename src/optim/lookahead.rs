//! Lookahead, around any method.

use super::definition::{Block, Conflict, DefaultValue, Definition, EvaluatedAt, Key, KeyKind, Method};
use super::range::Range;
use super::sgd::SGD;
use super::{Optimizer, Scalar};

/// Lookahead around a method of choice.
pub static LOOKAHEAD: Definition = Definition {
    name: "lookahead",
    title: "Lookahead",
    family: "lookahead",
    description: "Lookahead of Zhang et al. (arXiv 1907.08610), Algorithm 1, around a method of choice",
    keys: &[
        K,
        SLOW_STEP,
        Key::new("inner", "around", KeyKind::Method, DefaultValue::Method(&SGD)).is(
            "the method that makes the steps: a name, or `{name: adam, beta1: 0.8}`",
            "plain descent, as in the paper's analysis",
        ),
    ],
    label,
    check,
    second_moment: None,
    evaluated_at: EvaluatedAt::SlowWeights,
    start: (start, start),
};

/// The key `k`.
pub(super) const K: Key = Key::count("k", "k", "steps between synchronisations", 1_000_000, 5)
    .is("steps from one synchronisation to the next", "paper");
/// The key `alpha`.
pub(super) const SLOW_STEP: Key =
    Key::number("alpha", "α", Range::SHARE, 0.5).is("share of the way that the slow weights go", "paper");

fn label(options: &Method) -> String {
    format!("Lookahead ({})", options.method("inner").label())
}

fn check(options: &Method) -> Result<(), Conflict> {
    let message = "a schedule-free method moves parameters by its own average and takes no notice of Lookahead's";
    let help = "choose another inner method, or the schedule-free one without Lookahead";
    let average = options.method("inner").evaluated_at() == EvaluatedAt::Average;
    if average { Err(Conflict { key: "inner", message, help }) } else { Ok(()) }
}

fn start<S: Scalar>(options: &Method, theta0: &[S], blocks: &[Block]) -> Box<dyn Optimizer<S>> {
    let inner = options.method("inner").start_blocks(theta0, blocks);
    Box::new(Lookahead::new(inner, theta0, options.count("k"), options.number("alpha")))
}

/// Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back" (arXiv 1907.08610), Algorithm 1:
///
/// ```text
/// φ = θ₀
/// for t = 1, 2, …:
///   θ ← inner step from θ
///   if t mod k = 0:   φ ← φ + a·(θ − φ),   θ ← φ
/// ```
///
/// where a is the paper's "slow weights step size" α, `slow_step` in code, because α is the learning rate everywhere
/// else. The inner method's state (momentum, m, v) is kept at a synchronisation, which is one of the choices the
/// paper discusses and the default of the authors' code. The slow weights φ are what the method is evaluated at.
/// PyTorch has no Lookahead; `optax.lookahead` is this with the reset of the inner state as a choice. With a = 1 it
/// is the inner method to a rounding, with a = 0 φ never moves.
#[derive(Debug, Clone)]
pub struct Lookahead<S, O> {
    inner: O,
    phi: Vec<S>,
    k: u64,
    slow_step: f64,
    t: u64,
}

impl<S: Scalar, O: Optimizer<S>> Lookahead<S, O> {
    /// Wraps `inner`; slow weights start at `theta0`, are synchronised every `k` ≥ 1 steps, and go the share
    /// `slow_step` (0 to 1) of the way.
    ///
    /// # Panics
    /// When `k` is 0.
    pub fn new(inner: O, theta0: &[S], k: u64, slow_step: f64) -> Self {
        assert!(k > 0, "Lookahead synchronises every k steps, and k is 0");
        Self { inner, phi: theta0.to_vec(), k, slow_step, t: 0 }
    }
}

impl<S: Scalar, O: Optimizer<S> + Clone + 'static> Optimizer<S> for Lookahead<S, O> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        assert_eq!(theta.len(), self.phi.len(), "made for {} parameters", self.phi.len());
        self.inner.step(theta, g, lr);
        self.t += 1;
        if self.t.is_multiple_of(self.k) {
            let slow_step = S::from_f64(self.slow_step);
            for (theta, phi) in theta.iter_mut().zip(&mut self.phi) {
                *phi += slow_step * (*theta - *phi);
                *theta = *phi;
            }
        }
    }

    fn eval_params<'a>(&'a self, _theta: &'a [S]) -> &'a [S] {
        &self.phi
    }
}
