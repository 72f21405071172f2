//! What every kind of experiment says about itself. A new kind is one file with a spec that implements these two
//! traits, and one line in the list of [`Spec`](super::spec::Spec).

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::compare::{Difference, Numbers};
use super::experiment::{Bench, Cost, Figure, RunError};
use super::reader::Fields;
use super::task::Task;

#[cfg(test)]
pub(in crate::lab) mod tests;

/// What can be known of an experiment before it runs.
pub(super) trait Plan: Sync {
    /// The task whose data it needs, if it needs any.
    fn task(&self) -> Option<Task>;

    /// One line for each method that says which variant it is.
    fn variants(&self) -> Vec<String>;

    /// Number of descents that are made: the runs that are told to people.
    fn runs(&self) -> usize;

    /// How much work it is, and how much is kept of it.
    fn cost(&self) -> Cost;
}

/// A kind of experiment, which is the type of its specs. A spec has all defaults filled in, so that it is its own
/// canonical form.
///
/// What comes out is a list of entries whose number and order the spec decides. Each is computed from the spec and
/// its own index alone, so that entries may be computed in any order and by any thread.
pub(super) trait Kind: Plan + Sized + Serialize + DeserializeOwned {
    /// The word for it in a block.
    const NAME: &'static str;
    /// The figures that it has; their words are in [`Figure::NAMES`].
    const FIGURES: &'static [Figure];
    /// Those that are shown when a block does not say.
    const SHOWN: &'static [Figure];
    /// What makes it smaller.
    const ADVICE: &'static str;
    /// An entry of what comes out.
    type Entry: Clone + Serialize + DeserializeOwned + Send + Sync;

    /// Keys of its specs as JSON with the values that they have when nothing is said, but for those that depend on
    /// others.
    fn defaults() -> serde_json::Value;

    /// Reads what is its own of a block. `None` after an error.
    fn read(fields: &mut Fields<'_>) -> Option<Self>;

    /// Number of entries that come out.
    fn entries(&self) -> usize;

    /// Computes an entry.
    fn run(&self, index: usize, bench: &Bench<'_, Self::Entry>) -> Result<Self::Entry, RunError>;

    /// Which entry it is, in words: `adam at learning rate 0.1, seed 3`.
    fn name_of(&self, index: usize) -> String;

    /// Whether an entry is the one that belongs at this index.
    fn is_at(&self, index: usize, entry: &Self::Entry) -> bool;

    /// Whether the lists of an entry have the lengths that the spec and the entry itself ask for.
    fn is_whole(&self, entry: &Self::Entry) -> bool;

    /// All numbers of an entry, for comparing.
    fn numbers(&self, entry: &Self::Entry) -> Vec<Numbers>;
}

/// Whether these entries are those of the spec, or what is wrong.
pub(super) fn check<K: Kind>(spec: &K, entries: &[K::Entry]) -> Result<(), String> {
    if entries.len() != spec.entries() {
        return Err(format!("the spec has {} runs, the record {}", spec.entries(), entries.len()));
    }
    for (index, entry) in entries.iter().enumerate() {
        if !spec.is_at(index, entry) {
            return Err(format!("run {index} is not the run that the spec has there"));
        }
        if !spec.is_whole(entry) {
            return Err(format!("the curves of run {index} have not the right length"));
        }
    }
    Ok(())
}

/// The first difference between what came out in two runs of the same spec.
pub(super) fn compare<K: Kind>(spec: &K, left: &[K::Entry], right: &[K::Entry]) -> Result<(), Difference> {
    for index in 0..left.len().max(right.len()) {
        let (Some(left), Some(right)) = (left.get(index), right.get(index)) else {
            return Err(Difference::Runs(index));
        };
        if !(spec.is_at(index, left) && spec.is_at(index, right)) {
            return Err(Difference::Runs(index));
        }
        let (left, right) = (spec.numbers(left), spec.numbers(right));
        for (left, right) in left.iter().zip(&right) {
            left.compare(right, || spec.name_of(index))?;
        }
        if left.len() != right.len() {
            return Err(Difference::Runs(index));
        }
    }
    Ok(())
}
