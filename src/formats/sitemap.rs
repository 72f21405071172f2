//! `/sitemap.xml`: all pages, with the day of the last change as far as the content says (sitemaps.org, protocol 0.9).
//!
//! The protocol needs absolute addresses, so there is none without a base URL.

use askama::Template;
use jiff::civil::Date;

use super::updated::Updated;
use super::{api, xml};
use crate::archive::Target;
use crate::context::{Answer, Kind, Request, SECTIONS, Site};
use crate::views::{Ref, Views};

pub(crate) const KIND: Kind = Kind { answer, paths };

pub(crate) const PATH: &str = "/sitemap.xml";
/// Maximum number of pages of a file, as the protocol says.
const MAX_PAGES: usize = 50_000;

#[derive(Template)]
#[template(path = "sitemap.xml")]
struct Sitemap {
    pages: Vec<(String, Option<Date>)>,
}

#[derive(Template)]
#[template(path = "sitemap-index.xml")]
struct Index {
    files: Vec<String>,
}

/// Returns whether there is a sitemap.
pub(crate) fn is_there(site: &Site) -> bool {
    site.base.is_some()
}

fn paths(site: &Site) -> Vec<String> {
    if !is_there(site) {
        return Vec::new();
    }
    let parts = pages(site).len().div_ceil(MAX_PAGES);
    let files = if parts > 1 { (1..=parts).map(part).collect() } else { Vec::new() };
    std::iter::once(PATH.to_owned()).chain(files).collect()
}

/// The file of a part, from 1: `/sitemap-2.xml`.
fn part(number: usize) -> String {
    format!("/sitemap-{number}.xml")
}

fn answer(request: &Request<'_>) -> Option<Answer> {
    let number = request.path.strip_prefix("/sitemap")?.strip_suffix(".xml").filter(|_| is_there(request.site))?;
    file(request.site, request.day, MAX_PAGES, number)
}

/// Returns the file with a number in its name: all pages, or the index of the parts, or a part. The number of parts
/// does not change with the day.
fn file(site: &Site, day: Date, max_pages: usize, number: &str) -> Option<Answer> {
    let all = pages(site);
    let parts = all.len().div_ceil(max_pages);
    let pages = match number.strip_prefix('-') {
        None if number.is_empty() && parts > 1 => {
            let files = (1..=parts).map(|number| site.address(&part(number))).collect();
            return Some(xml("application/xml; charset=utf-8", &Index { files }));
        }
        None if number.is_empty() => &all[..],
        None => return None,
        Some(number) => {
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            all.chunks(max_pages).nth(at).filter(|_| parts > 1)?
        }
    };
    let changes = Changes::on(day, &site.views);
    // Closed offers are kept out of search engines.
    let listed = pages.iter().filter(|page| match page.1 {
        Some(Target::Job(id)) => site.views[id].is_open(day),
        _ => true,
    });
    let page = |(path, target): &(String, Option<Target>)| {
        (site.address(path), changes.of(path, *target).filter(|changed| *changed <= day))
    };
    Some(xml("application/xml; charset=utf-8", &Sitemap { pages: listed.map(page).collect() }))
}

/// All pages, and what they are about, unless it is a list.
fn pages(site: &Site) -> Vec<(String, Option<Target>)> {
    let lists = SECTIONS.iter().map(|section| section.path);
    let api = site.extras.data.then_some(api::PATH);
    let all = std::iter::once("/").chain(lists).chain(api).map(|path| (path.to_owned(), None));
    all.chain(site.archive.targets().map(|(route, target)| (route.to_string(), Some(target)))).collect()
}

/// The last changes of pages as of a day.
struct Changes<'a> {
    views: &'a Views,
    updated: Updated,
    events: Option<Date>,
    articles: Option<Date>,
    announcements: Option<Date>,
    jobs: Option<Date>,
}

impl<'a> Changes<'a> {
    fn on(day: Date, views: &'a Views) -> Self {
        let updated = Updated::on(day, views);
        Self {
            views,
            updated,
            events: views.events.iter().filter_map(|event| updated.change(event)).max(),
            articles: views.articles.iter().filter_map(|article| updated.article(article)).max(),
            announcements: views.announcements.iter().filter_map(|it| updated.announcement(it)).max(),
            jobs: views.jobs.iter().filter_map(|job| updated.job(job)).max(),
        }
    }

    /// The last change of a page: of what it is about, or of what it lists.
    fn of(&self, path: &str, target: Option<Target>) -> Option<Date> {
        let views = self.views;
        match target {
            Some(Target::Event(id)) => self.updated.change(&views[id]),
            Some(Target::Talk(id)) => self.updated.change(&views[views[id].event.key]),
            Some(Target::Person(id)) => self.latest(&views[id].events),
            Some(Target::Venue(id)) => self.latest(&views[id].events),
            Some(Target::Topic(id)) => {
                let articles = views.articles_of(&views[id].articles);
                let articles = articles.into_iter().filter_map(|article| self.updated.article(article));
                self.latest(&views[id].events).max(articles.max())
            }
            Some(Target::Article(id)) => self.updated.article(&views[id]),
            Some(Target::Announcement(id)) => self.updated.announcement(&views[id]),
            Some(Target::Job(id)) => self.updated.job(&views[id]),
            Some(Target::Page(_)) => None,
            None => match path {
                "/meetups/" | "/talks/" | "/people/" | "/venues/" => self.events,
                "/hot-topics/" | "/topics/" => self.events.max(self.articles),
                "/events/" => self.announcements,
                "/jobs/" => self.jobs,
                "/" => self.events.max(self.articles).max(self.announcements).max(self.jobs),
                _ => None,
            },
        }
    }

    fn latest(&self, events: &[Ref]) -> Option<Date> {
        self.views.events_of(events).into_iter().filter_map(|event| self.updated.change(event)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Body;

    #[test]
    fn more_pages_than_one_file_may_have_are_in_parts_that_an_index_names() {
        let site = crate::site::tests::site();
        let text = |max_pages, number: &str| {
            let answer = file(&site, Date::MAX, max_pages, number)?;
            let Body::Bytes(bytes) = answer.body else { panic!("{number} leads elsewhere") };
            Some(String::from_utf8(bytes).unwrap())
        };
        let whole = text(MAX_PAGES, "").unwrap();
        let index = text(10, "").unwrap();
        let named: Vec<&str> = index.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next()).collect();
        assert_eq!(named.len(), pages(&site).len().div_ceil(10));
        let urls =
            |xml: &str| xml.lines().filter(|line| line.starts_with("<url>")).map(str::to_owned).collect::<Vec<_>>();
        let mut parts = Vec::new();
        for path in named {
            let number = path.strip_prefix("/sitemap").and_then(|rest| rest.strip_suffix(".xml")).unwrap();
            parts.extend(urls(&text(10, number).unwrap()));
        }
        assert!(parts.len() > 20 && parts == urls(&whole), "{parts:?}");
        for none in ["-0", "-99", "-x", "s", "-1 "] {
            assert_eq!(text(10, none), None, "{none}");
        }
        assert_eq!(text(MAX_PAGES, "-1"), None, "one file has no parts");
    }
}
