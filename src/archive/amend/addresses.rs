//! The addresses of an event's talks after an edit. They are made of titles, and of equal titles the order of all talks says who gets which number.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use crate::archive::route::{Route, TALKS, segment};
use crate::archive::{Archive, EventId, Talk, TalkId, Target};

/// Gives the new version of an event's talks their addresses: a title that stays keeps its own, whoever has the same title. None where a title that comes
/// or goes concerns the address of another talk, or one that a text may link to.
pub(super) fn assign(archive: &Archive, id: EventId, talks: &mut [Talk]) -> Option<()> {
    let mut before: HashMap<String, VecDeque<Route>> = HashMap::new();
    for talk in archive.talks.of(id.0) {
        before.entry(segment(&talk.title)).or_default().push_back(talk.route.clone());
    }
    let mut come = BTreeSet::new();
    for talk in talks {
        let segment = segment(&talk.title);
        let kept = before.get_mut(&segment).and_then(VecDeque::pop_front);
        if let Some(route) = kept {
            talk.route = route;
            continue;
        }
        talk.route = Route::new(TALKS, &segment);
        let free = archive.at(talk.route.as_str()).is_none() && come.insert(talk.route.clone());
        if !free || numbers_another(archive, &segment) || is_in_a_text(archive, &talk.route) {
            return None;
        }
    }
    let mut gone = before.iter().flat_map(|(segment, routes)| routes.iter().map(move |route| (segment, route)));
    gone.all(|(segment, route)| is_alone(archive, segment, route) && !is_in_a_text(archive, route)).then_some(())
}

/// Whether nobody else has, or had to give up, an address made of the same title.
fn is_alone(archive: &Archive, segment: &str, route: &Route) -> bool {
    let second = Route::new(TALKS, &format!("{segment}-2"));
    *route == Route::new(TALKS, segment) && archive.at(second.as_str()).is_none() && !numbers_another(archive, segment)
}

/// Whether a title ends with a number that another title may have to pass over: `steps-2` beside `steps`.
fn numbers_another(archive: &Archive, segment: &str) -> bool {
    let Some((stem, number)) = segment.rsplit_once('-') else { return false };
    number.bytes().all(|byte| byte.is_ascii_digit()) && archive.at(Route::new(TALKS, stem).as_str()).is_some()
}

/// Whether a text may link to an address, with or without the slash at its end.
fn is_in_a_text(archive: &Archive, route: &Route) -> bool {
    let path = route.as_str().trim_end_matches('/');
    archive.bodies().any(|body| body.markdown.contains(path))
}

impl Archive {
    /// Gives the talks of an event, which are still the old ones, their new addresses.
    pub(super) fn readdress(&mut self, id: EventId, talks: &[Talk]) {
        let Self { routes, talks: before, .. } = self;
        // Clones of the archive keep theirs.
        let routes = Arc::make_mut(routes);
        for talk in before.of(id.0) {
            routes.remove(&talk.route);
        }
        let new = talks.iter().enumerate().map(|(at, talk)| (talk.route.clone(), Target::Talk(TalkId::new(id.0, at))));
        routes.extend(new);
    }
}
