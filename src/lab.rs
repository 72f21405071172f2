//! The lab: an experiment written in YAML goes in, a record of curves with its provenance comes out.
//!
//! ```text
//! text ─▶ Experiment ─▶ run ─▶ Record ─▶ statistics ─▶ (charts, tables)
//!            ▲           ▲        ▼
//!          tasks      Datasets   Store
//! ```
//!
//! The same spec gives the same bits, whatever the number of threads and on whatever machine: every run draws from seeds of its own,
//! sums have one order ([`network`]), and functions beyond + − × ÷ √ come from libm. Only [`store`] touches files, and only
//! the runner reads a clock, for the part of a record that does not reproduce.

pub mod data;
mod describe;
mod explain;
pub mod network;
pub mod objective;
pub mod record;
pub mod seeds;
pub mod spec;
pub mod statistics;
pub mod store;
pub mod task;
pub mod trace;
mod train;

pub use data::{DataError, DataName, Dataset, Datasets, FileError, Files};
pub use describe::labels;
pub use explain::{Change, Standing, explain};
pub use record::{DataId, Difference, ENGINE, Measured, Recipe, Record, RecordError, Run};
pub use spec::{Cost, Experiment, Figure, Method, OptimizerSpec, TrainSpec};
pub use statistics::{Best, Curve, Group, Interval, Statistics, Target};
pub use store::{Broken, DataFolder, Store, Unusable};
pub use task::Task;
pub use trace::{TracePoint, TraceSpec, trace};
pub use train::{Progress, RunError, recipe, run};
