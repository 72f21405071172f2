//! Values that are written as one word, number or line of text.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserialize, Deserializer};

use super::de;
use crate::diagnostics::{Diagnostic, Span, Spanned, did_you_mean};

/// A type that is made of a scalar's text. A text that will not do is reported and replaced by a placeholder, so that
/// one run finds all of them.
pub trait Scalar: Sized {
    /// Makes the value of its text.
    ///
    /// # Errors
    /// Message about the text.
    fn from_text(text: &str) -> Result<Self, Invalid>;

    /// Makes a value that stands for one that could not be read. A file with such a value is never shown.
    fn placeholder() -> Self;
}

/// Error about the text of a scalar.
#[derive(Debug, PartialEq, Eq)]
pub struct Invalid {
    message: String,
    help: Option<String>,
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Invalid {
    /// Makes a message without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Adds what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Makes an error at the place of the text.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::error(span, self.message) }
    }
}

impl<T: Scalar> Spanned<T> {
    /// Converts a text, and reports it if it will not do.
    pub fn convert(text: &Spanned<Arc<str>>) -> Self {
        let value = T::from_text(&text.value).unwrap_or_else(|invalid| {
            de::report(invalid.at(text.span.clone()));
            T::placeholder()
        });
        Spanned { value, span: text.span.clone() }
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        de::spanned_text(deserializer).map(|text| Self::convert(&text))
    }
}

impl<T: JsonSchema> JsonSchema for Spanned<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl Scalar for Arc<str> {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        Ok(text.into())
    }

    fn placeholder() -> Self {
        "".into()
    }
}

impl Scalar for u32 {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        text.parse().map_err(|_| Invalid::new(format!("expected a whole number below 4294967296, found `{text}`")))
    }

    fn placeholder() -> Self {
        u32::MAX
    }
}

impl Scalar for f64 {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| Invalid::new(format!("expected a number, found `{text}`")))
    }

    /// A value that no text is read as.
    fn placeholder() -> Self {
        f64::NAN
    }
}

impl Scalar for bool {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        choice(text, &[("true", true), ("false", false)])
    }

    fn placeholder() -> Self {
        false
    }
}

/// Finds one of a few words.
///
/// # Errors
/// That the text is none of them, with the one that was probably meant.
pub fn choice<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, Invalid> {
    if let Some((_, value)) = words.iter().find(|(word, _)| text == *word) {
        return Ok(*value);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let invalid = Invalid::new(format!("`{text}` is none of: {}", known.join(", ")));
    Err(Invalid { help: did_you_mean(text, known), ..invalid })
}

/// Defines an enum whose variants are written as words: its reading, its JSON Schema and its words for pages.
///
/// The first variant stands for a value that could not be read.
macro_rules! choices {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, schemars::JsonSchema)]
        pub enum $name { $($(#[$doc])* #[schemars(rename = $word)] $variant,)* }

        impl $name {
            const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),*];

            /// The words for it.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl $crate::yaml::Scalar for $name {
            fn from_text(text: &str) -> Result<Self, $crate::yaml::Invalid> {
                $crate::yaml::choice(text, Self::WORDS)
            }

            fn placeholder() -> Self {
                Self::WORDS[0].1
            }
        }
    };
}
pub(crate) use choices;
