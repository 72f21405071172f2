//! `/llms.txt`: the main pages and data of the site, for language models (<https://llmstxt.org>).

use super::{markdown, sitemap};
use crate::archive::Archive;
use crate::context::{Answer, CachePolicy, Kind, Request, SECTIONS, Site};
use crate::html::escape;

pub(crate) const KIND: Kind = Kind { answer, paths: |_| vec![PATH.to_owned()] };

const PATH: &str = "/llms.txt";

/// Descriptions of the lists.
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

/// Addresses for programs. There is no calendar before a meetup has a date, and no sitemap without a base URL.
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
    let (archive, views) = (&*site.archive, &*site.views);
    let site_page = item(archive, &views.site.name, "/", "what is next and what is new");
    let sections = SECTIONS.iter().map(|section| {
        let about = LISTS.iter().find(|(path, _)| *path == section.path).map_or("", |(_, about)| about);
        item(archive, section.label, section.path, about)
    });
    let pages = views.pages.iter().map(|it| item(archive, &it.title, &it.url, it.summary.as_deref().unwrap_or("")));
    let articles =
        views.articles.iter().map(|it| item(archive, &it.title, &it.url, it.summary.as_deref().unwrap_or("")));
    let exists = |path: &str| match path {
        sitemap::PATH => sitemap::is_there(site),
        path => !path.ends_with(".ics") || views.is_data(path),
    };
    let data =
        DATA.iter().filter(|(path, ..)| exists(path)).map(|(path, title, about)| item(archive, title, path, about));
    let html = [
        format!("<h1>{}</h1><blockquote>{}</blockquote>", escape(&views.site.name), escape(&views.site.description)),
        "<p>Each page is also available as Markdown: at <code>index.md</code> below its address, or from the live server at \
         the address itself, asked for with <code>Accept: text/markdown</code>.</p>"
            .to_owned(),
        list("Pages", std::iter::once(site_page).chain(sections).chain(pages)),
        list("Articles", articles),
        list("Data", data),
    ];
    markdown::from_html(&html.concat(), |path| site.address_from(PATH, path))
}

/// A heading with a list below it; nothing if the list is empty.
fn list(title: &str, items: impl Iterator<Item = String>) -> String {
    let items: String = items.collect();
    if items.is_empty() { items } else { format!("<h2>{title}</h2><ul>{items}</ul>") }
}

/// An item of a list, linked to the Markdown form of its page if there is one.
fn item(archive: &Archive, title: &str, path: &str, about: &str) -> String {
    let form = markdown::address(archive, path);
    let (path, title, about) = (escape(form.as_deref().unwrap_or(path)), escape(title), escape(about));
    let separator = if about.is_empty() { "" } else { ": " };
    format!("<li><a href=\"{path}\">{title}</a>{separator}{about}</li>")
}
