//! The runs that wait and the one that is running: who is admitted, in which order, and who has to come back later.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::{Job, JobStatus, StopReason};
use super::visitor::Visitor;
use crate::lab::Estimator;
use crate::site::{Limits, Refusal};

/// Runs of one network address, in those of one visitor: an audience behind one router is many visitors, one who
/// throws cookies away is not.
const VISITORS_PER_ADDRESS: usize = 4;
/// This part of the queue is for addresses that have nothing in it.
const RESERVED: usize = 4;
/// One address may add the size of the store divided by this in an hour.
const STORE_SHARE: u64 = 4;
/// Period in which the runs of an address are counted.
const PERIOD: Duration = Duration::from_secs(3600);
/// A run is stopped when it takes this many times the limit: an estimate may be wrong by so much.
const OVERRUN: f64 = 2.0;

/// Runs in their order, one for each id. Addresses take turns.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    pub(super) estimator: Estimator,
    running: Option<Arc<Job>>,
    waiting: VecDeque<Arc<Job>>,
    /// When each address started runs in the last period, and the estimated bytes of their results.
    started: HashMap<IpAddr, Vec<(Instant, u64)>>,
}

impl Queue {
    pub(super) fn new(limits: Limits, estimator: Estimator) -> Self {
        Self { limits, estimator, running: None, waiting: VecDeque::new(), started: HashMap::new() }
    }

    /// Returns the run of this id, if it waits or is running.
    pub(super) fn find(&self, id: &str) -> Option<&Arc<Job>> {
        self.active().find(|job| job.id == id)
    }

    /// Returns all runs in their order.
    pub(super) fn active(&self) -> impl Iterator<Item = &Arc<Job>> {
        self.running.iter().chain(&self.waiting)
    }

    /// Adds a visitor's run, or finds the one of the same id. Returns it, and whether it was added.
    ///
    /// # Errors
    /// When the visitor, the address or the queue has reached a limit.
    pub(super) fn add(&mut self, job: Job, visitor: &Visitor) -> Result<(Arc<Job>, bool), Refusal> {
        if let Some(same) = self.find(&job.id) {
            same.join();
            return Ok((same.clone(), false));
        }
        self.check_concurrent(visitor)?;
        let bytes = Estimator::bytes(&job.experiment.spec);
        self.check_period(visitor.address, bytes)?;
        self.started.entry(visitor.address).or_default().push((Instant::now(), bytes));
        let job = Arc::new(job);
        self.insert(job.clone());
        self.notify();
        Ok((job, true))
    }

    /// Checks the runs that wait or are running.
    fn check_concurrent(&self, visitor: &Visitor) -> Result<(), Refusal> {
        let of = |same: &dyn Fn(&Visitor) -> bool| -> Vec<&Arc<Job>> {
            self.active().filter(|job| job.owner.as_ref().is_some_and(same)).collect()
        };
        let (own, near) = (of(&|owner| owner.is(visitor)), of(&|owner| owner.address == visitor.address));
        let is_new = near.is_empty();
        let limits =
            [(own, self.limits.per_visitor, false), (near, VISITORS_PER_ADDRESS * self.limits.per_visitor, true)];
        if let Some((runs, limit, shared)) = limits.into_iter().find(|(runs, limit, _)| runs.len() >= *limit) {
            let wait = runs.first().map_or(0.0, |first| self.seconds_until_end(&first.id));
            let runs = runs.iter().map(|job| job.id.clone()).collect();
            return Err(Refusal::TooMany { limit, shared, runs, wait });
        }
        // What articles ask for comes from the content and is not held against visitors.
        let waiting = self.waiting.iter().filter(|job| job.owner.is_some()).count();
        let limit = if is_new { self.limits.queue } else { self.limits.queue - self.limits.queue / RESERVED };
        if waiting >= limit {
            let wait = self.active().next().map_or(0.0, |first| self.seconds_until_end(&first.id));
            return Err(Refusal::QueueFull { limit, wait });
        }
        Ok(())
    }

