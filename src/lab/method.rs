//! An optimizer as a spec names it.

use std::collections::HashSet;

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};

use super::numbers::{known, set};
use super::reader::{Cursor, Fields};
use super::schedules::read_schedule;
use crate::optim::{KeyKind, Method, Schedule, Value};

#[cfg(test)]
mod tests;

/// An optimizer of an experiment. As JSON it is its name with the options that were chosen, and its schedule unless
/// that is constant: `{"name":"radam","beta2":0.99}`.
#[derive(Debug, Clone, PartialEq)]
pub struct OptimizerSpec {
    /// The method with its options.
    pub method: Method,
    /// Factor on its learning rate.
    pub schedule: Schedule,
}

impl Serialize for OptimizerSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (key, value) in self.method.fields() {
            map.serialize_entry(key, &value)?;
        }
        if self.schedule != Schedule::Constant {
            map.serialize_entry("schedule", &self.schedule)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for OptimizerSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::<String, Json>::deserialize(deserializer)?;
        let schedule = match fields.remove("schedule") {
            Some(schedule) => serde_json::from_value(schedule).map_err(D::Error::custom)?,
            None => Schedule::Constant,
        };
        Ok(Self { method: Method::from_json(fields).map_err(D::Error::custom)?, schedule })
    }
}

impl OptimizerSpec {
    /// The word for its method in specs.
    pub fn name(&self) -> &'static str {
        self.method.name()
    }

    /// The name for legends, with no more detail than its family: `RAdam`, `SGD with momentum 0.9`, `Lookahead (Adam)`.
    ///
    /// Two optimizers of one experiment may share it; [`labels`] then adds what tells them apart.
    pub fn label(&self) -> String {
        [Some(self.method.label()), self.schedule.caption()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// One line that says which variant it is and all its numbers, for captions and records.
    pub fn describe(&self) -> String {
        let parts = [Some(self.method.description()), self.schedule.caption()];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// Reads an item of a list of optimizers: a name, or `name: {options}`.
    pub(in crate::lab) fn decode(item: Cursor<'_>, steps_per_epoch: Option<u64>) -> Option<OptimizerSpec> {
        if !item.is_map() {
            return Some(OptimizerSpec { method: named(item)?, schedule: Schedule::Constant });
        }
        let entries = item.entries();
        let [(name, options)] = entries.as_slice() else {
            item.error("expected one optimizer and its options", "write the options in braces: `sgd: {momentum: 0.9}`");
            return None;
        };
        if !options.is_map() && options.items().is_empty() {
            return Some(OptimizerSpec { method: named(*name)?, schedule: Schedule::Constant });
        }
        options.fields("the options of an optimizer", |fields| read_optimizer(*name, fields, steps_per_epoch))
    }
}

/// A label for each optimizer of an experiment. Where several would be the same, the options in which they differ
/// follow.
pub fn labels(optimizers: &[OptimizerSpec]) -> Vec<String> {
    let short: Vec<String> = optimizers.iter().map(OptimizerSpec::label).collect();
    let label = |(index, optimizer): (usize, &OptimizerSpec)| {
        let same: Vec<&OptimizerSpec> =
            optimizers.iter().zip(&short).filter(|(_, other)| **other == short[index]).map(|(same, _)| same).collect();
        let differences: Vec<String> = optimizer
            .method
            .effective()
            .filter(|(key, value)| same.iter().any(|other| !has(&other.method, key.name, value)))
            .filter_map(|(key, value)| Some(key.caption(value).unwrap_or(format!("{} {}", key.symbol, value.text()?))))
            .collect();
        [std::slice::from_ref(&short[index]), &differences].concat().join(", ")
    };
    let labels: Vec<String> = optimizers.iter().enumerate().map(label).collect();
    let distinct: HashSet<&String> = labels.iter().collect();
    if distinct.len() == labels.len() { labels } else { optimizers.iter().map(OptimizerSpec::describe).collect() }
}

fn has(method: &Method, key: &str, value: &Value) -> bool {
    method.effective().any(|(known, other)| known.name == key && other == value)
}

/// Reads an optimizer's options from the fields it shares with whatever else the caller has read from them.
///
/// `steps_per_epoch` lets a schedule be written in epochs.
pub(in crate::lab) fn read_optimizer(
    name: Cursor<'_>,
    fields: &mut Fields<'_>,
    steps_per_epoch: Option<u64>,
) -> Option<OptimizerSpec> {
    let mut method = named(name)?;
    let mut schedule = Schedule::Constant;
    let fine = read_options(&mut method, fields);
    let beta2 = method.beta2();
    let fine = fine & set(fields, "schedule", &mut schedule, |cursor| read_schedule(cursor, beta2, steps_per_epoch));
    fine.then_some(OptimizerSpec { method, schedule })
}

/// Replaces defaults by what the fields say. `false` after an error.
fn read_options(method: &mut Method, fields: &mut Fields<'_>) -> bool {
    let mut fine = true;
    for key in method.definition().keys {
        let Some(cursor) = fields.get(key.name) else { continue };
        let value = match key.kind {
            KeyKind::Method => read_inner(cursor).map(Value::from),
            _ => cursor.convert(|text| key.parse(text)),
        };
        fine &= value.is_some();
        if let (Some(slot), Some(value)) = (method.slot(key.name), value) {
            *slot = value;
        }
    }
    match (method.definition().check)(method) {
        Err(conflict) if fine => {
            if let Some(cursor) = fields.get(conflict.key) {
                cursor.error(conflict.message, conflict.help);
            }
            false
        }
        _ => fine,
    }
}

/// Reads `adam` or `{name: adam, beta1: 0.8}`.
fn read_inner(cursor: Cursor<'_>) -> Option<Method> {
    if !cursor.is_map() {
        return named(cursor);
    }
    cursor.fields("an inner optimizer", |fields| {
        let mut method = named(fields.need("name")?)?;
        read_options(&mut method, fields).then_some(method)
    })
}

fn named(cursor: Cursor<'_>) -> Option<Method> {
    known(cursor, "optimizer", Method::named, &Method::NAMES).map(|(_, method)| method)
}
