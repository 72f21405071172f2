//! The lab of the live server: the queue, the records on disk, and the status that pages show.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::job::{Job, JobStatus, StopReason};
use super::journal::{Entry, Journal};
use super::metrics::LabMetrics;
use super::queue::Queue;
use super::visitor::Visitor;
use crate::lab::{Estimator, Record, Store};
use crate::site::{Limits, ListedRun, Refusal, ResultStatus, experiment_name, read_spec};

/// Number of runs that the lab's page lists.
const LISTED: usize = 12;
/// Number of stopped runs whose curves are kept.
const KEPT_CURVES: usize = 4;

/// Shared by requests and the worker.
#[derive(Debug)]
pub(super) struct Lab {
    pub(super) limits: Limits,
    pinned: Store,
    computed: Store,
    inner: Mutex<Inner>,
    /// Wakes the worker.
    changed: Condvar,
    /// Grows with each change of what the lab's page lists.
    version: AtomicU64,
    metrics: LabMetrics,
}

#[derive(Debug)]
struct Inner {
    queue: Queue,
    journal: Journal,
    /// The last runs that ended without a result, for their curves.
    stopped: VecDeque<Arc<Job>>,
    /// Set when the server stops, so that nothing more begins.
    closed: bool,
}

/// State of a run.
pub(super) enum Lookup {
    /// It waits or is running.
    Active(Arc<Job>),
    /// There is a pinned record, a computed one, or both; `text` is the YAML of a visitor.
    Done { pinned: bool, computed: bool, text: Option<String> },
    /// It ended without a record, perhaps with curves so far.
    Ended(Entry, Option<Arc<Job>>),
}

/// Contents of the lab's page that change with each run.
pub(super) struct Overview {
    pub(super) active: Vec<ListedRun>,
    /// Estimated seconds until another run would begin.
    pub(super) seconds: f64,
    pub(super) recent: Vec<ListedRun>,
    pub(super) estimator: Estimator,
}

impl Lab {
    pub(super) fn new(
        limits: Limits,
        estimator: Estimator,
        (pinned, computed): (Store, Store),
        journal: Journal,
        metrics: LabMetrics,
    ) -> Self {
        if let Err(error) = computed.remove_leftovers() {
            tracing::warn!("the cache folder cannot be cleaned: {error}");
        }
        let inner = Inner { queue: Queue::new(limits, estimator), journal, stopped: VecDeque::new(), closed: false };
        Self {
            limits,
            pinned,
            computed,
            inner: Mutex::new(inner),
            changed: Condvar::new(),
            version: AtomicU64::new(0),
            metrics,
        }
    }

    /// Adds a visitor's run, unless the same waits or is running.
    ///
    /// # Errors
    /// When a limit is reached.
    pub(super) fn add(&self, job: Job, visitor: &Visitor) -> Result<(), Refusal> {
        let mut inner = self.lock();
        let text = job.text.clone().unwrap_or_default();
        let (job, is_new) = inner.queue.add(job, visitor).inspect_err(|_| self.metrics.count("refused"))?;
        if is_new {
            inner.journal.add(&job.id, &text);
            inner.stopped.retain(|other| other.id != job.id);
            self.changed(inner);
        }
        Ok(())
    }

    /// Returns the present estimates.
    pub(super) fn estimator(&self) -> Estimator {
        self.lock().queue.estimator.clone()
    }

    /// Returns how many runs wait, and how many are running.
    pub(super) fn active_counts(&self) -> (usize, usize) {
        let inner = self.lock();
        let running = inner.queue.active().filter(|job| job.progress().status == JobStatus::Running).count();
        (inner.queue.active().count() - running, running)
    }

    /// Enqueues the experiments that articles lack a result for, and ends those that they no longer ask for.
    pub(super) fn replace_missing(&self, missing: Vec<Job>) {
        let mut inner = self.lock();
        inner.queue.replace_missing(missing);
        self.changed(inner);
    }

