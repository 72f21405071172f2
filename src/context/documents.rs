//! The documents that can be found: everything that has a page, and the lists.

use std::borrow::Cow;

use crate::markdown::plain;
use crate::search::{Document, Kind};
use crate::views::words::{count, one_line};
use crate::views::{
    AnnouncementView, ArticleView, Day, EventView, JobView, LinkView, PageView, PersonView, Ref, TalkView, TopicView,
    VenueView, Views,
};

/// Lists by the words that ask for them: address, title, description, and further words that mean the same.
const LISTS: [(&str, &str, &str, &[&str]); 9] = [
    (
        "/meetups/",
        "Meetups",
        "All meetups, the next one first",
        &["meetup", "event calendar", "next meetup", "next event"],
    ),
    (
        "/talks/",
        "Talks",
        "All talks, with slides and recordings",
        &["talk", "slides", "video", "videos", "recording", "recordings"],
    ),
    ("/hot-topics/", "Hot topics", "Articles on new papers", &["hot topic", "article", "articles", "paper", "papers"]),
    ("/lab/", "Lab", "Experiments with optimizers", &["experiment", "experiments"]),
    ("/people/", "People", "Speakers, panelists and organisers", &["person", "speaker", "speakers"]),
    ("/topics/", "Topics", "What talks and meetups are about", &["topic", "tag", "tags"]),
    ("/venues/", "Venues", "Where the meetups are", &["venue", "place", "places", "location", "locations"]),
    (
        "/jobs/",
        "Jobs",
        "Job offers",
        &["job", "job offer", "job offers", "job opening", "job openings", "career", "careers"],
    ),
    (
        "/events/",
        "Events",
        "Festivals, workshops, hackathons and conferences of others",
        &[
            "event",
            "festival",
            "festivals",
            "workshop",
            "workshops",
            "hackathon",
            "hackathons",
            "conference",
            "conferences",
        ],
    ),
];

/// All documents. Meetups and talks come newest first.
pub(super) fn all(views: &Views) -> impl Iterator<Item = Document> {
    (views.events.iter().rev().map(|it| event(views, it)))
        .chain(views.talks.iter().rev().map(|it| talk(views, it)))
        .chain(views.articles.iter().map(article))
        .chain(views.people.iter().map(|it| person(views, it)))
        .chain(views.venues.iter().map(venue))
        .chain(views.topics.iter().map(topic))
        .chain(views.announcements.iter().map(announcement))
        .chain(views.jobs.iter().map(job))
        .chain(views.pages.iter().map(page))
        .chain(LISTS.iter().map(list))
        .map(on_one_line)
}

fn on_one_line(mut document: Document) -> Document {
    for text in [&mut document.title, &mut document.context, &mut document.about, &mut document.text] {
        if let Cow::Owned(line) = one_line(text) {
            *text = line;
        }
    }
    document
}

fn list(&(path, title, about, words): &(&str, &str, &str, &[&str])) -> Document {
    let keys = std::iter::once(title).chain(words.iter().copied()).map(str::to_owned).collect();
    Document { keys, hidden: words.join(" "), about: about.to_owned(), ..Document::new(Kind::List, path, title) }
}

/// Joins what there is to a line.
#[derive(Default)]
struct Line(String);

impl Line {
    fn add(&mut self, item: impl AsRef<str>) {
        if !item.as_ref().is_empty() {
            self.0.push_str(if self.0.is_empty() { "" } else { " · " });
            self.0.push_str(item.as_ref());
        }
    }

    fn all<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) {
        items.into_iter().for_each(|item| self.add(item));
    }
}

fn names(refs: &[Ref]) -> impl Iterator<Item = &str> {
    refs.iter().map(|to| to.name.as_str())
}

fn commas<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A day in figures and with a short month, as people type it. A day that is typed with dashes is looked for without
/// them.
fn figures(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.strftime("%Y%m%d %b").to_string())
}

/// Words that find what has slides or a recording.
fn media(slides: &[LinkView], videos: &[LinkView]) -> String {
    let words = [(slides, "slides"), (videos, "video recording")];
    words.into_iter().filter(|(links, _)| !links.is_empty()).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
}

fn event(views: &Views, event: &EventView) -> Document {
    let mut document = Document::new(Kind::Meetup, &event.url, event.name.clone());
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.all(event.date.map(|_| &event.when));
    context.all(event.venues.iter().map(|at| &at.name));
    context.all(event.format_beside_venues());
    about.all(event.title.iter().filter(|title| !document.title.contains(title.as_str())));
    about.all(names(&event.topics));
    let panel = event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator));
    about.all(panel.chain(&event.credits).chain(&event.organisers).map(|credit| &credit.person.name));
    about.all(&event.hosts);
    text.all(event.text.as_ref().map(|text| plain(&text.markdown)));
    for talk in views.talks_of(&event.talks) {
        text.add(format!("{}: {}", talk.by(), talk.title).trim_start_matches(": "));
    }
    text.all(event.hot_topics.iter().map(|topic| &topic.title));
    text.all(event.panel.iter().map(|panel| &panel.title));
    text.all(event.agenda.iter().filter(|item| item.talk.is_none() && !item.panel).map(|item| &item.title));
    text.all(&event.address);
    document.keys = vec![event.numeral.clone(), format!("meetup {}", event.numeral)];
    document.keys.extend(event.date.map(|date| date.to_string()));
    document.until = event.last_day().filter(|_| event.takes_place()).map(|day| day.0);
    document.hidden = figures(event.date) + " " + &commas(views.venues_of(event).map(|venue| venue.name.as_str()));
    (document.context, document.about, document.text) = (context.0, about.0, text.0);
    document
}

