//! `changes:` of a meetup or an announced event: what was changed after the announcement.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostics::{Diagnostic, Spanned};
use crate::yaml::{Invalid, Scalar, choice};

/// A change that everybody who had the event in a calendar should learn of: another day, another place, called off.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(expecting = "a change")]
pub struct Change {
    /// Day of the change.
    pub date: Spanned<Date>,
    /// The change, in a sentence.
    pub what: Arc<str>,
}

/// Finds changes that are out of order, and an event that does not take place without a change that says so.
pub(super) fn lint(status: Option<&Spanned<Status>>, changes: &[Change]) -> Vec<Diagnostic> {
    let out_of_order = changes.windows(2).filter(|pair| *pair[1].date < *pair[0].date).map(|pair| {
        let (before, after) = (&pair[0].date, &pair[1].date);
        let message = format!("the change of {after} stands after that of {before}");
        Diagnostic::error(after.span.clone(), message).help("write the oldest change first")
    });
    let is_off = |status: &&Spanned<Status>| status.value != Status::Held && changes.is_empty();
    let untold = status.filter(is_off).map(|status| {
        let help = "add the day and a sentence, so that calendars and feeds can tell it: changes: [{date: 2026-11-20, what: …}]";
        Diagnostic::warning(status.span.clone(), "no change on record says when this was decided").help(help)
    });
    out_of_order.chain(untold).collect()
}

/// Status of something that is announced for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
pub enum Status {
    /// It does, as announced: nothing is written.
    #[schemars(skip)]
    Held,
    /// It does not take place.
    #[schemars(rename = "cancelled")]
    Cancelled,
    /// It was moved to another day.
    #[schemars(rename = "postponed")]
    Postponed,
    /// It did not take place, and the sources do not say whether for good.
    #[schemars(rename = "cancelled / postponed")]
    CancelledOrPostponed,
}

impl Status {
    const WORDS: [(&'static str, Status); 3] = [
        ("cancelled", Status::Cancelled),
        ("postponed", Status::Postponed),
        ("cancelled / postponed", Status::CancelledOrPostponed),
    ];

    /// The status under an optional key.
    pub fn of(written: &Option<Spanned<Status>>) -> Self {
        written.as_ref().map_or(Status::Held, |status| status.value)
    }

    /// The words for what did not take place.
    pub fn words(self) -> Option<&'static str> {
        Self::WORDS.iter().find(|(_, status)| *status == self).map(|(words, _)| *words)
    }
}

impl Scalar for Status {
    fn from_text(text: &str) -> Result<Self, Invalid> {
        choice(text, &Self::WORDS)
    }

    fn placeholder() -> Self {
        Status::Held
    }
}
