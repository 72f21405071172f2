//! Numbers in sentences and cells.

use crate::lab::{Interval, OptimizerSpec, labels};

/// What stands where there is no number.
pub(super) const NONE: &str = "–";

/// A share as percent, with one decimal and without the sign.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A difference of shares in percentage points, with its sign: `+0.6`, `−1.2`.
pub(super) fn signed(share: f64) -> String {
    format!("{:+.1}", share * 100.0).replace('-', "−")
}

/// About three digits, whatever the size.
pub(super) fn short(x: f64) -> String {
    let size = x.abs();
    if x == 0.0 {
        "0".to_owned()
    } else if (1e-3..1e5).contains(&size) {
        let decimals = (2.0 - size.log10().floor()).clamp(0.0, 5.0) as usize;
        format!("{x:.decimals$}")
    } else {
        format!("{x:.2e}")
    }
}

/// A setting as people write it: `0.001`, `1e-7`.
pub(super) fn written(x: f64) -> String {
    if x != 0.0 && !(1e-5..1e5).contains(&x.abs()) { format!("{x:e}") } else { x.to_string() }
}

/// Six digits, whatever the size and without needless zeros: for data that is read by programs.
pub(super) fn digits(x: f64) -> String {
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    if rounded != 0.0 && !(1e-5..1e9).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

/// The interval around a mean, in a form for each of its ends.
pub(super) fn interval(interval: &Interval, form: impl Fn(f64) -> String) -> String {
    match (interval.low, interval.high) {
        (Some(low), Some(high)) => format!("{} to {}", form(low), form(high)),
        _ => NONE.to_owned(),
    }
}

/// A sentence that says which algorithm it is of those that share a name, with a space before it; nothing where no
/// name is shared. All numbers stand below the figure.
pub(super) fn variants(optimizers: &[OptimizerSpec]) -> String {
    let named = optimizers.iter().zip(labels(optimizers));
    let told = named.map(|(optimizer, label)| (label, optimizer.method.variant()));
    let told: Vec<String> = told
        .filter(|(_, variant)| !variant.is_empty())
        .map(|(label, variant)| format!("{label}: {}", variant.join(", ")))
        .collect();
    if told.is_empty() { String::new() } else { format!(" {}.", told.join("; ")) }
}

/// A count with its noun: `1 epoch`, `30 epochs`.
pub(super) fn count(number: impl Into<u64>, noun: &str) -> String {
    match number.into() {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

/// A number that may not be there.
pub(super) fn or_none(text: Option<impl ToString>) -> String {
    text.map_or(NONE.to_owned(), |text| text.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_have_six_digits() {
        let found = [0.0, 1.0 / 3.0, -2.5, 1234567.0, 1e-7, 4.799_999_999].map(digits);
        assert_eq!(found, ["0", "0.333333", "-2.5", "1234570", "1e-7", "4.8"]);
    }

    #[test]
    fn settings_are_not_rounded_and_not_long() {
        assert_eq!(
            [0.1, 0.000_03, 1e-7, 2.5e-6, 99_999.0, 1e9, 0.0].map(written),
            ["0.1", "0.00003", "1e-7", "2.5e-6", "99999", "1e9", "0"]
        );
    }

    #[test]
    fn numbers_have_three_digits() {
        let found = [0.0, 1.0, -0.012_34, 123.456, 9.9e4, 1e5, 1e-7].map(short);
        assert_eq!(found, ["0", "1.00", "-0.0123", "123", "99000", "1.00e5", "1.00e-7"]);
    }
}
