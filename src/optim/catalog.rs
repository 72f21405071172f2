//! The list of all methods. A new one is a file with its [`Definition`], and a line here.

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value as Json};

use super::definition::{Definition, KeyKind, Method, Value};
use super::{adam, adamw, lion, lookahead, radam, ranger, schedule_free, sgd};

/// All of them, in the order of the reference.
pub const DEFINITIONS: [&Definition; 12] = [
    &sgd::SGD,
    &adam::ADAM,
    &adamw::ADAMW,
    &radam::RADAM,
    &radam::RADAM_PYTORCH,
    &radam::RADAM_AUTHOR,
    &radam::RADAM_OPTAX,
    &lookahead::LOOKAHEAD,
    &ranger::RANGER,
    &lion::LION,
    &schedule_free::SCHEDULE_FREE_SGD,
    &schedule_free::SCHEDULE_FREE_ADAMW,
];

/// Short names for some.
const SHORT: [(&str, &str); 1] = [("schedule-free", "schedule-free-adamw")];

/// Methods that only tests know.
#[cfg(test)]
const TOYS: &[&Definition] = &[&super::tests::toy::TOY];
#[cfg(not(test))]
const TOYS: &[&Definition] = &[];

impl Method {
    /// The names that a spec may use, in the order of the reference.
    pub const NAMES: [&'static str; DEFINITIONS.len()] = {
        let mut names = [""; DEFINITIONS.len()];
        let mut index = 0;
        while index < names.len() {
            names[index] = DEFINITIONS[index].name;
            index += 1;
        }
        names
    };

    /// The method of a name, with its defaults.
    pub fn named(name: &str) -> Option<Method> {
        let name = SHORT.iter().find(|(short, _)| *short == name).map_or(name, |(_, name)| name);
        let definition = DEFINITIONS.iter().chain(TOYS).find(|definition| definition.name == name)?;
        Some(Method::new(definition))
    }

    /// Reads what [`Method`] writes, from the entries of an object.
    ///
    /// # Errors
    /// When a name or a key is unknown or a value not allowed.
    pub fn from_json(mut fields: Map<String, Json>) -> Result<Method, String> {
        let name = fields.remove("name").ok_or("an optimizer needs `name`")?;
        let name = name.as_str().ok_or("the name of an optimizer is text")?.to_owned();
        let mut method = Method::named(&name).ok_or_else(|| format!("there is no optimizer `{name}`"))?;
        for (key, json) in fields {
            let known = method.definition().keys.iter().find(|known| known.name == key);
            let known = known.ok_or_else(|| format!("unknown key `{key}` of `{name}`"))?;
            let value = match (known.kind, json) {
                (KeyKind::Method, Json::Object(fields)) => Value::Method(Box::new(Method::from_json(fields)?)),
                (_, Json::String(text)) => known.parse(&text).map_err(|invalid| invalid.to_string())?,
                (_, json) => known.parse(&json.to_string()).map_err(|invalid| invalid.to_string())?,
            };
            method = method.with(&key, value);
        }
        Ok(method)
    }
}

impl<'de> Deserialize<'de> for Method {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Method::from_json(Map::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
