//! `events/*.md`: what was announced at an event: festivals, workshops, news of the group.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use super::change::{self, Change, Status};
use super::link::WebAddress;
use super::meetup::EventKey;
use super::price::Price;
use super::{Body, ends_before};
use crate::diagnostics::{Diagnostic, Spanned};
use crate::yaml::choices;

/// An announcement, with the programme if it has one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "an event")]
pub struct Announcement {
    /// Title.
    pub title: Arc<str>,
    /// Kind of event.
    pub kind: Spanned<Kind>,
    /// First day.
    pub date: Option<Spanned<Date>>,
    /// Last day, if there are several.
    pub end_date: Option<Spanned<Date>>,
    /// Hours, as written.
    pub time: Option<Arc<str>>,
    /// Name of the place.
    pub place: Option<Arc<str>>,
    /// Street and city.
    pub address: Option<Arc<str>>,
    /// Group or company that runs it.
    pub host: Option<Arc<str>>,
    /// Set if it does not take place as announced.
    pub status: Option<Spanned<Status>>,
    /// Changes after the announcement, oldest first.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// Its page elsewhere.
    pub url: Option<Spanned<WebAddress>>,
    /// Address where one registers.
    pub registration: Option<Spanned<WebAddress>>,
    /// Price of admission.
    pub price: Option<Spanned<Price>>,
    /// Slug of the event it belongs to.
    pub part_of: Option<Spanned<Arc<str>>>,
    /// Number or code of the meetup at which it was announced.
    pub meetup: Option<Spanned<EventKey>>,
    /// Items of the programme, in the order of the file.
    #[serde(default)]
    pub programme: Vec<Slot>,
    /// The text.
    #[serde(skip)]
    pub body: Body,
}

choices! {
    /// Kind of an announcement.
    pub enum Kind {
        /// Several days of talks and more.
        Festival = "festival",
        /// A session to work in.
        Workshop = "workshop",
        /// A competition in building.
        Hackathon = "hackathon",
        /// Talks on a subject.
        Conference = "conference",
        /// News without a day of its own.
        Announcement = "announcement",
    }
}

/// An item of a programme.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(expecting = "a programme item")]
pub struct Slot {
    /// The day, if the programme has several.
    pub day: Option<Spanned<Date>>,
    /// Hours, as written.
    pub time: Option<Arc<str>>,
    /// Name or number of the stage.
    pub stage: Option<Arc<str>>,
    /// Kind of item, as written.
    pub kind: Option<Arc<str>>,
    /// Names of the speakers, in order.
    #[serde(default)]
    pub speakers: Vec<Arc<str>>,
    /// Title.
    pub title: Arc<str>,
}

impl Announcement {
    pub(super) fn lint(&self) -> Vec<Diagnostic> {
        let backwards = ends_before(self.date.as_ref(), self.end_date.as_ref(), |begin, end| {
            format!("ends on {end} and begins on {begin}")
        });
        backwards.into_iter().chain(change::lint(self.status.as_ref(), &self.changes)).collect()
    }
}
