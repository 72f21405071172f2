//! Why an experiment has a result, or has none any more.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::record::{Recipe, Record};

/// How an experiment stands to the records at hand.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing<'a> {
    /// One of them is its own.
    Fresh,
    /// None is; this one comes nearest, and these ingredients are other ones than it was made from.
    Stale {
        /// The record with the fewest changes; the first of equals.
        nearest: &'a Record,
        /// What has changed since, at least one.
        changes: Vec<Change>,
    },
    /// There is no record of an experiment of its kind.
    New,
}

/// An ingredient that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its name: `engine`, `data digits`, or a key of the spec.
    pub what: String,
    /// What it was in the record, as JSON; `nothing` if it was not there.
    pub was: String,
    /// What it is now.
    pub is: String,
}

impl Display for Change {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {} and is {}", self.what, self.was, self.is)
    }
}

/// Compares what an experiment would be made from with what the records were made from.
pub fn explain<'a>(recipe: &Recipe, records: &'a [Record]) -> Standing<'a> {
    if records.iter().any(|record| record.id == recipe.id()) {
        return Standing::Fresh;
    }
    // Against another kind nearly everything would be a change, which explains nothing.
    let same_kind = records.iter().filter(|record| record.recipe.spec.kind() == recipe.spec.kind());
    let compared = same_kind.map(|record| (record, recipe.changes_since(&record.recipe)));
    match compared.min_by_key(|(_, changes)| changes.len()) {
        Some((nearest, changes)) => Standing::Stale { nearest, changes },
        None => Standing::New,
    }
}

impl Recipe {
    /// The ingredients in which this recipe differs from an older one; words are no ingredients.
    pub fn changes_since(&self, older: &Recipe) -> Vec<Change> {
        let (was, is) = (older.ingredients(), self.ingredients());
        let names = is.iter().chain(was.iter().filter(|(name, _)| get(&is, name).is_none())).map(|(name, _)| name);
        let change = |name: &String| {
            let (was, is) = (get(&was, name), get(&is, name));
            let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
            (was != is).then(|| Change { what: name.clone(), was: text(was), is: text(is) })
        };
        names.filter_map(change).collect()
    }

    fn ingredients(&self) -> Vec<(String, Value)> {
        let mut all = vec![("engine".to_owned(), Value::from(self.engine))];
        all.extend(self.data.iter().map(|data| (format!("data {}", data.name), Value::from(data.blake3.clone()))));
        all.extend(self.spec.entries());
        all
    }
}

fn get<'a>(ingredients: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    ingredients.iter().find(|(other, _)| other == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{record as made_up, spec, train};
    use super::*;

    fn record() -> Record {
        made_up(&spec("[adam, ranger]", "[0.1, 0.003]", 3, 2))
    }

    fn told(recipe: &Recipe, records: &[Record]) -> Vec<String> {
        match explain(recipe, records) {
            Standing::Stale { changes, .. } => changes.iter().map(Change::to_string).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_recipe_is_fresh_while_its_ingredients_are_the_same() {
        let record = record();
        let mut recipe = record.recipe.clone();
        recipe.variants = vec!["other words".to_owned()];
        assert_eq!(explain(&recipe, std::slice::from_ref(&record)), Standing::Fresh);
        assert_eq!(explain(&recipe, &[]), Standing::New);
    }

    #[test]
    fn each_changed_ingredient_is_named_with_both_values() {
        let record = record();
        let mut recipe = record.recipe.clone();
        recipe.engine += 1;
        train(&mut recipe).epochs += 1;
        recipe.data[0].blake3 = "f".repeat(64);
        let (epochs, data) = (train(&mut record.recipe.clone()).epochs, &record.recipe.data[0]);
        let expected = [
            format!("engine was {} and is {}", record.recipe.engine, record.recipe.engine + 1),
            format!("data {} was \"{}\" and is \"{}\"", data.name, data.blake3, "f".repeat(64)),
            format!("epochs was {epochs} and is {}", epochs + 1),
        ];
        assert_eq!(told(&recipe, std::slice::from_ref(&record)), expected);
    }

    #[test]
    fn the_nearest_record_is_the_one_with_the_fewest_changes() {
        let near = record();
        let mut far = record();
        train(&mut far.recipe).seeds += 1;
        train(&mut far.recipe).batch += 1;
        far.id = far.recipe.id();
        let mut recipe = near.recipe.clone();
        train(&mut recipe).epochs += 1;
        assert_eq!(told(&recipe, &[far, near]).len(), 1);
    }
}
