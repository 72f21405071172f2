//! `card.png` beside each page: its preview image.

use crate::archive::Target;
use crate::chart::{self, Picture};
use crate::context::{Answer, Body, CachePolicy, Kind, Request, SECTIONS, Site};
use crate::html::Html;
use crate::preview::{self, Preview};
use crate::prose;
use crate::views::{
    AnnouncementView, ArticleView, EventView, JobView, PersonView, Ref, Status, TalkView, Views, words,
};

pub(crate) const KIND: Kind = Kind { answer, paths };

/// Width in pixels.
pub(crate) const WIDTH: u32 = preview::SIZE.0;
/// Height in pixels.
pub(crate) const HEIGHT: u32 = preview::SIZE.1;

/// Name of the image, relative to its page.
const NAME: &str = "card.png";
/// Characters of the longest code of an event that stands in the margin as a number does.
const MAX_CODE: usize = 4;

/// Returns the path of the image of a page; a page without one has that of the home page. None if the site has no
/// previews, or no base URL: other sites need whole addresses.
pub(crate) fn address(site: &Site, page: &str) -> Option<String> {
    let has_own = page == "/" || SECTIONS.iter().any(|section| section.path == page) || site.archive.route_exists(page);
    let is_named = site.extras.cards && site.base.is_some();
    is_named.then(|| format!("{}{NAME}", if has_own { page } else { "/" }))
}

fn page_of(path: &str) -> Option<&str> {
    path.strip_suffix(NAME).filter(|page| page.ends_with('/'))
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let svg = preview(request.site, page_of(request.path)?)?.svg();
    Some(Answer { body: Body::Preview(svg), ..Answer::new(200, "image/png", CachePolicy::Page, Vec::new()) })
}

fn paths(site: &Site) -> Vec<String> {
    if site.base.is_none() {
        return Vec::new();
    }
    let lists = SECTIONS.iter().map(|section| section.path.to_owned());
    let pages = std::iter::once("/".to_owned()).chain(lists).chain(prose::all_routes(&site.archive));
    pages.map(|page| format!("{page}{NAME}")).collect()
}

/// The preview of a page. Nothing in it depends on the day, so that an image that was fetched once stays true.
fn preview(site: &Site, path: &str) -> Option<Preview> {
    let views = &*site.views;
    if path == "/" {
        return Some(home(views));
    }
    if let Some(section) = SECTIONS.iter().find(|section| section.path == path) {
        return Some(new(views, "", section.label, [size_of_list(views, path)]));
    }
    Some(match site.archive.at(path)? {
        Target::Event(id) => event(views, &views[id]),
        Target::Talk(id) => talk(views, &views[id]),
        Target::Person(id) => person(views, &views[id]),
        Target::Venue(id) => {
            let venue = &views[id];
            let kicker = if venue.online { "Online" } else { "Venue" };
            new(views, kicker, &venue.name, [venue.address.clone(), counts([(venue.events.len(), "meetup")])])
        }
        Target::Topic(id) => {
            let topic = &views[id];
            let numbers =
                [(topic.talks.len(), "talk"), (topic.events.len(), "meetup"), (topic.articles.len(), "article")];
            new(views, "Topic", &topic.name, [counts(numbers)])
        }
        Target::Article(id) => article(site, &views[id]),
        Target::Job(id) => job(views, &views[id]),
        Target::Announcement(id) => announcement(views, &views[id]),
        Target::Page(id) => new(views, "", &views[id].title, [views[id].summary.clone()]),
    })
}

/// A preview with a kicker, a title and the facts that are there.
fn new<const N: usize>(views: &Views, kicker: &str, title: &str, facts: [Option<String>; N]) -> Preview {
    Preview {
        site: views.site.name.clone(),
        hashtag: views.site.hashtag.clone(),
        kicker: kicker.to_owned(),
        title: title.to_owned(),
        facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
        ..Preview::default()
    }
}

/// The counts that are not zero: `3 talks, 1 meetup`.
fn counts<const N: usize>(counts: [(usize, &str); N]) -> Option<String> {
    let counts = counts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| words::count(*number, what));
    Some(counts.collect::<Vec<_>>().join(", "))
}

fn names(people: &[Ref]) -> Option<String> {
    Some(people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", "))
}

