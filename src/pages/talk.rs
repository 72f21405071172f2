//! `/talks/<slug>/`: one talk.

use std::collections::BTreeSet;

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, schema, talks, words};
use crate::archive::{Archive, Event, Talk, TalkId, Target};

pub(super) const KIND: Kind =
    Kind { answer, paths: |site| site.archive.talks.iter().map(|talk| talk.route.to_string()).collect() };

#[derive(Template)]
#[template(path = "talk.html")]
struct TalkPage<'a> {
    frame: Frame<'a>,
    talk: &'a Talk,
    event: &'a Event,
    /// Whether its event is over, or does not take place.
    past: bool,
    /// The other talks of the evening.
    beside: Vec<TalkId>,
    /// Talks on the same topics, latest first.
    related: Vec<TalkId>,
}

/// More than this is a list to search, which the topic's page is.
const RELATED: usize = 6;

fn answer(request: &Request<'_>) -> Option<Answer> {
    let archive = request.archive;
    let Some(Target::Talk(id)) = request.target else { return None };
    let talk = &archive[id];
    let event = &archive[talk.event];
    let speakers: Vec<&str> = talk.speakers.iter().map(|person| archive[*person].name.as_str()).collect();
    let by = if speakers.is_empty() { String::new() } else { format!(" by {}", speakers.join(", ")) };
    let on = event.date.map_or_else(String::new, |date| format!(", {}", words::plain_day(&date)));
    let description = format!("A talk{by} at {}, {}{on}.", words::meetup(event), archive.site.name);
    let frame = Frame::new(request, talk.title.clone(), description)
        .within(talks::PATH)
        .below(event.route.as_str(), words::meetup(event))
        .about(schema::talk(request.site, id));
    let (beside, related) = others(archive, id);
    let past = event.is_past(request.day) || !event.takes_place();
    Some(Answer::html(200, &TalkPage { frame, talk, event, past, beside, related }))
}

/// The other talks of the evening, and talks on the same topics, latest first.
pub(super) fn others(archive: &Archive, id: TalkId) -> (Vec<TalkId>, Vec<TalkId>) {
    let talk = &archive[id];
    let beside: Vec<TalkId> = archive[talk.event].talks.iter().copied().filter(|other| *other != id).collect();
    // Of each topic as many as are enough, even if the talks of this evening are among them.
    let enough = RELATED + beside.len() + 1;
    let alike = talk.tags.iter().flat_map(|topic| archive[*topic].talks.iter().rev().copied().take(enough));
    let alike: BTreeSet<TalkId> = alike.filter(|other| *other != id && !beside.contains(other)).collect();
    let related = alike.into_iter().rev().take(RELATED).collect();
    (beside, related)
}
