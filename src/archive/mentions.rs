//! Where an event stands in the lists of the people, venues and topics that it names.

use super::{Archive, EventId, HotTopicId, PersonId, TalkId, TopicId, VenueId};
use crate::problem::Text;

/// An event, one of its talks or one of its hot topics in a list of somebody else.
enum Mention {
    Venue(VenueId),
    Topic(TopicId),
    TalkTopic(TopicId, TalkId),
    Speaker(PersonId, TalkId),
    Presenter(PersonId, HotTopicId),
    /// On the panel, and whether as moderator.
    Panel(PersonId, bool),
    /// With a role, or as an organiser.
    Credit(PersonId, Option<Text>),
}

fn mentions(archive: &Archive, id: EventId) -> Vec<Mention> {
    let event = &archive[id];
    let mut found: Vec<Mention> = event.venues.iter().map(|at| Mention::Venue(at.venue)).collect();
    found.extend(event.tags.iter().map(|topic| Mention::Topic(*topic)));
    for talk in &event.talks {
        found.extend(archive[*talk].speakers.iter().map(|person| Mention::Speaker(*person, *talk)));
        found.extend(archive[*talk].tags.iter().map(|topic| Mention::TalkTopic(*topic, *talk)));
    }
    for topic in &event.hot_topics {
        found.extend(archive[*topic].presenters.iter().map(|person| Mention::Presenter(*person, *topic)));
    }
    if let Some(panel) = &event.panel {
        found.extend(panel.panelists.iter().map(|seat| Mention::Panel(seat.person, false)));
        found.extend(panel.moderator.iter().map(|seat| Mention::Panel(seat.person, true)));
    }
    found.extend(event.credits.iter().map(|seat| Mention::Credit(seat.person, seat.role.clone())));
    found.extend(event.organisers.iter().map(|seat| Mention::Credit(seat.person, None)));
    found
}

/// Enters an event with its talks and hot topics in the lists of the venues, topics and people that it names.
pub(super) fn enter(archive: &mut Archive, id: EventId) {
    for mention in mentions(archive, id) {
        let Archive { people, venues, topics, .. } = &mut *archive;
        match mention {
            Mention::Venue(venue) => put(&mut venues[venue.0].events, id, |event| *event),
            Mention::Topic(topic) => put(&mut topics[topic.0].events, id, |event| *event),
            Mention::TalkTopic(topic, talk) => put(&mut topics[topic.0].talks, talk, |talk| *talk),
            Mention::Speaker(person, talk) => put(&mut people[person.0].talks, talk, |talk| *talk),
            Mention::Presenter(person, topic) => put(&mut people[person.0].hot_topics, topic, |topic| *topic),
            Mention::Panel(person, moderates) => put(&mut people[person.0].panels, (id, moderates), |(event, _)| *event),
            Mention::Credit(person, role) => put(&mut people[person.0].credits, (id, role), |(event, _)| *event),
        }
    }
}

/// Takes an event out of all lists in which [`enter`] has put it.
pub(super) fn take_out(archive: &mut Archive, id: EventId) {
    for mention in mentions(archive, id) {
        let Archive { people, venues, topics, .. } = &mut *archive;
        match mention {
            Mention::Venue(venue) => venues[venue.0].events.retain(|event| *event != id),
            Mention::Topic(topic) => topics[topic.0].events.retain(|event| *event != id),
            Mention::TalkTopic(topic, talk) => topics[topic.0].talks.retain(|other| *other != talk),
            Mention::Speaker(person, talk) => people[person.0].talks.retain(|other| *other != talk),
            Mention::Presenter(person, topic) => people[person.0].hot_topics.retain(|other| *other != topic),
            Mention::Panel(person, _) => people[person.0].panels.retain(|(event, _)| *event != id),
            Mention::Credit(person, _) => people[person.0].credits.retain(|(event, _)| *event != id),
        }
    }
}

/// Puts something in its place in a list that is in the order of ids, after what has the same id, unless it is there already.
pub(super) fn put<T: PartialEq, I: Ord>(list: &mut Vec<T>, item: T, id: fn(&T) -> I) {
    let after = match list.last() {
        Some(last) if id(last) > id(&item) => list.partition_point(|other| id(other) <= id(&item)),
        _ => list.len(),
    };
    let same = list[..after].iter().rev().take_while(|other| id(other) == id(&item));
    if !same.into_iter().any(|other| *other == item) {
        list.insert(after, item);
    }
}
