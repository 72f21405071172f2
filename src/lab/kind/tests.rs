//! What must hold for every kind.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::super::data::{DataError, DataName, Datasets};
use super::super::record::Record;
use super::super::run::{Progress, recipe, run};
use super::super::spec::{Experiment, Outcome, Spec, View};
use super::*;
use crate::diagnostics::{Diagnostic, SourceFile};

const DIGITS: &[u8] = include_bytes!("../../../content/data/digits.csv.gz");

/// A block of each kind that runs in a moment, in the order of the list.
pub(in crate::lab) const SMALL: [&str; 6] = [
    "experiment: train\ntask: digits-mlp\noptimizers: [adam, ranger]\nlearning_rates: [0.01, 1e30]\nepochs: 1\nseeds: 2\n",
    "experiment: gradients\ntask: digits-mlp\noptimizers: [sgd, adam: {schedule: {name: warmup-linear, steps: 5}}]\nlearning_rate: 0.03\n\
     steps: 12\ndrawn: 7\nseeds: 3\n",
    "experiment: surface\ntask: digits-mlp\nlearning_rate: 0.1\nwarm_epochs: 1\nk: 4\nloops: 3\ngrid: 3\nseeds: 2\n",
    "experiment: trace\nobjective: rosenbrock\nstart: [-2, 2]\noptimizers: [sgd, radam, ranger]\nlearning_rates: [0.001, 0.1]\nsteps: 30\n",
    "experiment: variance\ncurvatures: [1, 0.5]\nlearning_rate: 0.1\nsteps: 20\nseeds: 40\n",
    "experiment: warmup\nbeta2: [0.9, 0.999]\nsteps: 60\n",
];

pub(in crate::lab) fn digits() -> Datasets {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    data
}

pub(in crate::lab) fn parse(text: &str) -> (Option<Experiment>, Vec<Diagnostic>) {
    Experiment::parse(&SourceFile::new("lab.yaml", text), text, 0)
}

