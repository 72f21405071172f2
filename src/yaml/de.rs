//! A serde deserializer over the nodes of a document.
//!
//! A single value counts as a list of one. Empty keys are reported and count as absent, unknown keys are reported and
//! passed over.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{SeqDeserializer, StrDeserializer};
use serde::de::{
    self, Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, IntoDeserializer,
    MapAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_saphyr::Location;

use super::node::{Document, Node, Value};
use crate::diagnostics::{Diagnostic, Span, Spanned};

thread_local! {
    /// Channel through which types report mistakes in their values and learn where a value stands: serde's derived code
    /// has no other way to hand something to the types inside it.
    static CONTEXT: RefCell<Context> = const { RefCell::new(Context { diagnostics: Vec::new(), span: None }) };
}

struct Context {
    diagnostics: Vec<Diagnostic>,
    /// The place of the value about to be read as a [`Spanned`].
    span: Option<Span>,
}

/// Adds a diagnostic to those of the document being read.
pub(super) fn report(diagnostic: Diagnostic) {
    CONTEXT.with_borrow_mut(|context| context.diagnostics.push(diagnostic));
}

/// Reads the root of a document. Gives all diagnostics up to the first mistake of structure, which is the error.
pub(super) fn read<T: DeserializeOwned>(document: &Document) -> (Result<T, Error>, Vec<Diagnostic>) {
    CONTEXT.with_borrow_mut(|context| context.diagnostics.clear());
    let value = T::deserialize(Reader { document, node: &document.root });
    (value, CONTEXT.with_borrow_mut(|context| std::mem::take(&mut context.diagnostics)))
}

/// Name of the newtype by which [`spanned_text`] asks for a place.
const SPANNED: &str = "Spanned";

/// Reads a text with its place.
pub(super) fn spanned_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Spanned<Arc<str>>, D::Error> {
    struct SpannedVisitor;

    impl<'de> Visitor<'de> for SpannedVisitor {
        type Value = Spanned<Arc<str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("text of a YAML file")
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            let span = CONTEXT.with_borrow_mut(|context| context.span.take());
            let span = span.ok_or_else(|| de::Error::custom("places are known of YAML files only"))?;
            Ok(Spanned { value: Arc::deserialize(deserializer)?, span })
        }
    }

    deserializer.deserialize_newtype_struct(SPANNED, SpannedVisitor)
}

/// A mistake of structure: something is missing, or of another kind than it should be.
#[derive(Debug)]
pub(super) struct Error {
    message: String,
    help: Option<String>,
    /// The node that is wrong.
    pub(super) location: Option<Location>,
    /// The key that is missing, if that is the mistake.
    pub(super) missing: Option<&'static str>,
}

impl Error {
    fn expected(expected: &dyn fmt::Display, node: &Node) -> Self {
        let message = format!("expected {expected}, found {}", node.kind());
        Self { message, help: None, location: Some(node.location), missing: None }
    }

    /// Adds the place, where no node within has added its own.
    fn at(self, node: &Node) -> Self {
        Self { location: self.location.or(Some(node.location)), ..self }
    }

    /// Describes a missing key of `what` (`a talk`).
    fn within(self, what: &dyn fmt::Display, node: &Node) -> Self {
        match self.missing {
            Some(key) if self.location.is_none() => {
                let (message, help) = (format!("{what} needs `{key}`"), Some(format!("add a line `{key}: …`")));
                Self { message, help, ..self }.at(node)
            }
            _ => self.at(node),
        }
    }

    pub(super) fn diagnostic(&self, document: &Document) -> Diagnostic {
        let span = document.span_of(self.location.unwrap_or(document.root.location));
        Diagnostic { help: self.help.clone(), ..Diagnostic::error(span, self.message.clone()) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    /// A second line of the message is the help.
    fn custom<T: fmt::Display>(message: T) -> Self {
        let text = message.to_string();
        let (message, help) = text.split_once('\n').map_or((&*text, None), |(message, help)| (message, Some(help)));
        Self { message: message.to_owned(), help: help.map(str::to_owned), location: None, missing: None }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}, found {found}"))
    }

    fn missing_field(key: &'static str) -> Self {
        Self { missing: Some(key), ..Self::custom(format_args!("`{key}` is missing")) }
    }
}

/// A node of a document on its way to becoming a value.
#[derive(Clone, Copy)]
struct Reader<'a> {
    document: &'a Document,
    node: &'a Node,
}

