//! Page for hosts that cannot redirect, in place of a redirect of the live server.

use askama::Template;

use super::{Answer, Site};
use crate::views::Views;

#[derive(Template)]
#[template(path = "moved.html")]
struct Moved<'a> {
    views: &'a Views,
    to: &'a str,
    /// The whole address of the page, where it is known.
    canonical: String,
}

/// A page that leads on to another one.
pub fn moved(site: &Site, to: &str) -> Answer {
    Answer::html(200, &Moved { views: &site.views, to, canonical: site.address(to) })
}
