//! Whether two records say the same, bit for bit.

/// The first place at which two records differ.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Difference {
    /// They come from different recipes.
    #[error("the recipe differs in its {0}")]
    Recipe(&'static str),
    /// A run is missing from one of them, or another stands at its place.
    #[error("run {0} is not the same run in both, or is in one only")]
    Runs(usize),
    /// A number is another one.
    #[error("{run}: {curve} differs{place}: {} against {}", told(*.left), told(*.right))]
    Value {
        /// Which run.
        run: String,
        /// Which of its curves.
        curve: String,
        /// Where on the curve: ` at epoch 2`; empty when the curve is a single number.
        place: String,
        /// The value in this record, if there is one.
        left: Option<f64>,
        /// The value in the other.
        right: Option<f64>,
    },
}

fn told(value: Option<f64>) -> String {
    value.map_or("nothing".to_owned(), |value| value.to_string())
}

/// A curve, or any other list of numbers, of an entry of a record.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lab) struct Numbers {
    name: String,
    /// What is counted from one number to the next (`epoch`), and where counting starts; `None` for a single number.
    unit: Option<(&'static str, usize)>,
    /// The numbers, all exact in f64; `None` where there is none.
    values: Vec<Option<f64>>,
}

impl Numbers {
    /// A list whose first number belongs to the `first` of the units.
    pub(in crate::lab) fn list<T: Number>(
        name: impl Into<String>,
        unit: &'static str,
        first: usize,
        values: impl IntoIterator<Item = T>,
    ) -> Numbers {
        Numbers {
            name: name.into(),
            unit: Some((unit, first)),
            values: values.into_iter().map(Number::exact).collect(),
        }
    }

    /// A single number.
    pub(in crate::lab) fn one(name: impl Into<String>, value: impl Number) -> Numbers {
        Numbers { name: name.into(), unit: None, values: vec![value.exact()] }
    }

    /// Complains of the first number that is not the same in both, of the run that `run` names.
    pub(in crate::lab) fn compare(&self, other: &Numbers, run: impl FnOnce() -> String) -> Result<(), Difference> {
        let bits = |numbers: &Numbers, at: usize| numbers.values.get(at).map(|value| value.map(f64::to_bits));
        let all = 0..self.values.len().max(other.values.len());
        let Some(at) = all.into_iter().find(|at| bits(self, *at) != bits(other, *at)) else { return Ok(()) };
        let place = self.unit.map_or(String::new(), |(unit, first)| format!(" at {unit} {}", first + at));
        let value = |numbers: &Numbers| numbers.values.get(at).copied().flatten();
        Err(Difference::Value { run: run(), curve: self.name.clone(), place, left: value(self), right: value(other) })
    }
}

/// A number of a record, or none.
pub(in crate::lab) trait Number {
    /// The same number in f64.
    fn exact(self) -> Option<f64>;
}

impl Number for f64 {
    fn exact(self) -> Option<f64> {
        Some(self)
    }
}

impl Number for f32 {
    fn exact(self) -> Option<f64> {
        Some(f64::from(self))
    }
}

/// Counts, which stay far below 2^53.
impl Number for u64 {
    fn exact(self) -> Option<f64> {
        Some(self as f64)
    }
}

impl Number for u32 {
    fn exact(self) -> Option<f64> {
        Some(f64::from(self))
    }
}

impl<T: Number> Number for Option<T> {
    fn exact(self) -> Option<f64> {
        self.and_then(Number::exact)
    }
}
