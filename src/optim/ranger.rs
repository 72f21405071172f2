//! Ranger.

use super::definition::{Block, Definition, EvaluatedAt, Key, Method};
use super::lookahead::{K, Lookahead, SLOW_STEP};
use super::radam::{Defaults, PAPER, RAdam, RAdamConfig, keys};
use super::{Optimizer, Scalar};

/// Ranger with its author's defaults.
pub static RANGER: Definition = Definition {
    name: "ranger",
    title: "Ranger",
    family: "ranger",
    description: "Lookahead around RAdam as lessw2020/Ranger-Deep-Learning-Optimizer had it after its update of \
                  31 August 2019, which brought the ε of 1e-5; later versions also centralise gradients",
    keys: &with_lookahead(keys(Defaults {
        source: "the author's code",
        beta1: 0.95,
        eps: 1e-5,
        gate: "5",
        eps_at: "v",
        ..PAPER
    })),
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: Some("beta2"),
    evaluated_at: EvaluatedAt::SlowWeights,
    start: (start, start),
};

/// Lookahead's own keys, and those of the RAdam inside.
const fn with_lookahead([a, b, c, d, e, f, g, h]: [Key; 8]) -> [Key; 10] {
    let k = Key::count("k", K.symbol, "steps between synchronisations", 1_000_000, 6);
    [
        k.is(K.description, "the author's code"),
        SLOW_STEP.is(SLOW_STEP.description, "the author's code"),
        a,
        b,
        c,
        d,
        e,
        f,
        g,
        h,
    ]
}

fn start<S: Scalar>(options: &Method, theta0: &[S], _: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(ranger_of(options, theta0))
}

/// A name for Lookahead around RAdam.
pub type Ranger<S> = Lookahead<S, RAdam<S>>;

impl RAdamConfig {
    /// The RAdam inside [`RANGER`].
    pub fn ranger() -> Self {
        Self::of(&Method::new(&RANGER))
    }
}

/// Ranger with its author's defaults, for parameters that start at `theta0`.
pub fn ranger<S: Scalar>(theta0: &[S]) -> Ranger<S> {
    ranger_of(&Method::new(&RANGER), theta0)
}

fn ranger_of<S: Scalar>(options: &Method, theta0: &[S]) -> Ranger<S> {
    let inner = RAdam::new(RAdamConfig::of(options), theta0.len());
    Lookahead::new(inner, theta0, options.count("k"), options.number("alpha"))
}