    /// Checks the runs that an address has started in the last period.
    fn check_period(&mut self, address: IpAddr, bytes: u64) -> Result<(), Refusal> {
        let now = Instant::now();
        self.started.retain(|_, runs| {
            runs.retain(|(at, _)| now.duration_since(*at) < PERIOD);
            !runs.is_empty()
        });
        let Some(runs) = self.started.get(&address) else { return Ok(()) };
        let wait = runs.first().map_or(0.0, |(at, _)| (PERIOD - now.duration_since(*at)).as_secs_f64());
        if runs.len() >= self.limits.per_hour {
            return Err(Refusal::HourlyRuns { limit: self.limits.per_hour, wait });
        }
        let limit = self.limits.store_bytes / STORE_SHARE;
        if runs.iter().map(|(_, bytes)| bytes).sum::<u64>().saturating_add(bytes) > limit {
            return Err(Refusal::HourlyBytes { limit, wait });
        }
        Ok(())
    }

    /// Replaces what articles ask for: new runs come in, and those that nobody asks for any more end.
    pub(super) fn replace_missing(&mut self, missing: Vec<Job>) {
        let is_needed = |job: &Arc<Job>| !job.is_for_article_only() || missing.iter().any(|other| other.id == job.id);
        let (needed, others): (VecDeque<Arc<Job>>, VecDeque<_>) = self.waiting.drain(..).partition(&is_needed);
        self.waiting = needed;
        for job in others {
            job.stop(StopReason::NotNeeded);
            job.end(JobStatus::Ended(StopReason::NotNeeded.message()));
        }
        if let Some(job) = self.running.as_ref().filter(|job| !is_needed(job)) {
            job.stop(StopReason::NotNeeded);
        }
        for job in missing {
            if self.find(&job.id).is_none() {
                self.insert(Arc::new(job));
            }
        }
        self.notify();
    }

    /// Inserts a run so that addresses take turns: the n-th run of one goes before the next of any other. Articles
    /// count as one address.
    fn insert(&mut self, job: Arc<Job>) {
        let address = |job: &Job| job.owner.as_ref().map(|owner| owner.address);
        let mut turns = HashMap::new();
        let turns: Vec<usize> = self
            .active()
            .map(|job| {
                let turn = turns.entry(address(job)).or_insert(0);
                *turn += 1;
                *turn
            })
            .collect();
        let own = 1 + self.active().filter(|other| address(other) == address(&job)).count();
        let running = usize::from(self.running.is_some());
        let at = turns.iter().skip(running).position(|turn| *turn > own).unwrap_or(self.waiting.len());
        self.waiting.insert(at, job);
    }

    /// Begins the next run.
    pub(super) fn next(&mut self) -> Option<Arc<Job>> {
        self.running = self.waiting.pop_front();
        if let Some(job) = &self.running {
            let limit = Duration::try_from_secs_f64(OVERRUN * self.limits.seconds).ok();
            job.begin(self.seconds(job), limit.filter(|_| job.owner.is_some()));
        }
        self.notify();
        self.running.clone()
    }

    /// Forgets the run that has ended.
    pub(super) fn finish(&mut self) {
        self.running = None;
        self.notify();
    }

    /// Stops a run: one that waits goes at once, a running one ends within a batch.
    pub(super) fn stop(&mut self, id: &str) -> Option<Arc<Job>> {
        let job = self.find(id)?.clone();
        job.stop(StopReason::Owner);
        self.waiting.retain(|other| other.id != id);
        self.notify();
        Some(job)
    }

    /// Returns the estimated seconds until all runs have ended.
    pub(super) fn seconds_left(&self) -> f64 {
        self.active().map(|job| self.seconds_left_of(job)).sum()
    }

    /// Returns the estimated seconds until the run of this id ends.
    fn seconds_until_end(&self, id: &str) -> f64 {
        let before = self.active().take_while(|job| job.id != id).map(|job| self.seconds_left_of(job)).sum::<f64>();
        before + self.find(id).map_or(0.0, |job| self.seconds_left_of(job))
    }

