//! The lab of the live server: the queue, the records on disk, and what pages show of both.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::LabSettings;
use super::job::{Job, JobStatus, State};
use super::journal::{Entry, Journal};
use super::metrics::LabMetrics;
use super::queue::Queue;
use super::visitor::Visitor;
use crate::lab::{Record, Store};
use crate::site::{Known, Limits, Recent, Refusal, experiment_name as name, read_spec};

/// Runs that the lab's page lists.
const LISTED: usize = 12;

/// Shared by requests and the worker.
#[derive(Debug)]
pub(super) struct Lab {
    pub(super) limits: Limits,
    /// The cores that a run has.
    pub(super) threads: usize,
    /// Maximum size of computed records on the disk, in bytes.
    pub(super) max_bytes: u64,
    pinned: Store,
    computed: Store,
    desk: Mutex<Desk>,
    /// Wakes the worker.
    changed: Condvar,
    metrics: LabMetrics,
}

#[derive(Debug)]
struct Desk {
    queue: Queue,
    journal: Journal,
    /// Whether the server stops: nothing more is begun.
    closed: bool,
}

/// What is known of a run.
pub(super) enum Lookup {
    /// It waits or is being run.
    Active(Arc<Job>),
    /// There is a pinned record, a computed one, or both.
    Done { pinned: bool, computed: bool, text: Option<String> },
    /// It ended without one.
    Ended(Entry),
}

impl Lab {
    pub(super) fn new(
        settings: &LabSettings,
        pinned: Store,
        computed: Store,
        journal: Journal,
        metrics: LabMetrics,
    ) -> Self {
        let LabSettings { limits, threads, store_bytes: max_bytes } = *settings;
        let desk = Mutex::new(Desk { queue: Queue::new(limits, threads), journal, closed: false });
        Self { limits, threads, max_bytes, pinned, computed, desk, changed: Condvar::new(), metrics }
    }

    /// Takes a visitor's run in, unless it waits or is being run already, or its record is in the store. With
    /// `again`, a pinned record does not count, for that is what the run is to be compared with.
    ///
    /// # Errors
    /// When a limit is reached.
    pub(super) fn enter(&self, job: Job, visitor: &Visitor, again: bool) -> Result<(), Refusal> {
        let mut desk = lock(&self.desk);
        // A record is saved before its run leaves the queue, so that under this lock it is in one of the two.
        let kept = self.computed.has(&job.id) || !again && self.pinned.has(&job.id);
        if desk.queue.find(&job.id).is_some() || kept {
            return Ok(());
        }
        let text = job.text.clone().unwrap_or_default();
        let job = desk.queue.enter(job, visitor).inspect_err(|_| self.metrics.count("refused"))?;
        desk.journal.enter(&job.id, &text);
        self.changed.notify_all();
        Ok(())
    }

    /// Returns how many runs wait, and how many are running.
    pub(super) fn active_counts(&self) -> (usize, usize) {
        let desk = lock(&self.desk);
        let running = desk.queue.active().filter(|job| job.state().status == JobStatus::Running).count();
        (desk.queue.active().count() - running, running)
    }

    /// Enqueues what articles lack a result for.
    pub(super) fn enqueue_missing(&self, missing: Vec<Job>) {
        lock(&self.desk).queue.enqueue_missing(missing);
        self.changed.notify_all();
    }

