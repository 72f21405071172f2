//! Articles, jobs, announcements and pages, and the links between them and the events.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::ToSpan;

use super::assemble::{Builder, OPEN_DAYS, Parts, push_new};
use super::route::Route;
use super::{Announcement, AnnouncementId, Article, ArticleId, EventId, Job, JobId, Page};
use crate::content;
use crate::diagnostics::{Diagnostic, Span, Spanned, closest};

/// First parts of addresses that a page of prose cannot have.
const TAKEN: [&str; 13] = [
    "meetups",
    "talks",
    "hot-topics",
    "lab",
    "people",
    "topics",
    "venues",
    "jobs",
    "events",
    "search",
    "api",
    "files",
    "assets",
];

impl<'a> Builder<'a> {
    pub(super) fn articles(&mut self, parts: &Parts<'a>) {
        // Those of one evening stay in the order in which its file names them.
        let named = parts.meetups.iter().flat_map(|meetup| &meetup.hot_topics).flat_map(|topic| &topic.articles);
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for (position, slug) in named.enumerate() {
            positions.entry(slug).or_insert(position);
        }
        let position = |article: &content::Article| positions.get(&*article.body.stem).copied().unwrap_or(usize::MAX);
        let mut articles = parts.articles.clone();
        articles.sort_by_key(|article| (std::cmp::Reverse(article.date.as_deref().copied()), position(article)));
        for article in articles {
            self.articles.entry(&article.body.stem).or_insert(ArticleId(self.archive.articles.len()));
            let article = Article {
                route: self.route_of_file("hot-topics", &article.body),
                event: article.meetup.as_ref().and_then(|key| self.event(key)),
                presenters: self.persons(&article.presenters),
                tags: self.tags(&article.tags),
                entries: Vec::new(),
                source: article.clone(),
            };
            self.archive.articles.push(article);
        }
    }

    pub(super) fn announcements(&mut self, parts: &Parts<'a>) {
        for announcement in newest_first(&parts.announcements, |a| a.date.as_deref().copied()) {
            self.announcements
                .entry(&announcement.body.stem)
                .or_insert(AnnouncementId(self.archive.announcements.len()));
            let new = self.new_announcement(announcement);
            self.archive.announcements.push(new);
        }
        for announcement in &parts.announcements {
            let Some(whole) = &announcement.part_of else { continue };
            let part = self.announcement(&announcement.body.stem);
            match (self.announcement(whole), part) {
                (Some(whole), Some(part)) => {
                    self.archive.announcements[part.0].part_of = Some(whole);
                    self.archive.announcements[whole.0].parts.push(part);
                }
                _ => self.unknown_file("event", whole, |a| {
                    a.archive.announcements.iter().map(|x| x.source.body.stem.clone()).collect()
                }),
            }
        }
    }

    fn new_announcement(&mut self, a: &content::Announcement) -> Announcement {
        // The speakers of somebody else's event are people of this archive only if they have been here.
        let known = |slot: &content::Slot| slot.speakers.iter().map(|name| self.known_person(name)).collect();
        Announcement {
            speakers: a.programme.iter().map(known).collect(),
            route: self.route_of_file("events", &a.body),
            part_of: None,
            parts: Vec::new(),
            event: a.meetup.as_ref().and_then(|key| self.event(key)),
            source: a.clone(),
        }
    }

    pub(super) fn jobs(&mut self, parts: &Parts<'a>) {
        for job in newest_first(&parts.jobs, |job| Some(job.date.value)) {
            self.jobs.entry(&job.body.stem).or_insert(JobId(self.archive.jobs.len()));
            let by_rule = job.date.checked_add(OPEN_DAYS.days()).unwrap_or(job.date.value);
            let job = Job {
                route: self.route_of_file("jobs", &job.body),
                closes: job.expires.as_deref().copied().unwrap_or(by_rule),
                event: job.meetup.as_ref().and_then(|key| self.event(key)),
                source: job.clone(),
            };
            self.archive.jobs.push(job);
        }
    }

    pub(super) fn pages(&mut self, parts: &Parts<'_>) {
        for page in &parts.pages {
            let route = self.route_of_file("", &page.body);
            if let Some(taken) = TAKEN.iter().find(|taken| route.as_str() == format!("/{taken}/")) {
                let error = Diagnostic::error(
                    Span::start_of(&page.body.file),
                    format!("the address `/{taken}/` is that of another page of the site"),
                );
                self.diagnostics.push(error.help("give the file another name: it is the address of its page"));
                continue;
            }
            self.archive.pages.push(Page { route, source: (*page).clone() });
        }
    }