impl<'a> Reader<'a> {
    fn with(self, node: &'a Node) -> Self {
        Self { node, ..self }
    }

    fn map(self) -> Option<&'a [(Node, Node)]> {
        match &self.node.value {
            Value::Map(entries) => Some(entries),
            _ => None,
        }
    }

    fn visit_text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.text().filter(|text| !text.is_empty()) {
            Some(text) => visitor.visit_str(text).map_err(|error: Error| error.at(self.node)),
            None => Err(Error::expected(&"text", self.node)),
        }
    }
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Text(text) => visitor.visit_str(text),
            Value::List(_) => self.deserialize_seq(visitor),
            Value::Map(_) => Err(Error::expected(&format_args!("{}", &visitor as &dyn Expected), self.node)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.visit_text(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        if name == SPANNED {
            CONTEXT.with_borrow_mut(|context| context.span = Some(self.document.span(self.node)));
        }
        visitor.visit_newtype_struct(self).map_err(|error| error.at(self.node))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let items = match &self.node.value {
            Value::List(items) => items.as_slice(),
            Value::Null => &[],
            _ => std::slice::from_ref(self.node),
        };
        let readers = items.iter().map(|node| self.with(node));
        visitor.visit_seq(SeqDeserializer::new(readers)).map_err(|error: Error| error.at(self.node))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        keys: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let what = format!("{}", &visitor as &dyn Expected);
        let Some(entries) = self.map() else {
            return Err(Error::expected(&format_args!("{what} (`key: value` lines)"), self.node));
        };
        let entries = Entries { reader: self, entries: entries.iter(), value: self.node, keys, what: &what };
        visitor.visit_map(entries).map_err(|error| error.within(&what, self.node))
    }

    /// The enums of this program that are read by this method are either a text or a mapping, see [`TextOr`].
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(self).map_err(|error| error.at(self.node))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Reader<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The entries of a mapping while it is being read.
struct Entries<'a, 'w> {
    reader: Reader<'a>,
    entries: std::slice::Iter<'a, (Node, Node)>,
    /// The value of the key that was asked for last.
    value: &'a Node,
    keys: &'static [&'static str],
    what: &'w str,
}

impl<'de> MapAccess<'de> for Entries<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        for (key, value) in self.entries.by_ref() {
            let Some(name) = key.text() else { continue };
            let span = self.reader.document.span(key);
            if !self.keys.contains(&name) {
                let error = Diagnostic::error(span, format!("unknown key `{name}` in {}", self.what));
                let help = format!("known keys are: {}", self.keys.join(", "));
                report(error.help(help).suggest(name, self.keys.iter().copied()));
            } else if matches!(value.value, Value::Null) {
                let warning = Diagnostic::warning(span, format!("`{name}` has no value"));
                report(warning.help("leave the key out when the value is not known"));
            } else {
                self.value = value;
                return seed.deserialize(StrDeserializer::new(name)).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let reader = self.reader.with(self.value);
        seed.deserialize(reader).map_err(|error| error.at(reader.node))
    }
}

/// A value that may be written short, as a text, or long, as a mapping: a talk's slides as `deck.pdf` or as
/// `{label: Deck, path: deck.pdf}`.
#[derive(Debug, Clone)]
pub struct TextOr<T>(pub T);

impl<T> std::ops::Deref for TextOr<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de> + From<Spanned<Arc<str>>>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        enum Written<T> {
            Text(Spanned<Arc<str>>),
            Mapping(T),
        }

        Ok(Self(match Written::deserialize(deserializer)? {
            Written::Text(text) => text.into(),
            Written::Mapping(value) => value,
        }))
    }
}

impl<T: JsonSchema> JsonSchema for TextOr<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("TextOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, generator.subschema_for::<T>()] })
    }
}

/// Chooses between the two variants of a [`TextOr`].
impl<'de> EnumAccess<'de> for Reader<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let variant = if self.map().is_some() { "Mapping" } else { "Text" };
        Ok((seed.deserialize(StrDeserializer::<Error>::new(variant))?, self))
    }
}

impl<'de> VariantAccess<'de> for Reader<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Err(Error::expected(&"text or a mapping", self.node))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self).map_err(|error| error.at(self.node))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(Error::expected(&"text or a mapping", self.node))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Error> {
        Err(Error::expected(&"text or a mapping", self.node))
    }
}
