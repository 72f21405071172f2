//! The work of a spec, its cost, and whether it can be run here.

use super::super::Site;
use super::{DISPLAY_KEYS, LabStatus, Limits, Refusal, ResultStatus, run_address};
use crate::lab::{self, DataError, Estimator, Experiment, RunError, Spec};
use crate::prose::pairs;
use crate::views::words;

/// A spec that is ready to be run, or too large to be.
pub(super) struct Plan {
    pub(super) title: String,
    /// Names and values as they were written.
    pub(super) spec: Vec<(String, String)>,
    /// The variant of each optimizer, with all its numbers.
    pub(super) variants: Vec<String>,
    /// Number of runs, steps and multiply-adds.
    pub(super) work: String,
    /// Estimated duration.
    pub(super) time: String,
    /// Place in the queue and time until it would begin.
    pub(super) queue: String,
    pub(super) verdict: Verdict,
}

/// Decision about a spec.
pub(super) enum Verdict {
    Ready,
    /// There is a result at this address; `again` if it can be run here to be compared with.
    Done {
        address: String,
        again: bool,
    },
    /// It waits or runs, at this address.
    Active(String),
    Refused(Refusal),
}

impl Plan {
    pub(super) fn new(site: &Site, experiment: &Experiment, text: &str, lab: &LabStatus<'_>) -> Self {
        let spec = &experiment.spec;
        let cost = spec.cost();
        let mut shown = pairs(text);
        shown.retain(|(key, _)| !DISPLAY_KEYS.contains(&key.as_str()));
        let runs = words::count(spec.runs(), "run");
        let time = duration_in_words(lab.estimator.seconds(spec));
        Self {
            title: name(experiment),
            spec: shown,
            work: format!("{runs}, {} steps, about {} multiply-adds", grouped(cost.steps), large(cost.multiply_adds)),
            time: format!("about {time} on {}", words::count(lab.threads(), "core")),
            queue: match lab.active.len() {
                0 => "empty: it begins at once".to_owned(),
                n => {
                    let wait = duration_in_words(lab.seconds);
                    format!("{} before it: it begins in about {wait}", words::count(n, "run"))
                }
            },
            verdict: verdict(site, experiment, lab),
            variants: lab::recipe(spec, &site.results.datasets).map(|recipe| recipe.variants).unwrap_or_default(),
        }
    }

    pub(super) fn is_possible(&self) -> bool {
        !matches!(self.verdict, Verdict::Refused(_))
    }
}

fn verdict(site: &Site, experiment: &Experiment, lab: &LabStatus<'_>) -> Verdict {
    let admitted = lab.limits.admit(site, &experiment.spec, lab.estimator);
    if let Ok(id) = site.results.id(experiment) {
        let address = run_address(&id);
        if lab.active.iter().any(|run| run.id == id) {
            return Verdict::Active(address);
        }
        match (lab.result_status)(&id) {
            ResultStatus::Missing => {}
            ResultStatus::Computed => return Verdict::Done { address, again: false },
            ResultStatus::Pinned => return Verdict::Done { address, again: admitted.is_ok() },
        }
    }
    admitted.map_or_else(Verdict::Refused, |()| Verdict::Ready)
}

impl Limits {
    /// Checks whether an experiment can be run here, with the data at hand and within the limits.
    ///
    /// # Errors
    /// When it cannot.
    pub fn admit(&self, site: &Site, spec: &Spec, estimator: &Estimator) -> Result<(), Refusal> {
        lab::recipe(spec, &site.results.datasets).map_err(|error| match error {
            // The message for operators names folders of the server.
            RunError::Data(
                DataError::Absent(data) | DataError::Missing { data, .. } | DataError::File { data, .. },
            ) => Refusal::NoData(format!("The data set `{data}` is not on this server")),
            other => Refusal::NoData(other.to_string()),
        })?;
        let seconds = estimator.seconds(spec);
        if seconds > self.seconds {
            let fits = fitting(spec, self.seconds, estimator);
            return Err(Refusal::TooLarge { seconds, limit: self.seconds, fits });
        }
        let (bytes, limit) = (Estimator::bytes(spec), self.store_bytes);
        if bytes > limit { Err(Refusal::ResultTooLarge { bytes, limit }) } else { Ok(()) }
    }
}

/// Describes what would fit into so many seconds: the largest value of each number that makes a spec larger, with all
/// else left as it is.
fn fitting(spec: &Spec, seconds: f64, estimator: &Estimator) -> String {
    let fits = |spec: &Spec| estimator.seconds(spec) <= seconds;
    let largest = |(name, now, with): Knob| {
        let (mut low, mut high) = (0, now);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if fits(&with(spec, middle)) { low = middle } else { high = middle - 1 }
        }
        (low > 0).then(|| words::count(low as usize, name))
    };
    let fitting: Vec<String> = knobs(spec).into_iter().filter_map(largest).collect();
    if fitting.is_empty() {
        return spec.advice().to_owned();
    }
    format!("with all else as it is, {} would fit", fitting.join(" or "))
}

