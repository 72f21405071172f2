//! One descent on a function, step by step, in f64.

use std::sync::Arc;

use serde::Serialize;

use super::method::{OptimizerSpec, read_optimizer};
use super::numbers::{ANY, POSITIVE, count, known, number};
use super::objective::Objective;
use super::reader::{Cursor, Fields, read_document};
use crate::diagnostics::{Diagnostic, SourceFile};
use crate::optim::{Optimizer, Range};

#[cfg(test)]
mod tests;

/// A descent to be traced.
#[derive(Debug, Clone, PartialEq)]
pub struct TraceSpec {
    /// What is descended on.
    pub objective: Objective,
    /// Where it starts; as many numbers as the objective has parameters.
    pub start: Vec<f64>,
    /// The method.
    pub optimizer: OptimizerSpec,
    /// Its learning rate, before its schedule.
    pub lr: f64,
    /// Number of steps.
    pub steps: u64,
}

/// A point of a descent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TracePoint {
    /// Number of steps made before, so 0 is the start.
    pub step: u64,
    /// The parameters. For Lookahead these are the fast weights, which are the slow ones after each synchronisation;
    /// for the schedule-free methods y, where gradients are taken.
    pub params: Vec<f64>,
    /// The objective's value at them.
    pub value: f64,
}

impl TraceSpec {
    /// Most steps of a trace.
    pub const MOST_STEPS: u64 = 1_000_000;
    /// Most parameters.
    pub const MOST_PARAMETERS: usize = 1_000;
    /// Most numbers in a trace: steps times parameters, about 200 MB of text.
    pub const MOST_NUMBERS: u64 = 10_000_000;

    /// Reads a trace's YAML: `objective`, `start`, `optimizer` and `steps`. Gives the spec unless something is an
    /// error, and all problems.
    pub fn parse(file: &Arc<SourceFile>, text: &str) -> (Option<TraceSpec>, Vec<Diagnostic>) {
        read_document(file, text, 0, |cursor| cursor.fields("a trace", read_trace))
    }
}

fn read_trace(fields: &mut Fields<'_>) -> Option<TraceSpec> {
    let start = fields.need("start").and_then(|cursor| read_start(cursor, &ANY));
    let length = start.as_ref().map_or(1, |(_, start)| start.len());
    let objective = fields.need("objective").and_then(|cursor| read_objective(cursor, length));
    let method = fields.need("optimizer").and_then(|cursor| {
        cursor.fields("an optimizer", |fields| {
            let rate = fields.need("lr").and_then(|cursor| number(cursor, &POSITIVE));
            let optimizer = read_optimizer(fields.need("name")?, fields, None);
            Some((optimizer?, rate?.value))
        })
    });
    let steps = fields.need("steps").and_then(|cursor| Some((cursor, count(cursor, "steps", TraceSpec::MOST_STEPS)?)));
    let ((cursor, start), objective, (optimizer, lr), (steps_at, steps)) = (start?, objective?, method?, steps?);
    if start.len() != objective.dim() {
        let message = format!("the objective has {} parameters, and the start has {}", objective.dim(), start.len());
        cursor.error(message, "give one number for each parameter");
        return None;
    }
    if steps * start.len() as u64 > TraceSpec::MOST_NUMBERS {
        let message = format!("{steps} steps of {} parameters are too many numbers", start.len());
        steps_at.error(message, format!("the limit is {} in all", TraceSpec::MOST_NUMBERS));
        return None;
    }
    Some(TraceSpec { objective, start, optimizer, lr, steps })
}

/// A list of numbers in a range, one for each parameter.
pub(super) fn read_start<'a>(cursor: Cursor<'a>, range: &Range) -> Option<(Cursor<'a>, Vec<f64>)> {
    let items = cursor.items();
    if items.len() > TraceSpec::MOST_PARAMETERS {
        cursor.error("the start has too many numbers", format!("the limit is {}", TraceSpec::MOST_PARAMETERS));
        return None;
    }
    let start: Vec<f64> = items.iter().filter_map(|item| number(*item, range)).map(|found| found.value).collect();
    (start.len() == items.len()).then_some((cursor, start))
}

