//! Numbers that an option may be.

use std::fmt::Display;

use crate::yaml::Invalid;

/// Numbers that are allowed.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// What such a number is, after "expected".
    pub words: &'static str,
    /// The lower end.
    pub min: f64,
    /// The upper end.
    pub max: f64,
    /// Whether the lower end is allowed.
    pub min_allowed: bool,
    /// Whether the upper end is allowed.
    pub max_allowed: bool,
    /// Whether the upper end is a limit of this program, of which the words say nothing.
    pub is_limit: bool,
}

impl Range {
    /// From 0 to below 1: decay rates of moving averages.
    pub const BELOW_ONE: Range = Range::new("a number of at least 0 and below 1", (0.0, true), (1.0, false));
    /// From 0 to 1.
    pub const SHARE: Range = Range::new("a number from 0 to 1", (0.0, true), (1.0, true));
    /// From 0, at most 10⁶: weight decays and ε.
    pub const NOT_NEGATIVE: Range = Range::limited("a number of at least 0", (0.0, true), 1e6);

    /// A range with its words, its lower and its upper end, each with whether it is allowed.
    pub const fn new(words: &'static str, min: (f64, bool), max: (f64, bool)) -> Range {
        Range { words, min: min.0, max: max.0, min_allowed: min.1, max_allowed: max.1, is_limit: false }
    }

    /// A range with its words, its lower end with whether it is allowed, and a limit above which results say nothing.
    pub const fn limited(words: &'static str, min: (f64, bool), limit: f64) -> Range {
        Range { is_limit: true, ..Range::new(words, min, (limit, true)) }
    }

    /// Returns whether a number is within; NaN never is.
    pub fn contains(&self, x: f64) -> bool {
        (x > self.min || self.min_allowed && x == self.min) && (x < self.max || self.max_allowed && x == self.max)
    }

    /// Reads a number.
    ///
    /// # Errors
    /// When the text is no number, or one outside.
    pub fn parse(&self, text: &str) -> Result<f64, Invalid> {
        match text.parse::<f64>() {
            Ok(x) if self.contains(x) => Ok(x),
            Ok(x) if self.is_limit && x > self.max && x.is_finite() => {
                Err(Invalid::new(format!("`{text}` is above the limit of {}", caption(self.max)))
                    .help("choose a smaller number"))
            }
            Ok(_) => Err(self.unexpected(text).help("choose another value")),
            Err(_) => Err(self.unexpected(text)),
        }
    }

    fn unexpected(&self, found: impl Display) -> Invalid {
        Invalid::new(format!("expected {}, found `{found}`", self.words))
    }
}

/// A number for captions, small and large ones by their exponent: `1e-8`.
pub(super) fn caption(x: f64) -> String {
    if x != 0.0 && !(1e-3..1e9).contains(&x.abs()) { format!("{x:e}") } else { format!("{x}") }
}

/// Reads a whole number from 1 to `max`; `of` names what is counted (`epochs`).
///
/// # Errors
/// When the text is no such number.
pub fn count(text: &str, of: &str, max: u64) -> Result<u64, Invalid> {
    match text.parse::<u64>() {
        Ok(found) if found > max => {
            Err(Invalid::new(format!("{found} {of} are more than the limit of {max}")).help("choose a smaller number"))
        }
        Ok(found) if found >= 1 => Ok(found),
        _ => Err(Invalid::new(format!("`{text}` is no number of {of}"))
            .help(format!("write a whole number from 1 to {max}"))),
    }
}