/// A number that makes a spec larger: its name, its value, and the spec with another one.
type Knob = (&'static str, u64, fn(&Spec, u64) -> Spec);

fn knobs(spec: &Spec) -> Vec<Knob> {
    /// The spec after its number has been set.
    macro_rules! with {
        ($kind:ident, $field:ident) => {
            |spec, value| {
                let mut spec = spec.clone();
                if let Spec::$kind(spec) = &mut spec {
                    spec.$field = value.try_into().unwrap_or(spec.$field);
                }
                spec
            }
        };
    }
    match spec {
        Spec::Train(of) => {
            vec![("epoch", of.epochs.into(), with!(Train, epochs)), ("seed", of.seeds.into(), with!(Train, seeds))]
        }
        Spec::Gradients(of) => vec![("seed", of.seeds.into(), with!(Gradients, seeds))],
        Spec::Surface(of) => vec![("seed", of.seeds.into(), with!(Surface, seeds))],
        Spec::Trace(of) => vec![("step", of.steps, with!(Trace, steps))],
        Spec::Variance(of) => vec![("seed", of.seeds.into(), with!(Variance, seeds))],
        Spec::Warmup(of) => vec![("step", of.steps, with!(Warmup, steps))],
    }
}

/// Formats a number with its digits in threes: `4,100,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let head = (digits.len() - 1) % 3 + 1;
    let threes = digits.as_bytes()[head..].chunks(3).map(|three| String::from_utf8_lossy(three).into_owned());
    std::iter::once(digits[..head].to_owned()).chain(threes).collect::<Vec<_>>().join(",")
}

/// Formats a number of which the size matters: `12.9 trillion`.
fn large(number: u64) -> String {
    match number as f64 {
        n if n >= 1e12 => format!("{:.1} trillion", n / 1e12),
        n if n >= 1e9 => format!("{:.1} billion", n / 1e9),
        n if n >= 1e6 => format!("{:.0} million", n / 1e6),
        _ => grouped(number),
    }
}

/// Returns the title of an experiment, or what it compares.
pub(super) fn name(experiment: &Experiment) -> String {
    let of = |spec: &Spec| match spec {
        Spec::Train(of) => {
            let methods = lab::labels(&of.optimizers);
            let methods = if methods.len() > 4 { words::count(methods.len(), "optimizer") } else { methods.join(", ") };
            format!("{methods} on {}", of.task.name)
        }
        other => format!("Experiment {}", other.kind()),
    };
    experiment.title.clone().unwrap_or_else(|| of(&experiment.spec))
}

/// Returns a time in words: `3 seconds`, `2 minutes`.
pub fn duration_in_words(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "a second".to_owned(),
        s if s < 99.5 => words::count(s.round() as usize, "second"),
        s => words::count((s / 60.0).round() as usize, "minute"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::read_spec;
    use super::*;

    #[test]
    fn what_would_fit_fits_and_one_more_does_not() {
        let text = |epochs: u32| {
            format!(
                "experiment: train\ntask: digits-mlp\noptimizers: [adam]\nlearning_rates: [0.01]\nepochs: {epochs}\nseeds: 4\n"
            )
        };
        let spec = |epochs| read_spec(&text(epochs)).unwrap().spec;
        let estimator = Estimator::new(2);
        let limit = estimator.seconds(&spec(37));
        // Two seeds go side by side; a third would take as long again.
        let fits = fitting(&spec(60), limit, &estimator);
        assert!(fits.starts_with("with all else as it is, 37 epochs or 2 seeds would fit"), "{fits}");
        assert_eq!(fitting(&spec(100), 1e-9, &estimator), "choose fewer epochs, seeds, learning rates or optimizers");
    }

    #[test]
    fn numbers_can_be_read() {
        assert_eq!([7, 100, 4_100_000].map(grouped), ["7", "100", "4,100,000"]);
        assert_eq!(
            [999, 2_400_000, 18_100_000_000, 12_875_800_000_000].map(large),
            ["999", "2 million", "18.1 billion", "12.9 trillion"]
        );
    }

    #[test]
    fn an_experiment_without_a_title_is_called_by_what_it_compares() {
        let of = |text: &str| name(&read_spec(text).unwrap());
        let text = "experiment: train\ntask: digits-mlp\noptimizers: [adam, radam]\nlearning_rates: [0.01]\n";
        assert_eq!(of(text), "Adam, RAdam on digits-mlp");
        assert_eq!(of(&format!("title: Mine\n{text}")), "Mine");
        assert_eq!(of("experiment: warmup\n"), "Experiment warmup");
    }

    #[test]
    fn times_are_told_in_words() {
        let times = [0.0, 1.2, 98.0, 120.0, 601.0].map(duration_in_words);
        assert_eq!(times, ["a second", "1 second", "98 seconds", "2 minutes", "10 minutes"]);
    }
}
