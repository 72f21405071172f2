//! Runs one experiment after the other, at low priority and away from the threads that serve pages.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::job::{Job, JobStatus};
use super::lab::Lab;
use super::state::Shared;
use crate::lab::{Datasets, Progress, Record, RunError, Spec};

/// Niceness of the worker, the highest: beside another busy thread the scheduler gives it a sixtieth of a core
/// (weights 15 and 1,024 in Linux's `sched_prio_to_weight`), and a thread that wakes to serve a page goes first.
const NICENESS: i32 = 19;

/// Function that runs an experiment: [`crate::lab::run`], or a substitute in tests.
type Runner = fn(&Spec, &Datasets, usize, &dyn Progress) -> Result<Record, RunError>;

/// Starts the worker on a thread of its own, which ends when the lab is closed.
pub(super) fn start(shared: Arc<Shared>, lab: Arc<Lab>, run: Runner) -> std::io::Result<()> {
    let started = std::thread::Builder::new().name("experiments".to_owned()).spawn(move || {
        // Linux keeps priorities by thread, and the threads of a run inherit this one's.
        if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
            tracing::warn!("experiments run at normal priority: {error}");
        }
        enqueue_missing(&shared, &lab);
        while let Some(job) = lab.next() {
            work(&shared, &lab, &job, run);
            enqueue_missing(&shared, &lab);
        }
    });
    started.map(drop)
}

/// Enqueues the experiments that articles lack a result for, whenever the content has changed.
pub(super) async fn follow_content(shared: Arc<Shared>, lab: Arc<Lab>) {
    let mut revisions = shared.revisions();
    // An error means that the server has stopped.
    while revisions.changed().await.is_ok() {
        let (shared, lab) = (shared.clone(), lab.clone());
        // It may wait for the watcher, which is reading files.
        let _ = tokio::task::spawn_blocking(move || enqueue_missing(&shared, &lab)).await;
    }
}

/// Tells those who wait how long they still have to, once a second.
pub(super) async fn broadcast_eta(lab: Arc<Lab>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        lab.notify();
    }
}

fn enqueue_missing(shared: &Shared, lab: &Lab) {
    let missing = shared.missing().into_iter();
    lab.enqueue_missing(missing.map(|(id, experiment)| Job::new(id, experiment, None, None)).collect());
}

fn work(shared: &Shared, lab: &Lab, job: &Arc<Job>, run: Runner) {
    let id = &job.id;
    tracing::info!("running the experiment {id}: {}", job.experiment.title.as_deref().unwrap_or("without a title"));
    shared.replace_results(|results| results.begin(id));
    let datasets = shared.snapshot().site.results.datasets.clone();
    let outcome = outcome(job, &datasets, lab.threads, run);
    let (outcome, status) = match outcome {
        Ok(record) => {
            tracing::info!("the experiment {id} took {:.1} s", record.measured.as_ref().map_or(0.0, |m| m.seconds));
            let saved = lab.save(&record).map_err(|error| format!("The result could not be kept: {error}."));
            saved.as_ref().err().inspect(|error| tracing::error!("{error}"));
            (Some(Ok(record)), saved.map_or_else(JobStatus::Ended, |()| JobStatus::Done))
        }
        Err(_) if job.is_cancelled() => (None, JobStatus::Ended("Stopped by the person who started it.".to_owned())),
        Err(error) => {
            tracing::error!("the experiment {id} failed: {error}");
            let status = JobStatus::Ended(format!("Failed: {error}."));
            (Some(Err(error)), status)
        }
    };
    shared.replace_results(|results| results.end(id, outcome));
    lab.finish(job, status);
}

