//! A schedule as a spec writes it.

use serde_json::{Value as Json, json};

use super::numbers::{count, known, number, set_number};
use super::reader::{Cursor, Fields};
use crate::optim::{Range, Schedule};

const NAMES: [&str; 9] = [
    "constant",
    "scaled",
    "warmup-linear",
    "warmup-untuned-linear",
    "warmup-untuned-exponential",
    "step",
    "cosine",
    "flat-cosine",
    "one-cycle",
];

/// The JSON Schema of a schedule.
pub(in crate::lab) fn schema() -> Json {
    let keys = json!({ "name": { "enum": NAMES } });
    json!({ "anyOf": [{ "enum": NAMES }, { "type": "object", "properties": keys, "required": ["name"] }] })
}

/// A factor above 1 lets the rate grow; that is allowed, zero is not.
const FACTOR: Range = Range::new("a number above 0 and at most 10", (0.0, false), (10.0, true));

/// More steps than any run has.
const MOST_STEPS: u64 = 1_000_000_000;

/// Reads `cosine` or `{name: step, at: [100, 200], factor: 0.1}`.
///
/// `beta2` is that of the optimizer under which the schedule stands, for untuned warm-ups. With `steps_per_epoch`, a
/// `step` schedule may say `epochs: [15, 22]` instead of `at`.
pub(in crate::lab) fn read_schedule(
    cursor: Cursor<'_>,
    beta2: Option<f64>,
    steps_per_epoch: Option<u64>,
) -> Option<Schedule> {
    if cursor.is_map() {
        return cursor.fields("a schedule", |fields| {
            let name = fields.need("name")?;
            read_named(name, Some(fields), beta2, steps_per_epoch)
        });
    }
    read_named(cursor, None, beta2, steps_per_epoch)
}

fn read_named(
    name: Cursor<'_>,
    fields: Option<&mut Fields<'_>>,
    beta2: Option<f64>,
    steps_per_epoch: Option<u64>,
) -> Option<Schedule> {
    let known_name = |name: &str| NAMES.iter().find(|known| **known == name).copied();
    let (_, word) = known(name, "schedule", known_name, &NAMES)?;
    match (word, fields) {
        ("constant", _) => Some(Schedule::Constant),
        ("cosine", _) => Some(Schedule::Cosine),
        ("one-cycle", _) => Some(Schedule::OneCycle),
        ("flat-cosine", fields) => {
            let mut flat = Schedule::FLAT;
            fields
                .is_none_or(|f| set_number(f, "flat", &mut flat, &Range::BELOW_ONE))
                .then_some(Schedule::FlatCosine { flat })
        }
        ("warmup-untuned-linear", _) => Some(Schedule::WarmupUntunedLinear { beta2: needs_beta2(name, beta2)? }),
        ("warmup-untuned-exponential", _) => {
            Some(Schedule::WarmupUntunedExponential { beta2: needs_beta2(name, beta2)? })
        }
        ("warmup-linear", Some(fields)) => {
            let steps = count(fields.need("steps")?, "steps", MOST_STEPS)?;
            Some(Schedule::WarmupLinear { steps })
        }
        ("step", Some(fields)) => read_step(fields, steps_per_epoch),
        ("scaled", Some(fields)) => {
            let factor = number(fields.need("factor")?, &FACTOR)?.value;
            Some(Schedule::Scaled { factor })
        }
        ("scaled", None) => too_short(name, "{name: scaled, factor: 0.5}"),
        ("warmup-linear", None) => too_short(name, "{name: warmup-linear, steps: 500}"),
        _ => too_short(name, "{name: step, at: [100, 200], factor: 0.1}"),
    }
}

fn too_short(name: Cursor<'_>, long: &str) -> Option<Schedule> {
    name.error("this schedule needs numbers", format!("write `{long}`"));
    None
}

fn needs_beta2(name: Cursor<'_>, beta2: Option<f64>) -> Option<f64> {
    if beta2.is_none() {
        name.error(
            "an untuned warm-up is made from an optimizer's β₂, and there is none here",
            "write it under an optimizer that has one: `adam: {schedule: warmup-untuned-linear}`",
        );
    }
    beta2
}

fn read_step(fields: &mut Fields<'_>, steps_per_epoch: Option<u64>) -> Option<Schedule> {
    let factor = fields.need("factor").and_then(|cursor| number(cursor, &FACTOR));
    let epochs = steps_per_epoch.and_then(|steps| Some((fields.get("epochs")?, steps)));
    let (marks, steps) = match epochs {
        Some(found) => found,
        None => (fields.need("at")?, 1),
    };
    let items = marks.items();
    let at: Vec<u64> =
        items.iter().filter_map(|mark| count(*mark, "steps", MOST_STEPS / steps)).map(|mark| mark * steps).collect();
    if at.is_empty() && items.is_empty() || at.windows(2).any(|pair| pair[0] >= pair[1]) {
        marks.error("the marks of a schedule must rise", "write them in order, each once: `[15, 22]`");
        return None;
    }
    (at.len() == items.len()).then_some(Schedule::Step { at, factor: factor?.value })
}
