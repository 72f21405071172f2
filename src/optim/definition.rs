//! What a method is called, what can be chosen about it, and how it starts.
//!
//! Each file of a method has a [`Definition`]. Everything that speaks about options comes from it: the reader of
//! specs, the captions of figures, the reference in the documentation, the JSON Schema, and the identity of results.

use serde::{Serialize, Serializer};

use super::Optimizer;
use super::range::{Range, caption, count};
use crate::yaml::{self, Invalid};

/// A method under one name. A library's variant of a method is a definition with other defaults.
#[derive(Debug)]
pub struct Definition {
    /// The word for it in specs.
    pub name: &'static str,
    /// Its name in legends.
    pub title: &'static str,
    /// The name of the method that it is a variant of, or its own: what is computed is the same, defaults differ.
    pub family: &'static str,
    /// What it is and where it is from, in one sentence without a full stop.
    pub description: &'static str,
    /// What can be chosen, in the order of the reference.
    pub keys: &'static [Key],
    /// Its name in legends with the option that people call it by; [`Definition::TITLE`] is the title alone.
    pub label: fn(&Method) -> String,
    /// Says which options do not go together; [`Definition::NO_CONFLICT`] is that all do.
    pub check: fn(&Method) -> Result<(), Conflict>,
    /// The key of the decay rate of the moving average of squared gradients, if it has one.
    pub second_moment: Option<&'static str>,
    /// Where it is evaluated.
    pub evaluated_at: EvaluatedAt,
    /// Makes it ready in single and in double precision: the same generic function twice.
    pub start: (Start<f32>, Start<f64>),
}

impl Definition {
    /// Its title as its label.
    pub const TITLE: fn(&Method) -> String = |method| method.definition.title.to_owned();
    /// No options that do not go together.
    pub const NO_CONFLICT: fn(&Method) -> Result<(), Conflict> = |_| Ok(());
}

/// Options that do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// One of the keys.
    pub key: &'static str,
    /// What is wrong.
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// Makes a method ready for parameters that start at `theta0` and are laid out in `blocks`.
pub type Start<S> = fn(options: &Method, theta0: &[S], blocks: &[Block]) -> Box<dyn Optimizer<S>>;

/// The parameters at which a method is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvaluatedAt {
    /// Those at which its gradients are taken.
    Parameters,
    /// Its slow weights.
    SlowWeights,
    /// Its average.
    Average,
}

/// A stretch of the parameters that belongs together, such as the weights of a layer. Methods on matrices need to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// So many numbers, such as the biases of a layer.
    Vector(usize),
    /// Weights of a dense layer, row by row.
    Matrix {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        columns: usize,
    },
    /// Weights of a convolution, as a matrix of `height · width · inputs` rows and `outputs` columns, row by row.
    Convolution {
        /// Height of the kernel.
        height: usize,
        /// Width of the kernel.
        width: usize,
        /// Channels that go in.
        inputs: usize,
        /// Channels that come out.
        outputs: usize,
    },
}

impl Block {
    /// How many parameters it has.
    pub fn len(self) -> usize {
        match self {
            Block::Vector(length) => length,
            Block::Matrix { rows, columns } => rows * columns,
            Block::Convolution { height, width, inputs, outputs } => height * width * inputs * outputs,
        }
    }

    /// Returns whether it has none.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// An option of a method.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The word for it in specs.
    pub name: &'static str,
    /// The sign or word for it in captions.
    pub symbol: &'static str,
    /// What it is, in a few words.
    pub description: &'static str,
    /// What it may be.
    pub kind: KeyKind,
    /// What it is when nothing is said.
    pub default: DefaultValue,
    /// Where the default is from: a paper or a library.
    pub source: &'static str,
    /// Another key of the method, without which (at 0) this one changes nothing.
    pub needs: Option<&'static str>,
}

/// What an option may be.
#[derive(Debug, Clone, Copy)]
pub enum KeyKind {
    /// A number.
    Number(Range),
    /// A whole number from 1.
    Count {
        /// What is counted.
        of: &'static str,
        /// The largest.
        max: u64,
    },
    /// `true` or `false`.
    Flag,
    /// One of a few words.
    Choice(&'static [Choice]),
    /// Another method with options of its own.
    Method,
}

/// One of the words that an option may be.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    /// The word.
    pub word: &'static str,
    /// What a caption says of it.
    pub caption: &'static str,
}

