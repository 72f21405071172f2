//! The experiment `trace`: paths of optimizers over a function of two parameters.

use serde::{Deserialize, Serialize};

use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::lists::{read_optimizers, read_rates};
use super::method::OptimizerSpec;
use super::numbers::{PLACE, POSITIVE, count, number, set, set_number};
use super::objective::Objective;
use super::reader::Fields;
use super::task::Task;
use super::trace::{Descent, read_objective, read_start};

#[cfg(test)]
mod tests;

/// Descents to be drawn over the contours of their function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathsSpec {
    /// What is descended on, a function of two parameters.
    pub objective: Objective,
    /// Where all descents start.
    pub start: [f64; 2],
    /// The methods to compare, each different, at least one.
    pub optimizers: Vec<OptimizerSpec>,
    /// The learning rates that each is run with.
    pub learning_rates: Vec<f64>,
    /// Number of steps.
    pub steps: u64,
    /// The Euclidean norm to which longer gradients are shortened; a picture of such descents has to say so.
    pub clip: Option<f64>,
    /// A descent has arrived when its value is less than this above the minimum.
    pub tolerance: f64,
}

/// One descent. Lists have one item a step, the first of them at the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Path {
    /// Index into the spec's optimizers.
    pub optimizer: usize,
    /// Learning rate, one of the spec's.
    pub learning_rate: f64,
    /// The step at which a parameter or a value was no finite number any more; lists end before.
    pub diverged_at: Option<u64>,
    /// The first step after which the path was outside the usual domain of the function.
    pub left_at: Option<u64>,
    /// The first step after which the value was within the tolerance of the minimum.
    pub reached_at: Option<u64>,
    /// Number of steps whose gradient was shortened.
    pub clipped: u64,
    /// The parameters at which gradients are taken.
    pub points: Vec<[f64; 2]>,
    /// The parameters at which the method wants to be judged (slow weights, averages); empty for methods that are
    /// judged where their gradients are taken.
    pub judged: Vec<[f64; 2]>,
    /// The function's value where the method is judged.
    pub values: Vec<f64>,
}

/// Default and largest values of a spec.
impl PathsSpec {
    /// Number of steps, when nothing is said.
    pub const STEPS: u64 = 200;
    /// Tolerance, when nothing is said.
    pub const TOLERANCE: f64 = 1e-3;
    /// Most steps.
    pub const MOST_STEPS: u64 = 100_000;

    fn key(&self, index: usize) -> (usize, f64) {
        (index / self.learning_rates.len(), self.learning_rates[index % self.learning_rates.len()])
    }
}

impl Plan for PathsSpec {
    fn task(&self) -> Option<Task> {
        None
    }

    fn variants(&self) -> Vec<String> {
        self.optimizers.iter().map(OptimizerSpec::describe).collect()
    }

    fn runs(&self) -> usize {
        self.optimizers.len() * self.learning_rates.len()
    }

    /// A step with its functions takes the time of about 4,000 multiply-adds, as measured.
    fn cost(&self) -> Cost {
        let steps = self.steps;
        Cost { steps, multiply_adds: steps.saturating_mul(4_000), numbers: 5 * (steps + 1) + 4 }.times(self.runs())
    }
}

impl Kind for PathsSpec {
    const NAME: &'static str = "trace";
    const FIGURES: &'static [Figure] = &[Figure::Paths, Figure::Values, Figure::Table];
    const SHOWN: &'static [Figure] = Self::FIGURES;
    const ADVICE: &'static str = "choose fewer steps, learning rates or optimizers";
    type Entry = Path;

