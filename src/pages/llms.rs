//! `/llms.txt`: what is where, for language models (<https://llmstxt.org>).

use super::as_markdown::{address, escape};
use super::frame::SECTIONS;
use super::machines::{self, sitemap};
use super::{Answer, CachePolicy, Kind, Request, Site};

pub(super) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

const PATH: &str = "/llms.txt";

/// What each list holds.
const LISTS: [(&str, &str); 9] = [
    ("/meetups/", "all meetups with date and venue, latest first"),
    ("/talks/", "all talks with speakers, slides and recordings, latest first"),
    ("/hot-topics/", "articles with experiments, and the hot topics of the meetups"),
    ("/lab/", "optimizers compared on small tasks, with settings of one's own on the live server"),
    ("/people/", "speakers and organisers, with their institutions"),
    ("/topics/", "what the talks are about"),
    ("/venues/", "where the meetups were"),
    ("/jobs/", "positions that were announced, open ones first"),
    ("/events/", "other events that were announced"),
];

/// Addresses for programs. The calendar is not there as long as no meetup has a date, the sitemap not as long as
/// the site does not know its address.
const DATA: [(&str, &str, &str); 6] = [
    ("/api/all.json", "Everything as JSON", "the whole archive in one file"),
    ("/api/schema.json", "JSON Schema", "what the JSON means"),
    ("/meetups.ics", "Calendar", "all meetups as iCalendar"),
    ("/feed.xml", "Feed", "what is new, as Atom"),
    ("/hot-topics/feed.xml", "Feed of hot topics", "new articles, as Atom"),
    (sitemap::PATH, "Sitemap", "the addresses of all pages"),
];

fn answer(request: &Request<'_>) -> Option<Answer> {
    (request.path == PATH)
        .then(|| Answer::new(200, "text/plain; charset=utf-8", CachePolicy::Page, text(request.site).into_bytes()))
}

fn text(site: &Site) -> String {
    let archive = &*site.archive;
    let entry = |title: &str, path: &str, about: &str| {
        let about = if about.is_empty() { String::new() } else { format!(": {}", escape(about)) };
        format!("- [{}]({}){about}\n", escape(title), site.address(path))
    };
    let page = |title: &str, path: &str, about: &str| entry(title, address(archive, path).as_deref().unwrap_or(path), about);
    let mut out = format!("# {}\n\n> {}\n\n", escape(&archive.site.name), escape(&archive.site.description));
    out.push_str("Each page is there as Markdown too: `index.md` after its address");
    out.push_str(", or the address itself asked for with `Accept: text/markdown` from the live server.\n\n## Pages\n\n");
    out.push_str(&page(&archive.site.name, "/", "what is next and what is new"));
    for section in SECTIONS {
        let about = LISTS.iter().find(|(path, _)| *path == section.path).map_or("", |(_, about)| about);
        out.push_str(&page(section.label, section.path, about));
    }
    for text in &archive.pages {
        out.push_str(&page(&text.title, text.route.as_str(), text.summary.as_deref().unwrap_or("")));
    }
    if !archive.articles.is_empty() {
        out.push_str("\n## Articles\n\n");
    }
    for article in &archive.articles {
        out.push_str(&page(&article.title, article.route.as_str(), article.summary.as_deref().unwrap_or("")));
    }
    out.push_str("\n## Data\n\n");
    let there = |path: &str| match path {
        sitemap::PATH => sitemap::is_there(site),
        path => !path.ends_with(".ics") || machines::is_there(archive, path),
    };
    for (path, title, about) in DATA.iter().filter(|(path, ..)| there(path)) {
        out.push_str(&entry(title, path, about));
    }
    out
}
