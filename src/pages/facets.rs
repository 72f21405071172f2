//! Properties by which lists can be narrowed, with what there is to choose from.

use std::collections::BTreeSet;

use super::listing::{Facet, sortable};
use super::words;
use crate::archive::{Archive, Route, Topic, Venue};
use crate::problem::Text;

/// The years that there are, the last first.
pub(super) fn year(years: impl Iterator<Item = i16>) -> Facet {
    let years: BTreeSet<i16> = years.collect();
    Facet { name: "year", label: "Year", options: years.iter().rev().map(|year| (year.to_string(), year.to_string())).collect() }
}

/// The topics that are used, by name.
pub(super) fn topic(archive: &Archive, used: impl Fn(&Topic) -> bool) -> Facet {
    let topics = archive.topics.iter().filter(|topic| used(topic)).map(|topic| (&topic.route, &topic.name));
    Facet { name: "topic", label: "Topic", options: by_name(topics) }
}

/// The venues that are used, by name.
pub(super) fn venue(archive: &Archive, used: impl Fn(&Venue) -> bool) -> Facet {
    let venues = archive.venues.iter().filter(|venue| used(venue)).map(|venue| (&venue.route, &venue.name));
    Facet { name: "venue", label: "Venue", options: by_name(venues) }
}

/// A property whose values, each with its label, do not depend on the archive.
pub(super) fn fixed(name: &'static str, label: &'static str, options: &[(&str, &str)]) -> Facet {
    let options = options.iter().map(|(value, label)| ((*value).to_owned(), (*label).to_owned())).collect();
    Facet { name, label, options }
}

fn by_name<'a>(entries: impl Iterator<Item = (&'a Route, &'a Text)>) -> Vec<(String, String)> {
    let mut options: Vec<_> = entries.map(|(route, name)| (words::slug(route).to_owned(), name.to_string())).collect();
    options.sort_by_cached_key(|(_, name)| sortable(name));
    options
}
