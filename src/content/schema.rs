//! JSON Schemas of content files, for editors.

use schemars::generate::SchemaSettings;
use schemars::transform::transform_subschemas;
use schemars::{JsonSchema, Schema};
use serde_json::{Value, json};

/// Returns the JSON Schema of a type of content, in draft 7, which the language servers of editors read.
pub fn schema<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft07().with_transform(as_written as fn(&mut Schema));
    settings.into_generator().into_root_schema_for::<T>()
}

/// Allows what YAML files may hold: one value where a list is expected, numbers as text, and no keys but those of the
/// type.
fn as_written(schema: &mut Schema) {
    transform_subschemas(&mut as_written, schema);
    let is_any_text = ["format", "pattern", "enum"].iter().all(|limit| schema.get(*limit).is_none());
    if let Some(types) = schema.get_mut("type").filter(|_| is_any_text) {
        match types {
            Value::String(only) if only == "string" => *types = json!(["string", "number", "boolean"]),
            Value::Array(several) if several.contains(&json!("string")) => {
                several.extend([json!("number"), json!("boolean")]);
            }
            _ => {}
        }
    }
    if schema.get("properties").is_some() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    if let Some(Value::String(text)) = schema.get_mut("description") {
        *text = text.replace('\n', " ");
    }
    for property in
        schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut())
    {
        let items = property.get("items").cloned();
        if let (Some(items), Some(property)) = (items, property.as_object_mut()) {
            let description = property.remove("description");
            let list = Value::Object(std::mem::take(property));
            property.extend(description.map(|text| ("description".to_owned(), text)));
            property.insert("anyOf".to_owned(), json!([list, items]));
        }
    }
}
