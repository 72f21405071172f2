//! Gradient methods over flat slices of numbers: slices in, slices out, nothing else known.
//!
//! A method is made for the parameters it will move, and [`Optimizer::step`] then moves them in place: it allocates
//! nothing and makes one pass over memory ([`Lookahead`] a second one at every k-th step). Numbers that belong to the step t (bias
//! corrections, ρ_t, r_t) are computed once a step in f64 whatever the parameters are, because in f32 they are wrong where it matters: ρ_4 for
//! β₂ = 0.9999 would be 7.3 and is 4.0. The learning rate is an argument of the step; [`Schedule`] gives its factor.
//!
//! The loops are plain multiplications and additions, never fused, so that the same step gives the same bits on every
//! machine. Names follow the papers: θ `theta`, g `g`, α `alpha`, β `beta`, ε `eps`, λ `weight_decay`, m, v, φ `phi`.

mod adam;
mod adamw;
mod lion;
mod lookahead;
mod radam;
mod ranger;
mod scalar;
mod schedule;
mod schedule_free;
mod sgd;
mod state;
#[cfg(test)]
mod tests;
mod wide;

use serde::{Deserialize, Serialize};

pub use adam::{Adam, AdamConfig};
pub use adamw::AdamW;
pub use lion::{Lion, LionConfig};
pub use lookahead::Lookahead;
pub use radam::{Before, EpsAt, Gate, RAdam, RAdamConfig, rectification, rho, rho_infinity};
pub use ranger::{RANGER_ALPHA, RANGER_K, Ranger, ranger};
pub use scalar::Scalar;
pub use schedule::Schedule;
pub use schedule_free::{
    Correction, ScheduleFreeAdamW, ScheduleFreeAdamWConfig, ScheduleFreeSgd, ScheduleFreeSgdConfig,
};
pub use sgd::{Sgd, SgdConfig};
pub use state::{State, StateError};

/// A method that moves parameters against their gradient.
pub trait Optimizer<S: Scalar>: Send {
    /// Makes one step: moves `theta` in place, given the gradient `g` at `theta` and the learning rate of this step (> 0).
    ///
    /// # Panics
    /// When `theta` or `g` has not the length that the method was made for.
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64);

    /// The parameters at which the method wants to be judged: `theta` itself for most, the slow weights for [`Lookahead`], the average
    /// for [`ScheduleFreeSgd`] and [`ScheduleFreeAdamW`].
    fn judged<'a>(&'a self, theta: &'a [S]) -> &'a [S] {
        theta
    }

    /// A copy of all that the method remembers from step to step.
    fn save(&self) -> State<S>;

    /// Goes on from a state that was saved by such a method with the same hyperparameters, to the same bits.
    ///
    /// # Errors
    /// When the state is of another method or of another number of parameters; this method is then as it was before.
    fn restore(&mut self, state: State<S>) -> Result<(), StateError>;
}

impl<S: Scalar, O: Optimizer<S> + ?Sized> Optimizer<S> for Box<O> {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        (**self).step(theta, g, lr);
    }

    fn judged<'a>(&'a self, theta: &'a [S]) -> &'a [S] {
        (**self).judged(theta)
    }

    fn save(&self) -> State<S> {
        (**self).save()
    }

    fn restore(&mut self, state: State<S>) -> Result<(), StateError> {
        (**self).restore(state)
    }
}

/// How a weight decay λ enters a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// As the gradient of ½·λ·|θ|²: g ← g + λ·θ. What Adam's paper and PyTorch's `Adam` and `RAdam` do.
    L2,
    /// Apart from the gradient: θ ← (1 − α·λ)·θ before the step. Loshchilov & Hutter, "Decoupled Weight Decay
    /// Regularization" (arXiv 1711.05101), Algorithm 2 line 12, with the rate α as in PyTorch.
    Decoupled,
}

impl Decay {
    /// The two factors with which a loop serves both kinds: g + `.0`·θ, and `.1`·θ. The idle one is exactly 0 or 1.
    fn factors(self, weight_decay: f64, lr: f64) -> (f64, f64) {
        match self {
            Decay::L2 => (weight_decay, 1.0),
            Decay::Decoupled => (0.0, 1.0 - lr * weight_decay),
        }
    }
}

/// βᵗ in f64, by libm so that it is the same on every platform.
fn power(beta: f64, t: u64) -> f64 {
    libm::pow(beta, t as f64)
}
