//! AdamW.

use super::adam::{Adam, AdamConfig, keys, start};
use super::definition::{Definition, EvaluatedAt, Method};

/// Adam with decoupled weight decay.
pub static ADAMW: Definition = Definition {
    name: "adamw",
    title: "AdamW",
    family: "adam",
    description: "Adam with decoupled weight decay, Loshchilov & Hutter (arXiv 1711.05101), Algorithm 2",
    keys: &keys((0.01, "PyTorch; optax has 1e-4"), ("decoupled", "paper")),
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: Some("beta2"),
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

/// Adam with decoupled weight decay: Loshchilov & Hutter, "Decoupled Weight Decay Regularization" (arXiv 1711.05101),
/// Algorithm 2.
///
/// ```text
/// θ ← θ − (α·m̂ / (√v̂ + ε) + α·λ·θ), where m̂ and v̂ know nothing of λ
/// ```
///
/// The paper multiplies λ by the schedule's factor η_t alone; PyTorch's `AdamW` and optax's `adamw` by the whole rate
/// α, and so do we. Its hyperparameters are [`AdamConfig::adamw`].
pub type AdamW<S> = Adam<S>;

impl AdamConfig {
    /// The defaults of [`ADAMW`].
    pub fn adamw() -> Self {
        Self::of(&Method::new(&ADAMW))
    }
}