#[track_caller]
pub(in crate::lab) fn spec(text: &str) -> Spec {
    let (experiment, problems) = parse(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    experiment.unwrap().spec
}

/// A block whose lines are `base`, but for one line put in the place of the line with the same key, or added; gives
/// its problems as `line:column message` with their help.
pub(in crate::lab) fn complaints(base: &str, line: &str) -> Vec<(String, String)> {
    let key = line.split(':').next().unwrap_or("");
    let mut lines: Vec<&str> = base.lines().filter(|other| other.split(':').next() != Some(key)).collect();
    lines.insert(0, line);
    let (experiment, problems) = parse(&format!("{}\n", lines.join("\n")));
    assert_eq!(experiment.is_none(), !problems.is_empty(), "{line}");
    let told = |p: &Diagnostic| format!("{}:{} {}", p.span.line, p.span.column, p.message);
    problems.iter().map(|problem| (told(problem), problem.help.clone().unwrap_or_default())).collect()
}

/// Checks that each line, put into `base`, gives one complaint that begins and is helped as it says.
#[track_caller]
pub(in crate::lab) fn all_complain(base: &str, cases: &[(&str, &str, &str)]) {
    assert!(parse(base).0.is_some(), "the base is right: {:?}", parse(base).1);
    for (line, expected, help) in cases {
        let found = complaints(base, line);
        let [(message, found_help)] = found.as_slice() else { panic!("{line}: {found:?}") };
        assert!(message.starts_with(expected) && found_help.contains(help), "{line}: {found:?}");
    }
}

#[test]
fn every_kind_is_tried_here() {
    let kinds: Vec<&str> = SMALL.iter().map(|text| spec(text).kind()).collect();
    assert_eq!(kinds, Spec::KINDS);
}

#[test]
fn the_word_for_a_kind_stands_first_in_its_json() {
    for text in SMALL {
        let spec = spec(text);
        let json = serde_json::to_string(&spec).unwrap();
        assert!(json.starts_with(&format!("{{\"experiment\":\"{}\",", spec.kind())), "{json}");
        assert_eq!(serde_json::from_str::<Spec>(&json).unwrap(), spec);
        let unknown = json.replacen("\",\"", "\",\"cats\":1,\"", 1);
        assert!(serde_json::from_str::<Spec>(&unknown).unwrap_err().to_string().contains("cats"), "{unknown}");
    }
}

#[test]
fn the_number_of_threads_changes_no_bit_of_any_kind() {
    let data = digits();
    for text in SMALL {
        let spec = spec(text);
        let one = run(&spec, &data, 1, &()).unwrap();
        let two = run(&spec, &data, 2, &()).unwrap();
        assert_eq!((one.compare(&two), &one.outcome), (Ok(()), &two.outcome), "{text}");
    }
}

#[test]
fn records_of_all_kinds_come_back_to_the_bit() {
    let data = digits();
    for text in SMALL {
        let before = run(&spec(text), &data, 2, &()).unwrap();
        let json = before.to_json();
        let after = Record::from_json(&json).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((&after, &after.to_json()), (&before, &json), "{text}");
        // The estimate holds for what is kept, but for the names of runs, and is not far from it.
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let (cost, kept) = (before.recipe.spec.cost(), numbers(&value["runs"]));
        let names = 5 * value["runs"].as_array().unwrap().len() as u64;
        assert!(
            (kept / 4..=4 * kept).contains(&cost.numbers) && kept <= cost.numbers + names,
            "{text}: {cost:?} {kept}"
        );
        assert!(cost.steps > 0 && cost.multiply_adds > cost.steps, "{text}: {cost:?}");
    }
}

fn numbers(value: &serde_json::Value) -> u64 {
    match value {
        serde_json::Value::Number(_) => 1,
        serde_json::Value::Array(items) => items.iter().map(numbers).sum(),
        serde_json::Value::Object(entries) => entries.values().map(numbers).sum(),
        _ => 0,
    }
}

/// The first difference after `change` has changed a record.
fn difference(text: &str, change: impl FnOnce(&mut Outcome)) -> String {
    let left = run(&spec(text), &digits(), 2, &()).unwrap();
    let mut right = left.clone();
    change(&mut right.outcome);
    left.compare(&right).unwrap_err().to_string()
}

fn next_up(x: &mut f64) {
    *x = f64::from_bits(x.to_bits() + 1);
}

#[test]
fn a_changed_bit_is_named_with_its_curve_and_step() {
    let told = difference(SMALL[1], |outcome| {
        let Outcome::Gradients(runs) = outcome else { panic!("{outcome:?}") };
        runs[1].counts[6][20] += 1;
    });
    assert!(told.starts_with("adam: histogram of step 7 differs at bin 20: "), "{told}");
    let told = difference(SMALL[1], |outcome| {
        let Outcome::Gradients(runs) = outcome else { panic!("{outcome:?}") };
        runs[0].zeros[2][3] += 1;
    });
    assert!(told.starts_with("sgd: number of zeros of seed 2 differs at step 4: "), "{told}");
    let told = difference(SMALL[2], |outcome| {
        let Outcome::Surface(runs) = outcome else { panic!("{outcome:?}") };
        next_up(&mut runs[1].picture.as_mut().unwrap().slow.off[2]);
    });
    assert!(told.starts_with("seed 1: distance from the plane of the slow path differs at step 2: "), "{told}");
    let told = difference(SMALL[2], |outcome| {
        let Outcome::Surface(runs) = outcome else { panic!("{outcome:?}") };
        next_up(&mut runs[0].fast.test_accuracy[1]);
    });
    assert!(told.starts_with("seed 0: test accuracy of the fast weights differs at inner loop 2: "), "{told}");
    let told = difference(SMALL[3], |outcome| {
        let Outcome::Trace(paths) = outcome else { panic!("{outcome:?}") };
        next_up(&mut paths[2].points[9][1]);
    });
    assert!(told.starts_with("radam at learning rate 0.001: second coordinate differs at step 9: "), "{told}");
    let told = difference(SMALL[4], |outcome| {
        let Outcome::Variance(runs) = outcome else { panic!("{outcome:?}") };
        next_up(&mut runs[3].variance[4]);
    });
    assert!(told.starts_with("Lookahead at curvature 0.5: variance differs at inner loop 4: "), "{told}");
}

#[test]
fn what_is_missing_or_too_much_is_found() {
    let data = digits();
    for text in SMALL {
        let whole = run(&spec(text), &data, 2, &()).unwrap();
        let json = whole.to_json();
        let start = json.find("\n  \"runs\": [\n").unwrap();
        let lines: Vec<&str> = json[start + 1..].lines().collect();
        // Without the last run; the line before it loses its comma.
        let last = lines.iter().rposition(|line| line.starts_with("    {")).unwrap();
        let without = json.replacen(&format!(",\n{}", lines[last]), "", 1);
        assert_ne!(without, json);
        let error = Record::from_json(&without).unwrap_err().to_string();
        assert!(error.contains("the spec has") && error.contains("runs, the record"), "{error}");
        // The first run twice.
        let twice = json.replacen(lines[last], lines[1].trim_end_matches(','), 1);
        let error = Record::from_json(&twice).unwrap_err().to_string();
        assert!(error.contains("is not the run that the spec has there"), "{error}");
        let other = run(&spec(SMALL[if whole.recipe.spec.kind() == "train" { 4 } else { 0 }]), &data, 2, &()).unwrap();
        assert!(matches!(whole.compare(&other), Err(Difference::Recipe(_))));
    }
}

#[test]
fn lists_of_odd_lengths_are_found() {
    let data = digits();
    let error = |text: &str, change: &dyn Fn(&mut Outcome)| {
        let mut record = run(&spec(text), &data, 2, &()).unwrap();
        change(&mut record.outcome);
        Record::from_json(&record.to_json()).unwrap_err().to_string()
    };
    type Change<'a> = (usize, &'a dyn Fn(&mut Outcome));
    let changes: [Change<'_>; 8] = [
        (1, &|outcome| assert!(gradients(outcome)[0].counts[0].pop().is_some())),
        (1, &|outcome| gradients(outcome)[0].counts[3][9] += 1),
        (1, &|outcome| assert!(gradients(outcome)[0].batch_loss[2].pop().is_some())),
        (1, &|outcome| gradients(outcome)[0].diverged_at[1] = Some(3)),
        (2, &|outcome| assert!(surfaces(outcome)[0].picture.as_mut().unwrap().test_accuracy.pop().is_some())),
        (2, &|outcome| assert!(surfaces(outcome)[0].slow.train_loss.pop().is_some())),
        (3, &|outcome| assert!(paths(outcome)[0].values.pop().is_some())),
        (4, &|outcome| assert!(variances(outcome)[0].mean.pop().is_some())),
    ];
    for (kind, change) in changes {
        let told = error(SMALL[kind], change);
        assert_eq!(told, "the curves of run 0 have not the right length", "{}", SMALL[kind]);
    }
}