/// The value of an option when nothing is said.
#[derive(Debug, Clone, Copy)]
pub enum DefaultValue {
    /// Of a number.
    Number(f64),
    /// Of a whole number.
    Count(u64),
    /// Of a flag.
    Flag(bool),
    /// Of a choice.
    Word(&'static str),
    /// Of a method, with its own defaults.
    Method(&'static Definition),
}

/// The value of an option.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Of a number.
    Number(f64),
    /// Of a whole number.
    Count(u64),
    /// Of a flag.
    Flag(bool),
    /// Of a choice.
    Word(&'static str),
    /// Of a method.
    Method(Box<Method>),
}

impl Key {
    /// A number.
    pub const fn number(name: &'static str, symbol: &'static str, range: Range, default: f64) -> Key {
        Key::new(name, symbol, KeyKind::Number(range), DefaultValue::Number(default))
    }

    /// A whole number from 1 to `max`.
    pub const fn count(name: &'static str, symbol: &'static str, of: &'static str, max: u64, default: u64) -> Key {
        Key::new(name, symbol, KeyKind::Count { of, max }, DefaultValue::Count(default))
    }

    /// One of a few words.
    pub const fn choice(name: &'static str, choices: &'static [Choice], default: &'static str) -> Key {
        Key::new(name, name, KeyKind::Choice(choices), DefaultValue::Word(default))
    }

    /// A key without description and source.
    pub const fn new(name: &'static str, symbol: &'static str, kind: KeyKind, default: DefaultValue) -> Key {
        Key { name, symbol, description: "", kind, default, source: "", needs: None }
    }

    /// Adds what it is, and where its default is from.
    pub const fn is(self, description: &'static str, source: &'static str) -> Key {
        Key { description, source, ..self }
    }

    /// Adds the key without which it changes nothing.
    pub const fn needs(self, key: &'static str) -> Key {
        Key { needs: Some(key), ..self }
    }

    /// Reads the value of an option that is no method.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(&self, text: &str) -> Result<Value, Invalid> {
        match self.kind {
            KeyKind::Number(range) => range.parse(text).map(Value::Number),
            KeyKind::Count { of, max } => count(text, of, max).map(Value::Count),
            KeyKind::Flag => yaml::choice(text, &[("true", true), ("false", false)]).map(Value::Flag),
            KeyKind::Choice(choices) => {
                let words: Vec<(&str, &'static str)> =
                    choices.iter().map(|choice| (choice.word, choice.word)).collect();
                yaml::choice(text, &words).map(Value::Word)
            }
            KeyKind::Method => Err(Invalid::new("expected a method")),
        }
    }

    /// What a caption says of a value; nothing of one that is nothing, where that is the default.
    pub fn caption(&self, value: &Value) -> Option<String> {
        if value.is_nothing() && self.default_value().is_nothing() {
            return None;
        }
        Some(match (value, self.kind) {
            (Value::Number(x), _) => format!("{} {}", self.symbol, caption(*x)),
            (Value::Count(n), _) => format!("{} {n}", self.symbol),
            (Value::Flag(true), _) => self.symbol.to_owned(),
            (Value::Flag(false), _) => format!("no {}", self.symbol),
            (Value::Word(word), KeyKind::Choice(choices)) => {
                choices.iter().find(|choice| choice.word == *word).map_or(*word, |choice| choice.caption).to_owned()
            }
            (Value::Word(word), _) => (*word).to_owned(),
            (Value::Method(method), _) => format!("{} {}", self.symbol, method.description()),
        })
    }

    /// The value when nothing is said.
    pub fn default_value(&self) -> Value {
        match self.default {
            DefaultValue::Number(x) => Value::Number(x),
            DefaultValue::Count(n) => Value::Count(n),
            DefaultValue::Flag(flag) => Value::Flag(flag),
            DefaultValue::Word(word) => Value::Word(word),
            DefaultValue::Method(definition) => Value::Method(Box::new(Method::new(definition))),
        }
    }
}

impl Value {
    /// The value as a spec writes it, if it is no method.
    pub fn text(&self) -> Option<String> {
        Some(match self {
            Value::Number(x) => caption(*x),
            Value::Count(n) => n.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Word(word) => (*word).to_owned(),
            Value::Method(_) => return None,
        })
    }

    /// The name of the method, if it is one.
    pub fn method_name(&self) -> Option<&'static str> {
        if let Value::Method(method) = self { Some(method.name()) } else { None }
    }

    /// Returns whether it is 0 or `false`.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self, Value::Number(0.0) | Value::Count(0) | Value::Flag(false))
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Number(x) => serializer.serialize_f64(*x),
            Value::Count(n) => serializer.serialize_u64(*n),
            Value::Flag(flag) => serializer.serialize_bool(*flag),
            Value::Word(word) => serializer.serialize_str(word),
            Value::Method(method) => method.serialize(serializer),
        }
    }
}

impl From<f64> for Value {
    fn from(x: f64) -> Self {
        Value::Number(x)
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Value::Count(n)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Flag(flag)
    }
}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Value::Word(word)
    }
}

impl From<Method> for Value {
    fn from(method: Method) -> Self {
        Value::Method(Box::new(method))
    }
}

/// A method with a value for each of its options.
#[derive(Debug, Clone)]
pub struct Method {
    pub(super) definition: &'static Definition,
    /// One for each key, in the same order.
    pub(super) values: Vec<Value>,
}

impl PartialEq for Method {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name() && self.values == other.values
    }
}

/// The name and what was chosen: `{"name":"radam","beta2":0.99}`.
impl Serialize for Method {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields())
    }
}
