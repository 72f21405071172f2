//! What an experiment is: the list of its kinds, and how much work one asks for. [`Experiment::parse`] reads them from YAML.

pub(super) mod cursor;
mod decode;
pub(super) mod fields;
mod method;
pub(super) mod parts;
mod schedule;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use method::read_optimizer;
pub use method::{Method, OptimizerSpec};
pub(super) use schedule::read_schedule;

use super::gradients::{GradientRun, GradientsSpec};
use super::kind::{self, Kind, Plan};
use super::paths::{Path, PathsSpec};
use super::record::Difference;
use super::run::{self, Bench, RunError};
use super::surface::{SurfaceRun, SurfaceSpec};
use super::train::{Run, TrainSpec};
use super::variance::{VarianceRun, VarianceSpec};
use super::warmup::{Warmup, WarmupSpec};
use crate::lab::spec::cursor::Fields;

/// A `lab` block: what to run, and how to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// What the page's text calls it, such as `rates`: lower-case letters, digits and hyphens. No part of the experiment's identity.
    pub name: Option<String>,
    /// Heading of the figure. No part of the experiment's identity.
    pub title: Option<String>,
    /// Learning rates to be pointed out. No part of the experiment's identity.
    pub window: Option<Window>,
    /// What to draw, in this order, each a figure that its kind has. No part of the experiment's identity.
    pub figures: Vec<Figure>,
    /// What is run, and nothing else: two blocks with the same spec have the same record.
    pub spec: Spec,
}

/// A stretch of learning rates that pictures point out.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The lowest rate, above 0.
    pub from: f64,
    /// The highest one, not below the lowest.
    pub to: f64,
    /// What it is called there.
    pub label: String,
}

/// A way to show a record. Which ones a kind of experiment has, stands with the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Values over the length of a run, a line a method, with a band over seeds.
    Curves,
    /// Values over the length of a run, each method at the learning rate that it did best at.
    Best,
    /// Final values over learning rates.
    Sensitivity,
    /// How many gradients are how large, a row a step.
    Histogram,
    /// Share of gradients that are exactly 0, over steps.
    Zeros,
    /// Accuracy over a plane of weights, with paths.
    Panels,
    /// What a slow step gains on average over many inner loops.
    Average,
    /// Paths over contours.
    Paths,
    /// Values of a function over steps.
    Values,
    /// The numbers.
    Table,
}

impl Figure {
    /// The word for each in a block.
    pub const NAMES: [(&'static str, Figure); 10] = [
        ("curves", Figure::Curves),
        ("best", Figure::Best),
        ("sensitivity", Figure::Sensitivity),
        ("histogram", Figure::Histogram),
        ("zeros", Figure::Zeros),
        ("panels", Figure::Panels),
        ("average", Figure::Average),
        ("paths", Figure::Paths),
        ("values", Figure::Values),
        ("table", Figure::Table),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        Figure::NAMES.iter().find(|(_, figure)| *figure == self).map_or("", |(name, _)| name)
    }
}

/// Writes down what depends on the list of kinds, each line of which is a variant, the type of its specs and that of what comes out.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($spec:ident, $entry:ident);)*) => {
        /// What is run, of any kind. In JSON the kind stands first, under `experiment`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "experiment", rename_all = "kebab-case")]
        pub enum Spec { $($(#[$doc])* $kind($spec),)* }

        /// What came out of an experiment: a list in the order of its spec.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Outcome { $($(#[$doc])* $kind(Vec<$entry>),)* }

        /// A spec beside what came out of it, for whoever shows them.
        #[derive(Debug, Clone, Copy)]
        pub enum View<'a> { $($(#[$doc])* $kind(&'a $spec, &'a [$entry]),)* }

        impl Spec {
            /// The words for the kinds.
            pub const KINDS: &'static [&'static str] = &[$($spec::NAME),*];

            /// The word for its kind.
            pub fn kind(&self) -> &'static str {
                match self { $(Spec::$kind(_) => $spec::NAME,)* }
            }

            /// What makes it smaller.
            pub fn advice(&self) -> &'static str {
                match self { $(Spec::$kind(_) => $spec::ADVICE,)* }
            }

            pub(super) fn plan(&self) -> &dyn Plan {
                match self { $(Spec::$kind(spec) => spec,)* }
            }

            /// The figures that a kind has, and those that it shows when nothing is said.
            fn figures(kind: &str) -> Option<(&'static [Figure], &'static [Figure])> {
                match kind { $($spec::NAME => Some(($spec::FIGURES, $spec::SHOWN)),)* _ => None }
            }

            fn read(kind: &str, fields: &mut Fields<'_>) -> Option<Spec> {
                match kind { $($spec::NAME => $spec::read(fields).map(Spec::$kind),)* _ => None }
            }

