//! One run: what is asked for, how far it is, and who watches it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::visitor::Visitor;
use crate::lab::{self, Experiment, Outcome};
use crate::site::duration_in_words;

/// Shortest time between two notifications of watchers, whatever the length of an epoch.
const NOTIFY_INTERVAL: Duration = Duration::from_millis(100);
/// Shortest time between two drawings of the curves so far, for all watchers together.
const REDRAW_INTERVAL: Duration = Duration::from_millis(400);

/// A run that waits, is being run, or has just ended. Any number of watchers share it.
#[derive(Debug)]
pub(super) struct Job {
    /// Id of its record.
    pub(super) id: String,
    pub(super) experiment: Experiment,
    /// The YAML that asked for it; none for an article's.
    pub(super) text: Option<String>,
    /// The visitor who started it; `None` for an article's.
    pub(super) owner: Option<Visitor>,
    /// Set when a visitor asks for an article's run, which then goes on without the article.
    joined: AtomicBool,
    deadline: OnceLock<(Instant, Duration)>,
    stopped: OnceLock<StopReason>,
    progress: watch::Sender<Progress>,
    partial: Mutex<Partial>,
}

/// Progress of a run. Watchers that fall behind get the latest value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Progress {
    pub(super) status: JobStatus,
    /// Steps made.
    pub(super) done: u64,
    /// Steps of the whole run.
    pub(super) total: u64,
    /// Estimated seconds until the run begins, or until it ends.
    pub(super) seconds_left: f64,
    /// Version of the curves so far.
    pub(super) curves: u64,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum JobStatus {
    /// This many runs are before it.
    Waiting(usize),
    Running,
    /// Its record is in the store.
    Done,
    /// There is no record, for this reason.
    Ended(String),
}

/// Why a run was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum StopReason {
    Owner,
    /// It took longer than this.
    Overrun(Duration),
    /// The article that asked for it has changed.
    NotNeeded,
    Shutdown,
}

impl StopReason {
    pub(super) fn message(self) -> String {
        match self {
            StopReason::Owner => "Stopped by the person who started it.".to_owned(),
            StopReason::Overrun(limit) => {
                let limit = duration_in_words(limit.as_secs_f64());
                format!("Stopped by the server: it took longer than {limit}, which is the limit for a run.")
            }
            StopReason::NotNeeded => "Stopped: the article no longer asks for this experiment.".to_owned(),
            StopReason::Shutdown => "Interrupted: the server was stopped before it was done.".to_owned(),
        }
    }
}

impl JobStatus {
    pub(super) fn is_final(&self) -> bool {
        matches!(self, JobStatus::Done | JobStatus::Ended(_))
    }
}

#[derive(Debug, Default)]
struct Partial {
    /// The outcome so far of each entry that has begun, by its index.
    entries: BTreeMap<usize, Outcome>,
    /// Number of times that an entry has grown.
    version: u64,
    done: u64,
    began: Option<Instant>,
    notified: Option<Instant>,
    /// When curves were drawn last, and of which version.
    drawn: Option<(Instant, u64)>,
}

impl Job {
    pub(super) fn new(id: String, experiment: Experiment, text: Option<String>, owner: Option<Visitor>) -> Self {
        let total = experiment.spec.cost().steps;
        let progress = Progress { status: JobStatus::Waiting(0), done: 0, total, seconds_left: 0.0, curves: 0 };
        Self {
            id,
            experiment,
            text,
            owner,
            joined: AtomicBool::new(false),
            deadline: OnceLock::new(),
            stopped: OnceLock::new(),
            progress: watch::Sender::new(progress),
            partial: Mutex::default(),
        }
    }

    /// Subscribes to the present progress and each later one.
    pub(super) fn watch(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    pub(super) fn progress(&self) -> Progress {
        self.progress.borrow().clone()
    }

    /// Keeps the run for a visitor who asks for the same.
    pub(super) fn join(&self) {
        self.joined.store(true, Ordering::Relaxed);
    }

    /// Returns whether only an article asks for it.
    pub(super) fn is_for_article_only(&self) -> bool {
        self.owner.is_none() && !self.joined.load(Ordering::Relaxed)
    }

    /// Sets the number of runs before it, and the seconds that they take.
    pub(super) fn wait(&self, before: usize, seconds: f64) {
        self.progress.send_if_modified(|progress| {
            let changed =
                progress.status != JobStatus::Waiting(before) || progress.seconds_left.round() != seconds.round();
            (progress.status, progress.seconds_left) = (JobStatus::Waiting(before), seconds);
            changed
        });
    }

    /// Begins the run, which takes about so many seconds and must not take longer than `limit`.
    pub(super) fn begin(&self, seconds: f64, limit: Option<Duration>) {
        let now = Instant::now();
        lock(&self.partial).began = Some(now);
        if let Some((limit, deadline)) = limit.and_then(|limit| Some((limit, now.checked_add(limit)?))) {
            let _ = self.deadline.set((deadline, limit));
        }
        self.progress.send_modify(|state| (state.status, state.seconds_left) = (JobStatus::Running, seconds));
    }

    pub(super) fn end(&self, status: JobStatus) {
        self.progress.send_modify(|progress| {
            // The last steps may have come too soon after the last notification.
            if status == JobStatus::Done {
                progress.done = progress.total;
            }
            progress.status = status;
        });
    }

    /// Stops it within a batch, or before it begins. The first reason counts.
    pub(super) fn stop(&self, reason: StopReason) {
        let _ = self.stopped.set(reason);
    }

    /// Returns why it was stopped, if it was.
    pub(super) fn stop_reason(&self) -> Option<StopReason> {
        self.stopped.get().copied()
    }

    /// Returns the outcome so far.
    pub(super) fn partial(&self) -> Option<Outcome> {
        let partial = lock(&self.partial);
        let mut entries = partial.entries.values();
        let mut outcome = entries.next().cloned()?;
        entries.for_each(|entry| outcome.append(entry));
        Some(outcome)
    }

    /// Returns the version of the curves to show: while it runs, those of a moment ago will do.
    pub(super) fn curves_to_show(&self) -> u64 {
        let is_final = self.progress.borrow().status.is_final();
        let mut partial = lock(&self.partial);
        let now = Instant::now();
        match partial.drawn {
            Some((at, version)) if now - at < REDRAW_INTERVAL && !is_final => version,
            _ => {
                partial.drawn = Some((now, partial.version));
                partial.version
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
        let (done, curves) = (partial.done, partial.version);
        let passed = partial.began.map_or(0.0, |began| (now - began).as_secs_f64());
        self.progress.send_modify(|progress| {
            (progress.done, progress.curves) = (done, curves);
            // The first steps say little; until then the estimate stands.
            if done * 20 > progress.total {
                progress.seconds_left = passed * progress.total.saturating_sub(done) as f64 / done as f64;
            }
        });
    }
}

impl lab::Progress for Job {
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
        partial.version += 1;
        self.notify(&mut partial);
    }

    fn cancelled(&self) -> bool {
        if let Some((deadline, limit)) = self.deadline.get()
            && Instant::now() > *deadline
        {
            self.stop(StopReason::Overrun(*limit));
        }
        self.stopped.get().is_some()
    }
}

/// Locks what is complete after each statement, so that a panic elsewhere cannot have left it half changed.
fn lock(partial: &Mutex<Partial>) -> std::sync::MutexGuard<'_, Partial> {
    partial.lock().unwrap_or_else(PoisonError::into_inner)
}
