//! What an experiment is: the list of its kinds, and how much work one asks for. [`Experiment::parse`] reads them
//! from YAML.

mod decode;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::{Map, Value as Json};

pub use schema::schema;

use super::compare::Difference;
use super::experiment::{Cost, Figure};
use super::gradients::{GradientRun, GradientsSpec};
use super::kind::{self, Kind, Plan};
use super::paths::{Path, PathsSpec};
use super::reader::Fields;
use super::surface::{SurfaceRun, SurfaceSpec};
use super::train::{Run, TrainSpec};
use super::variance::{VarianceRun, VarianceSpec};
use super::warmup::{Warmup, WarmupSpec};

/// A `lab` block: what to run, and how to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// What the page's text calls it, such as `rates`: lower-case letters, digits and hyphens. No part of the
    /// experiment's identity.
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

/// Something to be done with a spec of whatever kind.
pub(super) trait Visitor {
    /// What comes of it.
    type Output;

    /// Does it; `outcome` makes an outcome of entries.
    fn visit<K: Kind>(&self, spec: &K, outcome: fn(Vec<K::Entry>) -> Outcome) -> Self::Output;
}

/// Writes down what depends on the list of kinds, each line of which is a variant, the type of its specs and that of
/// what comes out.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident($spec:ident, $entry:ident);)*) => {
        /// What is run, of any kind. In JSON the kind stands first, under `experiment`, and what is as when nothing
        /// is said is left out: so a new key with a default changes the name of no result.
        #[derive(Debug, Clone, PartialEq)]
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

            /// All keys and values of the spec, and those that a spec of its kind has when nothing is said.
            fn entries_and_defaults(&self) -> (serde_json::Result<Json>, Json) {
                match self { $(Spec::$kind(spec) => (serde_json::to_value(spec), Spec::defaults($spec::NAME)),)* }
            }

            /// The keys of a kind with their values when nothing is said.
            fn defaults(kind: &str) -> Json {
                match kind { $($spec::NAME => $spec::defaults(),)* _ => Json::Null }
            }

            /// Reads a spec of a kind from what was written of it.
            fn from_entries(kind: &str, mut entries: Map<String, Json>) -> Result<Spec, String> {
                match kind {
                    $($spec::NAME => {
                        if let Json::Object(defaults) = Spec::defaults(kind) {
                            for (key, value) in defaults {
                                entries.entry(key).or_insert(value);
                            }
                        }
                        let spec = serde_json::from_value(Json::Object(entries));
                        spec.map(Spec::$kind).map_err(|error| error.to_string())
                    })*
                    _ => Err(format!("there is no experiment `{kind}`")),
                }
            }

            /// Names of its runs in words, in the order of what comes out.
            pub fn names(&self) -> Vec<String> {
                match self {
                    $(Spec::$kind(spec) => (0..spec.entries()).map(|index| spec.name_of(index)).collect(),)*
                }
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

            /// Shows the spec to a visitor as what it is.
            pub(super) fn visit<V: Visitor>(&self, visitor: &V) -> V::Output {
                match self { $(Spec::$kind(spec) => visitor.visit(spec, Outcome::$kind),)* }
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
                    $((Spec::$kind(spec), Outcome::$kind(left), Outcome::$kind(right)) => {
                        kind::compare(spec, left, right)
                    })*
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
    /// Accuracy over the plane through three weights of an inner loop of Lookahead, and what its slow step gains on
    /// average.
    Surface(SurfaceSpec, SurfaceRun);
    /// Paths over a function of two parameters.
    Trace(PathsSpec, Path);
    /// Scatter of Lookahead and plain descent on a noisy quadratic.
    Variance(VarianceSpec, VarianceRun);
    /// Factors on the learning rate by step, computed without training.
    Warmup(WarmupSpec, Warmup);
}

impl Serialize for Spec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (entries, defaults) = self.entries_and_defaults();
        let entries = entries.map_err(ser::Error::custom)?;
        let chosen = entries.as_object().into_iter().flatten().filter(|(key, value)| defaults.get(key) != Some(value));
        // In an order that no feature of serde_json changes.
        let chosen: BTreeMap<&String, &Json> = chosen.collect();
        let kind = Json::from(self.kind());
        serializer.collect_map(
            std::iter::once(("experiment", &kind)).chain(chosen.into_iter().map(|(key, value)| (&**key, value))),
        )
    }
}

impl<'de> Deserialize<'de> for Spec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut entries = Map::<String, Json>::deserialize(deserializer)?;
        let kind = entries.remove("experiment").ok_or(de::Error::missing_field("experiment"))?;
        Spec::from_entries(kind.as_str().unwrap_or_default(), entries).map_err(de::Error::custom)
    }
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
    /// All its keys with their values, also those that are as when nothing is said.
    pub(super) fn entries(&self) -> Vec<(String, Json)> {
        let (entries, _) = self.entries_and_defaults();
        let entries = entries.ok().and_then(|entries| if let Json::Object(map) = entries { Some(map) } else { None });
        std::iter::once(("experiment".to_owned(), self.kind().into())).chain(entries.into_iter().flatten()).collect()
    }

    /// Number of descents that are made.
    pub fn runs(&self) -> usize {
        self.plan().runs()
    }

    /// How much work the experiment is, and how much is kept of it.
    pub fn cost(&self) -> Cost {
        self.plan().cost()
    }
}
