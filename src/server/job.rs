//! One run: what is asked for, how far it is, and who wants to know.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::visitor::Visitor;
use crate::lab::{Experiment, Outcome, Progress};

/// Watchers are told at most so often, whatever the length of an epoch.
const PAUSE: Duration = Duration::from_millis(100);

/// A run that waits, is being run, or has just ended. Any number of watchers share it.
#[derive(Debug)]
pub(super) struct Job {
    /// Name of its record.
    pub(super) id: String,
    /// What is run.
    pub(super) experiment: Experiment,
    /// The YAML that asked for it; none for an article's.
    pub(super) text: Option<String>,
    /// Who started it; nobody for an article's.
    pub(super) owner: Option<Visitor>,
    cancelled: AtomicBool,
    state: watch::Sender<State>,
    so_far: Mutex<SoFar>,
}

/// How far a run is: all that its watchers are told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) stage: Stage,
    /// Steps that are made, of all.
    pub(super) done: u64,
    pub(super) total: u64,
    /// About how many seconds until it begins, or until it ends.
    pub(super) left: f64,
    /// A number that grows with the curves.
    pub(super) curves: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stage {
    /// So many runs are before it.
    Waiting(usize),
    Running,
    /// Its record is in the store.
    Done,
    /// There is no record, for this reason.
    Ended(String),
}

impl Stage {
    pub(super) fn is_final(&self) -> bool {
        matches!(self, Stage::Done | Stage::Ended(_))
    }
}

#[derive(Debug, Default)]
struct SoFar {
    /// What each entry that has begun is now, by its index.
    entries: BTreeMap<usize, Outcome>,
    /// How often one has grown.
    grown: u64,
    /// Of all entries that have ended or not.
    done: u64,
    began: Option<Instant>,
    told: Option<Instant>,
}

impl Job {
    pub(super) fn new(id: String, experiment: Experiment, text: Option<String>, owner: Option<Visitor>) -> Self {
        let total = experiment.spec.cost().steps;
        let state = State { stage: Stage::Waiting(0), done: 0, total, left: 0.0, curves: 0 };
        let (state, so_far) = (watch::Sender::new(state), Mutex::default());
        Self { id, experiment, text, owner, cancelled: AtomicBool::new(false), state, so_far }
    }

    /// The present state, and every later one.
    pub(super) fn watch(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(super) fn state(&self) -> State {
        self.state.borrow().clone()
    }

    /// Tells how many runs are before it, and how many seconds they take.
    pub(super) fn wait(&self, before: usize, seconds: f64) {
        self.state.send_if_modified(|state| {
            let changed = state.stage != Stage::Waiting(before) || state.left.round() != seconds.round();
            (state.stage, state.left) = (Stage::Waiting(before), seconds);
            changed
        });
    }

    /// Says that it is being run, for about so many seconds.
    pub(super) fn begin(&self, seconds: f64) {
        lock(&self.so_far).began = Some(Instant::now());
        self.state.send_modify(|state| (state.stage, state.left) = (Stage::Running, seconds));
    }

    /// Says how it ended.
    pub(super) fn end(&self, stage: Stage) {
        self.state.send_modify(|state| {
            // The last steps may have come in the pause after others were told.
            if stage == Stage::Done {
                state.done = state.total;
            }
            state.stage = stage;
        });
    }

    /// Stops it within a batch, or before it begins.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// What there is of the outcome, and the number that tells whether it has grown since.
    pub(super) fn so_far(&self) -> (Option<Outcome>, u64) {
        let so_far = lock(&self.so_far);
        let mut entries = so_far.entries.values();
        let mut outcome = entries.next().cloned();
        if let Some(outcome) = &mut outcome {
            entries.for_each(|entry| outcome.append(entry));
        }
        (outcome, so_far.grown)
    }

    /// Tells the watchers, unless they were told a moment ago.
    fn tell(&self, so_far: &mut SoFar) {
        let now = Instant::now();
        if so_far.told.is_some_and(|told| now - told < PAUSE) {
            return;
        }
        so_far.told = Some(now);
        let (done, curves) = (so_far.done, so_far.grown);
        let passed = so_far.began.map_or(0.0, |began| (now - began).as_secs_f64());
        self.state.send_modify(|state| {
            (state.done, state.curves) = (done, curves);
            // The first steps say little; until then the estimate stands.
            if done * 20 > state.total {
                state.left = passed * (state.total.saturating_sub(done)) as f64 / done as f64;
            }
        });
    }
}

impl Progress for Job {
    fn advance(&self, done: u64, _total: u64) {
        let mut so_far = lock(&self.so_far);
        // Threads may come in another order than they counted.
        so_far.done = so_far.done.max(done);
        self.tell(&mut so_far);
    }

    fn grown(&self, index: usize, part: &dyn Fn() -> Outcome) {
        let part = part();
        let mut so_far = lock(&self.so_far);
        so_far.entries.insert(index, part);
        so_far.grown += 1;
        self.tell(&mut so_far);
    }

    fn cancelled(&self) -> bool {
        self.is_cancelled()
    }
}

/// What is behind the lock is whole after each statement, so a panic elsewhere cannot have left it half done.
fn lock(so_far: &Mutex<SoFar>) -> std::sync::MutexGuard<'_, SoFar> {
    so_far.lock().unwrap_or_else(PoisonError::into_inner)
}
