//! `jobs/*.md`: positions that were offered at an event.

use jiff::civil::Date;

use super::Body;
use super::link::url_text;
use super::meetup::EventKey;
use crate::problem::{At, Problem, Text};
use crate::yaml::{Cursor, Fields};

/// An offer of one or several positions by one company.
#[derive(Debug, Clone)]
pub struct Job {
    /// The position, or what the positions have in common.
    pub title: Text,
    /// The positions, when there are several.
    pub roles: Vec<Text>,
    /// Who hires.
    pub company: Text,
    /// Where the work is.
    pub place: Option<Text>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// Where to apply.
    pub apply: Option<Text>,
    /// The event at which it was announced.
    pub meetup: Option<At<EventKey>>,
    /// When it was announced.
    pub date: Date,
    /// Last day on which one can apply, where a source says so.
    pub expires: Option<Date>,
    /// The text.
    pub body: Body,
}

/// Whom to ask about a position.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Name, with titles.
    pub name: Option<Text>,
    /// Mail address.
    pub mail: Option<Text>,
    /// Phone number, as written.
    pub phone: Option<Text>,
}

pub(super) fn read(f: &mut Fields<'_>, body: Body) -> Option<Job> {
    let title = f.need_text("title");
    let roles = f.texts("roles");
    let company = f.need_text("company");
    let place = f.text("place");
    let contact = f.get("contact").and_then(contact);
    let apply = url_text(f, "apply");
    let meetup = f.parse("meetup", "a meetup");
    let date = f.need("date").and_then(|date| date.date());
    let expires = f.date("expires");
    if let (Some(date), Some(expires)) = (&date, &expires)
        && expires.it < date.it
    {
        let message = format!("the offer ends on {} and begins on {}", expires.it, date.it);
        f.problem(Problem::error(expires.place.clone(), message));
    }
    let expires = expires.map(|date| date.it);
    Some(Job { title: title?, roles, company: company?, place, contact, apply, meetup, date: date?.it, expires, body })
}

fn contact(cursor: Cursor<'_>) -> Option<Contact> {
    cursor.fields("a contact", |f| {
        let [name, mail, phone] = ["name", "mail", "phone"].map(|key| f.text(key));
        Some(Contact { name, mail, phone })
    })
}
