//! A person.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{LinkView, Ref, calendar, slug, text, texts};
use super::words;
use crate::archive::{self, Archive, EventId, HotTopicId, PersonId};
use crate::content::{self, Body, Status, When};

/// A person.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Person")]
pub struct PersonView {
    /// The person.
    #[serde(skip)]
    pub key: PersonId,
    /// Last part of the address of the page.
    pub id: String,
    /// Address of the page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Address of the person's calendar, if a meetup with the person on stage has a day.
    #[schemars(extend("format" = "uri-reference"))]
    pub calendar: Option<String>,
    /// Address of the person's feed, if there is anything in it.
    #[schemars(extend("format" = "uri-reference"))]
    pub feed: Option<String>,
    /// The name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Institutions over time.
    pub affiliations: Vec<AffiliationView>,
    /// Pages about the person.
    pub links: Vec<LinkView>,
    /// True if the person runs the group.
    pub organiser: bool,
    /// Details about the person as an organiser.
    #[serde(skip)]
    pub organises: Option<OrganiserView>,
    /// Roles, in words: `Speaker`.
    pub roles: Vec<String>,
    /// Who the person is, in Markdown.
    #[schemars(with = "Option<String>")]
    pub bio: Option<Body>,
    /// Further remarks.
    pub note: Option<String>,
    /// Talks, oldest first.
    pub talks: Vec<Ref>,
    /// Hot topics presented, oldest first.
    #[serde(skip)]
    pub hot_topics: Vec<HotTopicId>,
    /// Articles on what the person presented.
    pub articles: Vec<Ref>,
    /// All meetups at which the person had a part, oldest first.
    pub events: Vec<Ref>,
    /// Events at which the person was on a stage, oldest first; talks that were called off do not count.
    #[serde(skip)]
    pub on_stage: Vec<EventId>,
    /// Panels: the event, the title, and whether the person moderated.
    #[serde(skip)]
    pub panels: Vec<(EventId, String, bool)>,
    /// Other roles, with a capital, each with the events, oldest first.
    #[serde(skip)]
    pub credits: Vec<(String, Vec<EventId>)>,
}

/// An affiliation.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct AffiliationView {
    /// The institution, with the role there where a source gives it.
    pub name: String,
    /// Years or sources, in words.
    #[serde(skip)]
    pub dates: Option<String>,
    /// Events at which it was given.
    #[serde(skip)]
    pub events: Vec<Ref>,
}

/// Details about an organiser.
#[derive(Debug, Clone)]
pub struct OrganiserView {
    /// The role, with a capital.
    pub role: Option<String>,
    /// Address of a portrait elsewhere.
    pub photo: Option<String>,
    /// Versions of the overview that name the person as a host: `as of meetups 22–49`.
    pub listed: Option<String>,
    /// Invitations the person signed: `from meetup 3 to 20`.
    pub signed: Option<String>,
}

/// More institutions than this make a row hard to read; the person's page has all.
const INSTITUTIONS: usize = 3;

impl PersonView {
    pub(super) fn new(archive: &Archive, id: PersonId) -> Self {
        let person = &archive[id];
        let on_stage = on_stage(archive, person);
        let organiser = archive.site.organisers.iter().find(|organiser| organiser.person == id);
        let panel =
            |event: EventId| archive[event].panel.as_ref().map_or_else(String::new, |panel| panel.title.to_string());
        Self {
            key: id,
            id: slug(&person.route).to_owned(),
            url: person.route.to_string(),
            calendar: on_stage.iter().any(|event| archive[*event].date().is_some()).then(|| calendar(&person.route)),
            feed: (!person.articles.is_empty() || !person.talks.is_empty())
                .then(|| format!("{}feed.xml", person.route)),
            name: person.source.name.to_string(),
            aliases: texts(&person.source.aliases),
            affiliations: person.affiliations.iter().map(|known| AffiliationView::new(archive, known)).collect(),
            links: LinkView::list_as_written(archive, &person.source.links),
            organiser: person.organiser,
            organises: organiser.map(|organiser| OrganiserView::new(&organiser.source)),
            roles: roles(person),
            bio: person.source.bio.clone(),
            note: text(person.source.note.as_ref()),
            talks: Ref::talks(archive, &person.talks),
            hot_topics: person.hot_topics.clone(),
            articles: Ref::articles(archive, &person.articles),
            events: Ref::events(archive, &events(archive, person)),
            on_stage,
            panels: person.panels.iter().map(|(event, moderates)| (*event, panel(*event), *moderates)).collect(),
            credits: credits(person),
        }
    }