            pub(super) fn execute(&self, bench: &Bench<'_>) -> Result<Outcome, RunError> {
                match self { $(Spec::$kind(spec) => run::execute(spec, bench, Outcome::$kind),)* }
            }

            /// What came out of this spec, from a text that has it under `runs`.
            pub(super) fn outcome_from(&self, text: &str) -> serde_json::Result<Outcome> {
                match self { $(Spec::$kind(_) => entries_from(text).map(Outcome::$kind),)* }
            }

            /// Both, when they are of the same kind.
            pub(super) fn view<'a>(&'a self, outcome: &'a Outcome) -> Option<View<'a>> {
                match (self, outcome) {
                    $((Spec::$kind(spec), Outcome::$kind(entries)) => Some(View::$kind(spec, entries)),)*
                    _ => None,
                }
            }

            /// The first difference between what came out in two runs of this spec.
            pub(super) fn compare(&self, left: &Outcome, right: &Outcome) -> Result<(), Difference> {
                match (self, left, right) {
                    $((Spec::$kind(spec), Outcome::$kind(left), Outcome::$kind(right)) => kind::compare(spec, left, right),)*
                    _ => Err(Difference::Recipe("kind")),
                }
            }
        }

        impl View<'_> {
            /// Whether all of the spec came out, and nothing else; or what is wrong.
            pub(super) fn check(self) -> Result<(), String> {
                match self { $(View::$kind(spec, entries) => kind::check(spec, entries),)* }
            }
        }

        impl Outcome {
            /// Adds the entries of another outcome, if it is of the same kind.
            pub fn append(&mut self, other: &Outcome) {
                match (self, other) {
                    $((Outcome::$kind(entries), Outcome::$kind(others)) => entries.extend(others.iter().cloned()),)*
                    _ => {}
                }
            }

            /// What came out as JSON, one text for each entry.
            pub(super) fn lines(&self) -> Vec<String> {
                match self { $(Outcome::$kind(entries) => entries.iter().map(line).collect(),)* }
            }
        }
    };
}

kinds! {
    /// A network trained with each optimizer at each learning rate from each seed.
    Train(TrainSpec, Run);
    /// How large gradients are over the first steps of training.
    Gradients(GradientsSpec, GradientRun);
    /// Accuracy over the plane through three weights of an inner loop of Lookahead, and what its slow step gains on average.
    Surface(SurfaceSpec, SurfaceRun);
    /// Paths over a function of two parameters.
    Trace(PathsSpec, Path);
    /// Scatter of Lookahead and plain descent on a noisy quadratic.
    Variance(VarianceSpec, VarianceRun);
    /// Factors on the learning rate by step, computed without training.
    Warmup(WarmupSpec, Warmup);
}

fn line<T: Serialize>(entry: &T) -> String {
    serde_json::to_string(entry).expect("records have string keys and finite numbers")
}

fn entries_from<T: serde::de::DeserializeOwned>(text: &str) -> serde_json::Result<Vec<T>> {
    #[derive(Deserialize)]
    struct Text<T> {
        runs: Vec<T>,
    }
    serde_json::from_str::<Text<T>>(text).map(|text| text.runs)
}

impl Experiment {
    /// An experiment as it is shown when nothing but its spec is known: with all figures of its kind.
    pub fn of(spec: Spec) -> Self {
        let figures = Spec::figures(spec.kind()).map_or(Vec::new(), |(all, _)| all.to_vec());
        Experiment { name: None, title: None, window: None, figures, spec }
    }
}

impl Spec {
    /// Number of descents that are made.
    pub fn runs(&self) -> usize {
        self.plan().runs()
    }

    /// How much work the experiment is, and how much is kept of it.
    pub fn cost(&self) -> Cost {
        self.plan().cost()
    }
}

/// How much work an experiment is, and how much is kept of it, known before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Optimizer steps of all runs together, and the points of a surface: what progress is counted in.
    pub steps: u64,
    /// Multiplications that are added up, of all runs together; other work counts as much as takes the same time.
    pub multiply_adds: u64,
    /// Most numbers that its record holds.
    pub numbers: u64,
}

impl Cost {
    /// Multiply-adds a second and thread, all else of a run included: what small networks reach with AVX2 on a server of today (AMD EPYC); large ones reach
    /// twice that, convolutions half.
    pub const RATE: f64 = 2.0e10;
    /// Most work in one experiment, in multiply-adds: some ten minutes on two cores, that is fifty epochs of `cifar-cnn`, or five hundred times the
    /// digits comparison of four optimizers, four rates and five seeds.
    pub const MOST_MULTIPLY_ADDS: u64 = 20_000_000_000_000;
    /// Most numbers in one record, whose file is then some 5 MB.
    pub const MOST_NUMBERS: u64 = 500_000;

    /// About how many seconds it takes on so many free cores.
    pub fn seconds(&self, threads: usize) -> f64 {
        self.multiply_adds as f64 / Self::RATE / threads.max(1) as f64
    }
}
