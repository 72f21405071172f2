//! The experiment `variance`: how far Lookahead and plain descent scatter on a noisy quadratic.
//!
//! The model is that of Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back" (arXiv 1907.08610), section
//! 3.1: L(θ) = ½ Σ aᵢ·(θᵢ − cᵢ)², where each step draws its own c with independent cᵢ ~ N(0, σ²). Coordinates do not
//! meet, so each curvature a is a run of its own. With rate γ and r = 1 − γa a step of descent is θ ← r·θ + γa·c,
//! hence after t steps from a fixed start, with V_SGD = γ²a²σ² / (1 − r²) as the limit for |r| < 1,
//!
//! ```text
//! V[θ_t] = γ²a²σ²·(1 − r^(2t)) / (1 − r²)                                              (SGD)
//! ```
//!
//! An inner loop of Lookahead takes φ to (1 − α)·φ + α·θ_k, where θ_k = r^k·φ + noise of variance V_SGD·(1 − r^(2k))
//! that does not depend on φ. So φ is multiplied by q = 1 − α + α·r^k, and after n inner loops
//!
//! ```text
//! V[φ_n] = α²·V_SGD·(1 − r^(2k))·(1 − q^(2n)) / (1 − q²)                               (Lookahead)
//! ```
//!
//! With 1 − q² = α²·(1 − r^(2k)) + 2α·(1 − α)·(1 − r^k) the limit is that of their Proposition 2: V_LA = α²(1 −
//! r^(2k)) / (α²(1 − r^(2k)) + 2α(1 − α)(1 − r^k)) · V_SGD, which is smaller than V_SGD at the same rate for every α
//! below 1.

use serde::{Deserialize, Serialize};

use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::lists::read_numbers;
use super::numbers::{PART, PLACE, POSITIVE, SCALE, count, number, set, set_number};
use super::reader::{Cursor, Fields};
use super::seeds;
use super::task::Task;
use crate::optim::{LOOKAHEAD, Method, SGD};

#[cfg(test)]
mod tests;

/// A noisy quadratic to be descended on, many times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VarianceSpec {
    /// The curvatures a: positive, each different, at least one.
    pub curvatures: Vec<f64>,
    /// Standard deviation σ of the minimum's place, above 0.
    pub sigma: f64,
    /// The learning rate γ.
    pub learning_rate: f64,
    /// Steps of an inner loop.
    pub k: u64,
    /// Share of the way that the slow weights go, above 0 and at most 1.
    pub alpha: f64,
    /// Where all descents start.
    pub start: f64,
    /// Steps of each descent, a multiple of `k`.
    pub steps: u64,
    /// Number of descents, at least 2, whose noise comes from the seeds 0, 1, 2 ….
    pub seeds: u32,
}

/// The two methods that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VarianceMethod {
    /// Plain descent.
    Sgd,
    /// Lookahead around it.
    Lookahead,
}

/// All descents of one method on one curvature. Curves have one value for every k steps, the first of them at the
/// start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VarianceRun {
    /// The curvature.
    pub curvature: f64,
    /// The method; Lookahead is looked at where its slow weights are.
    pub method: VarianceMethod,
    /// The limit of the variance by the closed form; none where it has no limit.
    pub limit: Option<f64>,
    /// The step at which mean or variance was no finite number any more; curves end before.
    pub diverged_at: Option<u64>,
    /// Mean of θ over the seeds.
    pub mean: Vec<f64>,
    /// Variance of θ over the seeds, with the divisor n − 1.
    pub variance: Vec<f64>,
}

/// Default and largest values of a spec.
impl VarianceSpec {
    /// σ, when nothing is said.
    pub const SIGMA: f64 = 1.0;
    /// Steps of an inner loop, when nothing is said, as in the paper.
    pub const K: u64 = 5;
    /// Share of the way, when nothing is said, as in the paper.
    pub const ALPHA: f64 = 0.5;
    /// Start, when nothing is said.
    pub const START: f64 = 1.0;
    /// Steps, when nothing is said.
    pub const STEPS: u64 = 1_000;
    /// Descents, when nothing is said: they know a variance to about 3 %.
    pub const SEEDS: u32 = 2_000;
    /// Most curvatures.
    pub const MOST_CURVATURES: usize = 24;
    /// Most steps.
    pub const MOST_STEPS: u64 = 1_000_000;
    /// Most descents.
    pub const MOST_SEEDS: u32 = 100_000;

    fn key(&self, index: usize) -> (f64, VarianceMethod) {
        (
            self.curvatures[index / 2],
            if index.is_multiple_of(2) { VarianceMethod::Sgd } else { VarianceMethod::Lookahead },
        )
    }

