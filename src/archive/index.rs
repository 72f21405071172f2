//! What leads back from people, venues and topics to events, and all addresses.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::assemble::Builder;
use super::route::{Route, slug};
use super::{Archive, ArticleId, EventId, HotTopicId, TalkId, Target};
use crate::content::EventKey;

impl Builder<'_> {
    pub(super) fn index(&mut self) {
        self.index_talks();
        self.index_events();
        self.index_articles();
        self.index_routes();
        self.index_redirects();
    }

    fn index_talks(&mut self) {
        let Archive { talks, hot_topics, people, topics, .. } = &mut self.archive;
        for (index, talk) in talks.iter().enumerate() {
            for person in &talk.speakers {
                push(&mut people[person.0].talks, TalkId(index));
            }
            for topic in &talk.tags {
                push(&mut topics[topic.0].talks, TalkId(index));
            }
        }
        for (index, topic) in hot_topics.iter().enumerate() {
            for person in &topic.presenters {
                push(&mut people[person.0].hot_topics, HotTopicId(index));
            }
        }
    }

    fn index_events(&mut self) {
        let Archive { events, people, venues, topics, .. } = &mut self.archive;
        for (index, event) in events.iter().enumerate() {
            let id = EventId(index);
            for venue in &event.venues {
                push(&mut venues[venue.venue.0].events, id);
            }
            for topic in &event.tags {
                push(&mut topics[topic.0].events, id);
            }
            for (person, moderates) in event.panel.iter().flat_map(|panel| {
                let seats = panel.panelists.iter().map(|seat| (seat.person, false));
                seats.chain(panel.moderator.iter().map(|seat| (seat.person, true)))
            }) {
                push_part(&mut people[person.0].panels, (id, moderates));
            }
            for credit in &event.credits {
                push_part(&mut people[credit.person.0].credits, (id, credit.role.clone()));
            }
            for organiser in &event.organisers {
                push_part(&mut people[organiser.person.0].credits, (id, None));
            }
        }
    }

    fn index_articles(&mut self) {
        let Archive { articles, people, topics, hot_topics, .. } = &mut self.archive;
        for (index, entry) in hot_topics.iter().enumerate() {
            for article in &entry.articles {
                push(&mut articles[article.0].entries, HotTopicId(index));
            }
        }
        for (index, article) in articles.iter().enumerate() {
            for person in &article.presenters {
                push(&mut people[person.0].articles, ArticleId(index));
            }
            for topic in &article.tags {
                push(&mut topics[topic.0].articles, ArticleId(index));
            }
        }
    }

    fn index_routes(&mut self) {
        let routes: HashMap<Route, Target> = self.archive.targets().map(|(route, target)| (route.clone(), target)).collect();
        self.archive.routes = Arc::new(routes);
    }

    /// Other spellings of an address. None may hide a page, and the first to claim a spelling keeps it.
    fn index_redirects(&mut self) {
        let a = &self.archive;
        let other_case = |route: &Route| route.as_str().chars().any(char::is_uppercase);
        let cases = a.targets().map(|(route, _)| route).filter(|route| other_case(route));
        let mut found: Vec<(String, Route)> = cases.map(|route| (route.as_str().to_lowercase(), route.clone())).collect();
        found.sort_by(|a, b| a.1.cmp(&b.1));
        for (names, route, section) in (a.people.iter().map(|x| (&x.aliases, &x.route, "people")))
            .chain(a.venues.iter().map(|x| (&x.aliases, &x.route, "venues")))
        {
            found.extend(names.iter().map(|alias| (format!("/{section}/{}/", slug(alias)), route.clone())));
        }
        for event in &a.events {
            let EventKey::Number(number @ ..100) = event.key else { continue };
            found.extend(
                [format!("/meetups/{number:02}/"), format!("/meetups/{number:03}/")].map(|path| (path, event.route.clone())),
            );
        }
        let mut redirects: BTreeMap<String, Route> = BTreeMap::new();
        for (path, route) in found.into_iter().filter(|(path, _)| !a.routes.contains_key(path.as_str())) {
            redirects.entry(path).or_insert(route);
        }
        self.archive.redirects = Arc::new(redirects);
    }
}

/// Adds an id to a list that grows in the order of ids, so that one that is there already is the last.
fn push<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if list.last() != Some(&item) {
        list.push(item);
    }
}

/// The same for parts in events: several at one event differ, and stand together at the end.
fn push_part<T: PartialEq>(list: &mut Vec<(EventId, T)>, item: (EventId, T)) {
    if !list.iter().rev().take_while(|(event, _)| *event == item.0).any(|part| *part == item) {
        list.push(item);
    }
}