    /// Waits for the next run. Returns `None` when the server stops.
    pub(super) fn next(&self) -> Option<Arc<Job>> {
        let mut inner = self.lock();
        loop {
            if inner.closed {
                return None;
            }
            if let Some(job) = inner.queue.next() {
                self.version.fetch_add(1, Ordering::Relaxed);
                return Some(job);
            }
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notifies those who wait of the time they still have to.
    pub(super) fn notify(&self) {
        self.lock().queue.notify();
    }

    /// Ends the running job. Its record, if there is one, is in the store by now.
    pub(super) fn finish(&self, job: &Arc<Job>, status: JobStatus, record: Option<&Record>) {
        let mut inner = self.lock();
        inner.queue.finish();
        if let Some(record) = record {
            inner.queue.estimator.learn(record);
        }
        self.metrics.count(match &status {
            JobStatus::Ended(_) if job.stop_reason().is_some() => "stopped",
            JobStatus::Ended(_) => "failed",
            _ => "done",
        });
        match &status {
            // The next start finds it unfinished in the journal, and says that it was interrupted.
            JobStatus::Ended(_) if inner.closed => {}
            JobStatus::Ended(reason) => {
                inner.journal.finish(&job.id, Some(reason.clone()));
                inner.keep_curves(job);
            }
            _ => inner.journal.finish(&job.id, None),
        }
        self.changed(inner);
        job.end(status);
    }

    /// Stops the run of this id for the visitor who started it. Does nothing if there is no such run.
    ///
    /// # Errors
    /// When somebody else started it.
    pub(super) fn stop(&self, id: &str, visitor: Option<&Visitor>) -> Result<(), Refusal> {
        let mut inner = self.lock();
        let Some(job) = inner.queue.find(id).cloned() else { return Ok(()) };
        if !owns(&job, visitor) {
            return Err(Refusal::NotOwner);
        }
        inner.queue.stop(id);
        if inner.queue.find(id).is_none() {
            self.metrics.count("stopped");
            let reason = StopReason::Owner.message();
            inner.journal.finish(id, Some(reason.clone()));
            self.changed(inner);
            job.end(JobStatus::Ended(reason));
        }
        Ok(())
    }

    /// Ends the running job within a batch and begins no other.
    pub(super) fn close(&self) {
        let mut inner = self.lock();
        inner.closed = true;
        inner.queue.active().for_each(|job| job.stop(StopReason::Shutdown));
        self.changed(inner);
    }

    /// Returns the run of this id if it waits or is running, or if its curves are kept.
    pub(super) fn job(&self, id: &str) -> Option<Arc<Job>> {
        let inner = self.lock();
        inner.queue.find(id).cloned().or_else(|| inner.kept(id))
    }

    /// Returns whether the run of this id waits or is running.
    pub(super) fn is_active(&self, id: &str) -> bool {
        self.lock().queue.find(id).is_some()
    }

    /// Looks up a run in the queue, then on the disk, then among those that ended.
    pub(super) fn find(&self, id: &str) -> Option<Lookup> {
        let (text, ended) = {
            let inner = self.lock();
            if let Some(job) = inner.queue.find(id) {
                return Some(Lookup::Active(job.clone()));
            }
            let text = inner.journal.finished().find(|entry| entry.id == id).map(|entry| entry.spec.clone());
            let ended = inner.journal.ended().find(|entry| entry.id == id).cloned();
            (text, ended.map(|entry| Lookup::Ended(entry, inner.kept(id))))
        };
        let (pinned, computed) = (self.pinned.has(id), self.computed.has(id));
        if pinned || computed {
            return Some(Lookup::Done { pinned, computed, text });
        }
        let removed = |spec| {
            let reason = "Its result is no longer kept on this server.".to_owned();
            Lookup::Ended(Entry { id: id.to_owned(), spec, reason }, None)
        };
        ended.or_else(|| text.map(removed))
    }

    /// Returns the pinned record of an id.
    pub(super) fn pinned(&self, id: &str) -> Option<Record> {
        self.pinned.find(id)
    }

    /// Returns the computed record of an id. A file that cannot be read is removed, so that it is computed again.
    pub(super) fn computed(&self, id: &str) -> Option<Record> {
        let record = self.computed.find(id);
        if record.is_none() && self.computed.has(id) {
            tracing::warn!("the computed result {id} cannot be read and is removed");
            if let Err(error) = self.computed.remove(id) {
                tracing::warn!("{error}");
            }
        }
        record
    }

    /// Returns which results of this id are on the disk.
    pub(super) fn result_status(&self, id: &str) -> ResultStatus {
        match (self.computed.has(id), self.pinned.has(id)) {
            (true, _) => ResultStatus::Computed,
            (false, true) => ResultStatus::Pinned,
            (false, false) => ResultStatus::Missing,
        }
    }

    /// Keeps a record in the cache folder, and removes the oldest others when it is full.
    pub(super) fn save(&self, record: &Record) -> io::Result<()> {
        self.computed.save(record)?;
        if let Err(error) = self.computed.shrink(self.limits.store_bytes, &record.id) {
            tracing::warn!("old results cannot be removed: {error}");
        }
        Ok(())
    }

    /// Returns a number that grows with each change of the [`Overview`].
    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// Returns what the lab's page shows of the runs.
    pub(super) fn overview(&self) -> Overview {
        let (active, seconds, finished, ended, estimator) = {
            let inner = self.lock();
            let active = inner.queue.active().map(|job| {
                let is_waiting = matches!(job.progress().status, JobStatus::Waiting(_));
                let state = if is_waiting { "Waiting" } else { "Running" };
                ListedRun { id: job.id.clone(), title: experiment_name(&job.experiment), state: state.to_owned() }
            });
            let ended: Vec<Entry> = inner.journal.ended().take(LISTED / 3).cloned().collect();
            let finished: Vec<Entry> = inner.journal.finished().cloned().collect();
            let active: Vec<ListedRun> = active.collect();
            (active, inner.queue.seconds_left(), finished, ended, inner.queue.estimator.clone())
        };
        let listed = |entry: &Entry, state: &str| {
            let title = read_spec(&entry.spec).map_or_else(|_| "A run".to_owned(), |spec| experiment_name(&spec));
            ListedRun { id: entry.id.clone(), title, state: state.to_owned() }
        };
        // The oldest results make room for new ones; a removed one has no page.
        let is_kept = |entry: &&Entry| self.result_status(&entry.id) != ResultStatus::Missing;
        let done = finished.iter().filter(is_kept).take(LISTED).map(|entry| listed(entry, "Done"));
        let recent = done.chain(ended.iter().map(|entry| listed(entry, &entry.reason))).collect();
        Overview { active, seconds, recent, estimator }
    }

    /// Wakes the worker after a change.
    fn changed(&self, inner: MutexGuard<'_, Inner>) {
        self.version.fetch_add(1, Ordering::Relaxed);
        drop(inner);
        self.changed.notify_all();
    }

    /// Locks the state, which is complete after each statement, so that a panic elsewhere cannot have left it half
    /// changed.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn keep_curves(&mut self, job: &Arc<Job>) {
        self.stopped.retain(|other| other.id != job.id);
        self.stopped.push_front(job.clone());
        self.stopped.truncate(KEPT_CURVES);
    }

    fn kept(&self, id: &str) -> Option<Arc<Job>> {
        self.stopped.iter().find(|job| job.id == id).cloned()
    }
}

/// Returns whether a run was started by this visitor.
pub(super) fn owns(job: &Job, visitor: Option<&Visitor>) -> bool {
    job.owner.as_ref().zip(visitor).is_some_and(|(owner, visitor)| owner.is(visitor))
}
