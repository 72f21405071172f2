//! Reverse links from people, venues and topics to what names them, and all addresses.

use std::collections::{BTreeMap, HashMap};

use super::assemble::{Builder, push_new};
use super::route::{Route, slug};
use super::{Archive, ArticleId, Event, EventId, HotTopicId, TalkId};
use crate::content::EventKey;

impl Builder<'_> {
    pub(super) fn index(&mut self) {
        self.index_events();
        self.index_talks();
        self.index_hot_topics();
        self.index_articles();
        self.index_addresses();
    }

    fn index_events(&mut self) {
        let Archive { events, people, venues, topics, .. } = &mut self.archive;
        for (index, event) in events.iter().enumerate() {
            let id = EventId(index);
            for venue in event.venues.iter().filter_map(|at| at.venue) {
                push_new(&mut venues[venue.0].events, id);
            }
            for topic in &event.tags {
                push_new(&mut topics[topic.0].events, id);
            }
            for panelist in event.panel.iter().flat_map(|panel| &panel.panelists) {
                push_new(&mut people[panelist.person.0].panels, (id, false));
            }
            if let Some(moderator) = event.panel.as_ref().and_then(|panel| panel.moderator.as_ref()) {
                push_new(&mut people[moderator.person.0].panels, (id, true));
            }
            let Event { credits, organisers, .. } = event;
            for credited in credits.iter().chain(organisers) {
                push_new(&mut people[credited.person.0].credits, (id, credited.role.clone()));
            }
        }
    }

    fn index_talks(&mut self) {
        let Archive { talks, people, topics, .. } = &mut self.archive;
        for (index, talk) in talks.iter().enumerate() {
            for person in &talk.speakers {
                push_new(&mut people[person.0].talks, TalkId(index));
            }
            for topic in &talk.tags {
                push_new(&mut topics[topic.0].talks, TalkId(index));
            }
        }
    }

    fn index_hot_topics(&mut self) {
        let Archive { hot_topics, articles, people, .. } = &mut self.archive;
        for (index, entry) in hot_topics.iter().enumerate() {
            for person in &entry.presenters {
                push_new(&mut people[person.0].hot_topics, HotTopicId(index));
            }
            for article in &entry.articles {
                push_new(&mut articles[article.0].entries, HotTopicId(index));
            }
        }
    }

    fn index_articles(&mut self) {
        let Archive { articles, people, topics, .. } = &mut self.archive;
        for (index, article) in articles.iter().enumerate() {
            for person in &article.presenters {
                push_new(&mut people[person.0].articles, ArticleId(index));
            }
            for topic in &article.tags {
                push_new(&mut topics[topic.0].articles, ArticleId(index));
            }
        }
    }

    /// All addresses and their redirects. A redirect never hides a page, and the first one to claim a path keeps it.
    fn index_addresses(&mut self) {
        let routes: HashMap<_, _> = self.archive.targets().map(|(route, target)| (route.clone(), target)).collect();
        let mut redirects: BTreeMap<String, Route> = BTreeMap::new();
        for (path, route) in alternative_paths(&self.archive) {
            if !routes.contains_key(path.as_str()) {
                redirects.entry(path).or_insert(route);
            }
        }
        (self.archive.routes, self.archive.redirects) = (routes, redirects);
    }
}

/// Other paths that people may type: lower case, an alias of a person or venue, an event's number with leading zeros.
fn alternative_paths(archive: &Archive) -> Vec<(String, Route)> {
    let has_upper_case = |route: &Route| route.as_str().chars().any(char::is_uppercase);
    let cases = archive.targets().map(|(route, _)| route).filter(|route| has_upper_case(route));
    let mut found: Vec<(String, Route)> = cases.map(|route| (route.as_str().to_lowercase(), route.clone())).collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    let people = archive.people.iter().map(|person| (&person.source.aliases, &person.route, "people"));
    let venues = archive.venues.iter().map(|venue| (&venue.source.aliases, &venue.route, "venues"));
    for (names, route, section) in people.chain(venues) {
        found.extend(names.iter().map(|alias| (format!("/{section}/{}/", slug(alias)), route.clone())));
    }
    for event in &archive.events {
        let EventKey::Number(number @ ..100) = event.key else { continue };
        found.extend(
            [format!("/meetups/{number:02}/"), format!("/meetups/{number:03}/")]
                .map(|path| (path, event.route.clone())),
        );
    }
    found
}
