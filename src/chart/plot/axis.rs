//! Axes: names, ends and ticks.

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

/// An axis: its name with the unit, its ends, and the ticks with their labels. What lies beyond an end is drawn at it.
#[derive(Debug, Clone)]
pub(in crate::chart) struct Axis {
    /// Name and unit.
    pub label: String,
    /// Lower and upper end.
    pub ends: (f64, f64),
    /// Where ticks are, and what stands at them.
    pub ticks: Vec<(f64, String)>,
    /// Whether equal ratios are equally far from each other; all values are above zero then.
    pub logarithmic: bool,
}

/// Largest size of a value at an end of an axis: twice as much would overflow.
const LARGEST: f64 = 1e307;
/// Smallest size of a value at an end of a logarithmic axis.
const SMALLEST: f64 = 1e-307;

impl Axis {
    /// A linear axis with about five round ticks. Ends that are not finite, or do not lie apart, are moved to where they
    /// are and do.
    pub(in crate::chart) fn linear(label: &str, ends: (f64, f64)) -> Axis {
        Self::linear_with_step(label, ends, 0.0)
    }

    /// A linear axis for whole numbers, which has ticks at whole numbers only.
    pub(in crate::chart) fn counting(label: &str, ends: (f64, f64)) -> Axis {
        Self::linear_with_step(label, ends, 1.0)
    }

    fn linear_with_step(label: &str, ends: (f64, f64), smallest_step: f64) -> Axis {
        let ends = apart(ends, |value| value.clamp(-LARGEST, LARGEST), |value| value + value.abs().max(1.0));
        let rough = (ends.1 - ends.0) / 5.0;
        let power = libm::pow(10.0, rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| *step >= rough).unwrap_or(rough);
        let step = step.max(smallest_step);
        let decimals = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
        let range = (ends.0 / step - 1e-9).ceil() as i64..=(ends.1 / step + 1e-9).floor() as i64;
        // Adding zero turns a negative zero into a plain one.
        let ticks =
            range.map(|n| n as f64 * step + 0.0).map(|at| (at, format!("{at:.decimals$}").replace('-', "−"))).collect();
        Axis { label: label.to_owned(), ends, ticks, logarithmic: false }
    }

    /// A logarithmic axis between these values, both above zero, with a tick at powers of ten and, where those are few,
    /// at 2 and 5 times them. Ends that are not finite, or do not lie apart, are moved to where they are and do.
    pub(in crate::chart) fn logarithmic(label: &str, ends: (f64, f64)) -> Axis {
        let (low, high) = apart(ends, |value| value.clamp(SMALLEST, LARGEST), |value| value * 10.0);
        let exponents = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let decades = (high / low).log10();
        let factors: &[f64] = if decades < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = (decades / 7.0).ceil().max(1.0) as i32;
        let chosen = exponents.filter(|exponent| exponent % every == 0);
        let all = chosen.flat_map(|exponent| factors.iter().map(move |factor| (exponent, *factor)));
        let ticks = all.map(|(exponent, factor)| (power_of_ten(exponent, factor), written(exponent, factor)));
        let ticks = ticks.filter(|(at, _)| (low * (1.0 - 1e-9)..=high * (1.0 + 1e-9)).contains(at)).collect();
        Axis::logarithmic_with(label, (low, high), ticks)
    }

    /// A logarithmic axis with these ends and ticks.
    pub(in crate::chart) fn logarithmic_with(label: &str, ends: (f64, f64), ticks: Vec<(f64, String)>) -> Axis {
        Axis { label: format!("{label} (logarithmic)"), ends, ticks, logarithmic: true }
    }

    /// Leaves out labels that would touch the one before, on an axis of so many CSS pixels. Their ticks stay.
    pub(in crate::chart) fn thinned(self, pixels: f64) -> Axis {
        self.thinned_by(pixels, |label| LETTER * label.chars().count() as f64)
    }

    /// The same for an axis that goes upwards.
    pub(super) fn thinned_upwards(self, pixels: f64) -> Axis {
        self.thinned_by(pixels, |_| LETTER)
    }

    fn thinned_by(mut self, pixels: f64, size: impl Fn(&str) -> f64) -> Axis {
        let scale = self.scale();
        let mut free = f64::NEG_INFINITY;
        for (at, label) in &mut self.ticks {
            let half = size(label) / 2.0;
            let middle = scale.share(*at) * pixels;
            if middle - half < free {
                label.clear();
            } else {
                free = middle + half + LETTER;
            }
        }
        self
    }

    /// The same without its name.
    pub(super) fn nameless(self) -> Axis {
        Axis { label: String::new(), ..self }
    }

