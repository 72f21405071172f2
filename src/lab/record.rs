//! What came out of an experiment, and what it came from.

mod json;
mod layout;
#[cfg(test)]
pub(in crate::lab) mod tests;

use serde::{Deserialize, Serialize};

pub use json::RecordError;

use super::compare::Difference;
use super::data::DataId;
use super::spec::{Outcome, Spec, View};

/// Revision of everything that decides the numbers of a record: optimizers, network, seeds, data preparation, order
/// of sums.
///
/// Raise it by one, by hand, in the commit that changes any number; old records then are stale and are shown as such.
/// The test `a_small_run_gives_the_bits_of_this_revision` fails when that is forgotten.
pub const ENGINE: u32 = 2;

/// The result of an experiment: what came out, with its provenance.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Name of the record: the [`Recipe::id`] of its recipe.
    pub id: String,
    /// What decides the numbers.
    pub recipe: Recipe,
    /// What came out, of the same kind as the recipe's spec.
    pub outcome: Outcome,
    /// What does not reproduce; `None` in a record whose timings were thrown away.
    pub measured: Option<Measured>,
}

/// All that decides the numbers of a record, and the words for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// [`ENGINE`] when it was run.
    pub engine: u32,
    /// The experiment.
    pub spec: Spec,
    /// The data it used; none for experiments without a task.
    pub data: Vec<DataId>,
    /// One line for each optimizer that says which variant it is; words only, no part of the identity.
    pub variants: Vec<String>,
}

/// How the run went on the machine that made it; no part of the identity, never compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// The kind of machine.
    pub machine: String,
    /// Number of worker threads.
    pub threads: usize,
    /// Seconds from start to end.
    pub seconds: f64,
    /// Seconds of each entry of the outcome, in their order, to four digits; none in records of before they were
    /// measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<f64>,
}

/// Returns whether a text has the form of the id of a record, so that no text from outside leads out of a folder.
pub fn is_id(text: &str) -> bool {
    text.len() == ID_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Hexadecimal digits of an id. Eighty bits: no two recipes of one site meet by chance.
const ID_DIGITS: usize = 20;

impl Recipe {
    /// The name of the record that this recipe gives: the first 20 hex digits of the BLAKE3 of the canonical spec, the
    /// engine's revision and the data's checksums.
    pub fn id(&self) -> String {
        let text = |value: serde_json::Result<String>| value.expect("specs have string keys and finite numbers");
        let (spec, data) = (text(serde_json::to_string(&self.spec)), text(serde_json::to_string(&self.data)));
        let identity = format!("vdlm record\nengine {}\nspec {spec}\ndata {data}\n", self.engine);
        blake3::hash(identity.as_bytes()).to_hex()[..ID_DIGITS].to_owned()
    }
}

impl Record {
    /// The spec beside what came out of it.
    ///
    /// # Panics
    /// When they are of different kinds, which neither a run nor a text can give.
    pub fn view(&self) -> View<'_> {
        self.recipe.spec.view(&self.outcome).expect("what came out is of the kind of its spec")
    }
}

impl Record {
    /// Compares what reproduces: recipe (but for its words) and all numbers that came out, bit for bit; `measured` is
    /// left out.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&self, other: &Record) -> Result<(), Difference> {
        let (left, right) = (&self.recipe, &other.recipe);
        let same = [
            (left.engine == right.engine, "engine revision"),
            (left.spec == right.spec, "spec"),
            (left.data == right.data, "data"),
            (self.id == other.id, "id"),
        ];
        match same.iter().find(|(same, _)| !same) {
            Some((_, what)) => Err(Difference::Recipe(what)),
            None => left.spec.compare(&self.outcome, &other.outcome),
        }
    }
}
