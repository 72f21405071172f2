//! People, places and topics.

use super::{Organization, Person, Place, Term, Thing};
use crate::archive::{self, PersonId, TopicId, VenueAs};
use crate::pages::Site;

/// A person with all that is known.
pub(in crate::pages) fn person(site: &Site, id: PersonId) -> Thing<'_> {
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
        name: (&*person.name).into(),
        alternate_name: person.aliases.iter().map(|name| (&**name).into()).collect(),
        url: Some(address),
        image: organiser.and_then(|organiser| Some(organiser.photo.as_deref()?.into())),
        affiliation: institutions.into_iter().map(named).collect(),
        same_as: person.links.iter().filter(|link| link.external()).map(|link| (&*link.href).into()).collect(),
    })
}

/// A person in a list: the name, and where the rest is.
pub(super) fn mention(site: &Site, id: PersonId) -> Thing<'_> {
    let person = &site.archive[id];
    let address = site.address(person.route.as_str());
    Thing::Person(Person { id: Some(address.clone()), name: (&*person.name).into(), url: Some(address), ..Person::default() })
}

/// Somebody without a page.
pub(super) fn stranger(name: &str) -> Thing<'_> {
    Thing::Person(Person { name: name.into(), ..Person::default() })
}

/// An institution of which only the name is known.
pub(super) fn named(name: &str) -> Thing<'_> {
    Thing::Organization(Organization { name: name.into(), ..Organization::default() })
}

/// A venue. A video call is no place.
pub(in crate::pages) fn venue<'a>(site: &Site, venue: &'a archive::Venue) -> Thing<'a> {
    let address = site.address(venue.route.as_str());
    let place = Place {
        id: Some(address.clone()),
        name: (&*venue.name).into(),
        alternate_name: venue.aliases.iter().map(|name| (&**name).into()).collect(),
        address: venue.address.as_deref().map(Into::into),
        url: Some(address),
    };
    if venue.online { Thing::VirtualLocation(place) } else { Thing::Place(place) }
}

/// The venue of an event, under the name and with the address that were given for it.
pub(super) fn venue_of<'a>(site: &'a Site, event: &'a archive::Event, at: &'a VenueAs) -> Thing<'a> {
    let Thing::Place(place) = venue(site, &site.archive[at.venue]) else { return venue(site, &site.archive[at.venue]) };
    let one = event.venues.len() == 1;
    let address = event.address.as_deref().filter(|_| one).map(Into::into).or(place.address);
    Thing::Place(Place { name: (&*at.name).into(), alternate_name: Vec::new(), address, ..place })
}

/// A topic.
pub(in crate::pages) fn topic<'a>(site: &Site, topic: &'a archive::Topic) -> Thing<'a> {
    let address = site.address(topic.route.as_str());
    Thing::DefinedTerm(Term {
        id: address.clone(),
        name: (&*topic.name).into(),
        description: topic.about.as_deref().map(Into::into),
        url: address,
    })
}

/// The topics of a list, without their descriptions.
pub(super) fn topics<'a>(site: &'a Site, ids: &[TopicId]) -> Vec<Thing<'a>> {
    let term = |id: &TopicId| {
        let topic = &site.archive[*id];
        let address = site.address(topic.route.as_str());
        Thing::DefinedTerm(Term { id: address.clone(), name: (&*topic.name).into(), description: None, url: address })
    };
    ids.iter().map(term).collect()
}
