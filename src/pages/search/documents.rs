//! What can be found: everything that has a page. Where two fit a query equally, the newer stands first.

use std::borrow::Cow;

use super::super::words::{capital, count, format_beside_venues, headline, meetup, one_line, plain_day, subject};
use crate::archive::{
    Agenda, Announcement, AnnouncementId, Archive, Article, ArticleId, Credited, Event, EventId, Job, JobId, Person, PersonId,
    Talk, TalkId, Topic, TopicId, Venue, VenueId,
};
use crate::markdown::plain;
use crate::problem::Text;
use crate::search::{Document, Kind};

/// All documents, in the order of their numbers, each with its path.
pub(super) fn all(archive: &Archive) -> impl Iterator<Item = (String, Document)> {
    ids(archive).map(|id| of(archive, id))
}

/// The document of a number.
pub(super) fn one(archive: &Archive, number: usize) -> Option<(String, Document)> {
    ids(archive).nth(number).map(|id| of(archive, id))
}

#[derive(Clone, Copy)]
enum Id {
    Event(EventId),
    Talk(TalkId),
    Article(ArticleId),
    Person(PersonId),
    Venue(VenueId),
    Topic(TopicId),
    Announcement(AnnouncementId),
    Job(JobId),
    Page(usize),
}

fn ids(archive: &Archive) -> impl Iterator<Item = Id> {
    (archive.event_ids().rev().map(Id::Event))
        .chain(archive.talk_ids().rev().map(Id::Talk))
        .chain(archive.article_ids().map(Id::Article))
        .chain(archive.person_ids().map(Id::Person))
        .chain(archive.venue_ids().map(Id::Venue))
        .chain(archive.topic_ids().map(Id::Topic))
        .chain(archive.announcement_ids().map(Id::Announcement))
        .chain(archive.job_ids().map(Id::Job))
        .chain((0..archive.pages.len()).map(Id::Page))
}

fn of(archive: &Archive, id: Id) -> (String, Document) {
    let (route, mut document) = match id {
        Id::Event(id) => (&archive[id].route, event(archive, &archive[id])),
        Id::Talk(id) => (&archive[id].route, talk(archive, &archive[id])),
        Id::Article(id) => (&archive[id].route, article(archive, &archive[id])),
        Id::Person(id) => (&archive[id].route, person(archive, &archive[id])),
        Id::Venue(id) => (&archive[id].route, venue(&archive[id])),
        Id::Topic(id) => (&archive[id].route, topic(&archive[id])),
        Id::Announcement(id) => (&archive[id].route, announcement(&archive[id])),
        Id::Job(id) => (&archive[id].route, job(archive, &archive[id])),
        Id::Page(at) => (&archive.pages[at].route, page(&archive.pages[at])),
    };
    for text in [&mut document.title, &mut document.context, &mut document.about, &mut document.text] {
        let Cow::Owned(line) = one_line(text) else { continue };
        *text = line;
    }
    (route.to_string(), document)
}

/// Puts what there is on a line.
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

fn names<'a>(archive: &'a Archive, people: &'a [PersonId]) -> impl Iterator<Item = &'a str> {
    people.iter().map(|person| archive[*person].name.as_str())
}

fn topics<'a>(archive: &'a Archive, topics: &'a [TopicId]) -> impl Iterator<Item = &'a str> {
    topics.iter().map(|topic| archive[*topic].name.as_str())
}

fn commas<'a>(items: impl Iterator<Item = &'a str>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// A day and the last of several, in words; and in figures and with a short month, as they are typed.
fn days(from: Option<jiff::civil::Date>, to: Option<jiff::civil::Date>) -> (String, String) {
    let Some(from) = from else { return Default::default() };
    let mut words = plain_day(&from);
    if let Some(to) = to.filter(|to| *to != from) {
        words = format!("{words} – {}", plain_day(&to));
    }
    let month = words.split(' ').nth(1).and_then(|month| month.get(..3)).unwrap_or("").to_owned();
    // Without dashes, so that the parts do not count twice; whoever types them with dashes finds the day all the same.
    (words, format!("{} {month}", from.strftime("%Y%m%d")))
}

fn event(archive: &Archive, event: &Event) -> Document {
    let (name, mut about) = (meetup(event), subject(archive, event));
    if about == name {
        about = headline(event);
    }
    let title = if about == name { name } else { format!("{name}: {about}") };
    let mut document = Document::new(Kind::Meetup, title);
    let (day, figures) = days(event.date, event.end_date);
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.add(day);
    context.all(event.venues.iter().map(|at| &at.name));
    context.all(format_beside_venues(archive, event));
    about.all(event.title.iter().filter(|title| !document.title.contains(title.as_str())));
    about.all(topics(archive, &event.tags));
    let seats = event.panel.iter().flat_map(|panel| panel.panelists.iter().chain(&panel.moderator));
    let credited = seats.chain(&event.credits).chain(&event.organisers);
    about.all(credited.map(|credit: &Credited| archive[credit.person].name.as_str()));
    about.all(&event.hosts);
    for talk in event.talks.iter().map(|talk| &archive[*talk]) {
        text.add(format!("{}: {}", commas(names(archive, &talk.speakers)), talk.title).trim_start_matches(": "));
    }
    text.all(event.hot_topics.iter().map(|topic| archive[*topic].title.as_str()));
    text.all(event.panel.iter().map(|panel| panel.title.as_str()));
    text.all(event.agenda.iter().filter_map(|item| match &item.what {
        Agenda::Item { title, .. } => Some(title.as_str()),
        _ => None,
    }));
    text.all(event.address.as_deref());
    text.all(&event.notes);
    document.key = event.key.to_string();
    document.unseen = figures + " " + &commas(event.venues.iter().map(|at| archive[at.venue].name.as_str()));
    (document.context, document.about, document.text) = (context.0, about.0, text.0);
    document
}

