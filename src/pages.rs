//! The pages: one file and one template each. A page is a struct with the same name as its template, and a `Kind` that
//! tells the paths it answers to.

pub(crate) mod announcement;
pub(crate) mod announcements;
pub(crate) mod api;
pub(crate) mod article;
pub(crate) mod articles;
pub(crate) mod event;
pub(crate) mod events;
mod expiry;
mod failure;
mod frame;
pub(crate) mod home;
pub(crate) mod job;
pub(crate) mod jobs;
pub(crate) mod lab;
mod listing;
pub(crate) mod missing;
mod moved;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod search;
pub(crate) mod talk;
pub(crate) mod talks;
pub(crate) mod text;
pub(crate) mod topic;
pub(crate) mod topics;
pub(crate) mod venue;
pub(crate) mod venues;

use crate::context::{Answer, CachePolicy, Delivery, Kind, Query, Request, Site, query};
use crate::prose;

pub use failure::failure;
pub use lab::{
    Blocks, LabStatus, Limits, ListedRun, Refusal, ResultStatus, RunStatus, RunView, duration_in_words, lab_page,
    name as experiment_name, partial_curves, read_spec, refusal, run_page,
};
pub use moved::moved;
