//! The experiment `surface`: what one inner loop of Lookahead looks like from above, and what its slow step gains on
//! average.
//!
//! After Zhang et al., "Lookahead Optimizer: k steps forward, 1 step back" (arXiv 1907.08610), figure 1: the plane
//! through the first, the middle and the last fast weights of one inner loop, accuracy over it, and the paths projected
//! on it. Here as there the network has been trained by Lookahead before. Then two branches go on for one more inner
//! loop with the same batches: the inner method from the end of the fast path as if there were no Lookahead, and
//! Lookahead from its slow weights.
//!
//! A single picture is picked, so the start, the fast end and the slow end of many consecutive inner loops are measured
//! too.

mod outcome;
mod plane;
mod run;

use serde::{Deserialize, Serialize};

pub use outcome::{Levels, Picture, SurfaceRun, Track};

use super::compare::Numbers;
use super::experiment::{Bench, Cost, Figure, RunError};
use super::kind::{Kind, Plan};
use super::lists::read_task;
use super::method::OptimizerSpec;
use super::numbers::{MARGIN, PART, POSITIVE, count, number, set, set_number};
use super::reader::{Cursor, Fields};
use super::task::Task;
use super::trainer::{Scores, Work};
use crate::optim::{EvaluatedAt, Method, SGD, Schedule};

#[cfg(test)]
mod tests;

/// A surface to be drawn, from each seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurfaceSpec {
    /// What is learned.
    pub task: Task,
    /// The method inside Lookahead; no Lookahead itself and not schedule-free.
    pub optimizer: OptimizerSpec,
    /// Its learning rate.
    pub learning_rate: f64,
    /// Rows in a batch.
    pub batch: u32,
    /// Steps of an inner loop, at least 2.
    pub k: u64,
    /// Share of the way that the slow weights go, above 0 and at most 1.
    pub alpha: f64,
    /// Passes over the training data before the picture, rounded up to whole inner loops.
    pub warm_epochs: u32,
    /// Consecutive inner loops that are measured; the picture is of the first.
    pub loops: u64,
    /// Places along each side of the grid.
    pub grid: u64,
    /// What the grid shows around the paths, as a share of their extent on each side.
    pub margin: f64,
    /// Number of repetitions; their seeds are 0, 1, 2 ….
    pub seeds: u32,
}

/// Default and largest values of a spec.
impl SurfaceSpec {
    /// Rows in a batch, when nothing is said: few, so that noise is visible.
    pub const BATCH: u32 = 16;
    /// Steps of an inner loop, when nothing is said, as in the paper's figure.
    pub const K: u64 = 10;
    /// Share of the way, when nothing is said, as in the paper.
    pub const ALPHA: f64 = 0.5;
    /// Momentum of the inner method, when no method is named.
    pub const MOMENTUM: f64 = 0.9;
    /// Passes before the picture, when nothing is said.
    pub const WARM_EPOCHS: u32 = 2;
    /// Measured inner loops, when nothing is said.
    pub const LOOPS: u64 = 100;
    /// Places along a side, when nothing is said.
    pub const GRID: u64 = 25;
    /// Margin, when nothing is said.
    pub const MARGIN: f64 = 0.2;
    /// Repetitions, when nothing is said.
    pub const SEEDS: u32 = 3;
    /// Most steps of an inner loop.
    pub const MOST_K: u64 = 1_000;
    /// Most passes before the picture.
    pub const MOST_WARM_EPOCHS: u32 = 1_000;
    /// Most measured inner loops.
    pub const MOST_LOOPS: u64 = 10_000;
    /// Most places along a side.
    pub const MOST_GRID: u64 = 101;
    /// Most repetitions.
    pub const MOST_SEEDS: u32 = 100;

    /// The method inside, when none is named.
    fn inner() -> OptimizerSpec {
        let method = Method::new(&SGD).with("momentum", Self::MOMENTUM);
        OptimizerSpec { method, schedule: Schedule::Constant }
    }

    /// Inner loops before the picture.
    pub fn warm_loops(&self) -> u64 {
        (self.task.steps_per_epoch(self.batch) * u64::from(self.warm_epochs)).div_ceil(self.k)
    }

    /// Steps of one run: before the picture, three inner loops for the picture, and the measured ones.
    fn steps(&self) -> u64 {
        (self.warm_loops() + 3 + self.loops) * self.k
    }

    /// Steps over which the schedule of the rate is stretched: those that the trained network makes. The picture's
    /// branches go on from a copy.
    fn scheduled_steps(&self) -> u64 {
        (self.warm_loops() + self.loops) * self.k
    }

    /// Places of the grid.
    fn places(&self) -> u64 {
        self.grid * self.grid
    }