fn gradients(outcome: &mut Outcome) -> &mut Vec<crate::lab::GradientRun> {
    let Outcome::Gradients(runs) = outcome else { panic!("{outcome:?}") };
    runs
}

fn surfaces(outcome: &mut Outcome) -> &mut Vec<crate::lab::SurfaceRun> {
    let Outcome::Surface(runs) = outcome else { panic!("{outcome:?}") };
    runs
}

fn paths(outcome: &mut Outcome) -> &mut Vec<crate::lab::Path> {
    let Outcome::Trace(paths) = outcome else { panic!("{outcome:?}") };
    paths
}

fn variances(outcome: &mut Outcome) -> &mut Vec<crate::lab::VarianceRun> {
    let Outcome::Variance(runs) = outcome else { panic!("{outcome:?}") };
    runs
}

#[test]
fn only_experiments_with_a_task_need_data() {
    let nothing = Datasets::default();
    let mut without = Vec::new();
    for text in SMALL {
        let spec = spec(text);
        match recipe(&spec, &nothing) {
            Ok(recipe) => {
                assert!(recipe.data.is_empty() && recipe.id().len() == 20);
                assert!(matches!(
                    run(&spec, &nothing, 1, &()).unwrap().view(),
                    View::Trace(..) | View::Variance(..) | View::Warmup(..)
                ));
                without.push(spec.kind());
            }
            Err(error) => assert_eq!(error, RunError::Data(DataError::Absent(DataName::Digits)), "{text}"),
        }
    }
    assert_eq!(without, ["trace", "variance", "warmup"]);
}

