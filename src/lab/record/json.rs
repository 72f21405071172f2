//! A record as one JSON text, made to be read and compared line by line.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::layout::{lines, object};
use super::{Measured, Recipe, Record};

/// Why a text is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Not JSON, or not of this shape.
    #[error("not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// The id is not that of the recipe: the file was edited, or another version wrote it.
    #[error("the record is named {found}, and its recipe gives {expected}")]
    Id {
        /// The id in the text.
        found: String,
        /// The id that the recipe has.
        expected: String,
    },
    /// The runs are not those of the spec.
    #[error("{0}")]
    Runs(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    id: String,
    recipe: Recipe,
    /// Read when the recipe is known, and not through a generic value, which would round numbers twice.
    #[serde(rename = "runs")]
    _runs: IgnoredAny,
    measured: Option<Measured>,
}

impl Record {
    /// The one canonical text: keys in fixed order, numbers in the shortest form that reads back to the same bits, one
    /// optimizer and one entry of the outcome a line, `measured` last and on a line of its own.
    pub fn to_json(&self) -> String {
        let Recipe { engine, spec, data, variants } = &self.recipe;
        let texts = |variants: &[String]| variants.iter().map(json).collect::<Vec<String>>();
        let recipe_lines = [
            format!("\"engine\": {engine}"),
            format!("\"spec\": {}", object(&json(spec), 4)),
            format!("\"data\": {}", lines(&data.iter().map(json).collect::<Vec<String>>(), 4)),
            format!("\"variants\": {}", lines(&texts(variants), 4)),
        ];
        let record_lines = [
            format!("\"id\": {}", json(&self.id)),
            format!("\"recipe\": {{\n    {}\n  }}", recipe_lines.join(",\n    ")),
            format!("\"runs\": {}", lines(&self.outcome.lines(), 2)),
            format!("\"measured\": {}", json(&self.measured)),
        ];
        format!("{{\n  {}\n}}\n", record_lines.join(",\n  "))
    }

    /// Reads a text that [`Record::to_json`] wrote.
    ///
    /// # Errors
    /// When it is no JSON of this shape, when the id is not that of the recipe, or when runs are missing or have
    /// curves of odd lengths.
    pub fn from_json(text: &str) -> Result<Record, RecordError> {
        let Text { id, recipe, measured, .. } = serde_json::from_str(text)?;
        let expected = recipe.id();
        if id != expected {
            return Err(RecordError::Id { found: id, expected });
        }
        let outcome = recipe.spec.outcome_from(text)?;
        let record = Record { id, recipe, outcome, measured };
        record.check().map_err(RecordError::Runs)?;
        Ok(record)
    }

    fn check(&self) -> Result<(), String> {
        let (found, expected) = (self.recipe.variants.len(), self.recipe.spec.plan().variants().len());
        if found != expected {
            return Err(format!("the spec has {expected} methods, the record describes {found}"));
        }
        self.view().check()
    }
}

/// JSON on one line.
fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("records have string keys and finite numbers")
}
