//! The page of a request that failed.

use askama::Template;
use jiff::civil::Date;

use super::query::Query;
use super::{Answer, CachePolicy, Request, Site, frame::Frame};

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure<'a> {
    frame: Frame<'a>,
    status: u16,
    title: &'a str,
    why: &'a str,
}

/// Renders the page for a status that has no page of its own.
pub fn failure(site: &Site, day: Date, status: u16) -> Answer {
    let (title, why) = words(status);
    let query = Query::parse("");
    let request = Request::new(site, day, "/", &query);
    let mut frame = Frame::new(&request, title, why).unlisted(true);
    // The address is not the home page's; it has no place in the navigation.
    frame.path = "";
    Answer { cache: CachePolicy::NoStore, ..Answer::html(status, &Failure { frame, status, title, why }) }
}

/// Returns what happened, and what to do about it.
fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => (
            "Invalid address",
            "The address contains characters that no page of this site has. Start from the home page.",
        ),
        403 => ("Not allowed", "This request was not made from a page of this site."),
        404 => ("Page not found", "The address may be misspelt, or the page has moved."),
        405 => ("Not possible here", "This page can be read, but nothing can be sent to it."),
        408 => ("That took too long", "The request did not arrive in time. Try again on a better connection."),
        413 => ("Too long", "The request is longer than this site accepts."),
        414 => ("Address too long", "No page has such a long address. Start from the home page."),
        429 => ("Too many requests", "Close other tabs of this site, or try again in a minute."),
        431 => (
            "Request too long",
            "Your browser sent more headers than this site accepts. Deleting its cookies for this site may help.",
        ),
        503 => ("Too busy", "The server is busy. Try again in a minute."),
        401..500 => ("Request failed", "This site does not understand the request."),
        _ => (
            "Something went wrong",
            "This is a fault of the site, and has been recorded. Other pages may still work; try this one again later.",
        ),
    }
}
