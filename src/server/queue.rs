//! The runs that wait and the one that is running: who is admitted, in which order, and who has to come back later.

use std::collections::VecDeque;
use std::sync::Arc;

use super::job::{Job, JobStatus};
use super::visitor::Visitor;
use crate::site::{Limits, Refusal};

/// Runs of one network address, in those of one visitor: an audience behind one router is many visitors, one who
/// throws cookies away is not.
const ADDRESS: usize = 4;

/// Runs in their order, one for each id.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    /// The cores that a run has.
    threads: usize,
    running: Option<Arc<Job>>,
    waiting: VecDeque<Arc<Job>>,
}

impl Queue {
    pub(super) fn new(limits: Limits, threads: usize) -> Self {
        Self { limits, threads, running: None, waiting: VecDeque::new() }
    }

    /// The run of this id, if it waits or is being run.
    pub(super) fn find(&self, id: &str) -> Option<&Arc<Job>> {
        self.active().find(|job| job.id == id)
    }

    /// All runs in their order.
    pub(super) fn active(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.running.iter().chain(&self.waiting)
    }

    /// Takes a visitor's run in, or finds the one of the same id.
    ///
    /// # Errors
    /// When the visitor or the queue has as many as may be.
    pub(super) fn enter(&mut self, job: Job, visitor: &Visitor) -> Result<Arc<Job>, Refusal> {
        if let Some(same) = self.find(&job.id) {
            return Ok(same.clone());
        }
        let of = |same: &dyn Fn(&Visitor) -> bool| -> Vec<&Arc<Job>> {
            self.active().filter(|job| job.owner.as_ref().is_some_and(same)).collect()
        };
        let (own, near) = (of(&|owner| owner.is(visitor)), of(&|owner| owner.address == visitor.address));
        let limits = [(own, self.limits.visitor, false), (near, ADDRESS * self.limits.visitor, true)];
        if let Some((runs, limit, shared)) = limits.into_iter().find(|(runs, limit, _)| runs.len() >= *limit) {
            let wait = runs.first().map_or(0.0, |first| self.wait_for(&first.id));
            let runs = runs.iter().map(|job| job.id.clone()).collect();
            return Err(Refusal::TooMany { limit, shared, runs, wait });
        }
        // What articles ask for comes from the content and is not held against visitors.
        let visitors = self.waiting.iter().filter(|job| job.owner.is_some()).count();
        if visitors >= self.limits.queue {
            let wait = self.active().next().map_or(0.0, |first| self.wait_for(&first.id));
            return Err(Refusal::Full { limit: self.limits.queue, wait });
        }
        let job = Arc::new(job);
        self.waiting.push_back(job.clone());
        self.notify();
        Ok(job)
    }

    /// What articles ask for now: new ones come in at the end, and those that nobody asks for any more go.
    pub(super) fn enqueue_missing(&mut self, wanted: Vec<Job>) {
        self.waiting.retain(|job| job.owner.is_some() || wanted.iter().any(|wanted| wanted.id == job.id));
        for job in wanted {
            if self.find(&job.id).is_none() {
                self.waiting.push_back(Arc::new(job));
            }
        }
        self.notify();
    }

    /// The next run, which then is the one that is being run.
    pub(super) fn next(&mut self) -> Option<Arc<Job>> {
        self.running = self.waiting.pop_front();
        if let Some(job) = &self.running {
            job.begin(self.seconds(job));
        }
        self.notify();
        self.running.clone()
    }

    /// The run that was being run has ended.
    pub(super) fn finish(&mut self) {
        self.running = None;
        self.notify();
    }

    /// Stops a run: one that waits goes at once, the one that is being run ends within a batch. Gives it, if there is
    /// one.
    pub(super) fn stop(&mut self, id: &str) -> Option<Arc<Job>> {
        let job = self.find(id)?.clone();
        job.cancel();
        self.waiting.retain(|other| other.id != id);
        self.notify();
        Some(job)
    }

    /// Seconds until a run that came now would begin.
    pub(super) fn wait(&self) -> f64 {
        self.active().map(|job| self.left(job)).sum()
    }

    /// Seconds until the run of this id ends.
    fn wait_for(&self, id: &str) -> f64 {
        let before = self.active().take_while(|job| job.id != id).map(|job| self.left(job)).sum::<f64>();
        before + self.find(id).map_or(0.0, |job| self.left(job))
    }

    fn left(&self, job: &Job) -> f64 {
        let state = job.state();
        if state.status == JobStatus::Running { state.left } else { self.seconds(job) }
    }

    fn seconds(&self, job: &Job) -> f64 {
        job.experiment.spec.seconds(self.threads)
    }

