use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::super::data::Datasets;
use super::super::record::Record;
use super::super::record::tests::{runs, spec};
use super::super::run::{Progress, run};
use super::super::spec::Spec;
use super::*;
use crate::diagnostics::SourceFile;
use crate::lab::spec::Experiment;

const DIGITS: &[u8] = include_bytes!("../../../content/data/digits.csv.gz");

fn train(optimizers: &str, rates: &str, epochs: u32, seeds: u32) -> Spec {
    Spec::Train(spec(optimizers, rates, epochs, seeds))
}

fn digits() -> Datasets {
    let mut data = Datasets::default();
    data.add_digits(DIGITS).unwrap();
    data
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (spec, data) = (train("[sgd, radam, ranger]", "[0.1, 0.01]", 2, 2), digits());
    let mut one = run(&spec, &data, 1, &()).unwrap();
    let two = run(&spec, &data, 2, &()).unwrap();
    let again = run(&spec, &data, 2, &()).unwrap();
    assert_eq!((one.compare(&two), one.compare(&again)), (Ok(()), Ok(())));
    assert_eq!(runs(&mut one).len(), 12);
}

#[test]
fn a_run_does_not_depend_on_its_company() {
    let data = digits();
    let mut many = run(&train("[sgd, adam]", "[0.1, 0.01]", 1, 3), &data, 2, &()).unwrap();
    let mut single = run(&train("[adam]", "[0.01]", 1, 2), &data, 1, &()).unwrap();
    let (many, single) = (runs(&mut many), runs(&mut single));
    for (left, right) in runs_of(many, 1, 0.01).take(2).zip(single.iter()) {
        assert_eq!((&left.train_loss, &left.test_accuracy), (&right.train_loss, &right.test_accuracy));
    }
    let starts: Vec<f32> = many.iter().filter(|run| run.seed == 1).map(|run| run.train_loss[0]).collect();
    assert!(starts.len() == 4 && starts.iter().all(|start| *start == starts[0]), "one start for all optimizers");
    assert_ne!(many[0].train_loss[0], many[1].train_loss[0], "another for another seed");
}

#[test]
fn networks_learn_the_digits() {
    let mut record =
        run(&train("[sgd: {momentum: 0.9}, adam, radam, ranger]", "[0.01]", 5, 1), &digits(), 2, &()).unwrap();
    for run in runs(&mut record) {
        assert_eq!((run.train_loss.len(), run.test_loss.len(), run.test_accuracy.len()), (6, 6, 6));
        // Ten classes and outputs of He's start: about ln 10 and somewhat above, and a tenth right.
        assert!((2.0..3.5).contains(&run.train_loss[0]) && run.test_accuracy[0] < 0.3, "{run:?}");
        // Ranger, judged at its slow weights, is the slowest of them at first.
        assert!(run.train_loss[5] < 0.5 && run.test_accuracy[5] > 0.8, "{run:?}");
    }
}

#[test]
fn convolutions_learn_the_digits() {
    let text = "experiment: train\ntask: digits-cnn\noptimizers: [adam]\nlearning_rates: [0.003]\nepochs: 6\nseeds: 2\nbatch: 16\n";
    let (experiment, problems) = Experiment::parse(&SourceFile::new("cnn", text), text, 0);
    let mut record = run(&experiment.unwrap_or_else(|| panic!("{problems:?}")).spec, &digits(), 2, &()).unwrap();
    for run in runs(&mut record) {
        assert!((2.0..3.5).contains(&run.train_loss[0]) && run.test_accuracy[0] < 0.3, "{run:?}");
        assert!(run.train_loss[6] < 0.1 && run.test_accuracy[6] > 0.9, "{run:?}");
    }
}

#[test]
fn a_divergence_is_a_result() {
    let mut record = run(&train("[sgd]", "[1e30, 0.01]", 3, 1), &digits(), 2, &()).unwrap();
    let found = runs(&mut record);
    assert!(found[0].diverged_at.is_some_and(|step| step <= 4), "{:?}", found[0]);
    assert_eq!(found[0].train_loss.len(), 1, "only the start is left");
    assert!(found[1].diverged_at.is_none());
    assert_eq!(Record::from_json(&record.to_json()).unwrap(), record);
}

#[test]
fn lookahead_that_never_moves_is_judged_where_it_started() {
    let mut record = run(&train("[lookahead: {alpha: 0}]", "[0.1]", 2, 1), &digits(), 1, &()).unwrap();
    let losses = &runs(&mut record)[0].train_loss;
    assert_eq!((losses[1], losses[2]), (losses[0], losses[0]));
}

struct Watched {
    seen: Mutex<Vec<(u64, u64)>>,
    stop: AtomicBool,
}

impl Progress for Watched {
    fn advance(&self, done: u64, total: u64) {
        self.seen.lock().unwrap().push((done, total));
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

#[test]
fn progress_ends_at_its_total_and_cancelling_stops() {
    let watched = Watched { seen: Mutex::default(), stop: AtomicBool::new(false) };
    let spec = train("[sgd]", "[0.1, 1e30]", 2, 2);
    run(&spec, &digits(), 2, &watched).unwrap();
    let seen = watched.seen.lock().unwrap().clone();
    assert_eq!(seen.iter().max(), Some(&(328, 328)), "diverged runs count as made");
    watched.stop.store(true, Ordering::Relaxed);
    assert_eq!(run(&spec, &digits(), 2, &watched).unwrap_err(), RunError::Cancelled);
}

/// Is cancelled once it has been asked `left` times.
struct CancelledAfter {
    left: usize,
    asked: AtomicUsize,
}

impl Progress for CancelledAfter {
    fn advance(&self, done: u64, _total: u64) {
        assert_eq!(done, 0, "no epoch is completed");
    }

    fn cancelled(&self) -> bool {
        self.asked.fetch_add(1, Ordering::Relaxed) >= self.left
    }
}

#[test]
fn an_evaluation_can_be_cancelled() {
    // Before any step there are 6 batches of training samples (1,297 by 256) and 2 of test samples; the third step of
    // the first epoch comes after them.
    for left in [2, 7, 8 + 3] {
        let progress = CancelledAfter { left, asked: AtomicUsize::new(0) };
        assert_eq!(run(&train("[sgd]", "[0.1]", 1, 1), &digits(), 1, &progress).unwrap_err(), RunError::Cancelled);
        assert_eq!(progress.asked.into_inner(), left + 1);
    }
}

#[test]
fn missing_data_are_told() {
    let error = run(&train("[sgd]", "[0.1]", 1, 1), &Datasets::default(), 1, &()).unwrap_err();
    assert_eq!(error.to_string(), "the data set `digits` is not here");
}
