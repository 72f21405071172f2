//! The numbers that parameters are made of.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

use super::definition::{Definition, Start};

/// `f32` or `f64`: what the step loops need to know of a number.
pub trait Scalar:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
{
    /// The nearest number of this kind.
    fn from_f64(x: f64) -> Self;
    /// The same number, exactly.
    fn to_f64(self) -> f64;
    /// The square root, correctly rounded (IEEE 754), so the same everywhere.
    fn sqrt(self) -> Self;
    /// Neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// How a method starts on numbers of this kind.
    fn start(definition: &Definition) -> Start<Self>;
}

impl Scalar for f32 {
    fn from_f64(x: f64) -> Self {
        x as f32
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }

    fn is_finite(self) -> bool {
        f32::is_finite(self)
    }

    fn start(definition: &Definition) -> Start<f32> {
        definition.start.0
    }
}

impl Scalar for f64 {
    fn from_f64(x: f64) -> Self {
        x
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }

    fn is_finite(self) -> bool {
        f64::is_finite(self)
    }

    fn start(definition: &Definition) -> Start<f64> {
        definition.start.1
    }
}
