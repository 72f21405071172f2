//! What leads back from people, venues and topics to events, and all addresses.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::assemble::Builder;
use super::mentions::{enter, put};
use super::route::{Route, slug};
use super::{Archive, ArticleId, HotTopicId};
use crate::content::EventKey;

impl Builder<'_> {
    pub(super) fn index(&mut self) {
        for id in self.archive.event_ids() {
            enter(&mut self.archive, id);
        }
        self.index_articles();
        self.index_addresses();
    }

    fn index_articles(&mut self) {
        let Archive { articles, people, topics, hot_topics, .. } = &mut self.archive;
        for ((event, at), entry) in hot_topics.places().zip(hot_topics.iter()) {
            for article in &entry.articles {
                put(&mut articles[article.0].entries, HotTopicId::new(event, at), |entry| *entry);
            }
        }
        for (index, article) in articles.iter().enumerate() {
            for person in &article.presenters {
                put(&mut people[person.0].articles, ArticleId(index), |article| *article);
            }
            for topic in &article.tags {
                put(&mut topics[topic.0].articles, ArticleId(index), |article| *article);
            }
        }
    }

    /// All addresses and their other spellings. None of these may hide a page, and the first to claim a spelling keeps it.
    fn index_addresses(&mut self) {
        let archive = &self.archive;
        let routes = || archive.targets().map(|(route, target)| (route.clone(), target)).collect::<HashMap<_, _>>();
        let (routes, spellings) = rayon::join(routes, || other_spellings(archive));
        let mut redirects: BTreeMap<String, Route> = BTreeMap::new();
        for (path, route) in spellings.into_iter().filter(|(path, _)| !routes.contains_key(path.as_str())) {
            redirects.entry(path).or_insert(route);
        }
        (self.archive.routes, self.archive.redirects) = (Arc::new(routes), Arc::new(redirects));
    }
}

/// What else people may write for an address: small letters, an alias of a person or venue, an event's number with leading zeros.
fn other_spellings(archive: &Archive) -> Vec<(String, Route)> {
    let other_case = |route: &Route| route.as_str().chars().any(char::is_uppercase);
    let cases = archive.targets().map(|(route, _)| route).filter(|route| other_case(route));
    let mut found: Vec<(String, Route)> = cases.map(|route| (route.as_str().to_lowercase(), route.clone())).collect();
    found.sort_by(|a, b| a.1.cmp(&b.1));
    let people = archive.people.iter().map(|person| (&person.aliases, &person.route, "people"));
    let venues = archive.venues.iter().map(|venue| (&venue.aliases, &venue.route, "venues"));
    for (names, route, section) in people.chain(venues) {
        found.extend(names.iter().map(|alias| (format!("/{section}/{}/", slug(alias)), route.clone())));
    }
    for event in &archive.events {
        let EventKey::Number(number @ ..100) = event.key else { continue };
        found
            .extend([format!("/meetups/{number:02}/"), format!("/meetups/{number:03}/")].map(|path| (path, event.route.clone())));
    }
    found
}