    /// Notifies all that wait how many runs are before them, and for how long.
    pub(super) fn notify(&self) {
        let mut seconds = self.running.as_ref().map_or(0.0, |job| self.left(job));
        for (place, job) in self.waiting.iter().enumerate() {
            job.wait(place + usize::from(self.running.is_some()), seconds);
            seconds += self.seconds(job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::Experiment;
    use crate::site::read_spec;

    fn experiment(seeds: u32) -> Experiment {
        let text = format!("experiment: variance\ncurvatures: [1]\nlearning_rate: 0.1\nsteps: 50\nseeds: {seeds}\n");
        read_spec(&text).unwrap()
    }

    fn visitor(token: &str, address: u8) -> Visitor {
        Visitor::new(token, [10, 0, 0, address].into())
    }

    fn job(n: u32, owner: Option<&Visitor>) -> Job {
        Job::new(format!("{n:020x}"), experiment(n), Some(String::new()), owner.cloned())
    }

    fn queue() -> Queue {
        Queue::new(Limits { queue: 3, visitor: 2, seconds: 60.0 }, 1)
    }

    fn ids(queue: &Queue) -> Vec<u32> {
        queue.active().map(|job| u32::from_str_radix(&job.id, 16).unwrap()).collect()
    }

    #[test]
    fn runs_come_in_their_order_and_hear_of_their_place() {
        let (mut queue, a, b) = (queue(), visitor("a", 1), visitor("b", 2));
        let first = queue.enter(job(11, Some(&a)), &a).unwrap();
        let second = queue.enter(job(12, Some(&b)), &b).unwrap();
        let watched = second.watch();
        assert_eq!(watched.borrow().status, JobStatus::Waiting(1));
        assert_eq!(queue.next().unwrap().id, first.id);
        assert_eq!(first.state().status, JobStatus::Running);
        assert_eq!(watched.borrow().status, JobStatus::Waiting(1), "one is being run");
        assert!(queue.wait() > 0.0);
        queue.finish();
        assert_eq!(watched.borrow().status, JobStatus::Waiting(0));
        assert_eq!((queue.next().unwrap().id.clone(), ids(&queue)), (second.id.clone(), vec![12]));
        queue.finish();
        assert!(queue.next().is_none() && queue.wait() == 0.0);
    }

    #[test]
    fn the_same_spec_is_one_run_whoever_asks_and_however_often() {
        let (mut queue, a, b) = (queue(), visitor("a", 1), visitor("b", 2));
        let first = queue.enter(job(11, Some(&a)), &a).unwrap();
        for _ in 0..9 {
            assert!(Arc::ptr_eq(&queue.enter(job(11, Some(&b)), &b).unwrap(), &first), "while it waits");
        }
        queue.next();
        assert!(Arc::ptr_eq(&queue.enter(job(11, Some(&b)), &b).unwrap(), &first), "while it is being run");
        queue.enqueue_missing(vec![job(11, None)]);
        assert_eq!(ids(&queue), [11]);
    }

    #[test]
    fn a_visitor_and_the_queue_have_their_limits() {
        let mut queue = queue();
        let a = visitor("a", 1);
        queue.enter(job(11, Some(&a)), &a).unwrap();
        queue.enter(job(12, Some(&a)), &a).unwrap();
        let refused = queue.enter(job(13, Some(&a)), &a).unwrap_err();
        let Refusal::TooMany { limit: 2, runs, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!((runs.len(), refused.status()), (2, 429));
        assert!(refused.retry_after() >= Some(1));
        let b = visitor("b", 1);
        queue.enter(job(13, Some(&b)), &b).unwrap();
        assert_eq!(queue.enter(job(14, Some(&b)), &b).unwrap_err().status(), 429);
        assert!(matches!(queue.enter(job(14, Some(&b)), &b), Err(Refusal::Full { limit: 3, .. })));
        queue.next();
        queue.enter(job(14, Some(&b)), &b).unwrap();
        queue.enqueue_missing(vec![job(21, None), job(22, None)]);
        assert_eq!(ids(&queue), [11, 12, 13, 14, 21, 22], "articles are not refused");
    }

    #[test]
    fn cookies_thrown_away_do_not_help_for_long() {
        let limits = Limits { queue: 100, visitor: 1, seconds: 60.0 };
        let mut queue = Queue::new(limits, 1);
        let taken = (2..20).take_while(|n| {
            let fresh = visitor(&n.to_string(), 7);
            queue.enter(job(*n, Some(&fresh)), &fresh).is_ok()
        });
        assert_eq!(taken.count(), ADDRESS);
        let other = visitor("1000", 8);
        assert!(queue.enter(job(99, Some(&other)), &other).is_ok());
    }

    #[test]
    fn what_no_article_asks_for_any_more_does_not_run() {
        let (mut queue, a) = (queue(), visitor("a", 1));
        queue.enqueue_missing(vec![job(21, None), job(22, None)]);
        queue.enter(job(11, Some(&a)), &a).unwrap();
        queue.enqueue_missing(vec![job(22, None), job(23, None)]);
        assert_eq!(ids(&queue), [22, 11, 23]);
    }

    #[test]
    fn a_stopped_run_leaves_the_queue_or_is_told() {
        let (mut queue, a) = (queue(), visitor("a", 1));
        queue.enter(job(11, Some(&a)), &a).unwrap();
        queue.enter(job(12, Some(&a)), &a).unwrap();
        queue.next();
        assert!(queue.stop(&job(12, None).id).unwrap().is_cancelled());
        assert!(queue.stop(&job(11, None).id).unwrap().is_cancelled());
        assert_eq!(ids(&queue), [11], "it ends by itself");
        assert!(queue.stop("none").is_none());
    }
}