    /// The variance after so many inner loops by the closed form, also where it grows without limit.
    pub fn expected(&self, curvature: f64, method: VarianceMethod, loops: u64) -> f64 {
        let (gain, r) = (self.learning_rate * curvature, 1.0 - self.learning_rate * curvature);
        let noise = gain * gain * self.sigma * self.sigma;
        match method {
            VarianceMethod::Sgd => noise * geometric(r * r, loops * self.k),
            VarianceMethod::Lookahead => {
                let q = 1.0 - self.alpha + self.alpha * libm::pow(r, self.k as f64);
                self.alpha * self.alpha * noise * geometric(r * r, self.k) * geometric(q * q, loops)
            }
        }
    }

    /// The limit of the variance, by the two formulas of the paper; none unless |1 − γa| < 1.
    pub fn limit(&self, curvature: f64, method: VarianceMethod) -> Option<f64> {
        let (gain, r) = (self.learning_rate * curvature, 1.0 - self.learning_rate * curvature);
        // (1 − r²) = γa·(2 − γa).
        let sgd = gain * self.sigma * self.sigma / (2.0 - gain);
        let power = |exponent: u64| libm::pow(r, exponent as f64);
        let a = self.alpha;
        let (own, mixed) = (a * a * (1.0 - power(2 * self.k)), 2.0 * a * (1.0 - a) * (1.0 - power(self.k)));
        let limit = match method {
            VarianceMethod::Sgd => sgd,
            VarianceMethod::Lookahead => own / (own + mixed) * sgd,
        };
        (r.abs() < 1.0 && limit.is_finite()).then_some(limit)
    }
}

/// 1 + x + x² + … of n terms.
fn geometric(x: f64, n: u64) -> f64 {
    if (1.0 - x).abs() < 1e-12 { n as f64 } else { (1.0 - libm::pow(x, n as f64)) / (1.0 - x) }
}

impl Plan for VarianceSpec {
    fn task(&self) -> Option<Task> {
        None
    }

    fn variants(&self) -> Vec<String> {
        let VarianceSpec { k, alpha, .. } = self;
        vec![
            "SGD".to_owned(),
            format!("Lookahead (every {k} steps, α {alpha}, evaluated at its slow weights) around SGD"),
        ]
    }

    fn runs(&self) -> usize {
        2 * self.curvatures.len() * self.seeds as usize
    }

    /// A draw of the noise with its step takes the time of about 1,100 multiply-adds, as measured.
    fn cost(&self) -> Cost {
        let cost =
            Cost { steps: self.steps, multiply_adds: self.steps.saturating_mul(1_100), numbers: 0 }.times(self.runs());
        Cost { numbers: 2 * (self.steps / self.k + 1) * 2 * self.curvatures.len() as u64, ..cost }
    }
}

impl Kind for VarianceSpec {
    const NAME: &'static str = "variance";
    const FIGURES: &'static [Figure] = &[Figure::Curves, Figure::Table];
    const SHOWN: &'static [Figure] = Self::FIGURES;
    const ADVICE: &'static str = "choose fewer steps, seeds or curvatures";
    type Entry = VarianceRun;

    fn defaults() -> serde_json::Value {
        serde_json::json!({
            "sigma": Self::SIGMA, "k": Self::K, "alpha": Self::ALPHA, "start": Self::START, "seeds": Self::SEEDS,
        })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let curvatures = fields.need("curvatures");
        let curvatures =
            curvatures.and_then(|c| read_numbers(c, &SCALE, Self::MOST_CURVATURES, "curvature", "[1, 0.1]"));
        let rate = fields.need("learning_rate").and_then(|cursor| number(cursor, &POSITIVE));
        let (mut sigma, mut alpha, mut start) = (Self::SIGMA, Self::ALPHA, Self::START);
        let (mut k, mut seeds, mut steps) = (Self::K, Self::SEEDS, None);
        let fine = set_number(fields, "sigma", &mut sigma, &SCALE)
            & set_number(fields, "alpha", &mut alpha, &PART)
            & set_number(fields, "start", &mut start, &PLACE)
            & set(fields, "k", &mut k, |c| count(c, "steps of an inner loop", Self::MOST_STEPS))
            & set(fields, "seeds", &mut seeds, read_seeds);
        let fine = fine & set(fields, "steps", &mut steps, |c| read_steps(c, k).map(Some));
        // Unless it is said, the number of steps is the whole number of inner loops next above the default.
        let steps = steps.unwrap_or_else(|| Self::STEPS.div_ceil(k) * k);
        let (curvatures, learning_rate) = (curvatures?, rate?.value);
        fine.then_some(VarianceSpec { curvatures, sigma, learning_rate, k, alpha, start, steps, seeds })
    }

    /// One for each curvature and method.
    fn entries(&self) -> usize {
        2 * self.curvatures.len()
    }

