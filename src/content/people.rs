//! `people.yaml`: who speaks, hosts and organises.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use super::Body;
use super::link::Link;
use super::meetup::EventKey;
use crate::diagnostics::{Diagnostic, Spanned, fold};
use crate::yaml::TextOr;

/// A person.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "a person")]
pub struct Person {
    /// Name, as pages show it.
    pub name: Spanned<Arc<str>>,
    /// Other spellings that an event may use.
    #[serde(default)]
    pub aliases: Vec<Spanned<Arc<str>>>,
    /// Employers and institutes over time, in the order of the file.
    #[serde(default)]
    pub affiliations: Vec<TextOr<Affiliation>>,
    /// Pages about the person.
    #[serde(default)]
    pub links: Vec<TextOr<Link>>,
    /// Who the person is, in Markdown.
    #[schemars(with = "Option<String>")]
    pub bio: Option<Body>,
    /// Anything else to know.
    pub note: Option<Arc<str>>,
}

impl Person {
    /// A person of whom only the name is known.
    pub fn named(name: Spanned<Arc<str>>) -> Self {
        Self { name, aliases: Vec::new(), affiliations: Vec::new(), links: Vec::new(), bio: None, note: None }
    }
}

/// An affiliation with its source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(expecting = "an affiliation")]
pub struct Affiliation {
    /// The institution, with the role there if a source gives it.
    pub name: Arc<str>,
    /// Years, as written: `2004-2017`.
    pub period: Option<Arc<str>>,
    /// Versions of an overview that give it, by the last event each lists: `22-49`.
    pub hosts_table: Option<Arc<str>>,
    /// Numbers or codes of events at which it was given.
    #[serde(default)]
    pub meetups: Vec<Spanned<EventKey>>,
}

/// Period or source of an affiliation that no event dates.
#[derive(Debug, Clone)]
pub enum When {
    /// Years, as written: `2004-2017`.
    Period(Arc<str>),
    /// Versions of an overview, by the last event each lists: `22-49`.
    HostsTable(Arc<str>),
}

impl Affiliation {
    /// Returns its period or source, apart from the events at which it was given.
    pub fn when(&self) -> Option<When> {
        let period = self.period.clone().map(When::Period);
        period.or_else(|| self.hosts_table.clone().map(When::HostsTable))
    }
}

impl From<Spanned<Arc<str>>> for Affiliation {
    fn from(name: Spanned<Arc<str>>) -> Self {
        Self { name: name.value, period: None, hosts_table: None, meetups: Vec::new() }
    }
}

/// Finds entries that are probably one person.
pub(super) fn lint(people: &[Person]) -> Vec<Diagnostic> {
    let folded: Vec<String> = people.iter().map(|person| fold(&person.name)).collect();
    let similar = one_letter_apart(&folded).into_iter().map(|(earlier, later)| {
        let (other, person) = (&people[earlier].name, &people[later].name);
        let message = format!("`{other}` and `{person}` look like one person");
        let help = "if they are, keep one entry and make the other spelling an alias of it";
        Diagnostic::warning(person.span.clone(), message).help(help)
    });
    similar.collect()
}

/// Finds pairs of names of which one becomes the other by one letter added, left out or changed or two swapped, in the
/// order of the later one.
///
/// Such names become the same if the right letter is left out of one or of both, so only names with a common remainder
/// are compared (the deletion neighbourhood of Mor and Fraenkel, 1982): comparing each with each takes half a minute
/// for ten thousand people.
fn one_letter_apart(names: &[String]) -> Vec<(usize, usize)> {
    // A hash stands for the remainder; the distance tells apart what is the same by chance.
    let mut remainders: Vec<(u64, usize)> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        remainders.push((hash(name), index));
        remainders.extend(name.char_indices().map(|(at, letter)| {
            let rest = [&name[..at], &name[at + letter.len_utf8()..]].concat();
            (hash(&rest), index)
        }));
    }
    remainders.sort_unstable();
    remainders.dedup();
    let mut pairs = BTreeSet::new();
    for same in remainders.chunk_by(|a, b| a.0 == b.0) {
        for (at, (_, later)) in same.iter().enumerate() {
            pairs.extend(same[..at].iter().map(|(_, earlier)| (*later, *earlier)));
        }
    }
    let close = |(later, earlier): &(usize, usize)| strsim::osa_distance(&names[*earlier], &names[*later]) <= 1;
    pairs.into_iter().filter(close).map(|(later, earlier)| (earlier, later)).collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_one_letter_apart_are_found_and_no_others() {
        let names = [
            "jan schluter",
            "jan schlutter",
            "rene donner",
            "rene donenr",
            "jan schlute",
            "ben donner",
            "rene dommer",
            "jan schluder",
        ];
        let names = names.map(str::to_owned);
        let all = (0..names.len()).flat_map(|later| (0..later).map(move |earlier| (earlier, later)));
        let each_with_each: Vec<(usize, usize)> =
            all.filter(|(a, b)| strsim::osa_distance(&names[*a], &names[*b]) <= 1).collect();
        assert_eq!(each_with_each, [(0, 1), (2, 3), (0, 4), (0, 7)]);
        assert_eq!(one_letter_apart(&names), each_with_each);
    }
}
