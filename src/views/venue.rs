//! A venue.

use schemars::JsonSchema;
use serde::Serialize;
use serde_with::skip_serializing_none;

use super::parts::{Ref, calendar, slug, text, texts};
use crate::archive::{Archive, Target, VenueId};
use crate::content::Body;

/// A place.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Venue")]
pub struct VenueView {
    /// The venue itself.
    #[serde(skip)]
    pub key: VenueId,
    /// Last part of the address of its page.
    pub id: String,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub url: String,
    /// Address of its calendar, if one of its meetups has a day.
    #[schemars(extend("format" = "uri-reference"))]
    pub calendar: Option<String>,
    /// Its name.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Street and city, as far as known.
    pub address: Option<String>,
    /// Degrees north and degrees east, WGS 84.
    pub coordinates: Option<[f64; 2]>,
    /// True if it is a video call and not a place.
    pub online: bool,
    /// What it is and how one gets in, in Markdown.
    #[schemars(with = "Option<String>")]
    pub description: Option<Body>,
    /// Further remarks.
    pub note: Option<String>,
    /// Meetups there, oldest first.
    pub events: Vec<Ref>,
}

impl VenueView {
    pub(super) fn new(archive: &Archive, id: VenueId) -> Self {
        let venue = &archive[id];
        Self {
            key: id,
            id: slug(&venue.route).to_owned(),
            url: venue.route.to_string(),
            calendar: venue.events.iter().any(|event| archive[*event].date().is_some()).then(|| calendar(&venue.route)),
            name: venue.source.name.to_string(),
            aliases: texts(&venue.source.aliases),
            address: text(venue.source.address.as_ref()),
            coordinates: venue.source.coordinates.map(|point| [point.latitude, point.longitude]),
            online: venue.is_online(),
            description: venue.source.description.clone(),
            note: text(venue.source.note.as_ref()),
            events: Ref::events(archive, &venue.events),
        }
    }

    /// A reference to it, under its own name.
    pub fn to_ref(&self) -> Ref {
        Ref { target: Target::Venue(self.key), id: self.id.clone(), name: self.name.clone(), url: self.url.clone() }
    }
}
