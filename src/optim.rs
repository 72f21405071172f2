//! Gradient methods over flat slices of numbers: slices in, slices out, nothing else known.
//!
//! A method is made for the parameters it will move, and [`Optimizer::step`] then moves them in place: it allocates
//! nothing and makes one pass over memory ([`Lookahead`] a second one at every k-th step). Numbers that belong to the
//! step t (bias corrections, ρ_t, r_t) are computed once a step in f64 whatever the parameters are, because in f32
//! they are wrong where it matters: ρ_4 for β₂ = 0.9999 would be 7.3 and is 4.0. The learning rate is an argument of
//! the step; [`Schedule`] gives its factor.
//!
//! The loops are plain multiplications and additions, never fused, so that the same step gives the same bits on every
//! machine. Names follow the papers: θ `theta`, g `g`, α `alpha` (the learning rate), β `beta`, ε `eps`, λ
//! `weight_decay`, m, v, m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ), φ `phi`.
//!
//! Each file of a method has a [`Definition`] beside the method, and [`DEFINITIONS`] lists them: name, options and
//! how it starts. A new method is such a file and a line in that list.

mod adam;
mod adamw;
mod catalog;
mod definition;
mod lion;
mod lookahead;
mod options;
mod radam;
mod range;
mod ranger;
mod reference;
mod scalar;
mod schedule;
mod schedule_free;
mod sgd;
#[cfg(test)]
mod tests;
mod wide;

use crate::yaml::choices;

pub use adam::{ADAM, Adam, AdamConfig};
pub use adamw::{ADAMW, AdamW};
pub use catalog::DEFINITIONS;
pub use definition::{
    Block, Choice, Conflict, DefaultValue, Definition, EvaluatedAt, Key, KeyKind, Method, Start, Value,
};
pub use lion::{LION, Lion, LionConfig};
pub use lookahead::{LOOKAHEAD, Lookahead};
pub use radam::{
    EpsAt, Fallback, RADAM, RADAM_AUTHOR, RADAM_OPTAX, RADAM_PYTORCH, RAdam, RAdamConfig, Threshold, rectification,
    rho, rho_infinity,
};
pub use range::{Range, count};
pub use ranger::{RANGER, Ranger, ranger};
pub use reference::{reference, schema};
pub use scalar::Scalar;
pub use schedule::Schedule;
pub use schedule_free::{
    Correction, SCHEDULE_FREE_ADAMW, SCHEDULE_FREE_SGD, ScheduleFreeAdamW, ScheduleFreeAdamWConfig, ScheduleFreeSgd,
    ScheduleFreeSgdConfig,
};
pub use sgd::{SGD, Sgd, SgdConfig};

/// A method that moves parameters against their gradient. What it remembers from step to step is its own: a clone
/// goes on to the same bits.
pub trait Optimizer<S: Scalar>: Fork<S> + Send {
    /// Makes one step: moves `theta` in place, given the gradient `g` at `theta` and the learning rate of this step
    /// (> 0).
    ///
    /// # Panics
    /// When `theta` or `g` has not the length that the method was made for.
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64);

    /// The parameters at which the method is evaluated: `theta` itself for most, the slow weights for [`Lookahead`],
    /// the average for [`ScheduleFreeSgd`] and [`ScheduleFreeAdamW`].
    fn eval_params<'a>(&'a self, theta: &'a [S]) -> &'a [S] {
        theta
    }
}

/// Clones a method behind a box. Every [`Optimizer`] that is `Clone` has it.
pub trait Fork<S: Scalar> {
    /// Makes another one that goes on from here.
    fn fork(&self) -> Box<dyn Optimizer<S>>;
}

impl<S: Scalar, O: Optimizer<S> + Clone + 'static> Fork<S> for O {
    fn fork(&self) -> Box<dyn Optimizer<S>> {
        Box::new(self.clone())
    }
}

impl<S: Scalar> Clone for Box<dyn Optimizer<S>> {
    fn clone(&self) -> Self {
        (**self).fork()
    }
}

impl<S: Scalar> Optimizer<S> for Box<dyn Optimizer<S>> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        (**self).step(theta, g, lr);
    }

    fn eval_params<'a>(&'a self, theta: &'a [S]) -> &'a [S] {
        (**self).eval_params(theta)
    }
}

choices! {
    /// How a weight decay λ enters a step.
    pub enum Decay {
        /// As the gradient of ½·λ·|θ|²: g ← g + λ·θ. What Adam's paper and PyTorch's `Adam` and `RAdam` do.
        L2 = "l2",
        /// Apart from the gradient: θ ← θ − α·(u + λ·θ) where u is the step's direction. Loshchilov & Hutter,
        /// "Decoupled Weight Decay Regularization" (arXiv 1711.05101), Algorithm 2 line 12, with the rate α as in
        /// PyTorch.
        Decoupled = "decoupled",
    }
}

impl Decay {
    /// The two factors with which a loop serves both kinds: g + `.0`·θ, and θ − (α·u + `.1`·θ). The idle one is 0.
    ///
    /// α·λ·θ is added to the step and not taken from θ as a factor 1 − α·λ: in f32 that factor is 1 for α·λ below
    /// 3e-8, and the decay would be lost. As a part of the step it decides how the sum with θ is rounded.
    fn factors<S: Scalar>(self, weight_decay: f64, lr: f64) -> (S, S) {
        match self {
            Decay::L2 => (S::from_f64(weight_decay), S::default()),
            Decay::Decoupled => (S::default(), S::from_f64(lr * weight_decay)),
        }
    }
}

/// 1 − βᵗ in f64, with all digits where β is near 1, and by libm so that it is the same on every platform.
fn bias_correction(beta: f64, t: u64) -> f64 {
    -libm::expm1(t as f64 * libm::log(beta))
}