#[derive(Default)]
struct Watched {
    seen: Mutex<Vec<(u64, u64)>>,
    stop: bool,
}

impl Progress for Watched {
    fn advance(&self, done: u64, total: u64) {
        self.seen.lock().unwrap().push((done, total));
    }

    fn cancelled(&self) -> bool {
        self.stop
    }
}

#[test]
fn progress_ends_at_its_total_and_cancelling_stops_every_kind() {
    let data = digits();
    for text in SMALL {
        let (spec, watched) = (spec(text), Watched::default());
        run(&spec, &data, 2, &watched).unwrap();
        let total = spec.cost().steps;
        assert_eq!(watched.seen.into_inner().unwrap().into_iter().max(), Some((total, total)), "{text}");
        let stopped = Watched { stop: true, ..Watched::default() };
        assert_eq!(run(&spec, &data, 2, &stopped).unwrap_err(), RunError::Cancelled, "{text}");
    }
}

/// What each entry was when it was last shown, and how often it was.
#[derive(Default)]
struct Shown(Mutex<BTreeMap<usize, (Outcome, usize)>>);

impl Progress for Shown {
    fn advance(&self, _done: u64, _total: u64) {}

    fn grown(&self, index: usize, part: &dyn Fn() -> Outcome) {
        let mut shown = self.0.lock().unwrap();
        let times = shown.get(&index).map_or(0, |(_, times)| *times);
        shown.insert(index, (part(), times + 1));
    }
}

#[test]
fn entries_are_shown_as_they_grow_and_are_whole_in_the_end() {
    let data = digits();
    for text in SMALL {
        let (spec, shown) = (spec(text), Shown::default());
        let record = run(&spec, &data, 2, &shown).unwrap();
        let shown = shown.0.into_inner().unwrap();
        assert!(shown.keys().copied().eq(0..shown.len()), "{text}");
        let mut parts = shown.values();
        let (mut all, times) = parts.next().unwrap().clone();
        parts.for_each(|(part, _)| all.append(part));
        assert_eq!(all, record.outcome, "{text}");
        // Once at its end, and once after each epoch of training.
        let epochs = if let Spec::Train(spec) = &spec { spec.epochs as usize } else { 0 };
        assert_eq!(times, 1 + epochs, "{text}");
    }
}

#[test]
fn a_figure_of_another_kind_is_refused_with_what_there_is() {
    let mut refused = 0;
    for text in SMALL {
        let kind = spec(text).kind();
        for (name, _) in Figure::NAMES {
            let (experiment, problems) = parse(&format!("{text}figures: [{name}]\n"));
            if let Some(experiment) = experiment {
                assert_eq!(experiment.figures.iter().map(|figure| figure.name()).collect::<Vec<_>>(), [name]);
                continue;
            }
            assert_eq!(problems[0].message, format!("`{name}` is a figure of other experiments than `{kind}`"));
            let help = problems[0].help.as_deref().unwrap();
            assert!(help.starts_with("choose some of: ") && help.ends_with("table"), "{help}");
            refused += 1;
        }
    }
    // Eleven figures for each of six kinds, of which 5 + 3 + 3 + 3 + 2 + 2 fit.
    assert_eq!(refused, 66 - 18);
}

#[test]
fn an_unknown_kind_is_no_reason_to_complain_of_its_keys() {
    let (_, problems) = parse("experiment: sorting\nlist: [3, 1, 2]\n");
    let seen: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(seen, ["`sorting` is none of: train, gradients, surface, trace, variance, warmup"]);
    let (_, problems) = parse(&SMALL[4].replace("variance", "varianze").replace("0.1", "-1"));
    let seen: Vec<(&str, Option<&str>)> = problems.iter().map(|p| (p.message.as_str(), p.help.as_deref())).collect();
    assert_eq!(seen.len(), 2, "{seen:?}");
    assert_eq!(seen[0].1, Some("did you mean `variance`?"));
    assert_eq!(seen[1].0, "expected a number above 0, found `-1`");
}
