//! The experiment `warmup`: the rectification of RAdam beside the untuned warm-ups, by step. Pure arithmetic: nothing
//! is trained.
//!
//! r_t is that of Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond" (arXiv 1908.03265),
//! Algorithm 2; the warm-ups are those of Ma & Yarats, "On the adequacy of untuned warmup for adaptive optimization"
//! (arXiv 1910.04209): min(1, (1 − β₂)·t / 2) and 1 − e^(−(1 − β₂)·t). All of them are factors on the rate of step t
//! that depend on β₂ and t alone.

use serde::{Deserialize, Serialize};

use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::numbers::{INSIDE_UNIT, count, number, set};
use super::reader::{Cursor, Fields};
use super::task::Task;
use crate::optim::{Schedule, rectification};

#[cfg(test)]
mod tests;

/// Factors to be computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarmupSpec {
    /// The decay rates β₂, above 0 and below 1, each different, at least one.
    pub beta2: Vec<f64>,
    /// The last step.
    pub steps: u64,
}

/// The factors for one β₂, at the steps of [`WarmupSpec::shown`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warmup {
    /// β₂.
    pub beta2: f64,
    /// r_t; none where ρ_t ≤ 4.
    pub rectification: Vec<Option<f64>>,
    /// Mean of r_1 … r_t, where one that is not defined counts as 0.
    pub mean: Vec<f64>,
    /// The untuned linear warm-up.
    pub linear: Vec<f64>,
    /// The untuned exponential warm-up.
    pub exponential: Vec<f64>,
}

/// Default and largest values of a spec.
impl WarmupSpec {
    /// β₂, when nothing is said.
    pub const BETA2: f64 = 0.999;
    /// The last step, when nothing is said.
    pub const STEPS: u64 = 5_000;
    /// Most decay rates.
    pub const MOST_RATES: usize = 12;
    /// Most steps.
    pub const MOST_STEPS: u64 = 10_000_000;

    /// The steps at which factors are kept: each of the first, then each about a twentieth beyond the one before, and
    /// the last.
    pub fn shown(&self) -> Vec<u64> {
        let next = |step: &u64| Some((step + 1).max(step * 21 / 20)).filter(|next| *next < self.steps);
        let first = (self.steps > 1).then_some(1);
        std::iter::successors(first, next).chain([self.steps]).collect()
    }
}

impl Plan for WarmupSpec {
    fn task(&self) -> Option<Task> {
        None
    }

    fn variants(&self) -> Vec<String> {
        self.beta2
            .iter()
            .map(|beta2| format!("rₜ of RAdam (paper), untuned linear and exponential warm-up, β₂ {beta2}"))
            .collect()
    }

    fn runs(&self) -> usize {
        self.beta2.len()
    }

    /// A step takes two powers and a root, about as long as two hundred multiply-adds.
    fn cost(&self) -> Cost {
        let numbers = 4 * self.shown().len() as u64;
        Cost { steps: self.steps, multiply_adds: self.steps.saturating_mul(200), numbers }.times(self.runs())
    }
}

impl Kind for WarmupSpec {
    const NAME: &'static str = "warmup";
    const FIGURES: &'static [Figure] = &[Figure::Curves, Figure::Table];
    const SHOWN: &'static [Figure] = Self::FIGURES;
    const ADVICE: &'static str = "choose fewer steps";
    type Entry = Warmup;

    fn defaults() -> serde_json::Value {
        serde_json::json!({ "beta2": [Self::BETA2], "steps": Self::STEPS })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (mut beta2, mut steps) = (vec![Self::BETA2], Self::STEPS);
        let fine = set(fields, "beta2", &mut beta2, read_beta2)
            & set(fields, "steps", &mut steps, |c| count(c, "steps", Self::MOST_STEPS));
        fine.then_some(WarmupSpec { beta2, steps })
    }

    fn entries(&self) -> usize {
        self.beta2.len()
    }

    fn run(&self, index: usize, bench: &Bench<'_, Warmup>) -> Result<Warmup, RunError> {
        bench.go_on()?;
        let beta2 = self.beta2[index];
        let (linear, exponential) =
            (Schedule::WarmupUntunedLinear { beta2 }, Schedule::WarmupUntunedExponential { beta2 });
        let mut warmup =
            Warmup { beta2, rectification: Vec::new(), mean: Vec::new(), linear: Vec::new(), exponential: Vec::new() };
        let (mut sum, mut shown) = (0.0, self.shown().into_iter().peekable());
        for step in 1..=self.steps {
            let r = rectification(step, beta2);
            sum += r.unwrap_or(0.0);
            if shown.next_if_eq(&step).is_some() {
                bench.go_on()?;
                warmup.rectification.push(r);
                warmup.mean.push(sum / step as f64);
                warmup.linear.push(linear.factor(step, self.steps));
                warmup.exponential.push(exponential.factor(step, self.steps));
            }
        }
        bench.report(self.steps);
        Ok(warmup)
    }

    fn name_of(&self, index: usize) -> String {
        format!("β₂ {}", self.beta2[index])
    }

    fn is_at(&self, index: usize, warmup: &Warmup) -> bool {
        self.beta2.get(index) == Some(&warmup.beta2)
    }

    fn is_whole(&self, warmup: &Warmup) -> bool {
        let Warmup { rectification, mean, linear, exponential, .. } = warmup;
        let lengths = [rectification.len(), mean.len(), linear.len(), exponential.len()];
        lengths == [self.shown().len(); 4]
    }

    fn numbers(&self, warmup: &Warmup) -> Vec<Numbers> {
        vec![
            Numbers::list("rectification", "shown step", 0, warmup.rectification.iter().copied()),
            Numbers::list("mean rectification", "shown step", 0, warmup.mean.iter().copied()),
            Numbers::list("linear warm-up", "shown step", 0, warmup.linear.iter().copied()),
            Numbers::list("exponential warm-up", "shown step", 0, warmup.exponential.iter().copied()),
        ]
    }
}

/// `0.999`, or a list of such numbers.
fn read_beta2(cursor: Cursor<'_>) -> Option<Vec<f64>> {
    let items = cursor.items();
    let mut rates = Vec::new();
    for item in &items {
        let Some(found) = number(*item, &INSIDE_UNIT) else { continue };
        if rates.contains(&found.value) {
            item.error(format!("β₂ {} stands here twice", found.value), "leave one of the two out");
        } else {
            rates.push(found.value);
        }
    }
    if items.is_empty() || items.len() > WarmupSpec::MOST_RATES {
        cursor.error(
            format!("expected from 1 to {} decay rates", WarmupSpec::MOST_RATES),
            "write some, like `[0.99, 0.999]`",
        );
        return None;
    }
    (rates.len() == items.len()).then_some(rates)
}
