//! The lab of the live server: the queue, the records on disk, and what pages are told of both.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::LabSettings;
use super::job::{Job, Stage, State};
use super::journal::{Entry, Journal};
use super::queue::Queue;
use super::rendered::Rendered;
use super::tally::Tally;
use super::visitor::Visitor;
use crate::lab::{Record, Store};
use crate::pages::{Known, Limits, Recent, Refusal, experiment_name as name, read_spec};

/// Runs that the lab's page lists.
const LISTED: usize = 12;
/// Curves of an unfinished run are drawn at most so often, for all its watchers together.
const REDRAW: Duration = Duration::from_millis(400);
/// Finished pages and files that are kept ready.
const KEPT: usize = 64;

/// Shared by requests and the worker.
#[derive(Debug)]
pub(super) struct Lab {
    pub(super) limits: Limits,
    /// The cores that a run has.
    pub(super) threads: usize,
    /// Most bytes of computed records on the disk.
    pub(super) most_bytes: u64,
    pinned: Store,
    computed: Store,
    desk: Mutex<Desk>,
    /// Wakes the worker.
    changed: Condvar,
    drawn: Mutex<Kept>,
}

#[derive(Debug)]
struct Desk {
    queue: Queue,
    journal: Journal,
    tally: Tally,
    /// Whether the server stops: nothing more is begun.
    closed: bool,
}

/// Answers that were made a moment ago, by their path and the number of what they show.
#[derive(Debug, Default)]
struct Kept(HashMap<String, (u64, Instant, Arc<Rendered>)>);

/// What there is of a run.
pub(super) enum Found {
    /// It waits or is being run.
    Active(Arc<Job>),
    /// There is a pinned record, a computed one, or both.
    Done { pinned: bool, computed: bool, text: Option<String> },
    /// It ended without one.
    Ended(Entry),
}

impl Lab {
    pub(super) fn new(settings: &LabSettings, pinned: Store, computed: Store, journal: Journal) -> Self {
        let LabSettings { limits, threads, store_bytes: most_bytes } = *settings;
        let desk = Desk { queue: Queue::new(limits, threads), journal, tally: Tally::default(), closed: false };
        let (desk, drawn) = (Mutex::new(desk), Mutex::default());
        Self { limits, threads, most_bytes, pinned, computed, desk, changed: Condvar::new(), drawn }
    }

    /// Takes a visitor's run in, unless it waits or is being run already, or its record is in the store. With `again` a pinned
    /// record does not
    /// count, for that is what the run is to be compared with.
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
        let entered = desk.queue.enter(job, visitor);
        desk.tally.refused += u64::from(entered.is_err());
        let job = entered?;
        desk.journal.enter(&job.id, &text);
        self.changed.notify_all();
        Ok(())
    }

    /// What there is to count.
    pub(super) fn tally(&self) -> Tally {
        let desk = lock(&self.desk);
        let running = desk.queue.active().filter(|job| job.state().stage == Stage::Running).count();
        Tally { waiting: desk.queue.active().count() - running, running, ..desk.tally }
    }

    /// What articles ask for now.
    pub(super) fn want(&self, wanted: Vec<Job>) {
        lock(&self.desk).queue.want(wanted);
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

    /// Tells those who wait how long they still do.
    pub(super) fn tell(&self) {
        lock(&self.desk).queue.tell();
    }

    /// The run that was being run has ended. Its record, if there is one, is in the store by now.
    pub(super) fn finish(&self, job: &Job, stage: Stage) {
        let mut desk = lock(&self.desk);
        desk.queue.finish();
        desk.tally.ended(&stage, job.is_cancelled());
        match &stage {
            Stage::Ended(reason) if !desk.closed => desk.journal.leave(&job.id, Some(reason.clone())),
            // A run that the server's own stop has ended is not finished: the next start finds it so in the journal.
            Stage::Ended(_) => {}
            _ => desk.journal.leave(&job.id, None),
        }
        drop(desk);
        job.end(stage);
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
            desk.tally.stopped += 1;
            let reason = "Stopped by who started it.".to_owned();
            desk.journal.leave(id, Some(reason.clone()));
            job.end(Stage::Ended(reason));
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
    pub(super) fn find(&self, id: &str) -> Option<Found> {
        let desk = lock(&self.desk);
        if let Some(job) = desk.queue.find(id) {
            return Some(Found::Active(job.clone()));
        }
        let (pinned, computed) = (self.pinned.has(id), self.computed.has(id));
        if pinned || computed {
            let text = desk.journal.finished().find(|entry| entry.id == id).map(|entry| entry.spec.clone());
            return Some(Found::Done { pinned, computed, text });
        }
        desk.journal.ended().find(|entry| entry.id == id).cloned().map(Found::Ended)
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
        self.computed.shrink(self.most_bytes).map(drop)
    }

    /// The runs that wait or are being run, the seconds until another one would begin, and the last that ended.
    pub(super) fn look(&self) -> (Vec<Recent>, f64, Vec<Recent>) {
        let desk = lock(&self.desk);
        let active = desk.queue.active().map(|job| {
            let state = match job.state().stage {
                Stage::Waiting(_) => "Waiting",
                _ => "Running",
            };
            Recent { id: job.id.clone(), title: name(&job.experiment), state: state.to_owned() }
        });
        let listed =
            |entry: &Entry, state: &str| Recent { id: entry.id.clone(), title: title(&entry.spec), state: state.to_owned() };
        // The oldest results make room for new ones; what is gone has no page to lead to.
        let there = |entry: &&Entry| self.known(&entry.id) != Known::Nothing;
        let done = desk.journal.finished().filter(there).take(LISTED).map(|entry| listed(entry, "Done"));
        let ended = desk.journal.ended().take(LISTED / 3).map(|entry| listed(entry, &entry.reason));
        (active.collect(), desk.queue.wait(), done.chain(ended).collect())
    }

    /// An answer for a path from memory, while the number of what it shows is the same, or else made anew. Curves that grow all
    /// the time have
    /// `patient`: those of a moment ago will do.
    pub(super) fn kept(
        &self,
        path: &str,
        number: u64,
        patient: bool,
        make: impl FnOnce() -> Option<Rendered>,
    ) -> Option<Arc<Rendered>> {
        // The lock is held while it is made: two hundred watchers who ask at once have it made once.
        let mut drawn = lock(&self.drawn);
        if let Some((shown, at, page)) = drawn.0.get(path)
            && (*shown == number || patient && at.elapsed() < REDRAW)
        {
            return Some(page.clone());
        }
        let page = Arc::new(make()?);
        if drawn.0.len() >= KEPT {
            let oldest = drawn.0.iter().min_by_key(|(_, (_, at, _))| *at).map(|(path, _)| path.clone());
            oldest.and_then(|path| drawn.0.remove(&path));
        }
        drawn.0.insert(path.to_owned(), (number, Instant::now(), page.clone()));
        Some(page)
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
        "words": words, "left": left, "done": state.done, "total": state.total, "curves": state.curves, "final": state.stage.is_final(),
    });
    fields.to_string()
}

fn words(state: &State) -> (String, String) {
    use crate::html::Html;
    use crate::pages::Stage as Shown;
    let shown = match &state.stage {
        Stage::Waiting(before) => Shown::Waiting(*before, state.left),
        Stage::Running => Shown::Running { done: state.done, total: state.total, left: state.left, curves: Html::default() },
        Stage::Done => return ("Done.".to_owned(), String::new()),
        Stage::Ended(reason) => Shown::Ended(reason.clone()),
    };
    (shown.words(), shown.left())
}
