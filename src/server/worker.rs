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
pub(super) fn start(shared: Arc<Shared>, lab: Arc<Lab>, threads: usize, run: Runner) -> std::io::Result<()> {
    let started = std::thread::Builder::new().name("experiments".to_owned()).spawn(move || {
        // Linux keeps priorities by thread, and the threads of a run inherit this one's.
        if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
            tracing::warn!("experiments run at normal priority: {error}");
        }
        enqueue_missing(&shared, &lab);
        while let Some(job) = lab.next() {
            work(&shared, &lab, &job, |job, datasets| outcome(job, datasets, threads, run));
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

/// Sends those who wait the time they still have to, once a second.
pub(super) async fn broadcast_eta(lab: Arc<Lab>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        lab.notify();
    }
}

fn enqueue_missing(shared: &Shared, lab: &Lab) {
    let missing = shared.missing().into_iter();
    lab.replace_missing(missing.map(|(id, experiment)| Job::new(id, experiment, None, None)).collect());
}

/// Runs a job, unless its record is there by now, and publishes what comes of it.
fn work(shared: &Shared, lab: &Lab, job: &Arc<Job>, run: impl FnOnce(&Arc<Job>, &Datasets) -> Result<Record, String>) {
    let id = &job.id;
    shared.replace_results(|results| results.begin(id));
    let (outcome, status) = match lab.computed(id) {
        Some(record) => (Some(Ok(record)), JobStatus::Done),
        None => {
            let title = job.experiment.title.as_deref().unwrap_or("without a title");
            tracing::info!("running the experiment {id}: {title}");
            let datasets = shared.snapshot().site.results.datasets.clone();
            publish(lab, job, run(job, &datasets))
        }
    };
    let record = outcome.as_ref().and_then(|outcome| outcome.as_ref().ok()).cloned();
    shared.replace_results(|results| results.end(id, outcome));
    lab.finish(job, status, record.as_ref());
}

/// Saves a record. Returns what pages show: a record, a failure, or nothing of a run that was stopped.
fn publish(lab: &Lab, job: &Job, outcome: Result<Record, String>) -> (Option<Result<Record, String>>, JobStatus) {
    let id = &job.id;
    let failure = match (outcome, job.stop_reason()) {
        (Ok(record), _) => {
            tracing::info!("the experiment {id} took {:.1} s", record.measured.as_ref().map_or(0.0, |m| m.seconds));
            match lab.save(&record) {
                Ok(()) => return (Some(Ok(record)), JobStatus::Done),
                Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                    tracing::error!("{error}");
                    "its numbers are too large to be kept; choose smaller ones".to_owned()
                }
                Err(error) => {
                    tracing::error!("{error}");
                    "its result could not be written to the disk".to_owned()
                }
            }
        }
        (Err(_), Some(reason)) => return (None, JobStatus::Ended(reason.message())),
        (Err(error), None) => error,
    };
    tracing::error!("the experiment {id} failed: {failure}");
    (Some(Err(failure.clone())), JobStatus::Ended(format!("Failed: {failure}.")))
}

/// Returns the record, or the reason why there is none. A panic ends this run only.
fn outcome(job: &Arc<Job>, datasets: &Datasets, threads: usize, run: Runner) -> Result<Record, String> {
    match catch_unwind(AssertUnwindSafe(|| run(&job.experiment.spec, datasets, threads, &**job))) {
        Ok(outcome) => outcome.map_err(|error| error.to_string()),
        Err(_) => Err("the run met a fault in the program; the server's log has the details".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Instant;

    use super::*;
    use crate::content::Folder;
    use crate::lab::{Estimator, Store};
    use crate::server::Config;
    use crate::server::job::{Progress as JobProgress, StopReason};
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
        assert_eq!(failed.unwrap_err(), "the run met a fault in the program; the server's log has the details");
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
        let (workspace, journal) = (Workspace::new(Folder::new(&content)), Journal::open(&cache, &content));
        let (shared, _) = Shared::open(workspace, results, &config).unwrap();
        let (stores, metrics) = ((pinned, computed), LabMetrics::default());
        (Arc::new(shared), Arc::new(Lab::new(config.lab.limits, Estimator::new(1), stores, journal, metrics)))
    }

    fn last(mut watched: tokio::sync::watch::Receiver<JobProgress>) -> JobStatus {
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
            lab.add(Job::new(id.clone(), experiment, Some(text), Some(visitor.clone())), &visitor).unwrap();
            (lab.job(&id).unwrap().watch(), id)
        };
        let ((first, broken), (second, whole)) = (enter(30), enter(31));
        let run: Runner = |spec, data, threads, progress| {
            assert!(!matches!(spec, Spec::Variance(of) if of.seeds == 30), "on purpose");
            crate::lab::run(spec, data, threads, progress)
        };
        start(shared.clone(), lab.clone(), 1, run).unwrap();
        let reason = "Failed: the run met a fault in the program; the server's log has the details.";
        assert_eq!((last(first), last(second)), (JobStatus::Ended(reason.to_owned()), JobStatus::Done));
        assert!(matches!(lab.find(&broken), Some(Lookup::Ended(entry, _)) if entry.reason == reason));
        assert!(matches!(lab.find(&whole), Some(Lookup::Done { pinned: false, computed: true, .. })));
        lab.close();
    }

    #[test]
    fn a_job_is_told_of_its_steps_and_keeps_what_there_is() {
        let job = job();
        job.begin(1.0, None);
        let watched = job.watch();
        let record = outcome(&job, &Datasets::default(), 2, crate::lab::run).unwrap();
        assert!(watched.borrow().done > 0 && watched.borrow().total == record.recipe.spec.cost().steps);
        assert_eq!(job.partial(), Some(record.outcome));
        assert_eq!(job.curves_to_show(), 2, "the two methods at one curvature");
        job.stop(StopReason::Owner);
        assert_eq!(outcome(&job, &Datasets::default(), 1, crate::lab::run).unwrap_err(), "cancelled");
    }

    #[test]
    fn a_run_that_takes_longer_than_its_limit_is_stopped_and_says_so() {
        let job = job();
        job.begin(1.0, Some(Duration::from_nanos(1)));
        std::thread::sleep(Duration::from_millis(1));
        assert!(outcome(&job, &Datasets::default(), 1, crate::lab::run).is_err());
        let reason = job.stop_reason().unwrap();
        assert!(
            matches!(reason, StopReason::Overrun(_)) && reason.message().contains("took longer than"),
            "{reason:?}"
        );
    }

    #[test]
    fn a_result_that_cannot_be_kept_is_a_failure_and_a_cut_one_is_computed_again() {
        let folder = tempfile::tempdir().unwrap();
        let (shared, lab) = open(folder.path());
        let job = job();
        let mut record = outcome(&job, &Datasets::default(), 1, crate::lab::run).unwrap();
        let id = record.id.clone();
        let crate::lab::Outcome::Variance(runs) = &mut record.outcome else { panic!() };
        let mean = std::mem::replace(&mut runs[0].mean[0], f64::INFINITY);
        let (shown, status) = publish(&lab, &job, Ok(record.clone()));
        assert!(shown.unwrap().is_err() && matches!(&status, JobStatus::Ended(why) if why.contains("too large")));
        assert!(lab.computed(&id).is_none());
        let crate::lab::Outcome::Variance(runs) = &mut record.outcome else { panic!() };
        runs[0].mean[0] = mean;
        lab.save(&record).unwrap();
        let file = folder.path().join(format!("cache/results/{id}.json"));
        let whole = std::fs::read_to_string(&file).unwrap();
        // One that was cut, and one that no longer belongs to its name.
        for broken in ["{".to_owned(), whole.replace(&id, &"0".repeat(id.len()))] {
            std::fs::write(&file, broken).unwrap();
            assert!(lab.computed(&id).is_none() && lab.find(&id).is_none());
            let job = Arc::new(Job::new(id.clone(), job.experiment.clone(), None, None));
            let mut runs = 0;
            work(&shared, &lab, &job, |job, datasets| {
                runs += 1;
                outcome(job, datasets, 1, crate::lab::run)
            });
            assert_eq!((runs, job.progress().status), (1, JobStatus::Done));
            assert!(lab.computed(&id).is_some());
            let again = Arc::new(Job::new(id.clone(), job.experiment.clone(), None, None));
            work(&shared, &lab, &again, |_, _| panic!("it is there"));
        }
    }
}
