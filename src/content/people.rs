//! `people.yaml`: who speaks, hosts and organises.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::link::{self, Link};
use super::meetup::EventKey;
use crate::problem::{At, Problem, Text, fold};
use crate::yaml::Cursor;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// The name, as pages show it.
    pub name: Text,
    /// Other spellings that an event may use.
    pub aliases: Vec<Text>,
    /// Employers and institutes over time, in the order of the file.
    pub affiliations: Vec<Affiliation>,
    /// Pages about the person.
    pub links: Vec<Link>,
    /// What else is to be known.
    pub note: Option<Text>,
}

/// Where a person worked, and by what that is known.
#[derive(Debug, Clone)]
pub struct Affiliation {
    /// The institution, with the role there where a source gives it.
    pub name: Text,
    /// When, or from which sources.
    pub when: Option<When>,
}

/// What dates an affiliation.
#[derive(Debug, Clone)]
pub enum When {
    /// Years, as written: `2004-2017`.
    Period(Text),
    /// Events at which it was given.
    Events(Vec<At<EventKey>>),
    /// The versions of an overview that give it, by the last event each lists: `22-49`.
    HostsTable(Text),
}

pub(super) fn read(cursor: Cursor<'_>) -> Option<Person> {
    cursor.fields("a person", |f| {
        let (name, aliases) = (f.need_text("name"), f.texts("aliases"));
        let affiliations = f.list("affiliations", affiliation);
        let links = link::list(f, "links");
        let note = f.text("note");
        Some(Person { name: name?, aliases, affiliations, links, note })
    })
}

fn affiliation(cursor: Cursor<'_>) -> Option<Affiliation> {
    if !cursor.is_map() {
        return Some(Affiliation { name: cursor.text()?, when: None });
    }
    cursor.fields("an affiliation", |f| {
        let name = f.need_text("name");
        let period = f.text("period").map(When::Period);
        let table = f.text("hosts_table").map(When::HostsTable);
        let events = f.list("meetups", |cursor| cursor.parse("a meetup"));
        let events = (!events.is_empty()).then_some(When::Events(events));
        Some(Affiliation { name: name?, when: period.or(table).or(events) })
    })
}

/// Two entries that are probably one person.
pub(super) fn similar(people: &[Person]) -> Vec<Problem> {
    let folded: Vec<String> = people.iter().map(|person| fold(&person.name)).collect();
    let told = one_slip_apart(&folded).into_iter().map(|(earlier, later)| {
        let (other, person) = (&people[earlier].name, &people[later].name);
        let problem = Problem::warning(person.place(), format!("`{other}` and `{person}` look like one person"));
        problem.help("if they are, keep one entry and make the other spelling an alias of it")
    });
    told.collect()
}

/// Pairs of names of which one becomes the other by one letter added, left out or changed or two swapped, in the order of the later one. Such
/// names become the same when the right letter is left out of one or of both, so only names with a common remainder are compared (the deletion
/// neighbourhood of Mor and Fraenkel, 1982): to compare each with each takes half a minute for ten thousand people.
fn one_slip_apart(names: &[String]) -> Vec<(usize, usize)> {
    // A hash stands for the remainder; what is the same by chance, the distance tells apart.
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
    fn names_one_slip_apart_are_found_and_no_others() {
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
        assert_eq!(one_slip_apart(&names), each_with_each);
    }
}
