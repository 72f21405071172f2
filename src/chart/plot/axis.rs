//! Axes: names, ends and ticks.

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

/// An axis: its name with the unit, its ends, and the ticks with their labels, all in drawing coordinates.
#[derive(Debug, Clone)]
pub(in crate::chart) struct Axis {
    /// Name and unit.
    pub label: String,
    /// Lower and upper end.
    pub ends: (f64, f64),
    /// Where ticks are, and what stands at them.
    pub ticks: Vec<(f64, String)>,
    /// Whether drawing coordinates are exponents of ten of the values.
    pub logarithmic: bool,
}

impl Axis {
    /// A linear axis with about five round ticks.
    pub(in crate::chart) fn linear(label: &str, ends: (f64, f64)) -> Axis {
        let rough = (ends.1 - ends.0).abs().max(f64::MIN_POSITIVE) / 5.0;
        let power = libm::pow(10.0, rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough).unwrap_or(rough);
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let range = (ends.0 / step - 1e-9).ceil() as i64..=(ends.1 / step + 1e-9).floor() as i64;
        // Adding zero turns a negative zero into a plain one.
        let ticks =
            range.map(|n| n as f64 * step + 0.0).map(|at| (at, format!("{at:.decimals$}").replace('-', "−"))).collect();
        Axis { label: label.to_owned(), ends, ticks, logarithmic: false }
    }

    /// A logarithmic axis between these values, both above zero, with a tick at powers of ten and, where those are few,
    /// at 2 and 5 times them.
    pub(in crate::chart) fn logarithmic(label: &str, (low, high): (f64, f64)) -> Axis {
        let ends = (low.log10(), high.log10());
        let decades = ends.1 - ends.0;
        let factors: &[f64] = if decades < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = (decades / 7.0).ceil().max(1.0) as i32;
        let exponents = (ends.0.floor() as i32..=ends.1.ceil() as i32).filter(|exponent| exponent % every == 0);
        let all = exponents.flat_map(|exponent| factors.iter().map(move |factor| (exponent, *factor)));
        let ticks =
            all.map(|(exponent, factor)| (f64::from(exponent) + factor.log10(), power_of_ten(exponent, factor)));
        let ticks = ticks.filter(|(at, _)| (ends.0 - 1e-9..=ends.1 + 1e-9).contains(at)).collect();
        Axis { label: format!("{label} (logarithmic)"), ends, ticks, logarithmic: true }
    }

    /// The value at a drawing coordinate.
    pub(super) fn value(&self, at: f64) -> f64 {
        if self.logarithmic { libm::pow(10.0, at) } else { at }
    }

    /// The label for a table of values.
    pub(super) fn name(&self) -> String {
        self.label.replace(", logarithmic)", ")").replace(" (logarithmic)", "")
    }

    pub(super) fn scale(&self) -> Scale {
        Scale { ends: self.ends, ticks: self.ticks.iter().map(|(at, _)| *at).collect() }
    }
}

/// `factor` · 10^`exponent` as people write it.
fn power_of_ten(exponent: i32, factor: f64) -> String {
    if (-4..=4).contains(&exponent) {
        let decimals = (-exponent).max(0) as usize;
        return format!("{:.decimals$}", factor * libm::pow(10.0, f64::from(exponent)));
    }
    let raised: String = exponent.to_string().chars().map(superscript).collect();
    if factor == 1.0 { format!("10{raised}") } else { format!("{factor}·10{raised}") }
}

fn superscript(digit: char) -> char {
    match digit {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit.to_digit(10).and_then(|digit| char::from_u32(0x2070 + digit)).unwrap_or(digit),
    }
}

/// A linear scale whose ticks are given.
pub(super) struct Scale {
    ends: (f64, f64),
    ticks: Vec<f64>,
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, pixels: (i32, i32)) -> i32 {
        let share = (value - self.ends.0) / (self.ends.1 - self.ends.0);
        pixels.0 + (f64::from(pixels.1 - pixels.0) * share).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.ends.0..self.ends.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels(&Axis::linear("x", (-0.3, 1.0))), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(&Axis::linear("x", (-2.0, 2.0))), ["−2", "−1", "0", "1", "2"]);
        assert_eq!(labels(&Axis::linear("x", (0.0, 100.0))), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!(labels(&Axis::logarithmic("y", (0.5, 20.0))), ["0.5", "1", "2", "5", "10", "20"]);
        assert_eq!(labels(&Axis::logarithmic("y", (1e-6, 1e3))), ["10⁻⁶", "0.0001", "0.01", "1", "100"]);
    }

    #[test]
    fn a_coordinate_is_the_exponent_of_its_value() {
        let axis = Axis::logarithmic("loss", (1.0, 100.0));
        assert_eq!((axis.value(2.0), axis.name().as_str()), (100.0, "loss"));
    }
}
