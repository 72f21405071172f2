//! `events/*.md`: what was announced at an event: festivals, workshops, news of the group.

use jiff::civil::Date;

use super::Body;
use super::change::Change;
use super::link::url_text;
use super::meetup::{EventKey, Status, event_status};
use super::price::{self, Price};
use crate::problem::{At, Problem, Text};
use crate::yaml::{Cursor, Fields};

/// An announcement, with the programme where it has one.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// What it is called.
    pub title: Text,
    /// What it is.
    pub kind: Kind,
    /// First day.
    pub date: Option<Date>,
    /// Last day, when there are several.
    pub end_date: Option<Date>,
    /// Hours, as written.
    pub time: Option<Text>,
    /// Whether it takes place.
    pub status: Status,
    /// What was changed after it had been announced, oldest first.
    pub changes: Vec<Change>,
    /// The place's name.
    pub place: Option<Text>,
    /// Street and city.
    pub address: Option<Text>,
    /// Who runs it.
    pub host: Option<Text>,
    /// Its page elsewhere.
    pub url: Option<Text>,
    /// Where one registers.
    pub registration: Option<Text>,
    /// What it costs to take part.
    pub price: Option<Price>,
    /// Slug of the event it belongs to.
    pub part_of: Option<Text>,
    /// The meetup at which it was announced.
    pub meetup: Option<At<EventKey>>,
    /// What happens when, in the order of the file.
    pub programme: Vec<Slot>,
    /// The text.
    pub body: Body,
}

/// What is announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Several days of talks and more.
    Festival,
    /// A session to work in.
    Workshop,
    /// A competition in building.
    Hackathon,
    /// Talks on a subject.
    Conference,
    /// News without a day of its own.
    Announcement,
}

impl Kind {
    const WORDS: [(&'static str, Kind); 5] = [
        ("festival", Kind::Festival),
        ("workshop", Kind::Workshop),
        ("hackathon", Kind::Hackathon),
        ("conference", Kind::Conference),
        ("announcement", Kind::Announcement),
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, kind)| *kind == self).map_or("event", |(word, _)| word)
    }
}

/// An item of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The day, when the programme has several.
    pub day: Option<Date>,
    /// Hours, as written.
    pub time: Option<Text>,
    /// Name or number of the stage.
    pub stage: Option<Text>,
    /// What kind of item it is, as written.
    pub kind: Option<Text>,
    /// Who speaks, in order.
    pub speakers: Vec<Text>,
    /// What it is.
    pub title: Text,
}

pub(super) fn read(f: &mut Fields<'_>, body: Body) -> Option<Announcement> {
    let title = f.need_text("title");
    let kind = f.need("kind").and_then(|kind| kind.choice(&Kind::WORDS));
    let (date, end_date) = (f.date("date"), f.date("end_date"));
    if let (Some(date), Some(end)) = (&date, &end_date)
        && end.it < date.it
    {
        f.problem(Problem::error(end.place.clone(), format!("ends on {} and begins on {}", end.it, date.it)));
    }
    let [time, place, address, host] = ["time", "place", "address", "host"].map(|key| f.text(key));
    let (status, changes) = event_status(f);
    let [url, registration] = ["url", "registration"].map(|key| url_text(f, key));
    let price = f.get("price").and_then(price::read);
    let part_of = f.text("part_of");
    let meetup = f.parse("meetup", "a meetup");
    let programme = f.list("programme", slot);
    Some(Announcement {
        title: title?,
        kind: kind?,
        date: date.map(|date| date.it),
        end_date: end_date.map(|date| date.it),
        time,
        status,
        changes,
        place,
        address,
        host,
        url,
        registration,
        price,
        part_of,
        meetup,
        programme,
        body,
    })
}

fn slot(cursor: Cursor<'_>) -> Option<Slot> {
    cursor.fields("a programme item", |f| {
        let day = f.date("day").map(|day| day.it);
        let [time, stage, kind] = ["time", "stage", "kind"].map(|key| f.text(key));
        let speakers = f.texts("speakers");
        let title = f.need_text("title");
        Some(Slot { day, time, stage, kind, speakers, title: title? })
    })
}