    /// Weights on the four tracks of a picture.
    fn tracked(&self) -> u64 {
        3 * (self.k + 1) + 3
    }
}

impl Plan for SurfaceSpec {
    fn task(&self) -> Option<Task> {
        Some(self.task)
    }

    fn variants(&self) -> Vec<String> {
        let SurfaceSpec { k, alpha, .. } = self;
        vec![format!("Lookahead (every {k} steps, α {alpha}) around {}", self.optimizer.describe())]
    }

    fn runs(&self) -> usize {
        self.seeds as usize
    }

    fn cost(&self) -> Cost {
        let work = Work::of(self.task);
        let evaluations = work.evaluations(self.places() + self.tracked() + 2 * self.loops + 1);
        let multiply_adds = work.steps(self.steps(), self.batch).saturating_add(evaluations);
        let numbers = 2 * self.places() + 2 * self.grid + 5 * self.tracked() + 4 * (2 * self.loops + 1);
        Cost { steps: self.steps() + self.places(), multiply_adds, numbers }.times(self.runs())
    }
}

impl Kind for SurfaceSpec {
    const NAME: &'static str = "surface";
    const FIGURES: &'static [Figure] = &[Figure::Panels, Figure::Average, Figure::Table];
    const SHOWN: &'static [Figure] = Self::FIGURES;
    const ADVICE: &'static str = "choose fewer warm-up epochs, inner loops or seeds, or a smaller grid";
    type Entry = SurfaceRun;

    fn defaults() -> serde_json::Value {
        serde_json::json!({
            "optimizer": Self::inner(), "batch": Self::BATCH, "k": Self::K, "alpha": Self::ALPHA,
            "warm_epochs": Self::WARM_EPOCHS, "loops": Self::LOOPS, "grid": Self::GRID, "margin": Self::MARGIN,
            "seeds": Self::SEEDS,
        })
    }

    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let task = read_task(fields);
        let rows = task.map_or(u32::MAX, |task| task.max_batch());
        let mut optimizer = Self::inner();
        let (mut batch, mut k, mut alpha) = (Self::BATCH, Self::K, Self::ALPHA);
        let (mut warm_epochs, mut loops, mut grid) = (Self::WARM_EPOCHS, Self::LOOPS, Self::GRID);
        let (mut margin, mut seeds) = (Self::MARGIN, Self::SEEDS);
        let fine = set(fields, "batch", &mut batch, |c| count(c, "rows in a batch", rows))
            & set(fields, "k", &mut k, |c| at_least_two(c, "steps of an inner loop", Self::MOST_K))
            & set_number(fields, "alpha", &mut alpha, &PART)
            & set(fields, "warm_epochs", &mut warm_epochs, |c| {
                count(c, "epochs before the picture", Self::MOST_WARM_EPOCHS)
            })
            & set(fields, "loops", &mut loops, |c| count(c, "inner loops", Self::MOST_LOOPS))
            & set(fields, "grid", &mut grid, |c| at_least_two(c, "places along a side", Self::MOST_GRID))
            & set_number(fields, "margin", &mut margin, &MARGIN)
            & set(fields, "seeds", &mut seeds, |c| count(c, "seeds", Self::MOST_SEEDS));
        let steps = task.map(|task| task.steps_per_epoch(batch));
        let fine = fine & set(fields, "optimizer", &mut optimizer, |c| read_inner(c, steps));
        let rate = fields.need("learning_rate").and_then(|cursor| number(cursor, &POSITIVE));
        let (task, learning_rate) = (task?, rate?.value);
        let spec =
            SurfaceSpec { task, optimizer, learning_rate, batch, k, alpha, warm_epochs, loops, grid, margin, seeds };
        fine.then_some(spec)
    }

    fn entries(&self) -> usize {
        self.seeds as usize
    }

    fn run(&self, index: usize, bench: &Bench<'_, SurfaceRun>) -> Result<SurfaceRun, RunError> {
        run::run(self, index as u32, bench)
    }

    fn name_of(&self, index: usize) -> String {
        format!("seed {index}")
    }

    fn is_at(&self, index: usize, run: &SurfaceRun) -> bool {
        index < self.entries() && run.seed as usize == index
    }

    fn is_whole(&self, run: &SurfaceRun) -> bool {
        let (slow, fast, loops) = (run.slow.train_loss.len() as u64, run.fast.train_loss.len() as u64, self.loops);
        let reached = match run.diverged_at {
            None => fast == loops && slow == loops + 1,
            Some(_) => fast <= loops && slow <= fast + 1 && slow <= loops,
        };
        reached
            && run.slow.is_whole()
            && run.fast.is_whole()
            && run.picture.as_ref().is_none_or(|picture| picture.is_whole(self))
    }

    fn numbers(&self, run: &SurfaceRun) -> Vec<Numbers> {
        let mut numbers = vec![
            Numbers::one("step of divergence", run.diverged_at),
            Numbers::one("number of pictures", u64::from(run.picture.is_some())),
        ];
        if let Some(picture) = &run.picture {
            numbers.extend(picture.numbers());
        }
        numbers.extend(run.slow.numbers("slow weights", 0));
        numbers.extend(run.fast.numbers("fast weights", 1));
        numbers
    }
}

