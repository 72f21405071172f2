//! The state of a method, to be saved and gone on from.

use serde::{Deserialize, Serialize};

use super::Scalar;

/// All that a method remembers from step to step, with the papers' names.
///
/// A method that is made anew with the same hyperparameters and restored from this goes on to the same bits. Hyperparameters are no part of it: they stand in the
/// spec. As JSON every number comes back to the bit, subnormal ones, −0 and infinities too (JSON has no word for those: they are written as strings);
/// of a NaN only that it is one.
///
/// Arrays have one number a parameter unless said otherwise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields, bound = "")]
pub enum State<S: Scalar> {
    /// Of [`Sgd`](super::Sgd).
    Sgd {
        /// Whether a first step has been made.
        started: bool,
        /// The velocity; empty when the momentum is 0.
        #[serde(with = "exact")]
        b: Vec<S>,
    },
    /// Of [`Adam`](super::Adam) and AdamW.
    Adam {
        /// Number of steps made.
        t: u64,
        /// The moving average of gradients.
        #[serde(with = "exact")]
        m: Vec<S>,
        /// The moving average of squared gradients.
        #[serde(with = "exact")]
        v: Vec<S>,
    },
    /// Of [`RAdam`](super::RAdam).
    Radam {
        /// Number of steps made.
        t: u64,
        /// The moving average of gradients.
        #[serde(with = "exact")]
        m: Vec<S>,
        /// The moving average of squared gradients.
        #[serde(with = "exact")]
        v: Vec<S>,
    },
    /// Of [`Lion`](super::Lion).
    Lion {
        /// The moving average of gradients.
        #[serde(with = "exact")]
        m: Vec<S>,
    },
    /// Of [`Lookahead`](super::Lookahead).
    Lookahead {
        /// Number of steps made.
        t: u64,
        /// The slow weights.
        #[serde(with = "exact")]
        phi: Vec<S>,
        /// The state of the method inside.
        inner: Box<State<S>>,
    },
    /// Of [`ScheduleFreeSgd`](super::ScheduleFreeSgd).
    ScheduleFreeSgd {
        /// Sum of the weights of all steps made.
        weight_sum: f64,
        /// The sequence that the gradients move.
        #[serde(with = "exact")]
        z: Vec<S>,
        /// Its average.
        #[serde(with = "exact")]
        x: Vec<S>,
    },
    /// Of [`ScheduleFreeAdamW`](super::ScheduleFreeAdamW).
    ScheduleFreeAdamw {
        /// Number of steps made.
        t: u64,
        /// Sum of the weights of all steps made.
        weight_sum: f64,
        /// The sequence that the gradients move.
        #[serde(with = "exact")]
        z: Vec<S>,
        /// Its average.
        #[serde(with = "exact")]
        x: Vec<S>,
        /// The moving average of squared gradients.
        #[serde(with = "exact")]
        v: Vec<S>,
    },
}

impl<S: Scalar> State<S> {
    /// The name of the method that it is of.
    fn method(&self) -> &'static str {
        match self {
            State::Sgd { .. } => "sgd",
            State::Adam { .. } => "adam",
            State::Radam { .. } => "radam",
            State::Lion { .. } => "lion",
            State::Lookahead { .. } => "lookahead",
            State::ScheduleFreeSgd { .. } => "schedule-free-sgd",
            State::ScheduleFreeAdamw { .. } => "schedule-free-adamw",
        }
    }
}

/// Why a method cannot go on from a state. The method is then as it was before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It is the state of another method.
    #[error("this is the state of `{found}`, and the method is `{expected}`")]
    Method {
        /// The method that was to be restored.
        expected: &'static str,
        /// The method that the state is of.
        found: &'static str,
    },
    /// It is the state of a method for another number of parameters.
    #[error("`{array}` has {found} numbers in this state, and {expected} in the method")]
    Length {
        /// The name of the array.
        array: &'static str,
        /// How many numbers the method keeps there.
        expected: usize,
        /// How many the state has.
        found: usize,
    },
}

/// The complaint that `state` is not of the method `expected`.
pub(super) fn other_method<S: Scalar>(expected: &'static str, state: &State<S>) -> Result<(), StateError> {
    Err(StateError::Method { expected, found: state.method() })
}

/// Complains unless a state's array is as long as the method's.
pub(super) fn check_length<S>(array: &'static str, found: &[S], expected: usize) -> Result<(), StateError> {
    if found.len() == expected { Ok(()) } else { Err(StateError::Length { array, expected, found: found.len() }) }
}

/// Arrays whose numbers survive in any text format that keeps an f64: every number is written as the f64 that it is, and what is not finite by its name.
mod exact {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::optim::Scalar;

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Name(String),
    }

    pub(super) fn serialize<S: Scalar, T: Serializer>(array: &[S], to: T) -> Result<T::Ok, T::Error> {
        to.collect_seq(array.iter().map(|x| match x.to_f64() {
            x if x.is_finite() => Written::Number(x),
            x => Written::Name(x.to_string()), // NaN, inf, -inf
        }))
    }

    pub(super) fn deserialize<'de, S: Scalar, D: Deserializer<'de>>(from: D) -> Result<Vec<S>, D::Error> {
        let read = |written| {
            let x = match written {
                Written::Number(x) => x,
                Written::Name(name) => match name.as_str() {
                    "NaN" => f64::NAN,
                    "inf" => f64::INFINITY,
                    "-inf" => f64::NEG_INFINITY,
                    _ => return Err(D::Error::custom(format!("`{name}` is no number"))),
                },
            };
            let narrow = S::from_f64(x);
            let fits = x.is_nan() || narrow.to_f64() == x;
            if fits {
                Ok(narrow)
            } else {
                Err(D::Error::custom(format!("{x} has more digits than the method's numbers")))
            }
        };
        Vec::<Written>::deserialize(from)?.into_iter().map(read).collect()
    }
}
