//! The options of all methods for people and for editors: the tables of the documentation, and a JSON Schema.

use serde_json::{Map, Value as Json, json};

use super::catalog::DEFINITIONS;
use super::definition::{Choice, Definition, Key, KeyKind, Method};
use super::range::Range;

/// The reference of all methods and their options as Markdown: a paragraph and a table for each.
pub fn reference() -> String {
    DEFINITIONS.iter().map(|definition| section(definition)).collect()
}

fn section(definition: &'static Definition) -> String {
    let rows: String = Method::new(definition)
        .options()
        .map(|(key, value)| {
            let default = value.text().unwrap_or_else(|| value.method_name().unwrap_or_default().to_owned());
            let effect = key.needs.map(|needed| format!("; nothing without `{needed}`")).unwrap_or_default();
            let Key { name, description, source, .. } = key;
            format!("| `{name}` | {} | `{default}` ({source}) | {description}{effect} |\n", allowed(key.kind))
        })
        .collect();
    let head = "| Option | Values | Default (from) | |\n| --- | --- | --- | --- |\n";
    format!("`{}`: {}.\n\n{head}{rows}\n", definition.name, definition.description)
}

/// What an option may be, in words.
fn allowed(kind: KeyKind) -> String {
    match kind {
        KeyKind::Number(range) if range.is_limit => format!("{}, at most {}", range.words, range.max),
        KeyKind::Number(range) => range.words.to_owned(),
        KeyKind::Count { max, .. } => format!("a whole number from 1 to {max}"),
        KeyKind::Flag => "`true`, `false`".to_owned(),
        KeyKind::Choice(choices) => {
            let words: Vec<String> =
                choices.iter().map(|choice| format!("`{}` ({})", choice.word, choice.caption)).collect();
            words.join(", ")
        }
        KeyKind::Method => "a method".to_owned(),
    }
}

/// The JSON Schema of an item of a list of optimizers, `radam` or `radam: {beta2: 0.99}`; `more` are the schemas of
/// keys that every method has beside its own options.
pub fn schema(more: &Map<String, Json>) -> Json {
    let options = |definition: &&'static Definition| {
        let own = definition.keys.iter().map(|key| (key.name.to_owned(), key_schema(key)));
        let keys: Map<String, Json> = own.chain(more.clone()).collect();
        let about = definition.description;
        let schema = json!({
            "type": ["object", "null"], "description": about, "properties": keys, "additionalProperties": false,
        });
        (definition.name.to_owned(), schema)
    };
    let methods: Map<String, Json> = DEFINITIONS.iter().map(options).collect();
    json!({ "anyOf": [
        { "enum": Method::NAMES },
        {
            "type": "object", "properties": methods,
            "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
        },
    ] })
}

fn key_schema(key: &Key) -> Json {
    let mut schema = match key.kind {
        KeyKind::Number(Range { min, max, min_allowed, max_allowed, .. }) => {
            let low = if min_allowed { "minimum" } else { "exclusiveMinimum" };
            let high = if max_allowed { "maximum" } else { "exclusiveMaximum" };
            json!({ "type": "number", low: min, high: max })
        }
        KeyKind::Count { max, .. } => json!({ "type": "integer", "minimum": 1, "maximum": max }),
        KeyKind::Flag => json!({ "type": "boolean" }),
        // YAML reads `gate: 4` as a number.
        KeyKind::Choice(choices) => {
            let word = |choice: &Choice| serde_json::from_str(choice.word).unwrap_or_else(|_| Json::from(choice.word));
            json!({ "enum": choices.iter().map(word).collect::<Vec<Json>>() })
        }
        KeyKind::Method => json!({ "anyOf": [
            { "enum": Method::NAMES },
            { "type": "object", "properties": { "name": { "enum": Method::NAMES } }, "required": ["name"] },
        ] }),
    };
    let default = key.default_value();
    schema["description"] = key.description.into();
    schema["default"] = match (&default, default.method_name()) {
        (_, Some(name)) => name.into(),
        (value, None) => json!(value),
    };
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_has_every_option_with_its_range_and_default() {
        let more = json!({ "schedule": true });
        let schema = schema(more.as_object().unwrap());
        let methods = &schema["anyOf"][1]["properties"];
        assert_eq!(methods.as_object().unwrap().len(), DEFINITIONS.len());
        let eps = &methods["ranger"]["properties"]["eps"];
        assert_eq!((eps["minimum"].as_f64(), eps["default"].as_f64()), (Some(0.0), Some(1e-5)));
        let beta2 = &methods["radam"]["properties"]["beta2"];
        assert_eq!((beta2["exclusiveMaximum"].as_f64(), beta2["minimum"].as_f64()), (Some(1.0), Some(0.0)));
        assert_eq!(methods["radam"]["properties"]["gate"]["enum"], json!([4, 5]));
        assert_eq!(methods["lookahead"]["properties"]["inner"]["default"], "sgd");
        assert_eq!(methods["sgd"]["properties"]["schedule"], true);
    }

    const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/experiments.md");
    const BEGIN: &str = "<!-- options: written by `cargo test --lib reference -- --ignored` -->\n";
    const END: &str = "<!-- end of options -->";

    /// The text of the documentation before, between and after the marks.
    fn parts(text: &str) -> (&str, &str, &str) {
        let (before, rest) = text.split_once(BEGIN).unwrap();
        let (between, after) = rest.split_once(END).unwrap();
        (before, between, after)
    }

    #[test]
    fn the_documentation_has_the_options_of_all_methods() {
        let text = std::fs::read_to_string(FILE).unwrap();
        let (_, between, _) = parts(&text);
        assert!(between == reference(), "run `cargo test --lib reference -- --ignored`");
        assert!(DEFINITIONS.iter().all(|definition| between.contains(&format!("`{}`: ", definition.name))));
    }

    #[test]
    #[ignore = "writes docs/experiments.md"]
    fn write_the_documentation() {
        let text = std::fs::read_to_string(FILE).unwrap();
        let (before, _, after) = parts(&text);
        std::fs::write(FILE, format!("{before}{BEGIN}{}{END}{after}", reference())).unwrap();
    }
}