    fn run(&self, index: usize, bench: &Bench<'_, VarianceRun>) -> Result<VarianceRun, RunError> {
        let (curvature, method) = self.key(index);
        let limit = self.limit(curvature, method);
        let mut run =
            VarianceRun { curvature, method, limit, diverged_at: None, mean: Vec::new(), variance: Vec::new() };
        // Both methods act on each parameter alone, so that all seeds are the parameters of one descent.
        let mut theta = vec![self.start; self.seeds as usize];
        let mut g = vec![0.0; theta.len()];
        let name = "noise of the quadratic";
        let mut noise: Vec<_> =
            (0..self.seeds).map(|seed| seeds::stream(name, &[u64::from(seed), curvature.to_bits()])).collect();
        let mut descent = self.method(method).start(&theta);
        run.look(&theta);
        let each = u64::from(self.seeds);
        for step in 1..=self.steps {
            bench.go_on()?;
            for ((g, theta), noise) in g.iter_mut().zip(&theta).zip(&mut noise) {
                *g = curvature * (theta - self.sigma * seeds::normal(noise));
            }
            descent.step(&mut theta, &g, self.learning_rate);
            if step % self.k == 0 {
                bench.report(each * self.k);
                if !run.look(descent.eval_params(&theta)) {
                    run.diverged_at = Some(step);
                    bench.report(each * (self.steps - step));
                    break;
                }
            }
        }
        Ok(run)
    }

    fn name_of(&self, index: usize) -> String {
        let (curvature, method) = self.key(index);
        format!("{} at curvature {curvature}", method.name())
    }

    fn is_at(&self, index: usize, run: &VarianceRun) -> bool {
        index < self.entries() && (run.curvature, run.method) == self.key(index)
    }

    fn is_whole(&self, run: &VarianceRun) -> bool {
        let (points, all) = (run.mean.len() as u64, self.steps / self.k + 1);
        let whole = if run.diverged_at.is_some() { points < all } else { points == all };
        whole && run.variance.len() == run.mean.len()
    }

    fn numbers(&self, run: &VarianceRun) -> Vec<Numbers> {
        vec![
            Numbers::one("limit", run.limit),
            Numbers::one("step of divergence", run.diverged_at),
            Numbers::list("mean", "inner loop", 0, run.mean.iter().copied()),
            Numbers::list("variance", "inner loop", 0, run.variance.iter().copied()),
        ]
    }
}

fn read_seeds(cursor: Cursor<'_>) -> Option<u32> {
    let seeds = count(cursor, "seeds", VarianceSpec::MOST_SEEDS)?;
    if seeds < 2 {
        cursor
            .error("one seed has no variance", format!("write a whole number from 2 to {}", VarianceSpec::MOST_SEEDS));
        return None;
    }
    Some(seeds)
}

fn read_steps(cursor: Cursor<'_>, k: u64) -> Option<u64> {
    let steps = count(cursor, "steps", VarianceSpec::MOST_STEPS)?;
    if steps % k != 0 {
        let (below, above) = (steps / k * k, steps.div_ceil(k) * k);
        let help = if below == 0 { format!("write {above}") } else { format!("write {below} or {above}") };
        cursor.error(format!("{steps} steps are no whole number of inner loops of {k}"), help);
        return None;
    }
    Some(steps)
}

impl VarianceSpec {
    fn method(&self, method: VarianceMethod) -> Method {
        let sgd = Method::new(&SGD);
        match method {
            VarianceMethod::Sgd => sgd,
            VarianceMethod::Lookahead => {
                Method::new(&LOOKAHEAD).with("k", self.k).with("alpha", self.alpha).with("inner", sgd)
            }
        }
    }
}

impl VarianceMethod {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            VarianceMethod::Sgd => "SGD",
            VarianceMethod::Lookahead => "Lookahead",
        }
    }
}

impl VarianceRun {
    /// How far the last variance is from the closed form, in standard errors: V·√(2/(n − 1)) for normal θ. `None`
    /// where there is nothing to compare.
    pub fn deviation(&self, spec: &VarianceSpec) -> Option<f64> {
        let expected = spec.expected(self.curvature, self.method, (self.variance.len() as u64).checked_sub(1)?);
        let error = expected * (2.0 / (f64::from(spec.seeds) - 1.0)).sqrt();
        Some((self.variance.last()? - expected) / error).filter(|deviation| deviation.is_finite())
    }

    /// Adds mean and variance, unless they are not finite.
    fn look(&mut self, theta: &[f64]) -> bool {
        let n = theta.len() as f64;
        let mean = theta.iter().sum::<f64>() / n;
        let variance = theta.iter().map(|theta| (theta - mean) * (theta - mean)).sum::<f64>() / (n - 1.0);
        let finite = mean.is_finite() && variance.is_finite();
        if finite {
            self.mean.push(mean);
            self.variance.push(variance);
        }
        finite
    }
}
