//! `venues.yaml`: the places where events were.

use crate::problem::{Problem, Text};
use crate::yaml::{Cursor, Fields};

/// A place, or the absence of one.
#[derive(Debug, Clone)]
pub struct Venue {
    /// Its name, as lists show it.
    pub name: Text,
    /// Other spellings that an event may use.
    pub aliases: Vec<Text>,
    /// Street and city, as far as a source gives them.
    pub address: Option<Text>,
    /// Where that is on the earth.
    pub coordinates: Option<Coordinates>,
    /// Whether it is no place but a video call.
    pub online: bool,
    /// What else is to be known of it.
    pub note: Option<Text>,
}

/// A point on the earth, in degrees of WGS 84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coordinates {
    /// North of the equator, from -90 to 90.
    pub latitude: f64,
    /// East of Greenwich, from -180 to 180.
    pub longitude: f64,
}

pub(super) fn read(cursor: Cursor<'_>) -> Option<Venue> {
    cursor.fields("a venue", |f| {
        let (name, aliases) = (f.need_text("name"), f.texts("aliases"));
        let address = f.text("address");
        let coordinates = coordinates(f);
        let online = f.get("online").and_then(|online| online.flag()).unwrap_or(false);
        let note = f.text("note");
        Some(Venue { name: name?, aliases, address, coordinates, online, note })
    })
}

/// Latitude and longitude, in this order, as maps show them.
fn coordinates(f: &mut Fields<'_>) -> Option<Coordinates> {
    let cursor = f.get("coordinates")?;
    let items = cursor.items();
    let degrees: Vec<f64> = items.iter().filter_map(|item| item.parse("degrees")).map(|degrees| degrees.it).collect();
    let within = |degrees: f64, most: f64| degrees.abs() <= most;
    match degrees[..] {
        [latitude, longitude] if within(latitude, 90.0) && within(longitude, 180.0) => Some(Coordinates { latitude, longitude }),
        // What is no number has been told.
        _ if degrees.len() < items.len() => None,
        _ => {
            let help = "write degrees north and degrees east: coordinates: [48.1887, 16.3541]";
            f.problem(Problem::error(cursor.place(), "these are no coordinates").help(help));
            None
        }
    }
}