/// Returns the record, or the reason why there is none. A panic ends this run only.
fn outcome(job: &Arc<Job>, datasets: &Datasets, threads: usize, run: Runner) -> Result<Record, String> {
    match catch_unwind(AssertUnwindSafe(|| run(&job.experiment.spec, datasets, threads, &**job))) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("the run failed inside; the log says where".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::*;
    use crate::content::Folder;
    use crate::lab::Store;
    use crate::server::Config;
    use crate::server::job::State;
    use crate::server::journal::Journal;
    use crate::server::lab::Lookup;
    use crate::server::metrics::LabMetrics;
    use crate::server::results::Results;
    use crate::server::visitor::Visitor;
    use crate::site::read_spec;
    use crate::workspace::Workspace;

    fn job() -> Arc<Job> {
        let text = "experiment: variance\ncurvatures: [1]\nlearning_rate: 0.1\nsteps: 50\nseeds: 30\n";
        Arc::new(Job::new("0a".to_owned(), read_spec(text).unwrap(), None, None))
    }

    #[test]
    fn a_run_that_panics_fails_with_a_message_and_the_next_one_runs() {
        let panics: Runner = |_, _, _, _| panic!("on purpose");
        let failed = outcome(&job(), &Datasets::default(), 1, panics);
        assert_eq!(failed.unwrap_err(), "the run failed inside; the log says where");
        let record = outcome(&job(), &Datasets::default(), 1, crate::lab::run).unwrap();
        assert_eq!(record.recipe.spec, job().experiment.spec);
    }

    /// A site without articles, and its lab.
    fn open(folder: &Path) -> (Arc<Shared>, Arc<Lab>) {
        let (content, cache) = (folder.join("content"), folder.join("cache"));
        std::fs::create_dir(&content).unwrap();
        let site = "name: A\nshort_name: A\ntime_zone: Europe/Vienna\ndescription: B\nfiles: https://example.org/\n";
        std::fs::write(content.join("site.yaml"), site).unwrap();
        let config = Config::of_test(&content, &cache);
        let (pinned, computed) = (Store::new(content.join("results")), Store::new(cache.join("results")));
        let results = Results::open(&content, &config.data, pinned.clone(), computed.clone(), true);
        let (workspace, journal) = (Workspace::new(Folder::new(&content)), Journal::open(&cache));
        let (shared, _) = Shared::open(workspace, results, &config).unwrap();
        (Arc::new(shared), Arc::new(Lab::new(&config.lab, pinned, computed, journal, LabMetrics::default())))
    }

    fn last(mut watched: tokio::sync::watch::Receiver<State>) -> JobStatus {
        let start = Instant::now();
        while !watched.borrow_and_update().status.is_final() {
            assert!(start.elapsed() < Duration::from_secs(60), "{:?}", watched.borrow());
            std::thread::sleep(Duration::from_millis(2));
        }
        watched.borrow().status.clone()
    }

    #[test]
    fn after_a_panic_the_worker_makes_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let (shared, lab) = open(folder.path());
        let visitor = Visitor::new("a", [127, 0, 0, 1].into());
        let enter = |seeds: u32| {
            let text =
                format!("experiment: variance\ncurvatures: [1]\nlearning_rate: 0.1\nsteps: 50\nseeds: {seeds}\n");
            let experiment = read_spec(&text).unwrap();
            let id = shared.snapshot().site.results.id(&experiment).unwrap();
            lab.enter(Job::new(id.clone(), experiment, Some(text), Some(visitor.clone())), &visitor, false).unwrap();
            (lab.active(&id).unwrap().watch(), id)
        };
        let ((first, broken), (second, whole)) = (enter(30), enter(31));
        let run: Runner = |spec, data, threads, progress| {
            assert!(!matches!(spec, Spec::Variance(of) if of.seeds == 30), "on purpose");
            crate::lab::run(spec, data, threads, progress)
        };
        start(shared.clone(), lab.clone(), run).unwrap();
        let reason = "Failed: the run failed inside; the log says where.";
        assert_eq!((last(first), last(second)), (JobStatus::Ended(reason.to_owned()), JobStatus::Done));
        assert!(matches!(lab.find(&broken), Some(Lookup::Ended(entry)) if entry.reason == reason));
        assert!(matches!(lab.find(&whole), Some(Lookup::Done { pinned: false, computed: true, .. })));
        lab.close();
    }

    #[test]
    fn a_job_is_told_of_its_steps_and_keeps_what_there_is() {
        let job = job();
        job.begin(1.0);
        let watched = job.watch();
        let record = outcome(&job, &Datasets::default(), 2, crate::lab::run).unwrap();
        assert!(watched.borrow().done > 0 && watched.borrow().total == record.recipe.spec.cost().steps);
        assert_eq!(job.partial(), Some(record.outcome));
        assert_eq!(job.curves_to_show(), 2, "the two methods at one curvature");
        job.cancel();
        assert_eq!(outcome(&job, &Datasets::default(), 1, crate::lab::run).unwrap_err(), "cancelled");
    }
}