/// A kicker with what is unusual: `Talk (cancelled)`.
fn with_status(kind: &str, status: Status) -> String {
    status.words().map_or_else(|| kind.to_owned(), |status| format!("{kind} ({})", status.to_lowercase()))
}

fn home(views: &Views) -> Preview {
    let site = &views.site;
    let since = site.first_day.map(|first| format!("Since {}", first.words()));
    let numbers = [(views.events.len(), "meetup"), (views.talks.len(), "talk"), (views.people.len(), "person")];
    let city = site.city.as_deref().unwrap_or_default();
    Preview { site: site.short_name.clone(), ..new(views, city, &site.name, [counts(numbers), since]) }
}

fn size_of_list(views: &Views, list: &str) -> Option<String> {
    let (number, what) = match list {
        "/meetups/" => (views.events.len(), "meetup"),
        "/talks/" => (views.talks.len(), "talk"),
        "/hot-topics/" => (views.hot_topics.len(), "hot topic"),
        "/people/" => (views.people.len(), "person"),
        "/topics/" => (views.topics.len(), "topic"),
        "/venues/" => (views.venues.len(), "venue"),
        _ => return None,
    };
    Some(words::count(number, what))
}

/// The number or a short code of an event.
fn numeral(event: &EventView) -> Option<String> {
    Some(event.numeral.clone()).filter(|key| key.chars().count() <= MAX_CODE)
}

/// The names of the venues, and how one could take part.
fn place(event: &EventView) -> Option<String> {
    let venues: Vec<&str> = event.venues.iter().map(|at| at.name.as_str()).collect();
    match (venues.join(", "), event.format_beside_venues()) {
        (venues, None) => Some(venues),
        (venues, Some(format)) if venues.is_empty() => Some(format.to_owned()),
        (venues, Some(format)) => Some(format!("{venues} ({})", format.to_lowercase())),
    }
}

fn event(views: &Views, event: &EventView) -> Preview {
    let kicker = if event.label == event.headline { "Event" } else { &event.label };
    let time = event.time.as_ref().map(|time| format!(", {time}")).unwrap_or_default();
    let when = event.date.map(|_| format!("{}{time}", event.when));
    let preview = new(views, &with_status(kicker, event.status), &event.headline, [when, place(event)]);
    Preview { numeral: numeral(event), ..preview }
}

fn talk(views: &Views, talk: &TalkView) -> Preview {
    let event = views.event_of(talk);
    let date = event.date.map(|_| event.when.clone());
    let at = [Some(event.label.clone()), date].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let facts = [names(&talk.speakers), talk.affiliation.clone(), Some(at)];
    Preview { numeral: numeral(event), ..new(views, &with_status(&talk.kind_name(), talk.status), &talk.title, facts) }
}

fn person(views: &Views, person: &PersonView) -> Preview {
    let institution = person.affiliations.last().map(|affiliation| affiliation.name.clone());
    let role = person.roles.first().map_or("Person", String::as_str);
    new(views, role, &person.name, [institution, counts([(person.talks.len(), "talk")])])
}

fn article(site: &Site, article: &ArticleView) -> Preview {
    let event = article.event.as_ref().map(|event| event.name.clone());
    let facts = [names(&article.presenters), event, article.date.map(|date| date.words())];
    Preview { chart: first_chart(site, article), ..new(&site.views, "Hot topic", &article.title, facts) }
}

/// The first chart of the first experiment of an article that has a result.
fn first_chart(site: &Site, article: &ArticleView) -> Option<Html> {
    let (blocks, _) = prose::read(&site.archive, &site.views, &article.body, None);
    blocks.iter().find_map(|block| {
        let record = site.results.records.get(&site.results.id(&block.experiment).ok()?)?;
        let drawing = chart::draw(record, &block.experiment, "chart");
        drawing.pictures.first().map(Picture::file)
    })
}

fn job(views: &Views, job: &JobView) -> Preview {
    new(views, "Job offer", &job.title, [Some(job.employer()), Some(format!("Announced {}", job.date.words()))])
}

fn announcement(views: &Views, it: &AnnouncementView) -> Preview {
    let hours = it.time.as_ref().map(|time| format!(", {}", words::hours(time))).unwrap_or_default();
    let when = it.when.as_ref().map(|when| format!("{when}{hours}"));
    new(views, &with_status(&it.kind_name(), it.status), &it.title, [when, it.place.clone(), it.address.clone()])
}