fn talk(archive: &Archive, talk: &Talk) -> Document {
    let event = &archive[talk.event];
    let (day, figures) = days(event.date, event.end_date);
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.all(talk.status.words().map(capital));
    context.add(commas(names(archive, &talk.speakers)));
    context.add(meetup(event));
    context.add(day);
    about.all(talk.affiliation.as_deref());
    about.all(talk.kind.map(|kind| kind.words()));
    about.all(topics(archive, &talk.tags));
    text.all(talk.listed_as.as_deref());
    text.all(talk.note.as_deref());
    let aliases = talk.speakers.iter().flat_map(|person| archive[*person].aliases.iter().map(Text::as_str));
    let unseen = figures + " " + &commas(aliases);
    Document { context: context.0, unseen, about: about.0, text: text.0, ..Document::new(Kind::Talk, talk.title.clone()) }
}

fn article(archive: &Archive, article: &Article) -> Document {
    let (day, figures) = days(article.date, None);
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.add(commas(names(archive, &article.presenters)));
    context.all(article.event.map(|event| meetup(&archive[event])));
    context.add(day);
    about.all(topics(archive, &article.tags));
    for paper in &article.papers {
        about.add(&paper.title);
        about.all(paper.authors.as_deref());
        about.all(paper.arxiv.as_ref().map(|number| format!("arXiv:{number}")));
    }
    text.all(article.summary.as_deref());
    text.add(plain(&article.body.markdown));
    Document {
        context: context.0,
        unseen: figures,
        about: about.0,
        text: text.0,
        ..Document::new(Kind::Article, article.title.clone())
    }
}

fn person(archive: &Archive, person: &Person) -> Document {
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.all(person.organiser.then_some("Organiser"));
    context.all(some(person.talks.len(), "talk"));
    context.all(some(person.hot_topics.len(), "hot topic"));
    context.all(some(person.panels.len(), "panel"));
    about.all(person.affiliations.iter().map(|affiliation| &affiliation.name));
    about.all(&person.aliases);
    text.all(person.talks.iter().map(|talk| &archive[*talk].title));
    text.all(person.hot_topics.iter().map(|topic| &archive[*topic].title));
    text.all(person.note.as_deref());
    let aliases = person.aliases.join(" · ");
    Document { aliases, context: context.0, about: about.0, text: text.0, ..Document::new(Kind::Person, person.name.clone()) }
}

fn some(number: usize, one: &str) -> Option<String> {
    (number > 0).then(|| count(number, one))
}

fn venue(venue: &Venue) -> Document {
    let (mut context, mut about) = (Line::default(), Line::default());
    context.all(venue.address.as_deref());
    context.all(some(venue.events.len(), "meetup"));
    about.all(&venue.aliases);
    let text = venue.note.as_deref().unwrap_or_default().to_owned();
    let aliases = venue.aliases.join(" · ");
    Document { aliases, context: context.0, about: about.0, text, ..Document::new(Kind::Venue, venue.name.clone()) }
}

fn topic(topic: &Topic) -> Document {
    let mut context = Line::default();
    context.all(some(topic.talks.len(), "talk"));
    context.all(some(topic.articles.len(), "article"));
    context.all(some(topic.events.len(), "meetup"));
    let text = topic.about.as_deref().unwrap_or_default().to_owned();
    Document { context: context.0, text, ..Document::new(Kind::Topic, topic.name.clone()) }
}

fn announcement(announcement: &Announcement) -> Document {
    let (day, unseen) = days(announcement.date, announcement.end_date);
    let (mut context, mut about, mut text) = (Line::default(), Line::default(), Line::default());
    context.add(capital(announcement.kind.word()));
    context.add(day);
    context.all(announcement.place.as_deref());
    about.all(announcement.host.as_deref());
    about.all(announcement.address.as_deref());
    text.add(plain(&announcement.body.markdown));
    for (slot, _) in &announcement.programme {
        text.add(
            format!("{} {}", slot.title, slot.speakers.iter().map(|speaker| speaker.as_str()).collect::<Vec<_>>().join(", "))
                .trim(),
        );
    }
    let until = announcement.last_day();
    let document = Document::new(Kind::Announcement, announcement.title.clone());
    Document { context: context.0, unseen, about: about.0, text: text.0, until, ..document }
}

fn job(archive: &Archive, job: &Job) -> Document {
    let offer = &job.offer;
    let (day, unseen) = days(Some(offer.date), None);
    let (mut context, mut about) = (Line::default(), Line::default());
    context.add(&offer.company);
    context.all(offer.place.as_deref());
    context.all(job.event.map(|event| meetup(&archive[event])));
    context.add(day);
    about.all(&offer.roles);
    about.all(offer.contact.as_ref().and_then(|contact| contact.name.as_deref()));
    let (text, until) = (plain(&offer.body.markdown), Some(job.closes));
    Document { context: context.0, unseen, about: about.0, text, until, ..Document::new(Kind::Job, offer.title.clone()) }
}

fn page(page: &crate::archive::Page) -> Document {
    let (about, text) = (page.summary.as_deref().unwrap_or_default().to_owned(), plain(&page.body.markdown));
    Document { about, text, ..Document::new(Kind::Page, page.title.clone()) }
}
