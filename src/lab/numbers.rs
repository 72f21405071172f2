//! Numbers with a range, read from YAML.

use std::sync::Arc;

use super::reader::{Cursor, Fields};
use crate::diagnostics::Spanned;
use crate::optim::{self, Range};

/// Where a traced descent starts.
pub(in crate::lab) const ANY: Range = Range::new("a finite number", (f64::MIN, true), (f64::MAX, true));
/// Where a descent of an experiment starts, and other places. Squares of values at them stay far from the largest
/// number.
pub(in crate::lab) const PLACE: Range = Range::new("a number from -1000000 to 1000000", (-1e6, true), (1e6, true));
/// Learning rates and the like: what is above is infinite in single precision soon.
pub(in crate::lab) const POSITIVE: Range = Range::limited("a number above 0", (0.0, false), 1e30);
/// Scales of a function.
pub(in crate::lab) const SCALE: Range = Range::limited("a number above 0", (0.0, false), 1e6);
/// Margins of a picture.
pub(in crate::lab) const MARGIN: Range = Range::limited("a number of at least 0", (0.0, true), 10.0);
pub(in crate::lab) const INSIDE_UNIT: Range = Range::new("a number above 0 and below 1", (0.0, false), (1.0, false));
pub(in crate::lab) const PART: Range = Range::new("a number above 0 and at most 1", (0.0, false), (1.0, true));

/// A number within the range.
pub(in crate::lab) fn number(cursor: Cursor<'_>, range: &Range) -> Option<Spanned<f64>> {
    let value = cursor.convert(|text| range.parse(text))?;
    Some(Spanned { value, span: cursor.span() })
}

/// A whole number from 1 to `most`; `what` names what is counted (`epochs`).
pub(in crate::lab) fn count<T: TryFrom<u64> + Into<u64>>(cursor: Cursor<'_>, what: &str, most: T) -> Option<T> {
    let most = most.into();
    T::try_from(cursor.convert(|text| optim::count(text, what, most))?).ok()
}

/// Replaces `slot` by the value of `key`, if the key is there. `false` after an error.
pub(in crate::lab) fn set<'a, T>(
    fields: &mut Fields<'a>,
    key: &'static str,
    slot: &mut T,
    read: impl FnOnce(Cursor<'a>) -> Option<T>,
) -> bool {
    let Some(cursor) = fields.get(key) else { return true };
    match read(cursor) {
        Some(value) => {
            *slot = value;
            true
        }
        None => false,
    }
}

/// [`set`] for a number within a range.
pub(in crate::lab) fn set_number(fields: &mut Fields<'_>, key: &'static str, slot: &mut f64, range: &Range) -> bool {
    set(fields, key, slot, |cursor| number(cursor, range).map(|found| found.value))
}

/// Reads one of a few names, or adds an error that says which there are; `what` names them (`optimizer`).
pub(in crate::lab) fn known<T>(
    cursor: Cursor<'_>,
    what: &str,
    find: impl FnOnce(&str) -> Option<T>,
    names: &[&str],
) -> Option<(Arc<str>, T)> {
    let name = cursor.text()?;
    if let Some(found) = find(&name) {
        return Some((name, found));
    }
    let message = format!("there is no {what} `{name}`");
    let help = match crate::diagnostics::closest(&name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names.join(", ")),
    };
    cursor.error(message, help);
    None
}
