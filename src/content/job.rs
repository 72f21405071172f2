//! `jobs/*.md`: positions that were offered at an event.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::link::WebAddress;
use super::meetup::EventKey;
use super::{Body, ends_before};
use crate::diagnostics::{Diagnostic, Spanned};

/// An offer of one or several positions by one company.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a job")]
pub struct Job {
    /// The position, or what the positions have in common.
    pub title: Arc<str>,
    /// The positions, if there are several.
    #[serde(default)]
    pub roles: Vec<Arc<str>>,
    /// The company that hires.
    pub company: Arc<str>,
    /// Place of work.
    pub place: Option<Arc<str>>,
    /// Person to ask.
    pub contact: Option<Contact>,
    /// Address where one applies.
    pub apply: Option<Spanned<WebAddress>>,
    /// Number or code of the event at which it was announced.
    pub meetup: Option<Spanned<EventKey>>,
    /// Day of the announcement.
    pub date: Spanned<Date>,
    /// Last day on which one can apply, if a source says so.
    pub expires: Option<Spanned<Date>>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}

/// Person to ask about a position.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a contact")]
pub struct Contact {
    /// Name, with titles.
    pub name: Option<Arc<str>>,
    /// Mail address.
    pub mail: Option<Arc<str>>,
    /// Phone number, as written.
    pub phone: Option<Arc<str>>,
}

impl Job {
    pub(super) fn lint(&self) -> Vec<Diagnostic> {
        let backwards = ends_before(Some(&self.date), self.expires.as_ref(), |begin, end| {
            format!("the offer ends on {end} and begins on {begin}")
        });
        backwards.into_iter().collect()
    }
}