/// `rosenbrock`, `{name: rosenbrock}` or `{name: quadratic, dim: 10}`; a quadratic without `dim` has as many
/// parameters as the start.
pub(super) fn read_objective(cursor: Cursor<'_>, length: usize) -> Option<Objective> {
    let named = |name, dim| known(name, "objective", |name| Objective::named(name, dim), &Objective::NAMES);
    if !cursor.is_map() {
        return named(cursor, length).map(|(_, objective)| objective);
    }
    cursor.fields("an objective", |fields| {
        let (_, objective) = named(fields.need("name")?, length)?;
        if !matches!(objective, Objective::Quadratic { .. }) {
            return Some(objective);
        }
        let dim = match fields.get("dim") {
            Some(dim) => usize::from(count::<u16>(dim, "parameters", TraceSpec::MOST_PARAMETERS as u16)?),
            None => length,
        };
        Some(Objective::Quadratic { dim })
    })
}

/// A descent that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The start, then one point a step; ends before the first that is no finite number.
    pub points: Vec<TracePoint>,
    /// The step after which a parameter or the value was no finite number any more; 0 is the start.
    pub diverged_at: Option<u64>,
}

/// Makes the descent.
pub fn trace(spec: &TraceSpec) -> Trace {
    let TraceSpec { objective, start, optimizer, lr, steps } = spec;
    let descent = Descent { objective: *objective, start, optimizer, lr: *lr, steps: *steps, clip: None };
    let (mut points, mut diverged_at) = (Vec::new(), None);
    descent.walk(|step, theta, _| {
        let value = objective.value(theta);
        let finite = value.is_finite() && theta.iter().all(|parameter| parameter.is_finite());
        if finite {
            points.push(TracePoint { step, params: theta.to_vec(), value });
        } else {
            diverged_at = Some(step);
        }
        finite
    });
    Trace { points, diverged_at }
}

/// A descent on a function.
pub(super) struct Descent<'a> {
    pub(super) objective: Objective,
    pub(super) start: &'a [f64],
    pub(super) optimizer: &'a OptimizerSpec,
    pub(super) lr: f64,
    pub(super) steps: u64,
    /// The Euclidean norm to which longer gradients are shortened.
    pub(super) clip: Option<f64>,
}

impl Descent<'_> {
    /// Shows `visit` the start and the parameters after each step: the number of the step, where gradients are taken,
    /// and where the method is evaluated. Ends early when it gives `false`. Gives the number of steps whose gradient
    /// was shortened.
    pub(super) fn walk(&self, mut visit: impl FnMut(u64, &[f64], &[f64]) -> bool) -> u64 {
        let mut theta = self.start.to_vec();
        let mut g = vec![0.0; theta.len()];
        let mut method: Box<dyn Optimizer<f64>> = self.optimizer.method.start(&theta);
        let mut clipped = 0;
        for step in 0..=self.steps {
            if step > 0 {
                self.objective.gradient(&theta, &mut g);
                clipped += u64::from(self.clip.is_some_and(|longest| clip(&mut g, longest)));
                method.step(&mut theta, &g, self.lr * self.optimizer.schedule.factor(step, self.steps));
            }
            if !visit(step, &theta, method.eval_params(&theta)) {
                break;
            }
        }
        clipped
    }
}

/// Shortens a gradient to the norm `longest`, and says whether that was needed.
fn clip(g: &mut [f64], longest: f64) -> bool {
    // Squares of the shares of the largest do not overflow.
    let largest = g.iter().fold(0.0_f64, |largest, g| largest.max(g.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return false;
    }
    let norm = largest * g.iter().map(|g| (g / largest) * (g / largest)).sum::<f64>().sqrt();
    let long = norm > longest;
    if long {
        g.iter_mut().for_each(|g| *g *= longest / norm);
    }
    long
}

/// A trace as a JSON array with one point a line; numbers in the shortest form that reads back to the same bits.
pub fn to_json(points: &[TracePoint]) -> String {
    let line = |point| serde_json::to_string(point).expect("points have finite numbers");
    let lines: Vec<String> = points.iter().map(line).collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
