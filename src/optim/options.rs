//! What a method's options say, and how a method starts with them.

use super::definition::{Block, Definition, EvaluatedAt, Key, KeyKind, Method, Value};
use super::{Optimizer, Scalar};
use crate::yaml;

impl Method {
    /// The method with its defaults.
    pub fn new(definition: &'static Definition) -> Method {
        Method { definition, values: definition.keys.iter().map(Key::default_value).collect() }
    }

    /// The same method with another value of an option.
    ///
    /// # Panics
    /// When the method has no such option, or one of another kind.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Method {
        let (name, value) = (self.name(), value.into());
        let slot = self.slot(key).unwrap_or_else(|| panic!("`{name}` has no `{key}`"));
        let same_kind = std::mem::discriminant(slot) == std::mem::discriminant(&value);
        assert!(same_kind, "`{key}` of `{name}` is another kind of value than {value:?}");
        *slot = value;
        self
    }

    /// The value of an option, to be replaced by one of the same kind.
    pub fn slot(&mut self, key: &str) -> Option<&mut Value> {
        let index = self.definition.keys.iter().position(|known| known.name == key)?;
        self.values.get_mut(index)
    }

    /// What it is made from.
    pub fn definition(&self) -> &'static Definition {
        self.definition
    }

    /// The word for it in specs.
    pub fn name(&self) -> &'static str {
        self.definition.name
    }

    /// All options with their values.
    pub fn options(&self) -> impl Iterator<Item = (&'static Key, &Value)> {
        self.definition.keys.iter().zip(&self.values)
    }

    /// The options that make a difference.
    pub fn effective(&self) -> impl Iterator<Item = (&'static Key, &Value)> {
        self.options().filter(|(key, _)| key.needs.and_then(|needed| self.get(needed)).is_none_or(|v| !v.is_nothing()))
    }

    /// The options that make a difference and are not as when nothing is said: with the name all that a record has to
    /// say.
    pub fn chosen(&self) -> impl Iterator<Item = (&'static Key, &Value)> {
        self.effective().filter(|(key, value)| **value != key.default_value())
    }

    /// Returns whether both compute the same, though their names may differ.
    pub fn is_same_as(&self, other: &Method) -> bool {
        let keys =
            |method: &Method| method.effective().map(|(key, value)| (key.name, value.clone())).collect::<Vec<_>>();
        self.definition.family == other.definition.family && keys(self) == keys(other)
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.options().find(|(known, _)| known.name == key).map(|(_, value)| value)
    }

    /// The number under a key.
    ///
    /// # Panics
    /// This and its neighbours, when the definition has no such key or one of another kind.
    pub fn number(&self, key: &str) -> f64 {
        let Some(Value::Number(x)) = self.get(key) else { panic!("`{}` has no number `{key}`", self.name()) };
        *x
    }

    /// The whole number under a key.
    pub fn count(&self, key: &str) -> u64 {
        let Some(Value::Count(n)) = self.get(key) else { panic!("`{}` has no count `{key}`", self.name()) };
        *n
    }

    /// The flag under a key.
    pub fn flag(&self, key: &str) -> bool {
        let Some(Value::Flag(flag)) = self.get(key) else { panic!("`{}` has no flag `{key}`", self.name()) };
        *flag
    }

    /// The choice under a key.
    pub fn choice<T: yaml::Scalar>(&self, key: &str) -> T {
        let Some(Value::Word(word)) = self.get(key) else { panic!("`{}` has no choice `{key}`", self.name()) };
        T::from_text(word).unwrap_or_else(|_| panic!("`{word}` is no `{key}` of `{}`", self.name()))
    }

    /// The method under a key.
    pub fn method(&self, key: &str) -> &Method {
        let Some(Value::Method(method)) = self.get(key) else { panic!("`{}` has no method `{key}`", self.name()) };
        method
    }

    /// The method inside it, if there is one.
    pub fn inner(&self) -> Option<&Method> {
        self.values.iter().find_map(|value| if let Value::Method(inner) = value { Some(&**inner) } else { None })
    }

    /// Its name in legends: `RAdam`, `SGD with momentum 0.9`, `Lookahead (Adam)`.
    pub fn label(&self) -> String {
        (self.definition.label)(self)
    }

    /// Says which variant it is with all its numbers, in one line without a full stop.
    pub fn description(&self) -> String {
        let captions: Vec<String> = self.effective().filter_map(|(key, value)| key.caption(value)).collect();
        let evaluated = match self.evaluated_at() {
            EvaluatedAt::Parameters => "",
            EvaluatedAt::SlowWeights => ", evaluated at its slow weights",
            EvaluatedAt::Average => ", evaluated at its average",
        };
        let captions = captions.iter().map(|caption| format!(", {caption}")).collect::<String>();
        format!("{}{captions}{evaluated}", self.definition.title)
    }

    /// Which of the algorithms that share its name it is: what was chosen where papers and libraries differ.
    pub fn variant(&self) -> Vec<String> {
        let own = self.effective().filter(|(key, _)| matches!(key.kind, KeyKind::Choice(_)));
        let own = own.filter_map(|(key, value)| key.caption(value));
        own.chain(self.inner().into_iter().flat_map(Method::variant)).collect()
    }

    /// β₂ of the moving average of squared gradients, of methods that have one.
    pub fn beta2(&self) -> Option<f64> {
        let own = self.definition.second_moment.map(|key| self.number(key));
        own.or_else(|| self.inner()?.beta2())
    }

    /// The parameters at which it is evaluated.
    pub fn evaluated_at(&self) -> EvaluatedAt {
        self.definition.evaluated_at
    }

    /// The method made ready for parameters that start at `theta0` and have no structure.
    pub fn start<S: Scalar>(&self, theta0: &[S]) -> Box<dyn Optimizer<S>> {
        self.start_blocks(theta0, &[Block::Vector(theta0.len())])
    }

    /// The method made ready for parameters that start at `theta0`, in blocks that have as many parameters together.
    pub fn start_blocks<S: Scalar>(&self, theta0: &[S], blocks: &[Block]) -> Box<dyn Optimizer<S>> {
        debug_assert_eq!(blocks.iter().map(|block| block.len()).sum::<usize>(), theta0.len());
        S::start(self.definition)(self, theta0, blocks)
    }

    /// What is written of it, key by key.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Value)> {
        let chosen = self.chosen().map(|(key, value)| (key.name, value.clone()));
        std::iter::once(("name", Value::Word(self.name()))).chain(chosen)
    }
}