fn at_least_two(cursor: Cursor<'_>, what: &str, most: u64) -> Option<u64> {
    let found = count(cursor, what, most)?;
    if found < 2 {
        cursor.error(format!("expected at least two {what}"), format!("write a whole number from 2 to {most}"));
        return None;
    }
    Some(found)
}

/// The method inside, written like an item of a list of optimizers.
fn read_inner(cursor: Cursor<'_>, steps_per_epoch: Option<u64>) -> Option<OptimizerSpec> {
    let optimizer = OptimizerSpec::decode(cursor, steps_per_epoch)?;
    if optimizer.method.evaluated_at() != EvaluatedAt::Parameters {
        let message = format!(
            "the surface shows Lookahead around a method, and `{}` has slow weights of its own",
            optimizer.name()
        );
        cursor.error(message, "choose a method such as sgd, adam or radam");
        return None;
    }
    Some(optimizer)
}

impl Picture {
    fn tracks(&self) -> [(&'static str, &Track); 4] {
        [
            ("fast path", &self.fast),
            ("slow path", &self.slow),
            ("inner method's path", &self.inner),
            ("next path", &self.next),
        ]
    }

    fn is_whole(&self, spec: &SurfaceSpec) -> bool {
        let (side, places, most) = (spec.grid as usize, spec.places() as usize, spec.k as usize + 1);
        let sides = self.x.len() == side && self.y.len() == side;
        let surface = self.test_accuracy.len() == places && self.train_accuracy.len() == places;
        let tracks = self.tracks().iter().all(|(_, track)| track.is_whole());
        let (fast, slow) = (self.fast.x.len(), self.slow.x.len());
        let lengths = fast == most && (2..=3).contains(&slow);
        sides && surface && tracks && lengths && self.inner.x.len() <= most && self.next.x.len() <= most
    }

    fn numbers(&self) -> Vec<Numbers> {
        let list = |name: &str, unit, values: &[f64]| Numbers::list(name, unit, 0, values.iter().copied());
        let mut numbers = vec![
            list("grid's first coordinates", "column", &self.x),
            list("grid's second coordinates", "row", &self.y),
            list("test accuracy on the plane", "place", &self.test_accuracy),
            list("train accuracy on the plane", "place", &self.train_accuracy),
        ];
        for (name, track) in self.tracks() {
            let Track { x, y, off, test_accuracy, train_accuracy } = track;
            let lists = [
                ("first coordinate", x),
                ("second coordinate", y),
                ("distance from the plane", off),
                ("test accuracy", test_accuracy),
                ("train accuracy", train_accuracy),
            ];
            numbers.extend(lists.map(|(what, values)| list(&format!("{what} of the {name}"), "step", values)));
        }
        numbers
    }
}

impl Track {
    fn is_whole(&self) -> bool {
        let Track { x, y, off, test_accuracy, train_accuracy } = self;
        [y, off, test_accuracy, train_accuracy].iter().all(|list| list.len() == x.len())
    }
}

impl Levels {
    fn push(&mut self, scores: Scores) {
        self.train_loss.push(scores.train.loss as f32);
        self.test_loss.push(scores.test.loss as f32);
        self.train_accuracy.push(scores.train.accuracy);
        self.test_accuracy.push(scores.test.accuracy);
    }

    fn is_whole(&self) -> bool {
        let n = self.train_loss.len();
        self.test_loss.len() == n && self.train_accuracy.len() == n && self.test_accuracy.len() == n
    }

    fn numbers(&self, of: &str, first: usize) -> [Numbers; 4] {
        let name = |what: &str| format!("{what} of the {of}");
        [
            Numbers::list(name("train loss"), "inner loop", first, self.train_loss.iter().copied()),
            Numbers::list(name("test loss"), "inner loop", first, self.test_loss.iter().copied()),
            Numbers::list(name("train accuracy"), "inner loop", first, self.train_accuracy.iter().copied()),
            Numbers::list(name("test accuracy"), "inner loop", first, self.test_accuracy.iter().copied()),
        ]
    }
}
