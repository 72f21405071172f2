//! How the learning rate changes over a run.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// A factor on the learning rate of each step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "kebab-case")]
pub enum Schedule {
    /// 1.
    Constant,
    /// The same factor at every step: a smaller rate for one optimizer of a comparison.
    Scaled {
        /// The factor, above 0.
        factor: f64,
    },
    /// min(1, t / steps).
    WarmupLinear {
        /// The step at which the full rate is reached, at least 1.
        steps: u64,
    },
    /// min(1, (1 − β₂)·t / 2): the "untuned linear" warm-up of Ma & Yarats (arXiv 1910.04209).
    WarmupUntunedLinear {
        /// β₂ of the method that is warmed up.
        beta2: f64,
    },
    /// 1 − e^(−(1 − β₂)·t): their "untuned exponential" warm-up.
    WarmupUntunedExponential {
        /// β₂ of the method that is warmed up.
        beta2: f64,
    },
    /// `factor` to the number of marks passed: a mark of 100 acts on step 101 and later (PyTorch's `MultiStepLR`).
    Step {
        /// Numbers of steps after which the rate changes.
        at: Vec<u64>,
        /// What it is multiplied by.
        factor: f64,
    },
    /// (1 + cos(π·(t − 1)/T)) / 2: Loshchilov & Hutter, SGDR (arXiv 1608.03983), equation 5, one period and down to 0.
    Cosine,
    /// 1 for a share of the run, then a cosine down to 0: what Ranger's users pair it with.
    FlatCosine {
        /// The share, from 0 to below 1; [`Schedule::FLAT`] unless said otherwise.
        flat: f64,
    },
    /// Up by a cosine from 1/25 to 1 over the first 30 % of the run, then down by a cosine to 1/250,000: the rate of
    /// Smith's 1cycle policy (arXiv 1708.07120) as PyTorch's `OneCycleLR` has it by default; the momentum is left
    /// alone.
    OneCycle,
}

impl Schedule {
    /// Share of a flat-cosine run that is flat: `pct_start` of fastai's `fit_flat_cos`.
    pub const FLAT: f64 = 0.75;

    /// Its name in specs; none for the one that changes nothing.
    pub fn name(&self) -> Option<&'static str> {
        Some(match self {
            Schedule::Constant => return None,
            Schedule::Scaled { .. } => "scaled",
            Schedule::WarmupLinear { .. } => "warmup-linear",
            Schedule::WarmupUntunedLinear { .. } => "warmup-untuned-linear",
            Schedule::WarmupUntunedExponential { .. } => "warmup-untuned-exponential",
            Schedule::Step { .. } => "step",
            Schedule::Cosine => "cosine",
            Schedule::FlatCosine { .. } => "flat-cosine",
            Schedule::OneCycle => "one-cycle",
        })
    }

    /// What it does, in a few words for captions; nothing for the one that changes nothing.
    pub fn caption(&self) -> Option<String> {
        Some(match self {
            Schedule::Constant => return None,
            Schedule::Scaled { factor } => format!("rate × {factor}"),
            Schedule::WarmupLinear { steps } => format!("linear warm-up over {steps} steps"),
            Schedule::WarmupUntunedLinear { .. } => "untuned linear warm-up".to_owned(),
            Schedule::WarmupUntunedExponential { .. } => "untuned exponential warm-up".to_owned(),
            Schedule::Step { at, factor } => {
                let marks: Vec<String> = at.iter().map(u64::to_string).collect();
                format!("rate × {factor} after steps {}", marks.join(", "))
            }
            Schedule::Cosine => "cosine schedule".to_owned(),
            Schedule::FlatCosine { flat } => format!("flat for {} % of the run, then cosine", flat * 100.0),
            Schedule::OneCycle => "one-cycle schedule".to_owned(),
        })
    }

    /// The factor at step `t`, from 1, of a run of `total` steps.
    pub fn factor(&self, t: u64, total: u64) -> f64 {
        let (step, all) = (t as f64, total.max(1) as f64);
        match self {
            Schedule::Constant => 1.0,
            Schedule::Scaled { factor } => *factor,
            Schedule::WarmupLinear { steps } => (step / (*steps).max(1) as f64).min(1.0),
            Schedule::WarmupUntunedLinear { beta2 } => ((1.0 - beta2) * step / 2.0).min(1.0),
            Schedule::WarmupUntunedExponential { beta2 } => -libm::expm1(-(1.0 - beta2) * step),
            Schedule::Step { at, factor } => at.iter().filter(|mark| t > **mark).map(|_| factor).product(),
            Schedule::Cosine => down((step - 1.0) / all),
            Schedule::FlatCosine { flat } => down((((step - 1.0) / all - flat) / (1.0 - flat)).max(0.0)),
            Schedule::OneCycle => one_cycle(step - 1.0, all),
        }
    }
}

/// Half a cosine, from 1 at 0 to 0 at 1.
fn down(x: f64) -> f64 {
    (1.0 + libm::cos(PI * x.clamp(0.0, 1.0))) / 2.0
}

/// `OneCycleLR` with its defaults: `pct_start` 0.3, `div_factor` 25, `final_div_factor` 1e4; `done` counts from 0.
fn one_cycle(done: f64, all: f64) -> f64 {
    let (first, last) = (1.0 / 25.0, 1.0 / 25.0 / 1e4);
    let (top, end) = (0.3 * all - 1.0, all - 1.0);
    if done <= top && top > 0.0 {
        1.0 + (first - 1.0) * down(done / top)
    } else {
        last + (1.0 - last) * down((done - top.max(0.0)) / (end - top.max(0.0)).max(1.0))
    }
}
