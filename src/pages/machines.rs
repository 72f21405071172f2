//! What programs read: calendars, feeds, data, and what leads search engines to the pages.

pub(super) mod api;
mod atom;
pub(super) mod calendar;
mod entries;
pub(super) mod feeds;
mod ical;
mod ids;
mod links;
pub(super) mod opensearch;
pub(super) mod sitemap;
mod span;
pub(super) mod subscribe;
mod vevent;

use crate::archive::Archive;

use super::{Answer, CachePolicy, Kind, Request};

pub(super) const ROBOTS: Kind = Kind { answer: robots, paths: |_| vec!["/robots.txt".to_owned()] };

/// Whether a path is that of a calendar, a feed or the page of data, which texts may link to.
pub(super) fn is_there(archive: &Archive, path: &str) -> bool {
    path == api::PATH || calendar::is_there(archive, path) || feeds::is_there(archive, path)
}

fn robots(request: &Request<'_>) -> Option<Answer> {
    if request.path != "/robots.txt" {
        return None;
    }
    let sitemap = sitemap::is_there(request.site).then(|| format!("Sitemap: {}\n", request.site.address(sitemap::PATH)));
    let text = format!("User-agent: *\nAllow: /\n{}", sitemap.unwrap_or_default());
    Some(Answer::new(200, "text/plain; charset=utf-8", CachePolicy::Page, text.into_bytes()))
}