fn talk(views: &Views, talk: &TalkView) -> Document {
    let event = views.event_of(talk);
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.all(talk.status.words());
    context.add(talk.by());
    context.add(&event.label);
    context.all(event.date.map(|_| &event.when));
    about.all(&talk.affiliation);
    about.all(&talk.kind);
    about.all(names(&talk.topics));
    text.all(&talk.listed_as);
    text.all(talk.summary.as_ref().map(|text| plain(&text.markdown)));
    let hidden =
        format!("{} {} ", figures(talk.date), media(&talk.slides, &talk.videos)) + &talk.speaker_aliases.join(", ");
    let document = Document::new(Kind::Talk, &talk.url, talk.title.clone());
    Document { context: context.0, hidden, about: about.0, text: text.0, ..document }
}

fn article(article: &ArticleView) -> Document {
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.add(commas(names(&article.presenters)));
    context.all(article.event.as_ref().map(|event| &event.name));
    context.all(article.date.map(|date| date.words()));
    about.all(names(&article.topics));
    for paper in &article.papers {
        about.add(&paper.title);
        about.all(&paper.authors);
        about.all(paper.arxiv.as_ref().map(|number| format!("arXiv:{number}")));
    }
    text.all(&article.summary);
    text.add(plain(&article.body.markdown));
    let document = Document::new(Kind::Article, &article.url, article.title.clone());
    Document { context: context.0, hidden: figures(article.date), about: about.0, text: text.0, ..document }
}

fn person(views: &Views, person: &PersonView) -> Document {
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.all(person.organiser.then_some("Organiser"));
    context.all(some(person.talks.len(), "talk"));
    context.all(some(person.hot_topics.len(), "hot topic"));
    context.all(some(person.panels.len(), "panel"));
    about.all(person.affiliations.iter().map(|affiliation| &affiliation.name));
    about.all(&person.aliases);
    text.all(person.bio.as_ref().map(|text| plain(&text.markdown)));
    text.all(names(&person.talks));
    text.all(person.hot_topics.iter().map(|topic| &views[*topic].title));
    let document = Document::new(Kind::Person, &person.url, person.name.clone());
    Document { aliases: person.aliases.clone(), context: context.0, about: about.0, text: text.0, ..document }
}

fn some(number: usize, one: &str) -> Option<String> {
    (number > 0).then(|| count(number, one))
}

fn venue(venue: &VenueView) -> Document {
    let (mut context, mut about) = (Line::default(), Line::default());
    context.all(&venue.address);
    context.all(some(venue.events.len(), "meetup"));
    about.all(&venue.aliases);
    let text = venue.description.as_ref().map_or_else(String::new, |text| plain(&text.markdown));
    let document = Document::new(Kind::Venue, &venue.url, venue.name.clone());
    Document { aliases: venue.aliases.clone(), context: context.0, about: about.0, text, ..document }
}

fn topic(topic: &TopicView) -> Document {
    let mut context = Line::default();
    context.all(some(topic.talks.len(), "talk"));
    context.all(some(topic.articles.len(), "article"));
    context.all(some(topic.events.len(), "meetup"));
    let text = topic.about.clone().unwrap_or_default();
    Document { context: context.0, text, ..Document::new(Kind::Topic, &topic.url, topic.name.clone()) }
}

fn announcement(it: &AnnouncementView) -> Document {
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.add(it.kind_name());
    context.all(&it.when);
    context.all(&it.place);
    about.all(&it.host);
    about.all(&it.address);
    text.add(plain(&it.body.markdown));
    text.all(it.programme.iter().map(|slot| format!("{} {}", slot.title, slot.by()).trim().to_owned()));
    let until = it.last_day().map(|day| day.0);
    let document = Document::new(Kind::Announcement, &it.url, it.title.clone());
    Document { context: context.0, hidden: figures(it.date), about: about.0, text: text.0, until, ..document }
}

fn job(job: &JobView) -> Document {
    let (mut context, mut about) = (Line::default(), Line::default());
    context.add(&job.company);
    context.all(&job.place);
    context.all(job.event.as_ref().map(|event| &event.name));
    context.add(job.date.words());
    about.all(&job.roles);
    about.all(job.contact.as_ref().and_then(|contact| contact.name.as_ref()));
    let (hidden, until) = (format!("{} job offer", figures(Some(job.date))), Some(job.closes.0));
    let document = Document::new(Kind::Job, &job.url, job.title.clone());
    Document { context: context.0, hidden, about: about.0, text: plain(&job.body.markdown), until, ..document }
}

fn page(page: &PageView) -> Document {
    let (about, text) = (page.summary.clone().unwrap_or_default(), plain(&page.body.markdown));
    Document { about, text, ..Document::new(Kind::Page, &page.url, page.title.clone()) }
}