    fn seconds_left_of(&self, job: &Job) -> f64 {
        let progress = job.progress();
        if progress.status == JobStatus::Running { progress.seconds_left } else { self.seconds(job) }
    }

    fn seconds(&self, job: &Job) -> f64 {
        self.estimator.seconds(&job.experiment.spec)
    }

    /// Notifies all that wait of the runs before them, and of the time that these take.
    pub(super) fn notify(&self) {
        let mut seconds = self.running.as_ref().map_or(0.0, |job| self.seconds_left_of(job));
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

    fn limits(queue: usize, per_visitor: usize) -> Limits {
        Limits { queue, per_visitor, per_hour: 100, seconds: 60.0, store_bytes: 1 << 20 }
    }

    fn queue() -> Queue {
        Queue::new(limits(3, 2), Estimator::new(1))
    }

    fn ids(queue: &Queue) -> Vec<u32> {
        queue.active().map(|job| u32::from_str_radix(&job.id, 16).unwrap()).collect()
    }

    #[test]
    fn runs_come_in_their_order_and_hear_of_their_place() {
        let (mut queue, a, b) = (queue(), visitor("a", 1), visitor("b", 2));
        let (first, _) = queue.add(job(11, Some(&a)), &a).unwrap();
        let (second, _) = queue.add(job(12, Some(&b)), &b).unwrap();
        let watched = second.watch();
        assert_eq!(watched.borrow().status, JobStatus::Waiting(1));
        assert_eq!(queue.next().unwrap().id, first.id);
        assert_eq!(first.progress().status, JobStatus::Running);
        assert_eq!(watched.borrow().status, JobStatus::Waiting(1), "one is being run");
        assert!(queue.seconds_left() > 0.0);
        queue.finish();
        assert_eq!(watched.borrow().status, JobStatus::Waiting(0));
        assert_eq!((queue.next().unwrap().id.clone(), ids(&queue)), (second.id.clone(), vec![12]));
        queue.finish();
        assert!(queue.next().is_none() && queue.seconds_left() == 0.0);
    }

    #[test]
    fn the_same_spec_is_one_run_whoever_asks_and_however_often() {
        let (mut queue, a, b) = (queue(), visitor("a", 1), visitor("b", 2));
        let (first, _) = queue.add(job(11, Some(&a)), &a).unwrap();
        for _ in 0..9 {
            assert!(Arc::ptr_eq(&queue.add(job(11, Some(&b)), &b).unwrap().0, &first), "while it waits");
        }
        queue.next();
        assert!(Arc::ptr_eq(&queue.add(job(11, Some(&b)), &b).unwrap().0, &first), "while it is being run");
        queue.replace_missing(vec![job(11, None)]);
        assert_eq!(ids(&queue), [11]);
    }

    #[test]
    fn a_visitor_and_the_queue_have_their_limits() {
        let mut queue = Queue::new(limits(4, 2), Estimator::new(1));
        let (a, b, c) = (visitor("a", 1), visitor("b", 2), visitor("c", 3));
        queue.add(job(11, Some(&a)), &a).unwrap();
        queue.add(job(12, Some(&a)), &a).unwrap();
        let refused = queue.add(job(13, Some(&a)), &a).unwrap_err();
        let Refusal::TooMany { limit: 2, runs, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!((runs.len(), refused.status()), (2, 429));
        assert!(refused.retry_after() >= Some(1));
        queue.add(job(13, Some(&b)), &b).unwrap();
        let full = |refused| matches!(refused, Err(Refusal::QueueFull { .. }));
        assert!(full(queue.add(job(14, Some(&b)), &b)), "a quarter is for those who have nothing yet");
        queue.add(job(15, Some(&c)), &c).unwrap();
        let d = visitor("d", 4);
        assert!(full(queue.add(job(16, Some(&d)), &d)), "and now there is no place left");
        queue.next();
        queue.add(job(16, Some(&d)), &d).unwrap();
        queue.replace_missing(vec![job(21, None), job(22, None)]);
        assert_eq!(ids(&queue), [11, 13, 15, 16, 21, 12, 22], "articles are not refused, and all take turns");
    }

    #[test]
    fn addresses_take_turns() {
        let mut queue = Queue::new(limits(100, 9), Estimator::new(1));
        let (a, b) = (visitor("a", 1), visitor("b", 2));
        (11..15).for_each(|n| drop(queue.add(job(n, Some(&a)), &a).unwrap()));
        queue.next();
        (21..23).for_each(|n| drop(queue.add(job(n, Some(&b)), &b).unwrap()));
        assert_eq!(ids(&queue), [11, 21, 12, 22, 13, 14]);
    }

    #[test]
    fn an_address_starts_so_many_runs_and_adds_so_many_bytes_in_an_hour() {
        let mut queue = Queue::new(Limits { per_hour: 3, ..limits(100, 9) }, Estimator::new(1));
        let (a, b) = (visitor("a", 1), visitor("b", 2));
        let mut start = |n: u32, visitor: &Visitor| {
            let added = queue.add(job(n, Some(visitor)), visitor).map(drop);
            queue.next();
            queue.finish();
            added
        };
        (11..14).for_each(|n| start(n, &a).unwrap());
        let refused = start(14, &visitor("c", 1)).unwrap_err();
        assert!(matches!(refused, Refusal::HourlyRuns { limit: 3, .. }), "{refused:?}");
        assert!((3590..=3600).contains(&refused.retry_after().unwrap()));
        start(14, &b).unwrap();

        let bytes = Estimator::bytes(&experiment(30).spec);
        let mut queue = Queue::new(Limits { store_bytes: 10 * bytes, ..limits(100, 9) }, Estimator::new(1));
        for n in [11, 12] {
            queue.add(job(n, Some(&a)), &a).unwrap();
        }
        let refused = queue.add(job(13, Some(&a)), &a).unwrap_err();
        assert!(matches!(refused, Refusal::HourlyBytes { .. }), "{refused:?}");
        queue.add(job(13, Some(&b)), &b).unwrap();
    }

    #[test]
    fn cookies_thrown_away_do_not_help_for_long() {
        let mut queue = Queue::new(limits(100, 1), Estimator::new(1));
        let taken = (2..20).take_while(|n| {
            let fresh = visitor(&n.to_string(), 7);
            queue.add(job(*n, Some(&fresh)), &fresh).is_ok()
        });
        assert_eq!(taken.count(), VISITORS_PER_ADDRESS);
        let other = visitor("1000", 8);
        assert!(queue.add(job(99, Some(&other)), &other).is_ok());
    }

    #[test]
    fn what_no_article_asks_for_any_more_ends_unless_a_visitor_does() {
        let (mut queue, a) = (queue(), visitor("a", 1));
        queue.replace_missing(vec![job(20, None), job(21, None), job(22, None), job(23, None)]);
        let running = queue.next().unwrap();
        let [dropped, joined] = [21, 23].map(|n| queue.find(&job(n, None).id).unwrap().clone());
        queue.add(job(11, Some(&a)), &a).unwrap();
        queue.add(job(23, Some(&a)), &a).unwrap();
        queue.replace_missing(vec![job(22, None), job(24, None)]);
        assert_eq!(ids(&queue), [20, 11, 22, 23, 24]);
        assert_eq!(running.stop_reason(), Some(StopReason::NotNeeded), "it ends within a batch");
        assert!(matches!(dropped.progress().status, JobStatus::Ended(_)) && joined.stop_reason().is_none());
    }

    #[test]
    fn a_stopped_run_leaves_the_queue_or_is_told() {
        let (mut queue, a) = (queue(), visitor("a", 1));
        queue.add(job(11, Some(&a)), &a).unwrap();
        queue.add(job(12, Some(&a)), &a).unwrap();
        queue.next();
        assert!(queue.stop(&job(12, None).id).unwrap().stop_reason().is_some());
        assert!(queue.stop(&job(11, None).id).unwrap().stop_reason().is_some());
        assert_eq!(ids(&queue), [11], "it ends by itself");
        assert!(queue.stop("none").is_none());
    }
}