    /// The address of a file's page: its name, made safe for an address. Two files that would have the same are an
    /// error at the second.
    fn route_of_file(&mut self, section: &'static str, body: &content::Body) -> Route {
        let route = Route::of_file(section, &body.stem);
        if let Some(first) = self.file_routes.insert(route.clone(), body.file.clone()) {
            let message = format!("the page of this file has the address `{route}`, as that of {} has", first.name);
            let error = Diagnostic::error(Span::start_of(&body.file), message);
            self.diagnostics.push(error.help("rename one of the two"));
        }
        route
    }

    /// Joins events with what they name and with what names them; either side may say it.
    pub(super) fn cross_link(&mut self, parts: &Parts<'_>) {
        for meetup in &parts.meetups {
            let Some(event) = self.event_by_key.get(&meetup.key().value).copied() else { continue };
            for slug in &meetup.announcements {
                match self.announcement(slug) {
                    Some(id) => self.archive.events[event.0].announcements.push(id),
                    None => self.unknown_file("event", slug, |b| {
                        b.archive.announcements.iter().map(|a| a.source.body.stem.clone()).collect()
                    }),
                }
            }
            for slug in &meetup.jobs {
                match self.jobs.get(&***slug).copied() {
                    Some(id) => self.archive.events[event.0].jobs.push(id),
                    None => self.unknown_file("job", slug, |b| {
                        b.archive.jobs.iter().map(|j| j.source.body.stem.clone()).collect()
                    }),
                }
            }
            self.link_articles(event, meetup);
        }
        self.link_back();
    }

    fn link_articles(&mut self, event: EventId, meetup: &content::Meetup) {
        for (position, topic) in meetup.hot_topics.iter().enumerate() {
            for slug in &topic.articles {
                match self.articles.get(&***slug).copied() {
                    Some(id) => {
                        let topic = self.archive.events[event.0].hot_topics[position];
                        self.archive.hot_topics[topic.0].articles.push(id);
                    }
                    None => {
                        self.unknown_file("hot topic", slug, |b| {
                            b.archive.articles.iter().map(|a| a.source.body.stem.clone()).collect()
                        });
                    }
                }
            }
        }
    }

    fn link_back(&mut self) {
        for index in 0..self.archive.announcements.len() {
            let Some(event) = self.archive.announcements[index].event else { continue };
            push_new(&mut self.archive.events[event.0].announcements, AnnouncementId(index));
        }
        for index in 0..self.archive.jobs.len() {
            let Some(event) = self.archive.jobs[index].event else { continue };
            push_new(&mut self.archive.events[event.0].jobs, JobId(index));
        }
        for event in 0..self.archive.events.len() {
            for id in self.archive.events[event].announcements.clone() {
                self.archive.announcements[id.0].event.get_or_insert(EventId(event));
            }
            for id in self.archive.events[event].jobs.clone() {
                self.archive.jobs[id.0].event.get_or_insert(EventId(event));
            }
        }
    }

    fn announcement(&self, stem: &str) -> Option<AnnouncementId> {
        self.announcements.get(stem).copied()
    }

    /// A reference to a file that is not there. The rest of the naming file is fine, so it is used without the
    /// reference.
    fn unknown_file(&mut self, what: &str, slug: &Spanned<Arc<str>>, known: fn(&Self) -> Vec<Arc<str>>) {
        let folder = match what {
            "job" => "jobs",
            "hot topic" => "hot-topics",
            _ => "events",
        };
        if self.archive.is_broken(&format!("{folder}/{slug}.md")) {
            return;
        }
        let diagnostic = Diagnostic::warning(slug.span.clone(), format!("there is no {what} `{slug}`"));
        let known = known(self);
        let help = match closest(slug, known.iter().map(Arc::as_ref)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "use the name of its file without the ending, or add the file".to_owned(),
        };
        self.diagnostics.push(diagnostic.help(help));
    }
}

fn newest_first<'p, T>(items: &[&'p T], date: fn(&T) -> Option<jiff::civil::Date>) -> Vec<&'p T> {
    let mut sorted = items.to_vec();
    sorted.sort_by_key(|item| std::cmp::Reverse(date(item)));
    sorted
}
