//! What all kinds of experiment share while they are read, priced and run.

use std::sync::atomic::{AtomicU64, Ordering};

use super::data::{DataError, DataName, Dataset};
use super::task::Task;

/// A way to show a record. Which ones a kind of experiment has, stands with the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Values over the length of a run, a line a method, with a band over seeds.
    Curves,
    /// Values over the length of a run, each method at the learning rate that it did best at.
    Best,
    /// Final values over learning rates.
    Sensitivity,
    /// Training loss and test accuracy over the length of a run, each method apart, a line a learning rate.
    Rates,
    /// How many gradients are how large, a row a step.
    Histogram,
    /// Share of gradients that are exactly 0, over steps.
    Zeros,
    /// Accuracy over a plane of weights, with paths.
    Panels,
    /// What a slow step gains on average over many inner loops.
    Average,
    /// Paths over contours.
    Paths,
    /// Values of a function over steps.
    Values,
    /// The numbers.
    Table,
}

impl Figure {
    /// The word for each in a block.
    pub const NAMES: [(&'static str, Figure); 11] = [
        ("curves", Figure::Curves),
        ("best", Figure::Best),
        ("sensitivity", Figure::Sensitivity),
        ("rates", Figure::Rates),
        ("histogram", Figure::Histogram),
        ("zeros", Figure::Zeros),
        ("panels", Figure::Panels),
        ("average", Figure::Average),
        ("paths", Figure::Paths),
        ("values", Figure::Values),
        ("table", Figure::Table),
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        Figure::NAMES.iter().find(|(_, figure)| *figure == self).map_or("", |(name, _)| name)
    }
}

/// How much work an experiment is, and how much is kept of it, known before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Optimizer steps of all runs together, and the points of a surface: what progress is counted in.
    pub steps: u64,
    /// Multiplications that are added up, of all runs together; other work counts as much as takes the same time.
    pub multiply_adds: u64,
    /// Most numbers that its record holds.
    pub numbers: u64,
}

impl Cost {
    /// Multiply-adds a second and thread, all else of a run included: what small networks reach with AVX2 on a server
    /// of today (AMD EPYC); large ones reach twice that, convolutions half.
    pub const RATE: f64 = 2.0e10;
    /// Most work in one experiment, in multiply-adds: some ten minutes on two cores, that is fifty epochs of
    /// `cifar-cnn`, or five hundred times the digits comparison of four optimizers, four rates and five seeds.
    pub const MOST_MULTIPLY_ADDS: u64 = 20_000_000_000_000;
    /// Most numbers in one record, whose file is then some 5 MB.
    pub const MOST_NUMBERS: u64 = 500_000;

    /// About how many seconds it takes on so many free cores.
    pub fn seconds(&self, threads: usize) -> f64 {
        self.multiply_adds as f64 / Self::RATE / threads.max(1) as f64
    }
}

/// Why there is no record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The task's data are not at hand, or cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data at hand have other sizes than the task says.
    #[error("the data set `{0}` has other sizes than its task")]
    OtherData(DataName),
    /// It is not wanted any more.
    #[error("cancelled")]
    Cancelled,
    /// Whoever was given a run could not keep it.
    #[error("{0}")]
    Sink(String),
    /// The system gave no threads.
    #[error("cannot start worker threads: {0}")]
    Threads(String),
}

/// How a run tells how far it is, and learns that it is not wanted any more. Calls come from any worker thread.
pub(super) struct Watch<'a, E> {
    /// `done` of `total` steps are made, of all runs together.
    pub(super) advance: &'a (dyn Fn(u64, u64) + Sync),
    /// The entry at an index has grown; who does not ask what it is so far pays nothing.
    pub(super) grown: &'a (dyn Fn(usize, &dyn Fn() -> E) + Sync),
    /// Whether to stop.
    pub(super) cancelled: &'a (dyn Fn() -> bool + Sync),
}

/// What all runs of an experiment look at besides its spec; `E` is an entry of what comes out.
pub(super) struct Bench<'a, E> {
    set: Option<&'a Dataset>,
    watch: Watch<'a, E>,
    done: AtomicU64,
    total: u64,
}

impl<'a, E> Bench<'a, E> {
    /// For an experiment of so many steps in all.
    pub(super) fn new(set: Option<&'a Dataset>, watch: Watch<'a, E>, total: u64) -> Self {
        Self { set, watch, done: AtomicU64::new(0), total }
    }

    /// The data of this task, which is the spec's.
    pub(super) fn set(&self, task: Task) -> Result<&'a Dataset, RunError> {
        self.set.ok_or(RunError::Data(DataError::Absent(task.data)))
    }

    /// Tells that so many more steps are made, or will not have to be.
    pub(super) fn report(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        (self.watch.advance)(done, self.total);
    }

    /// Shows what an entry is so far. Nothing that looks can change what comes out.
    pub(super) fn show(&self, index: usize, part: impl Fn() -> E) {
        (self.watch.grown)(index, &part);
    }

    /// Ends the run when it is not wanted any more. To be called before each batch, also of an evaluation.
    pub(super) fn go_on(&self) -> Result<(), RunError> {
        if (self.watch.cancelled)() { Err(RunError::Cancelled) } else { Ok(()) }
    }
}
