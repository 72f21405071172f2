//! From the archive to the records of the JSON files.

use jiff::civil::Date;

use super::events::{Event, Format, HotTopic, Panel, Talk};
use super::records::{Change, Data, Link, Price, Ref, Site, Status};
use super::texts::{Announcement, Article, Experiment, Job, Paper, Slot};
use super::who::{Person, Topic, Venue};
use crate::archive::{self, Archive, ArticleId, EventId, PersonId, Route, TalkId, TopicId};
use crate::content::{self, EventKey};
use crate::pages::machines::calendar;
use crate::pages::{self, people, prose, result, words};

/// What records are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gather<'a> {
    pub(super) site: &'a pages::Site,
}

impl<'a> Gather<'a> {
    fn archive(&self) -> &'a Archive {
        &self.site.archive
    }

    /// The site, and no list yet.
    pub(super) fn nothing(&self, schema: String) -> Data<'a> {
        let site = &self.archive().site;
        let site = Site {
            name: &site.name,
            short_name: &site.short_name,
            url: self.site.address("/"),
            description: &site.description,
            language: &site.language,
            time_zone: &site.time_zone,
            city: site.city.as_deref(),
            contact: site.contact.as_deref(),
        };
        Data {
            schema,
            site,
            events: None,
            talks: None,
            people: None,
            venues: None,
            topics: None,
            articles: None,
            jobs: None,
            announcements: None,
        }
    }

    pub(super) fn events(&self) -> Vec<Event<'a>> {
        self.archive().event_ids().map(|id| self.event(id)).collect()
    }

    fn event(&self, id: EventId) -> Event<'a> {
        let event = &self.archive()[id];
        Event {
            id: words::slug(&event.route),
            url: self.url(&event.route),
            calendar: self.calendar(calendar::Of::Event(id)),
            number: match event.key {
                EventKey::Number(number) => Some(number),
                EventKey::Code(_) => None,
            },
            title: event.title.as_deref(),
            topic: event.topic.as_deref(),
            status: status(event.status),
            changes: changes(&event.changes),
            date: day(event.date),
            end_date: day(event.end_date),
            time: event.time.as_ref().map(words::clock),
            end_time: event.end_time.as_ref().map(words::clock),
            format: match event.format {
                content::Format::InPerson => Format::InPerson,
                content::Format::Online => Format::Online,
                content::Format::Hybrid => Format::Hybrid,
            },
            venues: event.venues.iter().map(|at| self.reference(&self.archive()[at.venue].route, &at.name)).collect(),
            address: event.address.as_deref(),
            topics: self.topic_refs(&event.tags),
            hosts: &event.hosts,
            talks: self.talk_refs(&event.talks),
            panel: event.panel.as_ref().map(|panel| self.panel(panel)),
            hot_topics: event.hot_topics.iter().map(|id| self.hot_topic(&self.archive()[*id])).collect(),
            slides: self.links(&event.slides),
            videos: self.links(&event.videos),
            photos: event.photos.iter().map(|album| self.link(&album.link)).collect(),
            announcements: event.announcements.iter().map(|id| self.announcement_ref(&self.archive()[*id])).collect(),
            jobs: event
                .jobs
                .iter()
                .map(|id| &self.archive()[*id])
                .map(|job| self.reference(&job.route, &job.offer.title))
                .collect(),
            meetup_url: event.meetup_url.as_deref(),
            web_page: event.web_page.as_deref(),
            registration: event.registration.as_deref(),
            price: event.price.as_ref().map(price),
            notes: &event.notes,
        }
    }

    fn panel(&self, panel: &'a archive::Panel) -> Panel<'a> {
        Panel {
            title: &panel.title,
            panelists: panel.panelists.iter().map(|seat| self.person_ref(seat.person)).collect(),
            moderator: panel.moderator.as_ref().map(|seat| self.person_ref(seat.person)),
        }
    }

    fn hot_topic(&self, topic: &'a archive::HotTopic) -> HotTopic<'a> {
        HotTopic {
            title: &topic.title,
            presenters: self.person_refs(&topic.presenters),
            slides: self.links(&topic.slides),
            articles: self.article_refs(&topic.articles),
        }
    }

    pub(super) fn talks(&self) -> Vec<Talk<'a>> {
        let talk = |talk: &'a archive::Talk| Talk {
            id: words::slug(&talk.route),
            url: self.url(&talk.route),
            title: &talk.title,
            event: self.event_ref(talk.event),
            date: day(self.archive()[talk.event].date),
            speakers: self.person_refs(&talk.speakers),
            affiliation: talk.affiliation.as_deref(),
            kind: talk.kind.map(content::TalkKind::words),
            status: status(talk.status),
            topics: self.topic_refs(&talk.tags),
            slides: self.links(&talk.slides),
            videos: self.links(&talk.videos),
            note: talk.note.as_deref(),
        };
        self.archive().talks.iter().map(talk).collect()
    }

    pub(super) fn people(&self) -> Vec<Person<'a>> {
        let person = |person: &'a archive::Person| Person {
            id: words::slug(&person.route),
            url: self.url(&person.route),
            name: &person.name,
            aliases: &person.aliases,
            affiliations: person.affiliations.iter().map(|affiliation| affiliation.name.as_str()).collect(),
            links: self.links(&person.links),
            organiser: person.organiser,
            talks: self.talk_refs(&person.talks),
            articles: self.article_refs(&person.articles),
            events: self.event_refs(&people::events(self.archive(), person)),
        };
        self.archive().people.iter().map(person).collect()
    }

    pub(super) fn venues(&self) -> Vec<Venue<'a>> {
        let venue = |venue: &'a archive::Venue| Venue {
            id: words::slug(&venue.route),
            url: self.url(&venue.route),
            name: &venue.name,
            aliases: &venue.aliases,
            address: venue.address.as_deref(),
            coordinates: venue.coordinates.map(|point| [point.latitude, point.longitude]),
            online: venue.online,
            events: self.event_refs(&venue.events),
        };
        self.archive().venues.iter().map(venue).collect()
    }

    pub(super) fn topics(&self) -> Vec<Topic<'a>> {
        let topic = |topic: &'a archive::Topic| Topic {
            id: words::slug(&topic.route),
            url: self.url(&topic.route),
            name: &topic.name,
            about: topic.about.as_deref(),
            events: self.event_refs(&topic.events),
            talks: self.talk_refs(&topic.talks),
            articles: self.article_refs(&topic.articles),
        };
        self.archive().topics.iter().map(topic).collect()
    }

    pub(super) fn articles(&self) -> Vec<Article<'a>> {
        let article = |article: &'a archive::Article| Article {
            id: words::slug(&article.route),
            url: self.url(&article.route),
            title: &article.title,
            summary: article.summary.as_deref(),
            date: day(article.date),
            event: article.event.map(|id| self.event_ref(id)),
            presenters: self.person_refs(&article.presenters),
            topics: self.topic_refs(&article.tags),
            papers: article.papers.iter().map(paper).collect(),
            experiments: self.experiments(article),
            markdown: prose::markdown(self.site, &article.body),
        };
        self.archive().articles.iter().map(article).collect()
    }

    /// The experiments of an article whose results are at hand, in the order of the text.
    fn experiments(&self, article: &archive::Article) -> Vec<Experiment> {
        let results = &self.site.results;
        let blocks = prose::read(self.archive(), &article.body, None).0;
        let shown = blocks.into_iter().filter_map(|prose::Block { number, experiment, .. }| {
            let id = results.id(&experiment).ok().filter(|id| results.records.contains_key(id))?;
            let figure = format!("{}#figure-{number}", self.url(&article.route));
            let result = self.site.address(&result::json(&id));
            Some(Experiment { id, title: experiment.title, figure, result })
        });
        shown.collect()
    }

    pub(super) fn jobs(&self) -> Vec<Job<'a>> {
        let job = |job: &'a archive::Job| Job {
            id: words::slug(&job.route),
            url: self.url(&job.route),
            title: &job.offer.title,
            roles: &job.offer.roles,
            company: &job.offer.company,
            place: job.offer.place.as_deref(),
            apply: job.offer.apply.as_deref(),
            date: job.offer.date.to_string(),
            closes: job.closes.to_string(),
            closes_by_rule: job.closes_by_rule,
            event: job.event.map(|id| self.event_ref(id)),
            markdown: prose::markdown(self.site, &job.offer.body),
        };
        self.archive().jobs.iter().map(job).collect()
    }

    pub(super) fn announcements(&self) -> Vec<Announcement<'a>> {
        let archive = self.archive();
        let announcement = |id: archive::AnnouncementId| {
            let announcement = &archive[id];
            Announcement {
                id: words::slug(&announcement.route),
                url: self.url(&announcement.route),
                calendar: self.calendar(calendar::Of::Announcement(id)),
                title: &announcement.title,
                kind: announcement.kind.word(),
                status: status(announcement.status),
                changes: changes(&announcement.changes),
                date: day(announcement.date),
                end_date: day(announcement.end_date),
                time: announcement.time.as_deref(),
                place: announcement.place.as_deref(),
                address: announcement.address.as_deref(),
                host: announcement.host.as_deref(),
                web_page: announcement.url.as_deref(),
                registration: announcement.registration.as_deref(),
                price: announcement.price.as_ref().map(price),
                part_of: announcement.part_of.map(|whole| self.announcement_ref(&archive[whole])),
                event: announcement.event.map(|event| self.event_ref(event)),
                programme: announcement.programme.iter().map(|(item, _)| slot(item)).collect(),
                markdown: prose::markdown(self.site, &announcement.body),
            }
        };
        archive.announcement_ids().map(announcement).collect()
    }

    fn url(&self, route: &Route) -> String {
        self.site.address(route.as_str())
    }

    fn calendar(&self, of: calendar::Of) -> Option<String> {
        of.path(self.archive()).map(|path| self.site.address(&path))
    }

    fn reference(&self, route: &'a Route, name: &str) -> Ref<'a> {
        Ref { id: words::slug(route), name: name.to_owned(), url: self.url(route) }
    }

    fn event_ref(&self, id: EventId) -> Ref<'a> {
        let event = &self.archive()[id];
        self.reference(&event.route, &words::meetup(event))
    }

    fn event_refs(&self, ids: &[EventId]) -> Vec<Ref<'a>> {
        ids.iter().map(|id| self.event_ref(*id)).collect()
    }

    fn person_ref(&self, id: PersonId) -> Ref<'a> {
        self.reference(&self.archive()[id].route, &self.archive()[id].name)
    }

    fn person_refs(&self, ids: &[PersonId]) -> Vec<Ref<'a>> {
        ids.iter().map(|id| self.person_ref(*id)).collect()
    }

    fn topic_refs(&self, ids: &[TopicId]) -> Vec<Ref<'a>> {
        ids.iter().map(|id| &self.archive()[*id]).map(|topic| self.reference(&topic.route, &topic.name)).collect()
    }

    fn talk_refs(&self, ids: &[TalkId]) -> Vec<Ref<'a>> {
        ids.iter().map(|id| &self.archive()[*id]).map(|talk| self.reference(&talk.route, &talk.title)).collect()
    }

    fn article_refs(&self, ids: &[ArticleId]) -> Vec<Ref<'a>> {
        ids.iter().map(|id| &self.archive()[*id]).map(|article| self.reference(&article.route, &article.title)).collect()
    }

    fn announcement_ref(&self, announcement: &'a archive::Announcement) -> Ref<'a> {
        self.reference(&announcement.route, &announcement.title)
    }

    fn link(&self, link: &'a archive::Link) -> Link<'a> {
        let url = if link.external() { link.href.to_string() } else { self.site.address(&link.href) };
        Link { label: link.label.as_deref(), url }
    }

    fn links(&self, links: &'a [archive::Link]) -> Vec<Link<'a>> {
        links.iter().map(|link| self.link(link)).collect()
    }
}

fn day(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn status(status: content::Status) -> Status {
    match status {
        content::Status::Held => Status::Held,
        content::Status::Cancelled => Status::Cancelled,
        content::Status::Postponed => Status::Postponed,
        content::Status::CancelledOrPostponed => Status::CancelledOrPostponed,
    }
}

fn changes(changes: &[content::Change]) -> Vec<Change<'_>> {
    changes.iter().map(|change| Change { date: change.date.to_string(), what: &change.what }).collect()
}

fn price(price: &content::Price) -> Price<'_> {
    match price {
        content::Price::Free => Price { amount: "0", currency: None },
        content::Price::Sum { amount, currency } => Price { amount, currency: Some(currency) },
    }
}

fn paper(paper: &content::Paper) -> Paper<'_> {
    Paper { title: &paper.title, authors: paper.authors.as_deref(), url: paper.url.as_deref(), arxiv: paper.arxiv.as_deref() }
}

fn slot(slot: &content::Slot) -> Slot<'_> {
    Slot {
        day: day(slot.day),
        time: slot.time.as_deref(),
        stage: slot.stage.as_deref(),
        kind: slot.kind.as_deref(),
        title: &slot.title,
        speakers: slot.speakers.iter().map(|name| name.as_str()).collect(),
    }
}