    /// The next run, as soon as there is one; none when the server stops.
    pub(super) fn next(&self) -> Option<Arc<Job>> {
        let mut desk = lock(&self.desk);
        loop {
            if desk.closed {
                return None;
            }
            if let Some(job) = desk.queue.next() {
                return Some(job);
            }
            desk = self.changed.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Tells those who wait how long they still have to.
    pub(super) fn notify(&self) {
        lock(&self.desk).queue.notify();
    }

    /// The run that was being run has ended. Its record, if there is one, is in the store by now.
    pub(super) fn finish(&self, job: &Job, status: JobStatus) {
        let mut desk = lock(&self.desk);
        desk.queue.finish();
        self.metrics.count(match &status {
            JobStatus::Ended(_) if job.is_cancelled() => "stopped",
            JobStatus::Ended(_) => "failed",
            _ => "done",
        });
        match &status {
            JobStatus::Ended(reason) if !desk.closed => desk.journal.leave(&job.id, Some(reason.clone())),
            // A run that the server's own stop has ended is not finished: the next start finds it so in the journal.
            JobStatus::Ended(_) => {}
            _ => desk.journal.leave(&job.id, None),
        }
        drop(desk);
        job.end(status);
    }

    /// Stops the run of this id for who started it.
    ///
    /// # Errors
    /// When somebody else did. `None` when there is no such run.
    pub(super) fn stop(&self, id: &str, visitor: Option<&Visitor>) -> Option<Result<(), Refusal>> {
        let mut desk = lock(&self.desk);
        let job = desk.queue.find(id)?;
        if !owns(job, visitor) {
            return Some(Err(Refusal::NotYours));
        }
        let job = desk.queue.stop(id)?;
        if desk.queue.find(id).is_none() {
            self.metrics.count("stopped");
            let reason = "Stopped by the person who started it.".to_owned();
            desk.journal.leave(id, Some(reason.clone()));
            job.end(JobStatus::Ended(reason));
        }
        Some(Ok(()))
    }

    /// Ends the present run within a batch and begins no other.
    pub(super) fn close(&self) {
        let mut desk = lock(&self.desk);
        desk.closed = true;
        desk.queue.active().for_each(|job| job.cancel());
        self.changed.notify_all();
    }

    /// The run of this id, if it waits or is being run.
    pub(super) fn active(&self, id: &str) -> Option<Arc<Job>> {
        lock(&self.desk).queue.find(id).cloned()
    }

    /// What there is of this id.
    pub(super) fn find(&self, id: &str) -> Option<Lookup> {
        let desk = lock(&self.desk);
        if let Some(job) = desk.queue.find(id) {
            return Some(Lookup::Active(job.clone()));
        }
        let (pinned, computed) = (self.pinned.has(id), self.computed.has(id));
        if pinned || computed {
            let text = desk.journal.finished().find(|entry| entry.id == id).map(|entry| entry.spec.clone());
            return Some(Lookup::Done { pinned, computed, text });
        }
        desk.journal.ended().find(|entry| entry.id == id).cloned().map(Lookup::Ended)
    }

    /// The pinned and the computed record of an id.
    pub(super) fn records(&self, id: &str) -> [Option<Record>; 2] {
        [&self.pinned, &self.computed].map(|store| store.find(id))
    }

    /// What there is of this id on the disk.
    pub(super) fn known(&self, id: &str) -> Known {
        match (self.computed.has(id), self.pinned.has(id)) {
            (true, _) => Known::Computed,
            (false, true) => Known::Pinned,
            (false, false) => Known::Nothing,
        }
    }

    /// Keeps a record in the cache folder, whose oldest go when it is full.
    pub(super) fn save(&self, record: &Record) -> std::io::Result<()> {
        self.computed.save(record)?;
        self.computed.shrink(self.max_bytes).map(drop)
    }

    /// The runs that wait or are being run, the seconds until another one would begin, and the last that ended.
    pub(super) fn look(&self) -> (Vec<Recent>, f64, Vec<Recent>) {
        let desk = lock(&self.desk);
        let active = desk.queue.active().map(|job| {
            let state = match job.state().status {
                JobStatus::Waiting(_) => "Waiting",
                _ => "Running",
            };
            Recent { id: job.id.clone(), title: name(&job.experiment), state: state.to_owned() }
        });
        let listed = |entry: &Entry, state: &str| Recent {
            id: entry.id.clone(),
            title: title(&entry.spec),
            state: state.to_owned(),
        };
        // The oldest results make room for new ones; what is gone has no page to lead to.
        let there = |entry: &&Entry| self.known(&entry.id) != Known::Nothing;
        let done = desk.journal.finished().filter(there).take(LISTED).map(|entry| listed(entry, "Done"));
        let ended = desk.journal.ended().take(LISTED / 3).map(|entry| listed(entry, &entry.reason));
        (active.collect(), desk.queue.wait(), done.chain(ended).collect())
    }
}

/// Whether a run was started by this visitor.
pub(super) fn owns(job: &Job, visitor: Option<&Visitor>) -> bool {
    job.owner.as_ref().zip(visitor).is_some_and(|(owner, visitor)| owner.is(visitor))
}

/// What a spec is called in a list.
fn title(spec: &str) -> String {
    read_spec(spec).map_or_else(|_| "A run".to_owned(), |experiment| name(&experiment))
}

/// What is behind these locks is whole after each statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How far a run is, as an event: JSON on one line.
pub(super) fn event(state: &State) -> String {
    let (words, left) = words(state);
    let fields = serde_json::json!({
        "words": words, "left": left, "done": state.done, "total": state.total, "curves": state.curves, "final": state.status.is_final(),
    });
    fields.to_string()
}

fn words(state: &State) -> (String, String) {
    use crate::html::Html;
    use crate::site::Stage;
    let shown = match &state.status {
        JobStatus::Waiting(before) => Stage::Waiting(*before, state.left),
        JobStatus::Running => {
            Stage::Running { done: state.done, total: state.total, left: state.left, curves: Html::default() }
        }
        JobStatus::Done => return ("Done.".to_owned(), String::new()),
        JobStatus::Ended(reason) => Stage::Ended(reason.clone()),
    };
    (shown.words(), shown.left())
}
