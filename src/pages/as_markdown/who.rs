//! People, venues and topics.

use super::lines;
use super::write::{Page, escape, link, to};
use crate::archive::{Affiliation, EventId, Organiser, PersonId, Topic, Venue};
use crate::pages::{Site, people, person, words};
use crate::problem::Text;

pub(super) fn person(site: &Site, id: PersonId) -> String {
    let archive = &site.archive;
    let it = &archive[id];
    let mut page = Page::new(site, &it.name);
    let roles = person::roles(it);
    page.paragraph(&if roles.is_empty() { "Person".to_owned() } else { roles.join(" · ") });
    let organiser = archive.site.organisers.iter().find(|organiser| organiser.person == id);
    let affiliations: Vec<String> = it.affiliations.iter().map(|affiliation| worked_at(site, affiliation)).collect();
    let elsewhere: Vec<String> = it.links.iter().map(|it| link(it.text(), &it.href)).collect();
    let meetups: Vec<String> = people::events(archive, it).into_iter().map(|id| lines::meetup(site, id)).collect();
    page.facts([
        ("Affiliations", Some(affiliations.join("; "))),
        ("Role", organiser.and_then(|organiser| organiser.role.as_deref()).map(|role| escape(&words::capital(role)))),
        ("Listed as host", organiser.and_then(listed)),
        ("Signed invitations", organiser.and_then(signed)),
        ("Portrait", organiser.and_then(|it| it.photo.as_ref()).map(|url| link("Portrait", url))),
        ("Elsewhere", Some(elsewhere.join(", "))),
        ("Also written", Some(escape(&it.aliases.join(", ")))),
        ("Note", it.note.as_deref().map(escape)),
        ("At meetups", Some(meetups.join(", "))),
    ]);
    page.part(if it.talks.len() == 1 { "Talk" } else { "Talks" }, it.talks.iter().rev().map(|id| lines::talk(site, *id)));
    page.part("Hot topics", it.hot_topics.iter().rev().map(|id| lines::hot_topic(site, *id)));
    page.part("Articles", it.articles.iter().map(|id| lines::article(site, *id)));
    let panel = |(id, moderates): &(EventId, bool)| {
        let event = &archive[*id];
        let title = event.panel.as_ref().map(|panel| panel.title.as_str()).unwrap_or_default();
        let role = if *moderates { "moderator" } else { "panelist" };
        format!("{} ({role}): {} · {}", to(site, title, &event.route), escape(&words::meetup(event)), lines::when(event))
    };
    page.part("Panels", it.panels.iter().map(panel));
    let credit =
        |(id, role): &(_, Option<Text>)| format!("{}, {}", escape(&words::role(role.as_ref())), lines::meetup(site, *id));
    page.part("Other roles", it.credits.iter().map(credit));
    page.done()
}

fn worked_at(site: &Site, affiliation: &Affiliation) -> String {
    let dates = person::dates(affiliation).map(|dates| escape(&dates));
    let events: Vec<String> = affiliation.events.iter().map(|id| lines::meetup(site, *id)).collect();
    let events = (!events.is_empty()).then(|| format!("as of {}", events.join(", ")));
    let known: Vec<String> = dates.into_iter().chain(events).collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join("; ")) };
    format!("{}{known}", escape(&affiliation.name))
}

fn listed(organiser: &Organiser) -> Option<String> {
    let versions = organiser.hosts_table.as_ref()?;
    let noun = if versions.contains('-') { "meetups" } else { "meetup" };
    Some(format!("in the overview as of {noun} {}", escape(&versions.replace('-', "–"))))
}

fn signed(organiser: &Organiser) -> Option<String> {
    let signs = organiser.signs.as_ref()?;
    Some(match signs.split_once('-') {
        Some((first, last)) => format!("from meetup {} to {}", escape(first), escape(last)),
        None => format!("of meetup {}", escape(signs)),
    })
}

pub(super) fn venue(site: &Site, venue: &Venue) -> String {
    let mut page = Page::new(site, &venue.name);
    page.paragraph(if venue.online { "Online" } else { "Venue" });
    page.facts([
        ("Address", venue.address.as_deref().map(escape)),
        ("Also written", Some(escape(&venue.aliases.join("; ")))),
        ("Note", venue.note.as_deref().map(escape)),
    ]);
    page.heading(2, &words::count(venue.events.len(), "meetup"));
    match venue.events.is_empty() {
        true => page.paragraph("No meetup of the archive names this venue."),
        false => page.list(venue.events.iter().rev().map(|id| lines::event(site, *id))),
    }
    page.done()
}

pub(super) fn topic(site: &Site, topic: &Topic) -> String {
    let mut page = Page::new(site, &topic.name);
    page.paragraph(&escape(topic.about.as_deref().unwrap_or("Topic")));
    page.part("Articles", topic.articles.iter().map(|id| lines::article(site, *id)));
    let talks = words::count(topic.talks.len(), "talk");
    page.part(&talks, topic.talks.iter().rev().map(|id| lines::talk(site, *id)));
    let events = words::count(topic.events.len(), "meetup");
    page.part(&events, topic.events.iter().rev().map(|id| lines::event(site, *id)));
    if topic.articles.is_empty() && topic.talks.is_empty() && topic.events.is_empty() {
        page.paragraph("Nothing in the archive is on this topic yet.");
    }
    page.done()
}
