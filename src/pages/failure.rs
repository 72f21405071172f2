//! What stands where a request came to nothing.

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

/// The page for a request that is answered with this status and no page of its own.
pub fn failure(site: &Site, day: Date, status: u16) -> Answer {
    let (title, why) = words(status);
    let query = Query::parse("");
    let request = Request::new(site, day, "/", &query);
    let mut frame = Frame::new(&request, title, why).unlisted(true);
    // The address is not the start page's; it has no place in the navigation.
    frame.path = "";
    Answer { cache: CachePolicy::NoStore, ..Answer::html(status, &Failure { frame, status, title, why }) }
}

/// What happened, and what to do about it.
fn words(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => ("This address is none", "It holds characters or steps that no page has. The start page leads everywhere."),
        404 => ("There is no page here", "The address may be misspelt, or what it named has moved."),
        405 => ("That cannot be done here", "This address can be read, and nothing can be sent to it."),
        406 => ("No form of this page will do", "The request forbids the plain form of the page and every compressed one."),
        408 => ("That took too long", "The request did not arrive in time. Try again on a better connection."),
        412 => ("This page is another by now", "The request is for a version of it that is not the present one."),
        413 => ("That is too long", "The request brings more than this site takes."),
        414 => ("This address is too long", "No page has one of that length. The start page leads everywhere."),
        416 => ("There is no such part", "The page is shorter than the part that was asked for."),
        429 => ("That is too much at once", "Close other tabs of this site, or try again in a minute."),
        503 => ("That takes too long", "The server is busy. Try again in a minute."),
        401..500 => ("This request came to nothing", "It is not one that this site understands."),
        _ => (
            "Something went wrong here",
            "The fault is this site's and has been noted. Other pages may well work; so may this one later.",
        ),
    }
}
