//! People, places and topics.

use super::{Organization, Person, Place, Term, Thing};
use crate::archive::{self, PersonId, TopicId, VenueAs};
use crate::pages::Site;

/// A person with all that is known.
pub(in crate::pages) fn person(site: &Site, id: PersonId) -> Thing {
    let person = &site.archive[id];
    let address = site.address(person.route.as_str());
    let mut institutions: Vec<&str> = Vec::new();
    for affiliation in &person.affiliations {
        if !institutions.contains(&affiliation.name.as_str()) {
            institutions.push(&affiliation.name);
        }
    }
    let organiser = site.archive.site.organisers.iter().find(|organiser| organiser.person == id);
    Thing::Person(Person {
        id: Some(address.clone()),
        name: person.name.clone(),
        alternate_name: person.aliases.clone(),
        url: Some(address),
        image: organiser.and_then(|organiser| organiser.photo.clone()),
        affiliation: institutions.into_iter().map(named).collect(),
        same_as: person.links.iter().filter(|link| link.external()).map(|link| link.href.clone()).collect(),
    })
}

/// A person in a list: the name, and where the rest is.
pub(super) fn mention(site: &Site, id: PersonId) -> Thing {
    let person = &site.archive[id];
    let address = site.address(person.route.as_str());
    Thing::Person(Person { id: Some(address.clone()), name: person.name.clone(), url: Some(address), ..Person::default() })
}

/// Somebody without a page.
pub(super) fn stranger(name: &str) -> Thing {
    Thing::Person(Person { name: name.to_owned(), ..Person::default() })
}

/// An institution of which only the name is known.
pub(super) fn named(name: &str) -> Thing {
    Thing::Organization(Organization { name: name.to_owned(), ..Organization::default() })
}

/// A venue. A video call is no place.
pub(in crate::pages) fn venue(site: &Site, venue: &archive::Venue) -> Thing {
    let address = site.address(venue.route.as_str());
    let place = Place {
        id: Some(address.clone()),
        name: venue.name.clone(),
        alternate_name: venue.aliases.clone(),
        address: venue.address.clone(),
        url: Some(address),
    };
    if venue.online { Thing::VirtualLocation(place) } else { Thing::Place(place) }
}

/// The venue of an event, under the name and with the address that were given for it.
pub(super) fn venue_of(site: &Site, event: &archive::Event, at: &VenueAs) -> Thing {
    let Thing::Place(place) = venue(site, &site.archive[at.venue]) else { return venue(site, &site.archive[at.venue]) };
    let one = event.venues.len() == 1;
    let address = event.address.clone().filter(|_| one).or(place.address);
    Thing::Place(Place { name: at.name.clone(), alternate_name: Vec::new(), address, ..place })
}

/// A topic.
pub(in crate::pages) fn topic(site: &Site, topic: &archive::Topic) -> Thing {
    let address = site.address(topic.route.as_str());
    Thing::DefinedTerm(Term { id: address.clone(), name: topic.name.clone(), description: topic.about.clone(), url: address })
}

/// The topics of a list, without their descriptions.
pub(super) fn topics(site: &Site, ids: &[TopicId]) -> Vec<Thing> {
    let term = |id: &TopicId| {
        let topic = &site.archive[*id];
        let address = site.address(topic.route.as_str());
        Thing::DefinedTerm(Term { id: address.clone(), name: topic.name.clone(), description: None, url: address })
    };
    ids.iter().map(term).collect()
}
