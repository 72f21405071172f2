//! The lab: an experiment written in YAML goes in, a record of what came out, with its provenance, comes out.
//!
//! ```text
//! text ─▶ Experiment ─▶ run ─▶ Record ─▶ statistics ─▶ (charts, tables)
//!            ▲           ▲        ▼
//!          tasks      Datasets   Store
//! ```
//!
//! There are several kinds of experiment, each in a file of its own; [`spec::Spec`] lists them, and `kind` says what each has to bring.
//!
//! The same spec gives the same bits, whatever the number of threads and on whatever machine: every run draws from seeds of its own,
//! sums have one order ([`network`]), and functions beyond + − × ÷ √ come from libm. Only [`store`] touches files, and only
//! the runner reads a clock, for the part of a record that does not reproduce.

pub mod data;
mod describe;
mod estimate;
mod explain;
pub mod gradients;
mod kind;
mod learner;
pub mod network;
pub mod objective;
pub mod paths;
pub mod record;
mod run;
pub mod seeds;
pub mod spec;
pub mod statistics;
pub mod store;
pub mod surface;
pub mod task;
pub mod trace;
pub mod train;
pub mod variance;
pub mod warmup;

pub use data::{DataError, DataName, Dataset, Datasets, FileError, Files};
pub use describe::labels;
pub use estimate::Estimator;
pub use explain::{Change, Standing, explain};
pub use gradients::{Bins, GradientRun, GradientsSpec};
pub use objective::Objective;
pub use paths::{Path, PathsSpec};
pub use record::{DataId, Difference, ENGINE, Measured, Recipe, Record, RecordError};
pub use run::{Progress, RunError, recipe, run};
pub use spec::{Cost, Experiment, Figure, Method, OptimizerSpec, Outcome, Spec, View, Window};
pub use statistics::{Average, Averages, Best, Curve, GradientStatistics, Group, Interval, Statistics, Target};
pub use store::{Broken, DataFolder, Store};
pub use surface::{Levels, Picture, SurfaceRun, SurfaceSpec, Track};
pub use task::Task;
pub use trace::{TracePoint, TraceSpec, trace};
pub use train::{Run, TrainSpec};
pub use variance::{VarianceMethod, VarianceRun, VarianceSpec};
pub use warmup::{Warmup, WarmupSpec};
