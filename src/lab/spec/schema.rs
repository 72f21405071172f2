//! The JSON Schema of a `lab` block, for editors.

use serde_json::{Map, Value as Json, json};

use super::Spec;
use crate::lab::objective::Objective;
use crate::lab::schedules;
use crate::lab::task::Task;
use crate::optim;

/// The JSON Schema of a `lab` block of any kind.
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lab block",
        "type": "object",
        "oneOf": Spec::KINDS.iter().map(|kind| kind_schema(kind)).collect::<Vec<Json>>(),
    })
}

fn kind_schema(kind: &str) -> Json {
    let (required, optional) = keys(kind);
    let figures: Vec<&str> =
        Spec::figures(kind).map_or(Vec::new(), |(all, _)| all.iter().map(|figure| figure.name()).collect());
    let mut properties = Map::new();
    properties.insert("experiment".to_owned(), json!({ "const": kind }));
    properties.insert("title".to_owned(), json!({ "type": "string" }));
    properties.insert("name".to_owned(), json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$" }));
    properties.insert("figures".to_owned(), one_or_several(&json!({ "enum": figures })));
    let defaults = Spec::defaults(kind);
    for name in required.iter().chain(optional) {
        let mut schema = key_schema(kind, name);
        if let Some(default) = defaults.get(name).filter(|default| default.is_number()) {
            schema["default"] = default.clone();
        }
        properties.insert((*name).to_owned(), schema);
    }
    let required: Vec<&str> = std::iter::once("experiment").chain(required.iter().copied()).collect();
    json!({ "properties": properties, "required": required, "additionalProperties": false })
}

/// The keys of a kind that have to be there, and the others.
fn keys(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "train" => (&["task", "optimizers", "learning_rates"], &["schedule", "epochs", "batch", "seeds", "window"]),
        "gradients" => (&["task", "optimizers", "learning_rate"], &["batch", "steps", "drawn", "seeds", "bins"]),
        "surface" => (
            &["task", "learning_rate"],
            &["optimizer", "batch", "k", "alpha", "warm_epochs", "loops", "grid", "margin", "seeds"],
        ),
        "trace" => (&["objective", "start", "optimizers", "learning_rates"], &["steps", "clip", "tolerance"]),
        "variance" => (&["curvatures", "learning_rate"], &["sigma", "k", "alpha", "start", "steps", "seeds"]),
        _ => (&[], &["beta2", "steps"]),
    }
}

fn key_schema(kind: &str, name: &str) -> Json {
    let positive = json!({ "type": "number", "exclusiveMinimum": 0 });
    let optimizer = || optim::schema(&Map::from_iter([("schedule".to_owned(), schedules::schema())]));
    match name {
        "task" => json!({ "enum": Task::names().collect::<Vec<&str>>() }),
        "optimizers" => one_or_several(&optimizer()),
        "optimizer" => optimizer(),
        "learning_rates" | "curvatures" => one_or_several(&positive),
        "schedule" => schedules::schema(),
        "window" => {
            let rates = json!({ "type": "array", "items": positive, "minItems": 2 });
            let named = json!({ "rates": rates, "label": { "type": "string" } });
            json!({ "anyOf": [rates, { "properties": named, "required": ["rates"], "additionalProperties": false }] })
        }
        "bins" => {
            let number = json!({ "type": "number" });
            let keys = json!({ "from": number, "to": number, "width": positive });
            json!({ "type": "object", "properties": keys, "additionalProperties": false })
        }
        "objective" => {
            let names = json!({ "enum": Objective::NAMES });
            let keys = json!({ "name": names, "dim": { "type": "integer", "minimum": 1 } });
            json!({ "anyOf": [names, { "properties": keys, "required": ["name"], "additionalProperties": false }] })
        }
        "start" if kind == "trace" => {
            json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 })
        }
        "start" => json!({ "type": "number" }),
        "beta2" => one_or_several(&json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 })),
        "margin" => json!({ "type": "number", "minimum": 0 }),
        "alpha" => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
        "learning_rate" | "sigma" | "clip" | "tolerance" => positive,
        _ => json!({ "type": "integer", "minimum": 1 }),
    }
}

/// A list; a single value counts as a list of one.
fn one_or_several(item: &Json) -> Json {
    json!({ "anyOf": [item, { "type": "array", "items": item, "minItems": 1 }] })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::lab::kind::tests::{SMALL, parse};

    #[test]
    fn the_schema_has_the_keys_that_the_reader_knows() {
        let schema = schema();
        for (kind, small) in schema["oneOf"].as_array().unwrap().iter().zip(SMALL) {
            let (_, problems) = parse(&format!("{small}unheard-of: 1\n"));
            let help = problems[0].help.as_deref().unwrap();
            let known: BTreeSet<&str> = help.trim_start_matches("known keys are: ").split(", ").collect();
            let keys: BTreeSet<&str> = kind["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, known, "{}", kind["properties"]["experiment"]);
            // And what it wants is what the reader wants.
            for key in kind["required"].as_array().unwrap().iter().filter_map(Json::as_str) {
                let without: String =
                    small.split_inclusive('\n').filter(|line| !line.starts_with(&format!("{key}:"))).collect();
                assert!(parse(&without).0.is_none(), "without {key}: {without}");
            }
        }
    }

    #[test]
    fn blocks_that_are_read_are_valid_and_others_are_not() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let is_valid = |block: &str| validator.is_valid(&serde_saphyr::from_str::<Json>(block).unwrap());
        for block in SMALL {
            assert!(is_valid(block), "{block}");
            assert!(!is_valid(&format!("{block}unheard-of: 1\n")), "{block}");
        }
        let train = |optimizers: &str| {
            is_valid(&format!("experiment: train\ntask: digits-mlp\nlearning_rates: 0.1\noptimizers: {optimizers}\n"))
        };
        assert!(train("[sgd: {momentum: 0.9, schedule: cosine}, {adam: }, lookahead: {inner: {name: adam}}]"));
        assert!(!train("[sgd: {momentum: 1}]") && !train("[sgd: {beta1: 0.9}]") && !train("[radm]"));
    }

    #[test]
    fn the_schema_has_tasks_optimizers_and_defaults() {
        let schema = schema();
        let train = &schema["oneOf"][0]["properties"];
        assert_eq!(train["epochs"]["default"], 30);
        assert!(train["task"]["enum"].as_array().unwrap().contains(&json!("digits-mlp")));
        let radam = &train["optimizers"]["anyOf"][0]["anyOf"][1]["properties"]["radam"]["properties"];
        assert_eq!(radam["before"]["enum"], json!(["momentum", "skip"]));
        assert!(radam["schedule"]["anyOf"][0]["enum"].as_array().unwrap().contains(&json!("cosine")));
    }
}
