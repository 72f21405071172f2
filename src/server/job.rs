//! One run: what is asked for, how far it is, and who wants to know.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::visitor::Visitor;
use crate::lab::{Experiment, Outcome, Progress};

/// Shortest time between two notifications of watchers, whatever the length of an epoch.
const NOTIFY_INTERVAL: Duration = Duration::from_millis(100);
/// Shortest time between two drawings of the curves so far, for all watchers together.
const REDRAW_INTERVAL: Duration = Duration::from_millis(400);

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
    partial: Mutex<Partial>,
}

/// How far a run is: all that its watchers are told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct State {
    pub(super) status: JobStatus,
    /// Steps that are made, of all.
    pub(super) done: u64,
    pub(super) total: u64,
    /// About how many seconds until it begins, or until it ends.
    pub(super) left: f64,
    /// A number that grows with the curves.
    pub(super) curves: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobStatus {
    /// So many runs are before it.
    Waiting(usize),
    Running,
    /// Its record is in the store.
    Done,
    /// There is no record, for this reason.
    Ended(String),
}

impl JobStatus {
    pub(super) fn is_final(&self) -> bool {
        matches!(self, JobStatus::Done | JobStatus::Ended(_))
    }
}

#[derive(Debug, Default)]
struct Partial {
    /// What each entry that has begun is now, by its index.
    entries: BTreeMap<usize, Outcome>,
    /// How often one has grown.
    grown: u64,
    /// Of all entries that have ended or not.
    done: u64,
    began: Option<Instant>,
    notified: Option<Instant>,
    /// When curves were shown last, and which.
    shown: Option<(Instant, u64)>,
}

impl Job {
    pub(super) fn new(id: String, experiment: Experiment, text: Option<String>, owner: Option<Visitor>) -> Self {
        let total = experiment.spec.cost().steps;
        let state = State { status: JobStatus::Waiting(0), done: 0, total, left: 0.0, curves: 0 };
        let (state, partial) = (watch::Sender::new(state), Mutex::default());
        Self { id, experiment, text, owner, cancelled: AtomicBool::new(false), state, partial }
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
            let changed = state.status != JobStatus::Waiting(before) || state.left.round() != seconds.round();
            (state.status, state.left) = (JobStatus::Waiting(before), seconds);
            changed
        });
    }

    /// Says that it is being run, for about so many seconds.
    pub(super) fn begin(&self, seconds: f64) {
        lock(&self.partial).began = Some(Instant::now());
        self.state.send_modify(|state| (state.status, state.left) = (JobStatus::Running, seconds));
    }

    /// Says how it ended.
    pub(super) fn end(&self, status: JobStatus) {
        self.state.send_modify(|state| {
            // The last steps may have come in the pause after others were told.
            if status == JobStatus::Done {
                state.done = state.total;
            }
            state.status = status;
        });
    }

    /// Stops it within a batch, or before it begins.
    pub(super) fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Returns what there is of the outcome.
    pub(super) fn partial(&self) -> Option<Outcome> {
        let partial = lock(&self.partial);
        let mut entries = partial.entries.values();
        let mut outcome = entries.next().cloned()?;
        entries.for_each(|entry| outcome.append(entry));
        Some(outcome)
    }

    /// Returns the number of the curves to show: those of a moment ago will do, since they grow all the time.
    pub(super) fn curves_to_show(&self) -> u64 {
        let mut partial = lock(&self.partial);
        let now = Instant::now();
        match partial.shown {
            Some((at, curves)) if now - at < REDRAW_INTERVAL => curves,
            _ => {
                partial.shown = Some((now, partial.grown));
                partial.grown
            }
        }
    }

    /// Notifies the watchers, unless they were notified a moment ago.
    fn notify(&self, partial: &mut Partial) {
        let now = Instant::now();
        if partial.notified.is_some_and(|before| now - before < NOTIFY_INTERVAL) {
            return;
        }
        partial.notified = Some(now);
        let (done, curves) = (partial.done, partial.grown);
        let passed = partial.began.map_or(0.0, |began| (now - began).as_secs_f64());
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
        let mut partial = lock(&self.partial);
        // Threads may come in another order than they counted.
        partial.done = partial.done.max(done);
        self.notify(&mut partial);
    }

    fn grown(&self, index: usize, part: &dyn Fn() -> Outcome) {
        let part = part();
        let mut partial = lock(&self.partial);
        partial.entries.insert(index, part);
        partial.grown += 1;
        self.notify(&mut partial);
    }

    fn cancelled(&self) -> bool {
        self.is_cancelled()
    }
}

/// What is behind the lock is whole after each statement, so a panic elsewhere cannot have left it half done.
fn lock(partial: &Mutex<Partial>) -> std::sync::MutexGuard<'_, Partial> {
    partial.lock().unwrap_or_else(PoisonError::into_inner)
}