    fn defaults() -> serde_json::Value {
        serde_json::json!({ "steps": Self::STEPS, "clip": null, "tolerance": Self::TOLERANCE })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let objective = fields.need("objective").and_then(|cursor| Some((cursor, read_objective(cursor, 2)?)));
        let start = fields.need("start").and_then(|cursor| read_start(cursor, &PLACE));
        let (mut steps, mut clip, mut tolerance) = (Self::STEPS, None, Self::TOLERANCE);
        let fine = set(fields, "steps", &mut steps, |c| count(c, "steps", Self::MOST_STEPS))
            & set(fields, "clip", &mut clip, |c| Some(Some(number(c, &POSITIVE)?.value)))
            & set_number(fields, "tolerance", &mut tolerance, &POSITIVE);
        let (optimizers, learning_rates) = (read_optimizers(fields, None), read_rates(fields));
        let ((objective_at, objective), (start_at, start)) = (objective?, start?);
        if objective.dim() != 2 {
            let message = format!("paths are drawn over two parameters, and the objective has {}", objective.dim());
            objective_at.error(message, "leave `dim` out, or write `dim: 2`");
            return None;
        }
        let Ok(start) = <[f64; 2]>::try_from(start.as_slice()) else {
            let message = format!("the objective has 2 parameters, and the start has {}", start.len());
            start_at.error(message, "give one number for each parameter");
            return None;
        };
        let (optimizers, learning_rates) = (optimizers?, learning_rates?);
        fine.then_some(PathsSpec { objective, start, optimizers, learning_rates, steps, clip, tolerance })
    }

    fn entries(&self) -> usize {
        self.runs()
    }

    fn run(&self, index: usize, bench: &Bench<'_, Path>) -> Result<Path, RunError> {
        bench.go_on()?;
        let (optimizer, learning_rate) = self.key(index);
        let (points, judged, values) = (Vec::new(), Vec::new(), Vec::new());
        let (diverged_at, left_at, reached_at) = (None, None, None);
        let mut path =
            Path { optimizer, learning_rate, diverged_at, left_at, reached_at, clipped: 0, points, judged, values };
        let chosen = &self.optimizers[optimizer];
        let descent = Descent {
            objective: self.objective,
            start: &self.start,
            optimizer: chosen,
            lr: learning_rate,
            steps: self.steps,
            clip: self.clip,
        };
        path.clipped =
            descent.walk(|step, theta, judged| path.visit(self, step, [theta[0], theta[1]], [judged[0], judged[1]]));
        if path.judged == path.points {
            path.judged.clear();
        }
        bench.report(self.steps);
        Ok(path)
    }

    fn name_of(&self, index: usize) -> String {
        let (optimizer, learning_rate) = self.key(index);
        format!("{} at learning rate {learning_rate}", self.optimizers[optimizer].name())
    }

    fn is_at(&self, index: usize, path: &Path) -> bool {
        index < self.runs() && (path.optimizer, path.learning_rate) == self.key(index)
    }

    fn is_whole(&self, path: &Path) -> bool {
        let points = path.points.len();
        let all = if let Some(step) = path.diverged_at { step } else { self.steps + 1 };
        let judged = path.judged.is_empty() || path.judged.len() == points;
        points as u64 == all && points as u64 <= self.steps + 1 && path.values.len() == points && judged
    }

    fn numbers(&self, path: &Path) -> Vec<Numbers> {
        let coordinate =
            |points: &[[f64; 2]], axis: usize| points.iter().map(|point| point[axis]).collect::<Vec<f64>>();
        vec![
            Numbers::one("step of divergence", path.diverged_at),
            Numbers::list("first coordinate", "step", 0, coordinate(&path.points, 0)),
            Numbers::list("second coordinate", "step", 0, coordinate(&path.points, 1)),
            Numbers::list("first coordinate where it is judged", "step", 0, coordinate(&path.judged, 0)),
            Numbers::list("second coordinate where it is judged", "step", 0, coordinate(&path.judged, 1)),
            Numbers::list("value", "step", 0, path.values.iter().copied()),
            Numbers::one("step at which it left the domain", path.left_at),
            Numbers::one("step at which it arrived", path.reached_at),
            Numbers::one("number of clipped gradients", path.clipped),
        ]
    }
}

impl Path {
    /// Adds a step; `false` when it is not finite.
    fn visit(&mut self, spec: &PathsSpec, step: u64, point: [f64; 2], judged: [f64; 2]) -> bool {
        let value = spec.objective.value(&judged);
        let finite = |point: &[f64; 2]| point.iter().all(|x| x.is_finite());
        if !(value.is_finite() && finite(&point) && finite(&judged)) {
            self.diverged_at = Some(step);
            return false;
        }
        if self.left_at.is_none() && !spec.objective.contains(point) {
            self.left_at = Some(step);
        }
        if self.reached_at.is_none() && value - spec.objective.minimum() < spec.tolerance {
            self.reached_at = Some(step);
        }
        self.points.push(point);
        self.judged.push(judged);
        self.values.push(value);
        true
    }
}
