//! `/people/<slug>/`: one person.

use askama::Template;

use super::{Answer, Kind, Request, frame::Frame, people};
use crate::archive::Target;
use crate::formats::{json_ld, subscriptions};
use crate::html::Html;
use crate::prose;
use crate::views::{ArticleView, EventView, HotTopicView, PersonView, TalkView};

pub(crate) const KIND: Kind =
    Kind { answer, paths: |site| site.views.people.iter().map(|person| person.url.clone()).collect() };

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage<'a> {
    frame: Frame<'a>,
    person: &'a PersonView,
    /// Who the person is.
    bio: Option<Html>,
    /// Latest first.
    talks: Vec<&'a TalkView>,
    /// Latest first.
    hot_topics: Vec<&'a HotTopicView>,
    articles: Vec<&'a ArticleView>,
    events: Vec<&'a EventView>,
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let views = request.views;
    let Some(Target::Person(id)) = request.target else { return None };
    let person = &views[id];
    let events = views.events_of(&person.events);
    let labels: Vec<&str> = events.iter().map(|event| event.label.as_str()).collect();
    let at = match labels[..] {
        [] => views.site.name.clone(),
        _ => format!("{}, {}", views.site.short_name, labels.join(", ")),
    };
    let frame = Frame::new(request, person.name.clone(), format!("{} at {at}.", person.name))
        .within(people::PATH)
        .subscriptions(subscriptions::of_person(views, person))
        .about(json_ld::person(request.site, person));
    Some(Answer::html(
        200,
        &PersonPage {
            frame,
            person,
            bio: prose::part(request.site, person.bio.as_ref(), &person.url),
            talks: views.talks_of(&person.talks).into_iter().rev().collect(),
            hot_topics: person.hot_topics.iter().rev().map(|id| &views[*id]).collect(),
            articles: views.articles_of(&person.articles),
            events,
        },
    ))
}
