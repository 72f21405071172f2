//! `changes:` of a meetup or an announced event: what was changed after people had been told of it.

use jiff::civil::Date;

use crate::problem::{At, Problem, Text};
use crate::yaml::{Cursor, Fields};

/// A change that everybody who had the event in a calendar should learn of: another day, another place, called off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The day of the change.
    pub date: Date,
    /// What was changed, in a sentence.
    pub what: Text,
}

/// The changes of an event, oldest first.
pub(super) fn list(f: &mut Fields<'_>) -> Vec<Change> {
    let changes = f.list("changes", change);
    for pair in changes.windows(2) {
        let (before, after) = (&pair[0].it.date, &pair[1].it.date);
        if after < before {
            let message = format!("the change of {after} stands after that of {before}");
            f.problem(Problem::error(pair[1].place.clone(), message).help("write the oldest change first"));
        }
    }
    changes.into_iter().map(|change| change.it).collect()
}

fn change(cursor: Cursor<'_>) -> Option<At<Change>> {
    let place = cursor.place();
    let change = cursor.fields("a change", |f| {
        let (date, what) = (f.need("date").and_then(|date| date.date()), f.need_text("what"));
        Some(Change { date: date?.it, what: what? })
    });
    change.map(|it| At { it, place })
}
