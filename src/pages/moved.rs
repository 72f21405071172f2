//! What a host that cannot redirect sends where the live server answers with a redirect.

use askama::Template;

use super::{Answer, Site};
use crate::archive::Archive;

#[derive(Template)]
#[template(path = "moved.html")]
struct Moved<'a> {
    archive: &'a Archive,
    to: &'a str,
    /// The whole address of the page, where it is known.
    canonical: String,
}

/// A page that leads on to another one.
pub fn moved(site: &Site, to: &str) -> Answer {
    Answer::html(200, &Moved { archive: &site.archive, to, canonical: site.address(to) })
}