    /// The label for a table of values.
    pub(super) fn name(&self) -> String {
        self.label.replace(", logarithmic)", ")").replace(" (logarithmic)", "")
    }

    pub(super) fn scale(&self) -> Scale {
        let ticks = self.ticks.iter().map(|(at, _)| *at).collect();
        Scale { ends: self.ends, ticks, logarithmic: self.logarithmic }
    }
}

/// Width of a letter of a label in CSS pixels: generous for 11-pixel sans-serif, since nothing here measures fonts.
const LETTER: f64 = 6.5;

/// Ends that are finite and in order; `beyond` gives an upper end for a lower one where they are not apart.
fn apart((low, high): (f64, f64), finite: fn(f64) -> f64, beyond: fn(f64) -> f64) -> (f64, f64) {
    let number = |value: f64| finite(if value.is_nan() { 1.0 } else { value });
    let (low, high) = (number(low), number(high));
    // Ends that are all but the same would have ticks nearer to each other than numbers are.
    let least = (1e-12 * low.abs().max(high.abs())).max(1e-290);
    if high - low > least { (low, high) } else { (high, beyond(high)) }
}

/// `factor` · 10^`exponent`.
fn power_of_ten(exponent: i32, factor: f64) -> f64 {
    factor * libm::pow(10.0, f64::from(exponent))
}

/// `factor` · 10^`exponent` as people write it.
fn written(exponent: i32, factor: f64) -> String {
    if (-3..=3).contains(&exponent) {
        let decimals = (-exponent).max(0) as usize;
        return format!("{:.decimals$}", power_of_ten(exponent, factor));
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

/// A scale whose ticks are given.
pub(super) struct Scale {
    ends: (f64, f64),
    ticks: Vec<f64>,
    logarithmic: bool,
}

impl Scale {
    /// How far along the axis a value lies, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let (low, high) = self.ends;
        let share = match self.logarithmic {
            // A quotient of numbers so far apart could overflow.
            true => (value.max(SMALLEST).ln() - low.ln()) / (high.ln() - low.ln()),
            false => (value - low) / (high - low),
        };
        share.clamp(0.0, 1.0)
    }
}

impl Ranged for Scale {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, pixels: (i32, i32)) -> i32 {
        pixels.0 + (f64::from(pixels.1 - pixels.0) * self.share(*value)).round() as i32
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
        assert_eq!(labels(&Axis::logarithmic("y", (1e-6, 1e3))), ["10⁻⁶", "10⁻⁴", "0.01", "1", "100"]);
    }

    #[test]
    fn ends_are_finite_and_apart_whatever_is_asked_for() {
        let ends = [f64::NEG_INFINITY, f64::MIN, -1.0, 0.0, 5e-324, 1.0, f64::MAX, f64::INFINITY, f64::NAN];
        for low in ends {
            for high in ends {
                for axis in [Axis::linear("x", (low, high)), Axis::logarithmic("x", (low, high))] {
                    assert!(axis.ends.0.is_finite() && axis.ends.1.is_finite() && axis.ends.0 < axis.ends.1);
                    assert!(axis.ticks.len() < 20 && axis.ticks.iter().all(|(at, _)| at.is_finite()), "{axis:?}");
                }
            }
        }
    }

    #[test]
    fn whole_numbers_have_whole_ticks() {
        assert_eq!(labels(&Axis::counting("step", (0.0, 3.0))), ["0", "1", "2", "3"]);
        assert_eq!(labels(&Axis::counting("step", (0.0, 1.0))), ["0", "1"]);
        assert_eq!(labels(&Axis::counting("step", (0.0, 400.0))), ["0", "100", "200", "300", "400"]);
    }

    #[test]
    fn labels_that_would_touch_are_left_out() {
        let ticks = [0.0, 0.1, 0.2, 1.0].map(|at| (at, "0.0012".to_owned())).to_vec();
        let axis = Axis { label: String::new(), ends: (0.0, 1.0), ticks, logarithmic: false }.thinned(400.0);
        assert_eq!(labels(&axis), ["0.0012", "", "0.0012", "0.0012"]);
    }

    #[test]
    fn equal_ratios_are_equally_far_apart_and_what_lies_beyond_is_at_the_edge() {
        let axis = Axis::logarithmic("loss", (1.0, 100.0));
        let places = [0.0, 1.0, 10.0, 100.0, 1e9, f64::INFINITY].map(|value| axis.scale().map(&value, (0, 1000)));
        assert_eq!((places, axis.name().as_str()), ([0, 0, 500, 1000, 1000, 1000], "loss"));
    }
}
