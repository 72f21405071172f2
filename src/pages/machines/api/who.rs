//! People, venues and topics as records. The descriptions here are those of the schema.

use crate::problem::Text;
use schemars::JsonSchema;
use serde::Serialize;

use super::records::{Link, Ref};

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Person<'a> {
    /// Last part of the address of the page.
    pub(super) id: &'a str,
    /// Address of the page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// The name.
    pub(super) name: &'a str,
    /// Other spellings.
    pub(super) aliases: &'a [Text],
    /// Institutions over time.
    pub(super) affiliations: Vec<&'a str>,
    /// Pages about the person.
    pub(super) links: Vec<Link<'a>>,
    /// Whether the person runs the group.
    pub(super) organiser: bool,
    /// Talks, oldest first.
    pub(super) talks: Vec<Ref<'a>>,
    /// Articles on what the person presented.
    pub(super) articles: Vec<Ref<'a>>,
    /// All meetups at which the person had a part, oldest first.
    pub(super) events: Vec<Ref<'a>>,
}

/// A place.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Venue<'a> {
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Its name.
    pub(super) name: &'a str,
    /// Other spellings.
    pub(super) aliases: &'a [Text],
    /// Street and city, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<&'a str>,
    /// Degrees north and degrees east, WGS 84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) coordinates: Option<[f64; 2]>,
    /// Whether it is no place but a video call.
    pub(super) online: bool,
    /// Meetups there, oldest first.
    pub(super) events: Vec<Ref<'a>>,
}

/// A topic.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Topic<'a> {
    /// Last part of the address of its page.
    pub(super) id: &'a str,
    /// Address of its page.
    #[schemars(extend("format" = "uri-reference"))]
    pub(super) url: String,
    /// Its name.
    pub(super) name: &'a str,
    /// What it is, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<&'a str>,
    /// Meetups, oldest first.
    pub(super) events: Vec<Ref<'a>>,
    /// Talks, oldest first.
    pub(super) talks: Vec<Ref<'a>>,
    /// Articles.
    pub(super) articles: Vec<Ref<'a>>,
}