    /// The first few institutions, each once, without what the person did there.
    pub fn institutions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.affiliations.iter().map(|known| known.name.split(" (").next().unwrap_or(&known.name)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(INSTITUTIONS);
        names
    }
}

impl AffiliationView {
    fn new(archive: &Archive, affiliation: &archive::Affiliation) -> Self {
        let dates = match affiliation.when.as_ref() {
            Some(When::Period(years)) => Some(words::hours(years)),
            Some(When::HostsTable(versions)) => Some(format!("in the overview {}", as_of(versions))),
            None => None,
        };
        Self { name: affiliation.name.to_string(), dates, events: Ref::events(archive, &affiliation.events) }
    }
}

impl OrganiserView {
    fn new(organiser: &content::Organiser) -> Self {
        let signed = |meetups: &str| match meetups.split_once('-') {
            Some((first, last)) => format!("from meetup {first} to {last}"),
            None => format!("of meetup {meetups}"),
        };
        Self {
            role: organiser.role.as_deref().map(words::capital),
            photo: text(organiser.photo.as_ref()),
            listed: organiser.hosts_table.as_deref().map(as_of),
            signed: organiser.signs.as_deref().map(signed),
        }
    }
}

/// `as of meetups 22–49`
fn as_of(versions: &str) -> String {
    let noun = if versions.contains('-') { "meetups" } else { "meetup" };
    format!("as of {noun} {}", words::hours(versions))
}

fn roles(person: &archive::Person) -> Vec<String> {
    let all = [
        (person.organiser, "Organiser"),
        (!person.talks.is_empty(), "Speaker"),
        (!person.hot_topics.is_empty() || !person.articles.is_empty(), "Hot-topic presenter"),
        (person.panels.iter().any(|(_, moderates)| !moderates), "Panelist"),
        (person.panels.iter().any(|(_, moderates)| *moderates), "Moderator"),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, role)| role.to_owned()).collect()
}

/// The events of each role, in the order in which the person had them first.
fn credits(person: &archive::Person) -> Vec<(String, Vec<EventId>)> {
    let mut roles: Vec<(String, Vec<EventId>)> = Vec::new();
    for (event, role) in &person.credits {
        let role = role.as_deref().map_or_else(|| "Organiser".to_owned(), words::capital);
        match roles.iter_mut().find(|(known, _)| *known == role) {
            Some((_, events)) => events.push(*event),
            None => roles.push((role, vec![*event])),
        }
    }
    roles
}

/// All events at which a person had a part, oldest first.
fn events(archive: &Archive, person: &archive::Person) -> Vec<EventId> {
    let talks = person.talks.iter().map(|talk| archive[*talk].event);
    let credits = person.credits.iter().map(|(event, _)| *event);
    sorted(talks.chain(credits).chain(topics_and_panels(archive, person)))
}

/// Events at which a person gave a talk, presented a hot topic or was on the panel, oldest first.
fn on_stage(archive: &Archive, person: &archive::Person) -> Vec<EventId> {
    let held =
        person.talks.iter().map(|talk| &archive[*talk]).filter(|talk| Status::of(&talk.source.status) == Status::Held);
    sorted(held.map(|talk| talk.event).chain(topics_and_panels(archive, person)))
}

fn topics_and_panels(archive: &Archive, person: &archive::Person) -> impl Iterator<Item = EventId> {
    let topics = person.hot_topics.iter().map(|topic| archive[*topic].event);
    topics.chain(person.panels.iter().map(|(event, _)| *event))
}

fn sorted(events: impl Iterator<Item = EventId>) -> Vec<EventId> {
    let mut events: Vec<EventId> = events.collect();
    events.sort_unstable();
    events.dedup();
    events
}
