//! The lab: an experiment written in YAML goes in, a record of what came out, with its provenance, comes out.
//!
//! ```text
//! text ─▶ Experiment ─▶ run ─▶ Record ─▶ statistics ─▶ (charts, tables)
//!            ▲           ▲        ▼
//!          tasks      Datasets   Store
//! ```
//!
//! Each file uses only those before it: `seeds`, `network`, `objective` and `data`; `task`; `method` (optimizers and
//! schedules as specs write them, read by `reader`, `numbers` and `lists`); `experiment` and `kind`, which say what
//! every kind of experiment shares and has to bring; the kinds, each in a file of its own; [`spec::Spec`], which lists
//! them; `record`; then `run`, `statistics`, `explain`, `estimate`, `store` and `sweep`.
//!
//! The same spec gives the same bits, whatever the number of threads and on whatever machine: every run draws from
//! seeds of its own, sums have one order ([`network`]), and functions beyond + − × ÷ √ come from libm. Only [`store`]
//! and [`sweep`] touch files, and only the runner reads a clock, for the part of a record that does not reproduce.

mod blocks;
mod compare;
pub mod data;
mod estimate;
mod experiment;
mod explain;
pub mod gradients;
mod kind;
mod lists;
pub mod method;
pub mod network;
mod numbers;
pub mod objective;
pub mod paths;
mod reader;
pub mod record;
mod run;
mod schedules;
pub mod seeds;
pub mod spec;
pub mod statistics;
pub mod store;
pub mod surface;
pub mod sweep;
pub mod task;
pub mod trace;
pub mod train;
mod trainer;
pub mod variance;
pub mod warmup;

pub use blocks::blocks;
pub use compare::Difference;
pub use data::{DataError, DataId, DataName, Dataset, Datasets, FileError, Files};
pub use estimate::Estimator;
pub use experiment::{Cost, Figure, RunError};
pub use explain::{Change, Standing, explain};
pub use gradients::{Bins, GradientRun, GradientsSpec};
pub use method::{OptimizerSpec, labels};
pub use objective::Objective;
pub use paths::{Path, PathsSpec};
pub use record::{ENGINE, Measured, Recipe, Record, RecordError, is_id};
pub use run::{Progress, recipe, run};
pub use spec::{Experiment, Outcome, Spec, View, Window, schema};
pub use statistics::{
    Average, Averages, Best, Curve, GradientStatistics, Group, Interval, Statistics, Target, paired_difference,
};
pub use store::{Broken, DataFolder, Store};
pub use surface::{Levels, Picture, SurfaceRun, SurfaceSpec, Track};
pub use sweep::{Parts, PlannedRun, Shard, SweepError, plan};
pub use task::Task;
pub use trace::{TracePoint, TraceSpec, trace};
pub use train::{Run, TrainSpec};
pub use variance::{VarianceMethod, VarianceRun, VarianceSpec};
pub use warmup::{Warmup, WarmupSpec};

pub use crate::optim::{EvaluatedAt, Method};
