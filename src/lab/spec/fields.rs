//! Numbers with a rule, read from YAML.

use std::str::FromStr;
use std::sync::Arc;

use crate::diagnostics::Spanned;
use crate::lab::spec::cursor::{Cursor, Fields};

/// What a number has to be: in words, and as a test.
pub(in crate::lab) struct Rule(pub(in crate::lab) &'static str, pub(in crate::lab) fn(f64) -> bool);

pub(in crate::lab) const ANY: Rule = Rule("a finite number", |x| x.is_finite());
pub(in crate::lab) const POSITIVE: Rule = Rule("a number above 0", |x| x > 0.0 && x.is_finite());
pub(in crate::lab) const NOT_NEGATIVE: Rule = Rule("a number of at least 0", |x| x >= 0.0 && x.is_finite());
pub(in crate::lab) const BELOW_ONE: Rule = Rule("a number of at least 0 and below 1", |x| (0.0..1.0).contains(&x));
pub(in crate::lab) const INSIDE_UNIT: Rule = Rule("a number above 0 and below 1", |x| x > 0.0 && x < 1.0);
pub(in crate::lab) const PART: Rule = Rule("a number above 0 and at most 1", |x| x > 0.0 && x <= 1.0);
pub(in crate::lab) const SHARE: Rule = Rule("a number from 0 to 1", |x| (0.0..=1.0).contains(&x));

/// A number that keeps the rule.
pub(in crate::lab) fn number(cursor: Cursor<'_>, rule: &Rule) -> Option<Spanned<f64>> {
    let found = cursor.parse::<f64>(rule.0)?;
    if rule.1(found.value) {
        return Some(found);
    }
    let written = cursor.text()?;
    cursor.error(format!("expected {}, found `{written}`", rule.0), "choose another value");
    None
}

/// A whole number from 1 to `most`; `what` names what is counted (`epochs`).
pub(in crate::lab) fn count<T>(cursor: Cursor<'_>, what: &str, most: T) -> Option<T>
where
    T: FromStr + Copy + Ord + From<u8> + std::fmt::Display,
{
    let written = cursor.text()?;
    match written.parse::<T>() {
        Ok(found) if found > most => {
            cursor.error(format!("{found} {what} are more than the limit of {most}"), "choose a smaller number");
        }
        Ok(found) if found >= T::from(1) => return Some(found),
        _ => cursor
            .error(format!("`{written}` is no number of {what}"), format!("write a whole number from 1 to {most}")),
    }
    None
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

/// [`set`] for a number that keeps a rule.
pub(in crate::lab) fn set_number(fields: &mut Fields<'_>, key: &'static str, slot: &mut f64, rule: &Rule) -> bool {
    set(fields, key, slot, |cursor| number(cursor, rule).map(|found| found.value))
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
    unknown(cursor, what, &name, names);
    None
}

fn unknown(cursor: Cursor<'_>, what: &str, name: &str, names: &[&str]) {
    let message = format!("there is no {what} `{name}`");
    let help = match crate::diagnostics::closest(name, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names.join(", ")),
    };
    cursor.error(message, help);
}
